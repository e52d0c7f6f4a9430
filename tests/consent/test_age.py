"""Who is too young, as far as the profile and the consent tell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib.resources import files
from typing import Final

import pytest

from guardedpersonalize.consent import (
    Consent,
    ConsentRecord,
    Grant,
    Guardian,
    Law,
    Reason,
    Verdict,
)
from guardedpersonalize.consent.age import Ages
from guardedpersonalize.profile import Catalogue, Field, FieldType
from guardedpersonalize.vocabulary import Provenance, Source, category

Record = Callable[..., ConsentRecord]
Ask = Callable[..., Grant]

AT: Final = datetime(2026, 11, 1, 9, tzinfo=UTC)
AD: Final = "marketing.advertising.first_party.targeted"
SERVICE: Final = "essential.service.notifications.email"
GUARDIAN: Final = Guardian(entity_id="g-1", method="signed form")


def born(value: object) -> dict[str, object]:
    """Return a profile with that date of birth."""
    return {"first_name": "Ada", "birth_date": value}


def field(kind: FieldType, key: str) -> Catalogue:
    """Return a catalogue with a first name and one age field."""
    whose = (Provenance.PROVIDED, Source.DATA_SUBJECT)
    name = Field("first_name", FieldType.TEXT, category("user.name.first"), *whose)
    return Catalogue.of([name, Field("age", kind, category(key), *whose, generaliser="text")])


@pytest.mark.parametrize(
    ("birth", "reason"),
    [
        ("2010-11-01", Reason.ALLOWED),
        ("2010-11-02", Reason.MINOR),
        (date(2010, 11, 2), Reason.MINOR),
        ("2026-11-01", Reason.MINOR),
        ("2026-11-02", Reason.AGE_UNKNOWN),
        ("1903-01-01", Reason.AGE_UNKNOWN),
        ("17 May 1990", Reason.AGE_UNKNOWN),
        (1990, Reason.AGE_UNKNOWN),
        ("n/a", Reason.ALLOWED),
        (None, Reason.ALLOWED),
    ],
)
def test_a_birth_date_decides_on_the_day_of_the_message(
    record: Record, ask: Ask, birth: object, reason: Reason
) -> None:
    """Sixteen today is old enough; a date that cannot be is no age; no date is nobody's age."""
    assert ask(record(), values=born(birth)).fields["first_name"].reason is reason


def test_a_leap_day_child_comes_of_age_in_march(record: Record, ask: Ask) -> None:
    """A day late rather than early."""
    ages = [
        ask(record(days_ago=900), values=born("2008-02-29"), at=datetime(2024, *day, tzinfo=UTC))
        for day in ((2, 28), (2, 29))
    ]
    later = ask(record(), values=born("2011-02-28"), at=datetime(2027, 2, 28, tzinfo=UTC))
    assert [grant.is_minor for grant in ages] == [True, False]
    assert not later.is_minor


@pytest.mark.parametrize(
    ("kind", "key", "value", "reason"),
    [
        (FieldType.INT, "user.demographic.age", 16, Reason.ALLOWED),
        (FieldType.INT, "user.demographic.age", 15, Reason.MINOR),
        (FieldType.INT, "user.demographic.age", -1, Reason.AGE_UNKNOWN),
        (FieldType.INT, "user.demographic.age", 122, Reason.ALLOWED),
        (FieldType.INT, "user.demographic.age", 123, Reason.AGE_UNKNOWN),
        (FieldType.LIST, "user.demographic.age", ["15"], Reason.AGE_UNKNOWN),
        (FieldType.DECIMAL, "user.demographic.age", Decimal("15.9"), Reason.MINOR),
        (FieldType.BOOL, "user.demographic.age", True, Reason.AGE_UNKNOWN),
        (FieldType.TEXT, "user.demographic.age_range", "16-24", Reason.ALLOWED),
        (FieldType.TEXT, "user.demographic.age_range", "12 – 17", Reason.MINOR),
        (FieldType.TEXT, "user.demographic.age_range", "65+", Reason.ALLOWED),
        (FieldType.TEXT, "user.demographic.age_range", " 15 ", Reason.MINOR),
        (FieldType.TEXT, "user.demographic.age_range", "Adult", Reason.ALLOWED),
        (FieldType.TEXT, "user.demographic.age_range", "child", Reason.MINOR),
        (FieldType.TEXT, "user.demographic.age_range", "under 18", Reason.AGE_UNKNOWN),
        (FieldType.TEXT, "user.demographic.date_of_birth", "2015-01-01", Reason.MINOR),
        (FieldType.DATETIME, "user.demographic.date_of_birth", "2015-01-01T00:00Z", Reason.MINOR),
    ],
)
def test_other_age_fields_are_read_too(
    *, record: Record, ask: Ask, kind: FieldType, key: str, value: object, reason: Reason
) -> None:
    """A band is as young as its lower end; what is not understood is not an age."""
    grant = ask(record(), catalogue=field(kind, key), values={"first_name": "Ada", "age": value})
    assert grant.fields["first_name"].reason is reason


