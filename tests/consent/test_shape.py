"""What is kept of an answer: it serves whoever said the same, and nobody who said another thing."""

from __future__ import annotations

import gc
import itertools
import weakref
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
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

Said = Mapping[str, Any]

AT: Final = datetime(2026, 11, 1, 9, tzinfo=UTC)
DAY: Final = timedelta(days=1)
LAST: Final = datetime.max.replace(tzinfo=UTC)
INSTANT: Final = timedelta(microseconds=1)
LEAD: Final = Law.default().protective_lead
EMAIL: Final = "marketing.communications.email"
SMS: Final = "marketing.communications.sms"
AD: Final = "marketing.advertising.first_party.targeted"
SERVICE: Final = "essential.service.notifications.email"
TYPES: Final = (
    "user",
    "user.name.first",
    "user.health_and_medical.condition",
    "user.behavior.cart",
)
VALUES: Final = {
    "birth_date": "",
    "cart": "spade",
    "city": "Bath",
    "diagnosis": "none known",
    "first_name": "Ada",
    "hunch": "x",
}
GUARDIAN: Final = Guardian(entity_id="g", method="m")


def event(state: str, *, at: datetime = AT - 30 * DAY, **more: object) -> ConsentEvent:
    """Return an event, 30 days ago."""
    return ConsentEvent(event_time=at, event_state=ConsentStatus(state), **more)


GIVEN: Final = event("given")
USUAL: Final[Said] = {
    "purposes": [EMAIL],
    "events": [GIVEN],
    "lawful_basis": "consent",
    "pii_information": [PiiInformation(pii_type="user.name.first")],
    "channels": ["email"],
    "channel_permission": "opt_in",
}
FIRST_NAME_ONLY: Final = [PiiInformation(pii_type="user", pii_attribute_id="first_name")]
NO_SUCH_FIELD: Final = [PiiInformation(pii_type="user.name", pii_attribute_id="shoe")]
NO_SUCH_OTHER: Final = [PiiInformation(pii_type="user.payment", pii_attribute_id="shoe")]
CART: Final = [PiiInformation(pii_type="user.behavior.cart")]
CITY_ONLY: Final = [PiiInformation(pii_type="user", pii_attribute_id="city")]
SPECIAL: Final = [PiiInformation(pii_type="user.health_and_medical.condition")]
CASL: Final = {"channel_permission": "implied_casl", "jurisdiction": "CA"}
SOFT: Final = {"channel_permission": "soft_opt_in", "similar_categories": ["hats"]}
BOUGHT: Final = event("given", method="purchase")
CHILD: Final = {"age_group": "minor"}
SOON: Final = AT - 20 * DAY
LATE: Final = event("given", at=AT + 40 * DAY)


