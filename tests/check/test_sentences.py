import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardedpersonalize.check.sentences import (
    CAPITAL,
    SLOT_MARKS,
    SentenceReader,
    SlotRange,
)
from guardedpersonalize.check.wordlists import WordLists

LISTS = WordLists(lists={"we": ("we", "i")}, spellings={"u": "you"})
READER = SentenceReader(LISTS, "en")


def lines(text, **options):
    """The lines of the sentences of *text*, without the marks of capitals."""
    return [s.line.replace(CAPITAL, "") for s in READER.read(text, **options)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We\u2019ve noticed you.", [" we have noticed you . "]),
        ("Don't go! Stay", [" do not go ! ", " stay "]),
        ("Is it? (Yes.)", [" is it ? ", " , yes . , "]),
        ("At 8:14, £38.40", [" at 8:14 , $ 38.40 "]),
        ("HIV-positive, two-bed", [" hiv positive , two bed "]),
        ("-5, -ish and --", [" , ish and - "]),
        ("A stop - and go — on", [" a stop - and go - on "]),
        ("u there", [" you there "]),
        ("", []),
        (" \n ", []),
        ("…", [" ... "]),
        ("* ~", []),
    ],
)
def test_words_come_in_their_normal_form(text, expected):
    """Case, apostrophes, contractions and compounds are levelled."""
    assert lines(text) == expected


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("de", "Online-Shop, E-Mail", " online shop , e mail "),
        ("fr", "Avez-vous vu l\u2019écran ?", " avez vous vu l' écran ? "),
        ("es", "¿Sigues ahí?", " sigues ahí ? "),
        ("id", "Lihat-lihat, jalan-jalan", " lihat lihat , jalan jalan "),
    ],
)
def test_other_languages_are_levelled_alike(lang, text, expected):
    """Compounds and doubled words are several words, and so is a pronoun behind its verb."""
    (sentence,) = SentenceReader(WordLists(lists={}), lang).read(text)
    assert sentence.line.replace(CAPITAL, "") == expected


def test_a_line_break_ends_a_block_and_not_a_sentence():
    """Plain text is wrapped by hand; the lines of an HTML part are blocks."""
    assert len(lines("we saw\nyou")) == 1
    assert len(lines("we saw\n\nyou")) == 2
    assert len(lines("we saw\nyou", blocks=True)) == 2


def test_closing_marks_stay_with_their_sentence():
    """A quotation mark behind a full stop opens nothing."""
    assert lines('"Go." Then stop?!') == [" go . ", " then stop ? ! "]


def test_a_span_leads_back_to_the_text():
    """What is found in a line is found again in the text."""
    text = "Hello Ada. We\u2019ve noticed you, Ada."
    sentence = READER.read(text)[1]
    start = sentence.line.index(" have noticed")
    a, b = sentence.span_of(start, start + len(" have noticed"))
    assert text[a:b] == "\u2019ve noticed"


def test_capitals_inside_a_sentence_are_marked():
    """A name is a capital that does not start the sentence; shouting is no name."""
    (sentence,) = READER.read("Hello Ada and bo")
    assert sentence.line == f" hello {CAPITAL}ada and bo "
    (shouted,) = READER.read("HELLO ADA")
    assert CAPITAL not in shouted.line


def test_values_of_slots_are_marked_by_provenance():
    """The mark stands before the capital's, and among the keys."""
    (sentence,) = READER.read("New Gnomes here", slots=[SlotRange(4, 10, "observed")])
    mark = SLOT_MARKS["observed"]
    assert f" {mark}{CAPITAL}gnomes" in sentence.line
    assert mark in sentence.keys


def test_quoted_words_are_known():
    """Quotation marks of several scripts count; an open one does not."""
    for text in ("«we saw»", "„we saw“", "»we saw«"):
        (sentence,) = READER.read(text)
        assert all(sentence.quoted)
    text = 'She said "we saw you" twice. “We saw.” "we'
    sentences = READER.read(text)
    first = sentences[0]
    at = first.line.index(" we saw")
    assert first.is_quoted(at, at + len(" we saw you"))
    assert not first.is_quoted(0, len(first.line))
    assert not any(sentences[-1].quoted)


def test_keys_hold_words_and_signs_for_numbers():
    """A pattern asks for keys before it is tried."""
    (sentence,) = READER.read("Rs300 for 2 books")
    assert {"#", "for", "books"} <= sentence.keys
    (other,) = READER.read("no books")
    assert "#" not in other.keys


def test_a_repr_shows_no_words():
    """Sentences may hold values of a person."""
    (sentence,) = READER.read("Dear Canary")
    assert "canary" not in repr(sentence).lower()


@pytest.mark.parametrize(
    "run", ["=", "(", "😀", "!=*", "a.a.", "a'", "http://a.", "word", "a_", "ab-", "1.", "a@"]
)
def test_runs_of_marks_take_no_long_time(run):
    """SpaCy's tokenizer is quadratic in them; here 100 KB take a moment."""
    text = run * (100_000 // len(run))
    start = time.process_time()
    READER.read(text)
    assert time.process_time() - start < 5


def test_private_characters_of_a_text_are_no_marks():
    """A text cannot forge the marks of the line."""
    (sentence,) = READER.read("new \ue004gnomes")
    assert "\ue004" not in sentence.line


@given(st.text(max_size=200))
def test_spans_lie_in_the_text_and_in_order(text):
    """Any text can be read."""
    end = 0
    for sentence in READER.read(text):
        for start, stop in sentence.spans:
            assert end <= start < stop <= len(text)
            end = stop


def test_threads_may_share_a_reader():
    """The tokenizer is locked: every thread reads the same."""
    texts = [f"We noticed you, number {i}." for i in range(50)]
    expected = [READER.read(text) for text in texts]
    found = []

    def work():
        found.append([READER.read(text) for text in texts] == expected)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 4
