"""One slot's value: opened, made coarse, brought to the slot's type, and refused where unsafe."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import Final

from guardedpersonalize.consent import Reason
from guardedpersonalize.errors import ProfileError
from guardedpersonalize.minimise.context import Context
from guardedpersonalize.minimise.dates import as_date, date_in_words
from guardedpersonalize.minimise.safety import has_link, is_unsafe
from guardedpersonalize.minimise.spec import Filling, PlannedSlot
from guardedpersonalize.minimise.transforms import LONGEST_TEXT, Kind, Plain
from guardedpersonalize.profile import FieldType, Profile, Value, is_blank

__all__ = ["MOST_ITEMS", "SlotReason", "fill", "plain_filling", "sentence_of"]

_OF_TEXT: Final = frozenset({"text", "list"})
MOST_ITEMS: Final = 20  # of a list; house choice, more is no sentence


class SlotReason(StrEnum):
    """Why an allowed field still does not fill its slot."""

    MISSING_VALUE = "missing_value"
    MALFORMED_VALUE = "malformed_value"
    UNSAFE_VALUE = "unsafe_value"
    TOO_LONG = "too_long"
    GENERALISED_AWAY = "generalised_away"
    LADDER_OMIT = "ladder_omit"
    LADDER_FALLBACK = "ladder_fallback"


_SENTENCES: Final = {
    SlotReason.MALFORMED_VALUE: "The value on file does not fit the field.",
    SlotReason.UNSAFE_VALUE: "The value on file holds what may not stand in a message.",
    SlotReason.TOO_LONG: "The value on file is longer than the slot.",
    SlotReason.GENERALISED_AWAY: "At the level that may be used nothing is left of it.",
    SlotReason.LADDER_OMIT: "It was left out so that the rest could be sent.",
    SlotReason.LADDER_FALLBACK: "Its fallback was taken so that the rest could be sent.",
}


def sentence_of(code: str) -> str:
    """Return the sentence of the `Reason` or `SlotReason` with this code; "" for neither."""
    if code in set(Reason):
        return Reason(code).sentence
    return _SENTENCES[SlotReason(code)] if code in set(SlotReason) else ""


def plain_filling(planned: PlannedSlot, rank: int) -> Callable[[object], Filling | None] | None:
    """
    Return what gives what `fill` does for the plainest of values, and None for any other.

    It is None itself where there is no such short way: for all that is made coarser or is read from
    a text. It is for values that are not blank.
    """
    generaliser, field, spec = planned.generaliser, planned.field, planned.spec
    if rank or generaliser.is_coded or not planned.fits[rank]:
        return None
    make = _PLAIN.get((field.type, spec.type))
    return None if make is None else functools.partial(make, spec.max_length)


def _plain_text(most: int, value: object) -> str | None:
    """Return a text of letters, digits and single blanks: nothing in it is unsafe, or a link."""
    if type(value) is not str or not value.isascii() or len(value) > most:
        return None
    return value if value.isalnum() or _WORDS.fullmatch(value) else None


def _plain_items(most: int, value: object) -> tuple[str, ...] | None:
    if type(value) is not tuple or not 0 < len(value) <= MOST_ITEMS:
        return None
    kept = dict.fromkeys([_plain_text(most, item) for item in value])
    is_plain = None not in kept and not any(map(is_blank, value))
    return value if is_plain and len(kept) == len(value) else None


def _plain_truth(_: int, value: object) -> bool | None:
    return value if type(value) is bool else None


def _plain_int(most: int, value: object) -> int | None:
    return value if type(value) is int and 0 <= value < _SMALL and most >= _DIGITS else None


_WORDS: Final = re.compile(r"[A-Za-z0-9]+(?: [A-Za-z0-9]+)*")
_DIGITS: Final = 4
_SMALL: Final = 10**_DIGITS
_PLAIN: Final[Mapping[tuple[FieldType, Kind], Callable[[int, object], Filling | None]]] = {
    (FieldType.TEXT, "text"): _plain_text,
    (FieldType.LIST, "list"): _plain_items,
    (FieldType.BOOL, "bool"): _plain_truth,
    (FieldType.INT, "int"): _plain_int,
}


def fill(
    planned: PlannedSlot, rank: int, profile: Profile, context: Context
) -> Filling | SlotReason:
    """
    Return what the template gets at the level of *rank*, or why it gets nothing.

    The field is not opened where no value of that level could fill the slot.
    """
    if not planned.fits[rank]:
        return SlotReason.GENERALISED_AWAY
    field = planned.field
    if field.name not in profile.held:
        return SlotReason.MISSING_VALUE
    try:
        value = field.parse(profile.reveal(field.name))
    except ProfileError:
        return SlotReason.MALFORMED_VALUE
    if isinstance(value, tuple):
        return _items(planned, rank, value, context)
    return _one(planned, rank, value, context)


def _items(
    planned: PlannedSlot, rank: int, values: tuple[str, ...], context: Context
) -> tuple[str, ...] | SlotReason:
    """Return the items that are left, each once; one bad item spoils the list."""
    if len(values) > MOST_ITEMS:
        return SlotReason.TOO_LONG
    kept: dict[str, None] = {}
    for value in values:
        item = SlotReason.MISSING_VALUE if is_blank(value) else _one(planned, rank, value, context)
        if item is SlotReason.UNSAFE_VALUE or item is SlotReason.TOO_LONG:
            return item
        if not isinstance(item, SlotReason):
            kept[str(item)] = None
    return tuple(kept) or SlotReason.GENERALISED_AWAY


def _one(planned: PlannedSlot, rank: int, value: Value, context: Context) -> Plain | SlotReason:
    if isinstance(value, str):
        if len(value) > LONGEST_TEXT:
            return SlotReason.TOO_LONG
        # What hides something is refused even where the coarse value would not show it.
        if rank and is_unsafe(value.strip()):
            return SlotReason.UNSAFE_VALUE
    generaliser = planned.generaliser
    coarse = generaliser.apply(value, generaliser.levels[rank], context)
    if coarse is None:
        return SlotReason.GENERALISED_AWAY
    if planned.spec.type in _OF_TEXT:
        return _text(planned, rank, coarse, context)
    if planned.spec.type == "date":
        return as_date(value, context) or coarse
    is_long = planned.spec.type == "int" and len(str(coarse)) > planned.spec.max_length
    return SlotReason.TOO_LONG if is_long else coarse


def _text(planned: PlannedSlot, rank: int, coarse: Plain, context: Context) -> str | SlotReason:
    text = date_in_words(coarse, context) if isinstance(coarse, date) else str(coarse)
    is_link = rank == 0 and planned.field.type is FieldType.URL
    if is_unsafe(text) or (has_link(text) and not is_link):
        return SlotReason.UNSAFE_VALUE
    return text if len(text) <= planned.spec.max_length else SlotReason.TOO_LONG
