"""What the analysis knows of a value: the slots behind it, and what it may be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

__all__ = [
    "LAZY",
    "MARKUP",
    "NOTHING",
    "OBJECT",
    "STATE",
    "Held",
    "Labels",
    "Value",
    "argument_of",
    "as_any_call",
    "parameter",
    "words",
]

Labels = frozenset[str]
"""Names of slots; and, while the analysis runs, stand-ins for the arguments of a macro."""

_THIS_CALL: Final = "\x00"
_ANY_CALL: Final = "\x01"


@dataclass(frozen=True, slots=True)
class Held:
    """
    Something a value may be, besides plain data.

    Args:
        kind: macro, loop, module, state, lazy, object or markup.
        key: `id` of the macro's or loop's node, or 0.
        name: Name of the module's template, or "".
    """

    kind: str
    key: int = 0
    name: str = ""


STATE: Final = Held("state")
"""An object that calls change: a namespace, a cycler, a joiner, a loop."""
LAZY: Final = Held("lazy")
"""A generator: reading it uses it up, printing it prints an address in memory."""
OBJECT: Final = Held("object")
"""A function or another thing that prints an address in memory."""
MARKUP: Final = Held("markup")
"""Text that is not escaped again: a macro's result, a set block, an escaped value."""


@dataclass(frozen=True, slots=True)
class Value:
    """
    What is known of a value; `|` is the union.

    Args:
        shown: Slots whose values may be in it.
        control: Slots that may have chosen it, or decided that there is any.
        holds: What it may be besides plain data.
    """

    shown: Labels = frozenset()
    control: Labels = frozenset()
    holds: frozenset[Held] = frozenset()

    def __or__(self, other: Value) -> Value:
        if other is NOTHING or other == self:
            return self
        return Value(
            self.shown | other.shown, self.control | other.control, self.holds | other.holds
        )

    @property
    def labels(self) -> Labels:
        """Every slot that had a part in it."""
        return self.shown | self.control

    def only_control(self) -> Value:
        """Return the value of something that this one decides on."""
        return Value(control=self.labels)

    def plain(self) -> Value:
        """Return the value without anything but plain data."""
        return Value(self.shown, self.control)

    def without(self, *held: Held) -> Value:
        """Return the value without *held*."""
        return Value(self.shown, self.control, self.holds - set(held))

    def plus(self, *held: Held) -> Value:
        """Return the value with *held* added."""
        return Value(self.shown, self.control, self.holds | set(held))

    def with_each(self, replace: Callable[[str], Value]) -> Value:
        """Return the value with each label replaced by what *replace* makes of it."""
        made = Value(holds=self.holds)
        for label in self.shown:
            made |= replace(label).plain()
        for label in self.control:
            made |= replace(label).only_control()
        return made


NOTHING: Final = Value()


def words(text: str) -> frozenset[str]:
    """Return the words of *text*."""
    return frozenset(text.split())


def parameter(macro: int, name: str) -> Value:
    """Return the stand-in for the argument *name* of the macro with `id` *macro*, in this call."""
    return Value(shown=frozenset({f"{_THIS_CALL}{macro}{_THIS_CALL}{name}"}))


def argument_of(label: str) -> tuple[int, str, bool] | None:
    """Return `(macro, argument, whether of this call)` of a stand-in; None for a slot."""
    mark = label[:1]
    if mark not in {_THIS_CALL, _ANY_CALL}:
        return None
    macro, name = label[1:].split(_THIS_CALL)
    return int(macro), name, mark == _THIS_CALL


def as_any_call(value: Value) -> Value:
    """Return *value* with stand-ins for the arguments of any call: it outlives this one."""
    if not any(label[0] == _THIS_CALL for label in value.labels):
        return value
    return Value(_any(value.shown), _any(value.control), value.holds)


def _any(labels: Labels) -> Labels:
    return frozenset(_ANY_CALL + label[1:] if label[0] == _THIS_CALL else label for label in labels)
