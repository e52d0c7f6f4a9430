"""The table of purposes: complete, mapped, and classed."""

from __future__ import annotations

import pytest

from guardedpersonalize.errors import ConfigError
from guardedpersonalize.vocabulary import dpv_iri, purpose, purposes
from guardedpersonalize.vocabulary.tables import table


def test_every_fideslang_data_use_is_there_by_its_own_name(
    fideslang: dict[str, dict[str, str]],
) -> None:
    """Rows that are not ours are exactly the taxonomy's, names included."""
    theirs = {key: row.name for key, row in purposes().items() if row.is_default}
    assert theirs == fideslang["data_use"]
    assert len(theirs) == 56


def test_the_channels_that_the_taxonomy_lacks_are_marked_ours() -> None:
    """Push, in-app, web and post are extensions under the right parent."""
    for channel in ("push", "in_app", "web", "post"):
        row = purpose(f"marketing.communications.{channel}")
        assert not row.is_default
        assert row.parent == "marketing.communications"
    assert not purpose("essential.service.notifications.push").is_default
    assert not purpose("essential.service.notifications.in_app").is_default


@pytest.mark.parametrize(
    ("number", "keys"),
    [
        (1, {"functional.storage"}),
        (
            2,
            {
                "marketing.advertising.first_party.contextual",
                "marketing.advertising.frequency_capping",
                "marketing.advertising.negative_targeting",
            },
        ),
        (3, {"marketing.advertising.profiling"}),
        (
            4,
            {
                "marketing.advertising.first_party.targeted",
                "marketing.advertising.third_party.targeted",
            },
        ),
        (5, {"personalize.content.profiling"}),
        (6, {"personalize.content.profiled"}),
        (7, {"analytics.reporting.ad_performance"}),
        (8, {"analytics.reporting.content_performance"}),
        (9, {"analytics.reporting.campaign_insights"}),
        (10, {"functional.service.improve"}),
        (11, {"personalize.content.limited"}),
    ],
)
def test_tcf_purposes_map_as_the_gvl_does(number: int, keys: set[str]) -> None:
    """Each TCF purpose has the data uses of the GVL mapping, and no child inherits them."""
    assert {row.key for row in purposes().values() if number in row.tcf} == keys


@pytest.mark.parametrize(
    ("key", "term"),
    [
        ("essential.service.notifications.sms", "dpv:ServiceProvision"),
        ("marketing.communications.push", "dpv:DirectMarketing"),
        ("personalize.content.limited", "dpv:ServicePersonalisation"),
        ("personalize.content.profiled", "dpv:ProvidePersonalisedRecommendations"),
        ("personalize.content.profiling", "dpv:Personalisation"),
        ("marketing.advertising.first_party.contextual", "dpv:Advertising"),
        ("marketing.advertising.third_party.targeted", "dpv:TargetedAdvertising"),
        ("marketing.advertising.profiling", "dpv:PersonalisedAdvertising"),
        ("marketing.advertising.frequency_capping", "dpv:Advertising"),
    ],
)
def test_purposes_map_to_dpv(key: str, term: str) -> None:
    """A purpose has its own DPV term or its parent's."""
    assert purpose(key).dpv == term


@pytest.mark.parametrize("key", sorted(purposes()))
def test_every_cell_is_valid(key: str) -> None:
    """Classes, DPV terms and successors of a row are known ones."""
    row = purposes()[key]
    classes = {"service", "marketing", "advertising", "personalisation", "analytics", "other"}
    assert row.purpose_class in classes
    assert row.dpv is None or dpv_iri(row.dpv).startswith("https://w3id.org/dpv")
    assert row.is_deprecated == (row.replaced_by is not None)
    assert row.replaced_by is None or not purpose(row.replaced_by).is_deprecated
    columns = {"name", "ours", "aliases", "tcf", "replaced_by", "dpv", "purpose_class"}
    columns |= {"is_direct_marketing", "is_profiling", "is_advertising"}
    assert set(table("purpose")[key]) <= columns


def test_classes_follow_the_branches() -> None:
    """Service, marketing, advertising, personalisation and analytics are branches of the tree."""
    for row in purposes().values():
        assert (row.purpose_class == "service") == row.is_within("essential")
        assert (row.purpose_class == "advertising") == row.is_within("marketing.advertising")
        assert (row.purpose_class == "personalisation") == row.is_within("personalize")
        assert (row.purpose_class == "analytics") == row.is_within("analytics")
        assert row.is_advertising == (row.purpose_class == "advertising")


def test_the_right_to_object_covers_all_that_is_aimed_at_a_person() -> None:
    """Messages and targeted ads are direct marketing; service messages and plain ads are not."""
    direct = {row.key for row in purposes().values() if row.is_direct_marketing}
    assert "marketing.communications.post" in direct
    assert "marketing.advertising.first_party.targeted" in direct
    assert "marketing.advertising.first_party.contextual" not in direct
    assert not [key for key in direct if purpose(key).purpose_class == "service"]


def test_tcf_profile_purposes_are_profiling() -> None:
    """TCF 3 to 6 make or use profiles; 2 and 11 are limited data and do not."""
    for row in purposes().values():
        if set(row.tcf) & {3, 4, 5, 6}:
            assert row.is_profiling
        elif set(row.tcf) & {2, 11}:
            assert not row.is_profiling


def test_a_deprecated_purpose_names_its_successor_and_stays_itself() -> None:
    """Nobody's consent is rewritten behind their back."""
    row = purpose("personalize.profiling")
    assert row.is_deprecated
    assert row.replaced_by == "personalize.content.profiling"
    assert row.key == "personalize.profiling"


@pytest.mark.parametrize(
    ("spelling", "key"),
    [
        (
            "advertising_marketing.first_party.targeted",
            "marketing.advertising.first_party.targeted",
        ),
        ("advertising_marketing.communications.sms", "marketing.communications.sms"),
        ("necessary.operations.notifications.email", "essential.service.notifications.email"),
    ],
)
def test_the_other_taxonomys_spellings_are_understood(spelling: str, key: str) -> None:
    """IAB Privacy Taxonomy keys find the fideslang row."""
    assert purpose(spelling).key == key


def test_an_alias_is_one_rows_only_and_no_key() -> None:
    """A row has one other spelling at most: two would merge what somebody told apart."""
    rows = table("purpose")
    aliases = [alias for row in rows.values() for alias in row.get("aliases", ())]
    assert len(set(aliases)) == len(aliases)
    assert rows.keys().isdisjoint(aliases)
    assert all(len(row.get("aliases", ())) <= 1 for row in rows.values())


def test_prefixes_match_whole_words() -> None:
    """A purpose is within its ancestors only."""
    row = purpose("marketing.communications.email")
    assert row.is_within("marketing.communications")
    assert not row.is_within("marketing.comm")


def test_an_unknown_purpose_names_the_nearest() -> None:
    """The likely cure is in the remedy."""
    with pytest.raises(ConfigError) as caught:
        purpose("marketing.communication.email")
    assert caught.value.code == "GP105"
    assert caught.value.remedy == "Did you mean 'marketing.communications.email'?"
    with pytest.raises(ConfigError):
        purpose(7)  # type: ignore[arg-type]


def test_a_purpose_passes_through() -> None:
    """Looking up what was looked up changes nothing."""
    row = purpose("sales")
    assert purpose(row) is row
    assert list(purposes()) == sorted(purposes())
