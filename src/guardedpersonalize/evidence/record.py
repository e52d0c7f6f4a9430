"""The decision record: what was used, on what ground, and what came of it. Never a value."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Final

from guardedpersonalize.consent import Grant
from guardedpersonalize.decide import Cause, Decision, Obligation
from guardedpersonalize.minimise import PseudonymKey, Slot, Slots, pseudonym
from guardedpersonalize.packs import Pack, PackTemplate

__all__ = ["DecisionRecord", "FindingRecord", "SlotRecord", "make_record"]

_SCHEMA_VERSION: Final = "1"


@dataclass(frozen=True, slots=True)
class SlotRecord:
    """What became of one slot: names, categories and grounds, never what it held."""

    slot: str
    field: str
    category: str
    provenance: str
    source: str
    technique: str
    level: str
    outcome: str
    reason: str
    consent_record: str | None
    event_index: int | None
    lawful_basis: str | None


@dataclass(frozen=True, slots=True)
class FindingRecord:
    """One finding: the rule and where, never what was found."""

    rule: str
    family: str
    category: str
    severity: str
    part: str
    start: int
    end: int
    slots: tuple[str, ...]
    fields: tuple[str, ...]
    template: str
    line: int


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """
    What the audit log keeps of one message (GDPR Art. 5(2), 7(1), 15, 30).

    Args:
        schema_version: Version of this shape.
        message_id: A pseudonym: the same for the same recipient, template, pack and moment.
        engine_version: Version of this package.
        pack: Name and version of the pack, as `name@version`.
        pack_hash: SHA-256 of the pack's files, which hold its policy and rules' exceptions.
        template: Name of the template.
        template_hash: SHA-256 of the template's sources.
        rules_hash: SHA-256 of the rule catalogue that read the message.
        at: When it was decided, in UTC, ISO 8601.
        channel: Where it was to be read.
        purpose: What it was for.
        person: Keyed pseudonym of the recipient (EDPB guidelines 01/2025).
        key_id: Which key made the pseudonym.
        permission: Verdict, reason, consent record and event of the right to send at all.
        slots: What became of each slot, in the template's order.
        findings: Of the last reading.
        causes: Why the message is not sent as written: codes, and slots behind them.
        score: The score's total.
        addends: Its terms: name, slot or part, value.
        outcome: send, review or block.
        rung: How far down the ladder.
        obligations: What the pipeline must still do.
    """

    schema_version: str
    message_id: str
    engine_version: str
    pack: str
    pack_hash: str
    template: str
    template_hash: str
    rules_hash: str
    at: str
    channel: str
    purpose: str
    person: str
    key_id: str
    permission: tuple[str, str, str | None, int | None]
    slots: tuple[SlotRecord, ...]
    findings: tuple[FindingRecord, ...]
    causes: tuple[tuple[str, tuple[str, ...]], ...]
    score: float
    addends: tuple[tuple[str, str, float], ...]
    outcome: str
    rung: str
    obligations: tuple[tuple[str, str], ...]

    def to_json(self) -> str:
        """Return one line of JSON, keys in the order above."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))


def make_record(
    decision: Decision,
    *,
    pack: Pack,
    template: PackTemplate,
    grant: Grant,
    slots: Slots | None,
    recipient_id: str,
    key: PseudonymKey,
    engine_version: str,
    rules_hash: str,
) -> DecisionRecord:
    """Return the record of *decision*; *slots* is None where nothing was rendered."""
    at = _utc(grant.at)
    message = grant.message
    identity = "\0".join((recipient_id, template.name, pack.digest, at))
    return DecisionRecord(
        schema_version=_SCHEMA_VERSION,
        message_id=pseudonym(identity, key, domain="messages"),
        engine_version=engine_version,
        pack=f"{pack.name}@{pack.version}",
        pack_hash=pack.digest,
        template=template.name,
        template_hash=template.digest,
        rules_hash=rules_hash,
        at=at,
        channel=grant.channel.value,
        purpose=grant.purpose.key,
        person=pseudonym(recipient_id, key, domain="records"),
        key_id=key.key_id,
        permission=(
            message.verdict.value,
            message.reason.value,
            message.record_id,
            message.event_index,
        ),
        slots=tuple(_slot_record(slot) for slot in slots.values()) if slots else (),
        findings=_finding_records(decision),
        causes=_causes(decision.causes),
        score=decision.score.total,
        addends=tuple((a.name, a.subject, a.value) for a in decision.score.addends),
        outcome=decision.outcome.value,
        rung=decision.rung.value,
        obligations=_obligations(decision.obligations),
    )


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _slot_record(slot: Slot) -> SlotRecord:
    field = slot.field
    return SlotRecord(
        slot=slot.spec.name,
        field=field.name,
        category=field.category.key,
        provenance=field.provenance.value,
        source=field.source.value,
        technique=slot.technique.value,
        level=slot.level,
        outcome=slot.outcome.value,
        reason=str(slot.reason),
        consent_record=slot.record_id,
        event_index=slot.event_index,
        lawful_basis=slot.basis.value if slot.basis else None,
    )


def _finding_records(decision: Decision) -> tuple[FindingRecord, ...]:
    return tuple(
        FindingRecord(
            rule=f.rule,
            family=f.family.value,
            category=f.category,
            severity=f.severity.value,
            part=f.part,
            start=f.start,
            end=f.end,
            slots=f.slots,
            fields=f.fields,
            template=f.template,
            line=f.line,
        )
        for f in decision.findings
    )


def _causes(causes: Iterable[Cause]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((cause.code, cause.slots) for cause in causes)


def _obligations(obligations: Iterable[Obligation]) -> tuple[tuple[str, str], ...]:
    return tuple((o.kind, o.name) for o in obligations)
