"""Values for personas: what a field usually holds, and the longest, shortest and oddest of that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from guardedpersonalize.errors import ProfileError
from guardedpersonalize.minimise import is_unsafe
from guardedpersonalize.minimise.fill import MOST_ITEMS
from guardedpersonalize.packs import Pack
from guardedpersonalize.profile import Field, FieldType, is_blank
from guardedpersonalize.vocabulary import Sensitivity

__all__ = [
    "WRITINGS",
    "Writing",
    "chosen",
    "is_mark",
    "longest",
    "shortest",
    "usual_values",
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

_ADULT: Final = timedelta(days=25 * 366)
_TEXTS: Final = frozenset({FieldType.TEXT, FieldType.LIST})
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
