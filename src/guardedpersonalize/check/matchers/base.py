"""What matchers share: the models' base, the two shapes of a matcher, and how a finding is made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Protocol

from pydantic import BaseModel, ConfigDict

from guardedpersonalize.check.finding import Finding
from guardedpersonalize.check.reading import RegionKind

if TYPE_CHECKING:
    from guardedpersonalize.check.context import CheckContext, Detection
    from guardedpersonalize.check.reading import ReadPart, Region
    from guardedpersonalize.check.rules import Rule
    from guardedpersonalize.render.draft import Origin
    from guardedpersonalize.vocabulary import Channel, Severity

__all__ = [
    "Detections",
    "MatchModel",
    "MessageMatcher",
    "PartMatcher",
    "Severities",
    "finding_at",
    "make_finding",
    "slot_ranges",
]

_MOST_KNOWN: Final = 256
_VISIBLE: Final = frozenset({RegionKind.PLAIN, RegionKind.VISIBLE})

Detections = Mapping[int, "Sequence[Detection]"]
"""Region index -> what the detectors saw in the text of that region."""


class MatchModel(BaseModel):
    """Base of the `[match]` tables: strict and frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Severities:
    """
    Which rules read a region, and how grave they are there; told once for regions of one kind.

    Args:
        rules: The rules.
    """

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = tuple(rules)
        self._known: dict[tuple[Channel, str, RegionKind], dict[int, Severity]] = {}

    def at(self, channel: Channel, part: str, kind: RegionKind) -> Mapping[int, Severity]:
        """Return the places of the rules that read regions of *kind* in *part*, in order."""
        key = (channel, part, kind)
        found = self._known.get(key)
        if found is None:
            found = {}
            for i, rule in enumerate(self._rules):
                severity = rule.severity_on(channel)
                if severity is not None and rule.reads(part, kind):
                    found[i] = severity
            if len(self._known) < _MOST_KNOWN:  # part names of foreign text have no end
                self._known[key] = found
        return found


class PartMatcher(Protocol):
    """Reads one part at a time. It keeps nothing of what it reads, so threads may share it."""

    def find(
        self, read: ReadPart, context: CheckContext, detections: Detections
    ) -> Iterator[Finding]:
        """Yield what its rules find in *read*, in any order."""
        ...


class MessageMatcher(Protocol):
    """Reads all parts of a message at once."""

    def find_in_message(
        self, reads: Sequence[ReadPart], context: CheckContext
    ) -> Iterator[Finding]:
        """Yield what its rules find in the message, in any order."""
        ...


def finding_at(rule: Rule, severity: Severity, part: str, start: int, end: int) -> Finding:
    """Make a finding of *rule* that is about a whole part, or a place without a region."""
    return Finding(
        rule=rule.id,
        family=rule.family,
        category=rule.category,
        severity=severity,
        part=part,
        start=start,
        end=end,
        message=rule.message,
        fix=rule.fix,
    )


def make_finding(
    rule: Rule,
    severity: Severity,
    read: ReadPart,
    region: Region,
    span: tuple[int, int],
    *,
    context: CheckContext,
    entity: str | None = None,
    fields: Sequence[str] = (),
) -> Finding:
    """Make a finding of *rule* at *span* of *region*, with what is known of its origin."""
    start, end = region.source_span(*span)
    origins = read.part.origins(start, max(end, start + 1))
    slots = sorted({name for origin in origins for name in origin.slots})
    named = {context.slots[name].field.name for name in slots if name in context.slots}
    template, line = _place_of(origins)
    is_visible = region.kind in _VISIBLE and not region.is_partial
    return replace(
        finding_at(rule, severity, read.part.name, start, end),
        region="" if region.kind is RegionKind.PLAIN else region.kind.value,
        entity=entity,
        slots=tuple(slots),
        fields=tuple(sorted(named.union(fields))),
        template=template,
        line=line,
        visible_start=region.first + span[0] if is_visible else None,
        visible_end=region.first + span[1] if is_visible else None,
    )


def _place_of(origins: Sequence[Origin]) -> tuple[str, int]:
    """Return the template and line of the first of *origins* that has one."""
    return next(((o.template, o.line) for o in origins if o.template), ("", 0))


def slot_ranges(read: ReadPart, region: Region) -> Iterator[tuple[int, int, frozenset[str]]]:
    """Yield `(start, end, slots)` for each output of an expression in the text of *region*."""
    for start, end, chunk in read.part.spans():
        if not chunk.origin.slots:
            continue
        first, last = region.span_of(start, end)
        if last > first:
            yield first, last, chunk.origin.slots
