"""
Bounds on what a template may cost: output, steps, depth, and what operators and filters make.

Buffered output (macros, set blocks ...) never reaches a reader of chunks, so the counters are in
the generated code: one step for each turn of a loop, each item that a loop's filter looks at, and
each macro, block and file that is entered. Sizes are checked before they are made.
"""

# ruff: noqa: ARG001 - the checks have the signatures of the filters that they look at
from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar, Token
from dataclasses import dataclass, fields
from itertools import islice
from typing import Any, Final

from markupsafe import escape

from guardedpersonalize.errors import ConfigError

__all__ = [
    "Limits",
    "Misplaced",
    "Overrun",
    "bounded_filters",
    "bounded_range",
    "check_operands",
    "concat",
    "deep",
    "descend",
    "fits",
    "gather",
    "modules",
    "segment",
    "start",
    "stop",
    "tick",
    "turn",
]

_BATCH: Final = 64
"""Chunks read between two looks at the size: bounds the overshoot, a house choice."""

_MAX_BITS: Final = 4096
"""Longest whole number, in bits; Python itself prints no more than 4,300 digits."""

_MAX_OTHER: Final = 400
"""Longest print of any other plain value, in characters: `%f` of the largest float has 317."""

_MAX_PRECISION: Final = 100
"""Most digits that `round` is asked for; a float has 17."""

_SPECIFIER: Final = re.compile(
    r"%(?:\([^)]*\))?[-+ #0]*(?P<width>\d+|\*)?(?:\.(?P<precision>\d+|\*))?"
)


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


class Misplaced(Exception):  # noqa: N818 - it never leaves this room
    """A value would leave its place in an address."""


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


def _limits() -> Limits:
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
    if depth >= _limits().max_depth:
        raise Overrun("max_depth")


def descend(levels: int) -> None:
    """Count the entry of a macro (1), or its end (-1)."""
    meter = _METER.get()
    meter.depth -= levels
    if meter.depth < 0 and levels > 0:
        raise Overrun("max_depth")


def fits(value: Any) -> Any:  # noqa: ANN401 - whatever a filter returns
    """Return *value*, unless it is a text or list beyond the limits."""
    limits = _limits()
    if isinstance(value, str):
        _allow(len(value), limits.max_characters, "max_characters")
    elif isinstance(value, list | tuple):
        _allow(len(value), limits.max_items, "max_items")
    return value


def concat(parts: Iterable[str]) -> str:
    """Join *parts*, unless the text would be too long."""
    pieces = parts if isinstance(parts, list) else gather(parts)
    meter = _METER.get(_AT_LOAD)
    _allow(sum(map(len, pieces)), meter.limits.max_characters, "max_characters")
    if meter.seen is not None:
        meter.seen.update(piece.sid for piece in pieces if hasattr(piece, "sid"))
    return "".join(pieces)


def gather(chunks: Iterable[str]) -> list[str]:
    """Return *chunks* as a list, reading no further than the limit."""
    limit = _limits().max_characters
    gathered: list[str] = []
    source, size = iter(chunks), 0
    while batch := list(islice(source, _BATCH)):
        size += sum(map(len, batch))
        _allow(size, limit, "max_characters")
        gathered += batch
    return gathered


def _allow(size: int, limit: int, name: str) -> None:
    if size > limit:
        raise Overrun(name)


# -- operators


def check_operands(operator: str, left: object, right: object) -> None:
    """Refuse an operation whose result would be beyond the limits; *operator* is + * ** or %."""
    if operator == "%" and isinstance(left, str):
        _check_format(left, right if isinstance(right, tuple) else (right,))
    elif operator == "+" and _is_sized(left) and _is_sized(right):
        _check_size(left, len(left) + len(right))  # type: ignore[arg-type]
    elif operator == "*":
        _check_product(left, right)
    elif operator == "**" and isinstance(left, int) and isinstance(right, int):
        _allow(left.bit_length() * max(right, 0), _MAX_BITS, "max_items")


def _check_product(left: object, right: object) -> None:
    if isinstance(left, int) and isinstance(right, int):
        _allow(left.bit_length() + right.bit_length(), _MAX_BITS, "max_items")
    for sized, count in ((left, right), (right, left)):
        if _is_sized(sized) and isinstance(count, int):
            _check_size(sized, len(sized) * count)  # type: ignore[arg-type]


def _is_sized(value: object) -> bool:
    return isinstance(value, str | list | tuple)


def _check_size(like: object, size: int) -> None:
    limits = _limits()
    if isinstance(like, str):
        _allow(size, limits.max_characters, "max_characters")
    else:
        _allow(size, limits.max_items, "max_items")


