"""
What a part looks like whichever plain values its slots write: its blocks, and what stands where.

A plan is made from two probes: the part is read with other values in its slots, and whatever comes
through unchanged, in the same places, is free to vary. What does not (a value that decides whether
something is hidden, one that is escaped, one glued to other words) belongs to the plan itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, NamedTuple

from guardedpersonalize.check.blocks import MASK
from guardedpersonalize.check.incremental.sketch import Sketch, sketch_of
from guardedpersonalize.check.incremental.values import decodes, shown
from guardedpersonalize.check.pii.rows import speaks_for_a_row
from guardedpersonalize.check.reader.detector import PROSE
from guardedpersonalize.check.reading import ReadPart, Region, RegionKind
from guardedpersonalize.render.draft import Chunk, Part

__all__ = [
    "UNKNOWN",
    "Beside",
    "BlockPlan",
    "How",
    "PartPlan",
    "Place",
    "Written",
    "plan_of",
]

_SAFE_BEFORE: Final = re.compile(r"[\s(\"\u201c£$€]?")
_SAFE_AFTER: Final = re.compile(r"$|[\s,;!?)%\"\u201d]|:(?:\s|$)|\.(?:\s|$)")
_BEFORE_TOKEN: Final = frozenset("/=")
_AFTER_TOKEN: Final = frozenset(("", "/", "&", "?", "#"))
_DIGIT: Final = re.compile(r"\d")
_ALNUM: Final = re.compile(r"[^\W_]")
_RUNS: Final = re.compile(r"[^\W_]+")
_FREE_IN: Final = PROSE | {RegionKind.LINK}
"""Where a value is only read; in other attributes it may decide how something looks."""
_CUT: Final = re.compile(r"(?:&#?[0-9A-Za-z]{0,31}|%[0-9A-Fa-f]?)\Z")
"""Behind this a value goes on with a character of another's: it is decoded with what precedes."""
_MOST_LOOK_UPS: Final = 50_000
"""Regions times chunks of a part that a plan is made for."""


Beside = tuple[str | int | None, str | int | None]
"""
The words before and after a chunk, "" for none; the number of a chunk that a slot wrote there; None
for what is not known.
"""

UNKNOWN: Final[Beside] = (None, None)


class Written(NamedTuple):
    """
    Where a slot wrote.

    Args:
        chunk: The chunk.
        beside: What stands before and after it.
        is_masked: True where it is masked.
    """

    chunk: int
    beside: Beside
    is_masked: bool


class How(Enum):
    """What of a value tells one block from another."""

    SHAPE = "shape"
    """Its shape, if it is plain words that nothing looks for; else the value."""
    VALUE = "value"
    """The value."""
    LENGTH = "length"
    """Its length: it is masked there."""
    OPAQUE = "opaque"
    """Its length, if no recogniser can find anything in it; else the value."""


class Place(NamedTuple):
    """A chunk in a block, and what of it counts there."""

    chunk: int
    how: How


@dataclass(frozen=True, slots=True)
class BlockPlan:
    """
    A block.

    Args:
        kind: Where a reader meets it.
        is_partial: As of its region.
        places: The chunks in it that are free to vary.
        first: Where its text starts in what the part shows, without the chunks before it.
        before: The chunks that stand before it there.
        sketch: Draws it again for other values; None where that cannot be done.
    """

    kind: RegionKind
    is_partial: bool
    places: tuple[Place, ...]
    first: int
    before: tuple[int, ...]
    sketch: Sketch | None


@dataclass(frozen=True, slots=True)
class PartPlan:
    """
    The blocks of a part.

    Args:
        blocks: In the order in which they are read.
        free: The chunks that are free to vary, and whether within a web address.
        fixed: Chunks of slots whose values belong to the plan.
        written: Where slots wrote, each once for all places with the same words beside it.
    """

    blocks: tuple[BlockPlan, ...]
    free: tuple[tuple[int, bool], ...]
    fixed: frozenset[int]
    written: tuple[Written, ...]


Read = Callable[[Part], ReadPart]

_PROBE: Final = "Qzvkx"
_OTHER_PROBES: Final = ("QZ9 vkwz 3q", "A_q-7zzk", "QZ9 &#39;vkwz&#39; &amp; 3q", "A_q-7zzk")
"""For words and for tokens, and the same where references are decoded."""


