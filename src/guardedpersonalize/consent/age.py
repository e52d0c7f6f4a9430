"""Whether a person is too young, as far as that can be told."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from guardedpersonalize.consent.holder import AgeGroup, Consent
from guardedpersonalize.consent.readings import Question
from guardedpersonalize.errors import ProfileError
from guardedpersonalize.profile import Field, Profile

__all__ = ["Ages", "ages_of"]

# "16-24", "65+", "40": a band is as young as its lower end.
_BAND: Final = re.compile(r"([0-9]{1,3})(?:\s*(?:[-–]\s*[0-9]{1,3}|\+))?")  # noqa: RUF001  # both dashes
_WORDS: Final = {"adult": AgeGroup.ADULT, "minor": AgeGroup.MINOR, "child": AgeGroup.CHILD}
_YOUNG: Final = frozenset({AgeGroup.MINOR, AgeGroup.CHILD})


@dataclass(frozen=True, slots=True, repr=False)
class Ages:
    """
    What is on file about a person's age. Its repr shows nothing of it.

    Args:
        stated: Age groups that were stated.
        years: Ages in whole years, each the youngest that the value leaves open.
        is_unclear: True where a value is there and cannot be read.
    """

    stated: frozenset[AgeGroup]
    years: tuple[int, ...]
    is_unclear: bool

    def is_below(self, limit_years: int) -> bool | None:
        """
        Tell whether the person is younger than *limit_years*; None where that cannot be told.

        The younger of two contradictory ages counts. Where nothing at all is on file and nobody
        asked, the person counts as an adult, as the law does where it speaks of knowing.
        """
        if not self.stated.isdisjoint(_YOUNG) or any(years < limit_years for years in self.years):
            return True
        if AgeGroup.ADULT in self.stated:
            return False
        if self.is_unclear or (AgeGroup.UNKNOWN in self.stated and not self.years):
            return None
        return False


def ages_of(profile: Profile, consent: Consent, question: Question) -> Ages:
    """Return what *consent* and the age fields of *profile* say about the person's age."""
    stated = set() if consent.age_group is None else {consent.age_group}
    years: list[int] = []
    is_unclear = False
    for field in question.use.age_fields:
        if field.name not in profile.held:
            continue
        found = _read(field, profile.reveal(field.name), question.at.date())
        if isinstance(found, AgeGroup):
            stated.add(found)
        elif found is not None and 0 <= found <= question.use.law.age.oldest_years:
            years.append(found)
        else:
            is_unclear = True
    return Ages(frozenset(stated), tuple(years), is_unclear)


def _read(field: Field, raw: object, today: date) -> int | AgeGroup | None:
    try:
        value = field.parse(raw)
    except ProfileError:
        return None
    if isinstance(value, date):
        return _years_between(value, today)
    if isinstance(value, str):
        return _read_text(value.strip(), today)
    # True is an int too, and says nothing about an age.
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return int(value) if is_number else None  # type: ignore[arg-type]


def _read_text(text: str, today: date) -> int | AgeGroup | None:
    band = _BAND.fullmatch(text)
    if band is not None:
        return int(band[1])
    try:
        return _years_between(date.fromisoformat(text), today)
    except ValueError:
        return _WORDS.get(text.casefold())


def _years_between(birth: date, today: date) -> int:
    # Whoever was born on 29 February comes of age on 1 March: a day late rather than early.
    is_before_birthday = (today.month, today.day) < (birth.month, birth.day)
    return today.year - birth.year - is_before_birthday
