"""Laws of consent: taking permission away never allows more, whatever else was said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from guardedpersonalize.consent import (
    Consent,
    ConsentEvent,
    ConsentRecord,
    Grant,
    PiiInformation,
)
from guardedpersonalize.vocabulary import (
    Channel,
    ChannelPermission,
    ConsentStatus,
    ConsentType,
    LawfulBasis,
    Objection,
)

Ask = Callable[..., Grant]

AT: Final = datetime(2026, 11, 1, 9, tzinfo=UTC)
PURPOSES: Final = (
    "marketing",
    "marketing.communications",
    "marketing.communications.email",
    "marketing.communications.sms",
    "marketing.advertising.first_party.targeted",
    "marketing.political",
    "personalize.content.profiled",
    "essential.service.notifications.email",
)
TYPES: Final = (
    "user",
    "user.name",
    "user.name.first",
    "user.payment",
    "user.health_and_medical",
    "user.health_and_medical.condition",
    "user.behavior.cart",
)
NOES: Final = (ConsentStatus.WITHDRAWN, ConsentStatus.REFUSED, ConsentStatus.REVOKED)

moments = st.integers(min_value=-40, max_value=40).map(lambda days: AT + timedelta(days=days))
states = st.sampled_from((ConsentStatus.GIVEN, ConsentStatus.RENEWED, *ConsentStatus))


@st.composite
def records(draw: st.DrawFn) -> ConsentRecord:
    """Draw a record; most are near enough to the question to matter."""
    times = sorted(draw(st.lists(moments, max_size=4)))
    kinds = draw(st.lists(st.sampled_from((None, *ConsentType)), min_size=4, max_size=4))
    events = [
        ConsentEvent(event_time=time, event_state=draw(states), event_type=kind)
        for time, kind in zip(times, kinds, strict=False)
    ]
    return ConsentRecord(
        record_id=draw(st.uuids()).hex,
        pii_principal_id=draw(st.sampled_from(("r-1", "r-1", "r-1", "r-2"))),
        purposes=tuple(draw(st.lists(st.sampled_from(PURPOSES), min_size=1, max_size=3))),
        events=tuple(events),
        covers_children=draw(st.booleans()),
        lawful_basis=draw(st.sampled_from((None, LawfulBasis.EXPLICIT_CONSENT, *LawfulBasis))),
        pii_information=tuple(
            PiiInformation(pii_type=key)
            for key in draw(st.lists(st.sampled_from(TYPES), max_size=3))
        ),
        channels=tuple(draw(st.lists(st.sampled_from((Channel.EMAIL, Channel.SMS)), max_size=2))),
        channel_permission=draw(st.sampled_from(ChannelPermission)),
    )


consents = st.builds(
    Consent,
    records=st.lists(records(), max_size=4).map(tuple),
    objections=st.dictionaries(st.sampled_from(Objection), moments, max_size=1),
)
questions = st.fixed_dictionaries(
    {
        "purpose": st.sampled_from(PURPOSES),
        "channel": st.sampled_from(("email", "sms", "web", "ad")),
        "at": st.sampled_from((AT, AT - timedelta(days=20), AT + timedelta(days=20))),
    }
)


def allowed(grant: Grant) -> set[tuple[str, str]]:
    """Return what *grant* allows: fields with their levels, and the message."""
    fields = {(name, found.level) for name, found in grant.fields.items() if found.is_allowed}
    return fields | ({("message", "")} if grant.message.is_allowed else set())


def ended(record: ConsentRecord, days: int, state: ConsentStatus) -> ConsentRecord:
    """Return *record* with an event that ends it, *days* from the question or after its last."""
    last = max([AT + timedelta(days=days), *(event.event_time for event in record.events)])
    return record.with_event(ConsentEvent(event_time=last, event_state=state))


days = st.integers(min_value=-40, max_value=40)


@given(data=st.data(), consent=consents, question=questions, days=days, no=st.sampled_from(NOES))
def test_a_no_never_allows_more(
    *,
    ask: Ask,
    data: st.DataObject,
    consent: Consent,
    question: dict[str, Any],
    days: int,
    no: ConsentStatus,
) -> None:
    """An event that ends any of the records, at any time."""
    before = allowed(ask(consent=consent, **question))
    if not consent.records:
        return
    chosen = data.draw(st.sampled_from(consent.records))
    after = allowed(ask(consent=consent.with_record(ended(chosen, days, no)), **question))
    assert after <= before


@given(consent=consents, question=questions, other=records(), no=st.sampled_from(NOES))
def test_another_record_that_says_no_never_allows_more(
    ask: Ask, consent: Consent, question: dict[str, Any], other: ConsentRecord, no: ConsentStatus
) -> None:
    """Even where it said yes before: it is not a yes now."""
    before = allowed(ask(consent=consent, **question))
    past = tuple(event for event in other.events if event.event_time <= question["at"])
    added = consent.with_record(ended(replace(other, events=past), -40, no))
    # A record of somebody else's turns into a mistake what was a consent without records.
    assert allowed(ask(consent=added, **question)) <= before | _sparing(consent, before)


def _sparing(consent: Consent, before: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return what the first own record may bring: the message is no longer somebody else's."""
    is_mistaken = consent.records and all(r.pii_principal_id != "r-1" for r in consent.records)
    return {("message", "")} if is_mistaken and ("message", "") not in before else set()


