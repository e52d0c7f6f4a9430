"""Kind `phrase`: regular expressions over the text of a region, for signs rather than words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from guardedpersonalize.check.expressions import linear
from guardedpersonalize.check.gates import EVERYTHING, Gated, Signs
from guardedpersonalize.check.matchers.base import Detections, MatchModel, Severities, make_finding

if TYPE_CHECKING:
    from guardedpersonalize.check.context import CheckContext
    from guardedpersonalize.check.finding import Finding
    from guardedpersonalize.check.reading import ReadPart
    from guardedpersonalize.check.rules import Rule

__all__ = ["PhraseMatch", "PhraseMatcher"]

Expressions = Annotated[tuple[str, ...], Field(min_length=1)]


class PhraseMatch(MatchModel):
    """
    `[match]` of kind `phrase`.

    Args:
        any: Regular expressions, one of which has to match. Case does not matter.
        needs: Strings, one of which every match holds, in lower case: a text without any of them
            is not searched. Empty searches every text.
        unless: Regular expressions that excuse a match which overlaps one of theirs.
        case: True where case matters.
    """

    kind: Literal["phrase"]
    any: Expressions
    needs: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    case: bool = False


class _Prepared:
    def __init__(self, rule: Rule) -> None:
        match = rule.match_as(PhraseMatch)
        flags = 0 if match.case else re.IGNORECASE
        self.rule = rule
        self.needs = match.needs
        self.expressions = [Gated.of(linear(source, flags)) for source in match.any]
        self.unless = [linear(source, flags) for source in match.unless]


class PhraseMatcher:
    """
    All phrase rules of one language.

    Args:
        rules: Phrase rules.
        is_gated: False to try every expression on every text; the findings are the same.
    """

    def __init__(self, rules: Sequence[Rule], *, is_gated: bool = True) -> None:
        self._rules = [_Prepared(rule) for rule in rules]
        self._severities = Severities(rules)
        self._is_gated = is_gated

    def find(
        self, read: ReadPart, context: CheckContext, detections: Detections
    ) -> Iterator[Finding]:
        """Yield what the rules find in *read*; *detections* do not matter here."""
        del detections
        for region in read.regions:
            signs = Signs(region.text) if self._is_gated else EVERYTHING
            severities = self._severities.at(context.channel, read.part.name, region.kind)
            for i, severity in severities.items():
                prepared = self._rules[i]
                if prepared.needs and not any(need in signs.lower for need in prepared.needs):
                    continue
                for span in _spans(prepared, region.text, signs):
                    yield make_finding(prepared.rule, severity, read, region, span, context=context)


def _spans(prepared: _Prepared, text: str, signs: Signs) -> list[tuple[int, int]]:
    """Return where the rule matches, overlapping matches merged and excused ones left out."""
    tried = [gated.regex for gated in prepared.expressions if gated.gate.lets(signs)]
    found = {match.span() for regex in tried for match in regex.finditer(text)}
    if not found:
        return []
    excused = [match.span() for regex in prepared.unless for match in regex.finditer(text)]
    spans: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if start == end or any(a < end and start < b for a, b in excused):
            continue
        if spans and start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans
