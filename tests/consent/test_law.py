"""The law is data: read strictly, and what ships says what it should."""

from __future__ import annotations

import pickle
from importlib.resources import files
from typing import get_args

import pytest

from guardedpersonalize.consent import Duration, Law
from guardedpersonalize.errors import ConfigError
from guardedpersonalize.vocabulary import Channel, PurposeClass, categories, purposes

SHIPPED = files("guardedpersonalize.consent").joinpath("law.toml").read_text(encoding="utf-8")
LAW = Law.default()


def refusal(text: str) -> ConfigError:
    """Return the error of reading *text*."""
    with pytest.raises(ConfigError) as caught:
        Law.from_toml(text)
    return caught.value


def test_the_law_that_ships_is_read_once() -> None:
    """It is the same object for everybody."""
    assert Law.default() is LAW
    assert Law.from_toml(SHIPPED) == LAW
    assert pickle.loads(pickle.dumps(LAW)) == LAW  # noqa: S301  # our own bytes


def test_every_class_of_purpose_has_its_rules() -> None:
    """A class that the file forgets could use nothing; none is forgotten."""
    classes = set(get_args(PurposeClass))
    assert set(LAW.bases) == classes
    assert set(LAW.data.explicit) == classes
    assert {p.purpose_class for p in purposes().values()} <= classes


def test_every_channel_is_free_or_takes_a_permission() -> None:
    """In every place."""
    for place in LAW.places.values():
        assert set(place.permissions) | LAW.permission.free_channels == set(Channel)


def test_what_the_file_names_is_in_the_vocabulary() -> None:
    """Flags, categories and purposes of the file are known words."""
    flags = {flag for row in categories().values() for flag in row.flags}
    assert LAW.data.barred_flags <= flags
    assert set(LAW.age.categories) <= set(categories())
    assert LAW.political.purposes <= set(purposes())


@pytest.mark.parametrize(
    ("code", "age"), [(None, 16), ("DE", 16), ("GB", 13), ("GB-SCT", 13), ("FR", 15), ("IN", 18)]
)
def test_the_age_limit_is_that_of_the_place(code: str | None, age: int) -> None:
    """A subdivision takes its country's, and an unknown place the default."""
    assert LAW.place(code).marketing_age_years == age
    assert LAW.place(code).ad_age_years == 18


def test_a_place_takes_what_it_does_not_say_from_the_default() -> None:
    """Canada changes e-mail and SMS, and leaves the rest."""
    canada, default = LAW.place("CA-QC"), LAW.place(None)
    assert "implied_casl" in canada.permissions[Channel.EMAIL]
    assert "soft_opt_in" not in canada.permissions[Channel.SMS]
    assert canada.permissions[Channel.POST] == default.permissions[Channel.POST]


def test_a_subdivision_may_have_rules_of_its_own() -> None:
    """The nearest place counts."""
    law = Law.from_toml(SHIPPED + '\n[places."CA-QC"]\nmarketing_age_years = 14\n')
    assert law.place("CA-QC").marketing_age_years == 14
    assert law.place("CA-ON").marketing_age_years == 16


def test_implied_permission_ends_as_casl_says() -> None:
    """Two years after a purchase, six months after an inquiry."""
    assert LAW.permission.implied_ends == {
        "inquiry": Duration(months=6),
        "purchase": Duration(years=2),
    }


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        ("version =", "versoin =", "GP103", "version: is missing"),
        ("version =", "versoin =", "GP103", "did you mean 'version'?"),
        ("[political]", "[politics]\n[political]", "GP102", "did you mean 'political'?"),
        ('"refused"', '"refusd"', "GP104", "ending_states.0: is not one of the known terms"),
        ('"refused"', '"given"', "GP104", "ending_states: does not fit (not_an_end)"),
        ("= 24", '= "a day"', "GP104", "protective_lead_hours: does not fit (int_parsing)"),
        ('"P6M"', '"six months"', "GP104", "permission.implied_ends: a duration is not"),
        ("[places.default", "[places.ZZ", "GP103", "places"),
        ('"marketing.political"', '"marketing.politics"', "GP104", "political.purposes.0"),
        ("[places.AT]", "[places]\nAT = 14\n[places.AX]", "GP104", "places: does not fit"),
        ("version =", "version ==", "GP101", "not valid TOML"),
    ],
)
def test_a_law_file_with_a_fault_is_refused(old: str, new: str, code: str, said: str) -> None:
    """Place and kind of every fault."""
    error = refusal(SHIPPED.replace(old, new))
    assert error.code == code
    assert said in str(error)


def test_a_law_file_needs_a_default_place() -> None:
    """Somebody always lives somewhere else."""
    head = SHIPPED.partition("# --- by place")[0]
    assert refusal("places = 1\n" + head).code == "GP104"
    assert refusal(head + "[places]").code == "GP103"
    assert refusal(head).code == "GP103"
