"""The full reader: every part of a draft, read in every region, by every detector and rule."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator, Sequence
from typing import Final

from guardedpersonalize.check.context import CheckContext, Detection, Detector
from guardedpersonalize.check.echo import EchoIndex, find_echoes
from guardedpersonalize.check.finding import Finding, Report
from guardedpersonalize.check.matchers import Gap
from guardedpersonalize.check.parts import read_part
from guardedpersonalize.check.pii import PatternDetector, resolve
from guardedpersonalize.check.reading import ReadPart
from guardedpersonalize.check.rules import RuleSet
from guardedpersonalize.check.score import score_of
from guardedpersonalize.render.draft import Draft, Part

__all__ = ["LONGEST_PART", "Checker", "unreadable"]

LONGEST_PART: Final = 5_000_000
"""Characters of the longest part that is read; a longer one is not known to be fine."""


class Checker:
    """
    Reads drafts. Make one and share it between threads: it keeps nothing of what it reads.

    Args:
        rules: The rules; the shipped catalogue unless given. It is loaded at the first reading.
        detectors: Finders of personal identifiers; the shipped one unless given.
    """

    def __init__(
        self, *, rules: RuleSet | None = None, detectors: Sequence[Detector] | None = None
    ) -> None:
        self._rules = rules
        self._detectors = (PatternDetector(),) if detectors is None else tuple(detectors)

    @property
    def rules(self) -> RuleSet:
        """The rules that it reads with."""
        if self._rules is None:
            self._rules = RuleSet.load()
        return self._rules

    @functools.cached_property
    def rules_digest(self) -> str:
        """SHA-256 of the rules, in hex: two readers with one digest find the same."""
        digest = hashlib.sha256()
        for rule in self.rules.rules:
            digest.update(rule.model_dump_json().encode())
        return digest.hexdigest()

    def check(self, draft: Draft, context: CheckContext) -> Report:
        """
        Return what *draft* holds that its reader should not meet, and its score.

        Whatever fails on the way is a finding of family `unknown`: a text that could not be read
        to the end is not known to be fine.

        Args:
            draft: A rendered message, or text that no template of ours made.
            context: What is known besides.
        """
        findings: list[Finding] = []
        reads: list[ReadPart] = []
        if not self.rules.covers(context.lang):
            findings.append(self.rules.gap(Gap.LANGUAGE, context, part=_first(draft)))
        echoes = EchoIndex.of(
            context.withheld,
            allowed=context.allowed,
            lang=context.lang,
            regions=context.identity.phone_regions,
        )
        for part in draft.parts:
            read, found = self._read(part, context, echoes)
            reads += [read] if read else []
            findings += found
        findings += self.rules.find_in_message(reads, context)
        ordered = _in_order(findings, draft)
        elements = self.rules.elements(reads, context)
        return Report(ordered, score_of(context, ordered, shown=_shown(draft), elements=elements))

    def _read(
        self, part: Part, context: CheckContext, index: EchoIndex
    ) -> tuple[ReadPart | None, list[Finding]]:
        """Return *part* as read and what is in it; None where it could not be read."""
        gap = Gap.LENGTH
        if len(part.text) <= LONGEST_PART:
            try:
                read = read_part(part)
                return read, list(self._findings(read, context, index))
            except Exception:  # noqa: BLE001 (whatever it is, the part was not read)
                gap = Gap.READING
        return None, [self.rules.gap(gap, context, part=part.name, end=len(part.text))]

    def _findings(
        self, read: ReadPart, context: CheckContext, index: EchoIndex
    ) -> Iterator[Finding]:
        detections: dict[int, Sequence[Detection]] = {}
        for number, region in enumerate(read.regions):
            seen: list[Detection] = []
            for detector in self._detectors:
                try:
                    found = detector.detect(
                        region.text, lang=context.lang, regions=context.identity.phone_regions
                    )
                    # Each by itself: what one saw is not hidden by what another sees there.
                    seen += resolve(found)
                except Exception:  # noqa: BLE001 (a detector that fails cannot tell)
                    span = region.source_span(0, len(region.text))
                    yield self.rules.gap(Gap.DETECTOR, context, part=read.part.name, end=span[1])
            detections[number] = seen
        echoes = find_echoes(read, context, index=index)
        yield from self.rules.find(read, context, detections, echoes=echoes)


def _first(draft: Draft) -> str:
    return draft.parts[0].name if draft.parts else ""


def _in_order(findings: Sequence[Finding], draft: Draft) -> tuple[Finding, ...]:
    """Sort by part and place; what one rule finds twice at one place is said once."""
    orders = {part.name: order for order, part in enumerate(draft.parts)}
    found: dict[tuple[str, str, int, int], Finding] = {}
    for finding in sorted(findings, key=lambda f: (orders.get(f.part, -1), *f.sort_key)):
        found.setdefault((finding.part, finding.rule, finding.start, finding.end), finding)
    return tuple(found.values())


def _shown(draft: Draft) -> frozenset[str]:
    """Return the slots whose values are in the text of *draft*."""
    return frozenset[str]().union(
        *(chunk.origin.slots for part in draft.parts for chunk in part.chunks)
    )


def unreadable(context: CheckContext) -> Finding:
    """Return the finding for input that cannot be read as a message."""
    return RuleSet.load().gap(Gap.INPUT, context, part="text")
