"""What stands behind each stretch of a part, and what a frame shows of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardedpersonalize.check import Finding, RegionKind, read_part
from guardedpersonalize.preview.framing import framed, height_of
from guardedpersonalize.preview.marks import MarkedPart, lines_of
from guardedpersonalize.render import Chunk, Origin, Part, PartKind
from guardedpersonalize.vocabulary import Family, Severity

NAME = Origin(slots=frozenset({"name"}))
FOUND = Finding("HYG101", Family.HYGIENE, "", Severity.WARN, "html", 0, 1, "is odd")
PIECES = st.sampled_from(
    ["a b", "&amp;", "<b>", "</b>", "<br>", "\n", "<i title='x'>", "é", "  ", "<p>", "<!-- c -->"]
)


def part_of(*texts: str, kind: PartKind = PartKind.HTML) -> Part:
    """Return a part whose every second text is the value of a slot."""
    chunks = [Chunk(text, NAME if i % 2 else Origin()) for i, text in enumerate(texts)]
    return Part("html", kind, chunks)


def seen(source: str) -> str:
    """Return what a mail client shows of *source*."""
    read = read_part(Part("html", PartKind.HTML, [Chunk(source)]))
    return "".join(r.text for r in read.regions if r.kind is RegionKind.VISIBLE)


def around(start: int, end: int) -> Finding:
    return replace(FOUND, start=start, end=end)


@given(st.lists(PIECES, max_size=12), st.integers(0, 30), st.integers(0, 30))
def test_runs_are_the_text_and_know_their_slot(texts: list[str], start: int, length: int) -> None:
    """Joined they are what is read; a run is of a slot where its source is."""
    part = part_of(*texts)
    marked = MarkedPart(part, [around(start, start + length)], {"name"})
    for region in marked.read.regions:
        runs = list(marked.runs(region, 0, len(region.text)))
        assert "".join(run.text for run in runs) == region.text
        for run in runs:
            assert bool(run.slots) == bool(part.origins(run.start, run.start + 1)[0].slots)
            assert bool(run.findings) == (start <= run.start < start + length)


@given(st.lists(PIECES, max_size=12))
def test_marks_change_nothing_that_is_read(texts: list[str]) -> None:
    """The frame shows what the reader of the letter sees."""
    part = part_of(*texts)
    assert seen(framed(part, [], {"name"}, lambda run: 'class="x"')) == seen(part.text)


@pytest.mark.parametrize(
    "source",
    [
        '<img src="https://x.example/a.png">', "<img src=https://x.example/a.png alt=b>",
        "<p style='background: URL(https://x.example/a)'>", '<img srcset="https://x.example/a 2x">',
        "<style>@import 'https://x.example/a'; p { background: url(//x.example/b) }</style>",
        '<link rel="stylesheet" href="https://x.example/a.css">',
        "<p style='background: image-set(url(data:,) 1x, &quot;https://x.example/a&quot; 2x)'>",
        "<style>p { background: -webkit-image-set('https://x.example/a' 1x) }</style>",
        '<base href="https://x.example/">',
        '<video poster="//x.example/a"></video>', '<table background="https://x.example/a">',
    ],
)  # fmt: skip
def test_nothing_in_a_frame_is_fetched(source: str) -> None:
    """Addresses that a client would load are taken out; the rest of the tag stays."""
    made = framed(part_of(source), [], set(), lambda run: "")
    assert "x.example" not in made
    assert made[:4] == source[:4]


def test_a_link_and_a_picture_in_the_letter_itself_stay() -> None:
    """What is not fetched is left alone."""
    source = '<a href="https://x.example/">a</a><img src="data:image/gif;base64,R0" alt="b">'
    assert framed(part_of(source), [], set(), lambda run: "") == source


@pytest.mark.parametrize("target", ["target", "TARGET=''", 'class="target" target=_self'])
def test_a_link_cannot_take_the_place_of_its_letter(target: str) -> None:
    """Where it opens is said by the page alone."""
    made = framed(part_of(f"<a href='https://x.example/' {target}>a</a>"), [], set(), lambda _: "")
    assert made.lower().count(" data-target") == 1
    assert " target" not in made.lower()


def test_a_finding_stands_under_its_line_or_after_all_lines() -> None:
    """What is out of sight, or missing, belongs to no line."""
    part = part_of("one\ntwo\nthree", kind=PartKind.TEXT)
    inside, missing = around(5, 7), around(13, 13)
    lines, elsewhere = lines_of(part, [missing, inside], set())
    assert [line.findings for line in lines] == [(), (inside,), ()]
    assert elsewhere == [missing]
    assert [line.is_blank for line in lines] == [False] * 3


def test_a_frame_is_never_too_high() -> None:
    """A long letter is scrolled."""
    assert height_of(0) < height_of(500) < height_of(10**6) == height_of(10**7)
