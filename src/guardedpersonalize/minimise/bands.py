"""Numbers as bands: ages, amounts of money, how long and how often."""

from __future__ import annotations

import bisect
import functools
import itertools
from datetime import date
from decimal import Decimal
from typing import Final

from guardedpersonalize.minimise.context import Context
from guardedpersonalize.minimise.dates import as_date
from guardedpersonalize.minimise.tables import table
from guardedpersonalize.minimise.words import Words, words_for

__all__ = [
    "age",
    "amount",
    "coarser_age",
    "coarser_amount",
    "coarser_tenure",
    "coarser_visits",
    "tenure",
    "visits",
]

# Lower ends of the age bands. Source: ten-year bands from the age of majority, the bands that ad
# platforms use, top-coded at 65 (ISO/IEC 20889:2018, top and bottom coding).
_AGES: Final = (18, 25, 35, 45, 55, 65)
_OLDEST_YEARS: Final = 122  # the longest documented life

# Ends of the amount bands, in units of the currency: the 1-2-5 series, so that a band is about as
# wide as what it covers; top-coded. House choice.
_AMOUNTS: Final = (10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)
# Lower ends of "mid" and "high", two of the ends above. House choice.
_THIRDS: Final = (50, 200)

# Lower ends of "a while" and "a long while", in days. House choice: a season, two years.
_TENURES: Final = (90, 730)
_LONGEST_DAYS: Final = 150 * 366

# Lower ends of "once or twice", "a few times" and "many times". House choice.
_VISITS: Final = (1, 3, 10)
_MOST_VISITS: Final = 10**9


def _number(value: object, most: int) -> Decimal | None:
    """Return *value* as a number from 0 to *most*; None for anything else, truth values too."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    return Decimal(value) if 0 <= value <= most else None  # false for what is not a number


def age(value: object, level: str, context: Context) -> str | None:
    """
    Return the band of an age ("25 to 34", "65 and over", "under 18"), or "adult" or "under 18".

    Args:
        value: Whole years, or a date of birth.
        level: "age_band" or "adult_or_minor".
        context: For the language, and the day on which an age is counted.
    """
    born = as_date(value, context)
    years = _number(value if born is None else _years(born, context), _OLDEST_YEARS)
    if years is None or context.words is None:
        return None
    band = bisect.bisect_right(_AGES, years)
    return _age_bands(context.locale)[band if level == "age_band" else -min(band, 1)]


def coarser_age(band: object, context: Context) -> str | None:
    """Return "adult" or "under 18" for an age band."""
    minor, *bands, adult = _age_bands(context.locale) or ("", "")
    return minor if band == minor else adult if band in bands else None


def _years(born: date, context: Context) -> int:
    today = context.local(context.at).date()
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


@functools.lru_cache(maxsize=64)
def _age_bands(locale: str) -> tuple[str, ...]:
    """List every band, youngest first, then the word for an adult; nothing without words."""
    words = words_for(locale)
    if words is None:
        return ()
    pairs = itertools.pairwise(_AGES)
    middle = [words.between.format(low=low, high=high - 1) for low, high in pairs]
    oldest = words.at_least.format(low=_AGES[-1])
    return (words.under.format(high=_AGES[0]), *middle, oldest, words.adult)


def amount(value: object, level: str, context: Context) -> str | None:
    """
    Return the band of an amount of money ("£50 to £100", bare numbers without a currency), or
    whether it is low, mid or high.

    Args:
        value: Not negative.
        level: "band", or "low_mid_high" for under 50, under 200 and from 200 units.
        context: For the language and the currency.
    """
    number = _number(value, 10**12)
    if number is None or context.words is None:
        return None
    units = number / _unit(context.currency)
    if level == "band":
        return _amount_bands(context.locale, context.currency)[bisect.bisect_right(_AMOUNTS, units)]
    return context.words.thirds[bisect.bisect_right(_THIRDS, units)]


def coarser_amount(band: object, context: Context) -> str | None:
    """Return whether an amount band is low, mid or high."""
    bands = _amount_bands(context.locale, context.currency)
    if context.words is None or not isinstance(band, str) or band not in bands:
        return None
    low = (0, *_AMOUNTS)[bands.index(band)]
    return context.words.thirds[bisect.bisect_right(_THIRDS, low)]


def _unit(currency: str | None) -> int:
    unit: int = table("currencies").get(currency or "", {}).get("unit", 1)
    return unit


@functools.lru_cache(maxsize=64)
def _amount_bands(locale: str, currency: str | None) -> tuple[str, ...]:
    """List every band, lowest first; nothing without words."""
    words = words_for(locale)
    if words is None:
        return ()
    ends = [_money(end * _unit(currency), currency, words) for end in _AMOUNTS]
    pairs = itertools.pairwise(ends)
    middle = [words.between.format(low=low, high=high) for low, high in pairs]
    return (words.under.format(high=ends[0]), *middle, words.or_more.format(low=ends[-1]))


def _money(number: int, currency: str | None, words: Words) -> str:
    text = f"{number:,}".replace(",", words.thousands)
    if currency is None:
        return text
    symbol = table("currencies").get(currency, {}).get("symbol")
    return words.money.format(symbol=symbol, number=text) if symbol else f"{text} {currency}"


def tenure(value: object, level: str, context: Context) -> str | bool | None:
    """
    Return how long somebody has been here, as "a while", or whether it has been a while.

    Args:
        value: Days, or the day it began.
        level: "band", or "yes_no" for from 90 days.
        context: For the language and the day up to which is counted.
    """
    began = as_date(value, context)
    since = None if began is None else (context.local(context.at).date() - began).days
    days = _number(value if since is None else since, _LONGEST_DAYS)
    return _band(days, level, _TENURES, context.words.tenure if context.words else None)


def visits(value: object, level: str, context: Context) -> str | bool | None:
    """Return how often ("a few times", level "band"), or whether ever ("yes_no")."""
    count = _number(value, _MOST_VISITS)
    return _band(count, level, _VISITS, context.words.visits if context.words else None)


def _band(
    number: Decimal | None, level: str, starts: tuple[int, ...], texts: tuple[str, ...] | None
) -> str | bool | None:
    if number is None:
        return None
    band = bisect.bisect_right(starts, number)
    if level == "yes_no":
        return band > 0
    return texts[band] if texts else None


def coarser_tenure(band: object, context: Context) -> bool | None:
    """Return for the text of a tenure whether it has been a while."""
    return _is_above(band, context.words.tenure if context.words else None)


def coarser_visits(band: object, context: Context) -> bool | None:
    """Return for the text of a number of visits whether there was any."""
    return _is_above(band, context.words.visits if context.words else None)


def _is_above(band: object, texts: tuple[str, ...] | None) -> bool | None:
    return band != texts[0] if texts and band in texts else None
