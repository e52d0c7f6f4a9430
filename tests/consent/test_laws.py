"""Laws of consent: taking permission away never allows more, whatever else was said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from guardedpersonalize.consent import (
    AgeGroup,
    Consent,
    ConsentEvent,
    ConsentRecord,
    Grant,
    Guardian,
    Law,
    PiiInformation,
    grant_for,
)
from guardedpersonalize.consent.edge import aware
from guardedpersonalize.consent.grant import work_out
from guardedpersonalize.consent.readings import Question
from guardedpersonalize.consent.use import use_of
from guardedpersonalize.profile import Catalogue, Profile
from guardedpersonalize.vocabulary import (
    Channel,
    ChannelPermission,
    ConsentStatus,
    ConsentType,
    LawfulBasis,
    Objection,
    purpose,
)

Ask = Callable[..., Grant]

VALUES: Final = dict.fromkeys(("campaign", "cart", "city", "diagnosis", "first_name", "hunch"), "x")
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


LEAD: Final = Law.default().protective_lead
INSTANT: Final = timedelta(microseconds=1)

instants = st.builds(
    lambda *steps: AT + sum(steps, timedelta(0)),
    st.sampled_from([timedelta(days=days) for days in (-40, -30, -2, -1, 0, 1, 2)]),
    st.sampled_from((timedelta(0), timedelta(0), -LEAD, -INSTANT, INSTANT)),
)
happenings = st.lists(
    st.fixed_dictionaries(
        {
            "event_time": instants,
            "event_state": states,
            "event_type": st.sampled_from((None, *ConsentType)),
            "validity_duration": st.sampled_from((None, None, "P1D", "P1M", "P40D")),
            "method": st.sampled_from((None, "purchase", "inquiry", "a form")),
        }
    ),
    max_size=3,
)
entries = st.lists(
    st.builds(
        PiiInformation,
        pii_type=st.sampled_from(TYPES),
        pii_attribute_id=st.sampled_from((None, None, "first_name", "cart", "shoe")),
    ),
    max_size=3,
)
SAID_IN_A_RECORD: Final[dict[str, st.SearchStrategy[Any]]] = {
    "pii_principal_id": st.sampled_from((None,) * 9 + ("r-0",)),
    "purposes": st.lists(st.sampled_from(PURPOSES), min_size=1, max_size=3),
    "events": happenings,
    "covers_children": st.booleans(),
    "lawful_basis": st.sampled_from((None, LawfulBasis.CONSENT, *LawfulBasis)),
    "consent_type": st.sampled_from((None, *ConsentType)),
    "pii_information": entries,
    "channels": st.lists(st.sampled_from((Channel.EMAIL, Channel.AD)), max_size=2),
    "channel_permission": st.sampled_from(ChannelPermission),
    "channel_permission_until": st.none() | instants,
    "similar_categories": st.lists(st.sampled_from(("boots", "hats")), max_size=2),
    "guardian": st.sampled_from((None, Guardian(entity_id="g", method="m"))),
    "jurisdiction": st.sampled_from((None, "DE", "US", "CA", "US-CA")),
}
SAID_BESIDE: Final[dict[str, st.SearchStrategy[Any]]] = {
    "objections": st.dictionaries(st.sampled_from(Objection), instants, max_size=2),
    "age_group": st.sampled_from((None, *AgeGroup)),
    "jurisdiction": SAID_IN_A_RECORD["jurisdiction"],
    "do_not_contact": st.lists(st.sampled_from((Channel.EMAIL, Channel.AD)), max_size=1),
    "birth_date": st.sampled_from((None, "1990-05-17", "2012-11-01", "2012-11-02", "soon")),
    "blank": st.lists(st.sampled_from(("first_name", "cart", "city")), max_size=2),
    "observed": st.sampled_from((None, AT, AT - timedelta(days=700), AT - timedelta(days=9999))),
    "offers": st.lists(st.sampled_from(("boots", "boots.high", "hats")), max_size=2),
}
records_said = st.fixed_dictionaries(SAID_IN_A_RECORD)
beside_said = st.fixed_dictionaries(SAID_BESIDE)


def holder(number: int, records: list[dict[str, Any]], beside: dict[str, Any]) -> Consent:
    """Return the consent of person *number*, made of new objects, with ids of its own."""
    made = []
    for place, said in enumerate(records):
        events = sorted(said["events"], key=lambda event: event["event_time"])
        own = {
            "record_id": f"c-{number}-{place}",
            "pii_principal_id": said["pii_principal_id"] or f"r-{number}",
            "events": [ConsentEvent(**event) for event in events],
        }
        made.append(ConsentRecord(**(said | own)))
    names = ("objections", "age_group", "jurisdiction", "do_not_contact")
    return Consent(records=tuple(made), **{name: beside[name] for name in names})


@settings(max_examples=200)
@given(
    data=st.data(),
    records=st.lists(records_said, max_size=3),
    beside=beside_said,
    asked=st.sampled_from(("marketing.communications.email", *PURPOSES)),
    channel=st.sampled_from(("email", "ad")),
)
def test_an_answer_that_is_known_is_what_is_worked_out(
    catalogue: Catalogue,
    data: st.DataObject,
    records: list[dict[str, Any]],
    beside: dict[str, Any],
    asked: str,
    channel: str,
) -> None:
    """For each of several people: every next one says one thing more in another way."""
    for number in range(1, 6):
        consent = holder(number, records, beside)
        at = data.draw(st.sampled_from((AT, *consent.said.line)), label="moment")
        at += data.draw(st.sampled_from((timedelta(0), -LEAD, -INSTANT, INSTANT)), label="step")
        values = VALUES | {"birth_date": beside["birth_date"]} | dict.fromkeys(beside["blank"], "")
        seen = dict.fromkeys(values, beside["observed"]) if beside["observed"] else {}
        person = Profile(f"r-{number}", values, observed_at=seen)
        offers = beside["offers"]
        found = grant_for(person, consent, asked, channel, at, catalogue=catalogue, offers=offers)
        use = use_of(catalogue, purpose(asked), Channel(channel), Law.default())
        answers = work_out(
            person, consent, Question(use, person.recipient_id, aware(at), tuple(offers))
        )
        assert found == Grant.resting_on(answers, consent.said.record_ids, at)
        name = data.draw(st.sampled_from((*SAID_IN_A_RECORD, *SAID_BESIDE)), label="other")
        if name in SAID_BESIDE:
            beside = beside | {name: data.draw(SAID_BESIDE[name])}
        elif records:
            place = data.draw(st.integers(0, len(records) - 1))
            other = records[place] | {name: data.draw(SAID_IN_A_RECORD[name])}
            records = [*records[:place], other, *records[place + 1 :]]


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
