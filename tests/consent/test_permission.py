"""The right to send: by channel, class of purpose, place and time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from guardedpersonalize.consent import (
    Consent,
    ConsentEvent,
    ConsentRecord,
    Grant,
    Reason,
)
from guardedpersonalize.vocabulary import ConsentStatus

Record = Callable[..., ConsentRecord]
Ask = Callable[..., Grant]

AT: Final = datetime(2026, 11, 1, 9, tzinfo=UTC)
DAY: Final = timedelta(days=1)
EMAIL: Final = "marketing.communications.email"
SMS: Final = "marketing.communications.sms"
TARGETED: Final = "marketing.advertising.first_party.targeted"
CONTEXTUAL: Final = "marketing.advertising.first_party.contextual"
SERVICE: Final = "essential.service.notifications.email"
ALL: Final = ["email", "sms", "push", "voice", "post", "web", "in_app", "ad"]


def event(state: str, *, at: datetime = AT, **more: object) -> ConsentEvent:
    """Return an event."""
    return ConsentEvent(event_time=at, event_state=ConsentStatus(state), **more)


@pytest.mark.parametrize(
    ("channel", "permission", "place", "reason"),
    [
        ("email", "opt_in", None, Reason.ALLOWED),
        ("email", "double_opt_in", "DE", Reason.ALLOWED),
        ("email", "opt_out_regime", None, Reason.CHANNEL_PERMISSION_NOT_ACCEPTED),
        ("email", "opt_out_regime", "US-CA", Reason.ALLOWED),
        ("email", "implied_casl", "GB", Reason.CHANNEL_PERMISSION_NOT_ACCEPTED),
        ("email", "soft_opt_in", "CA", Reason.CHANNEL_PERMISSION_NOT_ACCEPTED),
        ("sms", "opt_in", "GB", Reason.ALLOWED),
        ("sms", "opt_in", "US", Reason.CHANNEL_PERMISSION_NOT_ACCEPTED),
        ("sms", "prior_express_written", "US", Reason.ALLOWED),
        ("push", "opt_in", None, Reason.ALLOWED),
        ("push", "soft_opt_in", None, Reason.CHANNEL_PERMISSION_NOT_ACCEPTED),
        ("push", "none", None, Reason.NO_CHANNEL_PERMISSION),
        ("voice", "opt_in", None, Reason.ALLOWED),
        ("voice", "opt_in", "US", Reason.CHANNEL_PERMISSION_NOT_ACCEPTED),
        ("post", "opt_out_regime", None, Reason.ALLOWED),
        ("post", "none", None, Reason.NO_CHANNEL_PERMISSION),
        ("web", "none", None, Reason.PERMISSION_NOT_REQUIRED),
        ("in_app", "none", None, Reason.PERMISSION_NOT_REQUIRED),
    ],
)
def test_marketing_needs_the_permission_of_channel_and_place(
    *, record: Record, ask: Ask, channel: str, permission: str, place: str | None, reason: Reason
) -> None:
    """What is enough is data of the law."""
    own = record(
        purposes=["marketing.communications"],
        channels=ALL,
        channel_permission=permission,
        jurisdiction=place,
    )
    grant = ask(own, purpose="marketing.communications", channel=channel)
    assert grant.message.reason is reason


def test_where_the_person_lives_beats_the_place_of_the_record(record: Record, ask: Ask) -> None:
    """A record made under American law does not do for somebody in Germany."""
    own = record(channel_permission="opt_out_regime", jurisdiction="US")
    assert ask(own).message.is_allowed
    moved = Consent(records=(own,), jurisdiction="DE")
    assert ask(consent=moved).message.reason is Reason.CHANNEL_PERMISSION_NOT_ACCEPTED


def test_the_right_to_send_must_name_the_channel(record: Record, ask: Ask) -> None:
    """A record without channels covers fields anywhere, and gives no right to send."""
    grant = ask(record(channels=[]))
    assert grant.message.reason is Reason.NO_CHANNEL_PERMISSION
    assert grant.allowed("first_name")


def test_permission_for_another_channel_is_none(record: Record, ask: Ask) -> None:
    """Whoever wants e-mail has not asked for texts."""
    own = record(purposes=["marketing.communications"], covers_children=True)
    assert ask(own, purpose=EMAIL).message.is_allowed
    refused = ask(own, purpose=SMS, channel="sms").message
    assert (refused.reason, refused.record_id) == (Reason.NO_CHANNEL_PERMISSION, "c-1")


def test_the_evidence_names_record_event_and_permission(record: Record, ask: Ask) -> None:
    """The record that gives the right is the one that is named, wherever it stands."""
    fields_only = record(record_id="a-1", channel_permission="none")
    message = ask(fields_only, record(days_ago=90).with_event(event("renewed"))).message
    assert (message.record_id, message.event_index, message.permission) == ("c-1", 1, "opt_in")


def test_fields_and_the_right_to_send_may_rest_on_two_records(record: Record, ask: Ask) -> None:
    """They are two axes."""
    sending = record(record_id="s-1", pii_types=[], basis=None)
    fields = record(record_id="f-1", channels=[], channel_permission="none")
    grant = ask(sending, fields)
    assert grant.message.record_id == "s-1"
    assert grant.fields["first_name"].record_id == "f-1"


def test_permission_ends_at_its_own_date(record: Record, ask: Ask) -> None:
    """The fields of the record stay as they are."""
    plain = record().to_json()
    until = [AT - DAY, AT, AT + DAY]
    grants = [
        ask(ConsentRecord.from_json(plain | {"channel_permission_until": day.isoformat()}))
        for day in until
    ]
    assert [grant.message.is_allowed for grant in grants] == [False, False, True]
    assert grants[0].message.reason is Reason.CHANNEL_PERMISSION_EXPIRED
    assert grants[0].allowed("first_name")


@pytest.mark.parametrize(
    ("method", "days", "reason"),
    [
        ("purchase", 700, Reason.ALLOWED),
        ("purchase", 732, Reason.CHANNEL_PERMISSION_EXPIRED),
        ("inquiry", 170, Reason.ALLOWED),
        ("inquiry", 190, Reason.CHANNEL_PERMISSION_EXPIRED),
        ("chat", 1, Reason.CHANNEL_PERMISSION_UNDATED),
    ],
)
def test_implied_permission_ends_by_itself(
    record: Record, ask: Ask, method: str, days: int, reason: Reason
) -> None:
    """CASL: two years after a purchase, six months after an inquiry."""
    own = record(days_ago=days, channel_permission="implied_casl", jurisdiction="CA", method=method)
    assert ask(own).message.reason is reason


def test_of_several_grounds_the_longest_holds(record: Record, ask: Ask) -> None:
    """An inquiry does not shorten what a purchase began; a withdrawal ends it all."""
    bought = record(
        days_ago=400, channel_permission="implied_casl", jurisdiction="CA", method="purchase"
    )
    asked = bought.with_event(event("renewed", at=AT - 390 * DAY, method="inquiry"))
    assert ask(asked).message.is_allowed
    anew = bought.with_event(event("withdrawn", at=AT - 395 * DAY)).with_event(
        event("given", at=AT - 390 * DAY, method="inquiry")
    )
    assert ask(anew).message.reason is Reason.CHANNEL_PERMISSION_EXPIRED


@pytest.mark.parametrize(
    ("bought", "offers", "reason"),
    [
        (["garden"], ["garden"], Reason.ALLOWED),
        (["Garden"], ["garden.tools", "GARDEN.seeds"], Reason.ALLOWED),
        (["garden", "books"], ["books", "garden.tools"], Reason.ALLOWED),
        (["garden.tools"], ["garden"], Reason.SOFT_OPT_IN_OTHER_CATEGORY),
        (["garden"], ["gardening"], Reason.SOFT_OPT_IN_OTHER_CATEGORY),
        (["garden"], ["garden", "insurance"], Reason.SOFT_OPT_IN_OTHER_CATEGORY),
        (["garden"], [], Reason.SOFT_OPT_IN_CATEGORY_UNKNOWN),
        ([], ["garden"], Reason.SOFT_OPT_IN_CATEGORY_UNKNOWN),
    ],
)
def test_a_soft_opt_in_reaches_similar_goods_only(
    record: Record, ask: Ask, bought: list[str], offers: list[str], reason: Reason
) -> None:
    """Everything that the message offers must be within what the person bought."""
    own = record(channel_permission="soft_opt_in", similar_categories=bought)
    assert ask(own, offers=offers).message.reason is reason


def test_a_soft_opt_in_is_no_basis_for_fields(record: Record, ask: Ask) -> None:
    """Extra fields need a basis of their own."""
    own = record(channel_permission="soft_opt_in", similar_categories=["garden"], basis=None)
    grant = ask(own, offers=["garden"])
    assert grant.message.is_allowed
    assert grant.fields["first_name"].reason is Reason.NO_LAWFUL_BASIS


@pytest.mark.parametrize("channel", ["ad", "web", "email"])
def test_ads_need_consent_to_the_purpose(record: Record, ask: Ask, channel: str) -> None:
    """No record, or a weak basis, and there is no ad; by e-mail the right to send is needed too."""
    asked = {"purpose": TARGETED, "channel": channel}
    whole = record(purposes=[TARGETED], channels=[channel])
    assert ask(whole, **asked).message.reason is Reason.ALLOWED
    weak = record(purposes=[TARGETED], channels=[channel], basis="legitimate_interests")
    assert ask(weak, **asked).message.reason is Reason.LEGITIMATE_INTEREST_BARRED
    assert ask(**asked).message.reason is Reason.NO_RECORD


def test_an_ad_by_email_needs_the_right_to_send_as_well(record: Record, ask: Ask) -> None:
    """Consent to the purpose alone does not open the letter box."""
    own = record(purposes=[TARGETED], channel_permission="none")
    assert ask(own, purpose=TARGETED).message.reason is Reason.NO_CHANNEL_PERMISSION
    assert ask(own, purpose=TARGETED, channel="ad").message.reason is Reason.CHANNEL_NOT_COVERED


def test_an_ad_is_an_ad_whatever_its_purpose_says(record: Record, ask: Ask) -> None:
    """What goes out on the ad channel is held to the rules of ads."""
    own = record(
        purposes=["personalize.content.limited"], channels=[], basis="legitimate_interests"
    )
    asked = ask(own, purpose="personalize.content.limited", channel="ad")
    assert asked.message.reason is Reason.BASIS_NOT_ACCEPTED
    assert asked.fields["wallet"].reason is Reason.SENSITIVE_CATEGORY_IN_AD


def test_service_needs_a_basis_and_no_permission(record: Record, ask: Ask) -> None:
    """The basis is that of the contract; without one there is no message."""
    bound = record(purposes=[SERVICE], channel_permission="none", basis="contract")
    assert ask(bound, purpose=SERVICE).message.reason is Reason.ALLOWED
    loose = record(purposes=[SERVICE], basis="legitimate_interests")
    assert ask(loose, purpose=SERVICE).message.reason is Reason.BASIS_NOT_ACCEPTED


@pytest.mark.parametrize(
    ("purpose", "channel", "is_blocked"),
    [
        (EMAIL, "email", True),
        ("marketing.communications.web", "web", True),
        ("personalize.content.limited", "email", True),
        ("personalize.content.limited", "web", False),
        ("analytics.reporting", "in_app", False),
        ("collect", "web", True),
        (TARGETED, "ad", True),
        (CONTEXTUAL, "ad", False),
        (CONTEXTUAL, "email", True),
        (SERVICE, "email", False),
    ],
)
def test_an_objection_to_direct_marketing_blocks_the_message(
    record: Record,
    ask: Ask,
    purpose: str,
    channel: str,
    is_blocked: bool,
) -> None:
    """It reaches all that is sent to the person, save service; and no record lifts it."""
    own = record(purposes=[purpose], channels=[channel])
    objecting = Consent.of([own]).with_objection("direct_marketing", AT - 9 * DAY)
    grant = ask(consent=objecting, purpose=purpose, channel=channel)
    assert (grant.message.reason is Reason.OBJECTION_DIRECT_MARKETING) is is_blocked
    assert grant.message.is_allowed is not is_blocked


def test_a_contextual_ad_for_an_objector_says_nothing_personal(record: Record, ask: Ask) -> None:
    """The ad may be shown, with no field of theirs."""
    own = record(purposes=[CONTEXTUAL], channels=["ad"])
    objecting = Consent.of([own]).with_objection("direct_marketing", AT)
    grant = ask(consent=objecting, purpose=CONTEXTUAL, channel="ad")
    assert grant.message.is_allowed
    assert grant.fields["first_name"].reason is Reason.OBJECTION_DIRECT_MARKETING
    assert grant.allowed("campaign")


@pytest.mark.parametrize(("hours", "is_blocked"), [(24, True), (25, False)])
def test_an_objection_counts_a_day_ahead(
    record: Record,
    ask: Ask,
    hours: int,
    is_blocked: bool,
) -> None:
    """A batch keeps the time of its start; an objection that came meanwhile counts."""
    since = AT + timedelta(hours=hours)
    objecting = Consent.of([record()]).with_objection("direct_marketing", since)
    assert ask(consent=objecting).message.is_allowed is not is_blocked


@pytest.mark.parametrize("purpose", [EMAIL, SERVICE])
def test_nobody_is_contacted_who_is_not_to_be(record: Record, ask: Ask, purpose: str) -> None:
    """For any purpose, on that channel."""
    own = record(purposes=[purpose])
    quiet = Consent(records=(own,), do_not_contact=("email",))
    assert ask(consent=quiet, purpose=purpose).message.reason is Reason.DO_NOT_CONTACT
    other = Consent(records=(own,), do_not_contact=("sms",))
    assert ask(consent=other, purpose=purpose).message.is_allowed


@pytest.mark.parametrize("channel", ["email", "web"])
def test_somebody_elses_consent_stops_the_message(record: Record, ask: Ask, channel: str) -> None:
    """Even where no permission is needed: whose objections these are is not known."""
    grant = ask(record(person="r-2"), channel=channel)
    assert grant.message.reason is Reason.WRONG_PERSON
    assert grant.fields["first_name"].reason is Reason.WRONG_PERSON


def test_a_no_to_some_fields_does_not_stop_the_message(record: Record, ask: Ask) -> None:
    """The person wants the newsletter, and not their name in it."""
    no = record(record_id="n-1", channel_permission="none").with_event(event("withdrawn"))
    grant = ask(record(), no)
    assert grant.message.is_allowed
    assert grant.fields["first_name"].reason is Reason.WITHDRAWN


@pytest.mark.parametrize(
    "no", [{"pii_types": []}, {"pii_types": ["user.name.first"], "channel_permission": "opt_in"}]
)
def test_a_no_to_sending_ends_every_older_permission(
    record: Record, ask: Ask, no: dict[str, Any]
) -> None:
    """A no that names no data, or that takes back a permission; the newest no is named."""
    plain = {"record_id": "n-1", "channel_permission": "none", **no}
    ended = record(days_ago=60, **plain).with_event(event("refused", at=AT - 20 * DAY))
    twice = ended.with_event(event("withdrawn", at=AT - 10 * DAY))
    message = ask(record(), twice).message
    assert (message.reason, message.record_id, message.event_index) == (Reason.WITHDRAWN, "n-1", 2)
    assert ask(record(days_ago=5), twice).message.is_allowed


def test_without_any_yes_the_no_is_the_reason(record: Record, ask: Ask) -> None:
    """A refusal of the wider purpose says more than that the purpose is not covered."""
    no = record(purposes=["marketing"], pii_types=[]).with_event(event("refused"))
    grant = ask(no)
    assert grant.message.reason is Reason.REFUSED
    assert grant.fields["first_name"].reason is Reason.REFUSED
