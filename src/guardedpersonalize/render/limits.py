"""
Bounds on what a template may cost: output, steps and depth.

Buffered output (macros, set blocks ...) never reaches a reader of chunks, so the counters are in
the generated code: one step for each turn of a loop, each item that a loop's filter looks at, and
each macro, block and file that is entered. What operators and filters make is in `operands`.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar, Token
from dataclasses import dataclass, fields
from itertools import islice
from typing import Any, Final

from guardedpersonalize.errors import ConfigError

__all__ = [
    "Limits",
    "Overrun",
    "allow",
    "concat",
    "current",
    "deep",
    "descend",
    "fits",
    "gather",
    "modules",
    "start",
    "stop",
    "tick",
    "turn",
]

_BATCH: Final = 64
"""Chunks read between two looks at the size: bounds the overshoot, a house choice."""


@dataclass(frozen=True, slots=True)
class Limits:
    """
    How much one render may cost.

    Args:
        max_characters: Longest part, and longest text made on the way, in characters.
        max_steps: Turns of loops, and entries of macros, blocks and files, per render.
        max_depth: Deepest nesting of macro calls, or of a recursive loop.
        max_items: Most items of a `range`, and of a list that an operator makes.

    Raises:
        ConfigError: GP104, if a limit is below 1.

    Source:
        House choices: a mail client clips HTML above about 100,000 characters, and no message
        turns a loop thousands of times.
    """

    max_characters: int = 1_000_000
    max_steps: int = 10_000
    max_depth: int = 30
    max_items: int = 10_000

    def __post_init__(self) -> None:
        for each in fields(self):
            if getattr(self, each.name) < 1:
                raise ConfigError("GP104", f"the limit {each.name} is below 1.")


class Overrun(Exception):  # noqa: N818 - it never leaves this room
    """A limit was passed. It names the limit and nothing else."""

    def __init__(self, limit: str) -> None:
        super().__init__(limit)
        self.limit = limit


class _Meter:
    """What is left of the limits in one render, and which sites wrote on the way."""

    __slots__ = ("depth", "limits", "modules", "seen", "steps")

    def __init__(self, limits: Limits, seen: set[str] | None = None) -> None:
        self.limits = limits
        self.seen = seen
        self.steps = limits.max_steps
        self.depth = limits.max_depth
        self.modules: dict[str, Any] = {}


_METER: Final[ContextVar[_Meter]] = ContextVar("guardedpersonalize_meter")
_AT_LOAD: Final = _Meter(Limits())
"""Holds for constants that Jinja works out when a template is compiled; it counts no steps."""


def current() -> Limits:
    """Return the limits of this render, or those that hold when a template is compiled."""
    return _METER.get(_AT_LOAD).limits


def start(limits: Limits, seen: set[str] | None = None) -> Token[_Meter]:
    """
    Count what is done from now on, in this context, against *limits*; end with `stop`.

    Args:
        limits: How much one render may cost.
        seen: Takes the `sid` of each site whose output is joined: in macros and blocks.
    """
    return _METER.set(_Meter(limits, seen))


def stop(token: Token[_Meter]) -> None:
    """End what `start` began."""
    _METER.reset(token)


def modules() -> dict[str, Any]:
    """Return the imported modules of this render, by template name."""
    return _METER.get().modules


# -- called by generated code


def tick() -> bool:
    """Count one step; always true."""
    meter = _METER.get()
    meter.steps -= 1
    if meter.steps < 0:
        raise Overrun("max_steps")
    return True


def turn(buffer: list[str]) -> None:
    """Count one turn of a loop that writes to *buffer*, and keep the buffer within bounds."""
    tick()
    if len(buffer) > _BATCH:
        buffer[:] = [concat(buffer)]


def deep(depth: int) -> None:
    """Refuse a recursive loop at *depth*, counted from 0."""
    if depth >= current().max_depth:
        raise Overrun("max_depth")


def descend(levels: int) -> None:
    """Count the entry of a macro (1), or its end (-1)."""
    meter = _METER.get()
    meter.depth -= levels
    if meter.depth < 0 and levels > 0:
        raise Overrun("max_depth")


def fits(value: Any) -> Any:  # noqa: ANN401 - whatever a filter returns
    """Return *value*, unless it is a text or list beyond the limits."""
    limits = current()
    if isinstance(value, str):
        allow(len(value), limits.max_characters, "max_characters")
    elif isinstance(value, list | tuple):
        allow(len(value), limits.max_items, "max_items")
    return value


def concat(parts: Iterable[str]) -> str:
    """Join *parts*, unless the text would be too long."""
    pieces = parts if isinstance(parts, list) else gather(parts)
    meter = _METER.get(_AT_LOAD)
    allow(sum(map(len, pieces)), meter.limits.max_characters, "max_characters")
    if meter.seen is not None:
        meter.seen.update(piece.sid for piece in pieces if hasattr(piece, "sid"))
    return "".join(pieces)


def gather(chunks: Iterable[str]) -> list[str]:
    """Return *chunks* as a list, reading no further than the limit."""
    limit = current().max_characters
    source = iter(chunks)
    gathered = batch = list(islice(source, _BATCH))
    size = 0
    while batch:
        size += len("".join(batch))  # faster than to sum up their lengths
        allow(size, limit, "max_characters")
        if len(batch) < _BATCH:
            break
        batch = list(islice(source, _BATCH))
        gathered += batch
    return gathered


def allow(size: int, limit: int, name: str) -> None:
    """Raise `Overrun` where *size* is beyond the limit called *name*."""
    if size > limit:
        raise Overrun(name)
