"""Slots as templates declare them: what is wrong with a declaration, and what it resolves to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple, TypeAlias, get_args

from guardedpersonalize.errors import ConfigError
from guardedpersonalize.minimise.safety import is_unsafe
from guardedpersonalize.minimise.transforms import (
    GENERALISERS,
    LONGEST_TEXT,
    Generaliser,
    Kind,
    Plain,
)
from guardedpersonalize.profile import Catalogue, Field, FieldType
from guardedpersonalize.vocabulary import EXACT, OMIT, did_you_mean

__all__ = [
    "Filling",
    "Plan",
    "PlannedSlot",
    "SlotSpec",
    "SpecProblem",
    "check_spec",
    "compile_plan",
    "level_of",
]

Filling: TypeAlias = Plain | tuple[str, ...]
"""What a slot holds; lists are kept as tuples."""

_TEXT_ONLY: Final = "text"  # the generaliser of fields that name none

_KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,59}")
# Words that Jinja keeps for itself. Source: its parser, and the names it puts into every template.
_RESERVED: Final = frozenset(
    (
        *(
            "and",
            "autoescape",
            "block",
            "call",
            "caller",
            "context",
            "cycler",
            "dict",
            "do",
            "elif",
        ),
        *("else", "endif", "extends", "false", "filter", "for", "from", "if", "import", "in"),
        *("include", "is", "joiner", "kwargs", "lipsum", "loop", "macro", "namespace", "none"),
        *("not", "or", "range", "raw", "recursive", "scoped", "self", "set", "super", "true"),
        *("varargs", "with", "without"),
    )
)

# Slot types that can hold an exact value of a field, the natural one first.
_EXACT_KINDS: Final[Mapping[FieldType, tuple[Kind, ...]]] = {
    FieldType.TEXT: ("text",),
    FieldType.INT: ("int", "text"),
    FieldType.DECIMAL: ("text",),
    FieldType.DATE: ("date", "text"),
    FieldType.DATETIME: ("date", "text"),
    FieldType.BOOL: ("bool",),
    FieldType.ENUM: ("text",),
    FieldType.URL: ("text",),
    FieldType.LIST: ("list",),
}


@dataclass(frozen=True, slots=True)
class SlotSpec:
    """
    A declared hole in a template.

    Args:
        name: What the template calls it.
        field: The field of the catalogue that it is filled from.
        level: Level of the field's generaliser; "" takes the field's default.
        type: Type of what the template gets.
        max_length: Characters that the value may have, each item of a list for itself; 1 to 2000.
        fallback: What stands there when the slot cannot be filled, written as text; None leaves
            it empty. A list falls back to this one item.
        required: True where the message makes no sense without it.
    """

    name: str
    field: str
    level: str = ""
    type: Kind = "text"
    max_length: int = 60
    fallback: str | None = None
    required: bool = False


class SpecProblem(NamedTuple):
    """One thing wrong with a declaration: code, sentence, what to do, and the key it is about."""

    code: str
    message: str
    remedy: str
    key: str


def level_of(spec: SlotSpec, field: Field) -> str:
    """Return the level that *spec* asks for: its own, or the default of *field*."""
    return spec.level or field.level


def check_spec(
    spec: SlotSpec,
    catalogue: Catalogue,
    generalisers: Mapping[str, Generaliser] = GENERALISERS,
) -> list[SpecProblem]:
    """
    Return everything that is wrong with *spec*, in the order of its keys.

    Codes: GP222 name, GP223 field, GP224 level, GP225 type, GP226 max_length, GP227 fallback,
    GP228 required.
    """
    return [*_about_name(spec), *_about_field(spec, catalogue, generalisers), *_about_rest(spec)]


def _about_name(spec: SlotSpec) -> Iterator[SpecProblem]:
    if not _NAME.fullmatch(spec.name) or spec.name in _RESERVED:
        remedy = "Use lower-case letters, digits and '_', and no word of the template language."
        yield SpecProblem("GP222", f"{spec.name[:60]!r} is no name for a slot.", remedy, "name")


def _about_field(
    spec: SlotSpec, catalogue: Catalogue, generalisers: Mapping[str, Generaliser]
) -> Iterator[SpecProblem]:
    field = catalogue.get(spec.field)
    if field is None:
        message = f"slot {spec.name!r} reads the field {spec.field[:80]!r}, which nobody declared."
        yield SpecProblem("GP223", message, did_you_mean(spec.field, catalogue), "field")
        return
    generaliser = _generaliser_of(field, generalisers)
    level = level_of(spec, field)
    if level == OMIT or level not in generaliser.levels:
        known = [each for each in generaliser.levels if each != OMIT]
        message = f"slot {spec.name!r} asks for a level that {field.name!r} does not have."
        remedy = f"{did_you_mean(level, known)} Its levels are {', '.join(known)}.".strip()
        yield SpecProblem("GP224", message, remedy, "level")
        return
    kinds = _kinds(field, generaliser, level)
    if spec.type not in kinds:
        message = f"slot {spec.name!r} is not of the type that {field.name!r} has at {level!r}."
        yield SpecProblem("GP225", message, f"Use {' or '.join(map(repr, kinds))}.", "type")


def _about_rest(spec: SlotSpec) -> Iterator[SpecProblem]:
    if not 1 <= spec.max_length <= LONGEST_TEXT:
        message = f"slot {spec.name!r} has a max_length of {spec.max_length}."
        yield SpecProblem("GP226", message, f"Use 1 to {LONGEST_TEXT} characters.", "max_length")
    if spec.fallback is None:
        return
    if fault := _fault_of_fallback(spec, spec.fallback):
        yield SpecProblem("GP227", f"slot {spec.name!r} has a fallback {fault}.", "", "fallback")
    if spec.required:
        message = f"slot {spec.name!r} is required and has a fallback, so it is never missed."
        yield SpecProblem("GP228", message, "Take one of the two out.", "required")


def _fault_of_fallback(spec: SlotSpec, fallback: str) -> str:
    if spec.type in _KINDS and _read_fallback(fallback, spec.type) is None:
        return f"that is not of type {spec.type!r}"
    if is_unsafe(fallback):
        return "with control or invisible characters"
    return f"of more than {spec.max_length} characters" if len(fallback) > spec.max_length else ""


def _generaliser_of(field: Field, generalisers: Mapping[str, Generaliser]) -> Generaliser:
    return generalisers[field.generaliser or _TEXT_ONLY]


def _kinds(field: Field, generaliser: Generaliser, level: str) -> tuple[Kind, ...]:
    """Return the slot types that can hold a value of *field* at *level*."""
    if field.type is FieldType.LIST:
        return ("list",)
    if level == EXACT and not generaliser.is_coded:
        return _EXACT_KINDS[field.type]
    return (generaliser.kinds.get(level, "text"),)


_TRUTH: Final = {"true": True, "false": False}


def _read_fallback(text: str, kind: Kind) -> Filling | None:
    """Return a fallback as the template gets it; None where it is not of that type."""
    if kind == "text":
        return text
    if kind == "list":
        return (text,)
    if kind == "bool":
        return _TRUTH.get(text)
    try:
        return int(text) if kind == "int" else date.fromisoformat(text)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class PlannedSlot:
    """
    A declaration that is resolved against a catalogue.

    Args:
        spec: The declaration.
        field: Its field.
        generaliser: The field's.
        ranks: Level that a grant may demand -> rank of the coarser one of that and of what the
            slot asks for; 0 is "exact". A level that is not here is not the generaliser's.
        fits: For each rank whether its values fit the slot's type.
        fallback: The fallback as the template gets it, or None.
    """

    spec: SlotSpec
    field: Field
    generaliser: Generaliser
    ranks: Mapping[str, int]
    fits: tuple[bool, ...]
    fallback: Filling | None


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """The slots of a template, resolved once; it equals itself. Make it with `compile_plan`."""

    slots: tuple[PlannedSlot, ...]


def compile_plan(specs: Sequence[SlotSpec], catalogue: Catalogue) -> Plan:
    """
    Resolve *specs* against *catalogue*, once per template.

    Raises:
        ConfigError: GP222 to GP228, the first problem that `check_spec` finds; GP222 also for two
            slots of one name.
    """
    problems = [problem for spec in specs for problem in check_spec(spec, catalogue)]
    names = [spec.name for spec in specs]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        problems.append(SpecProblem("GP222", f"slot {twice!r} is declared twice.", "", "name"))
    if problems:
        first = problems[0]
        raise ConfigError(first.code, first.message, remedy=first.remedy or None)
    return Plan(tuple(_planned(spec, catalogue[spec.field]) for spec in specs))


def _planned(spec: SlotSpec, field: Field) -> PlannedSlot:
    generaliser = _generaliser_of(field, GENERALISERS)
    levels = generaliser.levels
    asked = levels.index(level_of(spec, field))
    return PlannedSlot(
        spec=spec,
        field=field,
        generaliser=generaliser,
        ranks={level: max(rank, asked) for rank, level in enumerate(levels)},
        fits=tuple(
            level != OMIT and spec.type in _kinds(field, generaliser, level) for level in levels
        ),
        fallback=None if spec.fallback is None else _read_fallback(spec.fallback, spec.type),
    )
