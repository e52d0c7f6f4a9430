"""
A text as overlapping windows of sentences: what the reader model reads at a time.

A verdict belongs to a window, never to the whole mail: one clause that crosses the line is found
beside ten that are fine. Training cuts its texts with these same functions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from guardedpersonalize.check.reading import overlapping

__all__ = ["SENTENCES", "STRIDE", "is_abbreviated", "sentences", "touched", "windows"]

SENTENCES: Final = 3
"""Sentences in a window: enough for "that" and "it" to mean something."""

STRIDE: Final = 2
"""Sentences from one window to the next; each is read beside at least one neighbour."""

_LONGEST_WINDOW: Final = 500
"""Characters after which a window takes no further sentence."""

# A full stop ends a sentence before a blank and what may start the next; so does a line's end.
_END: Final = re.compile(r"""[.!?\u2026\u3002\uff01\uff1f]+["'\u2019\u201d)\]]*(?=\s)|\n+""")
_ABBREVIATED: Final = re.compile(
    r"(?:^|[\s(])(?:mr|mrs|ms|dr|st|no|vs|etc|e\.g|i\.e|approx|[a-z])\.$", re.IGNORECASE
)
_LONGEST_ABBREVIATED: Final = 8
"""Characters of the longest one, with its full stop and the blank before it."""


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the spans of the sentences of *text*, without the blanks around them."""
    found: list[tuple[int, int]] = []
    start = 0
    for end in _ends(text):
        piece = text[start:end]
        bare = piece.strip()
        if bare:
            first = start + len(piece) - len(piece.lstrip())
            found.append((first, first + len(bare)))
        start = end
    return found


def _ends(text: str) -> Iterator[int]:
    for end in _END.finditer(text):
        if end[0] != "." or not is_abbreviated(text, end.end()):
            yield end.end()
    yield len(text)


def is_abbreviated(text: str, end: int) -> bool:
    """Tell whether `text[:end]` ends with the full stop of an abbreviation, as "St." does."""
    return _ABBREVIATED.search(text, max(0, end - _LONGEST_ABBREVIATED), end) is not None


def touched(spans: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int]:
    """
    Return from where to where the sentences reach that share a character with a place.

    Args:
        spans: The sentences of the text, in order.
        start: First character of the place.
        end: One past its last; it is returned as it is where it touches no sentence.
    """
    hit = overlapping(spans, start, end)
    return (hit[0][0], hit[-1][1]) if hit else (start, end)


def windows(text: str) -> list[tuple[int, int]]:
    """
    Return the spans that are read one at a time, in order.

    Each sentence is in at least one window and beside its neighbours in one; none is cut.
    """
    parts = sentences(text)
    found: list[tuple[int, int]] = []
    first = 0
    while first < len(parts):
        last = first
        while (
            last + 1 < len(parts)
            and last + 1 < first + SENTENCES
            and parts[last + 1][1] - parts[first][0] <= _LONGEST_WINDOW
        ):
            last += 1
        found.append((parts[first][0], parts[last][1]))
        if last + 1 == len(parts):
            break
        first = max(first + 1, min(first + STRIDE, last))
    return found
