"""
The case of the words behind word pieces.

The model's vocabulary is lower case; "May" and "may", "WILL" and "Will" would be one to it. Each
piece therefore comes with the shape of the word that it is cut from.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

__all__ = ["shapes"]

_NONE: Final = 0
_LOWER: Final = 1
_CAPITAL: Final = 2
_UPPER: Final = 3
_MIXED: Final = 4
_DIGITS: Final = 5

_FARTHEST: Final = 40


def shapes(text: str, offsets: Sequence[tuple[int, int]]) -> list[int]:
    """Return the shape of the word around each of *offsets* in *text*; 0 for no word."""
    found: list[int] = []
    last = (-1, -1)
    shape = _NONE
    for start, end in offsets:
        if start >= end or not text[start:end].strip():
            found.append(_NONE)
            continue
        if not last[0] <= start < last[1]:
            last = _word_around(text, start, end)
            shape = _shape(text[last[0] : last[1]])
        found.append(shape)
    return found


def _word_around(text: str, start: int, end: int) -> tuple[int, int]:
    if not text[start].isalnum():
        return start, end
    last = max(end, start + 1)
    while last < len(text) and last - start < _FARTHEST and text[last].isalnum():
        last += 1
    first = start
    while first and start - first < _FARTHEST and text[first - 1].isalnum():
        first -= 1
    return first, last


def _shape(word: str) -> int:
    if any(c.isdigit() for c in word):
        return _DIGITS
    if not any(c.isalpha() for c in word):
        return _NONE
    if word.islower():
        return _LOWER
    if word[0].isupper() and (len(word) == 1 or word[1:].islower()):
        return _CAPITAL
    return _UPPER if word.isupper() else _MIXED
