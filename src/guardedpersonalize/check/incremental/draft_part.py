"""One part of a draft, as far as it is known."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from guardedpersonalize.check.block_reader import SHOWN
from guardedpersonalize.check.blocks import read_in_blocks
from guardedpersonalize.check.echo import EchoIndex, find_echoes
from guardedpersonalize.check.finding import Finding
from guardedpersonalize.check.incremental.plan import BlockPlan, PartPlan, Place, Written
from guardedpersonalize.check.incremental.sketch import Anchor, anchor
from guardedpersonalize.check.incremental.values import shown
from guardedpersonalize.check.kept import Kept, mark
from guardedpersonalize.check.language import Tally
from guardedpersonalize.check.message import PartReading
from guardedpersonalize.check.reading import ReadPart, Region

if TYPE_CHECKING:
    from guardedpersonalize.check.block_reader import BlockReading
    from guardedpersonalize.check.context import CheckContext
    from guardedpersonalize.check.incremental.symbols import Symbols
    from guardedpersonalize.check.rules import RuleSet
    from guardedpersonalize.render.draft import Part, PartKind

__all__ = ["Blocks", "DraftPart", "Known", "Planned"]


class Blocks:
    """
    Numbers for the blocks of the plans of one path. Threads may share it.

    Plans of one path differ in the values that belong to them, and where none of these stands in a
    block, it is the same block, and is known for all.

    Args:
        number: Gives numbers that were not given out before.
    """

    def __init__(self, number: Callable[[], int]) -> None:
        self._number = number
        self._known: dict[Hashable, int] = {}

    def number_of(self, block: BlockPlan) -> int:
        """Return what stands for *block* in keys."""
        if block.sketch is None or block.sketch.chunks != {place.chunk for place in block.places}:
            return self._number()
        key = (block.kind, block.is_partial, block.places, block.sketch)
        return self._known.setdefault(key, self._number())


class Planned:
    """
    A plan, made ready for keys.

    Args:
        number: Stands for it in keys.
        layout: The plan.
        kind: Of the part.
        symbols: What tells values from others.
        blocks: Numbers its blocks.
    """

    __slots__ = ("_blocks", "_entries", "layout", "number")

    def __init__(
        self, number: int, layout: PartPlan, kind: PartKind, symbols: Symbols, blocks: Blocks
    ) -> None:
        self.number = number
        self.layout = layout
        tokens = {chunk for chunk, is_token in layout.free if is_token}
        places = sorted({place for block in layout.blocks for place in block.places}, key=_order)
        at = {place: index for index, place in enumerate(places)}
        self._entries = [
            (chunk, *symbols.of(how, kind, is_token=chunk in tokens)) for chunk, how in places
        ]
        self._blocks = [
            (blocks.number_of(block), tuple([at[place] for place in block.places]))
            for block in layout.blocks
        ]

    @property
    def written(self) -> Sequence[Written]:
        """Where slots wrote."""
        return self.layout.written

    def symbols(self, texts: Sequence[str]) -> list[Hashable | None]:
        """Return what tells the values of *texts* from others; None for one that is not plain."""
        return [
            known(mark(texts[chunk])) or tell(texts[chunk]) for chunk, known, tell in self._entries
        ]

    def stuck(self, told: Sequence[Hashable | None]) -> frozenset[int]:
        """Return the chunks for which nothing is *told*."""
        entries = zip(self._entries, told, strict=True)
        return frozenset(entry[0] for entry, symbol in entries if symbol is None)

    def keys(self, told: Sequence[Hashable | None]) -> list[Hashable]:
        """Return the keys of its blocks, where values are told apart by *told*."""
        return [(number, *[told[index] for index in indices]) for number, indices in self._blocks]


def _order(place: Place) -> tuple[int, str]:
    return place.chunk, place.how.value


class _Anchored(NamedTuple):
    """A finding by the chunks that it starts and ends in, and its offsets there."""

    finding: Finding
    start: Anchor
    end: Anchor
    visible: int | None
    """Where it starts in the visible text of its block."""


class Known(NamedTuple):
    """What is known of a block, wherever in a part it comes to stand."""

    findings: tuple[_Anchored, ...]
    present: frozenset[str]
    tally: Tally


class DraftPart:
    """
    A part, its plan, and what is known of its blocks.

    Args:
        part: The part.
        plan: What it looks like.
        told: What tells their values from others, as the plan has it.
        readings: What is known of blocks.
    """

    __slots__ = (
        "_known",
        "_plan",
        "_read",
        "is_known",
        "key",
        "number",
        "part",
    )

    def __init__(
        self,
        part: Part,
        plan: Planned,
        told: Sequence[Hashable | None],
        readings: Kept[Known],
    ) -> None:
        self.part = part
        self.number = plan.number
        self._plan = plan.layout
        self._read: ReadPart | None = None
        self.is_known = True
        self.key = plan.keys(told)
        self._known = list(map(readings.get, self.key))

    @property
    def present(self) -> frozenset[str]:
        """Ids of the rules whose element stands in the part; ask when all is known."""
        return frozenset[str]().union(*[known.present for known in self._known if known])

    @property
    def told(self) -> tuple[Hashable, ...]:
        """What a verdict on the message hangs on; ask when all is known."""
        heard = [
            key
            for key, known in zip(self.key, self._known, strict=True)
            if known is not None and known.findings
        ]
        return self.number, self.present, tuple(heard)

    def tallies(self) -> Iterator[Tally]:
        """Yield what the language of the blocks that are shown is told by."""
        for block, known in zip(self._plan.blocks, self._known, strict=True):
            if block.kind in SHOWN and known is not None:
                yield known.tally

    def shown_keys(self) -> list[Hashable]:
        """Return the keys of the blocks whose language counts."""
        return [
            key
            for block, key in zip(self._plan.blocks, self.key, strict=True)
            if block.kind in SHOWN
        ]

    def _start(self, block: BlockPlan) -> int:
        """Return where *block* starts in what the part shows."""
        texts, kind = self.part.texts, self.part.kind
        return block.first + sum(len(shown(texts[i], kind)) for i in block.before)

    def read(self) -> ReadPart:
        """Return the part as read in full; it is read once."""
        if self._read is None:
            self._read = read_in_blocks(self.part)
        return self._read

    def complete(self, read: Callable[[Part, Region], BlockReading], readings: Kept[Known]) -> bool:
        """Have the blocks *read* that are not known; return False where it is not as planned."""
        missing = [at for at, known in enumerate(self._known) if known is None]
        runs = [self._region(self._plan.blocks[at]) for at in missing]
        if None in runs:
            regions = self.read().regions
            kinds = [(region.kind, region.is_partial) for region in regions]
            if kinds != [(block.kind, block.is_partial) for block in self._plan.blocks]:
                return False
            runs = [regions[at] for at in missing]
        for at, region in zip(missing, runs, strict=True):
            if region is not None:
                reading = read(self.part, region)
                known = self._anchored(reading, region.first)
                self.is_known &= reading.is_known
                self._known[at] = readings.put(self.key[at], known) if reading.is_known else known
        return True

    def _region(self, block: BlockPlan) -> Region | None:
        """Return *block* of this part; None where it cannot be told without reading the part."""
        if block.sketch is None:
            return None
        text, offsets = block.sketch.drawn(self.part)
        return Region(block.kind, text, offsets, block.is_partial, self._start(block))

    def _spoken(self) -> ReadPart:
        """Return the part as read, as far as slots wrote it."""
        blocks = self._plan.blocks
        if self._read is None and all(block.sketch for block in blocks):
            regions = [self._region(one) for one in blocks if one.sketch and one.sketch.chunks]
            return ReadPart(self.part, tuple(filter(None, regions)))
        return self.read()

    def reading(
        self, rules: RuleSet, context: CheckContext, index: EchoIndex | None
    ) -> PartReading:
        """Return the reading of the part, with the echoes that are in *index*."""
        echoes: list[Finding] = []
        if index is not None:
            spoken = self._spoken()
            echoes = list(rules.judge(spoken, context, find_echoes(spoken, context, index=index)))
        findings: list[Finding] = []
        for block, known in zip(self._plan.blocks, self._known, strict=True):
            if known is not None:
                findings += [self._placed(one, block) for one in known.findings]
        return PartReading(self.part, (*findings, *echoes), self.present)

    def _anchored(self, reading: BlockReading, first: int) -> Known:
        found = tuple(
            _Anchored(
                finding,
                anchor(self.part, finding.start),
                anchor(self.part, max(finding.end - 1, finding.start)),
                None if finding.visible_start is None else finding.visible_start - first,
            )
            for finding in reading.findings
        )
        return Known(found, reading.present, reading.tally)

    def _placed(self, one: _Anchored, block: BlockPlan) -> Finding:
        """Return a finding where it stands in this part."""
        finding, offsets = one.finding, self.part.offsets
        start = offsets[one.start[0]] + one.start[1]
        end = offsets[one.end[0]] + one.end[1] + (finding.end > finding.start)
        if one.visible is None or finding.visible_end is None or finding.visible_start is None:
            return replace(finding, start=start, end=end)
        visible = self._start(block) + one.visible
        size = finding.visible_end - finding.visible_start
        return replace(
            finding, start=start, end=end, visible_start=visible, visible_end=visible + size
        )
