"""A consent record only grows, and stands as its last event says."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any

import pytest

from guardedpersonalize.consent import (
    ConsentEvent,
    ConsentRecord,
    Duration,
    Guardian,
    Party,
    PiiInformation,
    Reason,
)
from guardedpersonalize.errors import ConsentError
from guardedpersonalize.vocabulary import ConsentStatus, LawfulBasis

Record = Callable[..., ConsentRecord]

AT = datetime(2026, 11, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def event(state: str, *, days: int = 0, **more: object) -> ConsentEvent:
    """Return an event *days* after the reference time."""
    return ConsentEvent(event_time=AT + days * DAY, event_state=ConsentStatus(state), **more)


def with_events(record: Record, *events: ConsentEvent) -> ConsentRecord:
    """Return a record that has *events* and no others."""
    plain = record(days_ago=0).to_json() | {"events": []}
    bare = ConsentRecord.from_json(plain)
    for one in events:
        bare = bare.with_event(one)
    return bare


def test_an_event_is_appended_to_a_new_record(record: Record) -> None:
    """The old record stays as it was."""
    before = record()
    after = before.with_event(event("withdrawn"))
    assert [e.event_state for e in before.events] == ["given"]
    assert [e.event_state for e in after.events] == ["given", "withdrawn"]


def test_an_event_cannot_go_back_in_time(record: Record) -> None:
    """A clock that went backwards is an error, for the last event is the state."""
    with pytest.raises(ConsentError) as caught:
        record(days_ago=0).with_event(event("withdrawn", days=-1))
    assert caught.value.code == "GP210"


def test_two_events_at_one_time_keep_their_order(record: Record) -> None:
    """The order of the list decides where times are equal."""
    both = with_events(record, event("withdrawn"), event("given"))
    assert both.status_at(AT).is_valid


@pytest.mark.parametrize("state", sorted(ConsentStatus))
def test_the_last_event_is_the_state(record: Record, state: ConsentStatus) -> None:
    """Only given and renewed allow use; each other state has its own reason."""
    standing = record(days_ago=1).with_event(event(state)).status_at(AT)
    names = {"given": "allowed", "renewed": "allowed", "unknown": "status_unknown"}
    assert standing.reason == names.get(state, state)
    assert standing.event_index == 1


def test_a_later_event_does_not_count_yet(record: Record) -> None:
    """A record stands at a moment as it stood then."""
    later = record(days_ago=1).with_event(event("withdrawn", days=2))
    assert later.status_at(AT).is_valid
    assert later.status_at(AT + 2 * DAY).reason is Reason.WITHDRAWN


def test_an_end_counts_already_within_the_lead(record: Record) -> None:
    """With a lead an event that ends consent counts early; one that gives it never does."""
    ended = with_events(record, event("given"), event("withdrawn", days=2), event("given", days=2))
    assert ended.status_at(AT, lead=2 * DAY).reason is Reason.WITHDRAWN
    assert ended.status_at(AT, lead=DAY).is_valid
    assert ended.status_at(AT + 2 * DAY).is_valid


def test_before_its_first_event_a_record_is_not_yet_valid(record: Record) -> None:
    """A clock before the record finds nothing in force."""
    standing = record(days_ago=0).status_at(AT - DAY)
    assert (standing.reason, standing.event_index) == (Reason.NOT_YET_VALID, None)


def test_a_record_without_events_has_an_unknown_state(record: Record) -> None:
    """No event is no yes."""
    assert with_events(record).status_at(AT).reason is Reason.STATUS_UNKNOWN


def test_consent_runs_out_at_the_end_of_its_duration(record: Record) -> None:
    """The last moment is outside."""
    year = record(days_ago=0, validity="P1Y")
    end = datetime(2027, 11, 1, 9, tzinfo=UTC)
    assert year.status_at(end - timedelta(microseconds=1)).is_valid
    assert year.status_at(end).reason is Reason.EXPIRED


def test_a_renewal_runs_as_long_as_what_it_renews(record: Record) -> None:
    """A renewal without a duration takes that of the event before it, from its own time."""
    renewed = record(days_ago=0, validity="P1Y").with_event(event("renewed", days=300))
    assert renewed.status_at(AT + 660 * DAY).is_valid
    assert renewed.status_at(AT + 666 * DAY).reason is Reason.EXPIRED


def test_a_later_renewal_does_not_change_the_duration_before_it(record: Record) -> None:
    """How long a consent runs is told by what had happened up to then."""
    both = record(days_ago=0, validity="P1Y").with_event(
        event("renewed", days=10, validity_duration="P1D")
    )
    assert both.status_at(AT + 5 * DAY).is_valid
    assert both.status_at(AT + 12 * DAY).reason is Reason.EXPIRED


def test_consent_given_anew_does_not_take_an_old_duration(record: Record) -> None:
    """A withdrawal ends the run of events that a renewal belongs to."""
    anew = with_events(
        record,
        event("given", validity_duration="P1D"),
        event("withdrawn", days=1),
        event("given", days=2),
    )
    assert anew.status_at(AT + 900 * DAY).is_valid


def test_a_duration_may_be_given_as_text_or_as_one(record: Record) -> None:
    """Both make the same record."""
    assert record(validity="P1Y") == record(validity=Duration(years=1))


def test_times_are_kept_in_utc() -> None:
    """The same moment in another zone is the same event."""
    berlin = datetime(2026, 11, 1, 10, tzinfo=timezone(timedelta(hours=1)))
    kept = ConsentEvent(event_time=berlin, event_state=ConsentStatus.GIVEN)
    assert kept == event("given")
    assert kept.event_time.tzinfo is UTC


def test_the_first_day_of_time_is_a_time() -> None:
    """A moment that cannot be moved to UTC is taken as it stands."""
    first = datetime.min.replace(tzinfo=timezone(timedelta(hours=1)))
    kept = ConsentEvent(event_time=first, event_state=ConsentStatus.GIVEN)
    assert kept.event_time == datetime.min.replace(tzinfo=UTC)


class Nowhere(tzinfo):
    """A time zone that does not know where it is."""

    def utcoffset(self, _: datetime | None) -> None:
        """Return nothing."""


@pytest.mark.parametrize(
    "moment",
    [datetime(2026, 11, 1), datetime(2026, 11, 1, tzinfo=Nowhere()), None],  # noqa: DTZ001
)
def test_a_time_without_a_zone_is_refused(record: Record, moment: object) -> None:
    """A naive time could be any of a day's worth of moments."""
    with pytest.raises(ConsentError) as caught:
        record(given_at=moment)
    assert caught.value.code == "GP204"
    with pytest.raises(ConsentError) as caught:
        record().status_at(moment)
    assert caught.value.code == "GP204"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"purposes": ["marketing.comunications"]}, "GP213"),
        ({"purposes": [None]}, "GP203"),
        ({"pii_types": ["user.nam"]}, "GP213"),
        ({"channels": ["emial"]}, "GP213"),
        ({"channel_permission": "opt-in"}, "GP213"),
        ({"basis": "concent"}, "GP213"),
        ({"consent_type": "tacit"}, "GP213"),
        ({"jurisdiction": "Germany"}, "GP214"),
        ({"jurisdiction": 49}, "GP214"),
        ({"validity": "a year"}, "GP212"),
    ],
)
def test_a_wrong_term_is_refused(record: Record, wrong: dict[str, Any], code: str) -> None:
    """A record made in code is held to the same words as one that is read."""
    with pytest.raises(ConsentError) as caught:
        record(**wrong)
    assert caught.value.code == code
    assert caught.value.__context__ is None


