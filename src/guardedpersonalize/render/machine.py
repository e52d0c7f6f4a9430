"""What reads the output of a part at load: a machine, fed with words and with holes for values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from jinja2 import nodes

from guardedpersonalize.errors import Problem

__all__ = ["Hole", "Machine", "Place"]

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Place:
    """File and line of what is being walked."""

    template: str
    line: int


@dataclass(frozen=True, slots=True)
class Hole:
    """
    An expression that is printed.

    Args:
        node: Its syntax.
        slots: Slots whose values may be in it.
        encoded: The `urlencode` filter that has the last word in it, or None.
    """

    node: nodes.Expr
    slots: frozenset[str]
    encoded: nodes.Filter | None


class Machine(Protocol[S]):
    """Reads output with a state of type *S*; `problems` and `segments` gather what it finds."""

    problems: list[Problem]
    segments: list[nodes.Filter]

    def start(self) -> S:
        """Return the state at the start of a part."""

    def literal(self, state: S, text: str, place: Place) -> S:
        """Read words of the template."""

    def hole(self, state: S, hole: Hole, place: Place) -> S:
        """Read an expression."""

    def join(self, states: Sequence[S], place: Place) -> S:
        """Return the state after branches that end in *states*, at least one."""

    def end(self, state: S, place: Place) -> None:
        """Read the end of the part."""
