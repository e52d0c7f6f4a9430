"""Words in the form in which spellings of one value are the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardedpersonalize.check.folding import fold


def words(source: str) -> list[str]:
    """Return the folded words of *source*."""
    folded = fold(source)
    return [folded.text[a:b] for a, b in zip(folded.at, folded.at[1:], strict=False)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("JOSÉ", "jose"),
        ("Zoe\u0308", "Zoë"),
        ("STRASSE", "Straße"),
        ("Łódź", "lodz"),
        ("Ørsted Æbelø", "orsted aebelo"),
        ("İstanbul", "istanbul"),
        ("ﬁnal", "final"),
        ("\uff12\uff10\uff12\uff16", "2026"),
        ("\u0660\u0667\u0667", "077"),
        ("A\u00adnn\u200ba", "anna"),
        ("ΆΔΑ", "αδα"),
        ("Ёлка", "елка"),
        ("مُحَمَّد", "محمد"),
    ],
)
def test_spellings_of_one_word_fold_alike(one: str, other: str) -> None:
    """Case, accents, ligatures, width, digits of other scripts and invisible characters."""
    assert fold(one).text == fold(other).text


@pytest.mark.parametrize(("one", "other"), [("काम", "कम"), ("が", "か"), ("ann", "anne")])
def test_words_that_differ_fold_apart(one: str, other: str) -> None:
    """Vowel signs and voicing marks tell words apart; accents do not."""
    assert fold(one).text != fold(other).text


def test_letters_and_digits_are_words_of_their_own() -> None:
    """Joined where nothing stands between them."""
    folded = fold("5th of May_1987")
    assert words("5th of May_1987") == ["5", "th", "of", "may", "1987"]
    assert list(folded.joined) == [False, True, False, False, False]
    assert folded.gap(2) == 1


def test_words_of_nothing_but_marks_are_none() -> None:
    """Arabic vowel signs have forms that count as letters."""
    assert words("a \ufc5e b") == ["a", "b"]


def test_characters_of_scripts_without_spaces_are_words() -> None:
    """So that a name is found inside of a sentence."""
    assert words("山田さんAda") == ["山", "田", "さ", "ん", "ada"]
    assert not any(fold("山田Ada7").joined[:3])


def test_a_stretch_of_a_text_is_folded_in_place() -> None:
    """Offsets are those of the whole text."""
    folded = fold("one two three", 4, 7)
    assert (folded.text, list(folded.starts), list(folded.ends)) == ("two", [4], [7])


@given(st.text(max_size=60))
def test_words_stand_where_they_are_said_to(source: str) -> None:
    """In order, apart or joined, in any text."""
    folded = fold(source)
    assert (
        len(folded.at) == len(folded.starts) + 1 == len(folded.ends) + 1 == len(folded.joined) + 1
    )
    for word, text in enumerate(words(source)):
        start, end = folded.starts[word], folded.ends[word]
        assert fold(source[start:end]).text == text
        assert word == 0 or folded.gap(word) >= 0
        assert not folded.joined[word] or folded.gap(word) == 0


@pytest.mark.parametrize("piece", ["a ", "é", "\u200b", "a\u0301", "山", "1a", "\ud800\x00", "ﬃ"])
def test_any_megabyte_can_be_folded(piece: str) -> None:
    """Half a million words, or none."""
    size = 1_000_000 // len(piece)
    assert len(fold(piece * size).joined) <= 2 * size
