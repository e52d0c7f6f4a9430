"""From a report to an outcome: what a policy makes of findings and of the score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from guardedpersonalize.check.finding import Finding, Report, Score, Speaker
from guardedpersonalize.vocabulary import Family, Outcome, Severity

__all__ = ["Cause", "Decision", "Obligation", "Policy", "Rung", "Verdict", "decide"]


class Rung(StrEnum):
    """How far down the ladder a message came; earlier is closer to what was written."""

    AS_WRITTEN = "as_written"
    OMITTED = "omitted"
    FALLBACK = "fallback"
    GENERIC = "generic"
    REVIEW = "review"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Policy:
    """
    What findings and scores lead to.

    Args:
        review_at: Least severity of a finding that sends a message to review.
        block_at: Least severity of a finding that blocks it.
        review_score: Least score that sends it to review; None never does.
        block_score: Least score that blocks it; None never does.
        rules: Rule id -> outcome, instead of what its severity would give. A rule of family
            `unknown` cannot be set to send: not knowing is never a yes.
        vulnerable_fields: Yes-or-no fields that mark a vulnerable reader.
        vulnerable_classes: Classes of purpose that such a reader gets no message for.
        vulnerable_outcome: What becomes of such a message.

    Source:
        The thresholds are house choices: a letter that names four allowed facts scores 9 to 10,
        one that claims to know a sensitive one 11 and more; see docs/explanation/score.md.
    """

    review_at: Severity = Severity.WARN
    block_at: Severity = Severity.ERROR
    review_score: float | None = 10.0
    block_score: float | None = 16.0
    rules: Mapping[str, Outcome] = field(default_factory=lambda: MappingProxyType({}))
    vulnerable_fields: tuple[str, ...] = ()
    vulnerable_classes: frozenset[str] = frozenset()
    vulnerable_outcome: Outcome = Outcome.BLOCK

    def outcome_of(self, finding: Finding) -> Outcome:
        """
        Return what *finding* alone leads to.

        What only the reader model says is for a person to judge, unless the policy names its rule.
        """
        chosen = self.rules.get(finding.rule)
        if chosen is not None:
            unsure = finding.family is Family.UNKNOWN and chosen is Outcome.SEND
            return Outcome.REVIEW if unsure else chosen
        if finding.severity.rank >= self.block_at.rank and finding.speaker is not Speaker.MODEL:
            return Outcome.BLOCK
        if finding.severity.rank >= self.review_at.rank:
            return Outcome.REVIEW
        return Outcome.SEND

    def outcome_of_score(self, score: Score) -> Outcome:
        """Return what *score* alone leads to."""
        if self.block_score is not None and score.total >= self.block_score:
            return Outcome.BLOCK
        if self.review_score is not None and score.total >= self.review_score:
            return Outcome.REVIEW
        return Outcome.SEND


@dataclass(frozen=True, slots=True)
class Cause:
    """
    One reason for an outcome, in a stable code and a plain sentence.

    Args:
        code: A rule id, a reason code of the grant, or `score`.
        message: The sentence; never a value.
        slots: Slots behind it, sorted: those whose values are in the span or decide its presence.
    """

    code: str
    message: str
    slots: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a policy makes of one reading of one draft."""

    outcome: Outcome
    causes: tuple[Cause, ...] = ()


@dataclass(frozen=True, slots=True)
class Obligation:
    """
    Something that the pipeline must still do.

    Args:
        kind: `header`, `signature`, `record` or `disclosure`.
        name: What it concerns, e.g. "List-Unsubscribe".
        detail: What to do, in one sentence.
    """

    kind: str
    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class Decision:
    """
    What becomes of one message, and why.

    Args:
        outcome: send, review or block.
        rung: How far down the ladder the message came.
        causes: Why it is not sent as written; empty where it is.
        findings: All findings of the last reading, in reading order.
        score: The score of the last reading, with its addends.
        obligations: What the pipeline must still do before or after sending.
    """

    outcome: Outcome
    rung: Rung
    causes: tuple[Cause, ...] = ()
    findings: tuple[Finding, ...] = ()
    score: Score = field(default_factory=Score)
    obligations: tuple[Obligation, ...] = ()

    @property
    def is_sendable(self) -> bool:
        """True where the message may go out without a person looking at it."""
        return self.outcome is Outcome.SEND

    sendable = is_sendable

    @property
    def is_reduced(self) -> bool:
        """True where a message goes out, but not as written."""
        return self.is_sendable and self.rung is not Rung.AS_WRITTEN


def decide(report: Report, policy: Policy, *, is_scored: bool = True) -> Verdict:
    """
    Return what *policy* makes of *report*: the worst of all findings and of the score.

    More findings never make it better, and neither does a higher score.

    Args:
        report: What the check found.
        policy: What it leads to.
        is_scored: False for service messages, which have to name sums and days that nobody would
            want in an offer; their findings still count.

    >>> decide(Report(), Policy()).outcome.value
    'send'
    """
    judged = [(policy.outcome_of(finding), _cause(finding)) for finding in report.findings]
    if is_scored:
        scored = policy.outcome_of_score(report.score)
        judged.append((scored, Cause("score", f"the score is {report.score.total:g}.")))
    outcomes = (outcome for outcome, _ in judged)
    worst = max(outcomes, key=lambda outcome: outcome.rank, default=Outcome.SEND)
    serious = [cause for outcome, cause in judged if outcome is not Outcome.SEND]
    return Verdict(worst, tuple(dict.fromkeys(serious)))


def _cause(finding: Finding) -> Cause:
    return Cause(finding.rule, finding.message, finding.slots)
