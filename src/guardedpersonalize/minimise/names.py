"""First names from full names, for greetings."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import Final

from guardedpersonalize.minimise.tables import table

__all__ = ["first_name"]

_LONGEST: Final = 60  # characters; longer is no first name
_MOST_PARTS: Final = 2  # family name, first name

# May stand in a name besides letters: apostrophes, hyphens, stops and (not) joining marks.
_MARKS: Final = frozenset(
    "'.·-\N{RIGHT SINGLE QUOTATION MARK}\N{HYPHEN}\N{NON-BREAKING HYPHEN}\u200c\u200d"
)
_INITIALS: Final = re.compile(r"(?:\w\.[-\N{HYPHEN}]?)+")

# Scripts whose full names stand family first, and the one that writes foreign names, given first.
_FAMILY_FIRST: Final = ("CJK", "HIRAGANA", "HANGUL", "IDEOGRAPHIC")
_KATAKANA: Final = "KATAKANA"


@functools.cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(table("names")[kind])


@functools.cache
def _titles() -> frozenset[str]:
    return _words("titles") | _words("first_name_titles")


def first_name(value: object) -> str | None:
    """
    Return the first name in a full name, or None where it cannot be told.

    - Titles in front are dropped. What stands alone after one is a family name, so there is no
      first name ("Mrs Lovelace"), except after Sir and Dame.
    - "Lovelace, Ada" and "Ada Lovelace, PhD" give "Ada".
    - A name without a space is returned whole, in any script.
    - In Chinese, Japanese and Korean script the family name stands first: of two words the second
      is returned, of more none. Katakana and names with a middle dot stand as in the West.
    - Initials, particles of a family name ("van"), digits and addresses give None.

    It cannot know that Vietnamese or Hungarian names begin with the family name.

    >>> first_name("Dr. Ada Lovelace"), first_name("Lovelace, Ada"), first_name("Mrs Lovelace")
    ('Ada', 'Ada', None)
    """
    parts = _parts(value) if isinstance(value, str) else []
    tokens = _tokens(parts[-1]) if 0 < len(parts) <= _MOST_PARTS else []
    rest = _without_titles(tokens)
    if not rest or (len(parts) == 1 and _is_family_name(tokens, rest)):
        return None
    name = _eastern(rest) if _is_eastern(rest) else _western(rest)
    return name if name and len(name) <= _LONGEST and _is_name(name) else None


def _parts(text: str) -> list[str]:
    """Split at commas; what follows the first and is only letters after a name is dropped."""
    first, *others = (part.strip() for part in text.split(","))
    return [first, *(part for part in others if _plain(part) not in _words("suffixes"))]


def _tokens(text: str) -> list[str]:
    return text.replace("・", " ").split()


def _plain(token: str) -> str:
    return token.replace(".", "").lower()


def _without_titles(tokens: list[str]) -> list[str]:
    titles = _titles()
    start = next((i for i, token in enumerate(tokens) if _plain(token) not in titles), len(tokens))
    return tokens[start:]


def _is_family_name(tokens: list[str], rest: list[str]) -> bool:
    """Tell whether a title is followed by one word only, and is not one that takes a first name."""
    title = tokens[-len(rest) - 1] if len(tokens) > len(rest) else ""
    return bool(title) and len(rest) == 1 and _plain(title) not in _words("first_name_titles")


def _is_eastern(tokens: list[str]) -> bool:
    return not tokens[0].isascii() and all(
        _script(char).startswith(_FAMILY_FIRST) or _is_katakana(char)
        for token in tokens
        for char in token
    )


def _script(char: str) -> str:
    return unicodedata.name(char, "")


def _is_katakana(char: str) -> bool:
    return _script(char).startswith(_KATAKANA)


def _eastern(tokens: list[str]) -> str | None:
    first, *others = tokens
    if not others or all(map(_is_katakana, "".join(tokens))):
        return first
    return others[0] if len(others) == 1 else None


def _western(tokens: list[str]) -> str | None:
    first, *others = tokens
    if _INITIALS.fullmatch(first) or (others and len(first) == 1):
        return None
    if others and first in _words("particles"):
        return None
    if others and _plain(first) in _words("openings"):
        return f"{first} {others[0]}"
    return first


def _is_name(text: str) -> bool:
    if text.isalpha():
        return True
    letters = [char for char in text if char not in _MARKS and char != " "]
    kinds = {unicodedata.category(char)[0] for char in letters}
    return "L" in kinds and kinds <= {"L", "M"}
