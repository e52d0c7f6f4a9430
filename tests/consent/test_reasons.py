"""Every reason has a code, a sentence, and a case that leads to it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any, Final

import pytest

from guardedpersonalize.consent import (
    Consent,
    ConsentEvent,
    ConsentRecord,
    Grant,
    Reason,
    Verdict,
)
from guardedpersonalize.vocabulary import ConsentStatus

Record = Callable[..., ConsentRecord]
Ask = Callable[..., Grant]

AT: Final = datetime(2026, 11, 1, 9, tzinfo=UTC)
AD: Final = "marketing.advertising.first_party.targeted"
SERVICE: Final = "essential.service.notifications.email"
PROFILED: Final = "personalize.content.profiled"

# Reason -> where it shows ("message" or a field), what is changed in the record of r-1, and what is
# changed in the question.
CASES: Final[dict[Reason, tuple[str, dict[str, Any], dict[str, Any]]]] = {
    Reason.ALLOWED: ("first_name", {}, {}),
    Reason.NOT_PERSONAL: ("campaign", {}, {}),
    Reason.PERMISSION_NOT_REQUIRED: ("message", {}, {"channel": "web"}),
    Reason.NO_RECORD: ("first_name", {}, {"consent": Consent.none()}),
    Reason.WRONG_PERSON: ("first_name", {"person": "r-2"}, {}),
    Reason.PURPOSE_NOT_COVERED: ("first_name", {"purposes": ["analytics"]}, {}),
    Reason.PARENT_PURPOSE_ONLY: ("first_name", {"purposes": ["marketing"]}, {}),
    Reason.CHANNEL_NOT_COVERED: ("first_name", {"channels": ["sms"]}, {}),
    Reason.FIELD_NOT_COVERED: ("first_name", {"pii_types": ["user.contact"]}, {}),
    Reason.NOT_YET_VALID: ("first_name", {}, {"at": AT - timedelta(days=40)}),
    Reason.EXPIRED: ("first_name", {"validity": "P30D"}, {}),
    Reason.NO_LAWFUL_BASIS: ("first_name", {"basis": None}, {}),
    Reason.BASIS_NOT_ACCEPTED: ("first_name", {"basis": "contract"}, {}),
    Reason.LEGITIMATE_INTEREST_BARRED: (
        "first_name",
        {"basis": "legitimate_interests", "purposes": [PROFILED]},
        {"purpose": PROFILED},
    ),
    Reason.IMPLIED_CONSENT_ONLY: ("first_name", {"consent_type": "implied"}, {}),
    Reason.OBJECTION_DIRECT_MARKETING: (
        "message",
        {},
        {"consent": Consent.none().with_objection("direct_marketing", AT)},
    ),
    Reason.OBJECTION_PROFILING: (
        "first_name",
        {},
        {"consent": Consent.none().with_objection("profiling", AT)},
    ),
    Reason.DO_NOT_CONTACT: (
        "message",
        {},
        {"consent": Consent.from_json({"do_not_contact": ["email"]})},
    ),
    Reason.MINOR: ("first_name", {}, {"values": {"first_name": "Ada", "birth_date": "2015-01-01"}}),
    Reason.AGE_UNKNOWN: ("first_name", {}, {"values": {"first_name": "Ada", "birth_date": "?"}}),
    Reason.NO_CHANNEL_PERMISSION: ("message", {"channel_permission": "none"}, {}),
    Reason.CHANNEL_PERMISSION_NOT_ACCEPTED: (
        "message",
        {"channel_permission": "opt_out_regime"},
        {},
    ),
    Reason.CHANNEL_PERMISSION_EXPIRED: (
        "message",
        {"channel_permission": "implied_casl", "jurisdiction": "CA", "method": "inquiry"},
        {"at": AT + timedelta(days=300)},
    ),
    Reason.CHANNEL_PERMISSION_UNDATED: (
        "message",
        {"channel_permission": "implied_casl", "jurisdiction": "CA"},
        {},
    ),
    Reason.SOFT_OPT_IN_CATEGORY_UNKNOWN: (
        "message",
        {"channel_permission": "soft_opt_in", "similar_categories": ["garden"]},
        {},
    ),
    Reason.SOFT_OPT_IN_OTHER_CATEGORY: (
        "message",
        {"channel_permission": "soft_opt_in", "similar_categories": ["garden"]},
        {"offers": ["insurance"]},
    ),
    Reason.SPECIAL_CATEGORY_NEEDS_EXPLICIT_CONSENT: (
        "diagnosis",
        {"pii_types": ["user.health_and_medical.condition"]},
        {},
    ),
    Reason.SPECIAL_CATEGORY_IN_AD: (
        "diagnosis",
        {"pii_types": ["user.health_and_medical.condition"], "basis": "explicit_consent"},
        {"purpose": AD, "channel": "ad"},
    ),
    Reason.SENSITIVE_CATEGORY_NEEDS_EXPLICIT_CONSENT: (
        "wallet",
        {"pii_types": ["user.payment"]},
        {},
    ),
    Reason.SENSITIVE_CATEGORY_IN_AD: ("wallet", {}, {"purpose": AD, "channel": "ad"}),
    Reason.PROXY_CATEGORY: (
        "medicine",
        {"pii_types": ["user.behavior.purchase_history.medicine"]},
        {},
    ),
    Reason.PROXY_CATEGORY_IN_AD: ("medicine", {}, {"purpose": AD, "channel": "ad"}),
    Reason.CRIMINAL_CATEGORY: (
        "offence",
        {"pii_types": ["user.criminal_history"], "basis": "explicit_consent"},
        {},
    ),
    Reason.POLITICAL_NEEDS_EXPLICIT_CONSENT: (
        "first_name",
        {"purposes": ["marketing.political"]},
        {"purpose": "marketing.political"},
    ),
    Reason.POLITICAL_PROVIDED_ONLY: (
        "hunch",
        {"purposes": ["marketing.political"]},
        {"purpose": "marketing.political"},
    ),
    Reason.NO_RECORDED_SOURCE: ("segment", {"pii_types": ["user.demographic"]}, {}),
    Reason.MISSING_VALUE: ("first_name", {}, {"values": {"first_name": " n/a "}}),
    Reason.STALE_VALUE: (
        "cart",
        {"pii_types": ["user.behavior"]},
        {"observed_at": {"cart": AT - timedelta(days=31)}},
    ),
    Reason.VALUE_AGE_UNKNOWN: ("cart", {"pii_types": ["user.behavior"]}, {"observed_at": {}}),
}

# States that the last event of the record leads to.
STATES: Final = {
    Reason.REQUESTED: "requested",
    Reason.REQUEST_DEFERRED: "request_deferred",
    Reason.REFUSED: "refused",
    Reason.WITHDRAWN: "withdrawn",
    Reason.REVOKED: "revoked",
    Reason.EXPIRED: "expired",
    Reason.INVALIDATED: "invalidated",
    Reason.STATUS_UNKNOWN: "unknown",
}


def test_every_reason_has_a_case() -> None:
    """A new reason comes with what leads to it."""
    assert set(CASES) | set(STATES) == set(Reason)


@pytest.mark.parametrize("reason", CASES)
def test_the_case_leads_to_its_reason(record: Record, ask: Ask, reason: Reason) -> None:
    """Message or field, the reason is the one that is named; level and verdict follow from it."""
    where, change, question = CASES[reason]
    grant = ask(record(**change), **question)
    found = grant.message if where == "message" else grant.fields[where]
    assert found.reason is reason
    assert found.verdict is reason.verdict
    assert grant.allowed(where) == (reason.is_yes and where != "message")


@pytest.mark.parametrize("reason", STATES)
@pytest.mark.parametrize("where", ["message", "first_name"])
def test_a_state_stops_message_and_field(
    record: Record, ask: Ask, reason: Reason, where: str
) -> None:
    """Only given and renewed allow use; the event that ended it is named."""
    event = ConsentEvent(event_time=AT, event_state=ConsentStatus(STATES[reason]))
    grant = ask(record().with_event(event))
    found = grant.message if where == "message" else grant.fields[where]
    assert (found.reason, found.record_id, found.event_index) == (reason, "c-1", 1)
    assert not found.is_allowed


def test_every_reason_has_a_sentence_and_no_other() -> None:
    """In plain words: one sentence each, all different."""
    text = files("guardedpersonalize.consent").joinpath("reasons.toml").read_text(encoding="utf-8")
    assert set(tomllib.loads(text)) == {reason.value for reason in Reason}
    sentences = [reason.sentence for reason in Reason]
    assert all(s[0].isupper() and s.endswith(".") and s.count(".") == 1 for s in sentences)
    assert len(set(sentences)) == len(sentences)


def test_what_cannot_be_told_is_unknown() -> None:
    """Three ways to say yes, five not to know; all others are a no."""
    found = {verdict: [r for r in Reason if r.verdict is verdict] for verdict in Verdict}
    assert found[Verdict.ALLOWED] == ["allowed", "not_personal", "permission_not_required"]
    assert found[Verdict.UNKNOWN] == [
        "status_unknown",
        "age_unknown",
        "channel_permission_undated",
        "soft_opt_in_category_unknown",
        "value_age_unknown",
    ]
