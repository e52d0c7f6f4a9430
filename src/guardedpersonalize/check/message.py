"""From what stands in the parts of a message to one report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Self

from guardedpersonalize.check.finding import Finding, Report, Score
from guardedpersonalize.check.language import are_alike, base_language
from guardedpersonalize.check.matchers import Gap
from guardedpersonalize.check.score import score_of

if TYPE_CHECKING:
    from guardedpersonalize.check.block_reader import BlockReading
    from guardedpersonalize.check.context import CheckContext
    from guardedpersonalize.check.rules import RuleSet
    from guardedpersonalize.render.draft import Draft, Part

__all__ = ["USUAL", "PartReading", "Summary", "language_gap", "report_of"]

USUAL: Final = "en"
"""The language of a text where nobody names it, and too little is there to tell."""


@dataclass(frozen=True, slots=True)
class PartReading:
    """
    What a part says.

    Args:
        part: The part.
        findings: What was found in it, in any order.
        present: Ids of the rules of required elements whose element stands in it; None where the
            part could not be read.
    """

    part: Part
    findings: tuple[Finding, ...]
    present: frozenset[str] | None

    @classmethod
    def of(cls, part: Part, blocks: Sequence[BlockReading], echoes: Iterable[Finding]) -> Self:
        """Put together what was found in the blocks of *part*, and the echoes in it."""
        present = frozenset[str]().union(*(block.present for block in blocks))
        findings = [finding for block in blocks for finding in block.findings]
        return cls(part, (*findings, *echoes), present)

    @classmethod
    def unread(cls, part: Part, gap: Gap, rules: RuleSet, context: CheckContext) -> Self:
        """Return the reading of a part that could not be read."""
        return cls(part, (rules.gap(gap, context, part=part.name, end=len(part.text)),), None)


def language_gap(rules: RuleSet, lang: str, found: str | None) -> Gap | None:
    """Return what is left open where a text is read in *lang*, and looks like one in *found*."""
    if not rules.covers(lang):
        return Gap.LANGUAGE
    if found is not None and not are_alike(found, base_language(lang)):
        return Gap.MISMATCH
    return Gap.PREVIEW if rules.is_preview(lang) else None


@dataclass(frozen=True, slots=True)
class Summary:
    """
    What the parts of a message say together, wherever in them it is said.

    Args:
        missing: Findings of required elements that it lacks, each at the end of its part.
        score: Its score.
    """

    missing: tuple[Finding, ...]
    score: Score


def report_of(
    draft: Draft,
    context: CheckContext,
    readings: Sequence[PartReading],
    rules: RuleSet,
    gap: Gap | None,
    *,
    summary: Summary | None = None,
) -> tuple[Report, Summary]:
    """
    Return the report on a whole message, and what of it holds for others that say the same.

    Args:
        draft: The message.
        context: What is known besides.
        readings: What its parts say, in their order.
        rules: The rules, for the elements that a whole message has to have.
        gap: What is left open about its language.
        summary: Of a message whose parts say the same in other places.
    """
    first = draft.parts[0].name if draft.parts else ""
    findings = [rules.gap(gap, context, part=first)] if gap else []
    for reading in readings:
        findings += reading.findings
    if summary is not None:
        ends = {part.name: len(part.text) for part in draft.parts}
        missing = [replace(f, start=ends[f.part], end=ends[f.part]) for f in summary.missing]
        return Report(_in_order([*findings, *missing], draft), summary.score), summary
    read = [(one.part, one.present) for one in readings if one.present is not None]
    lacking = tuple(rules.lacking(read, context))
    ordered = _in_order([*findings, *lacking], draft)
    elements = rules.elements(frozenset[str]().union(*(has for _, has in read)), context)
    score = score_of(context, ordered, shown=_shown(draft), elements=elements)
    return Report(ordered, score), Summary(lacking, score)


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
