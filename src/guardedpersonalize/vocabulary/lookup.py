"""Finding a member of one of the closed sets by name, and what it means."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import TypeVar

from guardedpersonalize.errors import sealed
from guardedpersonalize.vocabulary.tables import table, unknown_term
from guardedpersonalize.vocabulary.terms import Channel

__all__ = ["Meaning", "channel", "meaning", "term"]

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Meaning:
    """
    What a term means.

    Args:
        text: One sentence for people.
        source: The standard, law or study that it comes from; "House" for our own terms.
        dpv: Term of the W3C Data Privacy Vocabulary, as a CURIE ("dpv:ConsentGiven"), or None.
    """

    text: str
    source: str
    dpv: str | None = None


@sealed
def term(members: type[E], name: str | E) -> E:
    """
    Return the member of the enum *members* that is called *name*.

    Raises:
        ConfigError: GP105, with the nearest known name.

    >>> from guardedpersonalize.vocabulary import Provenance
    >>> term(Provenance, "observed").name
    'OBSERVED'
    """
    with contextlib.suppress(ValueError):
        return members(name)
    raise unknown_term(_words(members.__name__), name, [member.value for member in members])


def channel(name: str | Channel) -> Channel:
    """
    Return the channel *name*.

    Raises:
        ConfigError: GP105, with the nearest known channel.
    """
    return term(Channel, name)


def meaning(member: Enum) -> Meaning:
    """
    Return what a member of the vocabulary's enums means, and where it comes from.

    Raises:
        ConfigError: GP105, if the vocabulary does not have it.

    >>> from guardedpersonalize.vocabulary import LawfulBasis
    >>> meaning(LawfulBasis.CONTRACT).source
    'GDPR Art. 6(1)(b)'
    """
    row = table("term").get(type(member).__name__, {}).get(member.name.lower())
    if row is None:
        raise unknown_term("term", type(member).__name__, table("term"))
    return Meaning(*row)


def _words(class_name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", class_name).lower()
