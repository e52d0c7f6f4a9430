"""Phone numbers: Presidio's recogniser over `phonenumbers`, and shapes that it does not know."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from guardedpersonalize.check.characters import word_set
from guardedpersonalize.check.context import Detection
from guardedpersonalize.check.gates import Gated, Signs
from guardedpersonalize.check.pii.hints import NUMBERED_THINGS, Hints, weigh
from guardedpersonalize.errors import DetectorError

if TYPE_CHECKING:
    from presidio_analyzer.predefined_recognizers import PhoneRecognizer

__all__ = ["DEFAULT_REGIONS", "SHORTEST_NUMBER", "find_phones", "national_numbers"]

DEFAULT_REGIONS: Final = ("GB", "US")
"""
Regions whose national formats are known where the sender names none.

Source: house measurement on a third-party synthetic set; these two find phone numbers at a
precision of .94, Presidio's eight default regions at .73, all 245 at .15.
"""
SHORTEST_NUMBER: Final = 7
"""Digits below which a number is a short code or no phone number (house choice)."""

_HINTS: Final = Hints.of(
    r"phones?|telephones?|tel|telefono?|teléfono|téléphone|mobiles?|mob|cell|cellphone|landline"
    r"|call(?:s|ed|ing)?|text(?:s|ed|ing)?|txt|sms|whatsapp|ring|dial|fax|handy|hotline|helpline"
    r"|reach(?:ed)?|contact(?:ed)?",
    NUMBERED_THINGS,
)

# A cluster: digits with no more between them than `phonenumbers` allows. Its matcher is run on
# clusters only, with a little text around each: it is the slowest of all recognisers by far.
_CLUSTER: Final = re.compile(
    r"\d(?:[-x /.~+()\[\]\u30fc\uff0f\uff08\uff09\uff3b\uff3d\u2053\u223c\uff5e]{0,4}\d)*"
)
_PAIR: Final = re.compile(r"\d\d")
_CALENDAR: Final = re.compile(
    r"\d{1,2}([-./])\d{1,2}\1(?:\d{4}|\d{2})|(?:19|20)\d\d([-./])\d{1,2}\2\d{1,2}"
)
_BEFORE: Final = 10
_AFTER: Final = 24
_LONGEST_CLUSTER: Final = 400
_OVERLAP: Final = 40

_INTERNATIONAL: Final = re.compile(r"(?<![\w+])\+[1-9]\d{0,2}(?:[\s().\-/]{0,3}\d){6,13}(?!\d)")
"""Source: ITU E.164: a country code of one to three digits, fifteen digits in all."""
_RESERVED_GB: Final = re.compile(
    r"(?<![\d+])\(?0(?:7700|1632)\)?[\s-]?9(?:00|60)[\s-]?\d{3}(?![\d-])"
)
"""Source: Ofcom, numbers for use in TV and radio drama; `phonenumbers` holds these two invalid."""
_SHAPE_GB: Final = re.compile(
    r"(?<![\d+-])(?:\(0\d{2,4}\)\s?|0\d{2,4}[\s-])\d{3,4}[\s-]?\d{3,4}(?![\d-])"
)
_SHAPE_US: Final = re.compile(r"(?<![\d+.-])(?:\(\d{3}\)\s?|\d{3}[-.])\d{3}[-.]\d{4}(?![\d-])")
"""Numbers grouped as phone numbers are, though no such area has been given out."""
_LOCAL_US: Final = re.compile(r"(?<![\d.-])\d{3}[-. ]\d{4}(?![\d-])")
"""A number without its area code; counts only beside a word such as "call"."""

_SURE: Final = 0.6
_PRESIDIO: Final = 0.4
_LIKELY: Final = 0.45
_BARE: Final = 0.3
"""
Scores. Source: Presidio's phone recogniser gives 0.4 to all; here the shape moves it, so that bare
digits without a leading 0 need a word beside them (house choice, see the near misses in the tests).
"""

_PAIRED: Final = word_set("BE CH CZ DK ES FR GF GP IS LU MQ NO PL RE SE")
_LONG_GROUP: Final = 3
_BESIDE_A_PATH: Final = frozenset("/=_#&-.,")
_CURRENCY: Final = re.compile(r"[$€£¥₹]\s?$|\b(?:USD|EUR|GBP|Rs\.?)\s$")


def find_phones(text: str, signs: Signs, regions: tuple[str, ...]) -> Iterator[Detection]:
    """
    Yield the phone numbers in *text*.

    Args:
        text: What is read.
        signs: What it has.
        regions: ISO 3166 regions whose national formats are known; empty for the default ones.

    Raises:
        DetectorError: GP401, if there is no such region.
    """
    recogniser = _recogniser(regions or DEFAULT_REGIONS)
    for first, last in _clusters(text):
        start = max(0, first - _BEFORE)
        piece = text[start : last + _AFTER]
        for hit in recogniser.analyze(piece, ["PHONE_NUMBER"]):
            # What lies around a cluster may be cut: it has been, or will be, read as its own.
            if start + hit.start < last and start + hit.end > first:
                yield from _scored(text, start + hit.start, start + hit.end, regions)
    yield from _shapes(text, signs, regions or DEFAULT_REGIONS)


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Yield where numbers with enough digits stand; longer clusters are cut, with an overlap."""
    for cluster in _CLUSTER.finditer(text):
        # No one writes a number digit by digit, but tables do.
        if not _PAIR.search(cluster[0]) or _digits(cluster[0]) < SHORTEST_NUMBER:
            continue
        if _CALENDAR.fullmatch(cluster[0]):
            continue
        for at in range(cluster.start(), cluster.end(), _LONGEST_CLUSTER):
            yield at, min(cluster.end(), at + _LONGEST_CLUSTER + _OVERLAP)


