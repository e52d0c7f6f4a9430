"""Long texts are read in windows that overlap: no recogniser meets more than it can bear."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

__all__ = ["MARGIN", "SIZE", "Window", "windows"]

SIZE: Final = 20_000
"""Characters of a window without its margins (house choice; an e-mail has a few thousand)."""
MARGIN: Final = 500
"""
Characters that a window goes on to both sides.

The longest identifier, an e-mail address, has 320 octets (RFC 5321); hints reach 60 characters.
"""


@dataclass(frozen=True, slots=True)
class Window:
    """
    `[start, end)` of a text is read; what starts in `[first, last)` is kept.

    Every place of the text is kept by one window, and read by it with a margin to both sides.
    """

    start: int
    end: int
    first: int
    last: int


def windows(length: int, *, size: int = SIZE, margin: int = MARGIN) -> Iterator[Window]:
    """Yield the windows of a text of *length* characters, in order."""
    for first in range(0, length, size):
        last = min(first + size, length)
        yield Window(max(0, first - margin), min(length, last + margin), first, last)
