"""Segments of text messages, and the width of ads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardedpersonalize.preview.channels import Segments, called, display_width, segments_of


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("", Segments("GSM-7", 0, 1)),
        ("a" * 160, Segments("GSM-7", 160, 1)),
        ("a" * 161, Segments("GSM-7", 161, 2)),
        ("€" * 80, Segments("GSM-7", 160, 1)),
        ("a" * 152 + "€" * 77, Segments("GSM-7", 306, 3)),
        ("ż" * 70, Segments("UCS-2", 70, 1, ("ż",))),
        ("ż" * 71, Segments("UCS-2", 71, 2, ("ż",))),
        ("😀" * 35, Segments("UCS-2", 70, 1, ("😀",))),
        ("😀" * 67, Segments("UCS-2", 134, 3, ("😀",))),
    ],
)
def test_a_text_message_is_counted_as_networks_do(text: str, sent: Segments) -> None:
    """160 septets, or 70 UTF-16 units; a character never falls into two segments."""
    assert segments_of(text) == sent


@given(st.text(max_size=400))
def test_segments_hold_what_they_are_said_to_hold(text: str) -> None:
    """There are as many as the places need, and seldom one more."""
    sent = segments_of(text)
    room = 153 if sent.encoding == "GSM-7" else 67
    assert sent.count == 1 or (sent.count - 1) * (room - 1) < sent.places <= sent.count * room


def test_a_character_that_cannot_be_seen_is_named() -> None:
    """By its number where it has no name."""
    names = [called(character) for character in "\xa0\u200b\x07"]
    assert names == ["no-break space", "zero width space", "U+0007"]


def test_wide_characters_count_twice_in_an_ad() -> None:
    """As the ad platforms count them."""
    assert display_width("靴 Run") == 6
