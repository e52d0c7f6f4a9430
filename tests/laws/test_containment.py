"""Law 8: whatever a value holds, it stays text inside its slot."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from law_scenes import engine_of

from guardedpersonalize.errors import RenderError
from guardedpersonalize.render import Entry, PartKind, TemplateSet
from guardedpersonalize.testing import laws
from guardedpersonalize.testing.shape import shape_of
from guardedpersonalize.testing.strategies import HOSTILE, Scene, hostile_texts, scenes
from guardedpersonalize.vocabulary import Channel

PAGE = """<!DOCTYPE html><title>{{ a }}</title><p title="{{ a }}" class="x">{{ a }}</p>
{% if a %}<img src="https://example.org/a.png" alt='{{ a }}'>{% endif %}
{% set held %}<b>{{ a|upper }}</b>{% endset %}{{ held }}
{% macro quoted(x) %}<q>{{ x|replace('a', 'o') }}</q>{% endmacro %}{{ quoted(a) }}
<a href="https://example.org/find?q={{ a|urlencode }}&amp;page=1#top">{{ a|truncate(9) }}</a>
<ul>{% for each in [a, 'b'] %}<li>{{ each ~ '!' }}</li>{% endfor %}</ul>
<p>{{ '<i>' ~ a }} {{ a|default('you', true) }} {{ '%s'|format(a) }} {{ a|e }}</p>"""
TEMPLATES = TemplateSet.compile(
    {"s.j2": "Hello {{ a }}!", "b.txt.j2": "Dear {{ a }},\nbye.", "b.html.j2": PAGE},
    entries={
        "hello": Entry(
            "hello",
            (
                ("subject", PartKind.HEADER, "s.j2"),
                ("text", PartKind.TEXT, "b.txt.j2"),
                ("html", PartKind.HTML, "b.html.j2"),
            ),
            slots={"a": "text"},
        )
    },
)


def rendered(value: str) -> dict[str, object]:
    """Return the parts for *value* by name; nothing where it is refused."""
    try:
        draft = TEMPLATES.render("hello", {"a": value}, channel=Channel.EMAIL, purpose=None)
    except RenderError:
        return {}
    return {part.name: part for part in draft.parts}


@given(hostile_texts())
def test_no_text_leaves_its_place(value: str) -> None:
    """Even past minimisation, the shape of each part is that of a tame value."""
    parts, tame = rendered(value), rendered("Tame" if value else "")
    for name, part in parts.items():
        assert shape_of(part) == shape_of(tame[name])  # type: ignore[arg-type]


@given(hostile_texts())
def test_a_text_is_printed_as_it_is(value: str) -> None:
    """No syntax in it is evaluated and no character is lost; HTML escapes it once."""
    parts = rendered(value)
    if parts:
        assert parts["text"].text == f"Dear {value},\nbye."  # type: ignore[attr-defined]
        title = parts["html"].text.partition("<title>")[2].partition("</title>")[0]  # type: ignore[attr-defined]
        assert title == html.escape(value).replace("&quot;", "&#34;").replace("&#x27;", "&#39;")


@pytest.mark.parametrize("value", ["a\r\nBcc: b", "a\nb", "a\x00b", "a\u2028b", "a\x85b"])
def test_a_header_with_a_break_is_refused(value: str) -> None:
    """The last line of defence: no header is ever more than one line."""
    assert rendered(value) == {}


@given(scenes(willing=True, hostile=True))
def test_no_value_changes_the_shape_of_a_message(scene: Scene) -> None:
    """The whole way, from a hostile profile to the message."""
    laws.containment(engine_of(scene.pack), scene.template, scene.profile, scene.consent, scene.at)


@pytest.mark.parametrize("value", HOSTILE)
def test_every_known_trick_is_tried(value: str) -> None:
    """Each hostile text by itself, in every place of a page."""
    test_no_text_leaves_its_place.hypothesis.inner_test(value)  # type: ignore[attr-defined]


def test_a_megabyte_of_text_stays_in_bounds() -> None:
    """It is refused, not rendered by and by."""
    assert rendered("<" * 1_000_000) == {}