def _digits(text: str) -> int:
    return sum(map(str.isdecimal, text))


_ABROAD: Final = Gated.of(_INTERNATIONAL)
_IN_GB: Final = tuple(map(Gated.of, (_RESERVED_GB, _SHAPE_GB)))
_IN_US: Final = Gated.of(_SHAPE_US)
_NEARBY: Final = Gated.of(_LOCAL_US)


def _shapes(text: str, signs: Signs, regions: tuple[str, ...]) -> Iterator[Detection]:
    for match in _ABROAD.finditer(text, signs):
        yield Detection("PHONE_NUMBER", *match.span(), _SURE)
    if "GB" in regions:
        for gated in _IN_GB:
            for match in gated.finditer(text, signs):
                yield from _scored(text, *match.span(), regions)
    if "US" in regions or "CA" in regions:
        for match in _IN_US.finditer(text, signs):
            yield from _scored(text, *match.span(), regions)
        for match in _NEARBY.finditer(text, signs):
            score = weigh(text, *match.span(), 0.05, _HINTS)
            yield Detection("PHONE_NUMBER", *match.span(), score)


def _scored(text: str, start: int, end: int, regions: tuple[str, ...]) -> Iterator[Detection]:
    shown = text[start:end]
    if _digits(shown) < SHORTEST_NUMBER or _CURRENCY.search(text[max(0, start - 5) : start]):
        return
    if shown.lstrip("(").startswith("+"):
        yield Detection("PHONE_NUMBER", start, end, _SURE)
        return
    yield Detection(
        "PHONE_NUMBER",
        start,
        end,
        weigh(text, start, end, _base(text, start, shown, regions), _HINTS),
    )


def _base(text: str, start: int, shown: str, regions: tuple[str, ...]) -> float:
    """Return how much the shape alone looks like a phone number."""
    groups = re.findall(r"\d+", shown)
    if start and text[start - 1] in _BESIDE_A_PATH:
        return _BARE
    if len(groups) == 1:
        return _PRESIDIO if shown.startswith("0") else _BARE
    has_long_group = max(map(len, groups)) >= _LONG_GROUP
    return _LIKELY if has_long_group or not _PAIRED.isdisjoint(regions) else _BARE


@functools.lru_cache(maxsize=64)
def _recogniser(regions: tuple[str, ...]) -> PhoneRecognizer:
    from phonenumbers import SUPPORTED_REGIONS  # noqa: PLC0415 (slow to load)

    from guardedpersonalize.check.pii.presidio import phone_recogniser  # noqa: PLC0415 (the same)

    unknown = sorted(set(regions) - SUPPORTED_REGIONS)
    if unknown:
        raise DetectorError("GP401", f"no phone numbers are known for region {unknown[0]!r}.")
    return phone_recogniser(regions)


def national_numbers(shown: str, regions: tuple[str, ...]) -> list[tuple[str, str]]:
    """
    Return the `(country code, national number)` pairs that *shown* may stand for, sorted.

    Both are digits. A number in a national format stands for one in each of *regions*, or of the
    default regions if there are none; text that cannot be a number stands for none.
    """
    # Slow to load.
    from phonenumbers import (  # noqa: PLC0415
        NumberParseException,
        national_significant_number,
        parse,
    )

    found = set()
    for region in regions or DEFAULT_REGIONS:
        try:
            number = parse(shown, region)
        except NumberParseException:
            continue
        found.add((str(number.country_code), national_significant_number(number)))
    return sorted(found)
