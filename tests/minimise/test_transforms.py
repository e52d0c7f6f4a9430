from __future__ import annotations

import copy
import random
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardedpersonalize.errors import ConfigError
from guardedpersonalize.minimise import (
    GENERALISERS,
    Coarse,
    Context,
    Product,
    ProductTree,
    PseudonymKey,
    generalise,
)
from guardedpersonalize.vocabulary import Technique, ladders

Sent = Callable[[object], object]

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
CONTEXTS = [
    Context(
        AT,
        products=ProductTree({"T-1": Product("Border spade", "hand tools", "garden")}),
        pseudonym_key=PseudonymKey("k", b"k" * 32),
        locale=locale,
        country=country,
        currency=currency,
    )
    for locale, country, currency in (("en", "GB", "GBP"), ("de", "DE", None), ("eo", None, "XPF"))
]
SIZED = [(name, level) for name, each in GENERALISERS.items() for level in each.levels]
# Generalisers whose every level follows from the one before. A part of the day tells no week, a
# week no month, and a mask no pseudonym.
NESTED = sorted(set(GENERALISERS) - {"identifier", "time"})

written = st.sampled_from(
    [
        "SW1A 1AA",
        "M5V 3L9",
        "10115",
        "1 Rose Lane, LS1 1AA, Leeds, Yorkshire, UK",
        "T-1",
        "Dr Ada Poe",
        ", , Leeds, , UK",
        "ada@example.org",
        "\ud800",
        "x" * 2001,
        "x" * 1_000_000,
        "01/02/03",
    ]
)
anything = st.one_of(
    st.text(),
    written,
    st.integers(),
    st.integers(0, 200),
    st.floats(),
    st.decimals(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.datetimes(timezones=st.just(UTC)),
    st.none(),
    st.lists(st.text(), max_size=2),
    st.binary(max_size=2),
)
contexts = st.sampled_from(CONTEXTS)
asked = st.sampled_from(SIZED)


def test_ladders_are_all_climbed() -> None:
    """There is one generaliser for each ladder of the vocabulary, with its levels."""
    assert list(GENERALISERS) == list(ladders())
    for name, each in GENERALISERS.items():
        assert (each.name, each.levels) == (name, ladders()[name].levels)
        assert set(each.techniques) == set(each.levels)
        assert each.techniques["exact"] is Technique.NONE
        assert each.techniques["omit"] is Technique.LOCAL_SUPPRESSION


@given(anything, asked, contexts)
@settings(max_examples=500)
def test_generalise_is_total(value: object, step: tuple[str, str], context: Context) -> None:
    """Whatever the value, there is a plain coarse value or none, and no error."""
    found = generalise(step[0], value, step[1], context=context)
    if found is not None:
        assert type(found.value) in {str, int, bool, date}
        assert (found.generaliser, found.level) == step


@given(anything, st.sampled_from(sorted(GENERALISERS)), contexts, st.data())
@settings(max_examples=300)
def test_generalise_is_idempotent(
    value: object, name: str, context: Context, data: st.DataObject
) -> None:
    """A coarse value stays as it is at its level and at every finer one."""
    levels = GENERALISERS[name].levels
    rank = data.draw(st.integers(0, len(levels) - 2))
    first = generalise(name, value, levels[rank], context=context)
    if first is not None:
        for level in levels[: rank + 1]:
            assert generalise(name, first, level, context=context) is first
        assert generalise(name, first, "omit", context=context) is None


@given(anything, st.sampled_from(NESTED), contexts, st.data())
@settings(max_examples=500)
def test_both_ways_down_agree(
    value: object, name: str, context: Context, data: st.DataObject
) -> None:
    """Through a finer level one comes to the same coarse value, or to none."""
    levels = GENERALISERS[name].levels
    fine, coarse = sorted(
        data.draw(st.lists(st.sampled_from(range(len(levels))), min_size=2, max_size=2))
    )
    half = generalise(name, value, levels[fine], context=context)
    straight = generalise(name, value, levels[coarse], context=context)
    there = None if half is None else generalise(name, half, levels[coarse], context=context)
    assert there is None or there == straight or there.level == levels[fine]


@given(anything, asked, contexts)
@settings(max_examples=300)
def test_plain_values_are_not_made_finer_or_other(
    value: object, step: tuple[str, str], context: Context
) -> None:
    """A coarse value that is put in again as a plain one gives itself or nothing."""
    name, level = step
    first = generalise(name, value, level, context=context)
    if first is not None and (level, name) not in {
        ("pseudonym", "identifier"),
        ("exact", "product"),
    }:
        again = generalise(name, first.value, level, context=context)
        assert again in {None, first}


# For each coarse level: how many different values there can be.
MOST = {
    ("age", "age_band"): 7,
    ("age", "adult_or_minor"): 2,
    ("amount", "band"): 11,
    ("amount", "low_mid_high"): 3,
    ("birth_date", "birth_month"): 12,
    ("birth_date", "birth_quarter"): 4,
    ("tenure", "band"): 3,
    ("tenure", "yes_no"): 2,
    ("time", "part_of_day"): 28,
    ("time", "week"): 366,
    ("time", "month"): 12,
    ("time", "season"): 4,
    ("visits", "band"): 4,
    ("visits", "yes_no"): 2,
}


@pytest.mark.parametrize("step", sorted(MOST))
def test_levels_have_few_values(step: tuple[str, str]) -> None:
    """A level has no more values than it stands for, over thousands of people."""
    rng = random.Random(1)  # noqa: S311  # no secret
    name, level = step
    days = [
        date.fromordinal(rng.randrange(date(1930, 1, 1).toordinal(), AT.date().toordinal()))
        for _ in range(2000)
    ]
    moments = [datetime(d.year, d.month, d.day, rng.randrange(24), tzinfo=UTC) for d in days]
    values: list[Any] = [
        *days,
        *moments,
        *(Decimal(rng.randrange(2_000_000)) / 100 for _ in range(2000)),
        *range(130),
    ]
    found = {generalise(name, value, level, context=CONTEXTS[0]) for value in values} - {None}
    assert 1 < len(found) <= MOST[step]


@given(st.dates(date(1930, 1, 1), date(2026, 11, 20)))
def test_no_year_of_birth_is_ever_shown(born: date) -> None:
    """Neither month nor quarter carries the day or the year."""
    for level in ("birth_month", "birth_quarter"):
        found = generalise("birth_date", born, level, context=CONTEXTS[0])
        assert found is not None
        assert not any(char.isdigit() for char in str(found.value))


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        ("  Ada ", "Ada"),
        (5, 5),
        (True, True),
        (date(2026, 5, 4), date(2026, 5, 4)),
        (datetime(2026, 5, 4, 8, 5, tzinfo=UTC), "4 May 2026, 08:05"),
        (Decimal("1E+3"), "1000"),
        (12.5, "12.5"),
        (float("inf"), None),
        (Decimal("1E+99"), None),
        (Decimal(f"1.{'1' * 3000}"), None),
        (2**70, None),
        (None, None),
        (("a",), None),
    ],
)
def test_exact_values_are_plain(value: object, plain: object) -> None:
    """The exact level changes the type at most, and never prints at length."""
    found = generalise("text", value, "exact", context=CONTEXTS[0])
    assert (None if found is None else found.value) == plain


