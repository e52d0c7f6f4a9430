"""A person's consent: records once each, objections, and nobody named."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from guardedpersonalize.consent import (
    AgeGroup,
    Consent,
    ConsentEvent,
    ConsentRecord,
)
from guardedpersonalize.errors import ConsentError
from guardedpersonalize.vocabulary import Channel, ConsentStatus, Objection

Record = Callable[..., ConsentRecord]

AT = datetime(2026, 11, 1, 9, tzinfo=UTC)
WITHDRAWN = ConsentEvent(event_time=AT, event_state=ConsentStatus.WITHDRAWN)


def test_the_order_of_records_does_not_matter(record: Record) -> None:
    """They are kept sorted by id."""
    one, two = record(record_id="a"), record(record_id="b")
    assert Consent.of([two, one]) == Consent.of([one, two])
    assert [r.record_id for r in Consent.of([two, one]).records] == ["a", "b"]


@pytest.mark.parametrize("reverse", [False, True])
def test_of_two_states_of_a_record_the_longer_is_kept(record: Record, reverse: bool) -> None:
    """A stale copy beside the fresh one does no harm."""
    states = [record(), record().with_event(WITHDRAWN)]
    kept = Consent.of(reversed(states) if reverse else states)
    assert kept.records == (states[1],)


@pytest.mark.parametrize("other", [{"person": "r-2"}, {"days_ago": 7}, {"basis": "contract"}])
def test_two_different_records_cannot_share_an_id(record: Record, other: dict[str, Any]) -> None:
    """Evidence that names a record must name one."""
    with pytest.raises(ConsentError) as caught:
        Consent.of([record(), record(**other)])
    assert caught.value.code == "GP211"
    with pytest.raises(ConsentError) as caught:
        Consent.from_json({"records": [record().to_json(), record(**other).to_json()]})
    assert caught.value.code == "GP211"


def test_a_record_is_added_or_brought_up_to_date(record: Record) -> None:
    """The old consent stays as it was."""
    consent = Consent.of([record()])
    assert len(consent.with_record(record(record_id="c-2")).records) == 2
    newer = consent.with_record(record().with_event(WITHDRAWN))
    assert [len(r.events) for r in newer.records] == [2]
    assert len(consent.records[0].events) == 1


def test_of_two_times_of_an_objection_the_earlier_holds() -> None:
    """An objection is not put off by saying it again."""
    once = Consent.none().with_objection("profiling", AT)
    later = once.with_objection(Objection.PROFILING, AT + timedelta(days=1))
    earlier = once.with_objection("profiling", AT - timedelta(days=1))
    assert later.objections == {"profiling": AT}
    assert earlier.objections == {"profiling": AT - timedelta(days=1)}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"objections": {"marketing": AT}}, "GP213"),
        ({"objections": {"profiling": datetime(2026, 11, 1)}}, "GP204"),  # noqa: DTZ001
        ({"age_group": "teen"}, "GP213"),
        ({"jurisdiction": "Earth"}, "GP214"),
        ({"do_not_contact": ["emial"]}, "GP213"),
        ({"do_not_contact": "email"}, "GP203"),
        ({"records": [{}]}, "GP203"),
    ],
)
def test_a_wrong_term_is_refused(wrong: dict[str, Any], code: str) -> None:
    """A consent made in code is held to the same words as one that is read."""
    with pytest.raises(ConsentError) as caught:
        Consent(**wrong)
    assert caught.value.code == code


def test_nobody_is_named_in_a_repr(record: Record) -> None:
    """A repr shows counts and kinds."""
    said = Consent.of([record(record_id="ada", person="ada@example.org")])
    full = Consent(
        records=said.records,
        objections={"direct_marketing": AT, "profiling": AT},  # type: ignore[dict-item]
        do_not_contact=("sms",),  # type: ignore[arg-type]
    )
    assert repr(said) == "Consent(1 record)"
    assert repr(Consent.none()) == "Consent(0 records)"
    assert repr(full) == (
        "Consent(1 record, objects to direct_marketing, objects to profiling, no sms)"
    )


def test_terms_become_members_of_the_vocabulary() -> None:
    """Text is read once, when the consent is made."""
    consent = Consent(age_group="child", do_not_contact=["sms"], jurisdiction="uk")  # type: ignore[arg-type]
    assert consent.age_group is AgeGroup.CHILD
    assert consent.do_not_contact == (Channel.SMS,)
    assert consent.jurisdiction == "GB"


def test_a_consent_pickles_copies_and_hashes(record: Record) -> None:
    """Spark and multiprocessing send consents about."""
    consent = Consent.of([record()]).with_objection("profiling", AT)
    assert pickle.loads(pickle.dumps(consent)) == consent  # noqa: S301  # our own bytes
    assert hash(copy.deepcopy(consent)) == hash(consent)
    assert copy.deepcopy(consent).said.shape is consent.said.shape
