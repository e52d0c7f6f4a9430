"""`allow`: accept one finding of a pack, for a time and for a reason."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from guardedpersonalize.check import Finding
from guardedpersonalize.cli.console import write_whole
from guardedpersonalize.cli.options import Pack as PackArgument
from guardedpersonalize.engine import Engine
from guardedpersonalize.engine.proofread import proofread
from guardedpersonalize.errors import UsageError
from guardedpersonalize.packs.allowances import is_acceptable, matches
from guardedpersonalize.packs.manifest import AllowFile
from guardedpersonalize.packs.mending import without_table
from guardedpersonalize.packs.pack import Allowed, placed

__all__ = ["allow"]

RuleId = Annotated[str, typer.Argument(help="Id of the rule.", show_default=False)]
Where = Annotated[
    str,
    typer.Argument(help="The file, with :LINE or for the whole of it.", show_default=False),
]
Because = Annotated[
    str, typer.Option("--because", help="Why it is meant as it is.", show_default=False)
]
Until = Annotated[
    str, typer.Option("--until", help="The last day, like 2027-01-31.", show_default=False)
]


def allow(pack: PackArgument, rule: RuleId, where: Where, because: Because, until: Until) -> None:
    """Accept a finding of a pack for a time: write it into allow.toml."""
    today = datetime.now(UTC).date()
    if not because.strip():
        raise UsageError("GP501", "--because is empty.", remedy="Say why it is meant as it is.")
    path, line = placed(where.removeprefix(f"{pack.as_posix()}/"))
    wanted = Allowed(rule, path, line, because.strip(), _day(until, today))
    engine = Engine.from_pack(pack)
    _demand_found(wanted, proofread(engine, today=today).findings)
    allowed = engine.pack.allowed
    if any(_is_same(one, wanted) and one.until >= today for one in allowed):
        raise UsageError("GP501", f"{rule} is accepted there already.", where="allow.toml")
    file = pack / "allow.toml"
    write_whole(file, _renewed(file, wanted, allowed))
    typer.echo(f"{file.as_posix()}: {rule} at {path} is accepted until {wanted.until}.")


def _day(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if day < today:
        remedy = "Write it like 2027-01-31."
        raise UsageError("GP501", "--until is no day to come.", remedy=remedy)
    return day


def _demand_found(wanted: Allowed, findings: tuple[Finding, ...]) -> None:
    """Refuse what `lint` would report at once: an allowance that nothing needs or that is vain."""
    met = [finding for finding in findings if matches(wanted, finding)]
    if any(is_acceptable(finding) for finding in met):
        return
    if met:
        raise UsageError("GP501", f"{wanted.rule} cannot be accepted.", remedy="Mend the copy.")
    places = sorted({f"{f.template}:{f.line}" for f in findings if f.rule == wanted.rule})
    remedy = f"It is found at: {', '.join(places)}." if places else ""
    raise UsageError("GP501", f"{wanted.rule} is not found there.", remedy=remedy)


def _is_same(one: Allowed, other: Allowed) -> bool:
    return (one.rule, one.path, one.line) == (other.rule, other.path, other.line)


def _renewed(file: Path, wanted: Allowed, allowed: tuple[Allowed, ...]) -> str:
    """
    Return the text of allow.toml with *wanted* at the end, in the place of what has run out there.

    Raises:
        UsageError: GP501, if the file would not say just that.
    """
    # As bytes, so that the ends of lines stay as they are.
    text = before = file.read_bytes().decode() if file.exists() else ""
    for one in sorted(allowed, key=lambda one: -one.at):
        if _is_same(one, wanted):
            text = without_table(text, one)
    end = "\r\n" if "\r\n" in before else "\n"
    text = text.strip("\r\n")
    text = (f"{text}{end}{end}" if text else "") + _table(wanted).replace("\n", end)
    others = [replace(one, at=0) for one in allowed if not _is_same(one, wanted)]
    try:
        rows = AllowFile.model_validate(tomllib.loads(text.encode().decode())).allow
    except ValueError:
        rows = ()
    if [Allowed(r.rule, *placed(r.where), r.because, r.until) for r in rows] == [*others, wanted]:
        return text
    message = "this cannot be added to allow.toml; nothing was written."
    remedy = "Give a reason in plain text, or write it there yourself, as [[allow]]."
    raise UsageError("GP501", message, where="allow.toml", remedy=remedy)


def _table(wanted: Allowed) -> str:
    where = f"{wanted.path}:{wanted.line}" if wanted.line else wanted.path
    rows = {"rule": wanted.rule, "where": where, "because": wanted.because}
    listed = "".join(f"{k} = {json.dumps(v, ensure_ascii=False)}\n" for k, v in rows.items())
    return f"[[allow]]\n{listed}until = {wanted.until}\n"
