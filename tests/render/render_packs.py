"""Small packs for tests: compile one, and say what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping

from guardedpersonalize.errors import PackError, Problem
from guardedpersonalize.render import Draft, Entry, Limits, PartKind, TemplateSet
from guardedpersonalize.vocabulary import Channel

SLOTS = {
    "name": "text",
    "city": "text",
    "token": "text",
    "vip": "bool",
    "n": "int",
    "when": "date",
    "items": "list",
}
LIMITS = Limits()
SUFFIXES = {PartKind.HTML: "main.html.j2", PartKind.TEXT: "main.txt.j2", PartKind.HEADER: "main.j2"}


def compiled(
    source: str,
    kind: PartKind = PartKind.TEXT,
    *,
    slots: Mapping[str, str] = SLOTS,
    limits: Limits = LIMITS,
    **others: str,
) -> TemplateSet:
    """Compile a pack of one part; *others* are named `x_html` for x.html.j2, and so on."""
    sources = {SUFFIXES[kind]: source}
    sources |= {f"{name.replace('_', '.')}.j2": text for name, text in others.items()}
    entry = Entry(
        "main",
        (("part", kind, SUFFIXES[kind]),),
        slots=slots,
        manifest="t.toml",
        may_leave_unused=True,
    )
    return TemplateSet.compile(sources, entries={"main": entry}, limits=limits)


def problems(source: str, kind: PartKind = PartKind.TEXT, **others: str) -> tuple[Problem, ...]:
    """Return what is wrong with such a pack."""
    try:
        compiled(source, kind, **others)
    except PackError as err:
        return err.problems
    return ()


def codes(source: str, kind: PartKind = PartKind.TEXT, **others: str) -> list[str]:
    """Return the codes of what is wrong with such a pack."""
    return [problem.code for problem in problems(source, kind, **others)]


def html(source: str, **others: str) -> list[str]:
    """Return the codes of what is wrong with an HTML part."""
    return codes(source, PartKind.HTML, **others)


def draft(made: TemplateSet, **values: object) -> Draft:
    """Render such a pack; slots that are not given are empty."""
    context = dict.fromkeys(made.entries["main"].slots, "") | values
    return made.render("main", context, channel=Channel.EMAIL, purpose=None)


def text(made: TemplateSet, **values: object) -> str:
    """Render such a pack to text."""
    return draft(made, **values).parts[0].text
