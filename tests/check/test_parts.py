"""What a part says: to the reader of the message, and to the reader of its source."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardedpersonalize.check import markup
from guardedpersonalize.check.parts import read_part
from guardedpersonalize.check.reading import Offsets, ReadPart, RegionKind
from guardedpersonalize.render.draft import Chunk, Origin, Part, PartKind


def read(source: str, kind: PartKind = PartKind.HTML) -> ReadPart:
    """Read *source* as a part of the template's own words."""
    return read_part(Part("html", kind, (Chunk(source),)))


def found(source: str, kind: PartKind = PartKind.HTML) -> list[tuple[str, str]]:
    """Return the regions of *source* without an empty visible one, as kind and text."""
    regions = [(region.kind.value, region.text) for region in read(source, kind).regions]
    return [pair for pair in regions if pair != ("visible", "")]


def visible(source: str) -> str:
    """Return what a client shows of *source*."""
    return next(r.text for r in read(source).regions if r.kind is RegionKind.VISIBLE)


# Plain parts


def test_a_text_part_is_one_plain_region() -> None:
    """Its offsets are its own places."""
    (region,) = read("Hi Ada,\n\nbye", PartKind.TEXT).regions
    assert (region.kind, region.text) == (RegionKind.PLAIN, "Hi Ada,\n\nbye")
    assert list(region.offsets) == list(range(13))


def test_urls_in_a_text_are_read_as_links_too() -> None:
    """Decoded, without the marks that end the sentence, and mapped back to the source."""
    source = "See https://x.example/?e=ann%40example.org, or www.example.org."
    result = read(source, PartKind.HEADER)
    assert [(r.kind.value, r.text) for r in result.regions[1:]] == [
        ("link", "https://x.example/?e=ann@example.org"),
        ("link", "www.example.org"),
    ]
    at = result.regions[1].text.index("ann")
    assert result.regions[1].source_span(at, at + 15) == (25, 42)
    assert source[25:42] == "ann%40example.org"


# What a client shows


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("<p>Hello <b>Ada</b>,</p><p>bye</p>", "Hello Ada,\nbye"),
        ("  a \n\t b  ", "a b"),
        ("a<br>b<br/><br />c", "a\nb\nc"),
        ("<table><tr><td>a<td>b<tr><td>c</table>d", "a\nb\nc\nd"),
        ("<ul><li>a<li>b</ul>", "a\nb"),
        ("<dl><dt>a<dd>b<dt>c</dl>", "a\nb\nc"),
        ("a<i>b</i>c", "abc"),
        ("a&nbsp;b&amp;c&lt;d", "a b&c<d"),
        ("<pre>a  b\n c</pre>", "a  b\n c"),
        ("<p style='white-space:pre-line'>a\nb</p>", "a\nb"),
        ("1 < 2 and 3 > 2 <3", "1 < 2 and 3 > 2 <3"),
        ("<textarea>a <b></textarea>c", "a <b>\nc"),
        ("<xmp><b></xmp>", "<b>"),
        ("a</b></b>b", "ab"),
        ("<b>a<i>b</b>c</i>d", "abcd"),
        ("<select><option>a<option>b</select>", "a\nb"),
        ("<p>a<div>b</div>", "a\nb"),
        ("&", "&"),
        ("a&unknown;b", "a&unknown;b"),
        ("<![endif]-->a", "a"),
        ("a<plaintext>b</p>", "ab</p>"),
    ],
)
def test_text_is_laid_out_as_a_client_does(source: str, shown: str) -> None:
    """Blocks are parted by one line break, white space collapses, references are decoded."""
    assert visible(source) == shown


def test_visible_text_maps_to_its_source() -> None:
    """A match across tags and references covers the source from its first to its last character."""
    source = "<p>Hi <b>O&#39;Neil</b></p>, you"
    region = read(source).regions[0]
    at = region.text.index("O'Neil")
    start, end = region.source_span(at, at + 6)
    assert source[start:end] == "O&#39;Neil"


# What it does not show


def test_the_first_hidden_text_is_the_preheader() -> None:
    """It comes first; hidden text after visible text is something else."""
    source = "<div style='display:none'>Early</div><p>Hi</p><span hidden>Late</span>"
    assert found(source) == [("preheader", "Early"), ("visible", "Hi"), ("hidden", "Late")]


def test_spacers_are_no_preheader() -> None:
    """Joiners and blanks that fill up the line in the inbox say nothing."""
    assert found("<div hidden>&zwnj;&nbsp;&#847; &shy;</div>Hi") == [("visible", "Hi")]


def test_style_rules_hide_too_wherever_they_stand() -> None:
    """By class, id, name and class, or name; also where the sheet comes last."""
    source = (
        "<p>a</p><p class='x Y'>b</p><p id=z>c</p><i>d</i><p class=w>e</p>"
        "<style>.y{display:none}</style><style>#z{opacity:0} i{font-size:0} p.w{color:#fff}</style>"
    )
    assert visible(source) == "a"
    assert ("hidden", "b\nc d\ne") in found(source) or ("hidden", "b\nc\nd\ne") in found(source)


