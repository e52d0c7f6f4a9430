"""Where in plain text and headers a slot may stand."""

# ruff: noqa: E501 - a template reads best on one line
from __future__ import annotations

import pytest
from render_packs import codes, compiled, problems, text

from guardedpersonalize.errors import RenderError
from guardedpersonalize.render import PartKind

ALLOWED = {
    "words": "Hi {{ name }}, you are from {{ city }}.",
    "path segment": "See https://a.example/u/{{ token|urlencode }}.",
    "query": "See (https://a.example/?q={{ name|urlencode }}&c={{ city|urlencode }})",
    "www": "See www.a.example/{{ token|urlencode }}",
    "bare host": "See a.example/u/{{ token|urlencode }}",
    "after an address": "https://a.example/x {{ name }}",
    "before an address": "{{ name }} https://a.example/",
    "address of a constant": "{% set u = 'https://a.example/' %}{{ u }}{{ token|urlencode }}",
    "hand's breadth": "@{{ name }}, {{ name }}'s, {{ name }}-{{ city }}, {{ name }}.",
    "a date": "{{ n }}.{{ n }}.2026/27",
    "branches": "https://{% if vip %}a.example/{% else %}b.example/{% endif %}{{ token|urlencode }}",
    "worked out": "{% for u in ['https://a.example/'] %}{{ u }} {% endfor %}{{ name }}",
    "worked out, with more behind": "https://{{ range(3)|length }}.a.example/x {{ name }}",
    "worked out in words": "x{{ 3 * 4 }}y {{ name }}{{ 3 * 4 }}",
    "loop": "{% for i in items %}{{ i }}, {% endfor %}",
    "escaped": "{{ name|e }}{% filter upper %}{{ name }}{% endfilter %}",
    "markup is nothing special": "{% macro f() %}<b>{% endmacro %}{{ f()|upper }}<p {{ name }}",
}
REFUSED = {
    "host": ("https://{{ name }}/", "GP318"),
    "end of a host": ("https://a.{{ name|urlencode }}", "GP318"),
    "www": ("www.{{ name }}", "GP318"),
    "another scheme": ("ftp://{{ name }}", "GP318"),
    "mail host": ("us@{{ name }}", "GP318"),
    "host before the words": ("{{ name }}.example/offer", "GP318"),
    "scheme before the words": ("{{ name }}://a.example/", "GP318"),
    "host in a branch": ("{% if vip %}https://{% endif %}{{ name }}", "GP318"),
    "host that is worked out": (
        "https://{% for u in ['a'] %}{{ u }}{{ name }}{% endfor %}",
        "GP318",
    ),
    "host by a format": ("{{ 'https://%s/'|format(name) }}", "GP318"),
    "host by an operator": ("{{ 'www.%s' % name }}", "GP318"),
    "host by a filter": ("{{ name|replace('a', 'https://b.example/') }}", "GP318"),
    "not encoded": ("https://a.example/{{ name }}", "GP319"),
    "not encoded later": ("https://a.example/{{ name|urlencode }}/{{ city }}", "GP319"),
    "not encoded in a loop": (
        "https://a.example/{% for i in items %}{{ i }}/{% endfor %}",
        "GP319",
    ),
    "macro": ("{% macro f(x) %}https://{{ x }}{% endmacro %}{{ f(name) }}", "GP318"),
}


@pytest.mark.parametrize("case", ALLOWED)
def test_a_slot_may_stand_in_words_and_behind_a_host(case: str) -> None:
    """Text has no places but those of addresses."""
    assert codes(ALLOWED[case]) == []


@pytest.mark.parametrize("case", REFUSED)
def test_a_slot_may_not_choose_where_an_address_leads(case: str) -> None:
    """Hosts are written out, and what follows them is encoded."""
    source, code = REFUSED[case]
    assert code in codes(source)


@pytest.mark.parametrize(
    "source",
    [
        "Hi\n{{ name }}",
        "{% if vip %}Hi{% endif %}\nThere",
        "Hi\t{{ name }}",
        "Hi {{ '\\n' }}",
        "Hi \u202e{{ name }}",
        "{% macro f() %}\nHi{% endmacro %}{{ f() }}",
        "{% set x %}\nHi{% endset %}{{ x }}",
        '{% include "part.txt.j2" %}',
    ],
)
def test_a_header_is_one_line(source: str) -> None:
    """Line breaks, controls and direction marks are refused in its words."""
    assert "GP323" in codes(source, PartKind.HEADER, part_txt="a\nb\n")


@pytest.mark.parametrize(
    "source",
    [
        "Hi {{ name }}\n",
        '{% from "lib.txt.j2" import f -%}\n{{ f(name) }}',
        "{%- if vip -%}\n  Hi\n{%- else -%}\n  Hello\n{%- endif %} there",
    ],
)
def test_a_header_may_be_written_on_several_lines(source: str) -> None:
    """What white space control and imports take away is not in the header."""
    lib = "{% macro f(x) %}{{ x }}{% endmacro %}\n\n{% macro g() %}\n{% endmacro %}\n"
    assert codes(source, PartKind.HEADER, lib_txt=lib) == []


def test_a_problem_names_the_line_of_the_mark() -> None:
    """The line is counted inside the run of words."""
    (problem,) = problems("Hi\x07 {{ name }}", PartKind.HEADER)
    assert problem.where == "main.j2:1"


@pytest.mark.parametrize(
    "mark", ["\n", "\r", "\x00", "\u202e", "\u2066", "\u200f", "\x85", "\u2028"]
)
def test_a_value_brings_no_mark_into_a_header(mark: str) -> None:
    """A rendered header is checked once more, and the message says nothing of the value."""
    made = compiled("Hi {{ name }}", PartKind.HEADER)
    with pytest.raises(RenderError) as caught:
        text(made, name=f"Zebedee{mark}")
    assert caught.value.code == "GP333"
    assert "Zebedee" not in str(caught.value)


def test_a_filter_brings_no_line_break_into_a_header() -> None:
    """Whatever made it, the header stays one line."""
    made = compiled("Hi {{ name|wordwrap(3) }}", PartKind.HEADER)
    with pytest.raises(RenderError, match="GP333"):
        text(made, name="one two three")
