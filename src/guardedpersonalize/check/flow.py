"""Text as a mail client lays it out."""

from __future__ import annotations

from guardedpersonalize.check.decoding import write_reference
from guardedpersonalize.check.reading import Offsets, Writer

__all__ = ["Flow"]


class Flow:
    """Text as a client lays it out: white space collapsed, one line break between blocks."""

    def __init__(self) -> None:
        self._writer = Writer()
        self._waiting: tuple[str, int] | None = None
        self.start = -1
        self.end = 0

    def __bool__(self) -> bool:
        return bool(self._writer)

    def space(self, source: int) -> None:
        """Note white space at *source*; it is written once a word follows on the same line."""
        if self._waiting is None:
            self._waiting = (" ", source)

    def line_break(self, source: int) -> None:
        """Note the edge of a block at *source*."""
        if self._waiting is None or self._waiting[0] == " ":
            self._waiting = ("\n", source)

    def word(self, text: str, start: int) -> None:
        """Write *text*, which stands at *start* as it is."""
        self._write_waiting()
        self._writer.copy(text, start)
        self._reach(start, start + len(text))

    def reference(self, source: str, start: int, stop: int) -> None:
        """Write the character reference `source[start:stop]`."""
        self._write_waiting()
        write_reference(self._writer, source, start, stop)
        self._reach(start, stop)

    def _write_waiting(self) -> None:
        if self._waiting is not None and self._writer:
            text, source = self._waiting
            self._writer.put(text, source, source + 1)
        self._waiting = None

    def _reach(self, start: int, stop: int) -> None:
        self.start = start if self.start < 0 else self.start
        self.end = stop

    def done(self) -> tuple[str, Offsets]:
        """Return what was written, a no-break space shown as a space."""
        text, offsets = self._writer.done(self.end)
        return text.replace("\xa0", " "), offsets
