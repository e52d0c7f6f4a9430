"""Identifiers that a pack declares: shapes that are personal there and nobody's elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from guardedpersonalize.check.context import Detection
from guardedpersonalize.check.expressions import inner_of, parsed
from guardedpersonalize.check.pii.hints import Hints, weigh
from guardedpersonalize.check.pii.look_alikes import as_seen
from guardedpersonalize.check.pii.resolve import resolve
from guardedpersonalize.check.pii.rows import bounded_by, one_of_words
from guardedpersonalize.check.pii.windows import windows
from guardedpersonalize.errors import ConfigError

__all__ = ["DeclaredDetector", "Identifier", "Shape"]

_LONGEST: Final = 500
_MOST_REPEATS: Final = 100
_FEW_REPEATS: Final = 16
_MOST_WAYS: Final = 1000
"""Ways to read a pattern at one place: what may repeat or be missing, multiplied (house choice)."""
_SURE: Final = 0.9
_WEAK: Final = 0.1

Word = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^A-Z]+$")]


class Shape(BaseModel):
    """
    `[reader.identifiers.<name>]` in pack.toml.

    Args:
        pattern: A regular expression in which every repetition is bounded, as in `FB-[0-9]{6}`.
        entity: What it is.
        words: Words, in small letters, one of which has to stand beside it; empty for none.
        case: True where capitals matter.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    pattern: Annotated[str, Field(min_length=1, max_length=_LONGEST)]
    entity: Literal["ACCOUNT_ID", "ORDER_NUMBER", "USER_NAME", "VEHICLE_PLATE"] = "ACCOUNT_ID"
    words: tuple[Word, ...] = ()
    case: bool = False


@dataclass(frozen=True, slots=True)
class Identifier:
    """
    A shape, ready to be looked for.

    Args:
        entity: The name that detections carry.
        regex: Matches no part of a longer word.
        hints: Words of which one has to stand beside it; None where none has to.
    """

    entity: str
    regex: re.Pattern[str]
    hints: Hints | None

    @classmethod
    def of(cls, shape: Shape) -> Identifier:
        """
        Prepare *shape*.

        Raises:
            ConfigError: GP122, if the pattern cannot be read or matches nothing at all; GP124, if
                a repetition in it is not bounded, so that it could be slow.
        """
        fault = _fault(shape.pattern)
        if fault is not None:
            raise fault
        regex = bounded_by(shape.pattern, 0 if shape.case else re.IGNORECASE)
        return cls(
            shape.entity, regex, Hints.of(one_of_words(shape.words)) if shape.words else None
        )

    def find(self, text: str) -> Iterator[Detection]:
        """Yield the hits in *text*."""
        for match in self.regex.finditer(text):
            score = _SURE
            if self.hints is not None:
                score = weigh(text, *match.span(), _WEAK, self.hints)
            if score > _WEAK and match[0]:
                yield Detection(self.entity, *match.span(), score)


def _fault(pattern: str) -> ConfigError | None:
    try:
        regex = re.compile(pattern)
    except re.error as err:
        why = err.msg
    else:
        if regex.search("") is not None:
            message = "the pattern of an identifier matches where nothing stands."
            return ConfigError("GP122", message, remedy="Ask for at least one character.")
        if _ways(parsed(pattern)) > _MOST_WAYS:
            message = "the pattern of an identifier could take too long."
            remedy = "Bound its repetitions, as in [0-9]{4,8}, and leave out what may be missing."
            return ConfigError("GP124", message, remedy=remedy)
        return None
    return ConfigError("GP122", f"the pattern of an identifier cannot be read: {why}.")


def _ways(expression: Any) -> int:  # noqa: ANN401  # re tells no type
    """Return in how many ways, at most, *expression* can be tried at one place of a text."""
    ways = 1
    for operator, argument in expression:
        inside = sum(map(_ways, inner_of(argument))) or 1
        if str(operator) in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
            low, high = int(argument[0]), int(argument[1])
            if high > _MOST_REPEATS:
                return _MOST_WAYS + 1
            ways *= high - low + 1
            inside = min(inside ** min(high, _FEW_REPEATS), _MOST_WAYS + 1)
        ways = min(ways * inside, _MOST_WAYS + 1)
    return ways


class DeclaredDetector:
    """
    Finds the identifiers that a pack declares.

    Args:
        identifiers: What they look like.
    """

    name = "declared"

    def __init__(self, identifiers: Sequence[Identifier]) -> None:
        self._identifiers = tuple(identifiers)

    def detect(self, text: str, *, lang: str, regions: Sequence[str]) -> list[Detection]:  # noqa: ARG002
        """Return what is in *text*, without overlaps, in order; *lang*, *regions* do not matter."""
        read, offsets = as_seen(text)
        found = {
            Detection(one.entity, window.start + hit.start, window.start + hit.end, hit.score)
            for window in windows(len(read))
            for one in self._identifiers
            for hit in one.find(read[window.start : window.end])
            if window.first <= window.start + hit.start < window.last
        }
        if offsets is None:
            return resolve(found)
        return resolve(
            Detection(hit.entity, offsets[hit.start], offsets.stop(hit.end - 1), hit.score)
            for hit in found
        )
