"""Characters that a reader does not see, and look-alikes that stand for plain ones."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from guardedpersonalize.check.reading import Offsets, Writer

__all__ = ["INVISIBLE", "joined", "plain", "word_set"]

INVISIBLE: Final = (
    "\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0000-\U000e01ef"
)
"""Inside of a character class: soft hyphen, joiners, marks of direction, tags, selectors ..."""

_ON_DIGITS: Final = "\u0300-\u036f\u20d0-\u20ff"
"""Combining marks: around a digit (as keycaps have them) or through it, they say nothing."""
_RUNS: Final = re.compile(rf"(?<=\d)[{INVISIBLE}{_ON_DIGITS}]+|[{INVISIBLE}]+")
_INSIDE: Final = re.compile(rf"(?<=\w)[{INVISIBLE}]+(?=\w)")

# Each stands for one character, so no offset moves.
_OTHER_DIGIT: Final = re.compile(r"(?![0-9])\d")

_PLAIN: Final = str.maketrans(
    {
        **dict.fromkeys("\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007", " "),
        **dict.fromkeys("\u2008\u2009\u200a\u202f\u205f\u3000", " "),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-"),
        **dict.fromkeys("\ufe6b\uff20", "@"),
        **dict.fromkeys("\u2018\u2019\u02bc\uff07", "'"),
        "\uff0b": "+",
        "\uff0e": ".",
    }
)


def word_set(words: str) -> frozenset[str]:
    """Return the words of a list that is written as lines of words."""
    return frozenset(words.split())


def plain(text: str) -> tuple[str, Offsets | None]:
    """
    Return *text* without invisible characters, with plain spaces, hyphens, digits and at-signs.

    Returns:
        The text, and its offsets in *text*; None where no character was taken away.
    """
    if text.isascii():
        return text, None
    if not _RUNS.search(text):
        return _in_place(text), None
    kept, offsets = _without(_RUNS, text)
    return _in_place(kept), offsets


def joined(text: str) -> tuple[str, Offsets | None]:
    """
    Return *text* without the invisible characters that stand inside of its words.

    Returns:
        The text, and its offsets in *text*; None where no character was taken away.
    """
    if text.isascii() or not _INSIDE.search(text):
        return text, None
    return _without(_INSIDE, text)


def _without(runs: re.Pattern[str], text: str) -> tuple[str, Offsets]:
    writer, at = Writer(), 0
    for run in runs.finditer(text):
        writer.copy(text[at : run.start()], at)
        at = run.end()
    writer.copy(text[at:], at)
    return writer.done(len(text))


def _in_place(text: str) -> str:
    return _OTHER_DIGIT.sub(_digit, text.translate(_PLAIN))


def _digit(match: re.Match[str]) -> str:
    return str(unicodedata.decimal(match[0]))
