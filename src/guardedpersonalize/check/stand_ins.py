"""
Stand-ins: what the reader model reads in place of a recipient's name or town.

What the words around a name say does not hang on whose name it is. So the model is given the same
name for all of one length, and its verdict is the same for Bokodi, for Sodama and for Thomas. Rules
and recognisers read the names themselves: to them, only words that nothing looks for are alike.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from guardedpersonalize.check.matchers.base import slot_ranges

if TYPE_CHECKING:
    from guardedpersonalize.check.context import CheckContext, FilledSlot, Identity
    from guardedpersonalize.check.lexicon import Lexicon
    from guardedpersonalize.check.reading import ReadPart, Region

__all__ = ["Role", "StandIns", "role_of"]


class Role(StrEnum):
    """What a slot of plain words holds."""

    PERSON = "person"
    PLACE = "place"


_ROLES: Final = {
    "user.name": Role.PERSON,
    "user.contact.address": Role.PLACE,
    "user.location": Role.PLACE,
}
_USED: Final = {
    Role.PERSON: "al ann anna maria daniel michael margaret catherine alessandra christopher",
    Role.PLACE: "ayr bath leeds london bristol plymouth liverpool manchester southampton",
}
_BY_LENGTH: Final = {
    role: {len(word): word for word in words.split()} for role, words in _USED.items()
}

# No word is as long as what may be base64; a capital only where one is usual.
_WORD: Final = r"(?:[A-Z][a-z]{1,10}|[A-Z]{2,11}|[a-z]{2,11})"
_PLAIN: Final = re.compile(rf"{_WORD}(?: {_WORD}){{0,2}}")
_NAME_WORD: Final = r"(?=[^ ]{2,11}(?![^ ]))[^\W\d_]+(?:['\u2019-][^\W\d_]+)*"
_NAME: Final = re.compile(rf"{_NAME_WORD}(?: {_NAME_WORD}){{0,2}}")
"""Words in any letters; the same length stands in for them."""
_LIKE_DIGITS: Final = re.compile(r"[OoIlSB]+")
"""What may be read as digits beside others."""
_SHAPES: Final = str.maketrans(
    {
        **dict.fromkeys("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "X"),
        **dict.fromkeys("abcdefghijklmnopqrstuvwxyz", "x"),
    }
)


def role_of(slot: FilledSlot) -> Role | None:
    """Return what the words of *slot* are, by its category; None where they may be anything."""
    category = slot.field.category
    return next((role for key, role in _ROLES.items() if category.is_within(key)), None)


class StandIns:
    """
    Which words nothing looks for, and what stands in for them.

    Args:
        lexicon: The words that are looked for.
        identity: The sender, whose names and addresses are looked for as well.
    """

    def __init__(self, lexicon: Lexicon, identity: Identity) -> None:
        self._lexicon = lexicon
        said = (
            identity.name,
            *identity.brands,
            *identity.signatories,
            *identity.postal_addresses,
            *identity.emails,
            *identity.link_domains,
            *identity.numbers,
        )
        self._own = frozenset(re.findall(r"[a-z]+", " ".join(said).casefold()))

    def shape(self, text: str) -> str | None:
        """
        Return the shape of *text*, as "Xxxx Xxxxxx"; None unless it is plain words unlooked for.

        Texts of one shape are to every recogniser the same, and to every rule if their words have
        the same `endings`.
        """
        if _PLAIN.fullmatch(text) is None:
            return None
        for word in text.lower().split(" "):
            if word in self._own or self._lexicon.knows(word):
                return None
        if any(map(_LIKE_DIGITS.fullmatch, text.split(" "))):
            return None
        return text.translate(_SHAPES)

    def endings(self, text: str) -> tuple[tuple[str, ...], ...]:
        """Return for each word of *text* the endings of it that patterns look for."""
        return tuple([self._lexicon.endings(word) for word in text.lower().split(" ")])

    def text_of(
        self, read: ReadPart, region: Region, context: CheckContext, *, only_unknown: bool = False
    ) -> str:
        """
        Return the text of *region* with stand-ins for names and places that slots wrote.

        Args:
            read: The part of the region.
            region: The region.
            context: Tells the slots.
            only_unknown: True to leave words that something looks for, as what tells a language
                does.
        """
        text = region.text
        for start, end, names in slot_ranges(read, region):
            slot = context.slots.get(*names) if len(names) == 1 else None
            role = role_of(slot) if slot is not None and slot.is_filled else None
            name = region.text[start:end]
            if role is None or not _NAME.fullmatch(name):
                continue
            if not only_unknown or self.shape(name):
                text = text[:start] + _of_shape(role, _outline(name)) + text[end:]
        return text


def _outline(name: str) -> str:
    """Return the shape of *name*; words in letters that have no case count as if they had one."""
    if name.isascii():
        return name.translate(_SHAPES)
    return " ".join(
        "".join("X" if char.isupper() or not (at or char.islower()) else "x" for at, char in word)
        for word in map(enumerate, name.split(" "))
    )


def _of_shape(role: Role, shape: str) -> str:
    """Return words of *shape*; where there is none of the length, it is its own stand-in."""
    return " ".join(_cased(_BY_LENGTH[role].get(len(word), word), word) for word in shape.split())


def _cased(word: str, shape: str) -> str:
    if shape.isupper():
        return word.upper()
    return word.capitalize() if shape[0] == "X" else word
