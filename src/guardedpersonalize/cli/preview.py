"""`preview`: messages as personas would get them; nothing is sent."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from guardedpersonalize.cli.options import At, moment
from guardedpersonalize.cli.options import Pack as PackArgument
from guardedpersonalize.engine import Engine
from guardedpersonalize.errors import UsageError
from guardedpersonalize.packs import Persona
from guardedpersonalize.preview import legend, preview_result
from guardedpersonalize.vocabulary import did_you_mean

__all__ = ["preview"]

TemplateName = Annotated[str, typer.Argument(help="Only this template.", show_default=False)]
PersonaName = Annotated[
    str, typer.Option("--persona", help="Only this persona.", show_default=False)
]


def preview(
    pack: PackArgument, template: TemplateName = "", persona: PersonaName = "", at: At = ""
) -> None:
    """Show each template as each persona of the pack would get it."""
    engine = Engine.from_pack(pack)
    names = [engine.pack.template(template).name] if template else list(engine.pack.templates)
    people = _personas(engine, persona)
    when = moment(at)
    console = Console(highlight=False)
    console.print(legend())
    for name in names:
        for person in people:
            result = engine.render(name, person.profile, person.consent, at=when or person.at)
            console.print(preview_result(f"{name} for {person.name}", result))


def _personas(engine: Engine, wanted: str) -> list[Persona]:
    known = engine.pack.personas
    if not wanted:
        return list(known.values())
    if wanted in known:
        return [known[wanted]]
    remedy = did_you_mean(wanted, known) or f"Known: {', '.join(known)}."
    raise UsageError("GP501", f"the pack has no persona {wanted!r}.", remedy=remedy)
