"""Catalogues, profiles and consents of the strategies: every kind, simple ones first."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from guardedpersonalize.consent import Consent, Reason, grant_for
from guardedpersonalize.errors import UsageError
from guardedpersonalize.profile import Catalogue, FieldType, Profile, is_blank
from guardedpersonalize.testing.strategies import (
    AT,
    FIELD_NAMES,
    catalogues,
    consents,
    lesser_consents,
    moments,
    profiles,
    values_of,
    willing_consent,
)
from guardedpersonalize.vocabulary import Channel, ladders

MAIL = "marketing.communications.email"
WHOLE = catalogues(including=FIELD_NAMES)
# Whether there is one, not which is the simplest.
OFTEN = settings(max_examples=5_000, phases=[Phase.generate], derandomize=True, database=None)


@given(WHOLE)
def test_catalogues_have_every_type_and_generaliser(catalogue: Catalogue) -> None:
    """A law that holds over these fields holds over all kinds of them."""
    assert {field.type for field in catalogue.values()} == set(FieldType)
    used = {field.generaliser for field in catalogue.values()}
    assert used >= set(ladders()) - {"text"}
    flags = {flag for field in catalogue.values() for flag in field.category.flags}
    assert {"gdpr_art9", "gdpr_art10", "vulnerability"} <= flags
    assert any(field.category.proxy_of for field in catalogue.values())
    assert any(not field.category.is_personal for field in catalogue.values())


@pytest.mark.parametrize(
    "make",
    [
        lambda: catalogues(including=["firstname"]),
        lambda: catalogues(min_fields=5, max_fields=4),
        lambda: catalogues(max_fields=1_000),
        lambda: moments(AT.replace(tzinfo=None)),
        lambda: moments(days=0),
    ],
)
def test_wrong_arguments_are_refused(make: Callable[[], st.SearchStrategy[object]]) -> None:
    """With an error of ours, at the latest when the first value is drawn."""
    with pytest.raises(UsageError, match="GP501"):
        find(make(), lambda _: True)


@given(WHOLE, st.data())
def test_values_fit_their_field(catalogue: Catalogue, data: st.DataObject) -> None:
    """What is not hostile can be read."""
    field = catalogue[data.draw(st.sampled_from(FIELD_NAMES))]
    assert field.parse(data.draw(values_of(field))) is not None


@given(WHOLE.flatmap(lambda c: st.tuples(st.just(c), profiles(c, hostile=True))))
def test_profiles_have_declared_fields_only(drawn: tuple[Catalogue, Profile]) -> None:
    """The catalogue takes every one of them."""
    catalogue, profile = drawn
    catalogue.check(profile)
    assert profile.recipient_id == "r-1"


@pytest.mark.parametrize(
    "has",
    [
        lambda p: any(is_blank(p.reveal(name)) for name in p.fields),
        lambda p: "visits" in p and p.reveal("visits") == -1,
        lambda p: any(p.observed_at(name) is None for name in p.fields),
        lambda p: any((seen := p.observed_at(name)) and seen > AT for name in p.fields),
    ],
    ids=["blank", "malformed", "undated", "ahead"],
)
def test_profiles_are_of_every_kind(has: Callable[[Profile], bool]) -> None:
    """Whole ones, and such as systems really hold."""
    one = catalogues(including=["visits"]).flatmap(profiles)
    assert find(one, has, settings=OFTEN) is not None


def test_the_simplest_profile_is_ada() -> None:
    """What a failing example shrinks to can be read."""
    one = catalogues(including=["first_name"], min_fields=0).flatmap(profiles)
    found = find(one, lambda p: "first_name" in p and not is_blank(p.reveal("first_name")))
    assert found.to_json()["values"] == {"first_name": "Ada"}


def simplest(drawn: st.SearchStrategy[Catalogue]) -> Catalogue:
    """Return the first catalogue that is drawn."""
    return find(drawn, lambda _: True, settings=OFTEN)


def reasons(catalogue: Catalogue, said: Consent) -> set[Reason]:
    """Return every reason that the grant gives."""
    profile = Profile("r-1", {"first_name": "Ada"}, observed_at={"first_name": AT})
    granted = grant_for(profile, said, MAIL, "email", AT, catalogue=catalogue)
    return {granted.message.reason, *(field.reason for field in granted.fields.values())}


def test_consents_are_of_every_kind() -> None:
    """Each usual reason of a grant comes up."""
    catalogue = Catalogue.of([simplest(catalogues(including=["first_name"]))["first_name"]])
    found: set[Reason] = set()

    @settings(OFTEN, max_examples=300)
    @given(consents(catalogue, "r-1", purpose=MAIL, channel="email"))
    def gather(said: Consent) -> None:
        found.update(reasons(catalogue, said))

    gather()
    assert found >= {
        Reason.ALLOWED,
        Reason.WITHDRAWN,
        Reason.REFUSED,
        Reason.NOT_YET_VALID,
        Reason.STATUS_UNKNOWN,
        Reason.WRONG_PERSON,
        Reason.PURPOSE_NOT_COVERED,
        Reason.PARENT_PURPOSE_ONLY,
        Reason.CHANNEL_NOT_COVERED,
        Reason.FIELD_NOT_COVERED,
        Reason.OBJECTION_DIRECT_MARKETING,
        Reason.OBJECTION_PROFILING,
        Reason.DO_NOT_CONTACT,
        Reason.NO_CHANNEL_PERMISSION,
    }


@given(WHOLE)
def test_the_willing_allow_all_that_can_be_allowed(catalogue: Catalogue) -> None:
    """What is left is what no consent can change, or what is wrong with a value."""
    said = willing_consent(catalogue, "r-1", purpose=MAIL, channel="email")
    assert reasons(catalogue, said) <= {
        Reason.ALLOWED,
        Reason.NOT_PERSONAL,
        Reason.CRIMINAL_CATEGORY,
        Reason.NO_RECORDED_SOURCE,
        Reason.MISSING_VALUE,
    }


@given(WHOLE, st.data())
def test_a_lesser_consent_leaves_other_people_alone(
    catalogue: Catalogue, data: st.DataObject
) -> None:
    """What somebody else said is neither taken away nor changed."""
    said = willing_consent(catalogue, "r-2", purpose=MAIL, channel="email")
    assert data.draw(lesser_consents(said, person="r-1")).records == said.records


@given(st.sampled_from(Channel), WHOLE)
def test_the_willing_may_be_written_to_on_any_channel(
    channel: Channel, catalogue: Catalogue
) -> None:
    """The right to send is there wherever one is needed."""
    said = willing_consent(catalogue, "r-1", purpose="marketing", channel=channel)
    granted = grant_for(Profile("r-1", {}), said, "marketing", channel, AT, catalogue=catalogue)
    assert granted.message.is_allowed
