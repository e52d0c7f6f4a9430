"""What the check has to say: findings and the report that holds them. Never a matched value."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from guardedpersonalize.vocabulary import Family, Severity

__all__ = ["Addend", "Finding", "Report", "Score", "Speaker"]


class Speaker(StrEnum):
    """Who speaks in a finding."""

    RULE = "rule"
    MODEL = "model"
    BOTH = "rule and model"


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One thing a reader of the message should not meet.

    Args:
        rule: Id of the rule, e.g. "INT201".
        family: Kind of rule.
        category: For intrusive findings one of the eleven categories, else the rule's own, or "".
        severity: info, warn or error.
        part: Name of the part.
        start: First character in the part's text (its source, for HTML).
        end: One past the last character; equal to *start* where something is missing.
        message: What was found, in one sentence, without quoting it.
        fix: What to do about it; may be empty.
        region: Where in the part: visible, link, alt, comment ...; "" for plain parts.
        entity: A Presidio entity name for pii and echo, else None.
        slots: Slots whose values are in the span, sorted.
        fields: Profile fields concerned, sorted.
        template: Template file that wrote the span, or "".
        line: Line in that file, from 1; 0 where unknown.
        speaker: Who says so: a rule's pattern, the reader model, or both of one sentence.
        visible_start: First character in the part's text as a reader sees it; None where the
            reader does not see it there.
        visible_end: One past the last character in that text, or None.
    """

    rule: str
    family: Family
    category: str
    severity: Severity
    part: str
    start: int
    end: int
    message: str
    fix: str = ""
    region: str = ""
    entity: str | None = None
    slots: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    template: str = ""
    line: int = 0
    speaker: Speaker = Speaker.RULE
    visible_start: int | None = None
    visible_end: int | None = None

    @property
    def sort_key(self) -> tuple[str, int, int, str, str, str]:
        """A total order within a report, free of hash seeds."""
        return (self.part, self.start, self.end, self.rule, self.region, self.entity or "")


@dataclass(frozen=True, slots=True)
class Addend:
    """One term of the score: what it is for, how much, and the study or judgement behind it."""

    name: str
    value: float
    subject: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """Relative risk of seeming creepy: ordinal, never a probability."""

    total: float = 0.0
    addends: tuple[Addend, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """All findings in reading order (part, offset, then rule), and the score."""

    findings: tuple[Finding, ...] = ()
    score: Score = field(default_factory=Score)

    def at_least(self, severity: Severity) -> tuple[Finding, ...]:
        """Return the findings of *severity* or above."""
        return tuple(f for f in self.findings if f.severity.rank >= severity.rank)
