"""Twins agree on what is allowed, differ in the rest, and the premise can tell."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from guardedpersonalize.minimise import Context
from guardedpersonalize.profile import Catalogue, Profile
from guardedpersonalize.testing.agreement import disagreements, is_alike
from guardedpersonalize.testing.strategies import (
    AT,
    FIELD_NAMES,
    PRODUCTS,
    Scene,
    alikes,
    catalogues,
    scenes,
    twins,
    values_of,
)

CONTEXT = Context(at=AT, products=PRODUCTS, currency="GBP", country="GB")
# Whether there is one, not which is the simplest.
OFTEN = settings(max_examples=5_000, phases=[Phase.generate], derandomize=True, database=None)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """Return a catalogue of every field."""
    return find(catalogues(including=FIELD_NAMES), lambda _: True, settings=OFTEN)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Scene, Profile]:
    """Draw a scene and a twin."""
    scene = draw(scenes(willing=True))
    other = draw(
        twins(scene.profile, scene.grant(), catalogue=scene.pack.catalogue, context=scene.context)
    )
    return scene, other


def differing(scene: Scene, other: Profile) -> tuple[str, ...]:
    """Return where the scene's own profile and the other do not agree."""
    return disagreements(
        scene.profile,
        other,
        scene.grant(),
        scene.grant(other),
        catalogue=scene.pack.catalogue,
        context=scene.context,
    )


@given(pairs())
def test_twins_agree_unless_an_age_changes_the_grant(drawn: tuple[Scene, Profile]) -> None:
    """Where they do not, the grants of the two differ."""
    scene, other = drawn
    one, two = scene.grant(), scene.grant(other)
    assert not differing(scene, other) or one.is_minor != two.is_minor or one.fields != two.fields


def test_twins_differ_in_what_is_not_allowed() -> None:
    """They are not copies."""

    def differ(drawn: tuple[Scene, Profile]) -> bool:
        scene, other = drawn
        return not differing(scene, other) and scene.profile != other

    assert find(pairs(), differ, settings=OFTEN)


def test_twins_differ_in_what_is_allowed_coarsely() -> None:
    """A day of birth that is allowed as a month is another day."""

    def differ(drawn: tuple[Scene, Profile]) -> bool:
        scene, other = drawn
        is_allowed = scene.grant().allowed("birth_date")
        if not is_allowed or "birth_date" not in scene.profile or differing(scene, other):
            return False
        return scene.profile.reveal("birth_date") != other.reveal("birth_date")

    assert find(pairs(), differ, settings=OFTEN)


@pytest.mark.parametrize(
    ("name", "level", "one", "other", "is_same"),
    [
        ("first_name", "exact", "Ada", "Ada", True),
        ("first_name", "exact", "Ada", "Eve", False),
        ("birth_date", "birth_month", date(1971, 3, 1), date(1980, 3, 9), True),
        ("birth_date", "birth_month", date(1971, 3, 1), date(1971, 4, 1), False),
        ("birth_date", "exact", date(1971, 3, 1), date(1980, 3, 9), False),
        ("spent", "band", Decimal(51), Decimal(99), True),
        ("spent", "band", Decimal(51), None, False),
        ("spent", "band", "nothing", "none at all", True),
        ("spent", "band", None, "nothing", False),
        ("full_name", "first_name", "Ada Lovelace", "Ada Byron", True),
        ("full_name", "first_name", "Ada Lovelace", "Ada Byr\x00on", False),
        ("full_name", "first_name", "Ada Lovelace", "Ada " + "x" * 3_000, False),
        ("interests", "exact", ["a", "b"], ["a", "b"], True),
        ("interests", "exact", ["a", "b"], ["b", "a"], False),
        ("cart", "category", ["SKU-1"], ["SKU-2"], True),
        ("cart", "category", ["SKU-1"], ["SKU-1", "SKU-2"], False),
        ("last_visit", "part_of_day", "2026-05-05T09:00Z", "2026-05-12T10:30Z", False),
        ("last_visit", "part_of_day", "2026-05-05T09:00Z", "2026-05-05T10:30Z", True),
    ],
)
def test_alike_is_what_a_level_and_those_below_it_cannot_tell(
    name: str, level: str, one: object, other: object, is_same: bool, catalogue: Catalogue
) -> None:
    """A part of the day names no week, but coarser levels do: two weeks are not alike."""
    assert is_alike(catalogue[name], one, other, level, context=CONTEXT) is is_same


@given(st.data())
def test_what_is_drawn_as_alike_is_alike(catalogue: Catalogue, data: st.DataObject) -> None:
    """Whatever the field and its default level."""
    field = catalogue[data.draw(st.sampled_from(FIELD_NAMES))]
    raw = data.draw(values_of(field))
    other = data.draw(alikes(field, raw, field.level, context=CONTEXT))
    assert is_alike(field, raw, other, field.level, context=CONTEXT)