# What one person says, and another; of records, what is not as usual. "at", "offers",
# "values" and "observed" are of the question, "second" and "third" are further records.
PAIRS: Final[tuple[tuple[Said, Said], ...]] = (
    ({"purposes": [EMAIL]}, {"purposes": ["marketing.communications.sms"]}),
    (
        {"purposes": ["marketing"], "covers_children": True},
        {"purposes": ["marketing"], "covers_children": False},
    ),
    ({"lawful_basis": "consent"}, {"lawful_basis": None}),
    ({"consent_type": "expressed"}, {"consent_type": "implied"}),
    ({"pii_information": USUAL["pii_information"]}, {"pii_information": []}),
    ({"pii_information": FIRST_NAME_ONLY}, {"pii_information": CITY_ONLY}),
    ({"pii_information": FIRST_NAME_ONLY}, {"pii_information": CITY_ONLY[:0]}),
    (
        {"pii_information": SPECIAL, "consent_type": "explicit"},
        {"pii_information": SPECIAL, "consent_type": "expressed"},
    ),
    ({"channels": ["email"]}, {"channels": ["sms"]}),
    ({"channels": ["email"]}, {"channels": []}),
    ({"channel_permission": "opt_in"}, {"channel_permission": "none"}),
    ({"channel_permission_until": AT + DAY}, {"channel_permission_until": AT}),
    ({"channel_permission_until": None}, {"channel_permission_until": AT - DAY}),
    (
        {"channel_permission_until": AT - DAY},
        {"events": [GIVEN, event("renewed", at=AT - DAY)]},
    ),
    (CHILD | {"guardian": GUARDIAN}, CHILD),
    (CHILD, {"age_group": "adult"}),
    (CHILD, {"age_group": "unknown"}),
    (CASL | {"events": [BOUGHT]}, CASL | {"events": [BOUGHT], "jurisdiction": "DE"}),
    (CASL | {"events": [BOUGHT]}, CASL | {"events": [GIVEN]}),
    (CASL | {"events": [BOUGHT]}, CASL | {"events": [BOUGHT], "at": AT + 1_000 * DAY}),
    (
        CASL | {"events": [BOUGHT]},
        CASL | {"events": [BOUGHT], "place": "DE"},
    ),
    (SOFT | {"offers": ["hats"]}, SOFT | {"offers": ["boots"]}),
    (SOFT | {"offers": ["hats"]}, SOFT | {"offers": ["hats"], "similar_categories": ["boots"]}),
    ({"events": [GIVEN]}, {"events": [event("withdrawn")]}),
    ({"events": [GIVEN]}, {"events": []}),
    (
        {"events": [event("given", event_type="expressed")]},
        {"events": [event("given", event_type="implied")]},
    ),
    ({"events": [GIVEN]}, {"events": [event("given", at=AT + INSTANT)]}),
    ({"events": [event("given", at=AT)]}, {"events": [event("given", at=AT + INSTANT)]}),
    (
        {"events": [GIVEN, event("withdrawn", at=AT + LEAD)]},
        {"events": [GIVEN, event("withdrawn", at=AT + LEAD + INSTANT)]},
    ),
    (
        {"events": [event("given", validity_duration="P30D")]},
        {"events": [event("given", validity_duration="P31D")]},
    ),
    ({"events": [event("given", validity_duration="P30D")]}, {"channel_permission_until": AT}),
    ({"objections": {"profiling": AT - DAY}}, {"objections": {"direct_marketing": AT - DAY}}),
    ({"objections": {"profiling": AT + LEAD}}, {"objections": {"profiling": AT + LEAD + INSTANT}}),
    ({"do_not_contact": ["email"]}, {"do_not_contact": ["sms"]}),
    ({"first_name": "Ada"}, {"first_name": ""}),
    ({"birth_date": "1990-05-17"}, {"birth_date": "2020-05-17"}),
    (
        {"pii_information": CART, "observed": AT},
        {"pii_information": CART, "observed": AT - 9_999 * DAY},
    ),
    ({"purposes": [EMAIL]}, {"pii_principal_id": "r-0"}),
    (
        {"second": {"events": [event("withdrawn", at=AT - 31 * DAY)]}},
        {"second": {"events": [event("withdrawn", at=AT - 29 * DAY)]}},
    ),
    ({"second": {"events": [LATE]}}, {"events": [LATE], "second": {}}),
    # Of two last words the one of the same moment goes by the id.
    (
        {"events": [event("withdrawn", at=AT)], "second": {"events": [LATE]}},
        {"events": [event("withdrawn", at=AT - INSTANT)], "second": {"events": [LATE]}},
    ),
    (
        {"events": [event("withdrawn", at=AT)], "second": {"events": []}},
        {"events": [event("withdrawn", at=AT - INSTANT)], "second": {"events": []}},
    ),
    # There is no day after the last.
    (
        {"at": LAST, "events": [event("given", at=LAST)]},
        {"at": LAST - INSTANT, "events": [event("given", at=LAST)]},
    ),
    # Which of several moments is the end.
    (
        {"events": [event("given", validity_duration="P20D"), event("withdrawn"), GIVEN]},
        {"events": [GIVEN, event("withdrawn"), event("given", validity_duration="P20D")]},
    ),
    (
        {"channel_permission_until": AT - DAY, "second": {"events": [event("given", at=SOON)]}},
        {"second": {"events": [event("given", at=AT - DAY)], "channel_permission_until": SOON}},
    ),
    # A no is general: of an entry for one field, even one that is not there, it takes the category.
    (
        {"second": {"events": [event("refused")], "pii_information": NO_SUCH_FIELD}},
        {"second": {"events": [event("refused")], "pii_information": NO_SUCH_OTHER}},
    ),
    (
        {"events": [event("refused")], "second": {"events": [event("given", at=SOON)]}},
        {
            "events": [event("refused")],
            "second": {"events": [event("given", at=SOON)], "pii_principal_id": "r-0"},
        },
    ),
)


