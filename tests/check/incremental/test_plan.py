"""Plans: what of a part may vary, what of it counts where, and where its blocks stand."""

from __future__ import annotations

import re

import pytest

from guardedpersonalize.check.blocks import in_blocks
from guardedpersonalize.check.incremental.plan import UNKNOWN, How, Written, plan_of
from guardedpersonalize.check.parts import read_part
from guardedpersonalize.render.draft import Chunk, Origin, Part, PartKind

LITERAL = Origin(template="t")
TEXT, HTML = PartKind.TEXT, PartKind.HTML


def part_of(source, *values, kind=HTML):
    """Return a part of *source*, in which `[[...]]` is a slot's; or *values* in those places."""
    pieces = re.split(r"\[\[(.*?)\]\]", source)
    for i, value in enumerate(values):
        pieces[2 * i + 1] = value
    chunks = [
        Chunk(piece, Origin(frozenset({f"s{i}"}), template="t") if i % 2 else LITERAL)
        for i, piece in enumerate(pieces)
        if piece
    ]
    return Part("part", kind, chunks)


def read(part):
    """Read *part* as the incremental reader does."""
    return in_blocks(read_part(part))


def plan(source, kind=HTML):
    """Plan *source*, whose slots all hold names."""
    part = part_of(source, kind=kind)
    slots = [i for i, chunk in enumerate(part.chunks) if chunk.origin.slots]
    found = plan_of(part, read, slots, ())
    assert found is not None
    assert found.fixed.isdisjoint(i for i, _ in found.free)
    assert sorted([*found.fixed, *(i for i, _ in found.free)]) == slots
    return found


def hows(found):
    """Return what counts of each chunk, in the order of reading."""
    return [place.how for block in found.blocks for place in block.places]


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("Hi [[Ada]], welcome.", TEXT),
        ("Hi [[Ada]].", TEXT),
        ("[[Ada]]: hi", TEXT),
        ("So ([[Ada]]) says \u201c[[hi]]\u201d!", TEXT),
        ("<p>Hi [[Ada]]</p><p>Bye</p>", HTML),
        ("<p title='[[Ada]]'>Hi</p>", HTML),
        ("<img alt='For [[Ada]]'>", HTML),
        ("<p hidden>[[Ada]]</p>Hi", HTML),
    ],
)
def test_words_in_a_text_are_free_and_told_by_their_shape(source, kind):
    """Wherever they stand by themselves."""
    found = plan(source, kind)
    assert not found.fixed
    assert not any(is_token for _, is_token in found.free)
    assert set(hows(found)) == {How.SHAPE}


def test_other_slots_are_told_by_their_values():
    """What is no name or place may be any word."""
    part = part_of("Hi [[Ada]], welcome.", kind=TEXT)
    found = plan_of(part, read, (), ())
    assert hows(found) == [How.VALUE]


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("pre[[Ada]] now", TEXT),
        ("[[Ada]]s now", TEXT),
        ("[[Ada]]'s pram", TEXT),
        ("@[[Ada]] now", TEXT),
        ("Go to [[Ada]].com now", TEXT),
        ("Mail [[Ada]]@example.org now", TEXT),
        ("A-[[Ada]]-b", TEXT),
        ("<b>[[Ada]]</b>s", HTML),
        ("<i>pre</i>[[Ada]]", HTML),
        ("<a href='https://example.org/u-[[tok]]'>x</a>", HTML),
        ("<a href='https://example.org/[[tok]].png'>x</a>", HTML),
        ("<a href='mailto:[[tok]]@example.org'>x</a>", HTML),
    ],
)
def test_what_is_glued_to_others_belongs_to_the_plan(source, kind):
    """It makes another word or address of them."""
    found = plan(source, kind)
    assert len(found.fixed) == 1
    assert hows(found) == []


@pytest.mark.parametrize(
    "source",
    [
        "<p class='[[gold]]'>Hi</p>",
        "<p id='[[main]]'>Hi</p>",
        "<p style='color:[[red]]'>Hi</p>",
        "<p style='display:[[none]]'>Hi</p>",
        "<p data-u='[[Ada]]'>Hi</p>",
        "<input value='[[Ada]]'>",
        "<!-- [[Ada]] -->Hi",
    ],
)
def test_what_no_reader_is_shown_belongs_to_the_plan(source):
    """Classes, styles, comments: they may decide how something looks."""
    assert plan(source).fixed == {1}


@pytest.mark.parametrize(
    "source",
    [
        "<style>.gold{display:none}</style><p>So</p><p class='[[gold]]'>Hi</p>",
        "<style>#main{opacity:0}</style><p>So</p><p id='[[main]]'>Hi</p>",
        "<style>p{display:none} p.gold{display:block}</style>So<p class='[[gold]]'>Hi</p>",
        "So<table bgcolor='[[white]]'><tr><td><font color='white'>Hi</font></td></tr></table>",
    ],
)
def test_a_value_that_decides_what_is_hidden_belongs_to_the_plan(source):
    """By a class or id that the sheet speaks of, or by a colour."""
    kinds = [
        [region.kind for region in read(part_of(source, value)).regions if region.text]
        for value in ("bokodi", "gold", "main", "white")
    ]
    assert any(one != kinds[0] for one in kinds)
    assert plan(source).fixed == {1}


