"""Fields, the catalogue, and the rows of fields.toml."""

from __future__ import annotations

import copy
import pickle
from typing import TYPE_CHECKING

import pydantic
import pytest

from guardedpersonalize.errors import ConfigError, ProfileError
from guardedpersonalize.profile import (
    Catalogue,
    Field,
    FieldSpec,
    FieldType,
    Profile,
    is_plain_name,
)
from guardedpersonalize.vocabulary import Collection, Provenance, Source, categories, ladder

if TYPE_CHECKING:
    from tests.profile.conftest import FieldMaker

BIRTH = "user.demographic.date_of_birth"
BOUGHT = "user.behavior.purchase_history"


def test_a_field_takes_from_its_category_what_it_does_not_say(field: FieldMaker) -> None:
    """Ladder, level and staleness come from the category."""
    born = field("birth_date", FieldType.DATE, BIRTH)
    assert (born.generaliser, born.level, born.max_age_days) == ("birth_date", "birth_month", None)
    bought = field("last_order", FieldType.TEXT, BOUGHT)
    assert (bought.generaliser, bought.level, bought.max_age_days) == ("product", "category", 730)


def test_a_field_may_say_otherwise(field: FieldMaker) -> None:
    """Its own ladder brings its own default level."""
    when = field("ordered_at", FieldType.DATETIME, BOUGHT, generaliser="time", max_age_days=30)
    assert (when.generaliser, when.level, when.max_age_days) == ("time", "part_of_day", 30)


def test_a_category_without_a_ladder_shows_values_as_they_are(field: FieldMaker) -> None:
    """A first name needs no coarsening."""
    name = field("first_name", FieldType.TEXT, "user.name.first")
    assert (name.generaliser, name.level) == (None, "exact")


def test_opting_out_of_a_ladder_is_said_aloud(field: FieldMaker) -> None:
    """A field whose values are coarse already says "text"."""
    band = field("age_band", FieldType.ENUM, "user.demographic.age_range", generaliser="text")
    assert (band.generaliser, band.level) == ("text", "exact")


@pytest.mark.parametrize(
    ("kind", "key"), [(FieldType.BOOL, BIRTH), (FieldType.INT, BOUGHT), (FieldType.LIST, BIRTH)]
)
def test_a_ladder_must_read_the_type(field: FieldMaker, kind: FieldType, key: str) -> None:
    """A mismatch is found when the pack is loaded, not as an empty slot later."""
    with pytest.raises(ConfigError) as caught:
        field("odd", kind, key)
    assert caught.value.code == "GP104"
    assert kind.value in caught.value.message
    assert "text" in (caught.value.remedy or "")


def test_every_category_has_a_type_that_its_ladder_reads(field: FieldMaker) -> None:
    """No category is unusable."""
    for row in categories().values():
        kinds = sorted(ladder(row.generaliser).types) if row.generaliser else ["text"]
        assert field("note", FieldType(kinds[0]), row.key).level == row.level


def test_words_are_looked_up(field: FieldMaker) -> None:
    """Names and members are the same to a field."""
    spelt = Field("note", "text", "user", "provided", "data_subject")  # type: ignore[arg-type]
    assert spelt == field()
    assert spelt.collected is Collection.UNKNOWN
    assert spelt.type is FieldType.TEXT


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"generaliser": "txt"}, "GP105"),
        ({"collected": "overtly"}, "GP105"),
        ({"max_age_days": 0}, "GP104"),
        ({"values": ("a",)}, "GP104"),
        ({"kind": FieldType.ENUM, "values": ()}, "GP104"),
        ({"kind": FieldType.ENUM, "values": ("a", " a")}, "GP104"),
        ({"kind": FieldType.ENUM, "values": ("a", " ")}, "GP104"),
        ({"name": "Ada Example"}, "GP206"),
        ({"name": ""}, "GP206"),
    ],
)
def test_what_does_not_fit_together_is_refused(
    field: FieldMaker, changes: dict[str, object], code: str
) -> None:
    """Each mistake has its code."""
    with pytest.raises(ConfigError) as caught:
        field(**changes)  # type: ignore[arg-type]
    assert caught.value.code == code


def test_a_blank_source_is_no_source(field: FieldMaker) -> None:
    """Whoever writes "" has recorded nobody."""
    assert field(source_recorded=" ").source_recorded is None
    assert field(source_recorded=" Example Data Ltd ").source_recorded == "Example Data Ltd"


@pytest.mark.parametrize("name", ["a", "first_name", "user.name.first", "größe", "x-1", "A" * 64])
def test_words_are_plain_names(name: str) -> None:
    """Letters, digits and "_", joined by "." or "-"."""
    assert is_plain_name(name)


class Loud(str):
    """A name that could print anything."""

    __slots__ = ()


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Ada Example",
        "ada@example.org",
        "+447700900123",
        "1990-05-17",
        "a..b",
        "a.",
        ".a",
        "a\n",
        "a\x00",
        "A" * 65,
        Loud("a"),
        None,
        3,
    ],
)
def test_values_are_no_plain_names(name: object) -> None:
    """Addresses, full names, numbers and dates cannot be field names."""
    assert not is_plain_name(name)


