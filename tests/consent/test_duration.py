"""Durations are read strictly and counted by the calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardedpersonalize.consent import Duration
from guardedpersonalize.errors import ConsentError

LAST = datetime.max.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P1Y", Duration(years=1)),
        ("P6M", Duration(months=6)),
        ("P2W", Duration(weeks=2)),
        ("P90D", Duration(days=90)),
        ("P1Y2M3W4D", Duration(1, 2, 3, 4)),
        ("P0D", Duration()),
    ],
)
def test_a_duration_is_read(text: str, expected: Duration) -> None:
    """Each part stands for itself, in the order of ISO 8601."""
    assert Duration.parse(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "P",
        "1Y",
        "P1",
        "P1H",
        "PT1H",
        "P1Y ",
        "P-1Y",
        "P1.5Y",
        "P1M1Y",
        "P10000Y",
        "p1y",
        "P\N{ARABIC-INDIC DIGIT ONE}Y",
        5,
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    """A duration that is not understood is an error, not a guess."""
    with pytest.raises(ConsentError) as caught:
        Duration.parse(text)
    assert caught.value.code == "GP212"


@pytest.mark.parametrize(
    ("start", "text", "end"),
    [
        ("2026-01-31", "P1M", "2026-02-28"),
        ("2024-01-31", "P1M", "2024-02-29"),
        ("2024-02-29", "P1Y", "2025-02-28"),
        ("2026-11-15", "P14M", "2028-01-15"),
        ("2026-12-31", "P1W1D", "2027-01-08"),
        ("2026-03-01", "P0D", "2026-03-01"),
        ("2026-03-01", "P7973Y", "9999-03-01"),
    ],
)
def test_months_and_years_follow_the_calendar(start: str, text: str, end: str) -> None:
    """A month is as long as the calendar says, and ends early where the next one is short."""
    moment = datetime.fromisoformat(f"{start}T12:00:00+00:00")
    assert Duration.parse(text).after(moment) == datetime.fromisoformat(f"{end}T12:00:00+00:00")


@pytest.mark.parametrize("text", ["P9999Y", "P7974Y", "P9999W9999D"])
def test_a_duration_past_the_end_of_time_ends_there(text: str) -> None:
    """What no date can hold is the last moment, not an error."""
    late = datetime(9999 if "W" in text else 2026, 1, 1, tzinfo=UTC)
    assert Duration.parse(text).after(late) == LAST


counts = st.integers(min_value=0, max_value=9999)


@given(st.builds(Duration, counts, counts, counts, counts))
def test_a_duration_reads_back_what_it_writes(duration: Duration) -> None:
    """Text and duration say the same."""
    assert Duration.parse(str(duration)) == duration


@given(
    st.datetimes(max_value=datetime(9000, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  # made aware
    st.builds(Duration, counts, counts),
    st.integers(min_value=0, max_value=400),
)
def test_a_longer_duration_never_ends_earlier(start: datetime, length: Duration, days: int) -> None:
    """More days mean a later end, or the same at the end of time."""
    longer = Duration(length.years, length.months, days=days)
    gap = longer.after(start) - length.after(start)
    assert gap == timedelta(days=days) or longer.after(start) == LAST