def plan_of(
    part: Part,
    read: Read,
    roles: Iterable[int],
    fixed: Iterable[int],
    *,
    has_shapes: bool = True,
) -> PartPlan | None:
    """
    Return the plan of *part*; None where it has none that holds.

    Args:
        part: As rendered.
        read: How a part is read.
        roles: Chunks whose plain words may be told by their shape.
        fixed: Chunks that are not plain, and so cannot be free.
        has_shapes: False where words and tokens may not be told by their shape.
    """
    slots = [i for i, chunk in enumerate(part.chunks) if chunk.origin.slots]
    if any(_CUT.search(part.text, 0, part.offsets[i]) for i in slots):
        return None
    stuck = set(fixed)
    free = [i for i in slots if i not in stuck]
    probe = _with(part, dict.fromkeys(free, _PROBE))
    regions = read(probe).regions
    if len(regions) * max(len(slots), 1) > _MOST_LOOK_UPS:
        return None
    places = [_places(probe, region, free) for region in regions]
    stuck.update(i for found in places for i in found.changed)
    seen = {i for found in places for i in found.spans}
    tokens = {i for found in places for i in found.spans if found.is_link}
    stuck.update(i for i in free if i not in seen)
    stuck.update(i for found in places for i in found.unsafe)
    stuck.update(i for found in places if not found.is_link for i in found.spans if i in tokens)
    free = [i for i in free if i not in stuck]
    tokens -= stuck
    chosen = dict.fromkeys(free, _PROBE)
    first = _Laid(part, chosen, read)
    others = _OTHER_PROBES[2:] if decodes(part.kind) else _OTHER_PROBES
    chosen = {i: others[i in tokens] for i in free}
    if not first.holds(_with(part, chosen), chosen, read):
        return None
    blocks = first.blocks(set(roles), has_shapes=has_shapes)
    return PartPlan(
        blocks,
        tuple((i, i in tokens) for i in free),
        frozenset(i for i in slots if i in stuck),
        first.written(slots),
    )


def _with(part: Part, values: Mapping[int, str]) -> Part:
    """Return *part* with other texts in some chunks."""
    chunks = (
        Chunk(values[i], chunk.origin) if i in values else chunk
        for i, chunk in enumerate(part.chunks)
    )
    return Part(part.name, part.kind, chunks)


@dataclass(frozen=True, slots=True)
class _Found:
    """Where chunks stand in the text of a region: unchanged or masked, and which are neither."""

    spans: Mapping[int, tuple[int, int]]
    masked: Mapping[int, tuple[int, int]]
    changed: frozenset[int]
    unsafe: frozenset[int]
    is_link: bool

    @property
    def everywhere(self) -> dict[int, tuple[int, int]]:
        """Where chunks stand, masked or not."""
        return {**self.spans, **self.masked}


def _places(part: Part, region: Region, free: Sequence[int]) -> _Found:
    text = region.text
    is_link = region.kind is RegionKind.LINK
    spans: dict[int, tuple[int, int]] = {}
    masked: dict[int, tuple[int, int]] = {}
    changed, unsafe = set(), set()
    for i in free:
        first, last = _span(part, region, i)
        if first == last:
            continue
        if text[first:last] == MASK * len(part.texts[i]):
            masked[i] = (first, last)
        elif _is_as_read(part, region, i, first, last):
            spans[i] = (first, last)
            if region.kind not in _FREE_IN or not _is_apart(region, first, last):
                unsafe.add(i)
        else:
            changed.add(i)
    return _Found(spans, masked, frozenset(changed), frozenset(unsafe), is_link)


def _span(part: Part, region: Region, chunk: int) -> tuple[int, int]:
    """Return where a chunk stands in the text of *region*; empty where it does not."""
    return region.span_of(part.offsets[chunk], part.offsets[chunk + 1])


def _is_as_read(part: Part, region: Region, chunk: int, start: int, end: int) -> bool:
    """Tell whether `[start, end)` of *region* is a chunk of *part* as it was written."""
    is_same = region.text[start:end] == shown(part.texts[chunk], part.kind)
    return is_same and region.offsets[start] == part.offsets[chunk]


def _is_apart(region: Region, start: int, end: int) -> bool:
    """Tell whether what stands beside `[start, end)` of *region* leaves it a word of its own."""
    before, after = region.text[max(start - 1, 0) : start], region.text[end : end + 2]
    if region.kind is RegionKind.LINK:
        return before in _BEFORE_TOKEN and after[:1] in _AFTER_TOKEN
    return bool(_SAFE_BEFORE.fullmatch(before) and _SAFE_AFTER.match(after))


