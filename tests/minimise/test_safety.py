from __future__ import annotations

import sys
import unicodedata

import pytest

from guardedpersonalize.minimise import has_link, is_unsafe

WOMAN_ARTIST = "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{ARTIST PALETTE}"


@pytest.mark.parametrize(
    "text",
    [
        "Ada",
        "Zoë",
        "Zoe\N{COMBINING DIAERESIS}",
        "O\u2019Neil",
        "<b>{{ name }}</b> & {% raw %}",
        "山田",
        "عادا",
        "נטע",
        WOMAN_ARTIST,
        "می\N{ZERO WIDTH NON-JOINER}رم",
        "രാജൻ\N{ZERO WIDTH JOINER}",
        "a\N{NO-BREAK SPACE}b",
        "\N{HEAVY BLACK HEART}\N{VARIATION SELECTOR-16}",
    ],
)
def test_writing_is_safe(text: str) -> None:
    """Every script, marks, emoji and markup are only text."""
    assert not is_unsafe(text)


@pytest.mark.parametrize(
    "text",
    [
        "Ada\0",
        "Ada\r\nBcc: a@example.org",
        "Ada\n",
        "a\tb",
        "a\x7fb",
        "é\x85",
        "é\u2028",
        "é\u2029",
        "\u202eadA",
        "Ada\u2066",
        "Ada\u200f",
        "A\u200bda",
        "\ufeffAda",
        "A\u2060da",
        "A\N{SOFT HYPHEN}da",
        "\N{HANGUL FILLER}",
        "Ada\U000e0041",
        "Ada\ud800",
        "A\u200dda",
        "Ada\u200c",
        "\u200dé",
        "é\u200d\u200dé",
        "é\u200da",
    ],
)
def test_hiding_is_unsafe(text: str) -> None:
    """Controls, bidi marks, invisible characters and broken ones are refused."""
    assert is_unsafe(text)


def test_every_control_and_format_character_is_unsafe() -> None:
    """Nothing of categories Cc, Cf, Cs, Zl and Zp slips through but joiners and visible signs."""
    arabic = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2}
    visible = arabic | {0x110BD, 0x110CD} | set(range(0x13430, 0x13440))
    hiding = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    for code in range(sys.maxunicode + 1):
        if unicodedata.category(chr(code)) in hiding and code not in visible | {0x200C, 0x200D}:
            assert is_unsafe(f"é{chr(code)}é"), hex(code)


@pytest.mark.parametrize("text", ["see https://shop.example", "WWW.shop.example", "a://b"])
def test_links_are_told(text: str) -> None:
    """What mail programs turn into a link is one."""
    assert has_link(text)


@pytest.mark.parametrize("text", ["shop.example", "a: //b", "wwwhat"])
def test_other_text_is_no_link(text: str) -> None:
    """Words are not links."""
    assert not has_link(text)
