"""How long a consent runs: the date part of ISO 8601 durations, strict and true to the calendar."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, datetime, timedelta
from typing import Final

from guardedpersonalize.errors import ConsentError

__all__ = ["Duration"]

# Four digits are 9,999 years, more than a date can hold.
_SYNTAX: Final = re.compile(
    r"P(?=[0-9])(?:([0-9]{1,4})Y)?(?:([0-9]{1,4})M)?(?:([0-9]{1,4})W)?(?:([0-9]{1,4})D)?"
)
_MONTHS: Final = 12
_END: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Duration:
    """
    A length of calendar time.

    Args:
        years: Calendar years.
        months: Calendar months.
        weeks: Weeks of seven days.
        days: Days.
    """

    years: int = 0
    months: int = 0
    weeks: int = 0
    days: int = 0

    @classmethod
    def parse(cls, text: str) -> Duration:
        """
        Read `P[n]Y[n]M[n]W[n]D`: at least one part, in this order, whole numbers, no times of day.

        Raises:
            ConsentError: GP212, if *text* is anything else.

        Source:
            ISO 8601-2:2019 lets weeks stand beside the other parts. Parts of a day are left out:
            consent is counted in days.

        >>> str(Duration.parse("P1Y6M"))
        'P1Y6M'
        """
        match = _SYNTAX.fullmatch(text) if isinstance(text, str) else None
        if match is None:
            raise ConsentError(
                "GP212",
                "a duration is not written as ISO 8601 asks.",
                remedy="Write years, months, weeks and days, as in 'P1Y', 'P6M' or 'P90D'.",
            )
        return cls(*(int(part or 0) for part in match.groups()))

    def after(self, start: datetime) -> datetime:
        """
        Return the moment this long after *start*, an aware time; the last there is if it is later.

        Months end early where they are short: a month after 31 January is 28 or 29 February.
        """
        months = start.month - 1 + self.months + self.years * _MONTHS
        year, month = start.year + months // _MONTHS, months % _MONTHS + 1
        if year > MAXYEAR:
            return _END
        day = min(start.day, calendar.monthrange(year, month)[1])
        try:
            moved = start.replace(year=year, month=month, day=day)
            return moved + timedelta(weeks=self.weeks, days=self.days)
        except OverflowError:
            return _END

    def __str__(self) -> str:
        named = zip((self.years, self.months, self.weeks, self.days), "YMWD", strict=True)
        return "P" + ("".join(f"{count}{unit}" for count, unit in named if count) or "0D")
