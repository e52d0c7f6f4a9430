"""Dates of birth and ages, known by the words beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from guardedpersonalize.check.context import Detection
from guardedpersonalize.check.gates import Gate, Gated, Signs
from guardedpersonalize.check.pii.hints import Hints, weigh

__all__ = ["find_ages", "find_births", "may_hold_birth"]

_DAY: Final = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR: Final = r"(?P<{}>(?:1[89]|20)\d\d|['\u2019]?\d\d)"
_DATE: Final = re.compile(
    r"(?<![\w./-])(?:"
    r"(?P<full>\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}([-/.])\d{1,2}\2(?:\d{4}|\d{2}))"
    rf"|{_DAY}(?:\s{{1,2}}|-)(?:of\s)?(?:the\s)?{_MONTH}(?:(?:,?\s{{1,2}}|-){_YEAR.format('dmy')})?"
    rf"|{_MONTH}\s{{1,2}}(?:the\s)?{_DAY}(?:,?\s{{1,2}}{_YEAR.format('mdy')})?"
    r")(?!\w|[/-]\d|\.\d)",
    re.IGNORECASE,
)
_YEAR_ALONE: Final = re.compile(
    r"\b(?:you|he|she|they)\s(?:were|was|are|is)\sborn\s(?:back\s)?in\s((?:19|20)\d\d)(?!\d)",
    re.IGNORECASE,
)
_OTHER_DATES: Final = (
    r"until|till|by|before|after|from|between|ends?|ending|expir\w{1,4}|valid|deliver\w{0,3}"
    r"|orders?|ordered|since|opens?|opening|closes?|closing|starts?|starting|sale|offer|founded"
    r"|established|updated|published|on sale|arriv\w{1,4}|due|invoice|visit|runs?|running|copyright"
)
_BIRTH_WORDS: Final = r"born|birth(?:days?|date)?|b-?days?|d\.?o\.?b\.?"
_FULL_HINTS: Final = Hints.of(_BIRTH_WORDS, _OTHER_DATES)
_PART_HINTS: Final = Hints.of(
    r"(?:your|his|her|their|my)\s(?:\w{1,20}\s){0,2}?b(?:irth)?-?days?|you(?:\swere|['\u2019]re)\sborn",
    _OTHER_DATES,
)

_BASE: Final = 0.35
_PART_BASE: Final = 0.2
_AGE_SCORE: Final = 0.6
"""House choice: a date is below the threshold of 0.4 until a word beside it speaks for it."""

_YOUNGEST: Final = 13
_OLDEST: Final = 115
"""Years that "you are 15" may speak of; below, a count is likelier (house choice)."""

_NOT_OF_PEOPLE: Final = (
    r"whisky|whiskey|malt|rum|port|wine|wines|brandy|cognac|cheddar|cheese|oak|oaks|tree|trees"
    r"|brand|company|firm|business|recipe|tradition|history|house|building|castle|guarantee"
    r"|warranty|vine|vines|balsamic|bourbon|scotch|tawny|partnership|church|mill|pub"
)
_BARE_AGE: Final = re.compile(
    r"\b(?:you(?:['\u2019]re|\sare|\swere|['\u2019]ve\sturned|\sturn(?:ed)?|\swill\sbe|['\u2019]ll\s(?:be|turn))"
    r"|turning|(?:he|she)(?:['\u2019]s|\sis))"
    r"\s(?:now\s|just\s|already\s|nearly\s|almost\s|only\s)?(?P<age>\d{2,3})"
    r"(?=\syears?[\s-]old\b|\syears\sof\sage\b|\s?[!?)]|\s?\.(?:\s|$)|,(?!\d)|\s(?:today|soon|now|on|last)\b"
    r"|\s(?:this|next)\s(?:week|month|year|spring|summer|autumn|winter|birthday|\w{3,9}day)|\s?$)",
    re.IGNORECASE,
)
_YEAR_OLD: Final = re.compile(
    r"\b(?:as\san?|you(?:['\u2019]re|\sare)\san?|your|his|her|my)\s(?P<age>\d{1,3})[\s-]years?[\s-]old\b"
    rf"(?!\s(?:\w{{1,20}}\s)?(?:{_NOT_OF_PEOPLE})\b)",
    re.IGNORECASE,
)
_NAMED_AGE: Final = re.compile(
    r"\b(?:your|his|her)\sage(?:\sis|\sof|:)?\s(?P<age>\d{1,3})\b|"
    r"\b(?:age\s?[:=]\s?|at\sage\s|(?:you|reader|customer|member|\w{2,20},)\s?aged\s)(?P<years>\d{2,3})\b"
    r"(?!\s?(?:\+|%|-\s?\d|or\s|and\s(?:up|over|above|under)|to\s\d|plus\b|months\b))",
    re.IGNORECASE,
)
_BIRTHDAY: Final = re.compile(
    r"\b(?:(?:your|his|her)|happy)\s(?P<age>\d{1,3})(?:st|nd|rd|th)\sb(?:irth)?-?day\b"
    r"(?!\sto\s(?:us|our)\b|\s(?:sale|offer|range))",
    re.IGNORECASE,
)
_AGES: Final = tuple(
    (Gated.of(pattern), lowest)
    for pattern, lowest in (
        (_BARE_AGE, _YOUNGEST),
        (_YEAR_OLD, 1),
        (_NAMED_AGE, _YOUNGEST),
        (_BIRTHDAY, 1),
    )
)
_BIRTH_TRIGGER: Final = Gate.of(r"born|birth|b-?day|d\.?o\.?b")


def may_hold_birth(signs: Signs) -> bool:
    """Tell whether a text with *signs* has a word without which no date is one of birth."""
    return signs.digits > 0 and _BIRTH_TRIGGER.lets(signs)


def find_births(text: str) -> Iterator[Detection]:
    """Yield the dates of birth in *text*."""
    for match in _DATE.finditer(text):
        has_year = bool(match["full"] or match["dmy"] or match["mdy"])
        base, hints = (_BASE, _FULL_HINTS) if has_year else (_PART_BASE, _PART_HINTS)
        score = weigh(text, *match.span(), base, hints)
        # No word beside it, or one against it: a date like any other.
        if score > base:
            yield Detection("DATE_OF_BIRTH", *match.span(), score)
    for match in _YEAR_ALONE.finditer(text):
        yield Detection("DATE_OF_BIRTH", *match.span(1), _AGE_SCORE)


def find_ages(text: str, signs: Signs) -> Iterator[Detection]:
    """Yield the ages of people in *text*, which has these *signs*: the number alone is the hit."""
    for gated, lowest in _AGES:
        for match in gated.finditer(text, signs):
            group = "age" if match["age"] else "years"
            if lowest <= int(match[group]) <= _OLDEST:
                yield Detection("AGE", *match.span(group), _AGE_SCORE)