def test_an_unknown_purpose_offers_the_nearest_known_one(record: Record) -> None:
    """The word itself is not repeated."""
    with pytest.raises(ConsentError, match=r"Did you mean 'marketing\.communications'\?") as caught:
        record(purposes=["marketing.comunications"])
    assert "comunications'" not in str(caught.value).replace("'marketing.communications'", "")


def test_events_must_be_events(record: Record) -> None:
    """A mapping is not an event until it has been read."""
    with pytest.raises(ConsentError) as caught:
        record().with_event({"event_state": "given"})
    assert caught.value.code == "GP203"


def test_jurisdictions_are_spelt_as_iso_does(record: Record) -> None:
    """Small letters and the two everyday codes are understood."""
    codes = ["us-ca", "UK", "EL", "DE"]
    assert [record(jurisdiction=code).jurisdiction for code in codes] == ["US-CA", "GB", "GR", "DE"]


def test_aliases_become_the_keys_of_the_vocabulary(record: Record) -> None:
    """The spellings of the IAB taxonomy are understood, and kept as ours."""
    other = record(
        purposes=["advertising_marketing.communications.email"], pii_types=["user.health"]
    )
    assert other.purposes == ("marketing.communications.email",)
    assert other.pii_information[0].pii_type == "user.health_and_medical"


