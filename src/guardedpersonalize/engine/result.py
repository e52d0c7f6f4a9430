"""What goes into the engine and what comes out: recipients, messages, results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from guardedpersonalize.check import Finding, Report
from guardedpersonalize.consent import Consent, Grant
from guardedpersonalize.decide import Decision
from guardedpersonalize.evidence import DecisionRecord, Explanation
from guardedpersonalize.minimise import Slots
from guardedpersonalize.profile import Profile
from guardedpersonalize.render import Draft
from guardedpersonalize.vocabulary import Outcome

__all__ = ["Message", "Recipient", "Result", "Reviewed"]


@dataclass(frozen=True, slots=True)
class Recipient:
    """One row of a batch: a person's profile and what they said about its use."""

    profile: Profile
    consent: Consent


@dataclass(frozen=True, slots=True)
class Message:
    """What is delivered: part name -> text, in reading order. Its repr shows names only."""

    parts: Mapping[str, str] = field(repr=False)

    def __repr__(self) -> str:
        return f"Message({', '.join(self.parts)})"

    def __getitem__(self, part: str) -> str:
        return self.parts[part]


@dataclass(frozen=True, slots=True)
class Result:
    """
    What became of one message.

    Args:
        decision: send, review or block; the rung, findings, score and obligations.
        message: What to deliver; None unless the decision is to send.
        draft: What was read last, with the origin of each chunk; None where nothing was rendered.
        slots: What each slot was filled with, and why; None where nothing was rendered.
        grant: What was allowed, field by field.
        record: For the audit log.
        explanation: For the recipient.
        refused: Findings of the message as written, where it was not sent so.
    """

    decision: Decision
    message: Message | None
    draft: Draft | None = field(repr=False)
    slots: Slots | None
    grant: Grant = field(repr=False)
    record: DecisionRecord = field(repr=False)
    explanation: Explanation = field(repr=False)
    refused: tuple[Finding, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings of the last reading."""
        return self.decision.findings

    @property
    def for_review(self) -> Message | None:
        """What a person is to judge; None unless the decision is review and it was rendered."""
        if self.draft is None or self.decision.outcome is not Outcome.REVIEW:
            return None
        return Message({part.name: part.text for part in self.draft.parts})


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What the reader makes of a text that no template of ours made."""

    outcome: Outcome
    report: Report
