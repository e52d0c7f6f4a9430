"""Field by field: what the records allow, and which of them has the last word."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any, Final

import pytest

from guardedpersonalize.consent import (
    Consent,
    ConsentEvent,
    ConsentRecord,
    FieldGrant,
    Grant,
    Law,
    Reason,
    Verdict,
    grant_for,
)
from guardedpersonalize.consent.use import use_of
from guardedpersonalize.errors import ConfigError, ConsentError
from guardedpersonalize.profile import Catalogue, Field, FieldType, Profile
from guardedpersonalize.vocabulary import (
    Channel,
    ConsentStatus,
    Provenance,
    Source,
    category,
    purpose,
)

Record = Callable[..., ConsentRecord]
Ask = Callable[..., Grant]

AT: Final = datetime(2026, 11, 1, 9, tzinfo=UTC)
DAY: Final = timedelta(days=1)
EMAIL: Final = "marketing.communications.email"
SERVICE: Final = "essential.service.notifications.email"
HEALTH: Final = "user.health_and_medical"


def event(state: str, *, at: datetime = AT, **more: object) -> ConsentEvent:
    """Return an event."""
    return ConsentEvent(event_time=at, event_state=ConsentStatus(state), **more)


def named(record: ConsentRecord, **entry: str) -> ConsentRecord:
    """Return *record* with one entry of data."""
    return ConsentRecord.from_json(record.to_json() | {"pii_information": [entry]})


def test_every_field_of_the_catalogue_has_an_answer(
    record: Record, ask: Ask, catalogue: Catalogue
) -> None:
    """In the order of the catalogue, and no other field is allowed."""
    grant = ask(record())
    assert list(grant.fields) == list(catalogue)
    assert [name for name in grant.fields if grant.allowed(name)] == ["campaign", "first_name"]
    assert not grant.allowed("no_such_field")


def test_the_evidence_names_record_event_and_basis(record: Record, ask: Ask) -> None:
    """What the decision record needs, and nothing about the person."""
    renewed = record(validity="P1Y").with_event(event("renewed"))
    assert ask(renewed).fields["first_name"] == FieldGrant(
        "first_name", Verdict.ALLOWED, "exact", Reason.ALLOWED, "c-1", 1, renewed.lawful_basis
    )
    assert ask().fields["first_name"] == FieldGrant(
        "first_name", Verdict.DENIED, "omit", Reason.NO_RECORD
    )


def test_the_level_is_that_of_the_field_and_exact_for_service(record: Record, ask: Ask) -> None:
    """Marketing sees the month of birth, service the date."""
    own = record(pii_types=["user"])
    assert ask(own).fields["birth_date"].level == "birth_month"
    assert not ask(own).allows_exactly("birth_date")
    assert ask(own).allows_exactly("first_name")
    assert not ask(own).allows_exactly("no_such_field")
    bound = record(pii_types=["user"], purposes=[SERVICE], basis="contract")
    assert ask(bound, purpose=SERVICE).allows_exactly("birth_date")


def test_a_wider_purpose_covers_its_children_only_if_it_says_so(record: Record, ask: Ask) -> None:
    """Consent is specific (GDPR Art. 4(11))."""
    assert ask(record(purposes=["marketing"])).fields["first_name"].reason == "parent_purpose_only"
    assert ask(record(purposes=["marketing"], covers_children=True)).allowed("first_name")
    assert not ask(record(purposes=["marketing.communications.sms"])).allowed("first_name")


def test_a_child_purpose_does_not_cover_its_parent(record: Record, ask: Ask) -> None:
    """Nor does a sibling, or a name that only begins alike."""
    for other in ("marketing.communications.email", "marketing.communications.sms"):
        grant = ask(record(purposes=[other]), purpose="marketing.communications")
        assert grant.fields["first_name"].reason is Reason.PURPOSE_NOT_COVERED


@pytest.mark.parametrize(
    ("named_type", "field", "is_covered"),
    [
        ("user.name.first", "first_name", True),
        ("user.name", "first_name", True),
        ("user", "first_name", True),
        ("user.name.last", "first_name", False),
        ("user.location", "city", True),
        ("user.location.precise", "city", False),
    ],
)
def test_a_category_covers_those_below_it(
    record: Record,
    ask: Ask,
    named_type: str,
    field: str,
    is_covered: bool,
) -> None:
    """Upwards and sideways it covers nothing."""
    assert ask(record(pii_types=[named_type])).allowed(field) is is_covered


@pytest.mark.parametrize(
    ("field", "parent", "own", "reason"),
    [
        ("diagnosis", HEALTH, f"{HEALTH}.condition", "special_category_needs_explicit_consent"),
        ("wallet", "user", "user.payment", "sensitive_category_needs_explicit_consent"),
        (
            "medicine",
            "user.behavior.purchase_history",
            "user.behavior.purchase_history.medicine",
            "proxy_category",
        ),
    ],
)
@pytest.mark.parametrize(
    "explicit", [{"basis": "explicit_consent"}, {"basis": "consent", "consent_type": "explicit"}]
)
def test_sensitive_data_takes_explicit_consent_that_names_it(
    *,
    record: Record,
    ask: Ask,
    field: str,
    parent: str,
    own: str,
    reason: str,
    explicit: dict[str, str],
) -> None:
    """A wider category does not do, and neither does plain consent."""
    assert ask(record(pii_types=[own], **explicit)).allowed(field)
    assert ask(record(pii_types=[parent], **explicit)).fields[field].reason == reason
    assert ask(record(pii_types=[own])).fields[field].reason == reason
    interests = {"basis": "legitimate_interests", "consent_type": "explicit"}
    assert ask(record(pii_types=[own], **interests)).fields[field].reason == reason
    assert ask(record(**explicit)).fields[field].reason is Reason.FIELD_NOT_COVERED


@pytest.mark.parametrize(
    ("field", "is_allowed"), [("wallet", True), ("diagnosis", False), ("medicine", False)]
)
def test_service_may_use_sensitive_but_not_special_data(
    record: Record,
    ask: Ask,
    field: str,
    is_allowed: bool,
) -> None:
    """A contract covers a payment, not what is protected by Art. 9."""
    types = ["user.payment", f"{HEALTH}.condition", "user.behavior.purchase_history.medicine"]
    own = record(purposes=[SERVICE], pii_types=types, basis="contract")
    assert ask(own, purpose=SERVICE).allowed(field) is is_allowed


def test_the_event_says_how_consent_was_expressed(record: Record, ask: Ask) -> None:
    """It beats what the record as a whole says."""
    own = record(pii_types=[f"{HEALTH}.condition"], consent_type="explicit")
    weaker = own.with_event(event("renewed", event_type="expressed"))
    assert ask(own).allowed("diagnosis")
    assert not ask(weaker).allowed("diagnosis")
    implied = own.with_event(event("renewed", event_type="implied"))
    assert ask(implied).fields["diagnosis"].reason is Reason.IMPLIED_CONSENT_ONLY


def test_implied_interests_are_no_weaker_than_others(record: Record, ask: Ask) -> None:
    """How consent was expressed matters where consent is the basis."""
    own = record(basis="legitimate_interests", consent_type="implied")
    assert ask(own).allowed("first_name")


def test_an_entry_may_mean_one_field(record: Record, ask: Ask) -> None:
    """An attribute narrows a yes to the field of that name."""
    own = record(pii_types=[])
    assert ask(named(own, pii_type="user.name", pii_attribute_id="first_name")).allowed(
        "first_name"
    )
    other = ask(named(own, pii_type="user.name", pii_attribute_id="nickname"))
    assert other.fields["first_name"].reason is Reason.FIELD_NOT_COVERED
    wrong = ask(named(own, pii_type="user.contact", pii_attribute_id="first_name"))
    assert not wrong.allowed("first_name")


def test_an_attribute_does_not_narrow_a_no(record: Record, ask: Ask) -> None:
    """A no is general."""
    no = named(record(record_id="n-1"), pii_type="user.name", pii_attribute_id="nickname")
    assert not ask(record(), no.with_event(event("withdrawn"))).allowed("first_name")


def test_a_yes_must_be_younger_than_every_no(record: Record, ask: Ask) -> None:
    """Given, taken back elsewhere, and given again."""
    given, no = record(), record(record_id="n-1").with_event(event("withdrawn", at=AT - 10 * DAY))
    assert ask(given).allowed("first_name")
    stopped = ask(given, no).fields["first_name"]
    assert (stopped.reason, stopped.record_id, stopped.event_index) == ("withdrawn", "n-1", 1)
    again = record(record_id="y-2", days_ago=5)
    assert ask(given, no, again).fields["first_name"].record_id == "y-2"
    assert ask(given, no.with_event(event("given", at=AT - 5 * DAY))).allowed("first_name")


def test_an_old_yes_does_not_come_back_with_a_new_one(record: Record, ask: Ask) -> None:
    """What was ended stays ended; only the new yes counts, and for what it names."""
    old = record(record_id="y-1", pii_types=["user"])
    no = record(record_id="n-1", pii_types=[]).with_event(event("withdrawn", at=AT - 10 * DAY))
    grant = ask(old, no, record(record_id="y-2", days_ago=5))
    assert grant.allowed("first_name")
    assert grant.fields["tier"].reason is Reason.WITHDRAWN


def test_at_the_same_time_the_no_wins(record: Record, ask: Ask) -> None:
    """Across records a tie goes to the no; within one the order of its events decides."""
    at = AT - 30 * DAY
    no = record(record_id="n-1", days_ago=40).with_event(event("refused", at=at))
    assert ask(record(), no).fields["first_name"].reason is Reason.REFUSED
    own = record(days_ago=40).with_event(event("refused", at=at)).with_event(event("given", at=at))
    assert ask(own).allowed("first_name")


@pytest.mark.parametrize(
    ("state", "ends"),
    [
        ("refused", True),
        ("withdrawn", True),
        ("revoked", True),
        ("unknown", True),
        ("expired", False),
        ("invalidated", False),
        ("requested", False),
        ("request_deferred", False),
    ],
)
def test_only_a_no_ends_other_records(record: Record, ask: Ask, state: str, ends: bool) -> None:
    """That one record ran out, or that the person is asked again, ends nothing else."""
    other = record(record_id="n-1").with_event(event(state))
    assert ask(record(), other).allowed("first_name") is not ends


def test_asking_again_does_not_undo_a_no(record: Record, ask: Ask) -> None:
    """Only a new yes does."""
    no = record(record_id="n-1").with_event(event("withdrawn")).with_event(event("requested"))
    assert not ask(record(), no).allowed("first_name")


@pytest.mark.parametrize(
    ("change", "ends"),
    [
        ({"purposes": ["marketing"]}, True),
        ({"purposes": ["marketing.communications.sms"]}, False),
        ({"purposes": ["analytics"]}, False),
        ({"pii_types": []}, True),
        ({"pii_types": ["user"]}, True),
        ({"pii_types": ["user.name.last"]}, False),
        ({"channels": []}, True),
        ({"channels": ["sms"]}, False),
        ({"person": "r-2"}, False),
        ({"basis": None}, True),
    ],
)
def test_a_no_is_general(record: Record, ask: Ask, change: dict[str, Any], ends: bool) -> None:
    """It reaches the purposes and categories below its own, and all data if it names none."""
    no = record(record_id="n-1", **change).with_event(event("withdrawn"))
    assert ask(record(), no).allowed("first_name") is not ends


def test_a_no_to_a_part_ends_the_whole(record: Record, ask: Ask) -> None:
    """Whoever refuses a precise place refuses a field that may hold one."""
    field = Field(
        "place",
        FieldType.TEXT,
        category("user.location"),
        Provenance.PROVIDED,
        Source.DATA_SUBJECT,
    )
    yes = record(pii_types=["user.location"])
    no = record(record_id="n-1", pii_types=["user.location.precise"])
    asked = {"catalogue": Catalogue.of([field]), "values": {"place": "Bath"}}
    assert ask(yes, **asked).allowed("place")
    assert not ask(yes, no.with_event(event("withdrawn")), **asked).allowed("place")


def test_a_no_to_the_channels_own_purpose_reaches_the_general_one(record: Record, ask: Ask) -> None:
    """A no to marketing by e-mail is a no to marketing that comes by e-mail."""
    yes = record(purposes=["marketing.communications"], channels=["email", "web"])
    no = record(record_id="n-1", pii_types=[]).with_event(event("withdrawn"))
    general = {"purpose": "marketing.communications"}
    assert not ask(yes, no, **general).allowed("first_name")
    assert ask(yes, no, channel="web", **general).fields["first_name"].reason is Reason.ALLOWED


@pytest.mark.parametrize(("hours", "is_allowed"), [(24, False), (25, True)])
def test_a_withdrawal_counts_a_day_ahead(
    record: Record,
    ask: Ask,
    hours: int,
    is_allowed: bool,
) -> None:
    """In its own record and in others: a batch keeps the time of its start."""
    no = event("withdrawn", at=AT + timedelta(hours=hours))
    other = record(record_id="n-1", purposes=["marketing"]).with_event(no)
    assert ask(record().with_event(no)).allowed("first_name") is is_allowed
    assert ask(record(), other).allowed("first_name") is is_allowed


def test_without_a_lead_a_moment_is_judged_by_what_had_happened(record: Record, ask: Ask) -> None:
    """For looking back: the lead is a rule like the others."""
    exact = replace(Law.default(), protective_lead_hours=0)
    no = record().with_event(event("withdrawn", at=AT + timedelta(minutes=1)))
    assert ask(no, law=exact).allowed("first_name")
    assert not ask(no, law=exact, at=AT + timedelta(minutes=1)).allowed("first_name")


def test_a_yes_does_not_count_ahead(record: Record, ask: Ask) -> None:
    """A clock before the record finds nothing in force."""
    grant = ask(record(days_ago=0), at=AT - timedelta(seconds=1))
    assert grant.fields["first_name"].reason is Reason.NOT_YET_VALID


def test_of_several_records_the_last_word_is_reported(record: Record, ask: Ask) -> None:
    """An answer about the field says more than one about another."""
    asked = record(record_id="b-1", days_ago=20).with_event(event("requested", at=AT - 15 * DAY))
    other = record(record_id="a-1", pii_types=["user.contact"], days_ago=1)
    weak = record(record_id="d-1", days_ago=17, basis=None)
    found = ask(weak, asked, other).fields["first_name"]
    assert (found.reason, found.record_id) == (Reason.REQUESTED, "b-1")


def test_a_no_is_reported_where_no_record_says_more_of_the_field(record: Record, ask: Ask) -> None:
    """It says more than that the field is not covered, and less than a later question about it."""
    no = record(record_id="n-1", purposes=["marketing"], pii_types=[]).with_event(
        event("refused", at=AT - 10 * DAY)
    )
    other = record(record_id="a-1", pii_types=["user.contact"])
    assert ask(other, no).fields["first_name"].reason is Reason.REFUSED
    asked = record(record_id="b-1").with_event(event("requested", at=AT - 5 * DAY))
    assert ask(asked, other, no).fields["first_name"].reason is Reason.REQUESTED


def test_of_equal_records_the_first_by_id_is_reported(record: Record, ask: Ask) -> None:
    """The evidence does not depend on the order in which records came."""
    beside = [record(record_id=name, channels=["sms"]) for name in ("b", "a")]
    assert ask(*beside).fields["first_name"].record_id == "a"
    near = [record(record_id=name) for name in ("b", "a")]
    assert ask(*near).fields["first_name"].record_id == "a"


def test_of_records_beside_the_question_the_nearest_is_reported(record: Record, ask: Ask) -> None:
    """Wherever they stand."""
    far = record(record_id="a-1", purposes=["analytics"])
    near = record(record_id="b-1", channels=["sms"])
    nearer = record(record_id="c-1", purposes=["marketing"])
    found = ask(far, near, nearer).fields["first_name"]
    assert (found.reason, found.record_id) == (Reason.CHANNEL_NOT_COVERED, "b-1")


def test_an_objection_to_profiling_leaves_the_message(record: Record, ask: Ask) -> None:
    """It goes out without any personal field; service is no profiling."""
    objecting = Consent.of([record(pii_types=["user"])]).with_objection("profiling", AT - DAY)
    grant = ask(consent=objecting)
    personal = {found.reason for name, found in grant.fields.items() if name != "campaign"}
    assert personal == {Reason.OBJECTION_PROFILING}
    assert grant.message.is_allowed
    assert grant.allowed("campaign")
    assert not grant.personalised
    bound = record(purposes=[SERVICE], basis="contract")
    served = Consent.of([bound]).with_objection("profiling", AT - DAY)
    assert ask(consent=served, purpose=SERVICE).personalised


def test_an_objection_to_direct_marketing_takes_all_personal_fields(
    record: Record, ask: Ask
) -> None:
    """Where it reaches the message; on the sender's own pages it does not."""
    own = record(purposes=[EMAIL, "personalize.content.limited"], channels=[])
    objecting = Consent.of([own]).with_objection("direct_marketing", AT - DAY)
    grant = ask(consent=objecting)
    personal = {found.reason for name, found in grant.fields.items() if name != "campaign"}
    assert personal == {Reason.OBJECTION_DIRECT_MARKETING}
    page = ask(consent=objecting, purpose="personalize.content.limited", channel="web")
    assert page.allowed("first_name")


