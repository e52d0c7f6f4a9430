"""Windows: every sentence is read, beside a neighbour, and none is cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardedpersonalize.check.reader.windows import SENTENCES, sentences, windows

PROSE = st.lists(
    st.sampled_from(
        ["Hi Ada,", "One. ", "Two!", "Is it three? ", "e.g. four ", "\n", "3.5 kg ", "…"]
    ),
    max_size=24,
).map("".join)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("Hi Ada,\n\nWelcome back.", ["Hi Ada,", "Welcome back."]),
        ("Mr. Lund pays 3.50 e.g. today.", ["Mr. Lund pays 3.50 e.g. today."]),
        ("“Lovely.” So says Ada.", ["“Lovely.”", "So says Ada."]),
        ("  \n ", []),
        ("", []),
    ],
)
def test_sentences_end_at_stops_and_lines(text, expected):
    """Not at abbreviations, nor in numbers."""
    assert [text[a:b] for a, b in sentences(text)] == expected


def test_windows_overlap_by_a_sentence():
    """What refers back has something to refer to."""
    text = "One. Two. Three. Four. Five. Six."
    assert [text[a:b] for a, b in windows(text)] == [
        "One. Two. Three.",
        "Three. Four. Five.",
        "Five. Six.",
    ]


@given(st.one_of(PROSE, st.text(max_size=200)))
def test_every_sentence_is_whole_in_a_window(text):
    """And beside the sentence before it, unless one of them is too long to share."""
    found = windows(text)
    for start, end in sentences(text):
        assert any(a <= start and end <= b for a, b in found)
    assert found == sorted(found)
    assert all(len(sentences(text[a:b])) <= SENTENCES for a, b in found)


def test_a_long_sentence_is_a_window_of_its_own():
    """Two of 400 characters do not share one."""
    text = "a" * 400 + ". " + "b" * 400 + "."
    assert windows(text) == [(0, 401), (402, 803)]