class _Laid:
    """A part laid out with probes in its free chunks."""

    def __init__(self, part: Part, values: Mapping[int, str], read: Read) -> None:
        probe = _with(part, values)
        self._part = probe
        self._values = values
        self._regions = read(probe).regions
        self._found = [_places(probe, region, list(values)) for region in self._regions]
        self._others = [
            i for i, chunk in enumerate(part.chunks) if chunk.origin.slots and i not in values
        ]
        self._written: dict[Written, None] = {}

    def holds(self, other: Part, values: Mapping[int, str], read: Read) -> bool:
        """Tell whether *other*, with *values*, is laid out as this one."""
        regions = read(other).regions
        return len(regions) == len(self._regions) and all(
            (mine.kind, mine.is_partial) == (its.kind, its.is_partial)
            and not found.changed
            and its.text == self._filled(mine, found, values)
            for mine, its, found in zip(self._regions, regions, self._found, strict=True)
        )

    def _shown(self, value: str) -> str:
        return shown(value, self._part.kind)

    def _filled(self, region: Region, found: _Found, values: Mapping[int, str]) -> str:
        """Return the text of *region* with *values* in place of the probes."""
        text, at, pieces = region.text, 0, []
        for i, (start, end) in sorted(found.everywhere.items(), key=lambda one: one[1]):
            value = MASK * len(values[i]) if i in found.masked else self._shown(values[i])
            pieces += [text[at:start], value]
            at = end
        return "".join([*pieces, text[at:]])

    def blocks(self, roles: set[int], *, has_shapes: bool) -> tuple[BlockPlan, ...]:
        """Return the plans of the blocks."""
        made: list[BlockPlan] = []
        before: dict[RegionKind, list[int]] = {}
        for region, found in zip(self._regions, self._found, strict=True):
            earlier = before.setdefault(region.kind, []) if region.first else []
            if not region.first:
                before[region.kind] = earlier
            spans = found.everywhere
            everywhere = spans | {i: _span(self._part, region, i) for i in self._others}
            places = []
            for i in sorted(spans, key=lambda i: spans[i]):
                beside = _Beside.of(region.text, everywhere, i)
                words = beside.words(found.masked)
                how = How.VALUE
                if found.is_link and has_shapes:
                    is_named = speaks_for_a_row(region.text)
                    how = How.VALUE if is_named or len(spans) > 1 else How.OPAQUE
                elif i in roles and has_shapes and not beside.is_numbered:
                    how = How.SHAPE
                is_masked = i in found.masked
                self._written[Written(i, words, is_masked)] = None
                places.append(Place(i, How.LENGTH if is_masked else how))
            for i in self._others:
                start, end = everywhere[i]
                if start < end:
                    words = UNKNOWN
                    is_as_read = _is_as_read(self._part, region, i, start, end)
                    if is_as_read and _is_apart(region, start, end):
                        words = _Beside.of(region.text, everywhere, i).words(found.masked)
                    self._written[Written(i, words, is_masked=False)] = None
            first = region.first - sum(len(self._values[i]) for i in earlier)
            sketch = sketch_of(self._part, region, everywhere, found.masked)
            made.append(
                BlockPlan(
                    region.kind, region.is_partial, tuple(places), first, tuple(earlier), sketch
                )
            )
            earlier += [place.chunk for place in places]
        return tuple(made)

    def written(self, slots: Sequence[int]) -> tuple[Written, ...]:
        """Return where *slots* wrote; ask for the `blocks` before."""
        known = {one.chunk for one in self._written if not one.is_masked}
        lost = (Written(i, UNKNOWN, is_masked=False) for i in slots if i not in known)
        return (*self._written, *lost)


@dataclass(frozen=True, slots=True)
class _Beside:
    """The template's own text before and after a chunk, and the chunks of slots behind these."""

    before: str
    after: str
    slot_before: int | None
    slot_after: int | None

    @classmethod
    def of(cls, text: str, spans: Mapping[int, tuple[int, int]], chunk: int) -> _Beside:
        start, end = spans[chunk]
        low = max(((b, i) for i, (a, b) in spans.items() if b <= start and a < b), default=None)
        high = min(((a, i) for i, (a, b) in spans.items() if a >= end and a < b), default=None)
        before = text[low[0] if low else 0 : start]
        after = text[end : high[0] if high else None]
        return cls(before, after, low and low[1], high and high[1])

    def words(self, masked: Container[int]) -> Beside:
        """Return the nearest words, in small letters, or the chunk of the slot that wrote them."""
        before, after = (
            _plain(words, None if slot in masked else slot, has_slot=slot is not None)
            for words, slot in (
                (_RUNS.findall(self.before)[-1:], self.slot_before),
                (_RUNS.findall(self.after)[:1], self.slot_after),
            )
        )
        return before, after

    @property
    def is_numbered(self) -> bool:
        """True where a number stands beside it, or may."""
        before = [word for word in self.before.split() if _ALNUM.search(word)][-1:]
        after = [word for word in self.after.split() if _ALNUM.search(word)][:1]
        has_slot = self.slot_before is not None and not before
        if has_slot or (self.slot_after is not None and not after):
            return True
        return any(_DIGIT.search(word) for word in (*before, *after))


def _plain(words: Sequence[str], slot: int | None, *, has_slot: bool) -> str | int | None:
    """Return the first of *words*, or the *slot* that stands instead; None if it is not plain."""
    if not words:
        return slot if has_slot else ""
    return words[0].lower() if words[0].isascii() else None
