"""Consent records in the words of ISO/IEC TS 27560:2023: append-only events, JSON in and out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Any, ClassVar, Final

from pydantic import AfterValidator, ConfigDict, Field, JsonValue, PlainSerializer

from guardedpersonalize.consent.duration import Duration
from guardedpersonalize.consent.edge import STRICT, aware, dump, load
from guardedpersonalize.consent.frozen import FrozenMap, Terse
from guardedpersonalize.consent.parts import (
    ConsentEvent,
    Guardian,
    Id,
    Jurisdiction,
    Moment,
    Party,
    PiiInformation,
    PrivacyNotice,
    PurposeKey,
    Text,
    Texts,
    at_edge,
    in_order,
    jurisdiction_code,
    many,
    member,
    optional,
    purpose_key,
    put,
)
from guardedpersonalize.consent.reason import Reason
from guardedpersonalize.errors import sealed, sealed_init
from guardedpersonalize.vocabulary import (
    Channel,
    ChannelPermission,
    ConsentStatus,
    ConsentType,
    LawfulBasis,
)

__all__ = ["STATE_REASONS", "ConsentRecord", "Standing"]

STATE_REASONS: Final = {
    state: Reason.STATUS_UNKNOWN if state is ConsentStatus.UNKNOWN else Reason(state.value)
    for state in ConsentStatus
    if not state.is_valid
}
"""Why a record in one of the states that allow no use allows none."""

_NOW: Final = timedelta(0)

# What the standard asks for beyond what is needed to read a record.
_MANDATORY: Final = (
    "privacy_notice",
    "language",
    "pii_information",
    "pii_controllers",
    "storage_locations",
    "retention_period",
    "jurisdiction",
    "recipient_third_parties",
    "withdrawal_method",
    "events",
)


@dataclass(frozen=True, slots=True)
class Standing:
    """
    How a record stands at a moment.

    Args:
        reason: `allowed` where it is in force.
        event_index: The event that decides, from 0; None where there is none.
    """

    reason: Reason
    event_index: int | None

    @property
    def is_valid(self) -> bool:
        """True where the record is in force."""
        return self.reason is Reason.ALLOWED


@sealed_init
@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ConsentRecord(Terse):
    """
    What one person said about some purposes, data and channels, and everything that came of it.

    The names are those of ISO/IEC TS 27560:2023, save those marked as ours. Only `record_id`,
    `pii_principal_id` and `purposes` are needed to read a record; `missing_mandatory` lists what
    the standard asks for beyond that. What is not said is never read as a yes.

    Args:
        record_id: Names the record in evidence, so it must not be personal (a UUID is advised).
        pii_principal_id: Whose consent it is: the recipient's id.
        purposes: Keys of purposes. A yes covers these alone; see *covers_children*.
        events: What happened, oldest first; the last one is the state.
        covers_children: (ours) True where a yes also covers the purposes below.
        lawful_basis: Why the data may be used.
        consent_type: (ours, after W3C DPV) How consent was expressed, unless an event says.
        pii_information: The data that is meant. A yes that names none covers no field; a no that
            names none covers all.
        channels: (ours) Where; any channel if empty, save for the right to send.
        channel_permission: (ours) The right to send on *channels*.
        channel_permission_until: (ours) When that right ends at the latest.
        similar_categories: (ours) For a soft opt-in, the kinds of product that the person bought.
        guardian: (ours) Who consented for a child.
        signals: (ours) Raw signals that came with it, by name, kept as they are.

    Raises:
        ConsentError: GP203, GP204, GP210, GP212, GP213 or GP214.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    record_id: Id
    pii_principal_id: Id
    purposes: Annotated[tuple[PurposeKey, ...], Field(min_length=1)]
    events: Annotated[tuple[ConsentEvent, ...], AfterValidator(at_edge(in_order))] = ()
    schema_version: Text = "ISO/IEC TS 27560:2023"
    covers_children: bool = False
    lawful_basis: LawfulBasis | None = None
    consent_type: ConsentType | None = None
    pii_information: tuple[PiiInformation, ...] = ()
    channels: tuple[Channel, ...] = ()
    channel_permission: ChannelPermission = ChannelPermission.NONE
    channel_permission_until: Moment | None = None
    similar_categories: Texts = ()
    guardian: Guardian | None = None
    purpose_type: Text | None = None
    privacy_notice: PrivacyNotice | None = None
    language: Text | None = None
    jurisdiction: Jurisdiction | None = None
    pii_controllers: tuple[Party, ...] = ()
    recipient_third_parties: tuple[Party, ...] | None = None
    collection_method: Text | None = None
    processing_method: Text | None = None
    source: Text | None = None
    storage_locations: Texts = ()
    retention_period: Text | None = None
    processing_locations: Texts = ()
    geographic_restrictions: Texts = ()
    service: Text | None = None
    withdrawal_method: Text | None = None
    privacy_rights: Texts = ()
    codes_of_conduct: Texts = ()
    impact_assessment: Text | None = None
    authority_party: Party | None = None
    signals: Annotated[Mapping[str, JsonValue], PlainSerializer(dict)] | None = None

    def __post_init__(self) -> None:
        put(
            self,
            purposes=tuple(map(purpose_key, many(self.purposes, str))),
            events=in_order(many(self.events, ConsentEvent)),
            pii_information=many(self.pii_information, PiiInformation),
            lawful_basis=optional(partial(member, LawfulBasis), self.lawful_basis),
            consent_type=optional(partial(member, ConsentType), self.consent_type),
            channels=tuple(member(Channel, name) for name in many(self.channels, str)),
            channel_permission=member(ChannelPermission, self.channel_permission),
            channel_permission_until=optional(aware, self.channel_permission_until),
            similar_categories=many(self.similar_categories, str),
            jurisdiction=optional(jurisdiction_code, self.jurisdiction),
            signals=optional(FrozenMap, self.signals),
        )

    @classmethod
    @sealed
    def from_json(cls, raw: str | bytes | Mapping[str, Any]) -> ConsentRecord:
        """
        Read a record from JSON text, or from what one was read into.

        Raises:
            ConsentError: GP203; or GP204, GP210, GP212, GP213 or GP214 where every fault is of
                that kind. It names the place and kind of all faults and the nearest known key,
                and quotes nothing.
        """
        return load(cls, raw)

    def to_json(self) -> dict[str, Any]:
        """Return the record as a mapping that `json.dumps` takes and `from_json` reads."""
        return {"schema_version": self.schema_version, **dump(self)}

    @classmethod
    @sealed
    def simple(
        cls,
        *,
        record_id: str,
        person: str,
        purposes: Sequence[str],
        given_at: datetime,
        pii_types: Sequence[str] = (),
        channels: Sequence[str] = (),
        channel_permission: str = ChannelPermission.NONE,
        basis: str | None = LawfulBasis.CONSENT,
        consent_type: str | None = None,
        validity: Duration | str | None = None,
        covers_children: bool = False,
        similar_categories: Sequence[str] = (),
        jurisdiction: str | None = None,
        guardian: Guardian | None = None,
        method: str | None = None,
    ) -> ConsentRecord:
        """
        Return a record that was given at *given_at*; a short form for tests and examples.

        >>> ConsentRecord.simple(
        ...     record_id="c-1",
        ...     person="r-1",
        ...     purposes=["marketing.communications.email"],
        ...     pii_types=["user.name.first"],
        ...     given_at=datetime.fromisoformat("2026-01-01T00:00Z"),
        ... )
        ConsentRecord(marketing.communications.email; user.name.first; 1 event, given)
        """
        given: dict[str, Any] = {
            "event_time": given_at,
            "event_state": ConsentStatus.GIVEN,
            "validity_duration": validity,
            "method": method,
        }
        said: dict[str, Any] = {
            "record_id": record_id,
            "pii_principal_id": person,
            "purposes": list(purposes),
            "events": [ConsentEvent(**given)],
            "covers_children": covers_children,
            "lawful_basis": basis,
            "consent_type": consent_type,
            "pii_information": [PiiInformation(pii_type=key) for key in pii_types],
            "channels": list(channels),
            "channel_permission": channel_permission,
            "similar_categories": list(similar_categories),
            "guardian": guardian,
            "jurisdiction": jurisdiction,
        }
        return cls(**said)

    @sealed
    def with_event(self, event: ConsentEvent) -> ConsentRecord:
        """
        Return the record with *event* appended.

        Raises:
            ConsentError: GP210, if *event* is earlier than the last one.
        """
        return replace(self, events=(*self.events, event))

    def status_at(self, at: datetime, *, lead: timedelta = _NOW) -> Standing:
        """
        Return how the record stands at *at*: by its last event up to then.

        Args:
            at: The moment, with a time zone.
            lead: An event that ends the consent counts already if it is dated up to this much
                later; see `Law.protective_lead`.

        Raises:
            ConsentError: GP204, if *at* has no time zone.
        """
        now = aware(at)
        last: int | None = None
        for index, event in enumerate(self.events):
            ahead = event.event_time - now
            if ahead <= _NOW or (ahead <= lead and event.event_state in STATE_REASONS):
                last = index
        if last is None:
            return Standing(Reason.NOT_YET_VALID if self.events else Reason.STATUS_UNKNOWN, None)
        ended = STATE_REASONS.get(self.events[last].event_state)
        if ended is None and self._is_over(last, now):
            ended = Reason.EXPIRED
        return Standing(ended or Reason.ALLOWED, last)

    def _is_over(self, index: int, now: datetime) -> bool:
        length = self._length(index)
        return length is not None and now >= length.after(self.events[index].event_time)

    def ends(self) -> tuple[datetime | None, ...]:
        """Return when what each event allows runs out by itself, or None; () if none does."""
        if all(event.validity_duration is None for event in self.events):
            return ()
        lengths = map(self._length, range(len(self.events)))
        return tuple(
            None if length is None else length.after(event.event_time)
            for length, event in zip(lengths, self.events, strict=True)
        )

    def _length(self, index: int) -> Duration | None:
        """Return how long the valid event *index* runs: its own say, or that of what it renews."""
        for event in reversed(self.events[: index + 1]):
            if event.event_state in STATE_REASONS:
                break
            if event.validity_duration is not None:
                return event.validity_duration
        return None

    def missing_mandatory(self) -> tuple[str, ...]:
        """Return which of the names that ISO/IEC TS 27560 calls mandatory are not filled in."""
        # An empty tuple of third parties says that there are none; None says nothing.
        empty: tuple[object, ...] = (None, "", ())
        told = {"recipient_third_parties"} if self.recipient_third_parties is not None else set()
        return tuple(n for n in _MANDATORY if n not in told and getattr(self, n) in empty)

    def __repr__(self) -> str:
        data = ", ".join(entry.pii_type for entry in self.pii_information)
        count = f"{len(self.events)} event{'s' * (len(self.events) != 1)}"
        state = f", {self.events[-1].event_state}" if self.events else ""
        return f"ConsentRecord({', '.join(self.purposes)}; {data}; {count}{state})"
