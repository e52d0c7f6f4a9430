"""`preview`: messages as personas would get them; nothing is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from guardedpersonalize.cli.console import progress, whole_file
from guardedpersonalize.cli.options import At, moment
from guardedpersonalize.cli.options import Pack as PackArgument
from guardedpersonalize.engine import Engine
from guardedpersonalize.errors import UsageError
from guardedpersonalize.packs import Persona
from guardedpersonalize.preview import Shown, legend, page_of, preview_result
from guardedpersonalize.testing.personas import worst_cases as made_up
from guardedpersonalize.vocabulary import did_you_mean

__all__ = ["preview"]

TemplateName = Annotated[str, typer.Argument(help="Only this template.", show_default=False)]
PersonaName = Annotated[
    str, typer.Option("--persona", help="Only this persona.", show_default=False)
]
WorstCases = Annotated[
    bool, typer.Option("--worst-cases", help="Also people made up to try everything.")
]
Html = Annotated[
    Path | None,
    typer.Option("--html", help="Write one page that needs nothing else.", show_default=False),
]
Serve = Annotated[
    bool, typer.Option("--serve", help="Show it in a browser, with consent to switch on and off.")
]
Port = Annotated[int, typer.Option("--port", min=1, max=65535, help="For --serve.")]


def preview(
    pack: PackArgument,
    template: TemplateName = "",
    persona: PersonaName = "",
    worst_cases: WorstCases = False,
    at: At = "",
    html: Html = None,
    serve: Serve = False,
    port: Port = 8765,
) -> None:
    """Show each template as each persona of the pack would get it."""
    if serve:
        if template or persona or worst_cases or at or html:
            raise UsageError("GP501", "--serve goes with a pack and --port alone.")
        _serve(pack, port)
        return
    engine = Engine.from_pack(pack)
    names = [engine.pack.template(template).name] if template else list(engine.pack.templates)
    people = {name: _personas(engine, persona) for name in names}
    if worst_cases:
        for name in names:
            people[name] += made_up(engine.pack, template=name).values()
    when = moment(at)
    shown = _shown(engine, people, when)
    if html is not None:
        with progress(sum(map(len, people.values())), "Preview") as advance:
            kept = [one for one in shown if advance(1) is None]
        with whole_file(html) as file:
            assert file is not None  # noqa: S101  # a path gives a file
            file.write(page_of(engine.pack, kept, engine.checker.rules, at=when))
        return
    console = Console(highlight=False)
    console.print(legend())
    for one in shown:
        console.print(preview_result(f"{one.template.name} for {one.persona.name}", one.result))


def _serve(root: Path, port: int) -> None:
    from guardedpersonalize.preview import server  # noqa: PLC0415  # its libraries are an extra

    if not root.is_dir():
        raise UsageError("GP501", "there is no such folder.", remedy="Give a pack's folder.")
    made = server.listen(port)
    typer.echo(
        f"Live preview of {root.resolve().name}: http://{server.HOST}:{port}/  (Ctrl-C ends it)"
    )
    server.serve(root, made)


def _shown(
    engine: Engine, people: Mapping[str, Sequence[Persona]], when: datetime | None
) -> Iterator[Shown]:
    for name in people:
        for person in people[name]:
            result = engine.render(name, person.profile, person.consent, at=when or person.at)
            yield Shown(engine.pack.templates[name], person, result)


def _personas(engine: Engine, wanted: str) -> list[Persona]:
    known = engine.pack.personas
    if not wanted:
        return list(known.values())
    if wanted in known:
        return [known[wanted]]
    remedy = did_you_mean(wanted, known) or f"Known: {', '.join(known)}."
    raise UsageError("GP501", f"the pack has no persona {wanted!r}.", remedy=remedy)
