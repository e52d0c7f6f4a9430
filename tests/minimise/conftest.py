"""Invented people, products and permissions for the tests of this folder."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from guardedpersonalize.consent import FieldGrant, Grant, MessageGrant, Reason, Verdict
from guardedpersonalize.minimise import Context, Product, ProductTree, PseudonymKey
from guardedpersonalize.profile import Catalogue, Field, FieldType
from guardedpersonalize.vocabulary import (
    Channel,
    LawfulBasis,
    Provenance,
    Source,
    category,
    purpose,
)

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)

# name -> (type, category, generaliser, options)
FIELDS = {
    "birth_date": (FieldType.DATE, "user.demographic.date_of_birth", "birth_date", ()),
    "city": (FieldType.TEXT, "user.contact.address.city", None, ()),
    "email": (FieldType.TEXT, "user.contact.email", "identifier", ()),
    "first_name": (FieldType.TEXT, "user.name.first", None, ()),
    "full_name": (FieldType.TEXT, "user.name", "full_name", ()),
    "interests": (FieldType.LIST, "user.demographic.profile", None, ()),
    "is_member": (FieldType.BOOL, "user.account", None, ()),
    "last_order": (FieldType.TEXT, "user.behavior.purchase_history", "product", ()),
    "link": (FieldType.URL, "system.operations", None, ()),
    "orders": (FieldType.LIST, "user.behavior.purchase_history", "product", ()),
    "points": (FieldType.INT, "user.account", None, ()),
    "seen": (FieldType.DATETIME, "user.behavior", "time", ()),
    "since": (FieldType.DATE, "user.account", "tenure", ()),
    "spent": (FieldType.DECIMAL, "user.payment", "amount", ()),
    "tier": (FieldType.ENUM, "user.account", None, ("Oak", "Sapling")),
}


def _field(name: str) -> Field:
    kind, key, generaliser, values = FIELDS[name]
    return Field(
        name,
        kind,
        category(key),
        Provenance.PROVIDED,
        Source.DATA_SUBJECT,
        generaliser=generaliser or "text",
        values=values,
    )


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """Return a catalogue of one field of each kind."""
    return Catalogue.of(_field(name) for name in FIELDS)


@pytest.fixture(scope="session")
def products() -> ProductTree:
    """Return a tree with an innocent shelf, a telling shelf, and a telling floor."""
    health = "user.health_and_medical"
    return ProductTree(
        {
            "T-1": Product("Border spade", "hand tools", "garden"),
            "T-2": Product("Hand fork", "hand tools", "garden"),
            "W-1": Product("Maternity apron", "maternity wear", "garden", health),
            "W-2": Product("Plain apron", "maternity wear", "garden"),
            "H-1": Product("Valerian", "herbs", "pharmacy", health),
        }
    )


@pytest.fixture(scope="session")
def context(products: ProductTree) -> Context:
    """Return the context of a British message on a day in November 2026."""
    key = PseudonymKey("2026-a", b"k" * 32)
    return Context(AT, products=products, pseudonym_key=key, country="GB", currency="GBP")


@pytest.fixture(scope="session")
def grant_of() -> Callable[..., Grant]:
    """Return a maker of grants: `grant_of({"city": "exact"})` allows that field at that level."""

    def make(levels: Mapping[str, str], **denied: Reason) -> Grant:
        given = {
            name: FieldGrant(
                name, Verdict.ALLOWED, level, Reason.ALLOWED, "record-1", 0, LawfulBasis.CONSENT
            )
            for name, level in levels.items()
        }
        given |= {
            name: FieldGrant(name, reason.verdict, "omit", reason, "record-2", 1)
            for name, reason in denied.items()
        }
        message = MessageGrant(Verdict.ALLOWED, Reason.ALLOWED)
        return Grant(
            purpose=purpose("marketing.communications.email"),
            channel=Channel.EMAIL,
            at=AT,
            message=message,
            fields=given,
            is_minor=False,
            law_version="test",
        )

    return make


@pytest.fixture(scope="session")
def sent() -> Callable[[object], object]:
    """Return a way to another process and back."""
    return lambda thing: pickle.loads(pickle.dumps(thing))  # noqa: S301  # our own


@pytest.fixture(scope="session")
def german(context: Context) -> Context:
    """Return the same moment for a German message."""
    return replace(context, locale="de", country="DE", currency="EUR")


@pytest.fixture(scope="session")
def wordless(context: Context) -> Context:
    """Return the same moment for a language that has no words here."""
    return replace(context, locale="eo")
