from __future__ import annotations

import pytest

from guardedpersonalize.minimise.tables import table
from guardedpersonalize.minimise.words import words_for


@pytest.mark.parametrize("locale", sorted(table("words")))
def test_each_language_has_all_words(locale: str) -> None:
    """Every language brings full lists, and its month names are distinct."""
    words = words_for(locale)
    assert words is not None
    lengths = [len(words.months), len(words.weekdays), len(words.day_parts), len(words.seasons)]
    assert lengths == [12, 7, 4, 4]
    assert [len(words.thirds), len(words.tenure), len(words.visits)] == [3, 3, 4]
    assert len(set(words.months)) == 12
    assert len(set(words.seasons)) == 4


def test_region_overrides_its_language() -> None:
    """An American autumn is a fall, and the rest of the words are English."""
    american, british = words_for("en-US"), words_for("en_GB")
    assert american is not None
    assert british is not None
    assert (american.seasons[3], british.seasons[3]) == ("fall", "autumn")
    assert american.months == british.months


def test_language_without_words_has_none() -> None:
    """No other language stands in for one that is missing."""
    assert words_for("eo") is None
