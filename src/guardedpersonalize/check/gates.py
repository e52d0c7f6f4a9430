"""
What a text must have for an expression to match in it, worked out from the expression.

Most expressions of the catalogue can match in hardly any text: one asks for "unsubscrib", one for
nine digits in a row, one for a word of 26 letters and digits. Such conditions are read off the
expression as the parser of `re` sees it, and asked of the text before the expression is tried. They
are necessary ones: where one does not hold, there is no match; where all hold, there may be one.
"""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, cast

from guardedpersonalize.check.needs import AS_ASCII, BLANKS, PART, STRANGE, Needs, needs_of

__all__ = ["EVERYTHING", "Gate", "Gated", "Signs"]

_JOINED: Final = re.compile(rf"\d(?:[{PART}]*\d)*")
_DIGIT: Final = re.compile(r"\d")
_RUN: Final = re.compile(r"[^\W_]+")


class Signs:
    """
    What a text has that gates ask for, each looked up once and when first asked for.

    Args:
        text: The text.
    """

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return f"Signs(<{len(self.text)} characters>)"

    @functools.cached_property
    def lower(self) -> str:
        """The text in small letters."""
        return self.text.lower()

    @functools.cached_property
    def letters(self) -> str:
        """The same, its white space as blanks; it ends with a sign if not all is ASCII."""
        if self.text.isascii():
            return self.lower.translate(BLANKS)
        return self.text.translate(AS_ASCII).lower().translate(BLANKS) + STRANGE

    @functools.cached_property
    def digits(self) -> int:
        """How many digits it has."""
        return len(_DIGIT.findall(self.text))

    @functools.cached_property
    def joined(self) -> int:
        """The most digits that stand together but for blanks, hyphens, dots and slashes."""
        if not self.digits:
            return 0
        return max(len(_DIGIT.findall(found)) for found in _JOINED.findall(self.text))

    @functools.cached_property
    def run(self) -> int:
        """The most letters and digits that stand together."""
        return max(map(len, _RUN.findall(self.text)), default=0)

    @functools.cached_property
    def chunk(self) -> int:
        """The most characters that stand together without a blank."""
        return max(self._chunks, default=0)

    @functools.cached_property
    def singles(self) -> int:
        """How many characters stand between blanks alone."""
        return self._chunks.count(1)

    @functools.cached_property
    def _chunks(self) -> list[int]:
        return list(map(len, self.text.split()))


class _All:
    """Holds whatever it is asked for."""

    def __contains__(self, _: object) -> bool:
        return True


class _Everything(Signs):
    text = lower = letters = cast("str", _All())
    digits = joined = run = chunk = singles = sys.maxsize

    def __init__(self) -> None:
        pass


EVERYTHING: Final = _Everything()
"""Signs with which every gate is open: for what must not be gated, and to compare with."""


class Gate:
    """
    Tells whether an expression may match in a text.

    Args:
        needs: What each match has.
    """

    __slots__ = ("needs",)

    def __init__(self, needs: Needs) -> None:
        self.needs: Final = needs

    @classmethod
    @functools.lru_cache(maxsize=4096)
    def of(cls, source: str, flags: int = 0) -> Gate:
        """Return the gate of the expression *source*; it is always open where nothing is known."""
        return cls(needs_of(source, flags))

    def lets(self, signs: Signs) -> bool:
        """Tell whether there may be a match in a text with these *signs*."""
        literals, digits, joined, run, chunk = self.needs
        if digits and (digits > signs.digits or joined > signs.joined):
            return False
        if literals:
            letters = signs.letters
            for literal in literals:
                if literal in letters:
                    break
            else:
                return False
        return chunk <= signs.chunk and run <= signs.run


@dataclass(frozen=True, slots=True)
class Gated:
    """
    An expression behind its gate.

    Args:
        regex: The expression.
        gate: What its matches have.
    """

    regex: re.Pattern[str]
    gate: Gate

    @classmethod
    def of(cls, regex: re.Pattern[str]) -> Gated:
        """Put *regex* behind the gate that is worked out from it."""
        return cls(regex, Gate.of(regex.pattern, regex.flags))

    def finditer(self, text: str, signs: Signs) -> Iterator[re.Match[str]]:
        """Return the matches in *text*, which has these *signs*."""
        return self.regex.finditer(text) if self.gate.lets(signs) else iter(())

    def is_in(self, text: str, signs: Signs) -> bool:
        """Tell whether *text*, which has these *signs*, has a match."""
        return self.gate.lets(signs) and self.regex.search(text) is not None