instants = st.builds(
    lambda days, step: AT + timedelta(days=days) + step,
    st.sampled_from((-40, -30, -2, -1, 0, 1, 2)),
    st.sampled_from((timedelta(0), timedelta(0), -LEAD, -INSTANT, INSTANT)),
)


def some(strategies: Mapping[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Said]:
    """Draw a few things that are not as usual."""
    names = st.lists(st.sampled_from(list(strategies)), max_size=4, unique=True)
    return names.flatmap(
        lambda chosen: st.fixed_dictionaries({name: strategies[name] for name in chosen})
    )


SOME_RECORD: Final[dict[str, st.SearchStrategy[Any]]] = {
    "pii_principal_id": st.sampled_from((None, "r-0")),
    "purposes": st.sampled_from(([EMAIL], ["marketing"], [EMAIL, "marketing"], [SMS])),
    "events": st.lists(
        st.builds(
            ConsentEvent,
            event_time=instants,
            event_state=st.sampled_from(("given", "renewed", "withdrawn", *ConsentStatus)),
            event_type=st.sampled_from((None, *ConsentType)),
            validity_duration=st.sampled_from((None, None, "P1D", "P30D", "P1M")),
            method=st.sampled_from((None, "purchase", "inquiry", "a form")),
        ),
        max_size=3,
    ).map(lambda events: sorted(events, key=lambda event: event.event_time)),
    "covers_children": st.booleans(),
    "lawful_basis": st.sampled_from((None, *LawfulBasis)),
    "consent_type": st.sampled_from((None, *ConsentType)),
    "pii_information": st.lists(
        st.builds(
            PiiInformation,
            pii_type=st.sampled_from(TYPES),
            pii_attribute_id=st.sampled_from((None, None, "first_name", "cart", "shoe")),
        ),
        max_size=2,
    ),
    "channels": st.lists(st.sampled_from((Channel.EMAIL, Channel.AD)), max_size=2),
    "channel_permission": st.sampled_from(ChannelPermission),
    "channel_permission_until": st.none() | instants,
    "similar_categories": st.lists(st.sampled_from(("boots", "hats")), max_size=2),
    "guardian": st.sampled_from((None, GUARDIAN)),
    "jurisdiction": st.sampled_from((None, "DE", "US", "CA")),
}
SOME: Final = SOME_RECORD | {
    "objections": st.dictionaries(st.sampled_from(Objection), instants, max_size=2),
    "age_group": st.sampled_from((None, *AgeGroup)),
    "place": st.sampled_from((None, "DE", "US", "CA")),
    "do_not_contact": st.lists(st.sampled_from((Channel.EMAIL, Channel.SMS)), max_size=1),
    "at": instants,
    "birth_date": st.sampled_from(("1990-05-17", "2010-11-01", "2010-11-02", "soon", "")),
    "first_name": st.sampled_from(("Ada", "")),
    "observed": st.sampled_from((None, AT, AT - 700 * DAY)),
    "offers": st.lists(st.sampled_from(("boots", "boots.high", "hats")), max_size=2),
    "second": some(SOME_RECORD),
    "third": some(SOME_RECORD),
}


class Asking:
    """Asks what people say to a message, each once of what is kept and once from nothing."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.people = itertools.count()

    def both(self, said: Said, key: str = EMAIL, where: str = "email") -> tuple[Grant, Grant]:
        """Return the grant for a new person who says *said*, and the same grant worked out."""
        person = f"r-{next(self.people)}"
        consent = consent_of(said, person)
        use = use_of(self.catalogue, purpose(key), Channel(where), Law.default())
        question = Question(use, person, aware(said.get("at", AT)), tuple(said.get("offers", ())))
        values = VALUES | {name: value for name, value in said.items() if name in VALUES}
        seen = dict.fromkeys(VALUES, said["observed"]) if said.get("observed") else {}
        profile = Profile(person, values, observed_at=seen)
        found = grant_for(
            profile,
            consent,
            key,
            where,
            question.at,
            catalogue=self.catalogue,
            offers=question.offers,
        )
        answers = work_out(profile, consent, question)
        return found, Grant.resting_on(answers, consent.said.record_ids, question.at)


def consent_of(said: Said, person: str) -> Consent:
    """Return what *person* says, in objects and with ids of its own."""
    records = [said, *(said[name] for name in ("second", "third") if name in said)]
    records += [{}] * said.get("more", 0)
    beside = {n: said[n] for n in ("age_group", "objections", "do_not_contact") if n in said}
    made = [_record(each, f"c-{n}-of-{person}", person) for n, each in enumerate(records)]
    return Consent(records=made, jurisdiction=said.get("place"), **beside)


def _record(said: Said, record_id: str, person: str) -> ConsentRecord:
    own = {name: value for name, value in said.items() if name in SOME_RECORD}
    whose = {"record_id": record_id, "pii_principal_id": own.get("pii_principal_id") or person}
    return ConsentRecord(**{**USUAL, **own, **whose})


@pytest.fixture(scope="module")
def asking(catalogue: Catalogue) -> Asking:
    """Ask by e-mail on 1 November 2026 unless said otherwise."""
    return Asking(catalogue)


@pytest.mark.parametrize(("one", "other"), PAIRS, ids=lambda said: next(iter(said)))
def test_whoever_says_another_thing_gets_another_answer(
    asking: Asking, one: Said, other: Said
) -> None:
    """Also where everything else is the same, and the first answer is kept."""
    for said in (one, other):
        found, plain = asking.both(said)
        assert found == plain
        # Records of somebody else are a mistake, of which nothing is kept.
        is_theirs = "pii_principal_id" not in {*said, *said.get("second", ())}
        assert (found.answers is asking.both(said)[0].answers) == is_theirs
    assert saying(asking.both(one)[1]) != saying(asking.both(other)[1])


def saying(grant: Grant) -> tuple[object, ...]:
    """Return all that *grant* says, but for whose records it rests on."""
    answers = grant.answers
    return answers.message, dict(answers.fields), answers.is_minor


@pytest.mark.parametrize(
    "said",
    [
        {"events": [GIVEN] * 65},
        {"more": 16},
    ],
    ids=["events", "records"],
)
def test_what_has_too_many_parts_is_worked_out_each_time(asking: Asking, said: Said) -> None:
    """What is kept does not grow without end."""
    found, plain = asking.both(said)
    assert found == plain
    assert found.allowed("first_name")
    assert found.answers is not asking.both(said)[0].answers


class Text(str):
    """A text of which it can be told whether anything still holds it."""

    __slots__ = ("__weakref__",)


def test_nothing_that_may_be_a_persons_is_kept(asking: Asking) -> None:
    """Neither ids nor whatever may be any text."""
    texts = [Text(f"canary-{number}") for number in range(8)]
    alive = [weakref.ref(text) for text in texts]
    goods, method, entity, attribute, ids = texts[0], texts[1], texts[2], texts[3], texts[4:]
    said = SOFT | {
        "similar_categories": [goods],
        "events": [event("given", method=method, entity_id=entity)],
        "pii_information": [PiiInformation(pii_type="user.name", pii_attribute_id=attribute)],
        "guardian": Guardian(entity_id=ids[0], method=ids[1]),
        "offers": [goods],
    }
    consent = replace(consent_of(said, ids[2]), records=[_record(said, ids[3], ids[2])])
    use = use_of(asking.catalogue, purpose(EMAIL), Channel.EMAIL, Law.default())
    found = grant_for(
        Profile(str(ids[2]), VALUES), consent, EMAIL, "email", AT, catalogue=asking.catalogue
    )
    assert found.fields["first_name"].record_id is ids[3]
    answers = found.answers
    del texts, goods, method, entity, attribute, ids, said, consent, found
    gc.collect()
    assert [text() for text in alive if text() is not None] == []
    assert answers.fields["first_name"].record == 0
    assert use is use_of(asking.catalogue, purpose(EMAIL), Channel.EMAIL, Law.default())


@settings(max_examples=200)
@given(data=st.data(), said=some(SOME), key=st.sampled_from((EMAIL, EMAIL, AD, SERVICE)))
def test_an_answer_that_is_kept_is_what_would_be_worked_out(
    asking: Asking, data: st.DataObject, said: Said, key: str
) -> None:
    """For each of several people, every next one of whom says one thing in another way."""
    where = "ad" if key == AD else "email"
    for _ in range(5):
        found, plain = asking.both(said, key, where)
        assert found == plain
        name = data.draw(st.sampled_from(list(SOME)))
        said = {**said, name: data.draw(SOME[name])}
