"""What goes into the engine and what comes out: recipients, messages, results."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from guardedpersonalize.check import Finding, Report
from guardedpersonalize.consent import Consent, Grant
from guardedpersonalize.decide import Decision
from guardedpersonalize.errors import sealed
from guardedpersonalize.evidence import DecisionRecord, Explanation, explain
from guardedpersonalize.minimise import Slots
from guardedpersonalize.profile import Profile
from guardedpersonalize.render import Draft
from guardedpersonalize.vocabulary import Outcome

__all__ = ["Message", "Recipient", "Result", "Reviewed", "Told"]


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


@dataclass(frozen=True)
class Result:
    """
    What became of one message. What is not asked for is not made.

    Args:
        decision: send, review or block; the rung, findings, score and obligations.
        draft: What was read last, with the origin of each chunk; None where nothing was rendered.
        slots: What each slot was filled with, and why; None where nothing was rendered.
        grant: What was allowed, field by field.
        make_record: Makes the record when it is asked for.
        refused: Findings of the message as written, where it was not sent so.
    """

    decision: Decision
    draft: Draft | None = field(repr=False)
    slots: Slots | None
    grant: Grant = field(repr=False)
    make_record: Callable[[], DecisionRecord] = field(repr=False, compare=False)
    refused: tuple[Finding, ...] = ()

    @functools.cached_property
    def message(self) -> Message | None:
        """What to deliver; None unless the decision is to send."""
        return self._message if self.decision.outcome is Outcome.SEND else None

    @functools.cached_property
    def record(self) -> DecisionRecord:
        """For the audit log."""
        return sealed(self.make_record)()

    @functools.cached_property
    def explanation(self) -> Explanation:
        """For the recipient."""
        return explain(self.grant, self.slots)

    @property
    def _message(self) -> Message | None:
        return Message({part.name: part.text for part in self.draft.parts}) if self.draft else None

    def __reduce__(self) -> tuple[Callable[..., Result], tuple[object, ...]]:
        # What makes the record holds the pack, which goes nowhere: the record goes in its place.
        told = {
            "decision": self.decision,
            "draft": self.draft,
            "slots": self.slots,
            "grant": self.grant,
            "refused": self.refused,
        }
        return _restored, (self.record, told)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings of the last reading."""
        return self.decision.findings

    @property
    def for_review(self) -> Message | None:
        """What a person is to judge; None unless the decision is review and it was rendered."""
        return self._message if self.decision.outcome is Outcome.REVIEW else None


class Told(NamedTuple):
    """
    What of a result goes from one process to another that has the same pack.

    Args:
        decision: As of the result.
        draft: The same.
        slots: The same.
        grant: The same.
        refused: The same.
        rules_hash: SHA-256 of the rules that read the message.
    """

    decision: Decision
    draft: Draft | None
    slots: Slots | None
    grant: Grant
    refused: tuple[Finding, ...]
    rules_hash: str

    @classmethod
    def of(cls, result: Result, rules_hash: str) -> Told:
        """Return what is told of *result*, which was read with the rules of *rules_hash*."""
        return cls(
            result.decision, result.draft, result.slots, result.grant, result.refused, rules_hash
        )

    def result(self, make_record: Callable[[], DecisionRecord]) -> Result:
        """Return the result again."""
        return Result(self.decision, self.draft, self.slots, self.grant, make_record, self.refused)


def _restored(record: DecisionRecord, told: Mapping[str, Any]) -> Result:
    return Result(make_record=lambda: record, **told)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What the reader makes of a text that no template of ours made."""

    outcome: Outcome
    report: Report