def test_what_the_standard_asks_for_is_listed(record: Record) -> None:
    """The mandatory names of ISO/IEC TS 27560 that are empty, in its order."""
    bare = record()
    assert bare.missing_mandatory() == (
        "privacy_notice",
        "language",
        "pii_controllers",
        "storage_locations",
        "retention_period",
        "jurisdiction",
        "recipient_third_parties",
        "withdrawal_method",
    )
    full = ConsentRecord.from_json(
        bare.to_json()
        | {
            "privacy_notice": {"uri": "https://shop.example/privacy"},
            "language": "en",
            "pii_controllers": [{"id": "shop"}],
            "storage_locations": ["DE"],
            "retention_period": "P3Y",
            "jurisdiction": "DE",
            "recipient_third_parties": [],
            "withdrawal_method": "https://shop.example/stop",
        }
    )
    assert full.missing_mandatory() == ()


def test_nobody_is_named_in_a_repr(record: Record) -> None:
    """Reprs show purposes, categories, counts and states."""
    one = record(
        record_id="id-of-ada",
        person="ada@example.org",
        guardian=Guardian(entity_id="byron", method="letter"),
        validity="P1Y",
    )
    assert (
        repr(one)
        == "ConsentRecord(marketing.communications.email; user.name.first; 1 event, given)"
    )
    assert repr(one.guardian) == "Guardian()"
    assert repr(one.events[0]) == "ConsentEvent(given)"
    assert repr(one.pii_information[0]) == "PiiInformation(user.name.first)"
    assert repr(Party(id="byron")) == "Party()"
    assert repr(with_events(record)).endswith("user.name.first; 0 events)")


def test_a_record_pickles_copies_and_hashes(record: Record) -> None:
    """Spark and multiprocessing send records about."""
    one = ConsentRecord.from_json(record().to_json() | {"signals": {"gpc": True}})
    assert pickle.loads(pickle.dumps(one)) == one  # noqa: S301  # our own bytes
    assert copy.deepcopy(one) == one
    assert hash(copy.deepcopy(one)) == hash(one)


def test_signals_are_kept_and_cannot_be_changed(record: Record) -> None:
    """Raw signals travel with the record, as they came."""
    one = ConsentRecord.from_json(record().to_json() | {"signals": {"gpc": True, "tcf": None}})
    assert one.signals == {"gpc": True, "tcf": None}
    assert repr(one.signals) == "FrozenMap(gpc, tcf)"
    assert not hasattr(one.signals, "__setitem__")
    assert "gpc" in one.signals
    assert len(one.signals) == 2


def test_the_short_form_says_what_it_leaves_out(record: Record) -> None:
    """A simple record has consent as its basis unless another, or none, is named."""
    assert record().lawful_basis is LawfulBasis.CONSENT
    assert record(basis=None).lawful_basis is None
    assert record(pii_types=[]).pii_information == ()
    assert PiiInformation(pii_type="user.name").pii_attribute_id is None
