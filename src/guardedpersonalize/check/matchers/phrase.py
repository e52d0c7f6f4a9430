"""Kind `phrase`: regular expressions over the text of a region, for signs rather than words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import Field

from guardedpersonalize.check.matchers.base import Detections, MatchModel, make_finding
from guardedpersonalize.errors import ConfigError

if TYPE_CHECKING:
    from guardedpersonalize.check.context import CheckContext
    from guardedpersonalize.check.finding import Finding
    from guardedpersonalize.check.reading import ReadPart
    from guardedpersonalize.check.rules import Rule

__all__ = ["PhraseMatch", "PhraseMatcher", "linear"]

_LONGEST_PATTERN: Final = 2000
_MOST_REPEATS: Final = 500
"""A bounded repetition of more than this may be as slow as an unbounded one (house choice)."""

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
    """All phrase rules of one language."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = [_Prepared(rule) for rule in rules]

    def find(
        self, read: ReadPart, context: CheckContext, detections: Detections
    ) -> Iterator[Finding]:
        """Yield what the rules find in *read*; *detections* do not matter here."""
        del detections
        for region in read.regions:
            lower = region.text.lower()
            for prepared in self._rules:
                rule = prepared.rule
                severity = rule.severity_on(context.channel)
                if severity is None or not rule.reads(read.part.name, region.kind):
                    continue
                if prepared.needs and not any(need in lower for need in prepared.needs):
                    continue
                for span in _spans(prepared, region.text):
                    yield make_finding(rule, severity, read, region, span, context=context)


def _spans(prepared: _Prepared, text: str) -> list[tuple[int, int]]:
    """Return where the rule matches, overlapping matches merged and excused ones left out."""
    found = {match.span() for regex in prepared.expressions for match in regex.finditer(text)}
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


def linear(source: str, flags: int = 0) -> re.Pattern[str]:
    """
    Compile *source*, if no text can make it slow.

    Refused are expressions that are not valid, longer than 2,000 characters, or that repeat
    without bound what is itself repeated without bound, as `(a+)+` does.

    Raises:
        ConfigError: GP122, if it is no regular expression; GP124, if it could be slow.
    """
    try:
        regex = re.compile(source, flags)
    except re.error as err:
        fault = err.msg
    else:
        # The parser of `re` is private, and the only one that reads what `re` reads.
        parsed = re._parser.parse(source, flags)  # type: ignore[attr-defined]  # noqa: SLF001
        if len(source) > _LONGEST_PATTERN or _nests(parsed):
            raise ConfigError(
                "GP124",
                f"the expression {source[:80]!r} could take too long.",
                remedy="Bound its repetitions, and repeat nothing that repeats.",
            )
        return regex
    raise ConfigError("GP122", f"the expression {source[:80]!r} cannot be read: {fault}.")


def _nests(parsed: Any, *, inside: bool = False) -> bool:  # noqa: ANN401  # re tells no type
    """Tell whether an unbounded repetition stands inside another."""
    for operator, argument in parsed:
        repeats = str(operator) in {"MAX_REPEAT", "MIN_REPEAT"} and argument[1] > _MOST_REPEATS
        if repeats and inside:
            return True
        if any(_nests(inner, inside=inside or repeats) for inner in _inner(argument)):
            return True
    return False


def _inner(argument: Any) -> Iterator[Any]:  # noqa: ANN401  # the same
    """Yield the parsed expressions inside the argument of an operator."""
    if hasattr(argument, "getwidth"):
        yield argument
    elif isinstance(argument, (tuple, list)):
        for part in argument:
            yield from _inner(part)
