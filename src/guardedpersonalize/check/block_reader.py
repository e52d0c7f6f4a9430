"""One block of a part, read by every detector and rule."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from guardedpersonalize.check.context import CheckContext, Detection, Detector, Identity
from guardedpersonalize.check.language import Tally, base_language, tally
from guardedpersonalize.check.lexicon import Lexicon
from guardedpersonalize.check.matchers import Gap
from guardedpersonalize.check.pii import resolve
from guardedpersonalize.check.reader import Reader
from guardedpersonalize.check.reading import ReadPart, Region, RegionKind
from guardedpersonalize.check.stand_ins import StandIns

if TYPE_CHECKING:
    from guardedpersonalize.check.finding import Finding
    from guardedpersonalize.check.rules import RuleSet
    from guardedpersonalize.render.draft import Part

__all__ = ["SHOWN", "BlockReader", "BlockReading"]

SHOWN: Final = frozenset({RegionKind.PLAIN, RegionKind.VISIBLE})
"""The kinds of regions whose language counts."""

_ALL_KINDS: Final = frozenset(RegionKind)


@dataclass(frozen=True, slots=True)
class BlockReading:
    """
    What a block says. It holds none of its words.

    Args:
        findings: Of all rules but those of echoes and required elements.
        present: Ids of the rules of required elements whose element stands in it.
        tally: What its language is told by; empty for what is not shown.
        is_known: False where a detector could not tell.
    """

    findings: tuple[Finding, ...]
    present: frozenset[str]
    tally: Tally
    is_known: bool = True


class BlockReader:
    """
    Reads blocks. Threads may share it: it keeps nothing of what it reads.

    Args:
        rules: The rules.
        detectors: Everything that finds identifiers.
    """

    def __init__(self, rules: RuleSet, detectors: Sequence[Detector]) -> None:
        self.rules = rules
        self._detectors = detectors
        self._stand_ins = functools.lru_cache(maxsize=64)(self._stand_ins_of)

    @property
    def reads_shapes(self) -> bool:
        """
        True where words and tokens may be told by their shape.

        That is where every detector says which words it looks for, and all rules are shipped ones:
        an expression of somebody else's may tell any two words apart.
        """
        return self.rules.is_proven and all(hasattr(one, "words") for one in self._detectors)

    def stand_ins(self, context: CheckContext) -> StandIns:
        """Return which words nothing looks for in texts of *context*."""
        return self._stand_ins(base_language(context.lang), context.identity)

    def _stand_ins_of(self, lang: str, identity: Identity) -> StandIns:
        return StandIns(self._lexicon_of(lang), identity)

    def _lexicon_of(self, lang: str) -> Lexicon:
        extra = (said for one in self._detectors for said in getattr(one, "words", ()))
        return Lexicon.of(self.rules, lang, tuple(extra))

    def shown(self, read: ReadPart, context: CheckContext) -> list[str]:
        """Return the texts of *read* that tell its language, with stand-ins in them."""
        return [
            self._with_stand_ins(read, region, context, only_unknown=True)
            for region in read.regions
            if region.kind in SHOWN
        ]

    def _with_stand_ins(
        self, read: ReadPart, region: Region, context: CheckContext, *, only_unknown: bool = False
    ) -> str:
        if not context.slots:
            return region.text
        stand_ins = self.stand_ins(context)
        return stand_ins.text_of(read, region, context, only_unknown=only_unknown)

    def read(self, part: Part, region: Region, context: CheckContext) -> BlockReading:
        """
        Read one block.

        Args:
            part: Its part.
            region: The block.
            context: What is known besides, its language too.
        """
        alone = ReadPart(part, (region,))
        seen, gaps = self._seen(alone, region, context)
        findings = self.rules.find(alone, context, {0: seen}, echoes=())
        if gaps:
            end = region.source_span(0, len(region.text))[1]
            gone = [self.rules.gap(gap, context, part=part.name, end=end) for gap in gaps]
            findings = [*gone, *findings]
        return BlockReading(
            tuple(findings),
            self.rules.present(region, context),
            tally(region.text) if region.kind in SHOWN else Tally(),
            is_known=not gaps,
        )

    def _seen(
        self, read: ReadPart, region: Region, context: CheckContext
    ) -> tuple[list[Detection], list[Gap]]:
        """Return what the detectors see in *region*, and what those that fail leave open."""
        seen: list[Detection] = []
        gaps: list[Gap] = []
        for detector in self._detectors:
            if region.kind not in getattr(detector, "kinds", _ALL_KINDS):
                continue
            try:
                text = region.text
                if getattr(detector, "takes_stand_ins", False):
                    text = self._with_stand_ins(read, region, context)
                found = detector.detect(
                    text, lang=context.lang, regions=context.identity.phone_regions
                )
                # Each by itself: what one saw is not hidden by what another sees there.
                seen += resolve(found)
            except Exception:  # noqa: BLE001 (a detector that fails cannot tell)
                gaps.append(Gap.MODEL if isinstance(detector, Reader) else Gap.DETECTOR)
        return seen, gaps