def _check_format(text: str, arguments: Iterable[object]) -> None:
    """Refuse a printf-style format whose widths or arguments make it too long."""
    given = list(arguments)
    longest = max(map(_size, given), default=0)
    starred = max((abs(value) for value in given if isinstance(value, int)), default=0)
    size = len(text)
    for found in _SPECIFIER.finditer(text):
        for number in found.group("width", "precision"):
            size += starred if number == "*" else int(number or 0)
        size += longest
    _allow(size, _limits().max_characters, "max_characters")


def _size(value: object) -> int:
    """Return how long *value* may print, in characters; never too little."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, int):
        return value.bit_length() // 3 + 2
    if isinstance(value, Mapping):
        return _size([*value, *value.values()])
    if isinstance(value, list | tuple):
        return sum(2 * _size(item) + 4 for item in value)
    return _MAX_OTHER


# -- filters


def bounded_range(*arguments: int) -> range:
    """Return `range(*arguments)`, unless it has too many items."""
    made = range(*arguments)
    _allow(len(made), _limits().max_items, "max_items")
    return made


def bounded_filters(filters: Mapping[str, Callable[..., Any]]) -> dict[str, Callable[..., Any]]:
    """Return *filters* with those that can make much of little held to the limits."""
    bounded = dict(filters)
    for name in _GROWING:
        bounded[name] = _checked(filters[name], None)
    for name, check in _CHECKS.items():
        bounded[name] = _checked(filters[name], check)
    return bounded


def segment(urlencode: Callable[..., Any]) -> Callable[[Any], str]:
    """
    Return a filter that encodes a value for one segment of a path, as *urlencode* does.

    That filter leaves "/" as it is, and browsers resolve "." and "..": a value with either would
    lead elsewhere. Both equal to Jinja and contained is not to be had, so it is refused.
    """

    def encode(value: Any) -> str:  # noqa: ANN401 - whatever a template has
        text = str(urlencode(value))
        if "/" in text or text in {".", ".."}:
            raise Misplaced
        return text

    return encode


_GROWING: Final = ("e", "escape", "forceescape", "string", "urlencode")


def _checked(function: Callable[..., Any], check: Callable[..., None] | None) -> Callable[..., Any]:
    """Return *function*, looked at by *check* before and by `fits` after."""
    skipped = 1 if hasattr(function, "jinja_pass_arg") else 0

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - any filter
        if check is not None:
            check(*args[skipped:], **kwargs)
        return fits(function(*args, **kwargs))

    return call


def _characters(size: int) -> None:
    _allow(size, _limits().max_characters, "max_characters")


def _items(count: object) -> None:
    if isinstance(count, int):
        _allow(count, _limits().max_items, "max_items")


def _check_center(value: object, width: int = 80) -> None:
    _characters(width)


def _check_indent(value: str, width: int | str = 4, *rest: bool, **named: bool) -> None:
    if not isinstance(value, str):
        raise TypeError  # Jinja's filter would add a line break to a list: `s += newline`
    step = len(width) if isinstance(width, str) else width
    _characters(len(value) + (value.count("\n") + 1) * step)


def _check_wordwrap(
    value: str,
    width: int = 79,
    break_long_words: object = None,
    wrapstring: str | None = None,
    break_on_hyphens: object = None,
) -> None:
    lines = len(value) // max(width, 1) + value.count("\n") + value.count(" ") + 1
    _characters(len(value) + lines * len(wrapstring or "\n"))


def _check_replace(value: object, old: str, new: str, count: object = None) -> None:
    """Under autoescape all three may be escaped first, which makes a character five."""
    text, longest = str(value), 5 * len(str(new))
    try:
        _characters(5 * (len(text) + 1) * longest)
    except Overrun:
        found = max(text.count(str(old)), str(escape(text)).count(str(old)))
        _characters(len(text) + found * longest)


def _check_format_filter(value: object, *args: object, **kwargs: object) -> None:
    _check_format(str(value), [*args, *kwargs.values()])


def _check_join(value: object, d: object = "", attribute: object = None) -> None:
    if isinstance(value, list | tuple):
        _characters(sum(map(_size, value)) + len(value) * len(str(d)))


def _check_round(value: object, precision: int = 0, method: object = "common") -> None:
    _allow(abs(precision), _MAX_PRECISION, "max_items")


def _check_batch(value: object, linecount: object, fill_with: object = None) -> None:
    _items(linecount)


def _check_sum(iterable: object, attribute: object = None, start: object = 0) -> None:
    if isinstance(iterable, list | tuple) and not isinstance(start, int | float):
        _items(sum(len(item) for item in iterable if isinstance(item, list | tuple)))


_CHECKS: Final[dict[str, Callable[..., None]]] = {
    "batch": _check_batch,
    "center": _check_center,
    "format": _check_format_filter,
    "indent": _check_indent,
    "join": _check_join,
    "replace": _check_replace,
    "round": _check_round,
    "slice": _check_batch,
    "sum": _check_sum,
    "wordwrap": _check_wordwrap,
}
