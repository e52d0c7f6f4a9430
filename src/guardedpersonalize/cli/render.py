"""`render`: a template for many recipients, into files."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer
from rich.console import Console
from rich.table import Table

from guardedpersonalize.cli.console import progress, whole_file
from guardedpersonalize.cli.options import At, FailOn, moment
from guardedpersonalize.cli.options import Pack as PackArgument
from guardedpersonalize.engine import Engine, Result
from guardedpersonalize.recipients import Reject, read_recipients
from guardedpersonalize.vocabulary import Outcome, Severity

__all__ = ["render"]

TemplateName = Annotated[str, typer.Argument(help="A template of the pack.", show_default=False)]
Recipients = Annotated[
    Path, typer.Option("--recipients", help=".jsonl, .csv or .parquet.", show_default=False)
]
Out = Annotated[
    Path | None, typer.Option("--out", help="Messages, JSON lines.", show_default=False)
]
Records = Annotated[
    Path | None, typer.Option("--records", help="Decision records, JSON lines.", show_default=False)
]
Rejects = Annotated[
    Path | None, typer.Option("--rejects", help="Rows that cannot be read.", show_default=False)
]


def render(
    pack: PackArgument,
    template: TemplateName,
    recipients: Recipients,
    out: Out = None,
    records: Records = None,
    rejects: Rejects = None,
    at: At = "",
    fail_on: FailOn = Severity.ERROR,
) -> None:
    """Render a template for recipients; write messages and decision records."""
    engine = Engine.from_pack(pack)
    engine.pack.template(template)
    tally = _Tally()
    with ExitStack() as files:
        total = recipients.stat().st_size if recipients.exists() else None
        sinks = _Sinks(*(files.enter_context(whole_file(path)) for path in (out, records, rejects)))
        advance = files.enter_context(progress(total, template))
        when = moment(at) or datetime.now(UTC)
        for _, row in read_recipients(recipients, engine.pack.catalogue, progress=advance):
            if isinstance(row, Reject):
                tally.reject(row)
                sinks.reject(row)
                continue
            result = engine.render(template, row.profile, row.consent, at=when)
            tally.add(result, fail_on)
            sinks.write(row.profile.recipient_id, template, result)
    Console(stderr=out is None).print(*tally.tables())
    raise typer.Exit(1 if tally.is_bad else 0)


@dataclass(slots=True)
class _Sinks:
    """Where the results go; None goes nowhere."""

    out: TextIO | None
    records: TextIO | None
    rejects: TextIO | None

    def write(self, person: str, template: str, result: Result) -> None:
        _line(self.out, _message_json(person, template, result))
        if self.records is not None:
            self.records.write(result.record.to_json() + "\n")

    def reject(self, row: Reject) -> None:
        _line(self.rejects, {"line": row.line, "code": row.code, "message": row.message})


def _line(file: TextIO | None, row: dict[str, Any]) -> None:
    if file is not None:
        file.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")


def _message_json(person: str, template: str, result: Result) -> dict[str, Any]:
    """Return one line of `--out`; what waits for review stands under another key than what goes."""
    decision = result.decision
    review = decision.outcome is Outcome.REVIEW and result.draft is not None
    return {
        "id": person,
        "message_id": result.record.message_id,
        "template": template,
        "outcome": decision.outcome.value,
        "rung": decision.rung.value,
        "message": dict(result.message.parts) if result.message else None,
        "for_review": {p.name: p.text for p in result.draft.parts} if review else None,  # type: ignore[union-attr]
        "obligations": [f"{o.kind}: {o.name}" for o in decision.obligations],
    }


@dataclass(slots=True)
class _Tally:
    """Counts of what became of the rows."""

    outcomes: Counter[str] = field(default_factory=Counter)
    causes: Counter[tuple[str, str]] = field(default_factory=Counter)
    withheld: Counter[tuple[str, str]] = field(default_factory=Counter)
    rejected: Counter[tuple[str, str]] = field(default_factory=Counter)
    is_bad: bool = False

    def add(self, result: Result, fail_on: Severity) -> None:
        decision = result.decision
        reduced = decision.is_reduced or (decision.is_sendable and _is_thinned(result))
        self.outcomes["reduced" if reduced else decision.outcome.value] += 1
        self.causes.update({(cause.code, cause.message) for cause in decision.causes})
        for slot in result.slots.withheld if result.slots else ():
            self.withheld[slot.spec.name, str(slot.reason)] += 1
        worst = max((f.severity.rank for f in decision.findings), default=-1)
        self.is_bad = self.is_bad or worst >= fail_on.rank

    def reject(self, row: Reject) -> None:
        self.rejected[row.code, row.message] += 1
        self.is_bad = True

    def tables(self) -> list[Table]:
        """Return the summary: outcomes, reasons and rules, slots not filled, rejects."""
        summary = Table("", "messages", title="Summary", box=None, title_justify="left")
        for name, label in (
            ("send", "sent"),
            ("reduced", "reduced"),
            ("review", "review"),
            ("block", "block"),
        ):
            summary.add_row(label, str(self.outcomes[name]))
        summary.add_row("rejected rows", str(self.rejected.total()))
        return [
            summary,
            *_ranked("Why not as written", ("rule or reason", "what"), self.causes),
            *_ranked("Slots not filled", ("slot", "reason"), self.withheld),
            *_ranked("Rejected rows", ("code", "what"), self.rejected),
        ]


def _is_thinned(result: Result) -> bool:
    """Return True if a slot of a message was not filled from its field."""
    return bool(result.slots and result.slots.withheld)


def _ranked(title: str, columns: tuple[str, str], counts: Counter[tuple[str, str]]) -> list[Table]:
    if not counts:
        return []
    table = Table(*columns, "messages", title=f"\n{title}", box=None, title_justify="left")
    for (first, second), count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        table.add_row(first, second, str(count))
    return [table]
