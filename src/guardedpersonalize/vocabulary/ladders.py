"""Ladders: the levels of each generaliser, finest first. The generalisers themselves are code."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from guardedpersonalize.errors import sealed
from guardedpersonalize.vocabulary.tables import table, unknown_term

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["EXACT", "OMIT", "Ladder", "ladder", "ladders"]

EXACT: Final = "exact"
OMIT: Final = "omit"


@dataclass(frozen=True, slots=True)
class Ladder:
    """
    The levels that a generaliser can bring a value to.

    Args:
        name: Name of the generaliser, e.g. "birth_date".
        levels: Finest first; "exact" is always the first and "omit" always the last.
        default: Finest level for marketing without further say.
        types: Field types that the generaliser reads, e.g. "date".
    """

    name: str
    levels: tuple[str, ...]
    default: str
    types: frozenset[str]

    @sealed
    def rank(self, level: str) -> int:
        """
        Return how coarse *level* is, from 0 for "exact".

        Raises:
            ConfigError: GP105, with the nearest level of this ladder.

        >>> ladder("birth_date").rank("birth_quarter")
        2
        """
        if level not in self.levels:
            raise unknown_term(f"level of generaliser {self.name!r}", level, self.levels)
        return self.levels.index(level)


@functools.cache
def ladders() -> Mapping[str, Ladder]:
    """Return every ladder by the name of its generaliser, sorted."""
    rows = table("ladder")
    return MappingProxyType({name: _ladder(name, rows[name]) for name in sorted(rows)})


def _ladder(name: str, row: Mapping[str, Any]) -> Ladder:
    return Ladder(name, tuple(row["levels"]), row["default"], frozenset(row["types"]))


@sealed
def ladder(name: str) -> Ladder:
    """
    Return the ladder of the generaliser *name*.

    Raises:
        ConfigError: GP105, with the nearest known generaliser.
    """
    found = ladders().get(name) if isinstance(name, str) else None
    if found is None:
        raise unknown_term("generaliser", name, ladders())
    return found
