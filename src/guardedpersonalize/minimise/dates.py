"""Dates and times, as words: "May", "spring", "Tuesday morning". Never a year."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from guardedpersonalize.minimise.context import Context
from guardedpersonalize.minimise.words import Words

__all__ = ["as_date", "birth_date", "date_in_words", "quarter_of_month", "season_of_month", "when"]

# Nobody alive is older; Source: the longest documented life was 122 years.
_OLDEST_YEARS: Final = 123

# First hours of morning, afternoon, evening and night; before the first it is still the night of
# the day before. House choice.
_MORNING, _AFTERNOON, _EVENING, _NIGHT = 5, 12, 17, 22


def as_date(value: object, context: Context) -> date | None:
    """Return the day of *value* on the reader's clock; None if it is no date."""
    if isinstance(value, datetime):
        return context.local(value).date()
    return value if isinstance(value, date) else None


def date_in_words(value: date, context: Context) -> str:
    """Return *value* written out ("5 May 2026", "5 May 2026, 14:30"); in ISO 8601 without words."""
    moment = context.local(value) if isinstance(value, datetime) else value
    day = (
        moment.isoformat()[:10]
        if context.words is None
        else context.words.date.format(
            day=moment.day, month=context.words.months[moment.month - 1], year=moment.year
        )
    )
    return f"{day}, {moment:%H:%M}" if isinstance(moment, datetime) else day


def birth_date(value: object, level: str, context: Context) -> str | None:
    """
    Return the month ("May") or the quarter ("April to June") of a date of birth.

    A day that nobody alive was born on is taken for a mistake.
    """
    born = as_date(value, context)
    if born is None or context.words is None:
        return None
    today = context.local(context.at).date()
    if born > today or today.year - born.year >= _OLDEST_YEARS:
        return None
    month = context.words.months[born.month - 1]
    return month if level == "birth_month" else quarter_of_month(month, context)


def quarter_of_month(month: object, context: Context) -> str | None:
    """Return the quarter ("April to June") of the month named *month*."""
    index = _month_index(month, context.words)
    if context.words is None or index is None:
        return None
    first = index - index % 3
    months = context.words.months
    return context.words.between.format(low=months[first], high=months[first + 2])


def when(value: object, level: str, context: Context) -> str | None:
    """
    Return a time as coarse words.

    Args:
        value: A date or a datetime; a part of the day needs a datetime.
        level: "part_of_day" ("Tuesday morning", which names no week), "week" ("week of 4 May", its
            Monday), "month" ("May") or "season" ("spring", three calendar months).
        context: For the language, the zone and the hemisphere.
    """
    moment = context.local(value) if isinstance(value, datetime) else value
    words = context.words
    if not isinstance(moment, date) or words is None:
        return None
    if level == "part_of_day":
        return _part_of_day(moment, words) if isinstance(moment, datetime) else None
    if level == "week":
        monday = moment - timedelta(days=moment.weekday())
        return words.week.format(day=monday.day, month=words.months[monday.month - 1])
    month = words.months[moment.month - 1]
    return month if level == "month" else season_of_month(month, context)


def season_of_month(month: object, context: Context) -> str | None:
    """
    Return the season of the month named *month*.

    Source: meteorological seasons, which are whole months (December to February and so on), and
    lie half a year apart in the two hemispheres.
    """
    index = _month_index(month, context.words)
    if context.words is None or index is None:
        return None
    half_a_year = 2 if context.hemisphere == "south" else 0
    return context.words.seasons[((index + 1) // 3 + half_a_year) % 4]


def _month_index(month: object, words: Words | None) -> int | None:
    return words.months.index(month) if words and month in words.months else None


def _part_of_day(moment: datetime, words: Words) -> str:
    starts = (_MORNING, _AFTERNOON, _EVENING, _NIGHT)
    part = sum(moment.hour >= start for start in starts) % 4
    # At two in the morning of a Wednesday it is still Tuesday night.
    day = moment - timedelta(days=1) if moment.hour < _MORNING else moment
    weekday = words.weekdays[day.weekday()]
    return words.part_of_day.format(weekday=weekday, part=words.day_parts[part])
