"""What stands for values in keys."""

import pytest

from guardedpersonalize.check.context import Identity
from guardedpersonalize.check.incremental.plan import How
from guardedpersonalize.check.incremental.symbols import Symbols
from guardedpersonalize.check.lexicon import Lexicon
from guardedpersonalize.check.stand_ins import StandIns

OPAQUE = "u4f9a1c07b2d8e63a"


@pytest.fixture
def symbols():
    """Return symbols where only "rose" is looked for, and words that end in "ing"."""
    return Symbols(StandIns(Lexicon(["rose"], ["*ing"]), Identity()))


def test_words_that_nothing_looks_for_are_told_by_their_shape(symbols):
    """Another way of writing, a looked-for word or ending is another symbol."""
    alike = {symbols.of(word, How.SHAPE, is_token=False) for word in ("Bokodi", "Sodama", "Bokodi")}
    others = {symbols.of(word, How.SHAPE, is_token=False) for word in ("BOKODI", "Rose", "Sodaing")}
    assert len(alike) == 1
    assert len(alike | others) == 4


def test_without_stand_ins_every_word_is_its_own():
    """As with detectors that do not say what they look for."""
    symbols = Symbols(None)
    words = [symbols.of(word, How.SHAPE, is_token=False) for word in ("Bokodi", "Sodama")]
    assert len(set(words)) == 2


def test_what_is_not_plain_has_no_symbol(symbols):
    """It belongs to a plan of its own."""
    assert symbols.of("<b>", How.VALUE, is_token=False) is None
    assert symbols.of("a b", How.VALUE, is_token=True) is None
    assert symbols.of("caf\xe9", How.SHAPE, is_token=False) is None


def test_a_token_in_which_nothing_can_be_found_is_told_by_its_length(symbols):
    """Any other is its own."""
    assert symbols.of(OPAQUE, How.OPAQUE, is_token=True) == str(len(OPAQUE))
    assert symbols.of(OPAQUE, How.LENGTH, is_token=True) == len(OPAQUE)
    assert symbols.of("ada", How.OPAQUE, is_token=True) not in {None, "3", 3}


def test_no_symbol_shows_a_value(symbols):
    """Marks are salted."""
    told = [symbols.of("Rose", how, is_token=False) for how in (How.SHAPE, How.VALUE)]
    assert "rose" not in repr(told).lower()
