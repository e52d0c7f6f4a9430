"""The audit's own judgement of what a recipient allowed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import audit_consent
import pytest
from verify_output import DEFAULT_AT, PACK

AT = audit_consent.moment(DEFAULT_AT)
EMAIL = "marketing.communications.email"
VALUES = {
    "first_name": "Ada",
    "postcode": "EX4 4QJ",
    "birth_date": "1958-11-17",
    "last_order_sku": "TRE-225",
    "garden_interests": ["ponds"],
}


def _record(**changes: Any) -> dict[str, Any]:  # any key of a record
    types = ("user.name.first", "user.contact.address.postal_code", "user.behavior")
    event = {"event_time": "2026-01-01T00:00:00Z", "event_state": "given"}
    record = {
        "record_id": "1",
        "pii_principal_id": "r",
        "purposes": [EMAIL],
        "lawful_basis": "consent",
        "channels": ["email"],
        "channel_permission": "opt_in",
        "pii_information": [{"pii_type": key} for key in types],
        "events": [event],
    }
    return record | changes


def _allowed(*records: dict[str, Any], **consent: Any) -> dict[str, str]:
    judge = audit_consent.Judge(audit_consent.Pack(PACK), "spring-offer", AT)
    observed = dict.fromkeys(VALUES, "2026-10-01T00:00:00Z")
    whole = {"records": list(records), "age_group": "adult", **consent}
    return judge.allowed(audit_consent.Recipient("r", VALUES, observed, whole))


def _event(state: str, days_ago: float) -> dict[str, str]:
    return {"event_time": (AT - timedelta(days=days_ago)).isoformat(), "event_state": state}


def test_what_is_named_is_allowed_as_coarsely_as_the_slot_asks() -> None:
    """Categories below a named one are meant, and the coarser of slot and floor holds."""
    expected = {"first_name": "exact", "postcode": "region", "last_order_sku": "category"}
    assert _allowed(_record()) == expected


REFUSED: dict[str, list[dict[str, Any]]] = {
    "no record": [],
    "another person": [_record(pii_principal_id="s")],
    "another purpose": [_record(purposes=["marketing.communications.sms"])],
    "a wider purpose": [_record(purposes=["marketing.communications"])],
    "another channel": [_record(channels=["sms"])],
    "no permission": [_record(channel_permission="none")],
    "withdrawn": [_record(events=[_event("given", 9), _event("withdrawn", 1)])],
    "refused": [_record(events=[_event("refused", 9)])],
    "not yet": [_record(events=[_event("given", -9)])],
    "run out": [_record(events=[_event("given", 400) | {"validity_duration": "P1Y"}])],
    "a later no": [
        _record(),
        _record(record_id="2", purposes=["marketing"], channels=[], pii_information=[],
                events=[_event("refused", 3)]),
    ],
}  # fmt: skip


@pytest.mark.parametrize("records", REFUSED.values(), ids=REFUSED)
def test_what_is_not_a_yes_allows_nothing(records: list[dict[str, Any]]) -> None:
    """Each way of not having said yes is told from a yes."""
    assert _allowed(*records) == {}


@pytest.mark.parametrize(
    "consent",
    [
        {"age_group": "minor"},
        {"objections": {"profiling": "2026-01-01T00:00:00Z"}},
        {"objections": {"direct_marketing": "2026-01-01T00:00:00Z"}},
        {"do_not_contact": ["email"]},
    ],
    ids=["minor", "profiling", "direct marketing", "do not contact"],
)
def test_what_stands_against_everything_allows_nothing(consent: dict[str, Any]) -> None:
    """Age and objections come before any record."""
    assert _allowed(_record(), **consent) == {}


def test_a_partial_no_takes_its_part() -> None:
    """A later no to the shopping history leaves the name."""
    part = [{"pii_type": "user.behavior.purchase_history"}]
    no = _record(record_id="2", pii_information=part, channel_permission="none",
                 events=[_event("given", 200), _event("withdrawn", 2)])  # fmt: skip
    assert _allowed(_record(), no) == {"first_name": "exact", "postcode": "region"}


def test_wider_purposes_count_where_the_record_says_so() -> None:
    """`covers_children` makes a wider purpose enough."""
    assert _allowed(_record(purposes=["marketing"], covers_children=True))


def test_a_proxy_is_not_allowed_at_any_level() -> None:
    """A product that gives something away is barred with its whole category."""
    pack = audit_consent.Pack(PACK)
    assert pack.is_proxy("HER-610")
    assert not pack.is_proxy("TRE-210")


def test_levels_run_from_fine_to_coarse() -> None:
    """Each generaliser that the pack uses is known to the audit."""
    pack = audit_consent.Pack(PACK)
    for name, raw in VALUES.items():
        ranks = [audit_consent.ORDER.index(level) for level, _ in pack.levels(name, raw)]
        assert ranks == sorted(ranks)
        assert ranks
