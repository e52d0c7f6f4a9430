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
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from guardedpersonalize.check.needs import AS_ASCII, BLANKS, PART, STRANGE, Needs, needs_of

__all__ = ["EVERYTHING", "Gate", "Gated", "Signs"]

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
    """

    __slots__ = ("chunk", "digits", "joined", "letters", "lower", "run", "singles", "text")
    text: str
    lower: str
    letters: str
    digits: int
    joined: int
    run: int
    chunk: int
    singles: int

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
