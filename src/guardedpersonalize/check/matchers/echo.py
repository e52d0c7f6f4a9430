"""Kind `echo`: values of the recipient that may not be shown, and are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from guardedpersonalize.check.echo import Echo, EchoKind, find_echoes
from guardedpersonalize.check.matchers.base import Detections, MatchModel, make_finding

if TYPE_CHECKING:
    from guardedpersonalize.check.context import CheckContext
    from guardedpersonalize.check.finding import Finding
    from guardedpersonalize.check.reading import ReadPart
    from guardedpersonalize.check.rules import Rule

__all__ = ["EchoMatch", "EchoMatcher"]

Kinds = Annotated[tuple[EchoKind, ...], Field(min_length=1)]

_ENTITIES = {
    EchoKind.DATE: "DATE_TIME",
    EchoKind.DAY_AND_MONTH: "DATE_TIME",
    EchoKind.PHONE: "PHONE_NUMBER",
    EchoKind.EMAIL: "EMAIL_ADDRESS",
    EchoKind.REVERSED: "PERSON",
}


class EchoMatch(MatchModel):
    """
    `[match]` of kind `echo`.

    Args:
        ways: In which ways a value shows itself; every way has to be in one rule.
    """

    kind: Literal["echo"]
    ways: Kinds


class EchoMatcher:
    """All echo rules."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = [(rule, rule.match_as(EchoMatch)) for rule in rules]

    def find(
        self, read: ReadPart, context: CheckContext, detections: Detections
    ) -> Iterator[Finding]:
        """Yield the echoes in *read*; *detections* do not matter here."""
        del detections
        if self._rules and context.withheld:
            yield from self.judge(read, context, find_echoes(read, context))

    def judge(
        self, read: ReadPart, context: CheckContext, echoes: Sequence[Echo]
    ) -> Iterator[Finding]:
        """Yield what the rules make of *echoes*, found elsewhere."""
        for echo in echoes:
            region = read.regions[echo.region]
            for rule, match in self._rules:
                severity = rule.severity_on(context.channel)
                if severity is None or echo.kind not in match.ways:
                    continue
                if not rule.reads(read.part.name, region.kind):
                    continue
                yield make_finding(
                    rule,
                    severity,
                    read,
                    region,
                    (echo.start, echo.end),
                    context=context,
                    entity=_ENTITIES.get(echo.kind),
                    fields=(echo.field,),
                )
