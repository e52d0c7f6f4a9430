"""Calendars and address cards, as parts of their own and inside of a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardedpersonalize.check.parts import read_part
from guardedpersonalize.render.draft import Chunk, Origin, Part, PartKind


def read(source: str, kind: PartKind = PartKind.TEXT) -> list[tuple[str, str]]:
    """Return the regions of *source* as kind and text."""
    regions = read_part(Part("text", kind, (Chunk(source),))).regions
    return [(region.kind.value, region.text) for region in regions]


def card(*lines: str) -> list[tuple[str, str]]:
    """Return the regions of a card with *lines*."""
    return read("\n".join(["BEGIN:VCARD", "VERSION:4.0", *lines, "END:VCARD"]))


CALENDAR = """BEGIN:VCALENDAR
PRODID:-//Shop//EN
BEGIN:VEVENT
UID:20260410T090000Z-8842@shop.example
DTSTART:20260410T090000Z
SUMMARY;LANGUAGE=en:Tea\\, with
  cake
DESCRIPTION:One\\nTwo https://x.example/?e=ann%40example.org
LOCATION;ALTREP="https://x.example/map":12 High Street
ORGANIZER;CN="Ann: Lee";SENT-BY="mailto:bo@example.org":mailto:ann%40example.org
ATTENDEE;CN=Cy;RSVP=TRUE:mailto:cy@example.org
GEO:51.5;-0.14
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


def test_a_calendar_is_read_as_a_client_shows_it() -> None:
    """Unfolded and unescaped; people are links, places are meta, what makes it work is nothing."""
    assert read(CALENDAR) == [
        (
            "plain",
            "Tea, with cake\n\nOne\nTwo https://x.example/?e=ann%40example.org\n\n12 High Street\n",
        ),
        ("meta", "20260410T090000Z-8842"),
        ("link", "https://x.example/?e=ann@example.org"),
        ("link", "https://x.example/map"),
        ("meta", "https://x.example/map"),
        ("meta", "Ann: Lee"),
        ("link", "mailto:bo@example.org"),
        ("meta", "mailto:bo@example.org"),
        ("link", "mailto:ann@example.org"),
        ("meta", "Cy"),
        ("link", "mailto:cy@example.org"),
        ("meta", "GEO:51.5;-0.14"),
    ]


def test_a_card_is_read_as_a_client_shows_it() -> None:
    """Names and addresses are shown, a date of birth says what it is."""
    assert card(
        "N:Lee;Ann;;;",
        "ADR;TYPE=home:;;12 High St;Exeter",
        "BDAY:19870512",
        "item1.EMAIL:a@b.example",
    ) == [
        ("plain", "Lee, Ann, \n\n12 High St, Exeter"),
        ("meta", "BDAY:1987-05-12"),
        ("link", "a@b.example"),
    ]


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("NOTE:a\\nb\\Nc\\, d\\; e\\\\f\\x", "a\nb\nc, d; e\\f\\x"),
        ("note:a", "a"),
        ("item1.NOTE:a", "a"),
        ("NOTE:a\n b\n\tc", "abc"),
        ("NOTE;ENCODING=QUOTED-PRINTABLE:caf=C3=A9=\n bar=\n", "caf\xe9 bar"),
        ("NOTE;QUOTED-PRINTABLE;CHARSET=ISO-8859-1:caf=E9 =zz", "caf\xe9 =zz"),
        ("NOTE;ENCODING=BASE64:Y2Fm\n w6k=\n", "caf\xe9"),
        ("NOTE;ENCODING=b:SGk", "Hi"),
        ("NOTE;ENCODING=b:A", ""),
        ('NOTE;X="a:b":c', "c"),
        ('NOTE;X="a:b', "b"),
        ("NOTE:", ""),
        ("PHOTO;ENCODING=b;TYPE=JPEG:AAAA", ""),
    ],
)
def test_values_are_decoded(line: str, shown: str) -> None:
    """Folding, escapes and the encodings of older cards."""
    assert card(line)[0] == ("plain", shown)


def test_html_in_a_calendar_is_read_as_html() -> None:
    """Outlook shows it instead of the description."""
    line = "X-ALT-DESC;FMTTYPE=text/html:<p>Hi <b>Ada</b>\\, x</p><a href='/l'>y</a>"
    assert read(f"BEGIN:VCALENDAR\n{line}\nEND:VCALENDAR")[1:] == [
        ("visible", "Hi Ada, x\ny"),
        ("link", "/l"),
    ]


def test_lines_that_are_no_properties_are_read_all_the_same() -> None:
    """A leak in a broken line is a leak."""
    assert card("ann@example.org", ":x", "X-OTHER:y")[1:] == [
        ("meta", "ann@example.org"),
        ("meta", ":x"),
        ("meta", "X-OTHER:y"),
    ]


def test_text_around_a_block_stays_text() -> None:
    """And a block that never ends goes on to the last line."""
    source = "Hello\nBEGIN:VCARD\nFN:Ann\nEND:VCARD\nand\nBEGIN:VCALENDAR\nSUMMARY:Tea\nbye"
    assert read(source) == [("plain", "Hello\n\n\nAnn\nand\n\n\nTea"), ("meta", "bye")]


@pytest.mark.parametrize("text", ["x BEGIN:VCARD\nFN:a", "BEGIN:VCARDS\nFN:a", "BEGIN:VEVENT"])
def test_other_text_is_not_taken_for_a_block(text: str) -> None:
    """The line that begins one stands alone."""
    assert read(text) == [("plain", text)]


def test_only_text_parts_hold_blocks() -> None:
    """A header is one line."""
    assert read("BEGIN:VCARD", PartKind.HEADER) == [("plain", "BEGIN:VCARD")]


def test_what_a_slot_wrote_is_always_read() -> None:
    """Also where it makes the thing work."""
    slot = Origin(frozenset({"day"}), template="t")
    chunks = (Chunk("BEGIN:VCARD\nREV;TYPE="), Chunk("a", slot), Chunk(":b"), Chunk("c", slot))
    read_as = read_part(Part("text", PartKind.TEXT, chunks)).regions[1:]
    assert [(r.kind.value, r.text) for r in read_as] == [("meta", "REV;TYPE=a:bc"), ("meta", "a")]


WORDS = """
BEGIN:VCARD BEGIN:VCALENDAR END:VCARD END:VCALENDAR NOTE: N: TEL: X-A; ENCODING=b: BDAY:19870512
;QUOTED-PRINTABLE: =C3=A9 =E9 Y2Fm \\n \\, ; , " : X-ALT-DESC;FMTTYPE=text/html: <b>&amp; UID:1@a
https://x.example/?a%40
"""
BREAKS = ["\n", "\r\n", "\n ", "\n\t", "=\n", "\r", " ", "\ud800", "\x00", "\U0001f600"]
PIECES = st.sampled_from([*WORDS.split(), *BREAKS])


@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_block_can_be_read(rest: str) -> None:
    """Offsets ascend and lie in the source; a character that stands for one of it is that one."""
    source = f"BEGIN:VCARD\n{rest}"
    for region in read_part(Part("text", PartKind.TEXT, (Chunk(source),))).regions:
        offsets = list(region.offsets)
        assert len(offsets) == len(region.text) + 1
        assert offsets == sorted(offsets)
        assert offsets[0] >= 0
        assert offsets[-1] <= len(source)
        if region.text:
            assert region.source_span(0, len(region.text))[1] <= len(source)
