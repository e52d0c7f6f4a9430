"""What a person's records say to one question: may this be used, for what, where and when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from guardedpersonalize.consent.holder import Consent
from guardedpersonalize.consent.reason import Reason
from guardedpersonalize.consent.record import STATE_REASONS, ConsentRecord, Standing
from guardedpersonalize.consent.use import Asked, Use
from guardedpersonalize.vocabulary import ChannelPermission, ConsentType, LawfulBasis

__all__ = ["No", "Question", "Reading", "Readings", "Ruling", "read_records"]

_CONSENT: Final = frozenset({LawfulBasis.CONSENT, LawfulBasis.EXPLICIT_CONSENT})

# Why no record is about a question, from far to near; of several records the nearest is reported.
_OUT_OF_SCOPE: Final = (
    Reason.NO_RECORD,
    Reason.WRONG_PERSON,
    Reason.PURPOSE_NOT_COVERED,
    Reason.PARENT_PURPOSE_ONLY,
    Reason.CHANNEL_NOT_COVERED,
)


# A tuple, not a dataclass: one is made for each message, and that takes a third of the time.
class Question(NamedTuple):
    """
    What is asked of a person's records.

    Args:
        use: For what, and where.
        person: Id of the recipient.
        at: When the message will be sent, in UTC.
        offers: Kinds of product that it offers.
    """

    use: Use
    person: str
    at: datetime
    offers: tuple[str, ...]

    def has_begun(self, moment: datetime) -> bool:
        """Tell whether what takes permission away from *moment* on counts already."""
        return moment - self.at <= self.use.lead


class Ruling(NamedTuple):
    """
    An answer, and what it rests on.

    Args:
        reason: The answer.
        record: The record that decides, or None.
        event_index: The event of *record* that decides, or None.
    """

    reason: Reason
    record: ConsentRecord | None = None
    event_index: int | None = None


@dataclass(frozen=True, slots=True)
class No:
    """An event that ends what was allowed before it, in its own record and in others."""

    record: ConsentRecord
    said_at: datetime
    ruling: Ruling

    def is_about(self, key: str) -> bool:
        """Tell whether it is about the category *key*: a no reaches what is above and below it."""
        entries = self.record.pii_information
        return not entries or any(_overlap(entry.pii_type, key) for entry in entries)

    def is_about_sending(self) -> bool:
        """Tell whether it takes back the right to send, and not the use of some fields alone."""
        record = self.record
        return not record.pii_information or record.channel_permission is not ChannelPermission.NONE


def _overlap(one: str, other: str) -> bool:
    return one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")


@dataclass(frozen=True, slots=True)
class Reading:
    """
    A record that is about the question, and how it stands.

    Args:
        record: The record.
        said_at: When the yes was said; when the record last changed, if it is no yes.
        standing: How it stands.
        yes: The answer where nothing stands against it.
        beside: The answer for a field that it does not name.
        refusal: Why nothing may be used on the strength of it; None where something may.
        is_explicit: True where consent was explicit.
        types: Categories that it names for any field.
        attributes: Categories that it names for one field only, with the field's name.
    """

    record: ConsentRecord
    said_at: datetime
    standing: Standing
    yes: Ruling
    beside: Ruling
    refusal: Ruling | None
    is_explicit: bool
    types: frozenset[str]
    attributes: frozenset[tuple[str, str]]

    def names(self, asked: Asked, keys: frozenset[str]) -> bool:
        """Tell whether the record names one of *keys* for the field of *asked*."""
        if not self.types.isdisjoint(keys):
            return True
        name = asked.field.name
        return any(key in keys and only == name for key, only in self.attributes)

    def ruling(self, reason: Reason) -> Ruling:
        """Return *reason* with this record as what it rests on."""
        return Ruling(reason, self.record, self.standing.event_index)


@dataclass(frozen=True, slots=True)
class Readings:
    """
    Everything a person's records say to one question.

    Args:
        question: The question.
        near: Records that are about it, the last word first.
        noes: Everything that ends older permissions, the last word first.
        nothing: The answer where no record is about it.
        is_mistaken: True where there are records, and all of them are of other people.
    """

    question: Question
    near: tuple[Reading, ...]
    noes: tuple[No, ...]
    nothing: Ruling
    is_mistaken: bool

    def on_field(self, asked: Asked, guard: Reason | None) -> Ruling:
        """
        Return what the records say about using a field: the first yes, else the last word on it.

        Args:
            asked: The field.
            guard: Why a guardian's consent is needed, or None.
        """
        closest: Ruling | None = None
        for reading in self.near:
            ruling = self._on_field(reading, asked, guard)
            if ruling.reason is Reason.ALLOWED:
                return ruling
            if closest is None or closest.reason is Reason.FIELD_NOT_COVERED:
                closest = ruling
        if closest is None or closest.reason is Reason.FIELD_NOT_COVERED:
            refusals = (no.ruling for no in self.noes if no.is_about(asked.key))
            return next(refusals, closest or self.nothing)
        return closest

    def _on_field(self, reading: Reading, asked: Asked, guard: Reason | None) -> Ruling:
        needs_explicit = asked.needs_explicit
        # This runs for each field and record; the first half spares a call.
        if reading.types.isdisjoint(asked.named_by) and not (
            reading.attributes and reading.names(asked, asked.named_by)
        ):
            return _beside_field(reading, asked)
        if reading.refusal is not None:
            return reading.refusal
        for no in self.noes_after(reading) if self.noes else ():
            if no.is_about(asked.key):
                return no.ruling
        if needs_explicit is not None and not reading.is_explicit:
            return reading.ruling(needs_explicit)
        if guard is not None and reading.record.guardian is None:
            return reading.ruling(guard)
        return reading.yes

    def noes_after(self, reading: Reading) -> list[No]:
        """
        Return each no of another record that is not older than the yes of *reading*.

        Within its own record the order of the events decides, and the yes is the last of them.
        """
        return [
            no
            for no in self.noes
            if no.said_at >= reading.said_at and no.record is not reading.record
        ]


def _beside_field(reading: Reading, asked: Asked) -> Ruling:
    # A wider category may be named: then the yes was not explicit about this one.
    if asked.needs_explicit is not None and reading.names(asked, asked.widely_named_by):
        return reading.ruling(asked.needs_explicit)
    return reading.beside


def read_records(consent: Consent, question: Question) -> Readings:
    """Read the records of *consent* in the light of *question*; those of others are no answer."""
    near: list[Reading] = []
    noes: list[No] = []
    nothing = Ruling(Reason.WRONG_PERSON if consent.records else Reason.NO_RECORD)
    for record in consent.records:
        if record.pii_principal_id != question.person:
            continue
        noes.extend(_noes(record, question))
        beside = _beside(record, question.use)
        if beside is None:
            near.append(_reading(record, question))
        elif _OUT_OF_SCOPE.index(beside) > _OUT_OF_SCOPE.index(nothing.reason):
            nothing = Ruling(beside, record)
    # Records come sorted by id, and sorting is stable: the order is total.
    near.sort(key=lambda reading: reading.said_at, reverse=True)
    noes.sort(key=lambda no: no.said_at, reverse=True)
    is_mistaken = not near and nothing.reason is Reason.WRONG_PERSON
    return Readings(question, tuple(near), tuple(noes), nothing, is_mistaken)


def _beside(record: ConsentRecord, use: Use) -> Reason | None:
    """Return why a yes of *record* is not about the question; None where it is."""
    key = use.purpose.key
    if key not in record.purposes:
        if not any(key.startswith(f"{wider}.") for wider in record.purposes):
            return Reason.PURPOSE_NOT_COVERED
        if not record.covers_children:
            return Reason.PARENT_PURPOSE_ONLY
    if record.channels and use.channel not in record.channels:
        return Reason.CHANNEL_NOT_COVERED
    return None


def _reading(record: ConsentRecord, question: Question) -> Reading:
    standing = record.status_at(question.at, lead=question.use.lead)
    index = standing.event_index
    event = None if index is None else record.events[index]
    how = (event and event.event_type) or record.consent_type
    basis = record.lawful_basis
    reason = _weak(basis, how, question.use) if standing.is_valid else standing.reason
    entries = record.pii_information
    return Reading(
        record=record,
        said_at=event.event_time if event else question.at,
        standing=standing,
        yes=Ruling(Reason.ALLOWED, record, index),
        beside=Ruling(Reason.FIELD_NOT_COVERED, record, index),
        refusal=Ruling(reason, record, index) if reason else None,
        is_explicit=basis is LawfulBasis.EXPLICIT_CONSENT
        or (basis is LawfulBasis.CONSENT and how is ConsentType.EXPLICIT),
        types=frozenset([e.pii_type for e in entries if e.pii_attribute_id is None]),
        attributes=frozenset(
            [(e.pii_type, e.pii_attribute_id) for e in entries if e.pii_attribute_id is not None]
        ),
    )


def _weak(basis: LawfulBasis | None, how: ConsentType | None, use: Use) -> Reason | None:
    """Return why *basis* is not enough; None where it is."""
    law = use.law
    if basis is None:
        return Reason.NO_LAWFUL_BASIS
    barred = law.legitimate_interests.barred_tcf
    if basis is LawfulBasis.LEGITIMATE_INTERESTS and not barred.isdisjoint(use.purpose.tcf):
        return Reason.LEGITIMATE_INTEREST_BARRED
    if basis not in law.bases.get(use.purpose_class, ()):
        return Reason.BASIS_NOT_ACCEPTED
    return Reason.IMPLIED_CONSENT_ONLY if basis in _CONSENT and how is ConsentType.IMPLIED else None


def _noes(record: ConsentRecord, question: Question) -> Iterator[No]:
    """Yield the events of *record* that end older permissions, if it is about the question."""
    ending = question.use.law.ending_states
    for index, event in enumerate(record.events):
        if event.event_state not in ending or not question.has_begun(event.event_time):
            continue
        if _refuses(record, question.use):
            ruling = Ruling(STATE_REASONS[event.event_state], record, index)
            yield No(record, event.event_time, ruling)


def _refuses(record: ConsentRecord, use: Use) -> bool:
    """
    Tell whether a no of *record* is about the question.

    A no is general: it reaches the purposes below its own, whatever `covers_children` says. And a
    no to `marketing.communications.email` reaches a `marketing.communications` message by e-mail.
    """
    if record.channels and use.channel not in record.channels:
        return False
    key = f"{use.purpose.key}.{use.channel}"
    return any(key == wider or key.startswith(f"{wider}.") for wider in record.purposes)
