"""What stands behind each stretch of a part: the slot that wrote it, and the findings in it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from guardedpersonalize.check import Finding, Region, RegionKind, read_part
from guardedpersonalize.check.reading import RUN, Offsets
from guardedpersonalize.render import Part
from guardedpersonalize.vocabulary import Provenance

__all__ = ["Line", "MarkedPart", "Run", "joined", "lines_of", "riskiest"]

_RISK: Final = tuple(Provenance)  # the least first
_SHOWN: Final = frozenset({RegionKind.PLAIN, RegionKind.VISIBLE, RegionKind.PREHEADER})


@dataclass(frozen=True, slots=True, repr=False)
class Run:
    """
    A stretch of text with one origin.

    Args:
        text: As it is read.
        start: Its first character in the part's source.
        end: One past its last there.
        slots: The filled slots that it may come from, by name; none for the template's own words.
        findings: Those that it lies in, in their order.
    """

    text: str
    start: int
    end: int
    slots: tuple[str, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Line:
    """
    One line of a part, as it is read.

    Args:
        runs: Its text.
        findings: What begins in it, and is not out of sight.
    """

    runs: tuple[Run, ...]
    findings: tuple[Finding, ...]

    @property
    def is_blank(self) -> bool:
        """True where nothing can be seen of it."""
        return not any(run.text.strip() for run in self.runs)


def lines_of(
    part: Part, findings: Sequence[Finding], slots: Collection[str]
) -> tuple[list[Line], list[Finding]]:
    """
    Return *part* line by line as it is read, and the findings that stand in no line.

    Args:
        part: The part.
        findings: Its findings.
        slots: Names of the filled slots.

    Returns:
        The lines of what a client shows, and what is said of the rest: a comment, a link, a
        missing element.
    """
    marked = MarkedPart(part, findings, slots)
    lines: list[Line] = []
    left = list(findings)
    for region in marked.read.regions:
        if region.kind in _SHOWN:
            lines += _lines(marked, region, left)
    return lines, left


def _lines(marked: MarkedPart, region: Region, left: list[Finding]) -> Iterator[Line]:
    """Yield the lines of *region*, each with its findings, which are taken from *left*."""
    start = 0
    for text in region.text.split("\n"):
        end = start + len(text)
        here = _taken(left, *region.source_span(start, end)) if text.strip() else ()
        yield Line(tuple(joined(marked.runs(region, start, end))), here)
        start = end + 1


def _taken(left: list[Finding], start: int, end: int) -> tuple[Finding, ...]:
    """Remove from *left* and return the findings that begin in `[start, end)` of the source."""
    here = tuple(f for f in left if start <= f.start < end and f.end > f.start)
    for finding in here:
        left.remove(finding)
    return here


class MarkedPart:
    """
    A part as it is read, that tells what stands behind each of its characters.

    Args:
        part: The part.
        findings: Its findings.
        slots: Names of the filled slots.
    """

    def __init__(self, part: Part, findings: Sequence[Finding], slots: Collection[str]) -> None:
        self.read = read_part(part)
        self._findings = findings
        self._slots = slots
        self._cuts = sorted({*part.offsets, *(at for f in findings for at in (f.start, f.end))})

    def runs(self, region: Region, start: int, end: int) -> Iterator[Run]:
        """Yield `[start, end)` of *region*, cut where the source, slot or findings change."""
        assert isinstance(region.offsets, Offsets)  # noqa: S101  # `read_part` makes no others
        for first, last, source, stop in region.offsets.pieces(start, end):
            if stop != RUN:
                yield self._run(region.text[first:last], source, stop)
                continue
            after = source + last - first
            low, high = bisect_right(self._cuts, source), bisect_left(self._cuts, after)
            edges = [source, *self._cuts[low:high], after]
            for one, next_one in pairwise(edges):
                text = region.text[first + one - source : first + next_one - source]
                yield self._run(text, one, next_one)

    def _run(self, text: str, start: int, end: int) -> Run:
        around = tuple(f for f in self._findings if f.start <= start < f.end)
        behind = (origin.slots for origin in self.read.part.origins(start, start + 1))
        known = {slot for names in behind for slot in names if slot in self._slots}
        return Run(text, start, end, tuple(sorted(known)), around)


def joined(runs: Iterable[Run], *, in_source: bool = False) -> Iterator[Run]:
    """
    Join neighbours that have the same slots and findings behind them.

    Args:
        runs: In order.
        in_source: True to join only what stands side by side in the source too, with no markup
            in between.
    """
    kept: Run | None = None
    for run in runs:
        if kept is None:
            kept = run
        elif _is_alike(kept, run) and (kept.end == run.start or not in_source):
            kept = Run(kept.text + run.text, kept.start, run.end, run.slots, run.findings)
        else:
            yield kept
            kept = run
    if kept is not None:
        yield kept


def _is_alike(one: Run, other: Run) -> bool:
    return one.slots == other.slots and one.findings == other.findings


def riskiest(provenances: Iterable[Provenance]) -> Provenance:
    """Return the one of *provenances* that is furthest from what the person said."""
    return max(provenances, key=_RISK.index)
