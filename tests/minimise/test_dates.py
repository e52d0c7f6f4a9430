from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from guardedpersonalize.minimise import Context, generalise
from guardedpersonalize.minimise.dates import (
    as_date,
    birth_date,
    date_in_words,
    quarter_of_month,
    season_of_month,
    when,
)

MONDAY = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("born", "month", "quarter"),
    [
        (date(1990, 5, 12), "May", "April to June"),
        (date(2000, 1, 1), "January", "January to March"),
        (date(2026, 11, 20), "November", "October to December"),
        (date(1904, 3, 31), "March", "January to March"),
        (datetime(1970, 12, 31, 23, 59, tzinfo=UTC), "December", "October to December"),
    ],
)
def test_birth_dates_become_months_and_quarters(
    context: Context, born: date, month: str, quarter: str
) -> None:
    """A date of birth is shown without its day and year."""
    assert birth_date(born, "birth_month", context) == month
    assert birth_date(born, "birth_quarter", context) == quarter


@pytest.mark.parametrize("born", [date(2026, 11, 21), date(1903, 1, 1), "1990-05-12", None, 5])
def test_impossible_birth_dates_are_omitted(context: Context, born: object) -> None:
    """Nobody was born tomorrow or 123 years ago, and text is no date."""
    assert birth_date(born, "birth_month", context) is None


def test_dates_need_words(wordless: Context) -> None:
    """A language without month names gets none of another."""
    assert birth_date(date(1990, 5, 12), "birth_month", wordless) is None
    assert when(MONDAY, "month", wordless) is None
    assert quarter_of_month("May", wordless) is None
    assert season_of_month("May", wordless) is None


@pytest.mark.parametrize(
    ("hours", "part"),
    [
        (-1, "Monday morning"),
        (-4, "Sunday night"),
        (4, "Monday afternoon"),
        (9, "Monday evening"),
        (14, "Monday night"),
        (20, "Monday night"),
        (21, "Tuesday morning"),
    ],
)
def test_night_belongs_to_the_day_before(context: Context, hours: int, part: str) -> None:
    """Two o'clock of a Tuesday morning is still Monday night."""
    assert when(MONDAY + timedelta(hours=hours), "part_of_day", context) == part


def test_times_become_weeks_months_and_seasons(context: Context, german: Context) -> None:
    """A week is named by its Monday, a season by whole months."""
    friday = MONDAY + timedelta(days=4)
    assert when(friday, "week", context) == "week of 4 May"
    assert when(friday.date(), "week", german) == "Woche vom 4. Mai"
    assert when(friday, "month", context) == "May"
    assert when(friday, "season", context) == "spring"


def test_seasons_turn_round_in_the_south(context: Context) -> None:
    """In the southern half of the earth May is autumn."""
    south = replace(context, hemisphere="south")
    seasons = [season_of_month(month, south) for month in ("January", "May", "July", "December")]
    assert seasons == ["summer", "autumn", "winter", "summer"]


def test_day_has_no_part(context: Context) -> None:
    """A date without a time cannot say whether it was morning."""
    assert when(MONDAY.date(), "part_of_day", context) is None


def test_reader_lives_in_another_zone(context: Context) -> None:
    """Times are told on the reader's clock where it is known."""
    tokyo = replace(context, zone=timezone(timedelta(hours=9)))
    assert when(MONDAY, "part_of_day", tokyo) == "Monday evening"
    assert as_date(MONDAY + timedelta(hours=15), tokyo) == date(2026, 5, 5)
    assert when(MONDAY.replace(tzinfo=None), "part_of_day", tokyo) == "Monday morning"


def test_dates_are_written_out(context: Context, german: Context, wordless: Context) -> None:
    """An exact date follows the language; without words it is ISO 8601."""
    assert date_in_words(MONDAY.date(), context) == "4 May 2026"
    assert date_in_words(MONDAY, german) == "4. Mai 2026, 08:00"
    assert date_in_words(MONDAY.date(), replace(context, locale="en-US")) == "May 4, 2026"
    assert date_in_words(MONDAY, wordless) == "2026-05-04, 08:00"


def test_no_season_of_what_is_no_month(context: Context) -> None:
    """A week may span two months, so no month and no season follow from it."""
    week = generalise("time", MONDAY, "week", context=context)
    assert generalise("time", week, "month", context=context) is None
    assert quarter_of_month("week of 4 May", context) is None


def test_last_day_of_all_is_omitted(context: Context) -> None:
    """A date that no other zone can hold is left out, not an error."""
    far = replace(context, zone=timezone(timedelta(hours=9)))
    moment = datetime(9999, 12, 31, 23, 0, tzinfo=UTC)
    assert generalise("time", moment, "month", context=far) is None
