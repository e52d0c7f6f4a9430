"""Words that give away more than the goods."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardedpersonalize.vocabulary import category, product_proxy
from guardedpersonalize.vocabulary.tables import table

ROWS = sorted(table("proxy"))


@pytest.mark.parametrize("name", ROWS)
def test_every_row_names_a_proxy_category(name: str) -> None:
    """A list of words belongs to a category that gives something away."""
    row = table("proxy")[name]
    assert set(row) == {"category", "words"}
    assert row["category"].endswith(f".{name}")
    assert category(row["category"]).proxy_of


def test_every_proxy_category_has_words() -> None:
    """No proxy is a row without a net."""
    proxies = [key for key, row in table("category").items() if "proxy_of" in row]
    assert sorted(proxies) == sorted(row["category"] for row in table("proxy").values())


@pytest.mark.parametrize("name", ROWS)
def test_every_word_is_caught_alone_and_in_company(name: str) -> None:
    """Each word of the list gives away its own category, in any case and beside other words."""
    given_away = category(table("proxy")[name]["category"]).proxy_of
    for word in table("proxy")[name]["words"]:
        bare = word.rstrip("*")
        assert product_proxy(bare) == given_away, word
        assert product_proxy(bare.upper()) == given_away, word
        assert product_proxy(f"Shop > {bare} & more") == given_away, word


@pytest.mark.parametrize("name", ROWS)
def test_no_word_is_listed_twice(name: str) -> None:
    """Lists grow; they should not repeat."""
    words = table("proxy")[name]["words"]
    assert len(set(words)) == len(words)


def test_keys_of_the_table_are_understood() -> None:
    """A pack may name the proxy itself."""
    assert product_proxy("baby_formula") == "user.health_and_medical.reproductive_or_sexual"
    assert product_proxy("religious_goods") == "user.demographic.religious_belief"


@pytest.mark.parametrize(
    "name",
    [
        "Garden tools",
        "Seeds and bulbs",
        "Coffee",
        "Running shoes",
        "Home & Garden",
        "Electric guitars",
        "Books > Crime",
        "Pet food",
        "Toys",
        "Sport",
        "Gartenmöbel",
        "Vins et fromages",
        "Medici prints",
        "",
    ],
)
def test_plain_shopping_gives_nothing_away(name: str) -> None:
    """Near misses stay silent: a word must be there as a whole."""
    assert product_proxy(name) is None


@given(st.text(max_size=600))
def test_any_text_has_an_answer(name: str) -> None:
    """The answer is a sensitive category or none."""
    found = product_proxy(name)
    assert found is None or category(found).is_special
