"""The check: every part of a draft, in full, or as far as it is new."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from guardedpersonalize.check.block_reader import BlockReader
from guardedpersonalize.check.blocks import read_in_blocks
from guardedpersonalize.check.context import CheckContext, Detector, KnownValue
from guardedpersonalize.check.echo import EchoIndex, find_echoes
from guardedpersonalize.check.finding import Finding, Report
from guardedpersonalize.check.incremental import DraftReader, IncrementalReader
from guardedpersonalize.check.language import language_of
from guardedpersonalize.check.matchers import Gap
from guardedpersonalize.check.message import USUAL, PartReading, language_gap, report_of
from guardedpersonalize.check.pii import DeclaredDetector, Identifier, PatternDetector
from guardedpersonalize.check.reader import Reader
from guardedpersonalize.check.reading import ReadPart
from guardedpersonalize.check.rules import RuleSet
from guardedpersonalize.render.draft import Draft, Part
from guardedpersonalize.vocabulary import Channel

__all__ = ["LONGEST_PART", "Checker", "MessageReader", "unreadable"]

LONGEST_PART: Final = 5_000_000
"""Characters of the longest part that is read; a longer one is not known to be fine."""


class Checker:
    """
    Reads drafts. Make one and share it between threads: it keeps no text of what it reads.

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

    def warm_up(self) -> None:
        """Load what is loaded at the first reading otherwise."""
        for detector in self._detectors:
            if isinstance(detector, PatternDetector):
                detector.warm_up()
        self._blocks.stand_ins(CheckContext(channel=Channel.EMAIL))

    def check(self, draft: Draft, context: CheckContext) -> Report:
        """
        Return what *draft* holds that its reader should not meet, and its score.

        Whatever fails on the way is a finding of family `unknown`: a text that could not be read
        to the end is not known to be fine.

        A draft of our own templates is read block by block: what is known of a block of the same
        words, or of words that no rule can tell from them, is not read again. The report is that
        of `check_fully`.

        Args:
            draft: A rendered message, or text that no template of ours made.
            context: What is known besides.
        """
        return self.reader_of(context).check(draft, context.withheld)

    def reader_of(self, context: CheckContext) -> MessageReader:
        """Return what reads many drafts in *context*, whose withheld values it does not look at."""
        return MessageReader(self, context, self._incremental.of(context))

    def check_incrementally(self, draft: Draft, context: CheckContext) -> Report | None:
        """As `check`, from what is known of its blocks; None where only a full reading can tell."""
        return self.reader_of(context).check_incrementally(draft, context.withheld)

    def check_fully(self, draft: Draft, context: CheckContext) -> Report:
        """As `check`, from nothing: everything is read. This is what `check` has to agree with."""
        reads = [_read(part) for part in draft.parts]
        context, gap = self._in_its_language(
            context, [read for read in reads if isinstance(read, ReadPart)]
        )
        echoes = EchoIndex.of(
            context.withheld,
            allowed=context.allowed,
            lang=context.lang,
            regions=context.identity.phone_regions,
        )
        readings = [
            PartReading.unread(part, read, self.rules, context)
            if isinstance(read, Gap)
            else self._reading(part, read, context, echoes)
            for part, read in zip(draft.parts, reads, strict=True)
        ]
        return report_of(draft, context, readings, self.rules, gap)[0]

    @functools.cached_property
    def _blocks(self) -> BlockReader:
        return BlockReader(self.rules, self._detectors)

    @functools.cached_property
    def _incremental(self) -> IncrementalReader:
        return IncrementalReader(self._blocks)

    def _in_its_language(
        self, context: CheckContext, reads: Sequence[ReadPart]
    ) -> tuple[CheckContext, Gap | None]:
        """Return *context* with the language that the text is read in, and what is left open."""
        try:
            found = language_of(
                *(text for read in reads for text in self._blocks.shown(read, context))
            )
        except Exception:  # noqa: BLE001 (it cannot be told, so it is not known to be the one named)
            return replace(context, lang=context.lang or USUAL), Gap.MISMATCH
        lang = context.lang or found or USUAL
        return replace(context, lang=lang), language_gap(self.rules, lang, found)

    def _reading(
        self, part: Part, read: ReadPart, context: CheckContext, index: EchoIndex
    ) -> PartReading:
        """Return what is in *read*, or that it is not known."""
        try:
            blocks = [self._blocks.read(part, region, context) for region in read.regions]
            echoes = find_echoes(read, context, index=index)
            return PartReading.of(part, blocks, self.rules.judge(read, context, echoes))
        except Exception:  # noqa: BLE001 (whatever it is, the part was not read)
            return PartReading.unread(part, Gap.READING, self.rules, context)


class MessageReader:
    """
    Reads drafts that differ in values only; see `Checker.reader_of`. Threads may share it.

    Args:
        checker: What reads in full.
        context: What there is to know besides the text.
        known: What reads from what is known, if the context lets it.
    """

    def __init__(self, checker: Checker, context: CheckContext, known: DraftReader | None) -> None:
        self._checker = checker
        self._context = replace(context, withheld=())
        self._known = known

    def check(self, draft: Draft, withheld: Sequence[KnownValue] = ()) -> Report:
        """
        Return what `Checker.check` does.

        Args:
            draft: A rendered message.
            withheld: Values of its recipient that may not appear.
        """
        try:
            report = self.check_incrementally(draft, withheld)
        except Exception:  # noqa: BLE001 (the full reading says what is wrong)
            report = None
        return self.check_fully(draft, withheld) if report is None else report

    def check_incrementally(
        self, draft: Draft, withheld: Sequence[KnownValue] = ()
    ) -> Report | None:
        """As `check`, from what is known of its blocks; None where only a full reading can tell."""
        if self._known is None:
            return None
        for part in draft.parts:
            if len(part.text) > LONGEST_PART:
                return None
        return self._known.check(draft, withheld)

    def check_fully(self, draft: Draft, withheld: Sequence[KnownValue] = ()) -> Report:
        """As `check`, from nothing."""
        return self._checker.check_fully(draft, replace(self._context, withheld=tuple(withheld)))


def _read(part: Part) -> ReadPart | Gap:
    """Return *part* as read, or why it could not be."""
    if len(part.text) > LONGEST_PART:
        return Gap.LENGTH
    try:
        return read_in_blocks(part)
    except Exception:  # noqa: BLE001 (whatever it is, the part was not read)
        return Gap.READING


def unreadable(context: CheckContext) -> Finding:
    """Return the finding for input that cannot be read as a message."""
    return RuleSet.load().gap(Gap.INPUT, context, part="text")
