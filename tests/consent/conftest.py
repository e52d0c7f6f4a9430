"""What the tests of the consent room share: one recipient, one catalogue, and a way to ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol

import pytest

from guardedpersonalize.consent import Consent, ConsentRecord, Grant, Law, grant_for
from guardedpersonalize.profile import Catalogue, Field, FieldType, Profile
from guardedpersonalize.vocabulary import Provenance, Source, category

AT: Final = datetime(2026, 11, 1, 9, tzinfo=UTC)
EMAIL: Final = "marketing.communications.email"

CATEGORIES: Final = {
    "birth_date": "user.demographic.date_of_birth",
    "campaign": "system.operations",
    "cart": "user.behavior.cart",
    "city": "user.location.imprecise",
    "diagnosis": "user.health_and_medical.condition",
    "first_name": "user.name.first",
    "hunch": "user.demographic.profile.segment",
    "medicine": "user.behavior.purchase_history.medicine",
    "offence": "user.criminal_history",
    "segment": "user.demographic.profile.segment",
    "tier": "user.account.loyalty_tier",
    "wallet": "user.payment",
}
FROM_ELSEWHERE: Final = {
    "hunch": (Provenance.INFERRED, Source.CONTROLLER),
    "segment": (Provenance.DERIVED, Source.THIRD_PARTY),
}
VALUES: Final = {
    "birth_date": "1990-05-17",
    "campaign": "spring",
    "cart": "spade",
    "city": "Bath",
    "diagnosis": "none known",
    "first_name": "Ada",
    "hunch": "moving house",
    "medicine": "throat lozenges",
    "offence": "parking",
    "segment": "keen gardener",
    "tier": "silver",
    "wallet": "card",
}


class RecordMaker(Protocol):
    """Makes a record of which a test names only what matters to it."""

    def __call__(self, *, days_ago: int = 30, **more: object) -> ConsentRecord:
        """Return the record."""


class Asker(Protocol):
    """Asks for a grant; what a test does not name is ordinary."""

    def __call__(
        self,
        *records: ConsentRecord,
        consent: Consent | None = None,
        purpose: str = EMAIL,
        channel: str = "email",
        at: datetime = AT,
        values: Mapping[str, object] | None = None,
        observed_at: Mapping[str, datetime] | None = None,
        catalogue: Catalogue | None = None,
        law: Law | None = None,
        offers: Sequence[str] = (),
    ) -> Grant:
        """Return the grant."""


@pytest.fixture(scope="session")
def record() -> RecordMaker:
    """Make a record of recipient r-1, given 30 days ago: first name, e-mail, opted in."""

    def make(*, days_ago: int = 30, **more: object) -> ConsentRecord:
        plain: dict[str, Any] = {
            "record_id": "c-1",
            "person": "r-1",
            "purposes": [EMAIL],
            "pii_types": ["user.name.first"],
            "channels": ["email"],
            "channel_permission": "opt_in",
            "given_at": AT - timedelta(days=days_ago),
        }
        return ConsentRecord.simple(**{**plain, **more})

    return make


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """Return a catalogue with a field of every kind that the law treats differently."""
    ordinary = (Provenance.PROVIDED, Source.DATA_SUBJECT)
    dates = {"birth_date"}
    return Catalogue.of(
        Field(
            name,
            FieldType.DATE if name in dates else FieldType.TEXT,
            category(key),
            *FROM_ELSEWHERE.get(name, ordinary),
        )
        for name, key in CATEGORIES.items()
    )


@pytest.fixture(scope="session")
def ask(catalogue: Catalogue) -> Asker:
    """Ask what recipient r-1 allows, by e-mail on 1 November 2026 unless said otherwise."""
    shared = catalogue

    def make(
        *records: ConsentRecord,
        consent: Consent | None = None,
        purpose: str = EMAIL,
        channel: str = "email",
        at: datetime = AT,
        values: Mapping[str, object] | None = None,
        observed_at: Mapping[str, datetime] | None = None,
        catalogue: Catalogue | None = None,
        law: Law | None = None,
        offers: Sequence[str] = (),
    ) -> Grant:
        held = VALUES if values is None else values
        seen = dict.fromkeys(held, AT - timedelta(days=1)) if observed_at is None else observed_at
        return grant_for(
            Profile("r-1", held, observed_at=seen),
            Consent.of(records) if consent is None else consent,
            purpose,
            channel,
            at,
            catalogue=catalogue or shared,
            law=law,
            offers=offers,
        )

    return make
