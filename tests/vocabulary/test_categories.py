"""The table of data categories: complete, inherited, and valid in every cell."""

from __future__ import annotations

import pickle
import re

import pytest

from guardedpersonalize.errors import ConfigError
from guardedpersonalize.vocabulary import (
    OMIT,
    Sensitivity,
    categories,
    category,
    dpv_iri,
    ladder,
)
from guardedpersonalize.vocabulary.tables import table

FLAGS = re.compile(
    r"gdpr_art9|gdpr_art10|ccpa_spi|usnat:([1-9]|1[0-6])|mhmda|child|tcf_sf1|vulnerability"
)

ALL = sorted(categories())


def test_every_fideslang_category_is_there_by_its_own_name(
    fideslang: dict[str, dict[str, str]],
) -> None:
    """Rows that are not ours are exactly the taxonomy's, names included."""
    theirs = {key: row.name for key, row in categories().items() if row.is_default}
    assert theirs == fideslang["data_category"]
    assert len(theirs) == 85


def test_our_extensions_are_marked() -> None:
    """What we add says so, and sits under a parent that exists."""
    ours = [row for row in categories().values() if not row.is_default]
    assert category("user.demographic.profile.interest") in ours
    assert category("user.demographic.union_membership") in ours
    assert all(row.parent in categories() for row in ours)


@pytest.mark.parametrize("key", ALL)
def test_every_cell_is_valid(key: str) -> None:
    """Flags, ladders, levels and DPV terms of a row are known ones."""
    row = categories()[key]
    assert all(FLAGS.fullmatch(flag) for flag in row.flags)
    assert row.max_age_days is None or row.max_age_days > 0
    assert row.dpv is None or dpv_iri(row.dpv).startswith("https://w3id.org/dpv")
    if row.generaliser is None:
        assert row.level == "exact"
    else:
        assert row.level in ladder(row.generaliser).levels


def test_no_category_is_omitted_by_default() -> None:
    """Whether a field may be used is for consent to say; a category only says how coarsely."""
    assert not [row.key for row in categories().values() if row.level == OMIT]


@pytest.mark.parametrize("key", sorted(table("category")))
def test_rows_have_known_columns_only(key: str) -> None:
    """A misspelt column would be a silent default."""
    known = {"name", "ours", "aliases", "generaliser", "level", "proxy_of"}
    known |= {"sensitivity", "flags", "max_age_days", "dpv"}
    assert set(table("category")[key]) <= known


def test_rows_keep_the_order_of_their_groups() -> None:
    """A child comes after its parent in the file too."""
    seen: set[str] = set()
    for key in table("category"):
        assert "." not in key or key.rpartition(".")[0] in seen
        seen.add(key)


def test_a_child_inherits_what_it_does_not_say() -> None:
    """Tier, flags, staleness and ladder come from the parent."""
    parent = category("user.health_and_medical")
    child = category("user.health_and_medical.symptoms")
    assert (child.sensitivity, child.flags) == (parent.sensitivity, parent.flags)
    assert child.max_age_days == parent.max_age_days
    phone, contact = category("user.contact.phone_number"), category("user.contact")
    assert (phone.generaliser, phone.level) == (contact.generaliser, contact.level)


def test_a_child_can_override_its_parent() -> None:
    """A city needs no ladder although an address does."""
    assert category("user.contact.address").level == "city"
    city = category("user.contact.address.city")
    assert (city.generaliser, city.level) == (None, "exact")
    assert city.sensitivity is Sensitivity.NONE


PROXIES = [row.key for row in categories().values() if row.proxy_of]


@pytest.mark.parametrize("key", PROXIES)
def test_a_proxy_has_the_tier_and_flags_of_what_it_gives_away(key: str) -> None:
    """Indirectly revealing data counts as what it reveals (CJEU C-184/20)."""
    row = categories()[key]
    target = category(row.proxy_of or "")
    assert target.sensitivity is row.sensitivity is Sensitivity.SENSITIVE
    assert row.flags == target.flags
    assert row.is_special
    assert target.proxy_of is None


