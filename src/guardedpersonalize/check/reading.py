"""A part as it is read: regions of text, each with a map back to the part's source."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import overload

from guardedpersonalize.check.gates import Signs
from guardedpersonalize.render.draft import Origin, Part

__all__ = [
    "RUN",
    "Offsets",
    "ReadPart",
    "Region",
    "RegionKind",
    "Writer",
    "in_order",
    "overlapping",
    "slot_spans",
]

RUN = -1
"""In `Offsets.stops`, of a piece whose characters stand in the source one by one."""


class RegionKind(StrEnum):
    """Where in a part a reader, or a reader of the source, meets the text."""

    PLAIN = "plain"
    """The whole of a text or header part; of a calendar or a card in it what a client shows."""
    VISIBLE = "visible"
    """What a mail client shows of an HTML part, in reading order."""
    PREHEADER = "preheader"
    """Hidden first text of an HTML part, which an inbox shows beside the subject."""
    HIDDEN = "hidden"
    """Text that styles hide."""
    LINK = "link"
    """A link target, percent-decoded."""
    ALT = "alt"
    """Alternative text of an image."""
    TITLE = "title"
    """A title or aria attribute, or the document's title."""
    COMMENT = "comment"
    """An HTML comment."""
    META = "meta"
    """Content of a meta element, or another attribute that carries text."""


@dataclass(frozen=True, slots=True)
class Offsets(Sequence[int]):
    """
    The source offset of each character of a text, and of its end, kept as pieces.

    A piece is a *run* (each character stands for one of the source, in order) or a *spot* (all
    its characters stand for the same stretch of the source, as `@` does for `&#64;`).

    Args:
        at: Where each piece starts in the text, ascending.
        starts: Where it starts in the source.
        stops: Where its source ends, for a spot; -1 for a run.
        length: Characters of the text.
        end: Source offset of the end of the text.
    """

    at: tuple[int, ...]
    starts: tuple[int, ...]
    stops: tuple[int, ...]
    length: int
    end: int

    def __len__(self) -> int:
        return self.length + 1

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[int, ...]: ...
    def __getitem__(self, index: int | slice) -> int | tuple[int, ...]:
        if isinstance(index, slice):
            return tuple(self[i] for i in range(*index.indices(len(self))))
        index += len(self) if index < 0 else 0
        if not 0 <= index <= self.length:
            raise IndexError("offset out of range")
        return self.end if index == self.length else self._stretch(index)[0]

    def first_from(self, source: int) -> int:
        """Return the first character that stands for *source* or what follows; as bisect_left."""
        piece = bisect_left(self.starts, source)
        at = self.at[piece] if piece < len(self.at) else self.length
        if piece and self.stops[piece - 1] == RUN:
            at = min(at, self.at[piece - 1] + source - self.starts[piece - 1])
        return at

    def stop(self, index: int) -> int:
        """Return where the source of character *index* ends."""
        return self._stretch(index)[1]

    def _stretch(self, index: int) -> tuple[int, int]:
        piece = bisect_right(self.at, index) - 1
        start, stop = self.starts[piece], self.stops[piece]
        if stop != RUN:
            return start, stop
        start += index - self.at[piece]
        return start, start + 1

    def pieces(self, start: int, end: int) -> Iterator[tuple[int, int, int, int]]:
        """Yield `(from, to, source start, source stop or -1)` for the pieces of `[start, end)`."""
        piece = max(bisect_right(self.at, start) - 1, 0)
        while start < end:
            last = piece + 1 == len(self.at)
            to = end if last else min(end, self.at[piece + 1])
            stop = self.stops[piece]
            source = self.starts[piece] + (start - self.at[piece] if stop == RUN else 0)
            yield start, to, source, stop
            start, piece = to, piece + 1


