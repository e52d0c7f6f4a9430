"""Kind `entity`: personal identifiers that detectors saw."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from guardedpersonalize.check.matchers.base import Detections, MatchModel, make_finding
from guardedpersonalize.check.pii import ENTITIES, is_recipients_own, is_senders_own

if TYPE_CHECKING:
    from guardedpersonalize.check.context import CheckContext, Detection
    from guardedpersonalize.check.finding import Finding
    from guardedpersonalize.check.reading import ReadPart, Region
    from guardedpersonalize.check.rules import Rule

__all__ = ["EntityMatch", "EntityMatcher"]

Entities = Annotated[tuple[str, ...], Field(min_length=1)]


class EntityMatch(MatchModel):
    """
    `[match]` of kind `entity`.

    Args:
        entities: Names of entities, as detectors give them.
        least_score: Least confidence, from 0 to 1.
        allow_own: True to pass over what the recipient let us show; the sender's own details are
            always passed over.
    """

    kind: Literal["entity"]
    entities: Entities
    least_score: float = Field(default=0.4, ge=0, le=1)
    allow_own: bool = True


class EntityMatcher:
    """All entity rules."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = [(rule, rule.match_as(EntityMatch)) for rule in rules]

    def find(
        self, read: ReadPart, context: CheckContext, detections: Detections
    ) -> Iterator[Finding]:
        """Yield what the rules make of *detections*."""
        for index, region in enumerate(read.regions):
            for detection in detections.get(index, ()):
                if not is_senders_own(region.text, detection, context.identity):
                    yield from self._judge(read, region, detection, context)

    def _judge(
        self, read: ReadPart, region: Region, detection: Detection, context: CheckContext
    ) -> Iterator[Finding]:
        is_own: bool | None = None
        for rule, match in self._rules:
            severity = rule.severity_on(context.channel)
            if severity is None or not rule.reads(read.part.name, region.kind):
                continue
            if detection.entity not in match.entities or detection.score < match.least_score:
                continue
            if match.allow_own:
                if is_own is None:
                    is_own = is_recipients_own(read, region, detection, context)
                if is_own:
                    continue
            span = (detection.start, detection.end)
            entity = _presidio_name(detection.entity)
            yield make_finding(rule, severity, read, region, span, context=context, entity=entity)


def _presidio_name(entity: str) -> str:
    known = ENTITIES.get(entity)
    return known.presidio if known else entity
