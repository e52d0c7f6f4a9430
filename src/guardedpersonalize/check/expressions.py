"""Regular expressions from packs and rules: taken only if no text can make them slow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from guardedpersonalize.errors import ConfigError

__all__ = ["inner_of", "linear", "parsed"]

_LONGEST_PATTERN: Final = 2000
_MOST_REPEATS: Final = 500
"""A bounded repetition of more than this may be as slow as an unbounded one (house choice)."""


def linear(source: str, flags: int = 0) -> re.Pattern[str]:
    """
    Compile *source*, if no text can make it slow.

    Refused are expressions that are not valid, longer than 2,000 characters, or that repeat
    without bound what is itself repeated without bound, as `(a+)+` does.

    Raises:
        ConfigError: GP122, if it is no regular expression; GP124, if it could be slow.
    """
    try:
        regex = re.compile(source, flags)
    except re.error as err:
        fault = err.msg
    else:
        if len(source) > _LONGEST_PATTERN or _nests(parsed(source, flags)):
            raise ConfigError(
                "GP124",
                f"the expression {source[:80]!r} could take too long.",
                remedy="Bound its repetitions, and repeat nothing that repeats.",
            )
        return regex
    raise ConfigError("GP122", f"the expression {source[:80]!r} cannot be read: {fault}.")


def _nests(expression: Any, *, inside: bool = False) -> bool:  # noqa: ANN401  # re tells no type
    """Tell whether an unbounded repetition stands inside another."""
    for operator, argument in expression:
        repeats = str(operator) in {"MAX_REPEAT", "MIN_REPEAT"} and argument[1] > _MOST_REPEATS
        if repeats and inside:
            return True
        if any(_nests(one, inside=inside or repeats) for one in inner_of(argument)):
            return True
    return False


def parsed(source: str, flags: int = 0) -> Any:  # noqa: ANN401  # re tells no type
    """Return a valid expression as pairs of an operator and its argument."""
    # The parser of `re` is private, and the only one that reads what `re` reads.
    return re._parser.parse(source, flags)  # type: ignore[attr-defined]  # noqa: SLF001


def inner_of(argument: Any) -> Iterator[Any]:  # noqa: ANN401  # the same
    """Yield the parsed expressions inside the argument of an operator."""
    if hasattr(argument, "getwidth"):
        yield argument
    elif isinstance(argument, (tuple, list)):
        for part in argument:
            yield from inner_of(part)
