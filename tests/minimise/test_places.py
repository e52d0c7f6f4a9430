from __future__ import annotations

from dataclasses import replace

import pytest

from guardedpersonalize.minimise import Context, generalise
from guardedpersonalize.minimise.places import (
    _regions,
    _sparse,
    _spelt_out,
    coarser_postcode,
    place,
    postcode,
)
from guardedpersonalize.minimise.tables import table

HOME = "1 Rose Lane, LS1 1AA, Leeds, Yorkshire, United Kingdom"


@pytest.mark.parametrize(
    ("code", "country", "outward", "region", "land"),
    [
        ("SW1A 1AA", None, "SW1A", "London", "United Kingdom"),
        ("sw1a1aa", None, "SW1A", "London", "United Kingdom"),
        ("E1 6AN", "US", "E1", "London", "United Kingdom"),
        ("E16AN", None, "E1", "London", "United Kingdom"),
        ("M1", "GB", "M1", "North West", "United Kingdom"),
        ("BT1 5GS", "GB", "BT1", "Northern Ireland", "United Kingdom"),
        ("M5V 3L9", None, "M5V", "Ontario", "Canada"),
        ("TR20 8AA", None, "TR20", "South West", "United Kingdom"),
        ("94105", "US", "941", "California", "United States"),
        ("94105-1234", "US", "941", "California", "United States"),
        ("US-10001", "GB", "100", "New York", "United States"),
        ("06390", "US", None, "Connecticut", "United States"),
        ("10115", "DE", "10", None, "Germany"),
        ("DE 10115", None, "10", None, "Germany"),
        ("75001", "FR", "75", "Île-de-France", "France"),
        ("97110", "FR", "971", "Guadeloupe", "France"),
        ("1234 AB", None, "12", None, "Netherlands"),
        ("114 55", "SE", "114", None, "Sweden"),
        ("D02 AF30", "IE", "D02", None, "Ireland"),
        ("1010", "AT", "10", None, "Austria"),
        ("110001", "IN", "110", None, None),
        ("01310-100", "BR", "013", None, None),
    ],
)
def test_postcodes_lose_their_fine_part(
    *,
    context: Context,
    code: str,
    country: str | None,
    outward: str | None,
    region: str | None,
    land: str | None,
) -> None:
    """A postcode becomes its outward part, its region, its country."""
    here = replace(context, country=country)
    found = [postcode(code, level, here) for level in ("outward", "region", "country")]
    assert found == [outward, region, land]


@pytest.mark.parametrize(
    ("given", "level", "coarser"),
    [
        ("SW1A", "region", "London"),
        ("SW1A", "country", "United Kingdom"),
        ("London", "country", "United Kingdom"),
        ("10", "region", None),  # Berlin's or Amsterdam's
        ("M5V", "country", None),  # Toronto's or Manchester's
        (10, "region", None),
    ],
)
def test_a_coarse_postcode_is_made_coarser_where_its_country_is_known(
    context: Context, given: object, level: str, coarser: str | None
) -> None:
    """What may be of two countries is of none."""
    assert coarser_postcode(given, level, replace(context, country=None)) == coarser


@pytest.mark.parametrize(
    ("code", "country"),
    [
        ("94105", None),  # an American or a German one
        ("94105", "GB"),
        ("ZZ1 1AA", None),  # no such area
        ("SW1A 1", "GB"),
        ("9412", "US"),
        ("9712", "FR"),
        ("101", "IS"),  # the whole code
        ("1 Rose Lane", "AT"),
        ("ABCDEF", "AT"),
        ("", "GB"),
        (5, "GB"),
        (None, "GB"),
    ],
)
def test_what_is_no_postcode_is_omitted(
    context: Context, code: object, country: str | None
) -> None:
    """What cannot be told for certain is left out."""
    here = replace(context, country=country)
    assert [postcode(code, level, here) for level in ("outward", "country")] == [None, None]


@pytest.mark.parametrize(
    "code",
    [
        "ZE1 0AA",
        "HS2 0AA",
        "IV27 4AA",
        "TR21 0AA",
        "TR25 0AA",
        "PA60 7AA",
        "GY9 3AA",
        "US-03601",
        "US-83001",
        "X0A 0H0",
    ],
)
def test_sparse_areas_have_no_outward_part(context: Context, code: str) -> None:
    """An area of few people is not named, though its country is."""
    assert postcode(code, "outward", context) is None
    assert postcode(code, "country", context) is not None


def test_regions_know_their_country(context: Context, german: Context) -> None:
    """An outward part has a region, and a region a country, in the reader's language."""
    outward = generalise("postcode", "SW1A 1AA", "outward", context=context)
    region = generalise("postcode", outward, "region", context=context)
    assert region is not None
    assert region.value == "London"
    country = generalise("postcode", region, "country", context=german)
    assert country is not None
    assert country.value == "Vereinigtes Königreich"


def test_each_area_lies_in_one_region() -> None:
    """No table names an area twice, and the British one names all 124."""
    for country in ("GB", "US", "CA", "FR"):
        rows = table("postcodes")[country]["regions"].values()
        areas = [area for keys in rows for area in _spelt_out(keys)]
        assert len(areas) == len(set(areas)), country
    assert len(_regions("GB")) == 124
    assert len(_sparse("US")) == 17


def test_country_names_are_there_in_each_language() -> None:
    """No language misses a country that another names."""
    names = table("postcodes")["names"]
    languages = {locale for locale in table("words") if "-" not in locale}
    assert set(names) == languages
    assert {tuple(sorted(row)) for row in names.values()} == {tuple(sorted(names["en"]))}


@pytest.mark.parametrize(
    ("text", "city", "region", "country"),
    [
        (HOME, "Leeds", "Yorkshire", "United Kingdom"),
        ("Flat 2, 1 Rose Lane, LS1 1AA, Leeds, Yorkshire, UK", "Leeds", "Yorkshire", "UK"),
        (f", , {'x' * 60}, , France", "x" * 60, None, "France"),
        (", , Lyon, , France", "Lyon", None, "France"),
        (",,,Bavaria,Germany", None, "Bavaria", "Germany"),
        (", , Villa St, Ontario, Canada", None, "Ontario", "Canada"),
        (", , St. Albans, England, UK", None, "England", "UK"),
    ],
)
def test_places_are_read_from_the_end(
    text: str, city: str | None, region: str | None, country: str | None
) -> None:
    """A place has five parts or more; an empty part is not known."""
    assert [place(text, level) for level in ("city", "region", "country")] == [
        city,
        region,
        country,
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Leeds",
        "Leeds, United Kingdom",
        "1 Rose Lane, Leeds, United Kingdom",
        "Rose Cottage, Little Hamlet, Leeds, United Kingdom",
        "Rose Cottage, Rose Lane, Little Hamlet, Yorkshire, United Kingdom",
        "Flat 2, Rose Lane, LS1 1AA, Leeds, United Kingdom",
        "1 Rose Lane, LS1 1AA, Leeds, Yorkshire, United Kingdom, 5",
        "Rose Cottage, Flat 2, Little Hamlet, Leeds, United Kingdom",
        "Flat 2, 77, LS1 1AA, Leeds, United Kingdom",
        "51.5, -0.1",
        ",,,,",
        ", , " + "x" * 61 + ", , ",
        "",
        None,
        51,
    ],
)
def test_places_of_another_shape_are_omitted(text: object) -> None:
    """What is not understood is left out, never shown whole."""
    assert [place(text, level) for level in ("city", "region", "country")] == [None, None, None]
