"""What the templates of an entry read and write, found without rendering them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from jinja2 import nodes

from guardedpersonalize.render.draft import Origin, PartKind
from guardedpersonalize.render.flow import Flow, Site

__all__ = ["Analysis", "OutputSite", "PartAnalysis", "ReadKind", "SlotRead", "part_analysis"]


class ReadKind(StrEnum):
    """How a template reads a slot: to show it, or only to decide."""

    SHOWN = "shown"
    TESTED = "tested"


@dataclass(frozen=True, slots=True, order=True)
class SlotRead:
    """
    One place where a slot is read.

    Args:
        slot: The slot.
        part: The part that reaches the place.
        template: File.
        line: Line in it, from 1.
        kind: Whether the value is used, or only tested.
    """

    slot: str
    part: str
    template: str
    line: int
    kind: ReadKind


@dataclass(frozen=True, slots=True)
class OutputSite:
    """
    One place of a template that writes output: a run of its own words, or an expression.

    Args:
        sid: Name of the site; chunks in `Part.path` carry it.
        origin: What its chunks may show, what may decide on them, and file and line.
        is_literal: Whether it writes the template's own words.
        text: These words; "" for an expression, or where they hang on an expression.
    """

    sid: str
    origin: Origin
    is_literal: bool
    text: str = ""


@dataclass(frozen=True, slots=True)
class PartAnalysis:
    """
    What one part reads and writes.

    Args:
        part: Its name.
        kind: How it is read.
        source: The file that it starts from.
        files: Every file that it can reach, in the order of discovery.
        sites: Every place that can write output, in the order of file and position.
        reads: Every place that reads a slot, sorted.
    """

    part: str
    kind: PartKind
    source: str
    files: tuple[str, ...]
    sites: tuple[OutputSite, ...]
    reads: tuple[SlotRead, ...]


@dataclass(frozen=True, slots=True)
class Analysis:
    """What all parts of an entry read and write."""

    entry: str
    parts: tuple[PartAnalysis, ...]

    @property
    def reads(self) -> tuple[SlotRead, ...]:
        """Every place that reads a slot, sorted."""
        return tuple(sorted(read for part in self.parts for read in part.reads))

    @property
    def shown(self) -> frozenset[str]:
        """Slots whose value may be in the message."""
        return self._origins("slots")

    @property
    def tested(self) -> frozenset[str]:
        """Slots that may decide on the message, shown or not."""
        return self._origins("control")

    def part(self, name: str) -> PartAnalysis:
        """Return the analysis of the part *name*, which must be one."""
        return next(part for part in self.parts if part.part == name)

    def _origins(self, which: str) -> frozenset[str]:
        sites = (site for part in self.parts for site in part.sites)
        return frozenset().union(*(getattr(site.origin, which) for site in sites))


def part_analysis(name: str, kind: PartKind, flow: Flow) -> PartAnalysis:
    """Return what *flow* found about the part *name*."""
    texts = dict(_literal_texts(flow))
    files = tuple(flow.reached)
    order = {file: number for number, file in enumerate(files)}
    found = sorted(flow.sites.values(), key=lambda site: (order[site.template], site.number))
    return PartAnalysis(
        part=name,
        kind=kind,
        source=files[0],
        files=files,
        sites=tuple(_output_site(site, texts) for site in found),
        reads=tuple(sorted(_slot_reads(name, flow))),
    )


def _output_site(site: Site, texts: Mapping[tuple[str, int], str]) -> OutputSite:
    origin = Origin(site.value.shown, site.value.control, site.template, site.line)
    text = texts.get((site.template, site.number), "")
    return OutputSite(site.sid, origin, site.is_literal, text)


def _slot_reads(part: str, flow: Flow) -> Iterator[SlotRead]:
    for read in flow.reads:
        if read.name in flow.slots:
            kind = ReadKind.TESTED if read.is_tested else ReadKind.SHOWN
            yield SlotRead(read.name, part, read.template, read.line, kind)


def _literal_texts(flow: Flow) -> Iterator[tuple[tuple[str, int], str]]:
    for name in flow.reached:
        numbers = flow.numbers(name)
        for node in flow.trees[name].find_all(nodes.TemplateData):
            yield (name, numbers[id(node)]), node.data