def test_the_proxies_of_the_brief_are_there() -> None:
    """The shopping that the law and the IAB taxonomy name."""
    named = {"medicine", "maternity", "baby_formula", "religious_goods", "intimate_goods"}
    assert named <= {key.rpartition(".")[2] for key in PROXIES}


@pytest.mark.parametrize(
    ("key", "tier", "flags"),
    [
        ("user.demographic.race_ethnicity", 3, {"gdpr_art9", "ccpa_spi", "usnat:1"}),
        ("user.demographic.religious_belief", 3, {"gdpr_art9", "ccpa_spi", "usnat:2"}),
        ("user.demographic.sexual_orientation", 3, {"gdpr_art9", "ccpa_spi", "usnat:4"}),
        ("user.demographic.political_opinion", 3, {"gdpr_art9"}),
        ("user.demographic.union_membership", 3, {"gdpr_art9", "usnat:11"}),
        ("user.demographic.philosophical_belief", 3, {"gdpr_art9", "usnat:2"}),
        ("user.health_and_medical", 3, {"gdpr_art9", "ccpa_spi", "mhmda", "usnat:3", "usnat:13"}),
        ("user.health_and_medical.genetic", 3, {"gdpr_art9", "usnat:6"}),
        ("user.biometric.voice", 3, {"gdpr_art9", "ccpa_spi", "usnat:7"}),
        ("user.criminal_history", 3, {"gdpr_art10"}),
        ("user.childrens", 3, {"child"}),
        ("user.government_id.passport_number", 3, {"ccpa_spi", "usnat:9"}),
        ("user.government_id.immigration", 3, {"usnat:5"}),
        ("user.location.precise", 3, {"ccpa_spi", "usnat:8", "tcf_sf1"}),
        ("user.content.private", 3, {"ccpa_spi", "usnat:12"}),
        ("user.financial.credit_card", 3, {"usnat:10"}),
        ("user.payment", 3, {"usnat:10"}),
        ("user.authorization.password", 3, {"usnat:10"}),
        ("user.demographic.date_of_birth", 2, set()),
        ("user.demographic.gender", 2, set()),
        ("user.demographic.marital_status", 2, set()),
        ("user.behavior.search_history", 2, set()),
        ("user.behavior.browsing_history", 2, set()),
        ("user.behavior.purchase_history", 2, set()),
        ("user.name.first", 1, set()),
        ("user.demographic.age_range", 1, set()),
        ("user.demographic.language", 1, set()),
        ("user.contact.address.city", 1, set()),
        ("user.location.imprecise", 1, set()),
        ("user.demographic.profile.interest", 1, set()),
    ],
)
def test_tiers_and_flags_are_those_of_the_standards(key: str, tier: int, flags: set[str]) -> None:
    """The categories that laws speak of carry what the laws call them."""
    row = category(key)
    assert row.sensitivity == tier
    assert flags <= row.flags
    assert bool(row.flags) == bool(flags)


def test_gdpr_special_categories_are_complete() -> None:
    """Art. 9(1) and 10 name these and no others; only our children and proxies join them."""
    roots = {
        "user.authorization.biometric",
        "user.biometric",
        "user.criminal_history",
        "user.demographic.gender_identity",
        "user.demographic.national_origin",
        "user.demographic.philosophical_belief",
        "user.demographic.political_opinion",
        "user.demographic.race_ethnicity",
        "user.demographic.religious_belief",
        "user.demographic.sex_life",
        "user.demographic.sexual_orientation",
        "user.demographic.union_membership",
        "user.health_and_medical",
    }
    special = [row for row in categories().values() if row.is_special and not row.proxy_of]
    assert {row.key for row in special if row.parent not in roots} == roots