@given(consent=consents, question=questions, kind=st.sampled_from(Objection), since=moments)
def test_an_objection_never_allows_more(
    ask: Ask, consent: Consent, question: dict[str, Any], kind: Objection, since: datetime
) -> None:
    """Of either kind, at any time."""
    before = allowed(ask(consent=consent, **question))
    assert allowed(ask(consent=consent.with_objection(kind, since), **question)) <= before


@given(consent=consents, question=questions, channel=st.sampled_from(Channel))
def test_a_channel_that_is_not_wanted_never_allows_more(
    ask: Ask, consent: Consent, question: dict[str, Any], channel: Channel
) -> None:
    """The do-not-contact list only takes away."""
    quiet = replace(consent, do_not_contact=(channel,))
    assert allowed(ask(consent=quiet, **question)) <= allowed(ask(consent=consent, **question))


@given(consent=consents, question=questions, group=st.sampled_from(["minor", "child", "unknown"]))
def test_a_young_age_never_allows_more(
    ask: Ask, consent: Consent, question: dict[str, Any], group: str
) -> None:
    """Nor does an age that is not known."""
    before = allowed(ask(consent=consent, **question))
    assert allowed(ask(consent=replace(consent, age_group=group), **question)) <= before


@given(data=st.data(), consent=consents, question=questions)
def test_naming_less_data_never_allows_more(
    ask: Ask, data: st.DataObject, consent: Consent, question: dict[str, Any]
) -> None:
    """An entry that is taken out of a record without noes takes its fields along."""
    plain = [r for r in consent.records if all(e.event_state.is_valid for e in r.events)]
    before = allowed(ask(consent=consent, **question))
    if not plain:
        return
    chosen = data.draw(st.sampled_from(plain))
    less = replace(chosen, pii_information=chosen.pii_information[1:])
    others = [r for r in consent.records if r is not chosen]
    after = allowed(ask(consent=replace(consent, records=(*others, less)), **question))
    assert after <= before


@given(consent=consents, question=questions, other=records())
def test_somebody_elses_record_allows_nothing(
    ask: Ask, consent: Consent, question: dict[str, Any], other: ConsentRecord
) -> None:
    """Whatever it says."""
    before = allowed(ask(consent=consent, **question))
    foreign = replace(other, pii_principal_id="r-2")
    assert allowed(ask(consent=consent.with_record(foreign), **question)) <= before


@given(data=st.data(), consent=consents, question=questions)
def test_the_order_of_records_changes_nothing(
    ask: Ask, data: st.DataObject, consent: Consent, question: dict[str, Any]
) -> None:
    """Verdict, reason and evidence are the same."""
    shuffled = replace(consent, records=tuple(data.draw(st.permutations(consent.records))))
    assert ask(consent=shuffled, **question) == ask(consent=consent, **question)


@settings(max_examples=50)
@given(consent=consents, question=questions)
def test_a_consent_means_the_same_after_json(
    ask: Ask, consent: Consent, question: dict[str, Any]
) -> None:
    """What is stored is what was said."""
    stored = Consent.from_json(consent.to_json())
    assert stored == consent
    assert ask(consent=stored, **question) == ask(consent=consent, **question)


@given(consent=consents, question=questions)
def test_whatever_is_allowed_rests_on_a_record_in_force(
    ask: Ask, consent: Consent, question: dict[str, Any]
) -> None:
    """Each personal field that is allowed names a record of this person with a yes."""
    grant = ask(consent=consent, **question)
    known = {record.record_id: record for record in consent.records}
    for name, found in grant.fields.items():
        if name != "campaign" and found.is_allowed:
            record = known[found.record_id]
            assert record.pii_principal_id == "r-1"
            assert record.events[found.event_index].event_state.is_valid
            assert record.status_at(question["at"]).is_valid