@pytest.mark.parametrize(
    ("source", "how"),
    [
        ("<a href='https://example.org/u/[[tok]]'>x</a>", How.OPAQUE),
        ("<a href='https://example.org/u/[[tok]]/a'>x</a>", How.OPAQUE),
        ("<a href='https://example.org/?t=[[tok]]&s=1'>x</a>", How.OPAQUE),
        ("<a href='https://example.org/#a=[[tok]]'>x</a>", How.OPAQUE),
        ("<a href='https://[[tok]]'>x</a>", How.OPAQUE),
        ("<a href='https://example.org/?passport=[[tok]]'>x</a>", How.VALUE),
        ("<a href='https://example.org/chassis/[[tok]]'>x</a>", How.VALUE),
    ],
)
def test_a_token_of_a_web_address_is_free(source, how):
    """Any opaque one is like another, but beside a word that speaks for a number."""
    found = plan(source)
    assert found.free == ((1, True),)
    assert hows(found) == [how]


def test_two_tokens_of_one_address_are_told_by_their_values():
    """Together they may be something."""
    assert hows(plan("<a href='https://example.org/[[a]]/[[b]]'>x</a>")) == [How.VALUE] * 2


def test_of_a_token_in_prose_only_the_length_counts():
    """It is masked there, and read in the link."""
    found = plan("See https://example.org/[[tok]] now.", TEXT)
    assert found.free == ((1, True),)
    assert hows(found) == [How.LENGTH, How.OPAQUE]


def test_what_is_a_token_here_and_a_word_there_belongs_to_the_plan():
    """One chunk cannot be both."""
    found = plan("<p data-u='https://example.org/?n=[[Ada]]'>Hi</p>")
    assert found.fixed == {1}


@pytest.mark.parametrize(
    "source",
    ["In [[Ada]] 12 ways", "Your 3 [[beans]]!", "[[Ada]], 7b", "4, [[Ada]]", "[[a]] [[b]]"],
)
def test_beside_a_number_the_value_counts(source):
    """An address or a date may be of both; and a slot may write a number."""
    found = plan(source, TEXT)
    assert set(hows(found)) == {How.VALUE}


def test_a_number_further_off_does_not_matter():
    """There is a word between."""
    assert hows(plan("In 12 ways [[Ada]] has 3 prams", TEXT)) == [How.SHAPE]


def written(beside):
    """Return that chunks stand once each, and what is *beside* them."""
    return tuple(Written(chunk, words, is_masked=False) for chunk, words in beside.items())


@pytest.mark.parametrize(
    ("source", "beside"),
    [
        ("Hi [[Ada]], Welcome!", {1: ("hi", "welcome")}),
        ("[[Ada]]!", {0: ("", "")}),
        ("[[Ada]] and [[Bob]].", {0: ("", "and"), 2: ("and", "")}),
        ("Hi [[Ada]] \u2013 so", {1: ("hi", "so")}),
    ],
)
def test_the_words_beside_a_chunk_are_known(source, beside):
    """In small letters; none are those of another block."""
    assert plan(source, TEXT).written == written(beside)


def test_a_slot_stands_for_what_it_may_have_written():
    """A word that is not plain is not known."""
    found = plan("[[Ada]] [[Bob]] M\xfcller", TEXT)
    assert found.written == written({0: ("", 2), 2: (0, None)})


def test_a_slot_has_each_of_its_places():
    """With the words beside it there, whether it is free to vary or not."""
    part = part_of("Hi [[Ada]] now.\n\nBye [[Bob]], so.", kind=TEXT)
    for fixed in ((), {1}):
        found = plan_of(part, read, (), fixed)
        assert set(found.written) == set(written({1: ("hi", "now"), 3: ("bye", "so")}))


def test_what_stands_beside_a_value_that_is_shown_otherwise_is_not_known():
    """As of one whose quotation mark is escaped, or that goes on in the template's words."""
    part = part_of("<p>Hi [[O&rsquo;Neill]] now, [[A]]da</p>")
    found = plan_of(part, read, (), {1, 3})
    assert set(found.written) == {Written(i, UNKNOWN, is_masked=False) for i in (1, 3)}


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("Hi [[Ada]], so.\n\nBye [[Bob]] now.\n\nAsk [[Eve]].", TEXT),
        ("See https://example.org/[[tok]].\n\nBye [[Bob]].\n\nSo.", TEXT),
        ("<p>Hi [[Ada]].</p><p>A &amp; b.</p><p>Bye [[Bob]].</p><i title='[[Eve]]'>x</i>", HTML),
        ("<p hidden>[[Ada]]. So.</p><p>Hi [[Bob]].</p><p>Bye [[Eve]].</p>", HTML),
    ],
)
@pytest.mark.parametrize("value", ["Al", "Bokodi", "Quellim Sodama"])
def test_blocks_stand_where_the_plan_says(source, kind, value):
    """After what stands before them, however long it is."""
    found = plan(source, kind)
    tokens = {i for i, is_token in found.free if is_token}
    slots = sorted([*found.fixed, *(i for i, _ in found.free)])
    values = ["x" * len(value) if i in tokens else value for i in slots]
    part = part_of(source, *values, kind=kind)
    regions = read(part).regions
    assert len(regions) == len(found.blocks)
    for block, region in zip(found.blocks, regions, strict=True):
        assert block.first + sum(len(part.texts[i]) for i in block.before) == region.first
        assert (block.kind, block.is_partial) == (region.kind, region.is_partial)
        assert all(part.texts[place.chunk] in region.text for place in block.places)


def test_what_is_said_to_be_stuck_is_fixed():
    """It stays as it is in the probes, and the others are free."""
    part = part_of("Hi [[a,b]] and [[Bob]].", kind=TEXT)
    found = plan_of(part, read, (), {1})
    assert found.fixed == {1}
    assert found.free == ((3, False),)


def test_a_part_of_very_many_slots_and_blocks_has_no_plan():
    """It is read as a whole."""
    part = part_of("Hi [[Ada]].\n\n" * 300, kind=TEXT)
    assert plan_of(part, read, (), ()) is None
