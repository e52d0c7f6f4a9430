from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from guardedpersonalize.minimise import GENERALISERS, Context, generalise
from guardedpersonalize.minimise.bands import age, amount, tenure, visits


@pytest.mark.parametrize(
    ("years", "band", "group"),
    [
        (0, "under 18", "under 18"),
        (17, "under 18", "under 18"),
        (18, "18 to 24", "adult"),
        (34, "25 to 34", "adult"),
        (Decimal("34.9"), "25 to 34", "adult"),
        (64, "55 to 64", "adult"),
        (65, "65 and over", "adult"),
        (122, "65 and over", "adult"),
        (date(2008, 11, 20), "18 to 24", "adult"),
        (date(2008, 11, 21), "under 18", "under 18"),
    ],
)
def test_ages_fall_into_bands(context: Context, years: object, band: str, group: str) -> None:
    """Ages are banded, top-coded at 65, and minors are only that."""
    assert age(years, "age_band", context) == band
    assert age(years, "adult_or_minor", context) == group


@pytest.mark.parametrize("value", [-1, 123, "34", None, True, float("nan"), date(2027, 1, 1)])
def test_what_is_no_age_is_omitted(context: Context, value: object) -> None:
    """Impossible ages, text and truth values have no band."""
    assert age(value, "age_band", context) is None


@pytest.mark.parametrize(
    ("value", "band", "third"),
    [
        (0, "under £10", "low"),
        (Decimal("9.99"), "under £10", "low"),
        (10, "£10 to £20", "low"),
        (49.5, "£20 to £50", "low"),
        (50, "£50 to £100", "mid"),
        (199, "£100 to £200", "mid"),
        (200, "£200 to £500", "high"),
        (1_999, "£1,000 to £2,000", "high"),
        (10_000, "£10,000 or more", "high"),
        (10**12, "£10,000 or more", "high"),
    ],
)
def test_amounts_fall_into_bands(context: Context, value: object, band: str, third: str) -> None:
    """Amounts are rounded to the 1-2-5 series and top-coded."""
    assert amount(value, "band", context) == band
    assert amount(value, "low_mid_high", context) == third


@pytest.mark.parametrize(
    ("locale", "currency", "text"),
    [
        ("en", None, "1,000 to 2,000"),
        ("en", "XPF", "1,000 XPF to 2,000 XPF"),
        ("de", "EUR", "1.000 € bis 2.000 €"),
        ("nl", "EUR", "€ 1.000 tot € 2.000"),
        ("en", "JPY", "¥1,000 to ¥2,000"),
    ],
)
def test_money_follows_the_language(
    context: Context, locale: str, currency: str | None, text: str
) -> None:
    """Symbols and separators are those of the reader; without a currency numbers stand bare."""
    here = replace(context, locale=locale, currency=currency)
    assert amount(1_500, "band", here) == text


@pytest.mark.parametrize("value", [-0.01, float("inf"), 10**13, "50", True, None])
def test_what_is_no_amount_is_omitted(context: Context, value: object) -> None:
    """Debts, infinities and text have no band."""
    assert amount(value, "band", context) is None


def test_not_a_number_is_omitted(context: Context) -> None:
    """A decimal that is no number is left out, not an error."""
    assert generalise("amount", Decimal("nan"), "band", context=context) is None


@pytest.mark.parametrize(
    ("value", "text", "is_long"),
    [
        (0, "a short while", False),
        (89, "a short while", False),
        (90, "a while", True),
        (730, "a long while", True),
        (date(2026, 11, 1), "a short while", False),
        (date(2001, 1, 1), "a long while", True),
    ],
)
def test_tenure_is_a_while(context: Context, value: object, text: str, is_long: bool) -> None:
    """How long somebody has been here is told without a number."""
    assert tenure(value, "band", context) == text
    assert tenure(value, "yes_no", context) is is_long


@pytest.mark.parametrize("value", [-1, date(2026, 11, 21), 10**6, "5", None])
def test_what_is_no_tenure_is_omitted(context: Context, value: object) -> None:
    """Nobody came tomorrow."""
    assert tenure(value, "band", context) is None


@pytest.mark.parametrize(
    ("count", "text", "any_at_all"),
    [
        (0, "not yet", False),
        (2, "once or twice", True),
        (3, "a few times", True),
        (10, "many times", True),
    ],
)
def test_visits_are_a_few(context: Context, count: int, text: str, any_at_all: bool) -> None:
    """How often somebody came is told without a number."""
    assert visits(count, "band", context) == text
    assert visits(count, "yes_no", context) is any_at_all


def test_bands_need_words_and_truth_does_not(wordless: Context) -> None:
    """Without words there is no text, but yes or no needs none."""
    values = [("age", 30, "age_band"), ("amount", 30, "band"), ("visits", 3, "band")]
    assert [generalise(*value, context=wordless) for value in values] == [None, None, None]
    assert visits(3, "yes_no", wordless) is True


@pytest.mark.parametrize("name", ["age", "amount", "tenure", "visits"])
def test_no_band_of_another_language_is_made_coarser(
    context: Context, german: Context, wordless: Context, name: str
) -> None:
    """A band is made coarser by its words, so foreign words are left out."""
    fine, coarse = ("age_band", "adult_or_minor") if name == "age" else ("band", "yes_no")
    coarse = "low_mid_high" if name == "amount" else coarse
    band = generalise(name, 40, fine, context=context)
    assert generalise(name, band, coarse, context=context) is not None
    assert generalise(name, band, coarse, context=german) is None
    assert generalise(name, band, coarse, context=wordless) is None


@pytest.mark.parametrize("name", ["age", "amount", "tenure", "visits"])
@pytest.mark.parametrize(
    "value", [0, 1, 5, 17, 18, 49, 50, 89, 90, 100, 120, 199, 200, 730, 20_000]
)
def test_bands_lead_where_the_value_leads(context: Context, name: str, value: int) -> None:
    """What is told of a band is what would be told of the value."""
    fine, coarse = GENERALISERS[name].levels[1:3]
    band = generalise(name, value, fine, context=context)
    straight = generalise(name, value, coarse, context=context)
    assert (band and generalise(name, band, coarse, context=context)) == straight
