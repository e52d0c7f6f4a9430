"""What stands for values in keys."""

import pytest

from guardedpersonalize.check.context import Identity
from guardedpersonalize.check.incremental.plan import How
from guardedpersonalize.check.incremental.symbols import Symbols
from guardedpersonalize.check.kept import mark
from guardedpersonalize.check.lexicon import Lexicon
from guardedpersonalize.check.stand_ins import StandIns
from guardedpersonalize.render.draft import PartKind

OPAQUE = "u4f9a1c07b2d8e63a"


@pytest.fixture
def symbols():
    """Return symbols where only "rose" is looked for, and words that end in "ing"."""
    return Symbols(StandIns(Lexicon(["rose"], ["*ing"]), Identity()))


def told(symbols, text, how, *, is_token=False, kind=PartKind.TEXT):
    """Return the symbol of *text*, asked for twice."""
    known, tell = symbols.of(how, kind, is_token=is_token)
    symbol = tell(text)
    is_kept = how is not How.LENGTH and "&" not in text
    assert known(mark(text)) == (symbol if is_kept else None)
    return symbol


def test_words_that_nothing_looks_for_are_told_by_their_shape(symbols):
    """Another way of writing, a looked-for word or ending is another symbol."""
    alike = {told(symbols, word, How.SHAPE) for word in ("Bokodi", "Sodama", "Bokodi")}
    others = {told(symbols, word, How.SHAPE) for word in ("BOKODI", "Rose", "Sodaing")}
    assert len(alike) == 1
    assert len(alike | others) == 4


def test_without_stand_ins_every_word_is_its_own():
    """As with detectors that do not say what they look for."""
    symbols = Symbols(None)
    words = [told(symbols, word, How.SHAPE) for word in ("Bokodi", "Sodama")]
    assert len(set(words)) == 2


def test_what_is_not_plain_has_no_symbol(symbols):
    """It belongs to a plan of its own."""
    assert told(symbols, "<b>", How.VALUE) is None
    assert told(symbols, "a b", How.VALUE, is_token=True) is None
    assert told(symbols, "Ann &amp; Bob", How.VALUE) is None
    assert told(symbols, "Ann &amp; Bob", How.VALUE, kind=PartKind.HTML) is not None
    assert told(symbols, "caf\xe9 (bar)", How.SHAPE) is None


def test_a_token_in_which_nothing_can_be_found_is_told_by_its_length(symbols):
    """Any other is its own."""
    assert told(symbols, OPAQUE, How.OPAQUE, is_token=True) == ("", len(OPAQUE))
    assert told(symbols, OPAQUE, How.LENGTH, is_token=True) == len(OPAQUE)
    assert told(symbols, "ada", How.OPAQUE, is_token=True) not in {None, "3", 3}


def test_so_is_one_that_recognisers_were_asked_about(symbols):
    """Unless a run of its letters is a word that a rule may look for."""
    alike = {
        told(symbols, token, How.OPAQUE, is_token=True) for token in ("u12345678", "u12fadeb8")
    }
    assert alike == {("", 9)}
    assert told(symbols, "u123rose4", How.OPAQUE, is_token=True) != ("", 9)
    assert told(Symbols(None), "u12345678", How.OPAQUE, is_token=True) != ("", 9)


def test_a_token_with_a_label_is_told_by_the_label_and_its_length(symbols):
    """One label is not another."""
    tokens = ("u-4f9a1c07b2d8e63a", "u-1c07b2d8e63a4f9a", "ref_1c07b2d8e63a4f9a", OPAQUE)
    one, same, another, bare = (told(symbols, token, How.OPAQUE, is_token=True) for token in tokens)
    assert one == same
    assert len({one, another, bare}) == 3


def test_no_symbol_shows_a_value(symbols):
    """Marks are salted."""
    shown = [told(symbols, "Rose", how) for how in (How.SHAPE, How.VALUE)]
    assert "rose" not in repr(shown).lower()
