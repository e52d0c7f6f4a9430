"""`check`: read text that no template of ours made."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console

from guardedpersonalize.check import CheckContext, Report, unreadable
from guardedpersonalize.cli.console import progress_bytes
from guardedpersonalize.cli.findings import show_reading
from guardedpersonalize.cli.formats import Notice, github, notice_of, result_json, sarif
from guardedpersonalize.cli.options import FailOn, Format, MinSeverity, OutputFormat
from guardedpersonalize.engine import Engine, Reviewed
from guardedpersonalize.errors import GuardError, UsageError
from guardedpersonalize.profile import Profile
from guardedpersonalize.vocabulary import Channel, Outcome, Severity

__all__ = ["check"]

STDIN: Final = "-"
_TEXTS: Final = ("text", "html", "subject")
# Names that other tools give to a channel, or to a part of a message.
_CHANNELS: Final = {"subject": "email", "letter": "post", "mail": "email", "in-app": "in_app"}

Text = Annotated[str, typer.Argument(help="The text, or - for standard input.", show_default=False)]
Input = Annotated[
    str,
    typer.Option(
        "--input",
        help="A file to read, or - for standard input; JSON lines with --format jsonl or .jsonl.",
        show_default=False,
    ),
]
ChannelOption = Annotated[str, typer.Option("--channel", help="Where the text is read.")]
Lang = Annotated[str, typer.Option("--lang", help="Language of the text, ISO 639-1.")]
Complete = Annotated[
    bool, typer.Option("--complete", help="Judge the required elements of a whole message too.")
]
PackOption = Annotated[
    Path | None, typer.Option("--pack", help="A pack, for its sender and policy.")
]


def check(
    text: Text = "",
    source: Input = "",
    channel: ChannelOption = "email",
    lang: Lang = "en",
    complete: Complete = False,
    pack: PackOption = None,
    form: Format = OutputFormat.TEXT,
    min_severity: MinSeverity = Severity.INFO,
    fail_on: FailOn = Severity.ERROR,
) -> None:
    """Read text as its recipient would, and flag what leaks, watches, presumes or pushes."""
    if bool(text) == bool(source):
        raise UsageError("GP501", "give a text, or --input FILE, and not both.")
    engine = Engine.from_pack(pack) if pack else Engine()
    reader = _Reader(engine, channel=channel, lang=lang, complete=complete)
    rows = reader.rows(text, source, is_jsonl=form is OutputFormat.JSONL)
    is_bad = _write(rows, form, min_severity, fail_on)
    raise typer.Exit(1 if is_bad else 0)


Row = tuple[object, Mapping[str, str], Reviewed]


class _Reader:
    """Turns the input into `(id, texts, what the reader made of them)`, one row at a time."""

    def __init__(self, engine: Engine, *, channel: str, lang: str, complete: bool) -> None:
        self.engine = engine
        self.channel = channel
        self.lang = lang
        self.complete = complete

    def rows(self, text: str, source: str, *, is_jsonl: bool) -> Iterator[Row]:
        """Yield the rows of what the command line gave."""
        if text and text != STDIN:
            yield self._row("text", {"text": text})
            return
        name = source or STDIN
        if is_jsonl or name.endswith((".jsonl", ".ndjson")):
            yield from self._lines(name)
            return
        whole = b"".join(_chunks(name))
        yield self._row(name, {"text": _decoded(whole, name)})

    def _lines(self, name: str) -> Iterator[Row]:
        for number, raw in enumerate(_chunks(name), 1):
            if raw.strip():
                yield self._line(number, raw)

    def _line(self, number: int, raw: bytes) -> Row:
        try:
            row = json.loads(raw)
        except (ValueError, RecursionError):
            return str(number), {}, unreadable_line()
        if not isinstance(row, dict):
            return str(number), {}, unreadable_line()
        return self._row(row.get("id", str(number)), row)

    def _row(self, id_: object, row: Mapping[str, Any]) -> Row:
        texts = {key: row[key] for key in _TEXTS if row.get(key) is not None}
        if not texts or not all(isinstance(text, str) for text in texts.values()):
            return id_, {}, unreadable_line()
        channel = row.get("channel", self.channel)
        try:
            profile = _profile(row.get("profile"))
            reviewed = self.engine.check(
                texts.get("text", ""),
                channel=_CHANNELS.get(channel, channel),
                subject=texts.get("subject"),
                html=texts.get("html"),
                lang=row.get("lang") or self.lang,
                profile=profile,
                complete=self.complete,
            )
        except (GuardError, TypeError):
            return id_, texts, unreadable_line()
        return id_, texts, reviewed


def unreadable_line() -> Reviewed:
    """Return the result for a line that cannot be read: it blocks."""
    context = CheckContext(channel=Channel.EMAIL)
    return Reviewed(Outcome.BLOCK, Report((unreadable(context),)))


def _profile(values: object) -> Profile | None:
    """Return the profile that a line brings; a field's own error makes the line unreadable."""
    if values is None:
        return None
    return Profile.from_json({"recipient_id": "line", "values": values})


def _chunks(name: str) -> Iterator[bytes]:
    """Yield the lines of the file *name*, or of standard input, as bytes."""
    if name == STDIN:
        yield from sys.stdin.buffer
        return
    try:
        with Path(name).open("rb") as file:
            yield from progress_bytes(file, Path(name).stat().st_size, "reading")
        return
    except OSError as err:
        reason = err.strerror
    raise UsageError("GP502", f"the input cannot be read: {reason}.", where=Path(name).name)


def _decoded(raw: bytes, name: str) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    raise UsageError("GP502", "the input is not UTF-8.", where=Path(name).name)


def _write(rows: Iterator[Row], form: OutputFormat, minimum: Severity, fail_on: Severity) -> bool:
    """Write every row; return True if a finding is at *fail_on* or above."""
    is_bad = False
    console = Console(soft_wrap=True, highlight=False)
    results: list[dict[str, Any]] = []
    notices: list[Notice] = []
    for id_, texts, reviewed in rows:
        is_bad = is_bad or bool(reviewed.report.at_least(fail_on))
        if form is OutputFormat.JSONL:
            line = result_json(id_, reviewed, minimum)
            typer.echo(json.dumps(line, ensure_ascii=True))
        elif form is OutputFormat.JSON:
            results.append(result_json(id_, reviewed, minimum))
        elif form is OutputFormat.TEXT:
            show_reading(console, id_, texts, reviewed, minimum)
        else:
            findings = reviewed.report.at_least(minimum)
            notices += [notice_of(finding, path=str(id_)) for finding in findings]
    if form is OutputFormat.JSON:
        whole = results[0] if len(results) == 1 else results
        typer.echo(json.dumps(whole, ensure_ascii=True, indent=2))
    elif form is OutputFormat.SARIF:
        typer.echo(sarif(notices))
    elif form is OutputFormat.GITHUB:
        typer.echo("\n".join(github(notices)))
    return is_bad