@pytest.mark.parametrize(
    ("group", "birth", "reason"),
    [
        ("adult", None, Reason.ALLOWED),
        ("minor", None, Reason.MINOR),
        ("child", None, Reason.MINOR),
        ("unknown", None, Reason.AGE_UNKNOWN),
        ("unknown", "1990-05-17", Reason.ALLOWED),
        ("adult", "2015-01-01", Reason.MINOR),
        ("minor", "1990-05-17", Reason.MINOR),
        ("adult", "?", Reason.ALLOWED),
    ],
)
def test_of_two_ages_the_younger_counts(
    record: Record, ask: Ask, group: str, birth: str | None, reason: Reason
) -> None:
    """A stated age group answers where the field does not; a contradiction counts as young."""
    consent = Consent.from_json({"records": [record().to_json()], "age_group": group})
    assert ask(consent=consent, values=born(birth)).fields["first_name"].reason is reason


def test_a_guardian_consents_for_a_minor_in_marketing(record: Record, ask: Ask) -> None:
    """Verifiable parental consent: who, and how it was verified."""
    grant = ask(record(guardian=GUARDIAN), values=born("2015-01-01"))
    assert grant.allowed("first_name")
    assert grant.is_minor


@pytest.mark.parametrize("purpose", [AD, "marketing.political"])
def test_a_minor_gets_no_personal_ad_whoever_consents(
    record: Record, ask: Ask, purpose: str
) -> None:
    """Below eighteen no guardian's consent helps in an ad or a political campaign."""
    own = record(purposes=[purpose], guardian=GUARDIAN, basis="explicit_consent")
    asked = {"purpose": purpose, "channel": "email"}
    assert ask(own, values=born("2009-01-01"), **asked).fields["first_name"].reason is Reason.MINOR
    unclear = ask(own, values=born("?"), **asked).fields["first_name"]
    assert (unclear.reason, unclear.verdict) == (Reason.AGE_UNKNOWN, Verdict.UNKNOWN)
    assert ask(own, values=born("2008-01-01"), **asked).allowed("first_name")


def test_a_minor_may_be_served(record: Record, ask: Ask) -> None:
    """A service message needs what the contract needs."""
    own = record(purposes=[SERVICE], basis="contract")
    grant = ask(own, purpose=SERVICE, values=born("2015-01-01"))
    assert grant.allowed("first_name")
    assert grant.is_minor


def test_a_minor_gets_the_message_without_personal_details(record: Record, ask: Ask) -> None:
    """The message itself is another question."""
    grant = ask(record(), values=born("2015-01-01"))
    assert grant.message.is_allowed
    assert not grant.personalised


@pytest.mark.parametrize(
    ("person", "records", "is_minor"),
    [
        ("GB", ["DE"], False),
        (None, ["GB"], False),
        (None, ["GB", "DE"], True),
        (None, [None], True),
        ("IN", ["GB"], True),
    ],
)
def test_the_strictest_of_several_places_holds(
    record: Record,
    ask: Ask,
    person: str | None,
    records: list[str | None],
    is_minor: bool,
) -> None:
    """Where the person lives, if that is known; else the places of the records."""
    own = [record(record_id=f"c-{n}", jurisdiction=code) for n, code in enumerate(records)]
    consent = Consent(records=tuple(own), jurisdiction=person)
    assert ask(consent=consent, values=born("2012-06-01")).is_minor is is_minor


def test_the_limit_is_that_of_the_law(record: Record, ask: Ask) -> None:
    """Another law file, another limit."""
    strict = Law.from_toml(
        _shipped().replace("marketing_age_years = 16", "marketing_age_years = 40")
    )
    assert ask(record(), values=born("1990-05-17"), law=strict).is_minor


def _shipped() -> str:
    return files("guardedpersonalize.consent").joinpath("law.toml").read_text(encoding="utf-8")


def test_an_age_does_not_print() -> None:
    """What was found is a value like any other."""
    ages = Ages(frozenset(), (15,), is_unclear=False)
    assert repr(ages) == object.__repr__(ages)
