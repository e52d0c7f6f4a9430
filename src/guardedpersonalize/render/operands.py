"""
What operators and filters may make of what they are given: sizes are checked before they are made.

The limits are those of `limits`.
"""

# ruff: noqa: ARG001 - the checks have the signatures of the filters that they look at
from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from markupsafe import escape

from guardedpersonalize.render.limits import Overrun, allow, current, fits

__all__ = ["Misplaced", "bounded_filters", "bounded_range", "check_operands", "segment"]

_MAX_BITS: Final = 4096
"""Longest whole number, in bits; Python itself prints no more than 4,300 digits."""

_MAX_OTHER: Final = 400
"""Longest print of any other plain value, in characters: `%f` of the largest float has 317."""

_MAX_PRECISION: Final = 100
"""Most digits that `round` is asked for; a float has 17."""

_SPECIFIER: Final = re.compile(
    r"%(?:\([^)]*\))?[-+ #0]*(?P<width>\d+|\*)?(?:\.(?P<precision>\d+|\*))?"
)


class Misplaced(Exception):  # noqa: N818 - it never leaves this room
    """A value would leave its place in an address."""


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
        allow(left.bit_length() * max(right, 0), _MAX_BITS, "max_items")


def _check_product(left: object, right: object) -> None:
    if isinstance(left, int) and isinstance(right, int):
        allow(left.bit_length() + right.bit_length(), _MAX_BITS, "max_items")
    for sized, count in ((left, right), (right, left)):
        if _is_sized(sized) and isinstance(count, int):
            _check_size(sized, len(sized) * count)  # type: ignore[arg-type]


def _is_sized(value: object) -> bool:
    return isinstance(value, str | list | tuple)


def _check_size(like: object, size: int) -> None:
    limits = current()
    if isinstance(like, str):
        allow(size, limits.max_characters, "max_characters")
    else:
        allow(size, limits.max_items, "max_items")


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
    allow(size, current().max_characters, "max_characters")


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
    allow(len(made), current().max_items, "max_items")
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
    allow(size, current().max_characters, "max_characters")


def _items(count: object) -> None:
    if isinstance(count, int):
        allow(count, current().max_items, "max_items")


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
    allow(abs(precision), _MAX_PRECISION, "max_items")


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
