"""`render`: a template for many recipients, into files."""

from __future__ import annotations

import json
import os
import signal
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, Final, TextIO

import typer
from rich.console import Console
from rich.table import Table

from guardedpersonalize.cli.console import progress, whole_file
from guardedpersonalize.cli.options import At, FailOn, moment
from guardedpersonalize.cli.options import Pack as PackArgument
from guardedpersonalize.engine import BatchReport, Engine, Message, Recipient, Result
from guardedpersonalize.engine.sample import Sample
from guardedpersonalize.engine.workers import cores
from guardedpersonalize.errors import UsageError
from guardedpersonalize.preview.batch_page import About, batch_page
from guardedpersonalize.profile import Profile
from guardedpersonalize.recipients import Reject, read_recipients
from guardedpersonalize.vocabulary import Severity

__all__ = ["render"]

_INTERRUPTED: Final = 130

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
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Do all of it, and write no message and no record.")
]
Page = Annotated[
    Path | None, typer.Option("--report", help="A page about the run, HTML.", show_default=False)
]
ShowValues = Annotated[
    bool, typer.Option("--show-values", help="Show what slots hold in the page's messages.")
]
Jobs = Annotated[int, typer.Option("--jobs", min=0, help="Processes; 0 for one a core.")]


def render(
    pack: PackArgument,
    template: TemplateName,
    recipients: Recipients,
    out: Out = None,
    records: Records = None,
    rejects: Rejects = None,
    dry_run: DryRun = False,
    page: Page = None,
    show_values: ShowValues = False,
    at: At = "",
    jobs: Jobs = 1,
    fail_on: FailOn = Severity.ERROR,
) -> None:
    """Render a template for recipients; write messages and decision records."""
    if dry_run and (out or records):
        raise UsageError("GP501", "a dry run writes no messages and no records.")
    if show_values and not page:
        raise UsageError("GP501", "--show-values is for the page of --report.")
    _demand_apart(recipients, out, records, rejects, page)
    engine = Engine.from_pack(pack)
    engine.pack.template(template)
    report, sample = BatchReport(engine.pack.catalogue), Sample()
    when = moment(at) or datetime.now(UTC)
    with ExitStack() as files:
        total = recipients.stat().st_size if recipients.exists() else None
        opened = [files.enter_context(whole_file(one)) for one in (out, records, rejects, page)]
        sinks, sheet = _Sinks(*opened[:3]), opened[3]
        advance = files.enter_context(progress(total, template))
        stop = files.enter_context(_interruptible())
        rows = read_recipients(recipients, engine.pack.catalogue, progress=advance)
        source = _Source(rows, report, sinks, stop)
        results = engine.render_many(template, source.good(), at=when, workers=jobs or cores())
        for result in results:
            profile = source.waiting.popleft()
            report.add(profile, result)
            sinks.write(profile.recipient_id, template, result)
            if sheet is not None:
                sample.add(profile.recipient_id, result)
        if sheet is not None:
            about = About(
                pack=f"{engine.pack.name} {engine.pack.version}",
                template=template,
                at=when,
                policy=engine.policy,
                is_dry=dry_run,
                is_whole=not stop.is_asked,
            )
            sheet.write(batch_page(about, report, sample, show_values=show_values))
    console = Console(stderr=out is None)
    console.print(*_tables(report))
    if dry_run:
        console.print("Dry run: no message and no record was written.")
    if stop.is_asked:
        console.print(f"Interrupted: {report.rows} rows are done and written, the rest are not.")
        raise typer.Exit(_INTERRUPTED)
    is_bad = report.worst is not None and report.worst.rank >= fail_on.rank
    raise typer.Exit(1 if is_bad or report.rejected else 0)


def _demand_apart(*paths: Path | None) -> None:
    """Refuse two names of one file: what is written there would take the place of the other."""
    files = [os.path.realpath(p) for p in paths if p and (p.is_file() or not p.exists())]
    if len(set(files)) < len(files):
        message = "two of the recipients and the outputs are the same file; nothing was written."
        raise UsageError("GP501", message, remedy="Give each its own.")


@dataclass(slots=True)
class _Stop:
    """Whether Ctrl-C was pressed."""

    is_asked: bool = False


@contextmanager
def _interruptible() -> Iterator[_Stop]:
    """
    Take the first Ctrl-C as a wish to end well: no more rows are read, what is begun is written.

    The second one is an interrupt as usual, and leaves no files.
    """
    stop = _Stop()
    before = signal.getsignal(signal.SIGINT)

    def ask(number: int, frame: FrameType | None) -> None:
        del number, frame
        stop.is_asked = True
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, ask)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


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


@dataclass(slots=True)
class _Source:
    """The rows that can be read; the others are counted and written aside."""

    rows: Iterator[tuple[int, Recipient | Reject]]
    report: BatchReport
    sinks: _Sinks
    stop: _Stop
    waiting: deque[Profile] = field(default_factory=deque)
    """Profiles of the rows that are under way."""

    def good(self) -> Iterator[Recipient]:
        for _, row in self.rows:
            if self.stop.is_asked:
                return
            if isinstance(row, Reject):
                self.report.reject(row.code, row.message)
                self.sinks.reject(row)
            else:
                self.waiting.append(row.profile)
                yield row


def _line(file: TextIO | None, row: dict[str, Any]) -> None:
    if file is not None:
        file.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")


def _message_json(person: str, template: str, result: Result) -> dict[str, Any]:
    """Return one line of `--out`; what waits for review stands under another key than what goes."""
    decision = result.decision
    return {
        "id": person,
        "message_id": result.record.message_id,
        "template": template,
        "outcome": decision.outcome.value,
        "rung": decision.rung.value,
        "message": _texts(result.message),
        "for_review": _texts(result.for_review),
        "obligations": [f"{o.kind}: {o.name}" for o in decision.obligations],
    }


def _texts(message: Message | None) -> dict[str, str] | None:
    return dict(message.parts) if message else None


def _tables(report: BatchReport) -> list[Table]:
    """Return the summary: outcomes, reasons and rules, slots not filled, doubts, rejects."""
    summary = Table("", "messages", title="Summary", box=None, title_justify="left")
    for name, label in (
        ("send", "sent"),
        ("reduced", "reduced"),
        ("review", "review"),
        ("block", "block"),
    ):
        summary.add_row(label, str(report.outcomes[name]))
    summary.add_row("rejected rows", str(report.rejected.total()))
    summary.add_row("rows per second", f"{report.rows_per_second:,.0f}")
    withheld = Counter(
        {
            (name, reason): number
            for name, count in report.slots.items()
            for reason, number in count.reasons.items()
        }
    )
    doubts = Counter({(doubt.code, doubt.message): doubt.count for doubt in report.doubts()})
    return [
        summary,
        *_ranked("Why not as written", ("rule or reason", "what"), report.causes),
        *_ranked("Slots not filled", ("slot", "reason"), withheld),
        *_ranked("Doubts about the data", ("doubt", "what"), doubts),
        *_ranked("Rejected rows", ("code", "what"), report.rejected),
    ]


def _ranked(title: str, columns: tuple[str, str], counts: Counter[tuple[str, str]]) -> list[Table]:
    if not counts:
        return []
    table = Table(*columns, "messages", title=f"\n{title}", box=None, title_justify="left")
    for (first, second), count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        table.add_row(first, second, str(count))
    return [table]
