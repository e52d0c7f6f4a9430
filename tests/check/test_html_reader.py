"""What some clients show, and what pictures, scripts and style sheets say."""

from __future__ import annotations

import base64

import pytest

from guardedpersonalize.check import CheckContext, Checker, KnownValue
from guardedpersonalize.check.parts import read_part
from guardedpersonalize.check.pii import PatternDetector
from guardedpersonalize.check.reading import Region, RegionKind
from guardedpersonalize.profile import FieldType
from guardedpersonalize.render.draft import Chunk, Draft, Origin, Part, PartKind
from guardedpersonalize.vocabulary import Channel

CHECKER = Checker(shipped=[PatternDetector()])
DRAWING = "<svg><title>t</title><text>Hi</text><desc>to ann@example.org</desc></svg>"
CODED = base64.b64encode(DRAWING.encode()).decode()


def regions(source: str) -> list[Region]:
    """Return the regions of *source* without an empty visible one."""
    read = read_part(Part("html", PartKind.HTML, (Chunk(source),)))
    return [region for region in read.regions if region.text]


def found(source: str) -> list[tuple[str, str]]:
    """Return the same as kind and text."""
    return [(region.kind.value, region.text) for region in regions(source)]


def rules(source: str, *withheld: str) -> set[tuple[str, str]]:
    """Return which rules find something in *source*, and in which text of it."""
    values = tuple(KnownValue("name", FieldType.TEXT, value) for value in withheld)
    context = CheckContext(channel=Channel.EMAIL, withheld=values)
    draft = Draft.of_text([("html", PartKind.HTML, source)], channel=Channel.EMAIL)
    report = CHECKER.check(draft, context)
    return {
        (f.rule, source[f.start : f.end]) for f in report.findings if f.family.value != "unknown"
    }


# Pictures


@pytest.mark.parametrize(
    "source",
    [
        "<img src='/p?email=ann@example.org'>",
        "<img src='cid:ann@example.org'>",
        "<img srcset='/a.png 1x, /b.png?ann@example.org 2x'>",
        "<link rel=preload imagesrcset='/b.png?ann@example.org 2x'>",
        "<td background='/b.png?ann@example.org'>",
        "<p style='background:url(/b.png?ann@example.org)'>",
        "<v:fill src='/b.png?ann@example.org'>",
        "<img src='data:image/png;name=ann@example.org;base64,AAAA'>",
        "<img src='data:text/plain,ann@example.org'>",
        '<img src="data:image/svg+xml,<svg><text>ann@example.org</text></svg>">',
    ],
)
def test_the_address_of_a_picture_is_read_for_identifiers(source: str) -> None:
    """Wherever a picture may be named."""
    assert "ann@example.org" in {text for _, text in rules(source)}


def test_a_picture_named_after_the_reader_is_an_echo() -> None:
    """Also where its file is all that says so."""
    source = "<p>Hello</p><img src='https://x.example/jane-doe-1987.png'>"
    assert "jane" in {text for _, text in rules(source, "Jane")}
    assert rules(source) == set()


@pytest.mark.parametrize(
    "url", [f"data:image/svg+xml;base64,{CODED}", f"data:image/svg+xml,{DRAWING}"]
)
def test_a_drawing_inside_its_address_is_read_as_markup(url: str) -> None:
    """Its words are shown where pictures are; each stands where the source says it."""
    source = f'<img src="{url}">'
    read = regions(source)
    assert [(r.kind.value, r.text) for r in read] == [
        ("title", "t"),
        ("visible", "Hi"),
        ("title", "to ann@example.org"),
    ]
    assert read[1].is_partial
    at = read[2].text.index("ann")
    start, end = read[2].source_span(at, at + 15)
    assert source.index(url) < start < end < source.index('">')


def test_a_list_of_pictures_is_one_link_each() -> None:
    """A comma inside of an address parts nothing."""
    assert found("<img srcset=',a,b.png 1x,, /c%20d.png 2x, data:text/plain,e'>") == [
        ("link", "a,b.png"),
        ("link", "/c d.png"),
        ("link", "data:text/plain,e"),
    ]


@pytest.mark.parametrize("url", ["data:", "data:,", "data:text/plain;base64,", "data:;base64,A"])
def test_a_broken_data_url_is_read_as_far_as_it_goes(url: str) -> None:
    """Without a head, a payload or enough of it."""
    assert [kind for kind, _ in found(f"<img src='{url}'>")] == ["link"]


# What some clients show


def test_the_text_in_a_comment_for_outlook_is_visible_to_some() -> None:
    """With its links; elements that one comment opens and another closes change nothing around."""
    source = "<!--[if mso]><table><tr><td hidden><a href='/l'>Hi</a> <b>Ada<![endif]--><p>x</p>"
    assert found(source)[0] == ("visible", "x")
    shown = "<!--[if (gte mso 9)|(IE)]><center><a href='/l'>Hi</a> <b>Ada<![endif]--><p>x</p>"
    read = regions(shown)
    assert [(r.kind.value, r.text, r.is_partial) for r in read] == [
        ("visible", "x", False),
        ("link", "/l", True),
        ("visible", "Hi Ada", True),
    ]


def test_settings_for_outlook_are_neither_shown_nor_hidden() -> None:
    """They stand in nearly every message, and say nothing."""
    source = "<!--[if mso]><xml><o:PixelsPerInch>96</o:PixelsPerInch></xml><![endif]-->a"
    assert found(source) == [("visible", "a"), ("meta", "96")]


