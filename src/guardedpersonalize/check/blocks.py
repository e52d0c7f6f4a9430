"""
A part cut into blocks: the stretches that are read on their own.

Nothing that a rule or a detector looks for goes from one block into the next. So what is found in a
block depends on its own words alone, and is known where the same block comes again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from guardedpersonalize.check.links import URL
from guardedpersonalize.check.matchers.base import slot_ranges
from guardedpersonalize.check.parts import read_part
from guardedpersonalize.check.reader.windows import is_abbreviated
from guardedpersonalize.check.reading import Offsets, ReadPart, Region, RegionKind, Writer
from guardedpersonalize.render.draft import Part

__all__ = ["MASK", "in_blocks", "read_in_blocks"]

MASK: Final = "x"
"""What stands in prose for each character that a slot wrote into a web address."""

# A block ends with a sentence that is followed by an empty line, or in HTML by the end of a line.
# A line without a full stop, such as a greeting or the cell of a table, goes with what follows.
_BREAK: Final = re.compile(
    r"""[.!?\u2026\u3002\uff01\uff1f]["'\u2019\u201d)\]]{0,3}(?P<blank>[^\S\n]*\n\s*)"""
)
_LINE_BREAKS: Final = {RegionKind.PLAIN: 2, RegionKind.VISIBLE: 1}


def read_in_blocks(part: Part) -> ReadPart:
    """Return *part* as read, its prose cut into blocks."""
    return in_blocks(read_part(part))


def in_blocks(read: ReadPart) -> ReadPart:
    """
    Return *read* with its prose cut into blocks.

    What slots wrote into a web address that stands in the prose is masked there, character by
    character: the address is a region of its own, and is read as it is in that one.
    """
    return ReadPart(read.part, tuple(_blocks_of_all(read)))


def _blocks_of_all(read: ReadPart) -> Iterator[Region]:
    for region in read.regions:
        breaks = _LINE_BREAKS.get(region.kind)
        if breaks is None:
            yield region
        else:
            yield from _blocks(_masked(read, region), breaks)


def _blocks(region: Region, breaks: int) -> Iterator[Region]:
    text, start = region.text, 0
    for found in _BREAK.finditer(text):
        at, after = found.span("blank")
        if after == len(text) or text.count("\n", at, after) < breaks or is_abbreviated(text, at):
            continue
        yield _cut(region, start, at)
        start = after
    yield region if start == 0 else _cut(region, start, len(text))


def _cut(region: Region, start: int, end: int) -> Region:
    """Return `[start, end)` of *region* as a region."""
    offsets = region.offsets
    first = region.first + start
    text = region.text[start:end]
    if not isinstance(offsets, Offsets):
        return replace(region, text=text, offsets=offsets[start : end + 1], first=first)
    writer = Writer()
    writer.take(region.text, offsets, start, end)
    text, mapped = writer.done(offsets.stop(end - 1) if end > start else offsets[start])
    return replace(region, text=text, offsets=mapped, first=first)


def _masked(read: ReadPart, region: Region) -> Region:
    links = [found.span() for found in URL.finditer(region.text)]
    if not links:
        return region
    text = region.text
    for start, end, _ in slot_ranges(read, region):
        for first, last in links:
            low, high = max(start, first), min(end, last)
            if low < high:
                text = text[:low] + MASK * (high - low) + text[high:]
    return region if text is region.text else replace(region, text=text)
