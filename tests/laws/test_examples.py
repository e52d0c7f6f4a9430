"""Cases that broke a law once, small enough to be read."""

from __future__ import annotations

from datetime import date, timedelta

from law_scenes import CHECKER, FIELDS, FOOTER, engine_of, slot
from test_monotony import Nosy

from guardedpersonalize.check import Checker
from guardedpersonalize.consent import Consent, ConsentRecord
from guardedpersonalize.decide import Policy, Rung
from guardedpersonalize.engine import Engine
from guardedpersonalize.minimise import SlotSpec
from guardedpersonalize.profile import Field, FieldType, Profile
from guardedpersonalize.testing import TemplateSource, laws, make_pack
from guardedpersonalize.testing.strategies import AT
from guardedpersonalize.vocabulary import Outcome, Provenance, Source, category

STRANGER = "Write to ann@elsewhere.example please."


def engine_for(body: str, **options: object) -> Engine:
    """Return an engine with one e-mail that says *body*, and a generic version."""
    source = TemplateSource(
        files={"subject.j2": "Hello", "body.txt.j2": f"{body}\n{FOOTER}"},
        slots=(slot("first_name", fallback="Wether"),) if "first_name" in body else (),
        generic={"subject.j2": "Hello", "body.txt.j2": f"Hello,\n{FOOTER}"},
    )
    policy = Policy(rules={"REQ106": Outcome.SEND}, review_score=None, block_score=None)
    return engine_of(make_pack(FIELDS, {"mail": source}, policy=policy), **options)


def first_name_only() -> Consent:
    """Return consent to use the first name, and nothing else."""
    record = ConsentRecord.simple(
        record_id="c-1",
        person="r-1",
        purposes=["marketing.communications.email"],
        given_at=AT - timedelta(days=3),
        pii_types=["user.name.first"],
        channels=["email"],
        channel_permission="opt_in",
    )
    return Consent.of([record])


def test_one_detector_does_not_hide_what_another_saw() -> None:
    """A detector that is sure of something else in the same place takes nothing away."""
    engine, nosy = engine_for(STRANGER), engine_for(STRANGER)
    nosy.checker = Checker(rules=CHECKER.rules, detectors=[Nosy("ZEBRA", 1.0, 10_000)])
    someone, said = Profile("r-1", {}), first_name_only()
    found = engine.render("mail", someone, said, at=AT).refused
    assert "EMAIL_ADDRESS" in {each.entity for each in found}
    laws.monotony_of_rules(engine, "mail", someone, said, AT, stricter=nosy)


def test_an_echo_in_a_lesser_version_holds_the_message_back() -> None:
    """
    What is sent instead would tell that the withheld value is just this one.

    The name is a left-over, so the message is not sent as written; without it the text breaks a
    rule; with its fallback the text spells the withheld city of one of two people.
    """
    body = (
        f"Dear {{% if first_name %}}{{{{ first_name }}}} Thwaite{{% else %}}{STRANGER}{{% endif %}}"
    )
    engine, said = engine_for(body), first_name_only()
    people = [
        Profile("r-1", {"first_name": "TODO", "city": city}) for city in ("Wether Thwaite", "Bath")
    ]
    results = [engine.render("mail", who, said, at=AT) for who in people]
    assert results[1].decision.rung is Rung.FALLBACK
    assert results[0].message is None
    laws.non_interference(engine, "mail", people[0], said, AT, other=people[1])


def test_a_date_slot_gets_the_day_of_a_moment() -> None:
    """Law 3 compares days there: a moment written out would be finer."""
    visit = Field(
        "last_visit",
        FieldType.DATETIME,
        category("user.behavior.activity_time"),
        Provenance.PROVIDED,
        Source.DATA_SUBJECT,
    )
    source = TemplateSource(
        files={"subject.j2": "Hello", "body.txt.j2": f"{{{{ last_visit }}}}\n{FOOTER}"},
        slots=(SlotSpec("last_visit", "last_visit", level="exact", type="date"),),
        purpose="essential.service.notifications.email",
    )
    record = ConsentRecord.simple(
        record_id="c-1",
        person="r-1",
        purposes=["essential.service.notifications.email"],
        given_at=AT - timedelta(days=3),
        pii_types=[visit.category.key],
        basis="explicit_consent",
    )
    engine = engine_of(make_pack([visit], {"mail": source}))
    someone = Profile(
        "r-1",
        {"last_visit": "2020-01-01T00:00:00+00:00"},
        observed_at={"last_visit": AT - timedelta(hours=5)},
    )
    said = Consent.of([record])
    slots = engine.render("mail", someone, said, at=AT).slots
    assert slots is not None
    assert slots["last_visit"].value == date(2020, 1, 1)
    laws.minimisation(engine, "mail", someone, said, AT)
