"""Blocks: where a part may be cut, and that nothing of it is lost."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardedpersonalize.check.blocks import in_blocks
from guardedpersonalize.check.parts import read_part
from guardedpersonalize.check.reading import Region, RegionKind
from guardedpersonalize.render.draft import Chunk, Origin, Part, PartKind

LITERAL = Origin(template="t")
PROSE = {RegionKind.PLAIN, RegionKind.VISIBLE}


def part_of(source, kind=PartKind.TEXT):
    """Return a part of *source*, in which `[[...]]` is what a slot wrote."""
    pieces = re.split(r"\[\[(.*?)\]\]", source)
    slot = Origin(frozenset({"slot"}), template="t")
    chunks = [Chunk(piece, slot if i % 2 else LITERAL) for i, piece in enumerate(pieces) if piece]
    return Part("part", kind, chunks)


def prose(source, kind=PartKind.TEXT):
    """Return the texts of the blocks that *source* shows."""
    regions = in_blocks(read_part(part_of(source, kind))).regions
    return [region.text for region in regions if region.kind in PROSE]


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("One.\n\nTwo.", ["One.", "Two."]),
        ("One!\n\nTwo?\n \nThree\u2026\n\nFour", ["One!", "Two?", "Three\u2026", "Four"]),
        ("\u201cOne.\u201d\n\nTwo.", ["\u201cOne.\u201d", "Two."]),
        ("(One.)  \n\t\n\n  Two.", ["(One.)", "Two."]),
        ("\u8d64\u3002\n\n\u9752\u3002", ["\u8d64\u3002", "\u9752\u3002"]),
    ],
)
def test_a_block_of_a_text_ends_with_a_sentence_and_an_empty_line(text, blocks):
    """The blanks between two blocks are in neither."""
    assert prose(text) == blocks


@pytest.mark.parametrize(
    "text",
    [
        "One. Two.\nThree.",
        "Hi Ada,\n\nwelcome back.",
        "Beans  3\n\nPeas  4\n\nthree sorts.",
        "See you at St.\n\nIves.",
        "Ask Mr.\n\nLund.",
        "One.\n\n",
        "",
    ],
)
def test_all_else_goes_on(text):
    """Lines, greetings, cells, abbreviations; and nothing follows a last empty line."""
    assert prose(text) == [text]


@pytest.mark.parametrize(
    ("source", "blocks"),
    [
        ("<p>One.</p><p>Two.</p>", ["One.", "Two."]),
        ("One.<br>Two.", ["One.", "Two."]),
        ("<h1>Beans</h1><p>One.</p>", ["Beans\nOne."]),
        ("<table><tr><td>Peas<td>4</table><p>One.</p>Two", ["Peas\n4\nOne.", "Two"]),
        ("<p>Ask Dr.</p><p>Lund.</p>", ["Ask Dr.\nLund."]),
        ("One. <b>Two.</b>", ["One. Two."]),
    ],
)
def test_a_block_of_markup_ends_with_a_sentence_and_its_line(source, blocks):
    """What a client shows decides, not the lines of the source."""
    assert prose(source, PartKind.HTML) == blocks


def test_what_is_not_shown_is_not_cut():
    """Titles, alternative texts, comments and links are read as they are."""
    source = "<title>One.\n\nTwo.</title><img alt='One.\n\nTwo.'><!-- One.\n\nTwo. -->Hi."
    read = read_part(part_of(source, PartKind.HTML))
    rest = [region for region in read.regions if region.kind not in PROSE]
    assert len(rest) == 3
    assert [region for region in in_blocks(read).regions if region.kind not in PROSE] == rest


@pytest.mark.parametrize("kind", [PartKind.TEXT, PartKind.HTML])
def test_a_slot_in_a_web_address_is_masked_in_the_prose_only(kind):
    """In the link it is read; a slot beside the address is read where it stands."""
    read = in_blocks(read_part(part_of("[[Ada]], see https://example.org/[[k9x2]]/a now.", kind)))
    assert [region.text for region in read.regions] == [
        "Ada, see https://example.org/xxxx/a now.",
        "https://example.org/k9x2/a",
    ]


def test_an_address_that_the_template_wrote_is_not_masked():
    """It is the same in each message."""
    assert prose("See https://example.org/k9x2 now.") == ["See https://example.org/k9x2 now."]


def test_a_slot_that_wrote_the_whole_address_is_masked_as_far_as_it_goes():
    """What it wrote beside the address stays."""
    assert prose("See [[us at www.example.org now]].") == ["See us at xxxxxxxxxxxxxxx now."]


@pytest.mark.parametrize("kind", [PartKind.TEXT, PartKind.HTML])
def test_blocks_know_where_they_stand(kind):
    """In what the part shows, and in its source."""
    source = "A &amp; b.\n\n<b>Two</b>.\n\n<br>Three."
    read = read_part(part_of(source, kind))
    (whole,) = [region for region in read.regions if region.kind in PROSE]
    blocks = [region for region in in_blocks(read).regions if region.kind in PROSE]
    assert len(blocks) > 1
    for block in blocks:
        end = block.first + len(block.text)
        assert whole.text[block.first : end] == block.text
        for at in range(len(block.text)):
            there = block.first + at
            assert block.source_span(at, at + 1) == whole.source_span(there, there + 1)
        assert block.source_span(0, len(block.text)) == whole.source_span(block.first, end)


def test_plain_offsets_are_cut_as_well(read_as):
    """A reading of one's own may map its text by any sequence."""
    blocks = in_blocks(read_as("One.\n\nTwo.")).regions
    assert [(block.first, block.source_span(0, 4)) for block in blocks] == [
        (0, (0, 4)),
        (6, (6, 10)),
    ]


def test_a_block_is_no_more_cut():
    """To cut twice is to cut once, but for where the text starts."""
    read = read_part(part_of("One.\n\nTwo! Three.\n\nFour"))
    once = in_blocks(read)
    assert [r.text for r in in_blocks(once).regions] == [r.text for r in once.regions]
    assert [r.first for r in in_blocks(once).regions] == [r.first for r in once.regions]


PIECES = st.sampled_from(
    [
        *(
            "One. ",
            "Two!",
            "Is it?",
            " Mr. ",
            "St.",
            "e.g.",
            "Hi Ada,",
            "\u2026",
            ".\u201d",
            "\u3002",
        ),
        *("\n", "\n\n", "\n \n", "\t", " ", "\u2028", "\r", "3.5", "<br>", "<p>", "<b>", "&amp;"),
    ]
)
SOURCES = st.one_of(st.lists(PIECES, max_size=24).map("".join), st.text(max_size=60))


def bare(regions: tuple[Region, ...]) -> str:
    """Return all letters and signs of *regions*, in order."""
    return "".join("".join(region.text.split()) for region in regions)


@given(SOURCES, st.sampled_from(PartKind))
def test_nothing_is_lost_but_blanks(source, kind):
    """Joined, the blocks are the text, and each stands where it says."""
    read = read_part(part_of(source, kind))
    cut = in_blocks(read)
    assert bare(cut.regions) == bare(read.regions)
    for region in read.regions:
        if region.kind in PROSE:
            blocks = [one for one in cut.regions if one.kind is region.kind]
            ends = [0, *(one.first + len(one.text) for one in blocks)]
            for block, end in zip(blocks, ends, strict=False):
                assert region.text[block.first :].startswith(block.text)
                assert region.text[end : block.first].strip() == ""
            break
