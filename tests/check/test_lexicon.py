"""The lexicon: every word that something looks for, and no other."""

import re

import pytest

from guardedpersonalize.check.lexicon import Lexicon
from guardedpersonalize.check.pii.rows import load_rows
from guardedpersonalize.check.rules import RuleSet

INVENTED = ["bokodi", "sodama", "quellim", "ostrel", "vintrop"]


def words_in(text):
    """Return the words of *text*, in small letters."""
    return re.findall(r"[^\W\d_]+", text.lower())


@pytest.fixture(scope="module")
def lexicon(catalogue: RuleSet) -> Lexicon:
    """The words of the shipped rules and recognisers, for English texts."""
    return Lexicon.of(catalogue, "en")


def test_words_are_known_and_stars_stand_for_any_letters():
    """At any place of a word, for none as well."""
    lexicon = Lexicon(["pram", "Walk*", "un*ing"], ["*ness", "*ed"])
    known = ["pram", "walk", "walking", "unfolding"]
    assert [
        word for word in [*known, "prams", "wal", "unfold", "awalk"] if lexicon.knows(word)
    ] == known


@pytest.mark.parametrize("expression", [r"\w+ .*", "[a-z]+", "[^ ]{2,9}!"])
def test_what_stands_for_any_word_is_no_word(catalogue, expression):
    """Else nothing would be left."""
    assert not Lexicon.of(catalogue, "en", (expression,)).knows("bokodi")


@pytest.mark.parametrize(
    ("expression", "known", "unknown"),
    [
        ("licen[cs]e", ["licence", "license"], ["licenxe", "licene"]),
        ("orders?", ["order", "orders"], ["bokodi"]),
        (r"(?i:tele)?phone(?:s|d)", ["phones", "telephoned"], ["phonex"]),
        (r"\bcolou?r\b(?= wheel)", ["color", "colour", "wheel"], ["colouur"]),
        ("caf[e\u00e9]|bar(?!red)", ["cafe", "caf\u00e9", "bar", "red"], ["baz"]),
        ("Zwibb(?:el|al)n?", ["zwibbel", "zwibbaln"], ["zwibb el"]),
        ("no [expression", ["no", "expression"], ["noexpression"]),
    ],
)
def test_expressions_are_written_out(catalogue, expression, known, unknown):
    """Each word that may match is known, however it is put."""
    lexicon = Lexicon.of(catalogue, "en", (expression,))
    assert [word for word in known if not lexicon.knows(word)] == []
    assert [word for word in unknown if lexicon.knows(word)] == []


def test_an_expression_of_too_many_readings_is_known_by_its_pieces(catalogue):
    """It is not written out."""
    lexicon = Lexicon.of(catalogue, "en", ("(?:qua|qui|quo|que){0,1}" * 6 + "zembla",))
    assert lexicon.knows("zembla")


@pytest.mark.parametrize(
    "word",
    [
        *("saw", "you", "iban", "passport", "licence", "january", "september", "seven", "postcode"),
        *("mobile", "born", "mr", "street"),
    ],
)
def test_words_of_rules_and_recognisers_are_known(lexicon, word):
    """Of patterns, lists, months, numbers, hints and abbreviations."""
    assert lexicon.knows(word)


@pytest.mark.parametrize("name", INVENTED)
def test_an_invented_name_is_not_known(lexicon, name):
    """To nobody is it more than a name."""
    assert not lexicon.knows(name)


def test_every_word_of_every_pattern_is_known(catalogue, lexicon):
    """Of the English token rules, what excuses a match included."""
    rules = [rule for rule in catalogue.rules if rule.match.kind == "tokens" and rule.lang == "en"]
    lines = [
        line
        for rule in rules
        if rule.is_active
        for line in (*rule.match.any, *rule.match.unless, *rule.match.also)
    ]
    assert len(lines) > 100
    assert {word for line in lines for word in words_in(line) if not lexicon.knows(word)} == set()


def test_every_word_of_every_row_is_known(lexicon):
    """A name that is one may speak for a number beside it."""
    texts = [text for row in load_rows() for text in (*row.words, *row.needs)]
    assert {word for text in texts for word in words_in(text) if not lexicon.knows(word)} == set()


def test_words_of_other_languages_are_left_to_their_texts(catalogue, lexicon):
    """A German rule does not read an English mail."""
    german = Lexicon.of(catalogue, "de")
    assert german.knows("gesehen")
    assert not lexicon.knows("gesehen")


def test_endings_tell_words_apart() -> None:
    """By what a pattern such as `*ed` asks for; a word may have several."""
    lexicon = Lexicon(["pram"], ["*ed", "*ted"])
    assert lexicon.endings("bokodi") == ()
    assert lexicon.endings("bokoted") == ("ed", "ted")
    assert not lexicon.knows("bokoted")
