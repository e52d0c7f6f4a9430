"""Kind `phrase`: regular expressions over the text of a region, for signs rather than words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from guardedpersonalize.check.expressions import linear
from guardedpersonalize.check.gates import EVERYTHING, Gate, Gates
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
        self.expressions = [linear(source, flags) for source in match.any]
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
        self._expressions = [
            (i, regex) for i, prepared in enumerate(self._rules) for regex in prepared.expressions
        ]
        self._gates = Gates([Gate.of(regex.pattern, regex.flags) for _, regex in self._expressions])
        self._is_gated = is_gated

    def find(
        self, read: ReadPart, context: CheckContext, detections: Detections
    ) -> Iterator[Finding]:
        """Yield what the rules find in *read*; *detections* do not matter here."""
        del detections
        for region in read.regions:
            signs = region.signs if self._is_gated else EVERYTHING
            severities = self._severities.at(context.channel, read.part.name, region.kind)
            tried: dict[int, list[re.Pattern[str]]] = {}
            for place in self._gates.open(signs):
                i, regex = self._expressions[place]
                if i in severities:
                    tried.setdefault(i, []).append(regex)
            for i, expressions in tried.items():
                prepared = self._rules[i]
                if prepared.needs and not any(need in signs.lower for need in prepared.needs):
                    continue
                for span in _spans(prepared, expressions, region.text):
                    yield make_finding(
                        prepared.rule, severities[i], read, region, span, context=context
                    )


def _spans(
    prepared: _Prepared, expressions: Sequence[re.Pattern[str]], text: str
) -> list[tuple[int, int]]:
    """Return where the rule matches, overlapping matches merged and excused ones left out."""
    found = {match.span() for regex in expressions for match in regex.finditer(text)}
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
