"""A block without what slots wrote in it, to be drawn again for a part with other values."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from guardedpersonalize.check.blocks import MASK
from guardedpersonalize.check.incremental.values import copy_shown, shown
from guardedpersonalize.check.reading import RUN, Offsets, Region, Writer
from guardedpersonalize.render.draft import Part

__all__ = ["Anchor", "Sketch", "anchor", "sketch_of"]

Anchor: TypeAlias = tuple[int, int]
"""A place in a part: the chunk, and the offset in its text."""


def anchor(part: Part, at: int) -> Anchor:
    """Return which chunk of *part* has the character *at*, and where in it."""
    chunk = max(bisect_right(part.offsets, at, hi=len(part.offsets) - 1) - 1, 0)
    return chunk, at - part.offsets[chunk]


def _behind(part: Part, at: int) -> Anchor:
    """Return the place behind the character before *at*, whatever the length of its chunk."""
    if at == 0:
        return 0, 0
    chunk, offset = anchor(part, at - 1)
    is_last = offset + 1 == len(part.texts[chunk])
    return (chunk + 1, 0) if is_last else (chunk, offset + 1)


class _Stretch(NamedTuple):
    """Words of the template, and where they start; where they stand for other text, its end too."""

    text: str
    start: Anchor
    stop: Anchor | None


class _Hole(NamedTuple):
    """Where a slot wrote: the chunk, and whether it is masked."""

    chunk: int
    is_masked: bool


@dataclass(frozen=True, slots=True)
class Sketch:
    """
    The template's words in a block, and the chunks of slots between them.

    Args:
        pieces: Both, in order.
        end: The place behind the block.
    """

    pieces: tuple[_Stretch | _Hole, ...]
    end: Anchor

    @property
    def chunks(self) -> set[int]:
        """The chunks of slots in it."""
        return {piece.chunk for piece in self.pieces if isinstance(piece, _Hole)}

    def drawn(self, part: Part) -> tuple[str, Offsets]:
        """Return the text of the block in *part*, and where it stands in its source."""
        writer = Writer()
        offsets = part.offsets
        for piece in self.pieces:
            if isinstance(piece, _Hole):
                text, start = part.texts[piece.chunk], offsets[piece.chunk]
                if piece.is_masked:
                    writer.copy(MASK * len(text), start)
                else:
                    copy_shown(writer, text, start, part.kind)
                continue
            start = offsets[piece.start[0]] + piece.start[1]
            if piece.stop is None:
                writer.copy(piece.text, start)
            else:
                writer.put(piece.text, start, offsets[piece.stop[0]] + piece.stop[1])
        return writer.done(offsets[self.end[0]] + self.end[1])


def sketch_of(
    part: Part, region: Region, spans: Mapping[int, tuple[int, int]], masked: Collection[int]
) -> Sketch | None:
    """
    Return the sketch of *region*; None where it shows what a slot wrote in another form.

    Args:
        part: Its part.
        region: The block.
        spans: Chunks of slots -> where they stand in its text, if they do.
        masked: Those that are masked.
    """
    offsets = region.offsets
    if not isinstance(offsets, Offsets) or not region.text:
        return None
    pieces: list[_Stretch | _Hole] = []
    at = 0
    for chunk, (start, end) in sorted(spans.items(), key=lambda one: one[1]):
        if start == end:
            continue
        text = part.texts[chunk]
        text = MASK * len(text) if chunk in masked else shown(text, part.kind)
        if region.text[start:end] != text or offsets[start] != part.offsets[chunk]:
            return None
        pieces += _stretches(part, region.text, offsets, at, start)
        pieces.append(_Hole(chunk, chunk in masked))
        at = end
    pieces += _stretches(part, region.text, offsets, at, len(region.text))
    return Sketch(tuple(pieces), _behind(part, offsets[len(region.text)]))


def _stretches(
    part: Part, text: str, offsets: Offsets, start: int, end: int
) -> list[_Stretch | _Hole]:
    return [
        _Stretch(text[a:b], anchor(part, source), None if stop == RUN else _behind(part, stop))
        for a, b, source, stop in offsets.pieces(start, end)
    ]
