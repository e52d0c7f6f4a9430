"""Postal codes and places, from the house to the country."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from itertools import takewhile
from types import MappingProxyType
from typing import Final, NamedTuple

from guardedpersonalize.minimise.context import Context
from guardedpersonalize.minimise.tables import table

__all__ = ["coarser_postcode", "place", "postcode"]


class _Area(NamedTuple):
    """An outward area: its country (ISO 3166) and the part of the code that may be shown."""

    country: str
    outward: str


# A whole code or only its outward part, which is the group. Source: the formats that the Universal
# Postal Union gives for each country.
_SHAPES: Final[Mapping[str, re.Pattern[str]]] = MappingProxyType(
    {
        "GB": re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)(?: ?[0-9][A-Z]{2})?"),
        "CA": re.compile(r"([A-Z][0-9][A-Z])(?: ?[0-9][A-Z][0-9])?"),
        "NL": re.compile(r"([0-9]{2})(?:[0-9]{2} ?[A-Z]{2})?"),
        "US": re.compile(r"([0-9]{3})(?:[0-9]{2}(?:-[0-9]{4})?)?"),
        "FR": re.compile(r"(9[78][0-9]|[0-9]{2})(?:[0-9]{3}|(?<=9[78][0-9])[0-9]{2})?"),
        "DE": re.compile(r"([0-9]{2})(?:[0-9]{3})?"),
    }
)
# Whole codes that their shape alone gives away.
_UNMISTAKABLE: Final[Mapping[str, re.Pattern[str]]] = MappingProxyType(
    {
        "GB": re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}"),
        "CA": re.compile(r"[A-Z][0-9][A-Z] ?[0-9][A-Z][0-9]"),
        "NL": re.compile(r"[0-9]{4} ?[A-Z]{2}"),
    }
)
# Outward parts that no other country has: Canada's are a letter, a digit and a letter.
_BRITISH: Final = re.compile(r"(?![A-Z][0-9][A-Z]\Z)[A-Z]{1,2}[0-9][A-Z0-9]?")
# "DE-10115": a code that names its country.
_PREFIXED: Final = re.compile(r"([A-Z]{2})[- ](?=[0-9])([0-9A-Z -]{3,10})")

# Codes of the other countries: one group or two.
_OTHER: Final = re.compile(r"(?=.*[0-9])(?:([A-Z0-9]{2,5})[ -][A-Z0-9]{2,5}|[A-Z0-9]{4,10})")
_MOST_OUTWARD: Final = 3  # characters; house choice, no more than in the countries above

_LONGEST_PLACE: Final = 60  # characters; longer is no name of a town
_LEAST_PARTS: Final = 5
_FROM_THE_END: Final = MappingProxyType({"country": -1, "region": -2, "city": -3})
_POSTCODE_PART: Final = -4
# Three letters in a row are a word: "FLAT 2" is a line of an address.
_POSTCODE_LIKE: Final = re.compile(r"(?=.*[0-9])(?!.*[A-Z]{3})[0-9A-Z][0-9A-Z -]{1,9}|")


def postcode(value: object, level: str, context: Context) -> str | None:
    """
    Return the outward part, the region or the country of a postal code.

    The country is the one that the code names ("DE-10115"), or that its shape gives away (GB, CA,
    NL), or the context's. Outward is the outward code in GB ("SW1A"), the forward sortation area
    in Canada ("M5V"), three digits in the US ("941") and overseas France, two in DE, FR and NL; in
    other countries at most three characters of the first group, or of the first half of a code
    without groups. Areas of few people have no outward part to show, and countries without a table
    no region: `postcodes.toml` has both, with their sources.

    Args:
        value: A postal code; in the countries named above also its outward part.
        level: "outward", "region" or "country".
        context: For the country where the code does not tell, and the language of its name.
    """
    area = _area(value, context.country) if isinstance(value, str) else None
    if area is None:
        return None
    if level == "outward":
        return None if _is_sparse(area) else area.outward
    return _region(area) if level == "region" else _country_name(area.country, context)


def coarser_postcode(value: object, level: str, context: Context) -> str | None:
    """
    Return the region or country of an outward part, or the country of a region.

    An outward part seldom says which country it is of ("10" is in Berlin and Amsterdam, "M5V" in
    Manchester and Toronto): only those that must be British are read.
    """
    if not isinstance(value, str):
        return None
    if country := _countries_of_regions().get(value):
        return _country_name(country, context)
    is_british = context.country in {None, "GB"} and _BRITISH.fullmatch(value)
    area = _read("GB", value) if is_british else None
    if area is None:
        return None
    return _region(area) if level == "region" else _country_name(area.country, context)


def _area(text: str, default: str | None) -> _Area | None:
    code = " ".join(text.upper().split())
    if prefixed := _PREFIXED.fullmatch(code):
        return _read(prefixed[1], prefixed[2])
    for country, shape in _UNMISTAKABLE.items():
        if shape.fullmatch(code):
            return _read(country, code)
    return _read(default, code) if default else None


def _read(country: str, code: str) -> _Area | None:
    shape = _SHAPES.get(country)
    if shape is None:
        outward = _first_part(code)
        return _Area(country, outward) if outward else None
    found = shape.fullmatch(code)
    area = _Area(country, found[1]) if found else None
    # There are 124 British areas: letters that are none of them are no postcode.
    return area if area and (country != "GB" or _key(area) in _regions("GB")) else None


def _first_part(code: str) -> str | None:
    found = _OTHER.fullmatch(code)
    if found is None:
        return None
    return (found[1] or code[: len(code) // 2])[:_MOST_OUTWARD]


def _key(area: _Area) -> str:
    """Return what the tables know an area by: its letters where it starts with letters."""
    return "".join(takewhile(str.isalpha, area.outward)) or area.outward


def _is_sparse(area: _Area) -> bool:
    return not _sparse(area.country).isdisjoint((_key(area), area.outward))


@functools.cache
def _sparse(country: str) -> frozenset[str]:
    return frozenset(_spelt_out(table("postcodes").get(country, {}).get("sparse", "")))


def _region(area: _Area) -> str | None:
    return _regions(area.country).get(_key(area))


@functools.cache
def _regions(country: str) -> Mapping[str, str]:
    """Map each outward area of *country*, as its table knows it, to its region."""
    rows = table("postcodes").get(country, {}).get("regions", {})
    return {key: region for region, keys in rows.items() for key in _spelt_out(keys)}


def _spelt_out(keys: str) -> Iterator[str]:
    """Yield each of *keys*, and everything in the ranges among them ("030-038", "TR21-TR25")."""
    for key in keys.split():
        first, _, last = key.partition("-")
        letters = "".join(takewhile(str.isalpha, first))
        if not last:
            yield first
            continue
        start, end = first.removeprefix(letters), last.removeprefix(letters)
        for number in range(int(start), int(end) + 1):
            yield f"{letters}{number:0{len(start)}}"


@functools.cache
def _countries_of_regions() -> Mapping[str, str]:
    return {name: country for country in _SHAPES for name in _regions(country).values()}


def _country_name(country: str, context: Context) -> str | None:
    language = context.locale.replace("_", "-").partition("-")[0].lower()
    name: str | None = table("postcodes")["names"].get(language, {}).get(country)
    return name


def place(value: object, level: str) -> str | None:
    """
    Return the city, region or country of a place.

    A place is a text of parts between commas, from fine to coarse: "street, postcode, city,
    region, country". Parts are counted from the end, so a street may have commas of its own; a
    part that is not known is left empty (", , Leeds, Yorkshire, United Kingdom"). A text of another
    shape is not understood and gives None: fewer than five parts, a postcode part that looks like
    none, a digit in the city, region or country. So does a part that looks like a line of a street
    address ("Rose Cottage").

    Args:
        value: The place.
        level: "city", "region" or "country".

    >>> place("1 Rose Lane, LS1 1AA, Leeds, Yorkshire, United Kingdom", "city")
    'Leeds'
    """
    parts = [part.strip() for part in value.split(",")] if isinstance(value, str) else []
    if len(parts) < _LEAST_PARTS or not _POSTCODE_LIKE.fullmatch(parts[_POSTCODE_PART].upper()):
        return None
    if any(map(_has_digit, parts[_FROM_THE_END["city"] :])):
        return None
    part = parts[_FROM_THE_END[level]]
    return part if part and _is_place_name(part) else None


def _has_digit(text: str) -> bool:
    return any(map(str.isnumeric, text))


def _is_place_name(text: str) -> bool:
    words = text.lower().replace(".", " ").split()
    if not words or len(text) > _LONGEST_PLACE:
        return False
    return _street_words().isdisjoint((words[0], words[-1]))


@functools.cache
def _street_words() -> frozenset[str]:
    return frozenset(table("places")["street_words"])
