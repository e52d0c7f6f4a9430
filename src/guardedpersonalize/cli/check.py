"""`check`: read text that no template of ours made."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
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
from guardedpersonalize.engine.workers import Spread, cores, in_order
from guardedpersonalize.errors import GuardError, UsageError
from guardedpersonalize.profile import Profile
from guardedpersonalize.vocabulary import Channel, Outcome, Severity

__all__ = ["check"]

STDIN: Final = "-"
_TEXTS: Final = ("text", "html", "subject")
# Names that other tools give to a channel, or to a part of a message.
_CHANNELS: Final = {
    "subject": "email",
    "letter": "post",
    "mail": "email",
    "in-app": "in_app",
    "inapp": "in_app",
}
_WORTH_IT: Final = 500
"""Lines of a file from which on other processes are worth their start."""

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
Lang = Annotated[
    str, typer.Option("--lang", help="Language of the text, ISO 639-1; found out unless given.")
]
Complete = Annotated[
    bool, typer.Option("--complete", help="Judge the required elements of a whole message too.")
]
Jobs = Annotated[
    int, typer.Option("--jobs", min=0, help="Processes that read JSON lines; 0 for one a core.")
]
PackOption = Annotated[
    Path | None, typer.Option("--pack", help="A pack, for its sender and policy.")
]


def check(
    text: Text = "",
    source: Input = "",
    channel: ChannelOption = "email",
    lang: Lang = "",
    complete: Complete = False,
    pack: PackOption = None,
    jobs: Jobs = 0,
    form: Format = OutputFormat.TEXT,
    min_severity: MinSeverity = Severity.INFO,
    fail_on: FailOn = Severity.ERROR,
) -> None:
    """Read text as its recipient would, and flag what leaks, watches, presumes or pushes."""
    if bool(text) == bool(source):
        raise UsageError("GP501", "give a text, or --input FILE, and not both.")
    reader = _Reader(_Asked(pack, channel, lang, is_complete=complete))
    rows = reader.rows(text, source, is_jsonl=form is OutputFormat.JSONL, jobs=jobs or cores())
    is_bad = _write(rows, form, min_severity, fail_on)
    raise typer.Exit(1 if is_bad else 0)


Row = tuple[object, Mapping[str, str], Reviewed]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the command line asks of every text."""

    pack: Path | None
    channel: str
    lang: str
    is_complete: bool


class _Reader:
    """Turns the input into `(id, texts, what the reader made of them)`, one row at a time."""

    def __init__(self, asked: _Asked) -> None:
        self.engine = Engine.from_pack(asked.pack) if asked.pack else Engine()
        self.asked = asked

    def rows(self, text: str, source: str, *, is_jsonl: bool, jobs: int) -> Iterator[Row]:
        """Yield the rows of what the command line gave."""
        if text and text != STDIN:
            yield self._row("text", {"text": text})
            return
        name = source or STDIN
        if is_jsonl or name.endswith((".jsonl", ".ndjson")):
            yield from self._lines(name, jobs)
            return
        whole = b"".join(_chunks(name))
        yield self._row(name, {"text": _decoded(whole, name)})

    def _lines(self, name: str, jobs: int) -> Iterator[Row]:
        """Yield the rows of JSON lines; a short file is not worth other processes."""
        lines = ((number, raw) for number, raw in enumerate(_chunks(name), 1) if raw.strip())
        first = lines if jobs == 1 else islice(lines, _WORTH_IT)
        yield from (self.line(number, raw) for number, raw in first)
        yield from in_order(Spread(_read_lines, jobs, _lost, _start_reading, (self.asked,)), lines)

    def line(self, number: int, raw: bytes) -> Row:
        """Return the row of one line of JSON."""
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
        channel = row.get("channel", self.asked.channel)
        try:
            profile = _profile(row.get("profile"))
            reviewed = self.engine.check(
                texts.get("text", ""),
                channel=_CHANNELS.get(channel, channel),
                subject=texts.get("subject"),
                html=texts.get("html"),
                lang=row.get("lang") or self.asked.lang,
                profile=profile,
                complete=self.asked.is_complete,
            )
        except (GuardError, TypeError):
            return id_, texts, unreadable_line()
        return id_, texts, reviewed


_readers: list[_Reader] = []
"""In a process that works for another: its reader."""


def _start_reading(asked: _Asked) -> None:
    _readers.append(_Reader(asked))


def _read_lines(lines: list[tuple[int, bytes]]) -> list[Row]:
    return [_readers[-1].line(number, raw) for number, raw in lines]


def _lost(line: tuple[int, bytes]) -> Row:
    """Return the row of a line at which a process died."""
    return str(line[0]), {}, unreadable_line()


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
