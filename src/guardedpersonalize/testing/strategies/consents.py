"""Consents: what one person said, in every state that it can be in; and less than that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, TypeVar

from hypothesis import strategies as st

from guardedpersonalize.consent import (
    AgeGroup,
    Consent,
    ConsentEvent,
    ConsentRecord,
    Duration,
    Guardian,
    PiiInformation,
)
from guardedpersonalize.consent.record import STATE_REASONS
from guardedpersonalize.profile import Catalogue
from guardedpersonalize.testing.personas import best_permission, willing_record
from guardedpersonalize.testing.strategies.people import AT, moments
from guardedpersonalize.vocabulary import (
    Channel,
    ChannelPermission,
    ConsentStatus,
    ConsentType,
    LawfulBasis,
    Objection,
    Purpose,
    channel,
    purpose,
)

__all__ = ["consents", "lesser_consents", "willing_consent"]

S = TypeVar("S")
T = TypeVar("T")

_LENGTHS: Final = (Duration(days=30), Duration(years=1))
_VALID: Final = (ConsentStatus.GIVEN, ConsentStatus.RENEWED)


def willing_consent(
    catalogue: Catalogue,
    person: str,
    *,
    purpose: Purpose | str,
    channel: Channel | str,
    at: datetime = AT,
) -> Consent:
    """
    Return the consent of an adult who allows all that can be allowed, and nothing against it.

    >>> willing_consent(Catalogue.of([]), "r-1", purpose="personalize", channel="web")
    Consent(1 record)
    """
    record = _willing(catalogue, person, (_purpose(purpose), _channel(channel)), at)
    return Consent(records=(record,), age_group=AgeGroup.ADULT)


_channel = channel
_purpose = purpose


def _willing(
    catalogue: Catalogue, person: str, use: tuple[Purpose, Channel], at: datetime
) -> ConsentRecord:
    what, where = use
    return willing_record(_keys(catalogue), person, purpose=what, channel=where, at=at)


def _keys(catalogue: Catalogue) -> list[str]:
    return sorted({field.category.key for field in catalogue.values()})


@st.composite
def consents(
    draw: st.DrawFn,
    catalogue: Catalogue,
    person: str,
    *,
    purpose: Purpose | str,
    channel: Channel | str,
    at: datetime = AT,
    willing: bool = False,
) -> Consent:
    """
    Return a strategy for what *person* said: any number of records in any state.

    Records cover some of the fields, this purpose or a wider or another one, this channel or all
    or another; they were given, renewed, refused, withdrawn, expired, dated ahead; some are of
    other people, or of a child's guardian. There are objections now and then.

    Args:
        draw: Given by Hypothesis.
        catalogue: The fields that may be spoken of.
        person: The recipient's id.
        purpose: The purpose that will be asked about.
        channel: The channel that will be asked about.
        at: The moment that will be asked about.
        willing: True to have a record among them that allows all that can be allowed.
    """
    what, where = _purpose(purpose), _channel(channel)
    drawn = draw(st.lists(_records(catalogue, person, (what, where), at), max_size=3))
    records = [replace(record, record_id=f"c-{n}") for n, record in enumerate(drawn)]
    if willing:
        records.append(_willing(catalogue, person, (what, where), at))
    objections = draw(_seldom(st.dictionaries(st.sampled_from(Objection), moments(at)), {}))
    return Consent(
        records=tuple(records),
        objections=objections,
        age_group=draw(_seldom(st.sampled_from(AgeGroup), AgeGroup.ADULT)),
        jurisdiction=draw(st.sampled_from((None, "GB", "US-CA", "CA", "IN"))),
        do_not_contact=draw(_seldom(st.tuples(st.sampled_from(Channel)), ())),
    )


def _seldom(odd: st.SearchStrategy[S], usual: T) -> st.SearchStrategy[S | T]:
    """Return *usual* most of the time."""
    return st.integers(0, 7).flatmap(lambda n: odd if n == 7 else st.just(usual))  # noqa: PLR2004


@st.composite
def _records(
    draw: st.DrawFn, catalogue: Catalogue, person: str, use: tuple[Purpose, Channel], at: datetime
) -> ConsentRecord:
    what, where = use
    keys = draw(st.lists(st.sampled_from([*_keys(catalogue), "user"]), max_size=4, unique=True))
    parts = what.key.split(".")
    wider = [".".join(parts[:size]) for size in range(1, len(parts))]
    near = st.sampled_from([what.key, what.key, *wider])
    return ConsentRecord(
        record_id="c",
        pii_principal_id=draw(_seldom(st.just("somebody-else"), person)),
        purposes=(draw(_seldom(st.just("essential.service"), what.key) | near),),
        events=draw(_events(at)),
        covers_children=draw(st.booleans()),
        lawful_basis=draw(_seldom(st.sampled_from((None, *LawfulBasis)), LawfulBasis.CONSENT)),
        consent_type=draw(st.sampled_from((ConsentType.EXPLICIT, None, *ConsentType))),
        pii_information=tuple(draw(_information(key, catalogue)) for key in keys),
        channels=draw(st.sampled_from(((where,), (), (Channel.POST, Channel.VOICE)))),
        channel_permission=draw(st.sampled_from((best_permission(where), *ChannelPermission))),
        channel_permission_until=draw(_seldom(moments(at), None)),
        guardian=draw(_seldom(st.just(Guardian(entity_id="g-1", method="call")), None)),
        jurisdiction=draw(_seldom(st.sampled_from(("DE", "CA", "IN")), None)),
    )


@st.composite
def _information(draw: st.DrawFn, key: str, catalogue: Catalogue) -> PiiInformation:
    fields = [None, None, None, *catalogue]
    return PiiInformation(pii_type=key, pii_attribute_id=draw(st.sampled_from(fields)))


@st.composite
def _events(draw: st.DrawFn, at: datetime) -> tuple[ConsentEvent, ...]:
    times = sorted(draw(st.lists(moments(at), max_size=3)))
    given = st.sampled_from(_VALID)
    return tuple(
        ConsentEvent(
            event_time=time,
            event_state=draw(given | given | st.sampled_from(ConsentStatus)),
            event_type=draw(_seldom(st.sampled_from(ConsentType), None)),
            validity_duration=draw(_seldom(st.sampled_from(_LENGTHS), None)),
            method=draw(st.sampled_from((None, "purchase", "inquiry"))),
        )
        for time in times
    )


@st.composite
def lesser_consents(
    draw: st.DrawFn, consent: Consent, *, person: str, at: datetime = AT
) -> Consent:
    """
    Return a strategy for consents that allow less than *consent*, or as much.

    A record is withdrawn, dropped, or loses a category, its basis, its width, its right to send;
    an objection is added, a channel closed, the person turns out to be a child. Records that say
    no are left alone, for without them more would be allowed.

    Args:
        draw: Given by Hypothesis.
        consent: What was said.
        person: Whose records may be touched.
        at: The moment that will be asked about.
    """
    for _ in range(draw(st.integers(1, 3))):
        own = [record for record in consent.records if record.pii_principal_id == person]
        is_said = draw(st.integers(0, 2)) > 0
        if own and is_said:
            record = draw(st.sampled_from(own))
            rest = [other for other in consent.records if other is not record]
            consent = replace(consent, records=(*rest, *draw(_lesser(record, at))))
        else:
            consent = draw(_opposed(consent, at))
    return consent


@st.composite
def _opposed(draw: st.DrawFn, consent: Consent, at: datetime) -> Consent:
    way = draw(st.integers(0, 2))
    if way == 0:
        return consent.with_objection(draw(st.sampled_from(Objection)), draw(moments(at)))
    if way == 1:
        closed = draw(st.sampled_from(Channel))
        return replace(consent, do_not_contact=(*consent.do_not_contact, closed))
    return replace(consent, age_group=AgeGroup.CHILD)


@st.composite
def _lesser(draw: st.DrawFn, record: ConsentRecord, at: datetime) -> Sequence[ConsentRecord]:
    """Draw what is left of *record*: none, or one that allows less."""
    is_yes = all(event.event_state not in STATE_REASONS for event in record.events)
    way = draw(st.integers(0, 5)) if is_yes else 0
    if way == 0:
        state = draw(st.sampled_from(sorted(STATE_REASONS)))
        last = record.events[-1].event_time if record.events else at
        event = ConsentEvent(event_time=max(at, last), event_state=state)
        return [record.with_event(event)]
    if way == 1:
        return []
    if way == 2 and record.pii_information:  # noqa: PLR2004  # the ways are numbered
        gone = draw(st.sampled_from(record.pii_information))
        left = tuple(entry for entry in record.pii_information if entry is not gone)
        return [replace(record, pii_information=left)]
    if way == 3:  # noqa: PLR2004
        return [replace(record, lawful_basis=None)]
    if way == 4:  # noqa: PLR2004
        return [replace(record, covers_children=False)]
    return [replace(record, channel_permission=ChannelPermission.NONE)]
