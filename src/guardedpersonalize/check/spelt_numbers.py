"""Numbers, amounts and dates as they are written."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import accumulate, pairwise
from typing import Final, TypeAlias

from guardedpersonalize.check.folding import fold
from guardedpersonalize.check.months import MONTHS
from guardedpersonalize.check.spelling import EchoKind, Spelling

__all__ = ["SMALLEST_NUMBER", "date_in", "date_texts", "dates", "figures", "numbers"]

SMALLEST_NUMBER: Final = 1000
"""Whole numbers below this are everywhere, and not searched."""
_SMALLEST_AMOUNT: Final = 100
_LARGEST_NUMBER: Final = 10**18
_ISO_DATE: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].{0,40})?")
_NUMERIC_DATE: Final = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")


def numbers(value: float | Decimal) -> Iterator[Spelling]:
    """Yield a number or an amount with and without separators; small ones are everywhere."""
    number = abs(Decimal(str(value)))
    if not number.is_finite() or number >= _LARGEST_NUMBER:
        return
    whole, fraction = divmod(number, 1)
    smallest = _SMALLEST_AMOUNT if fraction else SMALLEST_NUMBER
    if number < smallest:
        return
    digits = format(whole.to_integral_value(), "f")
    decimals = format(fraction.normalize(), "f").partition(".")[2]
    for tail in sorted({decimals, decimals.ljust(2, "0"), decimals or "00"}):
        yield _number(digits, tail, is_grouped=False)
        yield _number(digits, tail, is_grouped=True)


def _number(digits: str, decimals: str, *, is_grouped: bool) -> Spelling:
    places = set(range(len(digits) - 3, 0, -3)) if is_grouped else set()
    if decimals:
        places.add(len(digits))
    where = frozenset(places)
    return Spelling(digits + decimals, EchoKind.NUMBER, where, where)


def date_in(text: str) -> list[date]:
    """Return the dates that *text* as a whole may be; two where day and month can be swapped."""
    if match := _ISO_DATE.fullmatch(text):
        orders = [match.group(1, 2, 3)]
    elif match := _NUMERIC_DATE.fullmatch(text):
        orders = [match.group(3, 2, 1), match.group(3, 1, 2)]
    else:
        return []
    found = []
    for year, month, day in orders:
        try:
            found.append(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return found


def dates(value: date, lang: str) -> Iterator[Spelling]:
    """Yield a date in figures and spelt out, in English and in *lang*."""
    for words, kind in _ways(value, lang):
        yield _date(words, kind)
    for text in _run_together(value):
        yield Spelling(text, EchoKind.DATE, frozenset(), frozenset())


def date_texts(value: date, lang: str) -> Iterator[str]:
    """Yield the texts of `dates`."""
    for words, _ in _ways(value, lang):
        yield "".join(words)
    yield from _run_together(value)


Way: TypeAlias = tuple[tuple[str, ...], EchoKind]


def figures(value: date) -> list[str]:
    """Return the texts of a date in figures; all figures of the others are in these."""
    return ["".join(words) for words in _in_figures(value)]


def _ways(value: date, lang: str) -> Iterator[Way]:
    """Yield the folded words of a date in their orders."""
    for words in _in_figures(value):
        yield words, EchoKind.DATE
    yield from _spelt_out(value, lang)


def _in_figures(value: date) -> Iterator[tuple[str, str, str]]:
    for d in _padded(value.day):
        for m in _padded(value.month):
            for y in _years(value):
                yield from ((d, m, y), (m, d, y), (y, m, d))


def _run_together(value: date) -> tuple[str, str]:
    year, month, day = f"{value.year:04}", f"{value.month:02}", f"{value.day:02}"
    return year + month + day, day + month + year


def _padded(number: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys((str(number), f"{number:02}")))


def _years(value: date) -> tuple[str, str]:
    return f"{value.year:04}", f"{value.year % 100:02}"


def _spelt_out(day: date, lang: str) -> Iterator[Way]:
    """Yield dates with the name of the month, in English and in *lang*."""
    days, years = _padded(day.day), _years(day)
    for language in dict.fromkeys(("en", lang.partition("-")[0].lower())):
        names, link = MONTHS.get(language, ((), ""))
        links = (link,) if link else ()
        spoken = [*days, str(day.day) + _ordinal(day.day)] if language == "en" else days
        for name in map(_folded, names[day.month - 1].split() if names else ()):
            for d in spoken:
                for words in dict.fromkeys(
                    ((d, name), (d, *links, name), (name, d), (name, "the", d))
                ):
                    yield words, EchoKind.DAY_AND_MONTH
                    for year in years:
                        yield (*words, year), EchoKind.DATE
                        if links:
                            yield (*words, *links, year), EchoKind.DATE
            yield from (((years[0], name, d), EchoKind.DATE) for d in days)


def _date(words: tuple[str, ...], kind: EchoKind) -> Spelling:
    """Make a spelling of *words*, parted where two of a kind meet and perhaps elsewhere."""
    shape = tuple([(len(word), word[0].isdecimal(), word[-1].isdecimal()) for word in words])
    return Spelling("".join(words), kind, *_breaks(shape))


# Of dates there are few shapes.
@functools.lru_cache(maxsize=4096)
def _breaks(shape: tuple[tuple[int, bool, bool], ...]) -> tuple[frozenset[int], frozenset[int]]:
    """
    Return the places where words must be parted, and where they may be.

    Args:
        shape: Of each word its length, and whether it begins and ends with a digit.
    """
    ends = list(accumulate(size for size, _, _ in shape))[:-1]
    meet = zip(ends, pairwise(shape), strict=True)
    required = frozenset(end for end, (one, other) in meet if one[2] == other[1])
    return required, frozenset(ends)


@functools.lru_cache(maxsize=1024)
def _folded(word: str) -> str:
    """Fold the name of a month: there are few of them."""
    return fold(word).text


def _ordinal(day: int) -> str:
    if day in {11, 12, 13}:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
