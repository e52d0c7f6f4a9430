import pytest

from guardedpersonalize.check.wordlists import Respelling, WordLists
from guardedpersonalize.errors import ConfigError

LISTS = WordLists(
    lists={"pet": ("dog", "@cat"), "cat": ("tabby", "cat"), "ring": ("@loop",), "loop": ("@ring",)},
    spellings={"u": "you"},
    ambiguous={"ur": Respelling(usual="your", otherwise="you are", before=("so", "*ing"))},
)


def test_a_list_holds_the_words_of_the_lists_inside_it():
    """Words come sorted, whatever list they stand in."""
    assert LISTS.words("pet") == ("cat", "dog", "tabby")


def test_an_unknown_list_is_an_error_with_the_nearest():
    """A slip is told by its neighbour."""
    with pytest.raises(ConfigError, match=r"GP105.*'pett'.*'pet'"):
        LISTS.words("pett")


def test_lists_in_a_ring_are_an_error():
    """A list that holds itself would never end."""
    with pytest.raises(ConfigError, match=r"GP122.*'ring' is part of itself"):
        LISTS.words("ring")


def test_an_unknown_guard_is_an_error():
    """Guards are looked up like lists."""
    with pytest.raises(ConfigError, match="GP105"):
        LISTS.guard("stated")


def test_a_word_has_the_pieces_that_a_reader_makes_of_it():
    """Words of words, or characters where the language is written without blanks."""
    assert LISTS.pieces("in laws") == ["in", "laws"]
    assert WordLists(lists={}, spaced=False).pieces("お茶 セット") == ["お", "茶", "セット"]


@pytest.mark.parametrize(
    ("word", "following", "expected"),
    [
        ("u", "", "you"),
        ("boots", "", "boots"),
        ("ur", "boots", "your"),
        ("ur", "so", "you are"),
        ("ur", "going", "you are"),
        ("ur", "ing", "your"),
    ],
)
def test_short_spellings_are_read_by_what_follows(word, following, expected):
    """An ambiguous spelling takes its other reading before certain words."""
    assert LISTS.respelt(word, following) == expected
