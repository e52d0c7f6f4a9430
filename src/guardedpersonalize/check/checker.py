"""The full reader: every part of a draft, read in every region, by every detector and rule."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from guardedpersonalize.check.context import CheckContext, Detection, Detector
from guardedpersonalize.check.echo import EchoIndex, find_echoes
from guardedpersonalize.check.finding import Finding, Report
from guardedpersonalize.check.language import are_alike, base_language, language_of
from guardedpersonalize.check.matchers import Gap
from guardedpersonalize.check.parts import read_part
from guardedpersonalize.check.pii import DeclaredDetector, Identifier, PatternDetector, resolve
from guardedpersonalize.check.reader import Reader
from guardedpersonalize.check.reading import ReadPart, RegionKind
from guardedpersonalize.check.rules import RuleSet
from guardedpersonalize.check.score import score_of
from guardedpersonalize.render.draft import Draft, Part

__all__ = ["LONGEST_PART", "Checker", "unreadable"]

LONGEST_PART: Final = 5_000_000
"""Characters of the longest part that is read; a longer one is not known to be fine."""


_ALL_KINDS: Final = frozenset(RegionKind)
_SHOWN: Final = frozenset({RegionKind.PLAIN, RegionKind.VISIBLE})
_USUAL: Final = "en"


class Checker:
    """
    Reads drafts. Make one and share it between threads: it keeps nothing of what it reads.

    Args:
        rules: The rules; the shipped catalogue unless given. It is loaded at the first reading.
        detectors: Further finders of personal identifiers, beside the shipped ones.
        identifiers: What a pack declares as personal.
        shipped: In place of the shipped finders, which are the patterns and the reader model.
    """

    def __init__(
        self,
        *,
        rules: RuleSet | None = None,
        detectors: Sequence[Detector] = (),
        identifiers: Sequence[Identifier] = (),
        shipped: Sequence[Detector] | None = None,
    ) -> None:
        self._rules = rules
        usual = (PatternDetector(), Reader()) if shipped is None else shipped
        self._detectors = (*usual, *detectors)
        if identifiers:
            self._detectors += (DeclaredDetector(identifiers),)

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
        for detector in self._detectors:
            digest.update(f"\n{detector.name}\n".encode())
            if hasattr(type(detector), "fingerprint"):
                digest.update(detector.fingerprint.encode())  # type: ignore[attr-defined]
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
        parts = {part.name: _read(part) for part in draft.parts}
        context, gap = self._in_its_language(
            context, [read for read in parts.values() if isinstance(read, ReadPart)]
        )
        first = draft.parts[0].name if draft.parts else ""
        findings = [self.rules.gap(gap, context, part=first)] if gap else []
        echoes = EchoIndex.of(
            context.withheld,
            allowed=context.allowed,
            lang=context.lang,
            regions=context.identity.phone_regions,
        )
        reads: list[ReadPart] = []
        for part in draft.parts:
            found = self._found(parts[part.name], context, echoes)
            if isinstance(found, Gap):
                length = len(part.text)
                findings.append(self.rules.gap(found, context, part=part.name, end=length))
            else:
                findings += found[1]
                reads.append(found[0])
        findings += self.rules.find_in_message(reads, context)
        ordered = _in_order(findings, draft)
        elements = self.rules.elements(reads, context)
        return Report(ordered, score_of(context, ordered, shown=_shown(draft), elements=elements))

    def _in_its_language(
        self, context: CheckContext, reads: Sequence[ReadPart]
    ) -> tuple[CheckContext, Gap | None]:
        """Return *context* with the language that the text is read in, and what is left open."""
        shown = "\n".join(
            region.text for read in reads for region in read.regions if region.kind in _SHOWN
        )
        try:
            found = language_of(shown)
        except Exception:  # noqa: BLE001 (it cannot be told, so it is not known to be the one named)
            return replace(context, lang=context.lang or _USUAL), Gap.MISMATCH
        lang = context.lang or found or _USUAL
        gap = None
        if not self.rules.covers(lang):
            gap = Gap.LANGUAGE
        elif found is not None and not are_alike(found, base_language(lang)):
            gap = Gap.MISMATCH
        elif self.rules.is_preview(lang):
            gap = Gap.PREVIEW
        return replace(context, lang=lang), gap

    def _found(
        self, read: ReadPart | Gap, context: CheckContext, index: EchoIndex
    ) -> tuple[ReadPart, list[Finding]] | Gap:
        """Return *read* with what is in it, or why it is not known."""
        if isinstance(read, Gap):
            return read
        try:
            return read, list(self._findings(read, context, index))
        except Exception:  # noqa: BLE001 (whatever it is, the part was not read)
            return Gap.READING

    def _findings(
        self, read: ReadPart, context: CheckContext, index: EchoIndex
    ) -> Iterator[Finding]:
        detections: dict[int, Sequence[Detection]] = {}
        for number, region in enumerate(read.regions):
            seen: list[Detection] = []
            for detector in self._detectors:
                if region.kind not in getattr(detector, "kinds", _ALL_KINDS):
                    continue
                try:
                    found = detector.detect(
                        region.text, lang=context.lang, regions=context.identity.phone_regions
                    )
                    # Each by itself: what one saw is not hidden by what another sees there.
                    seen += resolve(found)
                except Exception:  # noqa: BLE001 (a detector that fails cannot tell)
                    span = region.source_span(0, len(region.text))
                    gap = Gap.MODEL if isinstance(detector, Reader) else Gap.DETECTOR
                    yield self.rules.gap(gap, context, part=read.part.name, end=span[1])
            detections[number] = seen
        echoes = find_echoes(read, context, index=index)
        yield from self.rules.find(read, context, detections, echoes=echoes)


def _read(part: Part) -> ReadPart | Gap:
    """Return *part* as read, or why it could not be."""
    if len(part.text) > LONGEST_PART:
        return Gap.LENGTH
    try:
        return read_part(part)
    except Exception:  # noqa: BLE001 (whatever it is, the part was not read)
        return Gap.READING


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
