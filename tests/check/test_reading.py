"""Maps from a text as read back to the source it was read from."""

from __future__ import annotations

from bisect import bisect_left

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardedpersonalize.check.reading import Offsets, ReadPart, Region, RegionKind, Writer
from guardedpersonalize.render.draft import Chunk, Origin, Part, PartKind


def written(*pieces: tuple[str, int, int]) -> tuple[str, Offsets]:
    """Write pieces `(text, start, stop)`; a stop of -1 means that the text is copied."""
    writer = Writer()
    for text, start, stop in pieces:
        if stop < 0:
            writer.copy(text, start)
        else:
            writer.put(text, start, stop)
    return writer.done(100)


def test_each_character_knows_its_source() -> None:
    """Copied characters count on, characters of one reference share its start."""
    text, offsets = written(("ab", 0, -1), ("@", 2, 7), ("cd", 7, -1))
    assert text == "ab@cd"
    assert list(offsets) == [0, 1, 2, 7, 8, 100]
    assert [offsets.stop(i) for i in range(5)] == [1, 2, 7, 8, 9]


def test_copies_that_follow_each_other_are_one_piece() -> None:
    """A text that stands in the source as it is needs one entry, however it was written."""
    _, offsets = written(("ab", 5, -1), ("cd", 7, -1), ("", 50, -1), ("", 50, 60))
    assert offsets.at == (0,)


def test_offsets_behave_as_a_sequence() -> None:
    """Negative places and slices work; what lies outside is an IndexError."""
    _, offsets = written(("abc", 4, -1))
    assert len(offsets) == 4
    assert offsets[-1] == 100
    assert offsets[1:3] == (5, 6)
    with pytest.raises(IndexError):
        offsets[4]
    with pytest.raises(IndexError):
        offsets[-5]


PIECES = st.lists(
    st.tuples(st.text("xyz", min_size=1, max_size=4), st.integers(0, 3), st.booleans()), max_size=6
)


@given(PIECES, st.integers(0, 60))
def test_the_first_character_from_a_place_of_the_source_is_found(pieces, source) -> None:
    """As a search of all offsets finds it, whether or not they lead to that place."""
    made, at = [], 3
    for text, gap, is_copied in pieces:
        made.append((text, at, -1 if is_copied else at + 2))
        at += (len(text) if is_copied else 2) + gap
    text, offsets = written(*made)
    assert offsets.first_from(source) == bisect_left([*offsets][:-1], source)
    for others in (offsets, [*offsets]):
        first, last = Region(RegionKind.PLAIN, text, others).span_of(source, source + 3)
        assert [*offsets][first:last] == [at for at in [*offsets][:-1] if source <= at < source + 3]


@given(st.data())
def test_a_map_of_a_map_leads_to_the_same_source(data: st.DataObject) -> None:
    """Taking a stretch of a mapped text keeps where each of its characters came from."""
    pieces = data.draw(
        st.lists(st.tuples(st.text("xyz", min_size=1, max_size=4), st.integers(0, 3)), max_size=6)
    )
    writer, at = Writer(), 0
    for text, extra in pieces:
        at += 2
        if extra:
            writer.put(text, at, at + extra)
            at += extra
        else:
            writer.copy(text, at)
            at += len(text)
    text, offsets = writer.done(at)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    second = Writer()
    second.take(text, offsets, start, end)
    taken, mapped = second.done(at)
    assert taken == text[start:end]
    assert [mapped[i] for i in range(len(taken))] == [offsets[i] for i in range(start, end)]
    assert [mapped.stop(i) for i in range(len(taken))] == [
        offsets.stop(i) for i in range(start, end)
    ]


def test_a_span_ends_with_its_last_character() -> None:
    """Markup between a span and the next character is not part of the span."""
    text, offsets = written(("Ada", 3, -1), (" ", 10, 11))
    region = Region(RegionKind.VISIBLE, text, offsets)
    assert region.source_span(0, 3) == (3, 6)
    assert region.source_span(3, 4) == (10, 11)
    assert region.source_span(2, 2) == (5, 5)


def test_any_sequence_of_offsets_will_do() -> None:
    """A region with plain offsets ends a span where the next character starts."""
    region = Region(RegionKind.PLAIN, "abc", range(4))
    assert region.source_span(1, 3) == (1, 3)
    assert region.source_span(1, 1) == (1, 1)


def test_a_region_does_not_show_its_text() -> None:
    """The repr tells kind and length only."""
    assert repr(Region(RegionKind.PLAIN, "Ada", range(4))) == "Region(plain, <3 characters>)"


def test_origins_are_those_of_the_source_behind_the_span() -> None:
    """A read part answers where the characters of a region came from."""
    name = Origin(frozenset({"first_name"}), template="t")
    part = Part("text", PartKind.TEXT, (Chunk("Hi ", Origin(template="t")), Chunk("Ada", name)))
    region = Region(RegionKind.PLAIN, part.text, range(7))
    assert ReadPart(part, (region,)).origins(region, 3, 6) == (name,)
