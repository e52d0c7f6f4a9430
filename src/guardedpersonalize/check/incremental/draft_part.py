"""One part of a draft, as far as it is known."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from guardedpersonalize.check.blocks import in_blocks
from guardedpersonalize.check.echo import EchoIndex, find_echoes
from guardedpersonalize.check.finding import Finding
from guardedpersonalize.check.incremental.echoes import Output
from guardedpersonalize.check.incremental.plan import BlockPlan, How, PartPlan
from guardedpersonalize.check.language import Tally
from guardedpersonalize.check.message import PartReading
from guardedpersonalize.check.parts import read_part
from guardedpersonalize.check.pii.opaque import is_opaque

if TYPE_CHECKING:
    from guardedpersonalize.check.block_reader import BlockReader, BlockReading
    from guardedpersonalize.check.context import CheckContext
    from guardedpersonalize.check.incremental.kept import Kept
    from guardedpersonalize.check.reading import ReadPart
    from guardedpersonalize.check.rules import RuleSet
    from guardedpersonalize.render.draft import Part

__all__ = ["DraftPart", "Known", "Planned"]

_NOWHERE: Final = (0, 0)


class Planned(NamedTuple):
    """A plan, or None for a part that has none, and the number that stands for it in keys."""

    number: int
    plan: PartPlan | None


class _Anchored(NamedTuple):
    """A finding by the chunks that it starts and ends in, and its offsets there."""

    finding: Finding
    start: tuple[int, int]
    end: tuple[int, int]
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
        number: Of its plan.
        plan: What it looks like.
        slots: Chunks that slots wrote.
        symbols: Chunk -> what tells its value from others.
        readings: What is known of blocks.
    """

    __slots__ = ("_known", "_plan", "_read", "_slots", "is_suspect", "key", "part")

    def __init__(
        self,
        part: Part,
        number: int,
        plan: PartPlan,
        slots: tuple[int, ...],
        symbols: Mapping[int, Hashable],
        readings: Kept[Known],
    ) -> None:
        self.part = part
        self._plan = plan
        self._slots = slots
        self._read: ReadPart | None = None
        self.is_suspect = False
        texts = part.texts
        self.key = tuple(
            [
                (number, at, *[_symbol(texts, symbols, *place) for place in block.places])
                for at, block in enumerate(plan.blocks)
            ]
        )
        self._known = [readings.get(key) for key in self.key]

    @property
    def has_findings(self) -> bool:
        """True where something is known to be found; ask when all is known."""
        return any([known.findings for known in self._known if known])

    def outputs(self) -> list[Output]:
        """Return what slots wrote, with the words beside it."""
        texts, beside = self.part.texts, self._plan.beside
        return [Output(texts[i], beside.get(i)) for i in self._slots]

    def tallies(self) -> Iterator[Tally]:
        """Yield what the language of the blocks that are shown is told by."""
        for block, known in zip(self._plan.blocks, self._known, strict=True):
            if block.is_shown and known is not None:
                yield known.tally

    def shown_keys(self) -> list[Hashable]:
        """Return the keys of the blocks whose language counts."""
        return [
            key for block, key in zip(self._plan.blocks, self.key, strict=True) if block.is_shown
        ]

    def read(self) -> ReadPart:
        """Return the part as read in full; it is read once."""
        if self._read is None:
            self._read = in_blocks(read_part(self.part))
        return self._read

    def complete(self, blocks: BlockReader, context: CheckContext, readings: Kept[Known]) -> bool:
        """Read the blocks that are not known; return False where the part is not as planned."""
        if not self.is_suspect and None not in self._known:
            return True
        read = self.read()
        regions = read.regions
        if len(regions) != len(self._plan.blocks):
            return False
        for at, region in enumerate(regions):
            if self._known[at] is None:
                reading = blocks.read(read, region, context)
                known = self._anchored(reading, region.first)
                self._known[at] = readings.put(self.key[at], known) if reading.is_known else known
        return True

    def reading(
        self, rules: RuleSet, context: CheckContext, index: EchoIndex | None
    ) -> PartReading:
        """Return the reading of the part; echoes are looked for where they may be."""
        echoes: list[Finding] = []
        if self.is_suspect and index is not None:
            found = find_echoes(self.read(), context, index=index)
            echoes = list(rules.judge(self.read(), context, found))
        findings: list[Finding] = []
        present = frozenset[str]()
        for block, known in zip(self._plan.blocks, self._known, strict=True):
            if known is not None:
                present |= known.present
                findings += [self._placed(one, block) for one in known.findings]
        return PartReading(self.part, (*findings, *echoes), present)

    def _anchored(self, reading: BlockReading, first: int) -> Known:
        found = tuple(
            _Anchored(
                finding,
                self._anchor(finding.start),
                self._anchor(max(finding.end - 1, finding.start)),
                None if finding.visible_start is None else finding.visible_start - first,
            )
            for finding in reading.findings
        )
        return Known(found, reading.present, reading.tally)

    def _anchor(self, at: int) -> tuple[int, int]:
        chunk = max(bisect_right(self.part.offsets, at, hi=len(self.part.offsets) - 1) - 1, 0)
        return chunk, at - self.part.offsets[chunk]

    def _placed(self, one: _Anchored, block: BlockPlan) -> Finding:
        """Return a finding where it stands in this part."""
        finding, offsets = one.finding, self.part.offsets
        start = offsets[one.start[0]] + one.start[1]
        end = offsets[one.end[0]] + one.end[1] + (finding.end > finding.start)
        if one.visible is None or finding.visible_end is None or finding.visible_start is None:
            return replace(finding, start=start, end=end)
        texts = self.part.texts
        visible = block.first + sum(len(texts[i]) for i in block.before) + one.visible
        size = finding.visible_end - finding.visible_start
        return replace(
            finding, start=start, end=end, visible_start=visible, visible_end=visible + size
        )


def _symbol(
    texts: tuple[str, ...], symbols: Mapping[int, Hashable], chunk: int, how: How
) -> Hashable:
    """Return what tells the value of a chunk from others in one place."""
    text = texts[chunk]
    if how is How.LENGTH:
        return len(text)
    if how is How.TOKEN and is_opaque(text):
        return str(len(text))
    return symbols[chunk] if how is How.SHAPE else hash(text)
