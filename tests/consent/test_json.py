"""JSON in and out: strict, every fault at once, and nothing quoted."""

from __future__ import annotations

import contextlib
import json
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardedpersonalize.consent import Consent, ConsentRecord
from guardedpersonalize.errors import ConsentError

FULL: dict[str, Any] = {
    "schema_version": "ISO/IEC TS 27560:2023",
    "record_id": "0d6f0f9a-6f1e-4a53-9d5e-0a8c8a6d1c11",
    "pii_principal_id": "r-1",
    "purposes": ["marketing.communications.email"],
    "events": [
        {
            "event_time": "2026-01-01T00:00:00Z",
            "event_state": "given",
            "event_type": "expressed",
            "entity_id": "r-1",
            "validity_duration": "P1Y",
            "method": "form",
        },
        {"event_time": "2026-02-01T10:30:00.250000Z", "event_state": "renewed"},
    ],
    "covers_children": True,
    "lawful_basis": "explicit_consent",
    "consent_type": "explicit",
    "pii_information": [
        {
            "pii_type": "user.name.first",
            "pii_attribute_id": "first_name",
            "pii_optional": True,
            "sensitive_pii_category": False,
            "special_pii_category": "none",
        }
    ],
    "channels": ["email", "sms"],
    "channel_permission": "soft_opt_in",
    "channel_permission_until": "2027-01-01T00:00:00Z",
    "similar_categories": ["garden"],
    "guardian": {"entity_id": "g-1", "method": "signed form"},
    "purpose_type": "dpv:DirectMarketing",
    "privacy_notice": {"uri": "https://shop.example/privacy", "version": "3", "hash": "ab12"},
    "language": "en",
    "jurisdiction": "US-CA",
    "pii_controllers": [
        {
            "id": "shop",
            "name": "Shop",
            "address": "1 High Street",
            "contact": "desk",
            "type": "controller",
            "role": "seller",
            "email": "desk@shop.example",
            "url": "https://shop.example",
            "phone": "+44 1632 960001",
        }
    ],
    "recipient_third_parties": [],
    "collection_method": "web form",
    "processing_method": "automated",
    "source": "person",
    "storage_locations": ["DE"],
    "retention_period": "P3Y",
    "processing_locations": ["DE"],
    "geographic_restrictions": ["EU"],
    "service": "newsletter",
    "withdrawal_method": "https://shop.example/stop",
    "privacy_rights": ["GDPR Art. 15"],
    "codes_of_conduct": ["none"],
    "impact_assessment": "https://shop.example/dpia",
    "authority_party": {"id": "ico"},
    "signals": {"gpc": True, "tcf": {"raw": "x"}},
}


def fault(raw: object, *, of: type[Consent | ConsentRecord] = Consent) -> ConsentError:
    """Return the error of reading *raw*."""
    with pytest.raises(ConsentError) as caught:
        of.from_json(raw)
    assert caught.value.__context__ is None
    return caught.value


def test_a_full_record_reads_back_what_it_writes() -> None:
    """Every name of the standard, and every one of ours, goes in and comes out."""
    assert ConsentRecord.from_json(FULL).to_json() == FULL
    assert ConsentRecord.from_json(json.dumps(FULL)).to_json() == FULL
    assert ConsentRecord.from_json(json.dumps(FULL).encode()).to_json() == FULL


def test_a_whole_consent_reads_back_what_it_writes() -> None:
    """Records, objections and the rest survive; what is not said is left out."""
    said = {
        "records": [FULL],
        "objections": {"profiling": "2026-10-01T00:00:00Z"},
        "age_group": "adult",
        "jurisdiction": "DE",
        "do_not_contact": ["sms"],
    }
    assert Consent.from_json(said).to_json() == said
    assert Consent.from_json({}) == Consent.none()
    assert Consent.none().to_json() == {}


def test_times_that_toml_has_read_are_understood() -> None:
    """A persona's file brings dates and times, not texts."""
    moment = datetime.fromisoformat("2026-10-01T02:00:00+02:00")
    consent = Consent.from_json({"objections": {"profiling": moment}})
    assert consent.to_json() == {"objections": {"profiling": "2026-10-01T00:00:00Z"}}


