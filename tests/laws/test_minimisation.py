"""Law 3: minimising twice is minimising once, and never more precise than asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from law_scenes import engine_of

from guardedpersonalize.minimise import GENERALISERS, Context, PseudonymKey, generalise
from guardedpersonalize.testing import laws
from guardedpersonalize.testing.strategies import (
    AT,
    FIELD_NAMES,
    PRODUCTS,
    Scene,
    catalogues,
    hostile_texts,
    scenes,
    values_of,
)

CONTEXT = Context(
    at=AT,
    products=PRODUCTS,
    currency="GBP",
    country="GB",
    pseudonym_key=PseudonymKey("k", b"k" * 32),
)
LEVELS = [(name, level) for name, each in GENERALISERS.items() for level in each.levels]

values = st.one_of(
    catalogues(including=FIELD_NAMES).flatmap(
        lambda catalogue: st.sampled_from(FIELD_NAMES).flatmap(
            lambda name: values_of(catalogue[name])
        )
    ),
    hostile_texts(),
    st.integers(),
    st.floats(),
    st.decimals(),
    st.dates(),
    st.datetimes(timezones=st.timezones()),
    st.booleans() | st.none(),
)


@pytest.mark.parametrize(("name", "level"), LEVELS)
@given(value=values)
def test_generalising_is_idempotent(name: str, level: str, value: object) -> None:
    """Whatever the value, and whatever is asked afterwards."""
    laws.generalisation(name, value, level, context=CONTEXT)


@given(scenes(willing=True, hostile=True) | scenes())
def test_no_slot_is_finer_than_asked(scene: Scene) -> None:
    """Neither finer than its declaration asks, nor than the grant does."""
    laws.minimisation(engine_of(scene.pack), scene.template, scene.profile, scene.consent, scene.at)


Pairs = st.SearchStrategy[Any]


def pairs_of(one: st.SearchStrategy[Any], make: Callable[[Any, Any], Any]) -> Pairs:
    """Return pairs of values that have what *one* draws in common, and differ in a number."""
    number = st.integers(0, 10**6)
    return st.tuples(one, number, number).map(
        lambda drawn: (make(drawn[0], drawn[1]), make(drawn[0], drawn[2]))
    )


def within(low: int, high: int) -> Pairs:
    """Return pairs of whole numbers from *low* to *high*."""
    return st.tuples(st.integers(low, high), st.integers(low, high))


def some_of(*ranges: tuple[int, int]) -> Pairs:
    """Return pairs from one of the ranges."""
    return st.one_of([within(*each) for each in ranges])


def born(month: int, number: int) -> date:
    """Return a day of *month* in some year."""
    return date(1930 + number % 90, month, 1 + number % 28)


def clock(start: datetime, hours: int) -> Callable[[int, int], datetime]:
    """Return times that are weeks apart and fall into the same *hours* from *start*."""
    return lambda week, n: start + timedelta(weeks=(week + n) % 900, minutes=n % (hours * 60))


TUESDAY = datetime(2010, 1, 5, 5, tzinfo=UTC)
PLACE = "{street} Fern Road, LS{code} 4AP, {rest}"

# What each level may not tell apart, said without the code that it is about.
PAIRS: dict[tuple[str, str], Pairs] = {
    ("birth_date", "birth_month"): pairs_of(st.integers(1, 12), born),
    ("birth_date", "birth_quarter"): pairs_of(
        st.sampled_from((1, 4, 7, 10)), lambda first, n: born(first + n % 3, n)
    ),
    ("age", "age_band"): some_of((0, 17), (18, 24), (25, 34), (35, 44), (55, 64), (65, 120)),
    ("age", "adult_or_minor"): some_of((0, 17), (18, 120)),
    ("postcode", "outward"): pairs_of(
        st.sampled_from(("LS1", "SW1A", "YO10")), lambda area, n: f"{area} {n % 10}AB"
    ),
    ("postcode", "region"): pairs_of(
        st.sampled_from(("LS", "M", "CF")), lambda area, n: f"{area}{1 + n % 9} {n % 7}AB"
    ),
    ("postcode", "country"): pairs_of(
        st.sampled_from((("LS", "M", "CF"),)), lambda areas, n: f"{areas[n % 3]}{1 + n % 9} 1AB"
    ),
    ("place", "city"): pairs_of(
        st.just("Leeds, Yorkshire, United Kingdom"),
        lambda rest, n: PLACE.format(street=n % 99, code=1 + n % 9, rest=rest),
    ),
    ("place", "region"): pairs_of(
        st.just("Yorkshire, United Kingdom"),
        lambda rest, n: PLACE.format(
            street=n % 99, code=1 + n % 9, rest=f"{('Leeds', 'York')[n % 2]}, {rest}"
        ),
    ),
    ("time", "part_of_day"): pairs_of(st.integers(0, 800), clock(TUESDAY, 7)),
    ("time", "week"): pairs_of(
        st.integers(0, 800),
        lambda week, n: date(2010, 1, 4) + timedelta(weeks=week, days=n % 7),
    ),
    ("time", "month"): pairs_of(st.integers(1, 12), born),
    ("time", "season"): pairs_of(
        st.sampled_from((3, 6, 9)), lambda first, n: born(first + n % 3, n)
    ),
    ("amount", "band"): some_of((0, 9), (10, 19), (50, 99), (200, 499), (10_000, 10**6)),
    ("amount", "low_mid_high"): some_of((0, 49), (50, 199), (200, 10**6)),
    ("product", "category"): st.just(("SKU-1", "SKU-2")),
    ("product", "department"): st.just(("SKU-1", "SKU-3")),
    ("tenure", "band"): some_of((0, 89), (90, 729), (730, 20_000)),
    ("tenure", "yes_no"): some_of((0, 89), (90, 20_000)),
    ("visits", "band"): some_of((0, 0), (1, 2), (3, 9), (10, 10**6)),
    ("visits", "yes_no"): some_of((0, 0), (1, 10**6)),
    ("full_name", "first_name"): st.just(("Ada Lovelace", "Ada Byron")),
    ("identifier", "mask"): st.just(("ada@example.org", "alan.x@mail.example.net")),
}


@pytest.mark.parametrize(("name", "level"), PAIRS)
@given(data=st.data())
def test_a_level_tells_no_more_than_its_name_says(
    name: str, level: str, data: st.DataObject
) -> None:
    """Two values that are alike at a level come out alike, and do come out."""
    one, other = data.draw(PAIRS[name, level])
    shown = [generalise(name, value, level, context=CONTEXT) for value in (one, other)]
    assert shown[0] is not None
    assert shown[0] == shown[1]


def test_every_coarse_level_is_looked_at() -> None:
    """A new level is told here what it may not tell apart; a pseudonym tells all apart."""
    between = {(name, level) for name, level in LEVELS if level not in {"exact", "omit"}}
    told = {*PAIRS, ("identifier", "pseudonym"), ("place", "country")}
    assert between == told


@given(st.decimals(0, 10**6, places=2))
def test_a_band_never_shows_the_amount(amount: Decimal) -> None:
    """An amount with pence is not in the text of its band."""
    shown = generalise("amount", amount, "band", context=CONTEXT)
    assert shown is not None
    assert f"{amount:.2f}" not in str(shown.value)
