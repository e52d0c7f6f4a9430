"""The shape of a part: what a value may not change, told from what it may."""

from __future__ import annotations

import pytest

from guardedpersonalize.render import Chunk, Origin, Part, PartKind
from guardedpersonalize.testing.shape import shape_of

SLOT = Origin(slots=frozenset({"a"}))


def part(value: str, *, before: str = "<p>", after: str = "</p>", kind: str = "html") -> Part:
    """Return a part with *value* in a slot."""
    chunks = (Chunk(before), Chunk(value, SLOT), Chunk(after))
    return Part("x", PartKind(kind), chunks)


@pytest.mark.parametrize(
    ("before", "value", "after", "other"),
    [
        ("<p>", "Ada", "</p>", "Eve &lt;b&gt;"),
        ('<p title="', "Ada", '">', "Eve &#34;"),
        ('<a href="https://example.org/?q=', "Ada", '&amp;p=1">', "%26p%3D2"),
        ('<a href="https://example.org/', "Ada", '/page">', "%2F..%2F"),
    ],
)
def test_a_value_in_its_place_changes_no_shape(
    before: str, value: str, after: str, other: str
) -> None:
    """Text, attribute, parameter, segment of a path."""
    shapes = [shape_of(part(each, before=before, after=after)) for each in (value, other)]
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        ("<p>", "<b>x</b>", "</p>"),
        ("<p>", "</p><p>", "</p>"),
        ("<p>", "<!-- x", "</p>"),
        ("<p>", "<!DOCTYPE x>", "</p>"),
        ("<p>", "<?x?>", "</p>"),
        ("<p>", "<![CDATA[x]]>", "</p>"),
        ('<p title="', '" onclick="x', '">'),
        ('<p onclick="', "x()", '">'),
        ('<p style="', "color: red", '">'),
        ('<a href="https://', "evil.example", '/">'),
        ('<a href="', "javascript:x", '">'),
        ('<a href="https://example.org/', "other/page", '">'),
        ('<a href="https://example.org/', "..", '">'),
        ('<a href="https://example.org/?q=', "x&r=1", '">'),
        ("<script>", "x()", "</script>"),
    ],
)
def test_a_value_out_of_its_place_changes_the_shape(before: str, value: str, after: str) -> None:
    """Elements, attributes, comments, code, hosts, paths and parameters."""
    tame = part("Tame", before=before, after=after)
    assert shape_of(part(value, before=before, after=after)) != shape_of(tame)


def test_words_of_the_template_are_of_the_shape() -> None:
    """In every kind of part."""
    for kind in PartKind:
        one, other = (part("x", before=word, kind=kind) for word in ("Hi ", "Ho "))
        assert shape_of(one) != shape_of(other)


@pytest.mark.parametrize("value", ["a\nb", "a\rb", "a\u2028b", "a\x00b", "a\ud800"])
def test_a_header_is_one_line(value: str) -> None:
    """Breaks and controls are no text of a header; in a text part they are."""
    tame = part("Tame", before="", after="", kind="header")
    assert shape_of(part(value, before="", after="", kind="header")) != shape_of(tame)
    plain = part("Tame", before="", after="", kind="text")
    assert shape_of(part(value, before="", after="", kind="text")) == shape_of(plain)
