"""`lint`: is a pack well formed, and do its own words pass its own guard?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from guardedpersonalize.check import Finding
from guardedpersonalize.cli.console import write_whole
from guardedpersonalize.cli.formats import Notice, github, notice_of, notice_of_problem, sarif
from guardedpersonalize.cli.options import FailOn, Format, MinSeverity, OutputFormat
from guardedpersonalize.engine import Engine
from guardedpersonalize.engine.proofread import PartlyRead, proofread
from guardedpersonalize.errors import PackError, Problem
from guardedpersonalize.packs.allowances import is_accepted
from guardedpersonalize.packs.mending import mends
from guardedpersonalize.packs.pack import Allowed
from guardedpersonalize.vocabulary import Severity

__all__ = ["lint"]

_PASSES: Final = 5
"""One mend may bring another to light: a pack that could not be read has no findings yet."""

Packs = Annotated[
    list[Path],
    typer.Argument(help="Folders of packs, or files in them.", show_default=False),
]
Fix = Annotated[
    bool, typer.Option("--fix", help="Mend what has exactly one right mend, and report the rest.")
]


def lint(
    packs: Packs,
    form: Format = OutputFormat.TEXT,
    min_severity: MinSeverity = Severity.WARN,
    fail_on: FailOn = Severity.ERROR,
    fix: Fix = False,
) -> None:
    """Read packs and report everything that is wrong with them, with file and line."""
    notices: list[Notice] = []
    for root in dict.fromkeys(_folder(path) for path in packs):
        read = _mended(root) if fix else _read(root)
        found = [n for n in read.notices(root) if n.severity.rank >= min_severity.rank]
        notices += found
        for each in read.partly:
            typer.echo(f"{root.as_posix()}/{_said(each)}", err=True)
        if form is OutputFormat.TEXT:
            _show(root, found)
    if form is OutputFormat.JSON:
        typer.echo(json.dumps([notice.to_json() for notice in notices], indent=2))
    elif form is OutputFormat.JSONL:
        for notice in notices:
            typer.echo(json.dumps(notice.to_json()))
    elif form is OutputFormat.SARIF:
        typer.echo(sarif(notices))
    elif form is OutputFormat.GITHUB:
        typer.echo("\n".join(github(notices)))
    is_bad = any(notice.severity.rank >= fail_on.rank for notice in notices)
    raise typer.Exit(1 if is_bad else 0)


def _folder(path: Path) -> Path:
    """Return the folder of the pack that the file *path* is in; a hook is given files."""
    if not path.is_file():
        return path
    # As it was given, if the pack's folder is named in it.
    above = (*path.parents, *path.resolve().parents)
    return next((one for one in above if (one / "pack.toml").is_file()), path)


@dataclass(frozen=True, slots=True)
class _Read:
    """What was found in one pack."""

    problems: Sequence[Problem]
    findings: Sequence[Finding] = ()
    mendable: Sequence[Finding] = ()
    """Those that the pack does not accept."""
    unneeded: Sequence[Allowed] = ()
    partly: Sequence[PartlyRead] = ()

    def notices(self, root: Path) -> list[Notice]:
        """Return all of it, under the pack's folder."""
        shown = root.as_posix()
        found = [_notice(shown, notice_of(finding)) for finding in self.findings]
        return found + [notice_of_problem(problem, root=shown) for problem in self.problems]


def _read(root: Path) -> _Read:
    try:
        engine = Engine.from_pack(root)
    except PackError as err:
        problems = err.problems
    else:
        today, allowed = datetime.now(UTC).date(), engine.pack.allowed
        proof = proofread(engine, today=today)
        still = [one for one in proof.findings if not is_accepted(one, allowed, today)]
        return _Read(proof.problems, proof.findings, still, proof.unneeded, proof.partly)
    return _Read(problems)


def _said(partly: PartlyRead) -> str:
    rest = "others are read as they occur."
    return f"templates/{partly.entry}: {partly.ways} ways through it were read; {rest}"


def _mended(root: Path) -> _Read:
    """Mend what can be mended, and return what is left."""
    read = _read(root)
    for _ in range(_PASSES):
        done, changed = mends(root, read.problems, read.mendable, read.unneeded)
        if not done:
            break
        for name, text in changed.items():
            write_whole(root / name, text)
        for mend in done:
            typer.echo(f"{root.as_posix()}/{mend.path}:{mend.line}: {mend.message}", err=True)
        read = _read(root)
    return read


def _notice(root: str, notice: Notice) -> Notice:
    """Put the pack's folder in front of the template that a finding names."""
    path = f"{root}/{notice.path}" if notice.path else root
    return Notice(path, notice.line, notice.code, notice.severity, notice.message, notice.fix)


def _show(root: Path, found: list[Notice]) -> None:
    for notice in dict.fromkeys(found):
        typer.echo(str(notice))
    count = len(set(found))
    typer.echo(f"{root.as_posix()}: {count or 'no'} problem{'s' * (count != 1)}")