@pytest.mark.parametrize(
    ("key", "level"),
    [
        ("user.demographic.date_of_birth", "birth_month"),
        ("user.demographic.age", "age_band"),
        ("user.demographic.age_range", "age_band"),
        ("user.contact.address.postal_code", "outward"),
        ("user.location.precise", "city"),
        ("user.behavior.activity_time", "part_of_day"),
        ("user.behavior.purchase_history.amount", "band"),
        ("user.behavior.purchase_history", "category"),
        ("user.behavior.visits", "band"),
        ("user.account.tenure", "band"),
        ("user.name", "first_name"),
        ("user.unique_id", "mask"),
        ("user.contact.email", "mask"),
        ("user.contact.phone_number", "mask"),
        ("user.name.first", "exact"),
    ],
)
def test_marketing_starts_at_the_first_coarse_level(key: str, level: str) -> None:
    """Each kind of value has the default level of the minimisation table."""
    assert category(key).level == level


def test_campaign_data_is_not_personal() -> None:
    """The system's own data needs nobody's consent; everything of the user's does."""
    personal = {row.key for row in categories().values() if row.is_personal}
    assert personal == {key for key in ALL if key.split(".")[0] == "user"}


@pytest.mark.parametrize(
    ("spelling", "key"),
    [
        ("user.children", "user.childrens"),
        ("user.biometrics.retinal", "user.biometric.retinal"),
        ("user.health", "user.health_and_medical"),
        ("user.health.symptons", "user.health_and_medical.symptoms"),
        ("user.health.maternity_clothing", "user.behavior.purchase_history.maternity"),
        ("user.health.baby_formula", "user.behavior.purchase_history.baby_formula"),
        ("user.location.coarse", "user.location.imprecise"),
        ("user.device.telemetry", "user.telemetry"),
    ],
)
def test_the_other_taxonomys_spellings_are_understood(spelling: str, key: str) -> None:
    """IAB Privacy Taxonomy keys find the fideslang row."""
    assert category(spelling).key == key


def test_an_alias_names_one_row_and_is_no_key() -> None:
    """No spelling can mean two things."""
    rows = table("category")
    aliases = [alias for row in rows.values() for alias in row.get("aliases", ())]
    assert len(set(aliases)) == len(aliases)
    assert rows.keys().isdisjoint(aliases)


def test_prefixes_match_whole_words() -> None:
    """A category is within itself and its ancestors, and not within what merely begins alike."""
    phone = category("user.contact.phone_number")
    assert phone.is_within("user.contact.phone_number")
    assert phone.is_within("user.contact")
    assert phone.is_within("user")
    assert not phone.is_within("user.contact.phone")
    assert not category("user.contact").is_within("user.contact.phone_number")


def test_an_unknown_category_names_the_nearest() -> None:
    """The mistake and its likely cure are both in the message."""
    with pytest.raises(ConfigError) as caught:
        category("user.contact.e_mail")
    assert caught.value.code == "GP105"
    assert "'user.contact.e_mail'" in caught.value.message
    assert caught.value.remedy == "Did you mean 'user.contact.email'?"


@pytest.mark.parametrize("key", [None, 3, [], {}, b"user"])
def test_a_key_of_another_type_is_a_config_error(key: object) -> None:
    """No other error leaves the lookup."""
    with pytest.raises(ConfigError) as caught:
        category(key)  # type: ignore[arg-type]
    assert caught.value.code == "GP105"


def test_a_category_passes_through_and_pickles() -> None:
    """A row is a value: looked up twice, or in another process, it is equal."""
    row = category("user.name.first")
    assert category(row) is row
    assert pickle.loads(pickle.dumps(row)) == row  # noqa: S301  # our own bytes


def test_the_table_is_sorted_and_cannot_be_changed() -> None:
    """Everybody shares one table."""
    assert list(categories()) == sorted(categories())
    with pytest.raises(TypeError):
        categories()["user.name"] = category("user")  # type: ignore[index]
