"""`lint`: is a pack well formed, and do its own words pass its own guard?"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from guardedpersonalize.cli.formats import Notice, github, notice_of, notice_of_problem, sarif
from guardedpersonalize.cli.options import FailOn, Format, MinSeverity, OutputFormat
from guardedpersonalize.engine import Engine
from guardedpersonalize.engine.proofread import proofread
from guardedpersonalize.errors import PackError
from guardedpersonalize.vocabulary import Severity

__all__ = ["lint"]

Packs = Annotated[list[Path], typer.Argument(help="Folders of packs.", show_default=False)]


def lint(
    packs: Packs,
    form: Format = OutputFormat.TEXT,
    min_severity: MinSeverity = Severity.WARN,
    fail_on: FailOn = Severity.ERROR,
) -> None:
    """Read packs and report everything that is wrong with them, with file and line."""
    notices: list[Notice] = []
    for root in packs:
        found = [n for n in _notices(root) if n.severity.rank >= min_severity.rank]
        notices += found
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


def _notices(root: Path) -> list[Notice]:
    shown = root.as_posix()
    try:
        engine = Engine.from_pack(root)
    except PackError as err:
        problems = err.problems
    else:
        proof = proofread(engine, today=datetime.now(UTC).date())
        found = [_notice(shown, notice_of(finding)) for finding in proof.findings]
        return found + [notice_of_problem(problem, root=shown) for problem in proof.problems]
    return [notice_of_problem(problem, root=shown) for problem in problems]


def _notice(root: str, notice: Notice) -> Notice:
    """Put the pack's folder in front of the template that a finding names."""
    path = f"{root}/{notice.path}" if notice.path else root
    return Notice(path, notice.line, notice.code, notice.severity, notice.message, notice.fix)


def _show(root: Path, found: list[Notice]) -> None:
    for notice in dict.fromkeys(found):
        typer.echo(str(notice))
    count = len(set(found))
    typer.echo(f"{root.as_posix()}: {count or 'no'} problem{'s' * (count != 1)}")
