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
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from guardedpersonalize.check.needs import AS_ASCII, BLANKS, PART, STRANGE, Needs, needs_of

__all__ = ["EVERYTHING", "Gate", "Gated", "Gates", "Signs"]

_JOINED: Final = re.compile(rf"\d(?:[{PART}]*\d)*")
_DIGIT: Final = re.compile(r"\d")
_RUN: Final = re.compile(r"[^\W_]+")


class Signs:
    """
    What a text has that gates ask for, each looked up once and when first asked for.

    Attributes:
        text: The text.
        lower: The text in small letters.
        letters: The same, its white space as blanks; it ends with a sign if not all is ASCII.
        digits: How many digits it has.
        joined: The most digits that stand together but for blanks, hyphens, dots and slashes.
        run: The most letters and digits that stand together.
        chunk: The most characters that stand together without a blank.
        singles: How many characters stand between blanks alone.
        alphabet: The characters of `letters`.
    """

    __slots__ = (
        "alphabet",
        "chunk",
        "digits",
        "joined",
        "letters",
        "lower",
        "run",
        "singles",
        "text",
    )
    text: str
    lower: str
    letters: str
    digits: int
    joined: int
    run: int
    chunk: int
    singles: int
    alphabet: frozenset[str]

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return f"Signs(<{len(self.text)} characters>)"

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # each has its type above
        """Look up what was not asked for before."""
        if name not in _LOOK_UPS:
            raise AttributeError(name)
        found = _LOOK_UPS[name](self)
        setattr(self, name, found)
        return found


def _letters(signs: Signs) -> str:
    text = signs.text
    if text.isascii():
        return signs.lower.translate(BLANKS)
    return text.translate(AS_ASCII).lower().translate(BLANKS) + STRANGE


def _joined(signs: Signs) -> int:
    if not signs.digits:
        return 0
    return max(len(_DIGIT.findall(found)) for found in _JOINED.findall(signs.text))


_LOOK_UPS: Final[Mapping[str, Callable[[Signs], object]]] = {
    "lower": lambda signs: signs.text.lower(),
    "letters": _letters,
    "digits": lambda signs: len(_DIGIT.findall(signs.text)),
    "joined": _joined,
    "run": lambda signs: max(map(len, _RUN.findall(signs.text)), default=0),
    "chunk": lambda signs: max(map(len, signs.text.split()), default=0),
    "alphabet": lambda signs: frozenset(signs.letters),
    "singles": lambda signs: list(map(len, signs.text.split())).count(1),
}


class _All:
    """Holds whatever it is asked for, and nothing that could be shown."""

    def __contains__(self, _: object) -> bool:
        return True

    def __len__(self) -> int:
        return 0


def _everything() -> Signs:
    signs = Signs(cast("str", _All()))
    signs.lower = signs.letters = signs.text
    signs.digits = signs.joined = signs.run = signs.chunk = signs.singles = sys.maxsize
    return signs


EVERYTHING: Final = _everything()
"""Signs with which every gate is open: for what must not be gated, and to compare with."""


def _holds(letters: str, literals: Sequence[str]) -> bool:
    for literal in literals:  # noqa: SIM110  # a generator would cost more than the rest
        if literal in letters:
            return True
    return False


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
        if literals and not _holds(signs.letters, literals):
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


class Gates:
    """
    Many gates, asked at once.

    A gate with literals is known by a sign of each, the one that fewest texts have: only the gates
    are asked of which such a sign is in the text, and that ask for no more digits or letters in a
    row than it has.

    Args:
        gates: The gates; what is asked for are their places.
    """

    def __init__(self, gates: Sequence[Gate]) -> None:
        self._literals = [gate.needs.literals for gate in gates]
        self._by_sign: dict[str, int] = {}
        self._without = 0
        for place, literals in enumerate(self._literals):
            for literal in literals:
                sign = min(literal, key=_commonness)
                self._by_sign[sign] = self._by_sign.get(sign, 0) | 1 << place
            if not literals:
                self._without |= 1 << place
        self._by_count = [
            (name, _Ladder([getattr(gate.needs, name) for gate in gates])) for name in _COUNTS
        ]

    def open(self, signs: Signs) -> list[int]:
        """Return the places of the gates that are open for a text with these *signs*, in order."""
        if signs is EVERYTHING:
            return list(range(len(self._literals)))
        left, by_sign = self._without, self._by_sign
        for sign in signs.alphabet:
            if sign in by_sign:
                left |= by_sign[sign]
        for name, ladder in self._by_count:
            if not left:
                return []
            left &= ladder.up_to(getattr(signs, name))
        found, letters = [], signs.letters
        while left:
            place = (left & -left).bit_length() - 1
            literals = self._literals[place]
            if not literals or _holds(letters, literals):
                found.append(place)
            left &= left - 1
        return found


class _Ladder:
    """Which gates ask for no more than so many of something, as the bits of a number."""

    def __init__(self, counts: Sequence[int]) -> None:
        self._steps = sorted(set(counts))
        self._bits = [
            sum(1 << place for place, count in enumerate(counts) if count <= step)
            for step in self._steps
        ]

    def up_to(self, count: int) -> int:
        step = bisect_right(self._steps, count)
        return self._bits[step - 1] if step else 0


_COUNTS: Final = ("digits", "joined", "chunk", "run")
_COMMON: Final = "zqxjkvbpygfwmucldrhsnioate .,"
"""The letters of English texts, those that fewest have first, and the marks that all have."""


def _commonness(sign: str) -> int:
    return _COMMON.find(sign)
