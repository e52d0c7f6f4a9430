"""Where in plain text and headers a slot may stand."""

# ruff: noqa: E501 - a template reads best on one line
from __future__ import annotations

from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st
from render_packs import codes, compiled, problems, text

from guardedpersonalize.errors import RenderError
from guardedpersonalize.render import PartKind, text_place
from guardedpersonalize.render.text_place import TextMachine, TextState

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
    "mail behind a slot": "{{ name }}@a.example/{{ city }}",
    "host behind a slot": "{{ name }};https://a.example/{{ token|urlencode }}",
    "questions behind a slot": "{{ n }}/{{ n }}?{{ name }}#{{ city }}",
    "long words": 30 * "us-" + "/{{ name }}/" + 30 * "all_" + "{{ city }}",
    "long path": "https://a.example/" + 300 * "x" + "/{{ token|urlencode }}",
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
    "host behind a slot": ("{{ name }};https://{{ city }}/x", "GP318"),
    "www behind a slot": ("({{ name }})www.{{ city }}/x", "GP318"),
    "www at a slot": ("{{ name }}www.{{ city }}/x", "GP318"),
    "mail host behind a slot": ("{{ name }};us@{{ city }}", "GP318"),
    "worked out behind a slot": ("{{ name }};https://{{ 3 * 4 }}{{ city }}", "GP318"),
    "path behind a slot": ("{{ name }};https://a.example/{{ city }}", "GP319"),
    "bare host behind a slot": ("{{ name }}:a.example?{{ city }}", "GP319"),
    "host before long words": ("{{ name }}" + 300 * "x" + ".example/", "GP318"),
    "long path": ("https://a.example/" + 300 * "x" + "{{ name }}", "GP319"),
    "long path of a bare host": ("shop.example.com/offers/spring-sale-2026/{{ name }}", "GP319"),
    "long host": ("https://us:" + 300 * "x" + "{{ name }}", "GP318"),
    "long host in parts": ("www.{{ '" + 300 * "x" + "' }}.{{ name }}", "GP318"),
    "long mail host in parts": ("us@{{ '" + 300 * "x" + "' }}.{{ name }}", "GP318"),
    "long last label": ("a." + 24 * "b" + "{{ '/' }}{{ name }}", "GP319"),
    "macro": ("{% macro f(x) %}https://{{ x }}{% endmacro %}{{ f(name) }}", "GP318"),
}

LOOP = "{{% for i in items %}}{}{{% endfor %}}"
BUSY = {
    "a loop of parts of words": LOOP.format("{% if i == 'x' %}a{% endif %};"),
    "letters": LOOP.format("{% if vip %}a{% else %}b{% endif %}"),
    "mail": "a@" + LOOP.format("{% if vip %}a{% else %}b.{% endif %}"),
    "behind a slot": "{{ name }}" + LOOP.format("{% if vip %}a{% else %}.b{% endif %}"),
    "questions": "{% if vip %}a{% endif %}{% if n %}b{% endif %}{% if city %}.c{% endif %}",
    "loops in loops": LOOP.format("a" + LOOP.format("b:" + LOOP.format(";") + ".") + "/"),
    "a macro in a loop": "{% macro f(x) %}{% if x %}b{% else %}@c{% endif %}{% endmacro %}"
    + LOOP.format("{{ f(1) }}{{ f(2) }}-"),
    "a long word": LOOP.format("{% if vip %}" + 40 * "a" + "{% endif %}" + 40 * ".b"),
    "all at once": "https://{% if vip %}a{% endif %}"
    + LOOP.format("w{% if n %}.com/{% else %}_{% endif %}"),
}
LETTERS = st.sampled_from(
    [
        *("a", "w", "0", "-", ".", "_", "@", ":", "/", ";", "\u00e9", "?", "//", "://", "www."),
        *(" ", "com", "https://", "a.example", "a.example/", 9 * "x", 21 * "a", ".bbb"),
    ]
)
WORDS = st.lists(LETTERS, max_size=3).map("".join)
SLOTS = st.sampled_from(["{{ name }}", "{{ name|urlencode }}", "{{ 3 * 4 }}"])
BRANCHES = st.builds("{{% if vip %}}{}{{% else %}}{}{{% endif %}}".format, WORDS, WORDS | SLOTS)
SOURCES = st.lists(WORDS | WORDS | BRANCHES | SLOTS, max_size=8).map("".join)


