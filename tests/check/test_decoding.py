"""Character references and percent-encoding."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardedpersonalize.check.decoding import decode_attribute, decode_link
from guardedpersonalize.check.reading import Writer


def attribute(source: str) -> str:
    """Decode *source* as the value of an attribute."""
    return decode_attribute(source, 0, len(source))[0]


def link(source: str) -> str:
    """Decode *source* as a link target."""
    return decode_link(*decode_attribute(source, 0, len(source)))[0]


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("a &amp; b", "a & b"),
        ("ann&#64;example.org", "ann@example.org"),
        ("ann&#x40;example.org", "ann@example.org"),
        ("?a=1&copy=2", "?a=1&copy=2"),
        ("?a=1&copyright", "?a=1&copyright"),
        ("&copy 2026", "\xa9 2026"),
        ("&copy", "\xa9"),
        ("&nosuchthing; & &", "&nosuchthing; & &"),
        ("&#0;&#xD800;", "\ufffd\ufffd"),
        ("&#" + "1" * 5000 + ";", "\ufffd" + "1" * 4900 + ";"),
        ("plain", "plain"),
    ],
)
def test_references_are_decoded_as_a_browser_does(source: str, shown: str) -> None:
    """Also without a semicolon, but not where a query string only looks like a reference."""
    assert attribute(source) == shown


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("https://x.example/?e=ann%40example.org", "https://x.example/?e=ann@example.org"),
        ("/?e=ann%2540example.org", "/?e=ann@example.org"),
        ("/?e=ann%252540example.org", "/?e=ann@example.org"),
        ("/?n=Ada+Lovelace", "/?n=Ada Lovelace"),
        ("/a+b?c", "/a+b?c"),
        ("/a+b", "/a+b"),
        ("mailto:ann+tag@example.org?subject=a+b", "mailto:ann+tag@example.org?subject=a+b"),
        ("tel:+441632960123", "tel:+441632960123"),
        ("/caf%C3%A9", "/caf\xe9"),
        ("/caf%E9", "/caf\xe9"),
        ("/50%", "/50%"),
        ("/%zz", "/%zz"),
        ("&#37;40", "@"),
    ],
)
def test_links_are_decoded_until_nothing_changes(source: str, shown: str) -> None:
    """Once, twice or three times encoded; bytes that are no UTF-8 are read as Latin-1."""
    assert link(source) == shown


@given(st.text(max_size=30), st.integers(1, 3))
def test_whatever_was_encoded_is_read_again(text: str, rounds: int) -> None:
    """A value that is free of percent signs itself comes back from up to three encodings."""
    value = text.replace("%", "").encode("utf-8", "ignore").decode()
    source = value
    for _ in range(rounds):
        source = quote(source, safe="")
    writer = Writer()
    writer.copy(source, 0)
    decoded, offsets = decode_link(*writer.done(len(source)))
    assert decoded == value
    assert list(offsets) == sorted(offsets)
    if value:
        assert (offsets[0], offsets.stop(len(value) - 1)) == (0, len(source))