def test_a_message_without_personal_fields_is_not_personalised(record: Record, ask: Ask) -> None:
    """What is not personal does not make it so."""
    assert ask(record()).personalised
    assert not ask(record(), values={"campaign": "spring"}).personalised


@pytest.mark.parametrize("source", ["second_party", "third_party", "public"])
def test_data_from_elsewhere_needs_its_source_on_record(
    record: Record, ask: Ask, source: str
) -> None:
    """GDPR Art. 14(2)(f)."""
    whose = (category("user.name.first"), Provenance.OBSERVED, Source(source))
    loose = Field("first_name", FieldType.TEXT, *whose)
    known = Field("first_name", FieldType.TEXT, *whose, source_recorded="Partner list, 2026")
    for field, is_allowed in ((loose, False), (known, True)):
        grant = ask(record(), catalogue=Catalogue.of([field]), values={"first_name": "Ada"})
        assert grant.allowed("first_name") is is_allowed


@pytest.mark.parametrize(
    ("age", "reason"),
    [
        (30 * DAY, Reason.ALLOWED),
        (30 * DAY + timedelta(seconds=1), Reason.STALE_VALUE),
        (-DAY, Reason.ALLOWED),
        (-DAY - timedelta(seconds=1), Reason.VALUE_AGE_UNKNOWN),
    ],
)
def test_a_value_is_used_up_to_its_age_limit(
    record: Record, ask: Ask, age: timedelta, reason: Reason
) -> None:
    """A basket is good for thirty days; what is dated in the future has no age."""
    grant = ask(record(pii_types=["user.behavior"]), observed_at={"cart": AT - age})
    assert grant.fields["cart"].reason is reason