@pytest.mark.parametrize("case", ALLOWED)
def test_a_slot_may_stand_in_words_and_behind_a_host(case: str) -> None:
    """Text has no places but those of addresses."""
    assert codes(ALLOWED[case]) == []


@pytest.mark.parametrize("case", REFUSED)
def test_a_slot_may_not_choose_where_an_address_leads(case: str) -> None:
    """Hosts are written out, and what follows them is encoded."""
    source, code = REFUSED[case]
    assert code in codes(source)


@given(SOURCES)
def test_words_behind_a_slot_are_read_as_words(source: str) -> None:
    """What a slot before them may not change is refused as if there were none."""
    assert codes("{{ name }};" + source) == codes(";" + source)


@pytest.mark.parametrize(
    "before",
    [
        "https://a.example/" + 300 * "x",
        "a.example/offers/spring-sale-2026/",
        "{{ name }};a.example/",
    ],
)
def test_a_segment_is_checked_whatever_stands_before_it(before: str) -> None:
    """Neither a slot nor length hides that an encoded slot is a path segment."""
    made = compiled(before + "{{ city|urlencode }}")
    with pytest.raises(RenderError, match="GP335"):
        text(made, city="..", name="Ann")


def texts_read(source: str, *, at_most: int) -> int:
    """Return how many texts a machine goes through to read *source*."""
    count = 0

    def counted(machine: TextMachine, state: TextState, *args: object) -> TextState:
        nonlocal count
        count += len(state)
        assert count <= at_most
        return literal(machine, state, *args)  # type: ignore[arg-type]

    literal = TextMachine.literal
    with mock.patch.object(TextMachine, "literal", counted):
        compiled(source)
    return count


@pytest.mark.parametrize("case", BUSY)
def test_a_word_of_many_texts_is_read_in_few_steps(case: str) -> None:
    """Neither a loop nor branches in a word make more texts than are kept."""
    assert texts_read(BUSY[case], at_most=1000) > 0
    assert texts_read(BUSY[case] * 20, at_most=20 * 1000) > 0


@pytest.mark.parametrize("case", ALLOWED)
def test_stand_ins_refuse_no_slot_of_a_plain_template(case: str) -> None:
    """What is read by stand-ins alone may be written as before."""
    with mock.patch.object(text_place, "_MAX_TEXTS", -1):
        assert codes(ALLOWED[case]) == []


@given(SOURCES)
def test_stand_ins_refuse_whatever_the_texts_would(source: str) -> None:
    """They are more than the template can write, never less."""
    with mock.patch.object(text_place, "_MAX_TEXTS", 10**6):
        expected = set(codes(source))
    with mock.patch.object(text_place, "_MAX_TEXTS", -1):
        assert expected <= set(codes(source))


@pytest.mark.parametrize(
    ("ends", "slot", "code"),
    [
        ("-www.", "{{ name }}", "GP318"),
        ("://", "{{ name }}", "GP318"),
        ("@", "{{ name }}", "GP318"),
        (".example/", "{{ name }}", "GP319"),
    ],
)
def test_a_loop_that_may_write_an_address_is_refused(ends: str, slot: str, code: str) -> None:
    """However long the words are that it puts together."""
    word = LOOP.format("{% if vip %}ab{% else %}-c{% endif %}") + ends
    assert code in codes("x" + word + slot)
    assert codes("x" + word + " " + slot) == []


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