def test_colours_of_old_attributes_count() -> None:
    """White text on a table of white is hidden, on a dark one it is not."""
    assert visible("<font color=white>a</font>b") == "b"
    assert visible("<i style='color:#fff'>a</i><i style='color:#fff'>b</i>c") == "c"
    assert visible("<td background=x.png><font color=white>a") == "a"
    assert visible("<table bgcolor='#222222'><tr><td><font color=white>a</table>") == "a"


def test_a_link_has_a_colour_of_its_own() -> None:
    """White text around a link does not hide it; white text in it does."""
    assert visible("<p style='color:#fff'>a <a href=x>b</a> <a>c</a></p>") == "b"
    assert visible("<a href=x style='color:#fff'>b</a>") == ""


def test_hidden_text_between_words_does_not_part_them() -> None:
    """The reader sees one word; the hidden one is read on its own."""
    source = "<p>be<span style='font-size:0'>xx</span>fore</p><p hidden>a <br> b</p>"
    assert found(source) == [("visible", "before"), ("hidden", "xx"), ("hidden", "a\nb")]


# What the source says


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<title>Spring &amp; Co</title>", [("title", "Spring & Co")]),
        ("<a title='Go'>x</a>", [("visible", "x"), ("title", "Go")]),
        ("<a aria-label=Go></a>", [("title", "Go")]),
        ("<img alt='Ada&#39;s'>", [("alt", "Ada's")]),
        ("<!-- to ann&#64;example.org -->", [("comment", " to ann@example.org ")]),
        ("<!--[if mso]>Hi<![endif]-->", [("visible", "Hi")]),
        ("<!--[if ann@example.org]>Hi-->", [("comment", "[if ann@example.org]>Hi")]),
        ("<!--[if mso]><![endif]-->", []),
        ("<!doctype html>", []),
        ("<?xml x?>", [("comment", "xml x?")]),
        ("<!-->a", [("visible", "a")]),
        ("<!--->a", [("visible", "a")]),
        ("<!-- a --!>b", [("visible", "b"), ("comment", " a ")]),
        ("</ x>a", [("visible", "a"), ("comment", " x")]),
        ("<meta name=author content='Ada'>", [("meta", "Ada")]),
        ("<input placeholder='Your name' value='Ada'>", [("meta", "Your name"), ("meta", "Ada")]),
        ("<table summary='All of it'></table>", [("meta", "All of it")]),
        ("<p data-x='ada'></p>", [("meta", "ada")]),
        ("<p class='wide' id=main width=10></p>", []),
        ("<p class='u-ann@example.org'></p>", [("meta", "u-ann@example.org")]),
        ("<p id=c1234567></p>", [("meta", "c1234567")]),
        ("<p data-x=' '></p><p data-x></p>", []),
        ("<img src='data:image/png;base64,QWRh'>", []),
        ("<img src='data:text/plain,Ada'>", [("link", "data:text/plain,Ada")]),
        ("<a href='/?e=ann%40example.org'></a>", [("link", "/?e=ann@example.org")]),
        ("<a href=mailto:ann@example.org></a>", [("link", "mailto:ann@example.org")]),
        ("<p style='background:url(/p?e=a%20b)'></p>", [("link", "/p?e=a b")]),
        ("<style>p{background:url('/x?a%20b')}</style>", [("link", "/x?a b")]),
        ("<script>var a='Ada'</script>", [("meta", "var a='Ada'")]),
        ("<iframe>Ada</iframe>", [("hidden", "Ada")]),
        ("<template>Ada</template>", [("preheader", "Ada")]),
        ("<p>a</p><p hidden><img alt=x></p>", [("visible", "a"), ("alt", "x")]),
    ],
)
def test_what_else_the_source_says(source: str, expected: list[tuple[str, str]]) -> None:
    """Links, alternative texts, titles, comments and attributes that carry text."""
    assert found(source) == expected


def test_the_rest_stands_in_the_order_of_the_source() -> None:
    """Preheader, visible text, then everything else by where it starts."""
    source = "<title>t</title><i hidden>p</i><a href=/l title=u>v</a><!--c--><i hidden>h</i>"
    kinds = [kind for kind, _ in found(source)]
    assert kinds == ["preheader", "visible", "title", "link", "title", "comment", "hidden"]


def test_urls_in_any_text_are_links() -> None:
    """In visible text, in a preheader, in comments and in attributes."""
    url = "https://x.example/?a%20b"
    source = f"<i hidden>{url}</i>{url}<!-- {url} --><p data-u='{url}'>"
    assert [t for k, t in found(source) if k == "link"] == ["https://x.example/?a b"] * 4


