"""Kind `entity`: personal identifiers that detectors saw."""

from __future__ import annotations

import functools
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from guardedpersonalize.check.matchers.base import Detections, MatchModel, Severities, make_finding
from guardedpersonalize.check.pii import ENTITIES, Group, is_recipients_own, is_senders_own
from guardedpersonalize.check.reader.windows import sentences, touched

if TYPE_CHECKING:
    from guardedpersonalize.check.context import CheckContext, Detection
    from guardedpersonalize.check.finding import Finding
    from guardedpersonalize.check.reading import ReadPart, Region
    from guardedpersonalize.check.rules import Rule

__all__ = ["EntityMatch", "EntityMatcher"]

Word = Annotated[str, Field(pattern=r"^[a-z]+(?:[ -][a-z]+)*$")]

_GREETING: Final = re.compile(
    r"(?:^|[\n.!?])\s*(?:dear|g'day|good (?:afternoon|day|evening|morning)|hello|hey|hi|hiya|"
    r"thank you|thanks|welcome(?: back)?)?,?\s*(?:dr|mr|mrs|ms|mx|prof)?\.?\s*$",
    re.IGNORECASE,
)
_LONGEST_GREETING: Final = 40


class EntityMatch(MatchModel):
    """
    `[match]` of kind `entity`.

    Args:
        entities: Names of entities, as detectors give them.
        groups: Groups of entities, as `state` for the numbers that states give to people.
        least_score: Least confidence, from 0 to 1.
        beside: Entities of others, one of which has to stand in the same sentence.
        near: Words, one of which has to, `beside` aside; in lower case.
        greeted: True to count the name in a greeting as well, which is the reader's.
        allow_own: True to pass over what the recipient let us show; the sender's own details are
            always passed over.
    """

    kind: Literal["entity"]
    entities: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    least_score: float = Field(default=0.4, ge=0, le=1)
    beside: tuple[str, ...] = ()
    near: tuple[Word, ...] = ()
    greeted: bool = True
    allow_own: bool = True

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if not (self.entities or self.groups):
            raise ValueError("it names neither entities nor groups")
        return self

    def is_about(self, entity: str) -> bool:
        """Tell whether *entity* is one of those named, or of a group that is."""
        known = ENTITIES.get(entity)
        return entity in self.entities or (known is not None and known.group in self.groups)


class _Prepared:
    """A rule with its words compiled."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.match = rule.match_as(EntityMatch)
        words = "|".join(map(re.escape, self.match.near))
        self.near = re.compile(rf"\b(?:{words})\b", re.IGNORECASE) if words else None
        self.wants_company = bool(self.match.beside or self.match.near)


class EntityMatcher:
    """All entity rules."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = [_Prepared(rule) for rule in rules]
        self._severities = Severities(rules)

    def find(
        self, read: ReadPart, context: CheckContext, detections: Detections
    ) -> Iterator[Finding]:
        """Yield what the rules make of *detections*."""
        for index, region in enumerate(read.regions):
            others = [
                detection
                for detection in detections.get(index, ())
                if not is_senders_own(region.text, detection, context.identity)
            ]
            company = _Company(region.text, others)
            for detection in others:
                yield from self._judge(read, region, detection, context, company)

    def _judge(
        self,
        read: ReadPart,
        region: Region,
        detection: Detection,
        context: CheckContext,
        company: _Company,
    ) -> Iterator[Finding]:
        is_own: bool | None = None
        severities = self._severities.at(context.channel, read.part.name, region.kind)
        for i, severity in severities.items():
            prepared = self._rules[i]
            rule, match = prepared.rule, prepared.match
            if not match.is_about(detection.entity) or detection.score < match.least_score:
                continue
            if not match.greeted and _is_greeted(region.text, detection):
                continue
            if prepared.wants_company and not company.suits(prepared, detection):
                continue
            if match.allow_own:
                if is_own is None:
                    is_own = is_recipients_own(read, region, detection, context)
                if is_own:
                    continue
            span = (detection.start, detection.end)
            entity = _presidio_name(detection.entity)
            yield make_finding(rule, severity, read, region, span, context=context, entity=entity)


def _is_greeted(text: str, detection: Detection) -> bool:
    """Tell whether a name is the one that the message speaks to."""
    before = text[max(0, detection.start - _LONGEST_GREETING) : detection.start]
    after = text[detection.end : detection.end + 1]
    return after in {",", "!", ":", ".", "\n", "\u2013", ""} and bool(_GREETING.search(before))


class _Company:
    """What stands in one sentence with a detection; the text is cut into sentences once."""

    def __init__(self, text: str, detections: Sequence[Detection]) -> None:
        self._text = text
        self._detections = sorted(detections, key=_start)

    @functools.cached_property
    def _sentences(self) -> list[tuple[int, int]]:
        return sentences(self._text)

    def suits(self, prepared: _Prepared, detection: Detection) -> bool:
        """Tell whether what the rule wants beside it stands in its sentence."""
        start, end = touched(self._sentences, detection.start, detection.start + 1)
        first = bisect_left(self._detections, start, key=_start)
        last = bisect_left(self._detections, end, first, key=_start)
        if any(one.entity in prepared.match.beside for one in self._detections[first:last]):
            return True
        near = prepared.near
        return near is not None and near.search(self._text, start, end) is not None


def _start(detection: Detection) -> int:
    return detection.start


def _presidio_name(entity: str) -> str:
    known = ENTITIES.get(entity)
    return known.presidio if known else entity
