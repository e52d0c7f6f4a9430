"""Law 6: no repr, error, log record, traceback local, finding or record carries a value."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from law_scenes import FEWER, engine_of, fixed_pack, fixed_recipients

from guardedpersonalize.consent import (
    Consent,
    ConsentEvent,
    ConsentRecord,
    Guardian,
    Party,
    PiiInformation,
    grant_for,
)
from guardedpersonalize.engine import Engine, Recipient
from guardedpersonalize.errors import GuardError
from guardedpersonalize.minimise import PseudonymKey
from guardedpersonalize.packs import load_pack
from guardedpersonalize.profile import Catalogue, Field, FieldType, Profile
from guardedpersonalize.testing import laws
from guardedpersonalize.testing.silence import error_shows, log_records, traces_of
from guardedpersonalize.testing.strategies import (
    AT,
    FIELD_NAMES,
    HOSTILE,
    Scene,
    hostile_texts,
    scenes,
    willing_consent,
)

CANARY = "Zebedee-7f3a"
NUMBER = 918_273_645


def canary_for(field: Field, number: int) -> object:
    """Return a value of *field* that is known again wherever it turns up."""
    return {
        FieldType.TEXT: f"{CANARY}{number}",
        FieldType.URL: f"https://example.org/{CANARY}{number}",
        FieldType.LIST: [f"{CANARY}{number}", f"{CANARY}x{number}"],
        FieldType.INT: NUMBER + number,
        FieldType.DECIMAL: Decimal(f"{NUMBER}.{number}"),
        FieldType.DATE: date(1971, 3, 1 + number % 28),
        FieldType.DATETIME: datetime(1971, 3, 1 + number % 28, 4, 5, tzinfo=UTC),
        FieldType.BOOL: True,
        FieldType.ENUM: field.values[0] if field.values else "",
    }[field.type]


@st.composite
def canaries(draw: st.DrawFn) -> Scene:
    """Draw a scene in which every value is a canary, a few of them broken or hostile."""
    scene = draw(scenes(willing=draw(st.booleans())))
    number = draw(st.integers(0, 99))
    values = {field.name: canary_for(field, number) for field in scene.pack.catalogue.values()}
    for name in draw(st.lists(st.sampled_from(sorted(values)), max_size=3)):
        values[name] = f"{CANARY}{draw(st.sampled_from(HOSTILE) | hostile_texts())}"
    moments = dict.fromkeys(values, scene.at)
    profile = Profile(scene.profile.recipient_id, values, observed_at=moments)
    return Scene(scene.pack, scene.template, profile, scene.consent, scene.at, scene.sources)


@FEWER
@given(canaries())
def test_nothing_but_the_message_carries_a_value(scene: Scene) -> None:
    """Reprs, findings, record, explanation, logs and errors are all silent."""
    laws.silence(engine_of(scene.pack), scene.template, scene.profile, scene.consent, scene.at)


@given(hostile_texts())
def test_any_text_is_read_in_silence(text: str) -> None:
    """What `check` says of a text never quotes it, nor the profile beside it."""
    profile = Profile("r-1", {"city": f"{CANARY} {text}", "first_name": CANARY})
    engine = engine_of(fixed_pack())
    with log_records() as logged:
        reviewed = engine.check(f"Dear {CANARY}, {text}", html=text, profile=profile)
    shown = f"{reviewed!r} {reviewed} {reviewed.report.findings}"
    assert CANARY not in shown + "".join(logged)


@pytest.fixture
def person() -> Recipient:
    """Return somebody whose every value is a canary."""
    catalogue = fixed_pack().catalogue
    values = {field.name: canary_for(field, 7) for field in catalogue.values()}
    said = willing_consent(
        catalogue, CANARY, purpose="marketing.communications.email", channel="email"
    )
    return Recipient(Profile(CANARY, values), said)


def record(**changes: object) -> ConsentRecord:
    """Return a consent record of the canary, with *changes*."""
    said: dict[str, Any] = {
        "record_id": "c-1",
        "pii_principal_id": CANARY,
        "purposes": ["marketing.communications.email"],
    }
    return ConsentRecord(**(said | changes))


def at_day(day: int) -> datetime:
    """Return a moment in March 2026."""
    return datetime(2026, 3, day, tzinfo=UTC)


# Every public call that can be given a person's data, each in a way that cannot succeed.
BROKEN: dict[str, Callable[[Recipient, Engine], object]] = {
    "an unknown template": lambda who, e: e.render("mial", who.profile, who.consent),
    "a moment without a zone": lambda who, e: e.render(
        "mail",
        who.profile,
        who.consent,
        at=datetime(2026, 1, 1),  # noqa: DTZ001
    ),
    "a stray field": lambda who, e: e.render("mail", Profile("r", {"canary": CANARY}), who.consent),
    "a profile for a consent": lambda who, e: e.render("mail", who.profile, who.profile),  # type: ignore[arg-type]
    "a value for a profile": lambda who, e: e.render("mail", CANARY, who.consent),  # type: ignore[arg-type]
    "a batch with a hole": lambda who, e: list(e.render_many("mail", [who, None], at=AT)),  # type: ignore[list-item]
    "a batch of no rows": lambda who, e: list(e.render_many("mail", [CANARY], at=AT)),  # type: ignore[list-item]
    "a text that is none": lambda who, e: e.check([CANARY], profile=who.profile),  # type: ignore[arg-type]
    "an unknown channel": lambda who, e: e.check("x", channel=f"{CANARY}@x", profile=who.profile),
    "a grant for no purpose": lambda who, e: grant_for(
        who.profile, who.consent, f"{CANARY} x", "email", AT, catalogue=e.pack.catalogue
    ),
    "a grant for no moment": lambda who, e: grant_for(
        who.profile,
        who.consent,
        "marketing",
        "email",
        CANARY,
        catalogue=e.pack.catalogue,  # type: ignore[arg-type]
    ),
    "a folder that is none": lambda who, e: load_pack(f"/nowhere/{CANARY}/x"),
    "a value of a strange type": lambda who, e: Profile(CANARY, {"x": {CANARY: NUMBER}}),
    "a name that is a value": lambda who, e: Profile(CANARY, {f"{CANARY}@example.org": 1}),
    "a record of nothing": lambda who, e: record(purposes=[CANARY]),
    "a record in a strange place": lambda who, e: record(jurisdiction=CANARY),
    "a record of strange data": lambda who, e: record(pii_information=[CANARY]),
    "a record on no channel": lambda who, e: record(channels=[CANARY]),
    "a record until no time": lambda who, e: record(channel_permission_until=CANARY),
    "a record of no basis": lambda who, e: record(lawful_basis=CANARY),
    "events that go back": lambda who, e: record(
        events=[ConsentEvent(event_time=at_day(n), event_state="given") for n in (2, 1)]  # type: ignore[arg-type]
    ),
    "an event of no state": lambda who, e: ConsentEvent(event_time=AT, event_state=CANARY),  # type: ignore[arg-type]
    "an event at no time": lambda who, e: ConsentEvent(event_time=CANARY, event_state="given"),  # type: ignore[arg-type]
    "an event of no length": lambda who, e: ConsentEvent(
        event_time=AT,
        event_state="given",
        validity_duration=CANARY,  # type: ignore[arg-type]
    ),
    "data of no kind": lambda who, e: PiiInformation(pii_type=CANARY),
    "two records of one id": lambda who, e: Consent.of([record(), record(service=CANARY)]),
    "an objection to nothing": lambda who, e: who.consent.with_objection(CANARY, AT),
    "an age that is none": lambda who, e: Consent(age_group=CANARY),  # type: ignore[arg-type]
    "a closed channel that is none": lambda who, e: Consent(do_not_contact=(CANARY,)),  # type: ignore[arg-type]
    "broken json": lambda who, e: Consent.from_json(f'{{"records": "{CANARY}"'),
    "json with a stray key": lambda who, e: Consent.from_json({CANARY: CANARY}),
    "json of a broken record": lambda who, e: ConsentRecord.from_json(
        record().to_json() | {"events": CANARY, "lawful_basis": CANARY}
    ),
    "json of a broken profile": lambda who, e: Profile.from_json({"values": {"x": CANARY}}),
    "a short secret": lambda who, e: PseudonymKey("k", CANARY.encode()),
    "a key that is none": lambda who, e: PseudonymKey(CANARY, b"k" * 32),
    "a field that is not held": lambda who, e: who.profile.reveal(CANARY),
    "a field that is not declared": lambda who, e: e.pack.catalogue[f"{CANARY}!"],
    "a check of a stray profile": lambda who, e: Catalogue.of([]).check(who.profile),
}


@pytest.mark.parametrize("case", BROKEN)
def test_no_error_carries_a_value(case: str, person: Recipient) -> None:
    """Its text, its arguments, what it hangs on, and the locals of every frame of ours."""
    engine = engine_of(fixed_pack())
    with log_records() as logged:
        shown = error_shows(lambda: BROKEN[case](person, engine))
    assert shown
    assert CANARY not in shown
    assert str(NUMBER) not in shown
    assert CANARY not in "".join(logged)


@pytest.mark.parametrize(
    "thing",
    [
        record(events=[ConsentEvent(event_time=AT, event_state="given", entity_id=CANARY)]),  # type: ignore[arg-type]
        record(service=CANARY, signals={"tc": CANARY}, withdrawal_method=CANARY),
        Consent.of([record()]),
        Party(id=CANARY, name=CANARY, email=f"{CANARY}@example.org"),
        Guardian(entity_id=CANARY, method=CANARY),
        PiiInformation(pii_type="user.name", pii_attribute_id=CANARY),
        PseudonymKey("k", CANARY.encode() * 9),
        Recipient(Profile(CANARY, {"x": CANARY}), Consent.of([record()])),
    ],
    ids=lambda thing: type(thing).__name__,
)
def test_no_part_of_a_consent_prints_who_it_is(thing: object) -> None:
    """Whoever consented, for whom, and by which signal, is not shown."""
    assert CANARY not in f"{thing!r} {thing} {[thing]!r} {thing:}"


def test_the_traces_of_a_profile_are_those_worth_looking_for() -> None:
    """Long texts, long numbers, dates and the id; not "Ada", nor 42."""
    values = {"a": "Ada", "b": "Zebedee", "c": 42, "d": NUMBER, "e": date(1971, 3, 29), "f": True}
    assert traces_of(Profile("person-77", values)) == (
        "1971-03-29",
        str(NUMBER),
        "Zebedee",
        "person-77",
    )


def test_every_logger_is_listened_to() -> None:
    """Loggers of other libraries too, at every level; afterwards all is as before."""
    logger = logging.getLogger("presidio-analyzer")
    before = logger.level
    with log_records() as said:
        logger.debug("saw %s", CANARY)
    assert CANARY in "".join(said)
    assert logger.level == before


def test_the_fields_of_scenes_are_all_there_is() -> None:
    """A canary can be put into each kind of field that scenes have."""
    assert len(FIELD_NAMES) == len(set(FIELD_NAMES)) > len(FieldType)


def test_the_law_sees_fixed_scenes_too() -> None:
    """The hand-made cast, hostile people among them, is rendered in silence."""
    engine = engine_of(fixed_pack())
    for each in fixed_recipients():
        for template in engine.pack.templates:
            laws.silence(engine, template, each.profile, each.consent, AT)


def test_a_guard_error_is_what_breaks(person: Recipient) -> None:
    """Every broken call above raises an error of ours."""
    engine = engine_of(fixed_pack())
    strangers = []
    for case, call in BROKEN.items():
        try:
            call(person, engine)
        except GuardError:
            continue
        except Exception as err:  # noqa: BLE001  # that is what is asked
            strangers.append(f"{case}: {type(err).__name__}")
    assert strangers == []
