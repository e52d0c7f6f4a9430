"""The words that coarse values are written in, per language."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

from guardedpersonalize.minimise.tables import table

__all__ = ["Words", "words_for"]


@dataclass(frozen=True, slots=True)
class Words:
    """
    Month names, seasons and band texts of one language.

    Args:
        months: January first.
        weekdays: Monday first.
        day_parts: Night, morning, afternoon, evening.
        seasons: Winter, spring, summer, autumn.
        date: Pattern of `{day}`, `{month}`, `{year}`.
        week: Pattern of the `{day}` and `{month}` of a week's Monday.
        part_of_day: Pattern of `{weekday}` and `{part}`.
        between: Pattern of `{low}` and `{high}`.
        under: Pattern of `{high}`, which is not included.
        at_least: Pattern of `{low}`, for ages.
        or_more: Pattern of `{low}`, for amounts.
        adult: Somebody of age.
        thirds: Low, mid, high.
        tenure: Three texts, shortest first.
        visits: Four texts, from none to many.
        money: Pattern of `{symbol}` and `{number}`.
        thousands: Separator of thousands.
    """

    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    day_parts: tuple[str, ...]
    seasons: tuple[str, ...]
    date: str
    week: str
    part_of_day: str
    between: str
    under: str
    at_least: str
    or_more: str
    adult: str
    thirds: tuple[str, ...]
    tenure: tuple[str, ...]
    visits: tuple[str, ...]
    money: str
    thousands: str


@functools.lru_cache(maxsize=64)
def words_for(locale: str) -> Words | None:
    """
    Return the words for *locale*, such as "en" or "en-US"; None for a language we do not have.

    A region that we do not know gives its language's words.
    """
    language, _, region = locale.replace("_", "-").partition("-")
    base = table("words").get(language.lower())
    if base is None:
        return None
    row = {**base, **table("words").get(f"{language.lower()}-{region.upper()}", {})}
    fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in row.items()}
    return Words(**fields)
