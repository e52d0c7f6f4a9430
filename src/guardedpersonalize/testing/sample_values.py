"""Values for personas beside the usual ones: the longest, the shortest and the oddest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from guardedpersonalize.minimise.fill import MOST_ITEMS
from guardedpersonalize.profile import Field, FieldType

__all__ = [
    "WRITINGS",
    "Writing",
    "chosen",
    "longest",
    "shortest",
    "written",
]


@dataclass(frozen=True, slots=True)
class Writing:
    """
    A way in which people's names, places and words are written.

    Args:
        title: What it is called, in a few words.
        given: A first name.
        family: A last name.
        place: A place.
        word: A word for a thing that one may like.
    """

    title: str
    given: str
    family: str
    place: str
    word: str


WRITINGS: Final[Mapping[str, Writing]] = {
    "greek": Writing("Greek letters", "Ελένη", "Παπαδάκη", "Καβάλα", "λουλούδια"),
    "cyrillic": Writing("Cyrillic letters", "Нина", "Соколова", "Полтава", "тюльпаны"),
    "devanagari": Writing("Devanagari letters", "अनन्या", "शर्मा", "जयपुर", "गुलाब"),
    "han": Writing("Chinese characters", "明", "陳", "臺南", "茶花"),
    "right-to-left": Writing("Written from right to left", "ليلى", "حداد", "صفاقس", "ورد"),
    "emoji": Writing("Pictures", "Ada 🌷", "Lovelace 🌷", "Leeds 🏡", "roses 🌹"),
    "apostrophe": Writing("Apostrophes", "Mae'lys", "O'Neil", "L'Aquila", "lady's mantle"),
    "hyphen": Writing("Hyphens", "Anne-Marie", "Hartley-Finch", "Stow-on-the-Wold", "lady-fern"),
    "single-letter": Writing("One letter", "J", "K", "Å", "x"),
    "all-caps": Writing("All in capitals", "ADA", "LOVELACE", "LEEDS", "ROSES"),
}
"""Writings that a template has to bear: scripts, directions, marks, lengths, capitals."""

_TEXTS: Final = frozenset({FieldType.TEXT, FieldType.LIST})


def written(field: Field, writing: Writing) -> object | None:
    """Return a value of *field* in that writing; None where it holds no free text of people."""
    if not _is_free_text(field):
        return None
    text = _of_kind(field, writing)
    return [text] if field.type is FieldType.LIST else text


def _is_free_text(field: Field) -> bool:
    is_text = field.type in _TEXTS
    is_shown = field.generaliser in {None, "text", "full_name"}
    return is_text and is_shown and field.category.is_personal


def _of_kind(field: Field, writing: Writing) -> str:
    kind = field.category
    if kind.is_within("user.name.last"):
        return writing.family
    if kind.is_within("user.name.first"):
        return writing.given
    if kind.is_within("user.name"):
        return f"{writing.given} {writing.family}"
    return writing.place if kind.is_within("user.contact.address") else writing.word


_LONG: Final = "Wilhelmina Maximiliane Woldemara Magdalena Rosamunde "


def longest(field: Field, characters: int, usual: object, *, at: datetime) -> object:
    """
    Return the longest value of *field* that slots take.

    Args:
        field: The field.
        characters: What the shortest of the slots that read it allows.
        usual: The value that it usually has, for types that have no longest.
        at: The moment; dates lie near it.
    """
    if field.type is FieldType.ENUM:
        return max(
            (each for each in field.values if len(each) <= characters), key=len, default=usual
        )
    if field.type is FieldType.INT and field.generaliser is None:
        return 10 ** min(characters, 6) - 1  # larger numbers are no counts or percentages
    if field.type is FieldType.DATE and not field.category.is_personal:
        return date(at.year, 9, 30)
    if field.type not in _TEXTS or field.generaliser not in {None, "text"}:
        return usual
    text = _text_of(characters)
    if field.type is FieldType.TEXT:
        return text
    # Items have to differ: each is kept once.
    return [f"{text[:-2].rstrip()}{number:02}" for number in range(MOST_ITEMS)]


def _text_of(characters: int) -> str:
    text = (_LONG * (characters // len(_LONG) + 1))[:characters]
    return f"{text[:-1]}m" if text.endswith(" ") else text


def shortest(field: Field, usual: object, *, at: datetime) -> object:
    """Return the shortest value of *field* that is not blank; see `longest`."""
    made: Mapping[FieldType, Callable[[], object]] = {
        FieldType.TEXT: lambda: "I",
        FieldType.LIST: lambda: ["I"],
        FieldType.INT: lambda: 0,
        FieldType.DECIMAL: lambda: "0",
        FieldType.BOOL: lambda: False,
        FieldType.DATE: lambda: date(at.year, 5, 1),
        FieldType.ENUM: lambda: min(field.values, key=len),
    }
    is_plain = field.generaliser in {None, "text", "visits", "amount"}
    return made[field.type]() if is_plain and field.type in made else usual


def chosen(fields: Iterable[Field], make: Callable[[Field], object | None]) -> dict[str, object]:
    """Return what *make* gives for each field that it gives something for."""
    made = {field.name: make(field) for field in fields}
    return {name: value for name, value in made.items() if value is not None}