def test_a_field_may_set_its_own_age_limit(record: Record, ask: Ask) -> None:
    """It stands in for the category's."""
    whose = (category("user.behavior.cart"), Provenance.OBSERVED, Source.CONTROLLER)
    field = Field("cart", FieldType.TEXT, *whose, max_age_days=3)
    asked = {"catalogue": Catalogue.of([field]), "values": {"cart": "spade"}}
    for days, is_allowed in ((3, True), (4, False)):
        seen = {"cart": AT - days * DAY}
        grant = ask(record(pii_types=["user.behavior"]), observed_at=seen, **asked)
        assert grant.allowed("cart") is is_allowed


def test_political_messages_use_what_was_provided_and_explicitly_allowed(
    record: Record, ask: Ask
) -> None:
    """Regulation (EU) 2024/900 Art. 18."""
    own = record(
        purposes=["marketing.political"],
        pii_types=["user", f"{HEALTH}.condition"],
        basis="explicit_consent",
    )
    grant = ask(own, purpose="marketing.political")
    assert grant.allowed("first_name")
    assert grant.fields["hunch"].reason is Reason.POLITICAL_PROVIDED_ONLY
    assert grant.fields["diagnosis"].reason is Reason.SPECIAL_CATEGORY_IN_AD


@pytest.mark.parametrize(
    ("provenance", "source"),
    [("provided", "second_party"), ("observed", "data_subject"), ("inferred", "controller")],
)
def test_provided_means_provided_by_the_person(
    record: Record, ask: Ask, provenance: str, source: str
) -> None:
    """Not by a partner, and not by watching."""
    whose = (category("user.name.first"), Provenance(provenance), Source(source))
    field = Field("first_name", FieldType.TEXT, *whose, source_recorded="Partner list, 2026")
    own = record(purposes=["marketing.political"], basis="explicit_consent")
    asked = {"catalogue": Catalogue.of([field]), "values": {"first_name": "Ada"}}
    grant = ask(own, purpose="marketing.political", **asked)
    assert grant.fields["first_name"].reason is Reason.POLITICAL_PROVIDED_ONLY


