"""Reading raw values: strict, and total."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardedpersonalize.errors import ProfileError
from guardedpersonalize.profile import Field, FieldType
from guardedpersonalize.profile.parse import fixed_offset, parse_datetime
from guardedpersonalize.vocabulary import Provenance, Source, category

if TYPE_CHECKING:
    from tests.profile.conftest import FieldMaker

NOON = datetime(2026, 5, 17, 12, 30, tzinfo=UTC)
CET = timezone(timedelta(hours=1))

FITS = [
    (FieldType.TEXT, "Ada", "Ada"),
    (FieldType.TEXT, "", ""),
    (FieldType.TEXT, " \x00\ud800\u202e ", " \x00\ud800\u202e "),
    (FieldType.INT, 3, 3),
    (FieldType.INT, "-3", -3),
    (FieldType.INT, " +03 ", 3),
    (FieldType.INT, 3.0, 3),
    (FieldType.INT, Decimal("3.00"), 3),
    (FieldType.INT, 10**18 - 1, 10**18 - 1),
    (FieldType.DECIMAL, "12.50", Decimal("12.50")),
    (FieldType.DECIMAL, 12, Decimal(12)),
    (FieldType.DECIMAL, 0.1, Decimal("0.1")),
    (FieldType.DECIMAL, Decimal("-0.005"), Decimal("-0.005")),
    (FieldType.DATE, "2024-02-29", date(2024, 2, 29)),
    (FieldType.DATE, date(1990, 5, 17), date(1990, 5, 17)),
    (FieldType.DATE, " 1900-01-01 ", date(1900, 1, 1)),
    (FieldType.DATE, "2200-12-31", date(2200, 12, 31)),
    (FieldType.DATETIME, "2026-05-17T12:30:00Z", NOON),
    (FieldType.DATETIME, "2026-05-17 13:30+01:00", NOON),
    (FieldType.DATETIME, "2026-05-17T12:30:00.000000+00:00", NOON),
    (FieldType.DATETIME, NOON, NOON),
    (FieldType.BOOL, True, True),
    (FieldType.BOOL, "No", False),
    (FieldType.BOOL, " YES ", True),
    (FieldType.BOOL, "1", True),
    (FieldType.BOOL, "false", False),
    (FieldType.ENUM, "silver", "silver"),
    (FieldType.ENUM, " silver ", "silver"),
    (FieldType.URL, "https://shop.example/a?b=c#d", "https://shop.example/a?b=c#d"),
    (FieldType.URL, "HTTP://shop.example:8080/", "HTTP://shop.example:8080/"),
    (FieldType.LIST, ["a", "b"], ("a", "b")),
    (FieldType.LIST, ("a",), ("a",)),
    (FieldType.LIST, "a; b ;;c", ("a", "b", "c")),
    (FieldType.LIST, '["a;b", "c"]', ("a;b", "c")),
    (FieldType.LIST, "", ()),
]

MISFITS = [
    (FieldType.TEXT, 3),
    (FieldType.TEXT, None),
    (FieldType.TEXT, b"Ada"),
    (FieldType.TEXT, FieldType.TEXT),
    (FieldType.INT, True),
    (FieldType.INT, 3.5),
    (FieldType.INT, "3.0"),
    (FieldType.INT, "1_000"),
    (FieldType.INT, "\u0663"),
    (FieldType.INT, "9" * 19),
    (FieldType.INT, 10**18),
    (FieldType.INT, 10**5000),
    (FieldType.INT, float("nan")),
    (FieldType.INT, float("inf")),
    (FieldType.INT, 1e300),
    (FieldType.INT, ""),
    (FieldType.DECIMAL, True),
    (FieldType.DECIMAL, "nan"),
    (FieldType.DECIMAL, "1e5"),
    (FieldType.DECIMAL, "1,5"),
    (FieldType.DECIMAL, float("nan")),
    (FieldType.DECIMAL, float("-inf")),
    (FieldType.DECIMAL, Decimal("NaN")),
    (FieldType.DECIMAL, Decimal("sNaN")),
    (FieldType.DECIMAL, Decimal("Infinity")),
    (FieldType.DECIMAL, Decimal("1E+999999")),
    (FieldType.DECIMAL, Decimal("1E-999999")),
    (FieldType.DECIMAL, 10**30),
    (FieldType.DECIMAL, [1]),
    (FieldType.DATE, "2023-02-29"),
    (FieldType.DATE, "17/05/1990"),
    (FieldType.DATE, "19900517"),
    (FieldType.DATE, "1990-W20-4"),
    (FieldType.DATE, "1899-12-31"),
    (FieldType.DATE, date(2201, 1, 1)),
    (FieldType.DATE, "0001-01-01"),
    (FieldType.DATE, NOON),
    (FieldType.DATE, 19900517),
    (FieldType.DATETIME, "2026-05-17T12:30:00"),
    (FieldType.DATETIME, datetime(2026, 5, 17, 12)),  # noqa: DTZ001  # naive on purpose
    (FieldType.DATETIME, "2026-05-17T25:00:00Z"),
    (FieldType.DATETIME, "2026-05-17T12:30:00+99:00"),
    (FieldType.DATETIME, "1899-05-17T12:30:00Z"),
    (FieldType.DATETIME, date(2026, 5, 17)),
    (FieldType.DATETIME, 1779021000),
    (FieldType.BOOL, 1),
    (FieldType.BOOL, "on"),
    (FieldType.BOOL, None),
    (FieldType.ENUM, "Silver"),
    (FieldType.ENUM, "gold"),
    (FieldType.ENUM, ""),
    (FieldType.ENUM, 3),
    (FieldType.URL, "ftp://shop.example/"),
    (FieldType.URL, "javascript:alert(1)"),
    (FieldType.URL, "shop.example"),
    (FieldType.URL, "https://"),
    (FieldType.URL, "https:///path"),
    (FieldType.URL, "https://shop.example@evil.example/"),
    (FieldType.URL, "https://shop.example/a b"),
    (FieldType.URL, 'https://shop.example/"onclick'),
    (FieldType.URL, "https://shop.example/\r\nX: y"),
    (FieldType.URL, "https://shop.example\\@evil.example"),
    (FieldType.URL, "https://[::1"),
    (FieldType.URL, "https://shop.example:99999/"),
    (FieldType.URL, "https://sh\u043ep.example/"),
    (FieldType.URL, 3),
    (FieldType.LIST, [1]),
    (FieldType.LIST, ["a", None]),
    (FieldType.LIST, '["a", 1]'),
    (FieldType.LIST, "[a"),
    (FieldType.LIST, "[" * 100_000),
    (FieldType.LIST, {"a"}),
    (FieldType.LIST, 3),
]


@pytest.mark.parametrize(("kind", "raw", "value"), FITS, ids=range(len(FITS)))
def test_what_fits_is_read(field: FieldMaker, kind: FieldType, raw: object, value: object) -> None:
    """Each type reads its own values and their text as in a CSV file."""
    read = field(kind=kind).parse(raw)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(("kind", "raw"), MISFITS, ids=range(len(MISFITS)))
def test_what_does_not_fit_is_refused(field: FieldMaker, kind: FieldType, raw: object) -> None:
    """The error names the field and its type, and nothing of the value."""
    with pytest.raises(ProfileError) as caught:
        field("loyalty", kind).parse(raw)
    assert caught.value.code == "GP202"
    message = f"the value of field 'loyalty' is not of type '{kind.value}'."
    assert caught.value.message == message
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None


def test_a_megabyte_of_text_is_read_as_it_is(field: FieldMaker) -> None:
    """Length is for the slot to judge."""
    long = "x" * 1_000_000
    assert field().parse(long) == long
    for kind in set(FieldType) - {FieldType.TEXT, FieldType.LIST}:
        with pytest.raises(ProfileError):
            field(kind=kind).parse(long)


anything = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.decimals(),
    st.text(),
    st.binary(),
    st.dates(),
    st.datetimes(),
    st.datetimes(timezones=st.timezones()),
    st.lists(st.one_of(st.text(), st.none(), st.lists(st.text()))),
    st.dictionaries(st.text(), st.text()),
    st.from_regex(r"\A[-+0-9.:TZ eE/]{1,30}\Z"),
    st.from_regex(r"\Ahttps?://[^ ]{0,20}\Z"),
)


@given(kind=st.sampled_from(FieldType), raw=anything)
def test_every_raw_value_is_read_or_refused(kind: FieldType, raw: object) -> None:
    """Nothing but GP202 leaves the parser, and what it read it reads again to the same."""
    values = ("bronze", "silver") if kind is FieldType.ENUM else ()
    field = Field("note", kind, category("user"), Provenance.PROVIDED, Source.PUBLIC, values=values)
    try:
        value = field.parse(raw)
    except ProfileError as err:
        assert err.code == "GP202"  # noqa: PT017  # success is fine too
        return
    assert field.parse(value) == value


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)))
def test_dates_survive_their_text(day: date) -> None:
    """A date and its ISO text are one value."""
    field = Field("day", FieldType.DATE, category("user"), Provenance.PROVIDED, Source.DATA_SUBJECT)
    assert field.parse(day.isoformat()) == field.parse(day) == day


@given(st.integers(-(10**18) + 1, 10**18 - 1))
def test_integers_survive_their_text(number: int) -> None:
    """An integer and its digits are one value."""
    field = Field(
        "count", FieldType.INT, category("user"), Provenance.PROVIDED, Source.DATA_SUBJECT
    )
    assert field.parse(str(number)) == field.parse(number) == number


def test_a_time_keeps_its_wall_clock_and_loses_its_zone() -> None:
    """The part of the day is told by the clock that the person saw."""
    moment = datetime(2026, 5, 17, 22, 15, tzinfo=CET)
    assert parse_datetime("2026-05-17T22:15+01:00") == moment
    assert fixed_offset(moment) == moment
    assert fixed_offset(moment).hour == 22  # type: ignore[union-attr]


class Broken(tzinfo):
    """A time zone that fails, with a message that nobody may see."""

    def utcoffset(self, when: datetime | None) -> timedelta:
        """Fail."""
        raise RuntimeError("17 May 1990")


class Vague(tzinfo):
    """A time zone that does not know."""

    def utcoffset(self, when: datetime | None) -> None:
        """Say nothing."""


@pytest.mark.parametrize("zone", [Broken(), Vague(), None])
def test_a_time_zone_that_tells_nothing_makes_no_time(zone: tzinfo | None) -> None:
    """Foreign code that fails is a time without a zone."""
    moment = datetime(2026, 5, 17, tzinfo=zone)
    assert fixed_offset(moment) is None
    assert parse_datetime(moment) is None
