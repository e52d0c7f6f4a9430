"""The names and blocks in sight at a place of a template."""

from __future__ import annotations

from dataclasses import dataclass, field

from jinja2 import nodes

__all__ = ["Blocks", "Bound", "Env"]


@dataclass(slots=True)
class Env:
    """
    Names bound for sure where the walk is: parameters, loop targets, `with`; None is anything.

    Names that are `set` are not here: they may be set again, and elsewhere (`Walk._resolve`).
    """

    outer: Env | None = None
    names: dict[str, Bound | None] = field(default_factory=dict)

    def holds(self, name: str) -> bool:
        """Whether *name* is bound for sure."""
        return name in self.names or (self.outer is not None and self.outer.holds(name))

    def find(self, name: str) -> Bound | None:
        """Return what *name* stands for, or None where that is not known."""
        if name in self.names:
            return self.names[name]
        return self.outer.find(name) if self.outer is not None else None


@dataclass(frozen=True, slots=True)
class Bound:
    """What a name stands for: a node, where it stands, and the names in sight there."""

    node: nodes.Node
    template: str
    env: Env
    blocks: Blocks


@dataclass(slots=True)
class Blocks:
    """The blocks of a template and those that it extends, the overriding ones first."""

    chain: dict[str, list[tuple[nodes.Block, str]]] = field(default_factory=dict)
    current: tuple[str, int] = ("", 0)

    def at(self, name: str, depth: int) -> Blocks:
        """Return the same blocks, seen from inside *name* at *depth* of its chain."""
        return Blocks(self.chain, (name, depth))
