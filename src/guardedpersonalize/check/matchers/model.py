"""Kind `model`: passages that the reader model takes for intrusive."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from guardedpersonalize.check.context import VERDICT
from guardedpersonalize.check.finding import Speaker
from guardedpersonalize.check.matchers.base import Detections, MatchModel, make_finding
from guardedpersonalize.check.reader.windows import sentences, touched
from guardedpersonalize.vocabulary import Family, Severity

if TYPE_CHECKING:
    from guardedpersonalize.check.context import CheckContext, Detection
    from guardedpersonalize.check.finding import Finding
    from guardedpersonalize.check.reading import ReadPart, Region
    from guardedpersonalize.check.rules import Rule

__all__ = ["ModelMatch", "ModelMatcher", "agreed"]

_WORDING = frozenset({Family.INTRUSIVE, Family.ADS})


class ModelMatch(MatchModel):
    """`[match]` of kind `model`; the rule's category is the one that the model gives."""

    kind: Literal["model"]


class ModelMatcher:
    """All rules that speak for the reader model, by category."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = {VERDICT + rule.category: rule for rule in rules}

    def find(
        self, read: ReadPart, context: CheckContext, detections: Detections
    ) -> Iterator[Finding]:
        """Yield a finding for each verdict in *detections*."""
        for index, region in enumerate(read.regions):
            for detection in detections.get(index, ()):
                rule = self._rules.get(detection.entity)
                if rule is None or detection.severity is Severity.INFO:
                    continue
                severity = rule.severity_on(context.channel)
                if severity is None or not rule.reads(read.part.name, region.kind):
                    continue
                span = (detection.start, detection.end)
                found = make_finding(rule, severity, read, region, span, context=context)
                yield replace(found, speaker=Speaker.MODEL)


def agreed(
    findings: Sequence[Finding],
    read: ReadPart,
    detections: Detections,
    rules: Mapping[str, Rule],
) -> Iterator[Finding]:
    """
    Yield *findings*, graver where the reader model reads the same sentence as the rule does.

    A rule that is often right and not often enough has a severity of its own for that, `agreed`;
    where the model is sure, a warning about wording is an error. Either alone may be wrong; where
    a pattern and the model meet, hardly ever.
    """
    verdicts = [
        (region.source_span(*touched(spans, verdict.start, verdict.end)), verdict.severity)
        for region, spans, found in _with_verdicts(read, detections)
        for verdict in found
        if verdict.severity is not None
    ]
    for finding in findings:
        met = [
            severity.rank
            for (start, end), severity in verdicts
            if finding.start < end and finding.end > start
        ]
        yield _raised(finding, rules, max(met)) if met else finding


def _with_verdicts(
    read: ReadPart, detections: Detections
) -> Iterator[tuple[Region, list[tuple[int, int]], list[Detection]]]:
    """Yield each region that has verdicts, with its sentences and them."""
    for index, region in enumerate(read.regions):
        found = [one for one in detections.get(index, ()) if one.severity is not None]
        if found:
            yield region, sentences(region.text), found


def _raised(finding: Finding, rules: Mapping[str, Rule], strength: int) -> Finding:
    rule = rules.get(finding.rule)
    if rule is None or finding.speaker is Speaker.MODEL or finding.family not in _WORDING:
        return finding
    severity = finding.severity
    if rule.agreed is not None and rule.agreed.rank > severity.rank and rule.status != "preview":
        severity = rule.agreed
    if strength >= Severity.ERROR.rank and severity is Severity.WARN:
        severity = Severity.ERROR
    return replace(finding, severity=severity, speaker=Speaker.BOTH)