def test_every_fault_is_named_at_once() -> None:
    """Place and kind of each, with the nearest known key; no value."""
    record = {
        "record_id": "c-1",
        "purposes": ["marketing.comunications.email"],
        "evnts": "Ada Lovelace",
        "lawful_basis": "Ada Lovelace",
        "events": [{"event_time": "Ada", "event_state": "Ada", "validity_duration": "Ada"}],
        "pii_information": [{"pii_typ": "Ada"}],
    }
    text = str(fault({"records": [record]}))
    for said in (
        "records.0.pii_principal_id: is missing",
        "records.0.purposes.0: a purpose is not in the vocabulary",
        "Did you mean 'marketing.communications.email'?",
        "records.0.events.0.event_time: it is no date and time",
        "records.0.events.0.event_state: is not one of the known terms (enum)",
        "records.0.events.0.validity_duration: a duration is not written as ISO 8601 asks",
        "records.0.lawful_basis: is not one of the known terms (enum)",
        "records.0.pii_information.0: a key is not known here, did you mean 'pii_type'?",
        "records.0: a key is not known here, did you mean 'events'?",
    ):
        assert said in text
    assert "Ada" not in text
    assert "evnts" not in text


def test_a_list_with_a_wrong_item_is_not_also_too_short() -> None:
    """One fault is one line."""
    assert "too_short" not in str(fault(FULL | {"purposes": ["x"]}, of=ConsentRecord))
    assert "purposes: does not fit (too_short)" in str(
        fault(FULL | {"purposes": []}, of=ConsentRecord)
    )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"events": [{"event_time": "2026-01-01T00:00:00", "event_state": "given"}]}, "GP204"),
        ({"events": FULL["events"][::-1]}, "GP210"),
        ({"events": [FULL["events"][0] | {"validity_duration": "1 year"}]}, "GP212"),
        ({"pii_information": [{"pii_type": "user.nam"}]}, "GP213"),
        ({"jurisdiction": "Deutschland"}, "GP214"),
        ({"record_id": 7}, "GP203"),
        ({"record_id": ""}, "GP203"),
        ({"covers_children": "yes"}, "GP203"),
        ({"covers_children": 1}, "GP203"),
        ({"record_id": 7, "jurisdiction": "Deutschland"}, "GP203"),
    ],
)
def test_a_fault_has_the_code_of_its_kind(change: dict[str, Any], code: str) -> None:
    """Where all faults are of one kind the code says which."""
    assert fault(FULL | change, of=ConsentRecord).code == code


@pytest.mark.parametrize(
    "moment",
    [
        "2026",
        "1767225600",
        1767225600,
        "2026-01-01",
        "2026-02-30T00:00:00Z",
        "20260101T000000Z",
        "",
    ],
)
def test_a_number_or_a_day_is_no_moment(moment: object) -> None:
    """A bare number could be anything; nothing is guessed."""
    events = [{"event_time": moment, "event_state": "given"}]
    assert "events.0.event_time" in str(fault(FULL | {"events": events}, of=ConsentRecord))


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "{",
        "null",
        "[]",
        "7",
        b"\xff",
        '{"records": 1}',
        "[" * 100_000,
        '{"jurisdiction": "\\ud800"}',
        {"x": object()},
        None,
    ],
)
def test_what_is_no_consent_is_refused(raw: object) -> None:
    """Malformed input is an error of ours, whatever it is."""
    assert fault(raw).code == "GP203"


def test_a_key_that_is_given_twice_is_refused() -> None:
    """Which one counts would be a guess, and one may be a withdrawal."""
    assert fault('{"objections": {"profiling": "2026-01-01T00:00:00Z"}, "objections": {}}')


def test_a_key_without_a_likeness_lists_the_known_ones() -> None:
    """The stray key is not repeated."""
    text = str(fault({"+44 7700 900123": 1}))
    assert "the top: a key is not known here" in text
    assert "more" not in text
    assert "known: age_group, do_not_contact, jurisdiction, objections, records" in text
    assert "7700" not in text


def test_a_stray_objection_is_not_repeated() -> None:
    """Keys of a table are values of somebody too."""
    text = str(fault({"objections": {"ada@example.org": "2026-01-01T00:00:00Z"}}))
    assert "objections: is not one of the known terms (enum)" in text
    assert "ada" not in text


def test_faults_past_the_twentieth_are_counted() -> None:
    """A broken export repeats one fault many times."""
    text = str(fault({"records": [{}] * 10}))
    assert text.count("is missing") == 20
    assert "and 10 more" in text


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(FULL)), json_values, max_size=6))
def test_nothing_but_our_own_error_leaves(change: dict[str, object]) -> None:
    """Whatever stands where, it is read or refused."""
    with contextlib.suppress(ConsentError):
        read = ConsentRecord.from_json(FULL | change)
        assert ConsentRecord.from_json(read.to_json()) == read
