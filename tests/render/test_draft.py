"""Drafts: parts that never change, whose chunks are made when they are asked for."""

from __future__ import annotations

import copy
from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardedpersonalize.render import LITERAL, Chunk, Draft, Origin, Part, PartKind
from guardedpersonalize.vocabulary import Channel

NAME = Origin(frozenset({"name"}), frozenset({"vip"}), "t.j2", 1)
PART = Part("text", PartKind.TEXT, [Chunk("Hi "), Chunk("Ada", NAME), Chunk("!")])


def test_a_part_is_its_chunks_joined() -> None:
    """Its texts and spans follow from them."""
    assert PART.text == "Hi Ada!"
    assert PART.texts == ("Hi ", "Ada", "!")
    assert PART.path == ()
    assert [(start, end) for start, end, _ in PART.spans()] == [(0, 3), (3, 6), (6, 7)]
    assert [(start, end) for start, end, _ in PART.spans()] == [(0, 3), (3, 6), (6, 7)]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [(0, 3, 1), (2, 4, 2), (3, 6, 1), (0, 7, 3), (3, 3, 0), (4, 4, 1), (9, 12, 0)],
)
def test_origins_are_those_of_the_chunks_that_overlap(
    start: int, end: int, expected: object
) -> None:
    """Half-open spans: touching is not overlapping."""
    assert len(PART.origins(start, end)) == expected


@given(st.lists(st.text(max_size=3), max_size=6), st.integers(0, 20), st.integers(0, 20))
def test_origins_are_found_as_by_looking_at_every_chunk(
    texts: list[str], start: int, end: int
) -> None:
    """However the chunks are searched."""
    part = Part("t", PartKind.TEXT, [Chunk(t, Origin(line=i)) for i, t in enumerate(texts)])
    wanted = [c.origin for a, b, c in part.spans() if a < end and b > start and a < b]
    assert list(part.origins(start, end)) == (wanted if start <= end else [])


def test_an_empty_part_has_no_chunks() -> None:
    """Nothing to read, and nothing to fall over."""
    part = Part("text", PartKind.TEXT, ())
    assert (part.text, part.chunks, list(part.spans())) == ("", (), [])


def test_parts_are_equal_by_content() -> None:
    """And copies are."""
    same = Part("text", PartKind.TEXT, (chunk for chunk in PART.chunks))
    assert same == PART
    assert hash(PART) == hash(same)
    assert copy.deepcopy(PART) == PART
    assert Part("html", PartKind.TEXT, PART.chunks) != PART
    assert Part("text", PartKind.HEADER, PART.chunks) != PART
    assert Part("text", PartKind.TEXT, [Chunk("Hi Ada!")]) != PART
    assert PART != "Hi Ada!"


def test_a_part_never_changes() -> None:
    """Neither its fields nor anything else of it."""
    with pytest.raises(FrozenInstanceError):
        PART.text = "x"
    with pytest.raises(FrozenInstanceError):
        del PART.name
    with pytest.raises(FrozenInstanceError):
        PART.other = 1


def test_no_repr_shows_text() -> None:
    """Lengths, names and kinds only."""
    draft = Draft.of_text([("text", PartKind.TEXT, "Zebedee")], channel=Channel.SMS)
    assert "Zebedee" not in repr(draft)
    assert repr(draft.parts[0]) == "Part('text', text, <7 characters>)"
    assert repr(Chunk("Zebedee", NAME)) == "Chunk(<7 characters>, slots=['name'])"


def test_any_text_makes_a_draft() -> None:
    """Without a template, everything is literal and without a place."""
    draft = Draft.of_text([("text", PartKind.TEXT, "x")], channel=Channel.SMS)
    assert draft.parts[0].chunks == (Chunk("x", LITERAL),)
    assert (draft.template, draft.purpose) == ("", None)