def test_no_subclass_comes_through() -> None:
    """Text that says it is safe markup comes out as text, and so do other subclasses."""

    class Markup(str):
        __slots__ = ()

        def __html__(self) -> str:
            return self

    class Count(int):
        __slots__ = ()

    class Day(date):
        __slots__ = ()

    for value in (Markup("<b>"), Count(5), Day(2026, 5, 4)):
        found = generalise("text", value, "exact", context=CONTEXTS[0])
        assert found is not None
        assert type(found.value) in {str, int, date}


@pytest.mark.parametrize(
    ("value", "masked"),
    [("ada@example.org", "a•••@•••"), (1632960042, "•••42"), (True, None), (5.5, None)],
)
def test_identifiers_are_masked(value: object, masked: str | None) -> None:
    """Text and numbers are masked, nothing else is an identifier."""
    found = generalise("identifier", value, "mask", context=CONTEXTS[0])
    assert (None if found is None else found.value) == masked


def test_pseudonyms_need_a_key() -> None:
    """Without a key there is no pseudonym."""
    keyless = Context(AT)
    assert generalise("identifier", "ada", "pseudonym", context=CONTEXTS[0]) is not None
    assert generalise("identifier", "ada", "pseudonym", context=keyless) is None


def test_coarse_values_of_another_kind_are_omitted() -> None:
    """A band of ages is no band of amounts."""
    band = generalise("age", 30, "age_band", context=CONTEXTS[0])
    assert generalise("amount", band, "band", context=CONTEXTS[0]) is None


@pytest.mark.parametrize(("name", "level"), [("agee", "exact"), ("age", "age_bandd"), ("", "omit")])
def test_wrong_names_are_errors(name: str, level: str) -> None:
    """An unknown generaliser or level is a mistake of the program, and is named."""
    with pytest.raises(ConfigError, match="GP105"):
        generalise(name, "canary", level, context=CONTEXTS[0])


def test_coarse_values_do_not_print(sent: Sent) -> None:
    """The holder shows what was done, and pickles."""
    found = generalise("full_name", "Ada Poe", "first_name", context=CONTEXTS[0])
    assert found == Coarse("Ada", "full_name", "first_name")
    assert repr(found) == "Coarse(generaliser='full_name', level='first_name')"
    assert sent(found) == found


def test_generalisers_pickle_by_name(sent: Sent) -> None:
    """A generaliser is the same one in another process."""
    for each in GENERALISERS.values():
        assert sent(each) is each
        assert copy.deepcopy(each) is each
