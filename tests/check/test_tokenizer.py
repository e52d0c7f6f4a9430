"""What the tokenizer makes of plain words by itself is what spaCy makes of them."""

import functools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardedpersonalize.check.sentences import SentenceReader
from guardedpersonalize.check.tokenizer import Tokenizer, tokenizer_of
from guardedpersonalize.check.wordlists import WordLists

NO_LISTS = WordLists(lists={})
WORDS = (
    *("we", "The", "You", "that", "it", "NAME", "Bokodi", "Straße", "über", "mcX", "ÄB", "É", "A"),
    *("x1", "12", "1980", "10am", "15%", "3.5", "£5", "Z9", "B", "I", "id", "cant", "dont"),
    *("don't", "we’ve", "what's", "e-mail", "https://a.example/x", "a@b.example", "C++", "a_b"),
    *("https://a.example/u/u01a9e", "https://a.example/12km", "https://a.example/a/1/", "7%", "a%"),
    *("U.S.", "e.g.", "Dr.", "med", "EE.", "UU.", "a.m.", ":", "D", ":D", ")", "--", "…", "o_O"),
)
BLANKS = (" ", " ", " ", "", "\n", " \n ", "  ", "\u00a0", "\t")


@functools.cache
def readers(lang: str) -> tuple[SentenceReader, SentenceReader]:
    """Return two readers of *lang*: one that cuts plain words itself, and one that never does."""
    asking = SentenceReader(NO_LISTS, lang)
    asking._tokenizer = Tokenizer(lang, asks_always=True)
    return SentenceReader(NO_LISTS, lang), asking


def texts(lang: str) -> st.SearchStrategy[str]:
    """Return words, exceptions of the language and anything else, with marks and blanks."""
    exceptions = sorted(tokenizer_of(lang).exceptions)
    loose = st.text("aAzZéÜ19,.!?;:'’-)($%", min_size=1, max_size=4)
    word = st.sampled_from(WORDS) | st.sampled_from(exceptions) | loose
    mark = st.sampled_from(("", "", "", ".", ",", "!", ":", ")"))
    parts = st.tuples(word, mark, st.sampled_from(BLANKS)).map("".join)
    return st.lists(parts, max_size=6).map("".join)


@pytest.mark.parametrize("lang", ["en", "de", "fr", "es"])
@given(st.data())
def test_plain_words_are_cut_as_spacy_cuts_them(lang: str, data: st.DataObject) -> None:
    """Whatever stands between and beside them."""
    plain, asking = readers(lang)
    text = data.draw(texts(lang))
    assert plain.read(text) == asking.read(text)


@pytest.mark.slow
@given(st.data())
def test_plain_indonesian_words_are_cut_as_spacy_cuts_them(data: st.DataObject) -> None:
    """Its tables of exceptions have 16,000 entries, and take seconds to load twice."""
    plain, asking = readers("id")
    text = data.draw(texts("id"))
    assert plain.read(text) == asking.read(text)


@pytest.mark.parametrize("lang", ["en", "de", "fr", "es"])
def test_exceptions_are_cut_as_spacy_cuts_them(lang: str) -> None:
    """Each by itself, with a mark, and after a word that is part of others."""
    plain, asking = readers(lang)
    for exception in sorted(tokenizer_of(lang).exceptions):
        text = f"{exception} that {exception}, so {exception}"
        assert plain.read(text) == asking.read(text)


def test_spacy_is_not_asked_about_plain_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """A greeting with a name that it has never met costs no call."""
    tokenizer = tokenizer_of("en")
    tokenizer.cut("don't we've")  # exceptions are asked about once
    monkeypatch.setattr(Tokenizer, "_asked", None)
    cut = tokenizer.cut("Hello Bokodi,\n\ndon't stop 12 more; we've time.")
    assert [text for text, _, _ in cut if not text.isspace()] == [
        *("Hello", "Bokodi", ",", "do", "n't", "stop", "12", "more", ";", "we", "'ve", "time", ".")
    ]