def test_an_attribute_that_a_slot_wrote_is_always_read() -> None:
    """Also one of layout: a class that names the person is text after all."""
    slot = Origin(frozenset({"tier"}), template="t")
    chunks = (Chunk("<p class='is-"), Chunk("Ada", slot), Chunk("' id='x'>"))
    regions = read_part(Part("html", PartKind.HTML, chunks)).regions
    assert [(r.kind.value, r.text) for r in regions[1:]] == [("meta", "is-Ada")]


# Broken and hostile sources


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a <i", [("visible", "a"), ("comment", "i")]),
        ("a <", [("visible", "a <")]),
        ("a </b", [("visible", "a </b")]),
        ("a <!-- b", [("visible", "a"), ("comment", " b")]),
        ("a <!b", [("visible", "a"), ("comment", "b")]),
        ("<a title='b>c d", [("visible", "c d"), ("title", "b")]),
        ("<title>a", [("title", "a")]),
        ("<p =a=b>c", [("visible", "c"), ("meta", "b")]),
        ("<p a = 'b'c>d", [("visible", "d"), ("meta", "b")]),
        ("<p a=>b", [("visible", "b")]),
        ("</", [("visible", "</")]),
        ("<a b <a c", [("comment", "a b <a c")]),
        ("</a <b", [("visible", "</a <b")]),
    ],
)
def test_what_is_never_closed_is_read_all_the_same(
    source: str, expected: list[tuple[str, str]]
) -> None:
    """A browser would drop it; a leak in it is a leak."""
    assert found(source) == expected


MARKUP = """
<b> </b> <p> <!-- --> <a_href=' &amp; &#64; %40 <br> <style> .a{display:none} </style> _class=a_
<td> <title> </title> <div_hidden> https://x.example/? é 山 _style='font-size:0'>
"""
PIECES = st.sampled_from(
    [
        *"<>&;=/'\"!-? ax\n\u200b\x00\ud800",
        *(piece.replace("_", " ") for piece in MARKUP.split()),
    ]
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_source_can_be_read(source: str) -> None:
    """Regions have one offset a character and one for the end, ascending, inside the source."""
    for region in read(source).regions:
        offsets = list(region.offsets)
        assert len(offsets) == len(region.text) + 1
        assert offsets == sorted(offsets)
        assert not offsets or (offsets[0] >= 0 and offsets[-1] <= len(source))
        if region.text:
            assert region.source_span(0, len(region.text))[1] <= len(source)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_a_letter_stands_where_its_offset_says(source: str) -> None:
    """What is no reference, no code and no white space is the very character of the source."""
    for region in read(source).regions:
        assert isinstance(region.offsets, Offsets)
        for place, char in enumerate(region.text):
            if region.offsets.stop(place) - region.offsets[place] == 1 and not char.isspace():
                assert source[region.offsets[place]] == char


@given(st.lists(st.sampled_from(["alpha", "beta", "Ada"]), min_size=1), st.data())
def test_no_markup_hides_words_from_reading(words: list[str], data: st.DataObject) -> None:
    """Words that inline tags and comments stand between are read in their order."""
    noise = st.lists(
        st.sampled_from(["<b>", "</b>", "<i a=b>", "<!-- x -->", "<span>"]), max_size=3
    )
    source = " ".join(word + "".join(data.draw(noise)) for word in words)
    assert visible(source).split() == words


class Counted(str):
    """A text that counts the characters that searches in it look at."""

    __slots__ = ()
    looked_at = 0

    def find(self, needle: str, start: int = 0, end: int = sys.maxsize) -> int:  # type: ignore[override]
        """Find *needle*, and count the characters that this takes."""
        end = min(end, len(self))
        place = super().find(needle, start, end)
        Counted.looked_at += (end if place < 0 else place) - start
        return place


OPENINGS = """
< <a <a_ </ </b <!-- <! <? <a_b=" <a_b=' <a_b='x"> <b> </b> <b><i></b> <p>x & &a <title> </title>
<style> <td> <!-->
"""
HOSTILE = [piece.replace("_", " ") for piece in OPENINGS.split()]


@pytest.mark.parametrize("piece", HOSTILE)
def test_searches_look_at_each_character_a_few_times(piece: str) -> None:
    """What is never closed is looked for once, not again for each thing that opens."""
    source = Counted(piece * 2000)
    Counted.looked_at = 0
    for _ in markup.tokens(source, 0, len(source)):
        pass
    assert Counted.looked_at <= 8 * len(source)


def calls(source: str) -> int:
    """Return how many functions are called to read *source*."""
    count = 0

    def tally(*_: object) -> None:
        nonlocal count
        count += 1

    before = sys.getprofile()
    sys.setprofile(tally)
    try:
        read(source)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("piece", [*HOSTILE, "<div hidden>x", "<i class=a>&amp;", "https://a "])
def test_work_grows_with_the_length_only(piece: str) -> None:
    """Twice the source takes no more than about twice the calls."""
    read(piece)  # patterns are compiled once
    assert calls(piece * 1200) <= 2.4 * calls(piece * 600) + 200