def test_white_text_on_a_shape_of_outlook_is_seen() -> None:
    """A button has its colour in an attribute of the shape."""
    source = (
        "<!--[if mso]><v:roundrect fillcolor=red><center style='color:#fff'>Go</center><![endif]-->"
    )
    assert found(source) == [("visible", "Go")]


def test_a_comment_in_a_comment_for_outlook_is_a_comment() -> None:
    """One level is read, however many there are."""
    assert found("<!--[if mso]>a<!--[if mso]>b-->c") == [
        ("visible", "c"),
        ("visible", "a"),
        ("comment", "[if mso]>b"),
    ]


def test_what_only_some_see_is_not_what_everybody_needs() -> None:
    """A way out that only Outlook shows is none."""
    text = "Unsubscribe at any time: https://shop.example/unsubscribe"
    for source, is_there in ((text, True), (f"<!--[if mso]>{text}<![endif]-->Hello", False)):
        draft = Draft.of_text([("html", PartKind.HTML, source)], channel=Channel.EMAIL)
        report = CHECKER.check(draft, CheckContext(channel=Channel.EMAIL, complete=True))
        assert ("REQ101" not in {f.rule for f in report.findings}) == is_there


def test_text_that_a_style_sheet_makes_is_read() -> None:
    """Escapes undone; bullets and blanks say nothing."""
    source = (
        "<style>p::before{content:'Hi \\41 da\\2014 x' \"!\"} li:before{content:'\\2022'}"
        "a{content:''}</style>a"
    )
    assert found(source) == [("visible", "a"), ("visible", "Hi Ada\u2014x!")]


def test_comments_and_addresses_in_a_style_sheet_are_read() -> None:
    """A leak in a selector is a leak."""
    source = "<style>/* for Ada */ a[href='mailto:ann@example.org']{color:red} p{top:0}</style>"
    assert found(source) == [
        ("meta", "/* for Ada */ a[href='mailto:ann@example.org']"),
        ("comment", " for Ada "),
        ("link", "mailto:ann@example.org"),
    ]


def test_what_a_slot_wrote_into_a_style_sheet_is_read() -> None:
    """A class that is called after the person is text after all."""
    slot = Origin(frozenset({"tier"}), template="t")
    chunks = (Chunk("<style>.is-"), Chunk("Ada", slot), Chunk("{top:0}</style>x"))
    read = read_part(Part("html", PartKind.HTML, chunks)).regions
    assert [(r.kind.value, r.text) for r in read] == [("visible", "x"), ("meta", "Ada")]


def test_text_that_is_turned_is_read_as_it_is_seen() -> None:
    """By element or by style; what is turned back is not text of its own."""
    assert ("visible", "ann@example.org") in found("<bdo dir=rtl>gro.elpmaxe@nna</bdo>")
    style = "unicode-bidi:bidi-override;direction:rtl"
    assert ("visible", "ab") in found(f"<p style='{style}'>b<b>a</b></p>c")
    assert found("<bdo dir=ltr>ab</bdo>") == [("visible", "ab")]


def test_a_word_with_invisible_characters_in_it_is_one_word() -> None:
    """To the rules about wording too."""
    source = "<p>We s&shy;aw y&#8203;ou leave the sh<wbr>op.</p>"
    assert ("INT201", "We s&shy;aw y&#8203;ou") in rules(source)


# Data for machines


def test_escapes_in_scripts_and_in_json_are_undone() -> None:
    """So that an address in linked data is seen as one."""
    source = (
        '<script type="application/ld+json">{"email": "ann\\u0040example.org", '
        '"u": "https:\\/\\/x.example\\/%41", "n": "\\ud83d\\ude00\\u{41}\\x42\\ud800"}'
        "</script>"
    )
    assert found(source) == [
        (
            "meta",
            '{"email": "ann@example.org", "u": "https://x.example/%41", "n": "\U0001f600AB\ufffd"}',
        ),
        ("link", "https://x.example/A"),
    ]
    assert ("PII203", "ann\\u0040example.org") in rules(source)


def test_microdata_is_read_as_meta() -> None:
    """Its values, not the names of its properties."""
    source = (
        "<div itemscope itemtype='https://schema.org/Order'>"
        "<meta itemprop=name content=Ada><link itemprop=url href='/o?n=1'></div>"
    )
    assert found(source) == [("meta", "Ada"), ("link", "/o?n=1")]


def test_an_element_of_mjml_is_named() -> None:
    """Its text is shown as it would be, block by block."""
    assert found("<mj-text>a</mj-text><MJ-Text>b") == [
        ("visible", "a\nb"),
        ("meta", "<mj-text"),
        ("meta", "<MJ-Text"),
    ]
    assert ("HYG121", "<mj-text") in rules("<mj-text>a</mj-text>")


# Findings


def test_a_finding_says_where_it_is_in_the_visible_text() -> None:
    """As well as in the source; None where the reader does not see it there."""
    source = "<p>Hi, <b>ann&#64;example.org</b></p><!-- ann@example.org -->"
    draft = Draft.of_text([("html", PartKind.HTML, source)], channel=Channel.EMAIL)
    report = CHECKER.check(draft, CheckContext(channel=Channel.EMAIL))
    where = {f.rule: (f.visible_start, f.visible_end) for f in report.findings}
    assert where["PII101"] == (4, 19)
    assert where["PII203"] == (None, None)
    assert next(r.text for r in regions(source) if r.kind is RegionKind.VISIBLE)[4:19] == (
        "ann@example.org"
    )