def test_what_is_never_used_in_ads_is_data_of_the_law(record: Record, ask: Ask) -> None:
    """A law that bars special data alone lets explicit consent do for the rest."""
    text = files("guardedpersonalize.consent").joinpath("law.toml").read_text(encoding="utf-8")
    old = 'never_in_ads = ["proxy", "sensitive", "special"]'
    law = Law.from_toml(text.replace(old, 'never_in_ads = ["proxy", "special"]'))
    purposes = ["marketing.advertising.first_party.targeted"]
    asked = {"purpose": purposes[0], "channel": "ad", "law": law}
    own = {"purposes": purposes, "channels": [], "pii_types": ["user.payment"]}
    assert ask(record(**own, basis="explicit_consent"), **asked).allowed("wallet")
    assert not ask(record(**own), **asked).allowed("wallet")


def test_a_class_of_purpose_that_the_law_forgets_is_treated_like_the_strictest(
    record: Record, ask: Ask
) -> None:
    """Nothing is enough for it, and whatever is sensitive takes explicit consent."""
    text = files("guardedpersonalize.consent").joinpath("law.toml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("explicit.marketing")]
    law = Law.from_toml("\n".join(lines))
    grant = ask(record(pii_types=["user.payment"]), law=law)
    assert grant.fields["wallet"].reason is Reason.SENSITIVE_CATEGORY_NEEDS_EXPLICIT_CONSENT


def test_terms_may_be_given_as_text_or_as_members(record: Record, catalogue: Catalogue) -> None:
    """Both ask the same question."""
    profile, consent = Profile("r-1", {"first_name": "Ada"}), Consent.of([record()])
    as_text = grant_for(profile, consent, EMAIL, "email", AT, catalogue=catalogue)
    found = grant_for(
        profile,
        consent,
        purpose(EMAIL),
        as_text.channel,
        AT,
        catalogue=catalogue,
        law=Law.default(),
    )
    assert found == as_text
    assert found.law_version == Law.default().version


@pytest.mark.parametrize(
    ("change", "error", "code"),
    [
        ({"at": datetime(2026, 11, 1)}, ConsentError, "GP204"),  # noqa: DTZ001
        ({"purpose": "marketing.comunications"}, ConfigError, "GP105"),
        ({"channel": "fax"}, ConfigError, "GP105"),
    ],
)
def test_a_question_that_makes_no_sense_is_an_error(
    ask: Ask, change: dict[str, Any], error: type[Exception], code: str
) -> None:
    """A naive time, or words that nobody knows."""
    with pytest.raises(error, match=code):
        ask(**change)


def test_a_grant_pickles_and_copies(record: Record, ask: Ask) -> None:
    """Spark and multiprocessing send grants about."""
    grant = ask(record())
    assert pickle.loads(pickle.dumps(grant)) == grant  # noqa: S301  # our own bytes
    assert copy.deepcopy(grant) == grant


def test_people_who_say_the_same_share_the_answers(record: Record, ask: Ask) -> None:
    """Each with ids of their own; the date of a yes makes no difference, and its end does."""
    one, other = ask(record()), ask(record(record_id="c-2", days_ago=20), at=AT + DAY)
    assert one.answers is other.answers
    assert [each.fields["first_name"].record_id for each in (one, other)] == ["c-1", "c-2"]
    assert one.fields["campaign"].record_id is None
    assert ask(record(validity="P1D")).answers is not one.answers


def test_a_grant_that_is_made_by_hand_says_the_same(record: Record, ask: Ask) -> None:
    """It has answers of its own, and finds its records."""
    grant = ask(record())
    made = Grant(**{name: getattr(grant, name) for name in Grant.__dataclass_fields__})
    assert made.answers.message == grant.answers.message
    assert made.answers.fields == grant.answers.fields
    assert made.answers is made.answers is not grant.answers
    assert made.record_ids == grant.record_ids == ("c-1",)
    assert made.allowed("first_name")
    assert made.answers.message.is_allowed
    assert pickle.loads(pickle.dumps(made)) == grant  # noqa: S301  # our own bytes


def test_a_grant_has_no_other_attributes(record: Record, ask: Ask) -> None:
    """And none of them can be changed."""
    grant = ask(record())
    with pytest.raises(AttributeError, match="no attribute 'feilds'"):
        _ = grant.feilds
    for name in ("answers", "fields", "record_ids"):
        with pytest.raises((AttributeError, TypeError)):
            setattr(grant, name, {})


def test_a_grant_shows_no_value_and_no_person(record: Record, ask: Ask) -> None:
    """Names, codes and record ids alone."""
    text = repr(ask(record(pii_types=["user"]), values={"first_name": "Ada", "city": "Bath"}))
    assert "Ada" not in text
    assert "Bath" not in text
    assert "r-1" not in text


def test_what_is_asked_of_a_catalogue_is_made_once(catalogue: Catalogue) -> None:
    """For the same catalogue, purpose, channel and law, by identity."""
    law, email = Law.default(), purpose(EMAIL)
    first = use_of(catalogue, email, Channel.EMAIL, law)
    assert use_of(catalogue, email, Channel.EMAIL, law) is first
    assert use_of(Catalogue.of(catalogue.values()), email, Channel.EMAIL, law) is not first
    assert use_of(catalogue, email, Channel.SMS, law) is not first


def test_catalogues_that_are_equal_are_asked_apart(record: Record, ask: Ask) -> None:
    """What is kept for one catalogue is never used for another."""
    whose = (Provenance.PROVIDED, Source.DATA_SUBJECT)
    names = [
        Catalogue.of([Field("note", FieldType.TEXT, category(key), *whose)])
        for key in ("user.name.first", "user.contact", "user.name.first")
    ]
    given = [
        ask(record(), catalogue=catalogue, values={"note": "Ada"}).allowed("note")
        for catalogue in names
    ]
    assert given == [True, False, True]
