"""Invisible characters and look-alikes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from guardedpersonalize.check.characters import joined, plain, word_set


def test_look_alikes_become_plain_ones_in_place() -> None:
    """Spaces, hyphens, digits, at-signs; no offset moves."""
    assert plain("a\u00a0b\u2011c\uff20\uff10\u0667") == ("a b-c@07", None)
    assert plain("plain") == ("plain", None)


def test_invisible_characters_are_taken_out() -> None:
    """And the offsets tell where the rest stood."""
    text, offsets = plain("a\u200bb\u00adc\ufeff")
    assert text == "abc"
    assert offsets is not None
    assert list(offsets) == [0, 2, 4, 6]


@given(st.text("ab1@\u00a0\u200b\u00ad\uff10\u2011"))
def test_every_character_stands_for_one_of_the_source(source: str) -> None:
    """Which is itself or the one that it looks like."""
    text, offsets = plain(source)
    places = offsets or range(len(text) + 1)
    assert all(plain(source[places[i]])[0] == char for i, char in enumerate(text))


def test_word_lists_are_sets_of_their_words() -> None:
    """However their lines are broken."""
    assert word_set(" a b\n  c ") == {"a", "b", "c"}


def test_words_are_joined_across_what_is_not_seen() -> None:
    """Around a word, and in a picture made of several, it stays."""
    text, offsets = joined("s\u00adaw \u200byou \U0001f469\u200d\U0001f52c")
    assert text == "saw \u200byou \U0001f469\u200d\U0001f52c"
    assert offsets is not None
    assert list(offsets)[:4] == [0, 2, 3, 4]
    assert joined("saw") == ("saw", None)
    assert joined("\u00ad caf\xe9") == ("\u00ad caf\xe9", None)
