"""Reading takes time in proportion to the length, whatever stands there."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

import pytest

from guardedpersonalize.check.parts import read_part
from guardedpersonalize.render.draft import Chunk, Part, PartKind

TIMES = 4
MOST = 8
"""Four times the source may take twice as long as it should: clocks are coarse."""

HTML: dict[str, Callable[[int], str]] = {
    "nested": lambda n: "<div>" * n + "x",
    "nested and hidden": lambda n: "<div style='display:none'>" * n + "x",
    "closed in the wrong order": lambda n: "<b><i>" * n + "</b></i>" * n,
    "ends without a start": lambda n: "</x" + "<x" * n,
    "links": lambda n: "<a href='https://x.example/?e=ann%40example.org'>x</a>" * (n // 4),
    "a long word": lambda n: "x" * 20 * n,
    "blanks": lambda n: " " * 20 * n,
    "emoji": lambda n: "\U0001f469\u200d\U0001f52c" * n,
    "lone surrogates": lambda n: "\ud800" * n,
    "a long value": lambda n: f"<p title='{'x' * 20 * n}'>",
    "a list of pictures": lambda n: f"<img srcset='{',' * 10 * n}a{', ' * n}'>",
    "percent signs": lambda n: f"<a href='/?{'%2541' * n}'>",
    "selectors of one rule": lambda n: f"<style>{'.a,' * n}p{{{'top:0;' * n}}}</style>",
    "rules of one selector": lambda n: f"<style>{'.a{top:0}' * n}</style>",
    "a heavy rule, much used": lambda n: (
        f"<style>.a{{{''.join(f'p{i}:0;' for i in range(n))}}}</style>{'<p class=a>' * n}"
    ),
    "generated text": lambda n: "<style>" + 'content:"' * n + "</style>",
    "remarks in styles": lambda n: f"<style>{'/*' * n}</style><p style='{'/*a' * n}'>",
    "comments for Outlook": lambda n: "<!--[if mso]>" * n + "-->",
    "comments for Outlook, closed": lambda n: "<!--[if mso]>x<![endif]-->" * n,
    "drawings in drawings": lambda n: f'<img src="{"data:image/svg+xml,<image href=" * n}">',
    "base64": lambda n: f"<img src='data:text/plain;base64,{'w6k=' * n}'>",
    "turned text": lambda n: "<bdo dir=rtl>a" * n,
    "escapes": lambda n: "<script>" + "\\u0040" * n + "</script>",
}
TEXT: dict[str, Callable[[int], str]] = {
    "properties": lambda n: "BEGIN:VCALENDAR\n" + "SUMMARY:a\\, b\n" * n,
    "folded": lambda n: "BEGIN:VCALENDAR\nSUMMARY:" + "a\n " * n,
    "beginnings": lambda n: "BEGIN:VCARD\nEND:VCALENDAR\n" * n,
    "parameters": lambda n: "BEGIN:VCARD\nNOTE" + ';X="a' * n + ":x",
    "quotation marks": lambda n: 'BEGIN:VCARD\nNOTE"' + '"' * n + ":x",
    "soft breaks": lambda n: "BEGIN:VCARD\nNOTE;QUOTED-PRINTABLE:" + "=C3=\n" * n,
    "coded": lambda n: "BEGIN:VCARD\nNOTE;ENCODING=b:" + "AAAA\n " * n,
    "returns": lambda n: "BEGIN:VCARD" + "\r" * n + "x",
}
CASES = [(PartKind.HTML, name, make) for name, make in HTML.items()] + [
    (PartKind.TEXT, name, make) for name, make in TEXT.items()
]


def seconds(source: str, kind: PartKind) -> float:
    """Return the least time on the processor that reading *source* took, of two goes."""
    part = Part("html", kind, (Chunk(source),))
    taken = []
    for _ in range(2):
        gc.collect()
        start = time.process_time()
        read_part(part)
        taken.append(time.process_time() - start)
    return min(taken)


@pytest.mark.parametrize(
    ("kind", "name", "make"), CASES, ids=lambda v: v if isinstance(v, str) else ""
)
def test_time_grows_with_the_length_only(
    kind: PartKind, name: str, make: Callable[[int], str]
) -> None:
    """Four times the source takes less than eight times as long."""
    few = seconds(make(3_000), kind)
    assert seconds(make(TIMES * 3_000), kind) < MOST * max(few, 0.005)


@pytest.mark.parametrize(
    "source",
    [
        "<div>" * 100_000 + "x",
        "".join(f"<a href='https://x.example/{i}?e=a%40b.example'>x</a>" for i in range(10_000)),
        "x" * 100_000,
        f"<p title='{'x' * 100_000}'>",
        "<p>" + "\U0001f600" * 100_000,
    ],
    ids=["nested", "links", "word", "value", "emoji"],
)
def test_what_is_long_is_read_in_seconds(source: str) -> None:
    """A hundred thousand elements, ten thousand links, a word without an end."""
    assert seconds(source, PartKind.HTML) < 5


@pytest.mark.slow
@pytest.mark.parametrize("piece", ['<a b="', "<!-- ", "<p>ab ", "</b ", "&amp;", "<!--[if mso]>"])
def test_five_megabytes_of_broken_source_are_read_to_the_end(piece: str) -> None:
    """The longest part that is read, at its worst; a reader that is not linear would not end."""
    part = Part("html", PartKind.HTML, (Chunk(piece * (5_000_000 // len(piece))),))
    assert read_part(part).regions
