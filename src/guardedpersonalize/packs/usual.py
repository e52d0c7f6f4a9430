"""An ordinary value for each field of a pack: what a message usually shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final

from guardedpersonalize.errors import ProfileError
from guardedpersonalize.minimise import is_unsafe
from guardedpersonalize.packs.pack import Pack
from guardedpersonalize.profile import Field, FieldType, is_blank
from guardedpersonalize.vocabulary import Sensitivity

__all__ = ["is_mark", "usual_values"]

_ADULT: Final = timedelta(days=25 * 366)
_MARKUP: Final = frozenset("<>{}")
_USUAL: Final[Mapping[FieldType, object]] = {
    FieldType.TEXT: "Violets",
    FieldType.INT: 3,
    FieldType.DECIMAL: "42.50",
    FieldType.DATE: date(1971, 5, 3),
    FieldType.DATETIME: datetime(2026, 5, 3, 9, tzinfo=UTC),
    FieldType.BOOL: True,
    FieldType.URL: "https://example.org/violets",
    FieldType.LIST: ["ferns", "moss"],
}
_BY_GENERALISER: Final[Mapping[str, object]] = {
    "age": 38,
    "full_name": "Ada Lovelace",
    "identifier": "A-1042",
    "place": "1 Rose Lane, LS1 4AP, Leeds, Yorkshire, United Kingdom",
    "postcode": "LS1 4AP",
    "visits": 4,
}
_BY_CATEGORY: Final = (
    ("user.name.first", "Ada"),
    ("user.name.last", "Lovelace"),
    ("user.name", "Ada Lovelace"),
    ("user.contact.email", "ada@example.org"),
    ("user.contact.phone_number", "+44 7700 900142"),
    ("user.contact.address.city", "Leeds"),
    ("system", "SPRING"),
)


def usual_values(pack: Pack, *, at: datetime) -> dict[str, object]:
    """
    Return an ordinary value for each field of *pack*: one of its own personas', else invented.

    What marks a vulnerable or delicate trait is no; people are adults.
    """
    return {
        field.name: False if is_mark(field, pack) else _usual(field, pack, at)
        for field in pack.catalogue.values()
    }


def is_mark(field: Field, pack: Pack) -> bool:
    """Tell whether *field* is a yes or no that marks somebody: ill, bereaved, in debt ..."""
    if field.type is not FieldType.BOOL:
        return False
    is_delicate = field.category.sensitivity is Sensitivity.SENSITIVE
    return is_delicate or field.name in pack.policy.vulnerable_fields


def _usual(field: Field, pack: Pack, at: datetime) -> object:
    held = [
        persona.profile.reveal(field.name)
        for persona in pack.personas.values()
        if field.name in persona.profile
    ]
    fitting = [value for value in held if _is_ordinary(field, value, at)]
    counts = Counter(map(str, fitting))
    # The value of most personas, or the shortest; never one that was chosen to be odd.
    ranked = sorted(fitting, key=lambda each: (-counts[str(each)], len(str(each)), str(each)))
    return ranked[0] if ranked else _invented(field, pack)


def _is_ordinary(field: Field, value: object, at: datetime) -> bool:
    if is_blank(value):
        return False
    try:
        field.parse(value)
    except ProfileError:
        return False
    if isinstance(value, date) and field.category.is_within("user.demographic.date_of_birth"):
        return value <= (at - _ADULT).date()
    text = str(value)
    is_odd = is_unsafe(text) or not _MARKUP.isdisjoint(text)
    return text.isascii() and not (field.type is FieldType.TEXT and is_odd)


def _invented(field: Field, pack: Pack) -> object:
    if field.type is FieldType.ENUM:
        return field.values[0]
    if field.generaliser == "product" and pack.context.products:
        first = next(iter(pack.context.products))
        return [first] if field.type is FieldType.LIST else first
    usual = _USUAL[field.type]
    if field.type is FieldType.TEXT:
        known = (text for key, text in _BY_CATEGORY if field.category.is_within(key))
        usual = next(known, usual)
    return _BY_GENERALISER.get(field.generaliser or "", usual)