def test_the_catalogue_is_a_sorted_mapping(field: FieldMaker) -> None:
    """Order of declaration does not matter."""
    one, two = field("b"), field("a")
    catalogue = Catalogue.of([one, two])
    assert list(catalogue) == ["a", "b"]
    assert len(catalogue) == 2
    assert catalogue["a"] is two
    assert catalogue.get("b") is one
    assert catalogue.get("c") is None
    assert catalogue.get("c", 3) == 3
    assert "a" in catalogue
    assert "c" not in catalogue
    assert [] not in catalogue
    assert catalogue == Catalogue.of([two, one])
    assert hash(catalogue) == hash(Catalogue.of([two, one]))
    assert repr(catalogue) == "Catalogue(a: text, b: text)"


def test_a_catalogue_copies_and_pickles(field: FieldMaker) -> None:
    """It travels to worker processes."""
    catalogue = Catalogue.of([field("a"), field("b", FieldType.DATE, BIRTH)])
    assert pickle.loads(pickle.dumps(catalogue)) == catalogue  # noqa: S301  # our own bytes
    assert copy.deepcopy(catalogue) == catalogue


def test_an_unknown_field_names_the_nearest(field: FieldMaker) -> None:
    """The cure is in the remedy."""
    with pytest.raises(ConfigError) as caught:
        Catalogue.of([field("first_name")])["firstname"]
    assert str(caught.value) == "[GP105] no field 'firstname'. Did you mean 'first_name'?"


def test_a_catalogue_is_made_of_different_fields(field: FieldMaker) -> None:
    """A name declared twice has two meanings, and what is no field has none."""
    with pytest.raises(ConfigError) as caught:
        Catalogue.of([field("a"), field("a")])
    assert caught.value.code == "GP104"
    with pytest.raises(ConfigError):
        Catalogue.of(["a"])  # type: ignore[list-item]


def test_a_profile_of_declared_fields_passes(field: FieldMaker) -> None:
    """Missing fields are fine; stray ones are not."""
    catalogue = Catalogue.of([field("a"), field("b")])
    catalogue.check(Profile("r-1", {"a": "x"}))
    catalogue.check(Profile("r-1", {}))


def test_stray_fields_are_counted_and_not_shown(field: FieldMaker) -> None:
    """A stray name may be a person's; the nearest declared name helps without it."""
    catalogue = Catalogue.of([field("first_name"), field("orders", FieldType.INT)])
    with pytest.raises(ProfileError) as caught:
        catalogue.check(Profile("r-1", {"frist_name": "x", "Quentin": "y"}))
    assert str(caught.value) == (
        "[GP201] the profile has 2 fields that the catalogue does not declare. "
        "Did you mean 'first_name'?"
    )
    with pytest.raises(ProfileError) as caught:
        catalogue.check(Profile("r-1", {"Quentin": "y"}))
    assert "1 field that" in caught.value.message
    assert "Quentin" not in str(caught.value)


ROW = {
    "type": "date",
    "category": BIRTH,
    "provenance": "provided",
    "source": "data_subject",
}


def test_a_row_of_fields_toml_makes_a_field() -> None:
    """What is left out has its default."""
    made = FieldSpec.model_validate(ROW).field("birth_date")
    assert made.name == "birth_date"
    assert made.type is FieldType.DATE
    assert made.category.key == BIRTH
    assert (made.provenance, made.source) == (Provenance.PROVIDED, Source.DATA_SUBJECT)
    assert made.collected is Collection.UNKNOWN


def test_a_full_row_is_kept_whole() -> None:
    """Every key of a row reaches the field."""
    row = {
        "type": "enum",
        "category": "user.demographic.profile.segment",
        "provenance": "inferred",
        "source": "third_party",
        "collected": "covert",
        "max_age_days": 90,
        "generaliser": "text",
        "values": ["a", "b"],
        "source_recorded": "Example Data Ltd",
    }
    made = FieldSpec.model_validate(row).field("segment")
    assert made.collected is Collection.COVERT
    assert (made.max_age_days, made.generaliser, made.values) == (90, "text", ("a", "b"))
    assert made.source_recorded == "Example Data Ltd"


@pytest.mark.parametrize(
    "change",
    [
        {"categroy": "user"},
        {"max_age_days": "30"},
        {"max_age_days": 0},
        {"max_age_days": True},
        {"values": "a"},
        {"type": 3},
    ],
)
def test_a_row_with_a_stray_key_or_a_wrong_type_is_refused(change: dict[str, object]) -> None:
    """Pydantic finds them, and the loader says where."""
    with pytest.raises(pydantic.ValidationError) as caught:
        FieldSpec.model_validate({**ROW, **change})
    assert "input_value" not in str(caught.value)


@pytest.mark.parametrize("key", ["type", "category", "provenance", "source", "collected"])
def test_a_row_with_an_unknown_term_names_the_nearest(key: str) -> None:
    """Every term of a row is looked up with a suggestion."""
    row = {"collected": "covert", **ROW}
    with pytest.raises(ConfigError) as caught:
        FieldSpec.model_validate({**row, key: row[key] + "s"}).field("birth_date")
    assert caught.value.code == "GP105"
    assert caught.value.remedy == f"Did you mean {row[key]!r}?"