class Writer:
    """Builds a text and its `Offsets` from pieces of a source."""

    __slots__ = ("_at", "_length", "_next", "_starts", "_stops", "_texts")

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._at: list[int] = []
        self._starts: list[int] = []
        self._stops: list[int] = []
        self._length = 0
        self._next = RUN

    def __bool__(self) -> bool:
        return self._length > 0

    def copy(self, text: str, source: int) -> None:
        """Add *text*, which stands in the source at *source* as it is."""
        if not text:
            return
        if source != self._next:
            self._piece(source, RUN)
        self._texts.append(text)
        self._length += len(text)
        self._next = source + len(text)

    def put(self, text: str, start: int, stop: int) -> None:
        """Add *text*, all of which stands for `[start, stop)` of the source."""
        if not text:
            return
        self._piece(start, stop)
        self._texts.append(text)
        self._length += len(text)
        self._next = RUN

    def take(self, text: str, offsets: Offsets, start: int, end: int) -> None:
        """Add `text[start:end]` of a text that is mapped itself, so that maps can follow maps."""
        for a, b, source, stop in offsets.pieces(start, end):
            if stop == RUN:
                self.copy(text[a:b], source)
            else:
                self.put(text[a:b], source, stop)

    def done(self, end: int) -> tuple[str, Offsets]:
        """Return the text and its offsets; *end* is the source offset after its last character."""
        at, starts, stops = tuple(self._at), tuple(self._starts), tuple(self._stops)
        return "".join(self._texts), Offsets(at, starts, stops, self._length, end)

    def _piece(self, start: int, stop: int) -> None:
        self._at.append(self._length)
        self._starts.append(start)
        self._stops.append(stop)


@dataclass(frozen=True, slots=True)
class Region:
    """
    A stretch of text to be read on its own.

    Args:
        kind: What it is.
        text: The text as read: entities and percent-encoding decoded, white space as shown.
        offsets: `len(text) + 1` source offsets: of each character, and of the end.
        is_partial: True for what only some clients show, beside what all of them do: nothing
            that every reader needs may stand there alone.
        first: Where the text starts in what the part shows, for a block of it.
        signs: What the text has that expressions ask for.
    """

    kind: RegionKind
    text: str
    offsets: Sequence[int]
    is_partial: bool = False
    first: int = 0
    signs: Signs = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "signs", Signs(self.text))

    def __repr__(self) -> str:
        return f"Region({self.kind.value}, <{len(self.text)} characters>)"

    def span_of(self, start: int, end: int) -> tuple[int, int]:
        """Return where in `text` stands what is `[start, end)` in the source; empty if nowhere."""
        offsets = self.offsets
        if isinstance(offsets, Offsets):
            first, last = offsets.first_from(start), offsets.first_from(end)
        else:
            first, last = (bisect_left(offsets, at, 0, len(self.text)) for at in (start, end))
        return first, max(first, last)

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """
        Return the half-open span in the part's source for `[start, end)` of `text`.

        The span ends with the source of its last character: markup that follows is not in it.
        """
        if end <= start:
            return self.offsets[start], self.offsets[start]
        if isinstance(self.offsets, Offsets):
            return self.offsets[start], self.offsets.stop(end - 1)
        return self.offsets[start], max(self.offsets[end - 1] + 1, self.offsets[end])


@dataclass(frozen=True, slots=True)
class ReadPart:
    """A part of a draft and its regions, in reading order."""

    part: Part
    regions: tuple[Region, ...]

    def origins(self, region: Region, start: int, end: int) -> tuple[Origin, ...]:
        """Return the origins of the chunks behind `[start, end)` of *region*, in order."""
        return self.part.origins(*region.source_span(start, end))


def in_order(regions: Iterable[Region]) -> list[Region]:
    """Sort by where they start; the kind and the text only part what starts together."""
    return sorted(regions, key=lambda region: (region.offsets[0], region.kind.value, region.text))


def slot_spans(part: Part) -> Sequence[tuple[int, int]]:
    """Return where the output of slots stands in the source, ascending."""
    return [
        (start, end) for start, end, chunk in part.spans() if chunk.origin.slots and end > start
    ]


def overlapping(
    spans: Sequence[tuple[int, int]], start: int, end: int
) -> Sequence[tuple[int, int]]:
    """Return those of *spans*, which are apart and ascend, that overlap `[start, end)`."""
    first = bisect_right(spans, start, key=lambda span: span[1])
    last = bisect_left(spans, end, lo=first, key=lambda span: span[0])
    return spans[first:last]
