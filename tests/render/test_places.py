"""How a part is walked: each loop to its end, in few steps."""

# ruff: noqa: E501 - a template reads best on one line
from __future__ import annotations

from collections import Counter
from unittest import mock

import pytest
from render_packs import html, problems

from guardedpersonalize.render import PartKind
from guardedpersonalize.render.html_place import HtmlMachine
from guardedpersonalize.render.text_place import TextMachine

LOOP = "{% for i in items %}"
NESTED = {
    "words": (PartKind.TEXT, LOOP + "a", "b{% endfor %}"),
    "words with spaces": (PartKind.TEXT, LOOP + " a", "b{% endfor %}"),
    "questions": (
        PartKind.TEXT,
        LOOP + "{% if n %}a{% endif %};",
        "{% if n %}b{% endif %}{% endfor %}",
    ),
    "names": (
        PartKind.TEXT,
        LOOP + "{% set y = i %}{% with x = i %} a",
        "b{% endwith %}{% endfor %}",
    ),
    "call blocks": (
        PartKind.TEXT,
        "{% macro f() %} c{{ caller() }}{% endmacro %}" + LOOP + "{% call f() %}a",
        "b {% endcall %}{% endfor %}",
    ),
    "elements": (PartKind.HTML, LOOP + "<b>a", "</b>{% endfor %}"),
    "attributes": (PartKind.HTML, "<p " + LOOP + "a ", "b {% endfor %}>"),
    "address": (PartKind.HTML, '<a href="' + LOOP + "a", 'b{% endfor %}">x</a>'),
}


def nested(before: str, after: str, depth: int) -> str:
    """Return loops in loops; what is before and behind all of them stands there once."""
    opened, loop = before.split(LOOP)
    inner, closed = after.split("{% endfor %}")
    return opened + (LOOP + loop) * depth + (inner + "{% endfor %}") * depth + closed


def steps(source: str, kind: PartKind) -> int:
    """Return how often words were read, each counted once for each state that they may be in."""
    count: Counter[str] = Counter()
    machine = HtmlMachine if kind is PartKind.HTML else TextMachine
    literal = machine.literal

    def counted(self: object, state: object, *args: object) -> object:
        count["read"] += len(state) if isinstance(state, frozenset) else 1
        return literal(self, state, *args)  # type: ignore[arg-type]

    with mock.patch.object(machine, "literal", counted):
        assert problems(source, kind) == ()
    return count["read"]


@pytest.mark.parametrize("case", NESTED)
def test_steps_grow_with_the_depth_of_loops_and_do_not_double(case: str) -> None:
    """What a loop does to a state is worked out once, however many loops are about it."""
    kind, before, after = NESTED[case]
    assert steps(nested(before, after, 9), kind) < 9 * 60


def test_macros_with_loops_that_call_each_other_are_walked_in_few_steps() -> None:
    """A macro called at one place has one set of names, whichever pass it is."""
    macros = "{% macro f0() %}x{% endmacro %}"
    for number in range(1, 10):
        inner = f"{LOOP}{{% if n %}}a{{% endif %}}; {{{{ f{number - 1}() }}}}{{% endfor %}}"
        macros += f"{{% macro f{number}() %}}{inner}{{% endmacro %}}"
    assert steps(macros + "{{ f9() }}", PartKind.TEXT) < 9 * 60


@pytest.mark.parametrize("loop", [LOOP, "{% for i in [items] recursive %}"])
def test_a_loop_of_a_base_may_stand_inside_itself(loop: str) -> None:
    """A block of a base is filled with a file that has the same base."""
    others = {
        "base_txt": loop + "{% block k %}{% endblock %}{% endfor %}",
        "outer_txt": '{% extends "base.txt.j2" %}{% block k %}{% include "inner.txt.j2" %}{% endblock %}',
        "inner_txt": '{% extends "base.txt.j2" %}{% block k %}https://{{ name }}{% endblock %}',
    }
    found = problems('{% include "outer.txt.j2" %}', **others)
    assert {problem.where for problem in found if problem.code == "GP318"} == {"inner.txt.j2:1"}


def test_a_name_set_later_in_a_loop_is_read_in_the_next_round() -> None:
    """A loop is walked again where its names stand for something new, be the state the same."""
    inner = LOOP + "{{ u }}{{ token|urlencode }} {% endfor %}"
    source = "{% set u = 'x ' %}" + LOOP + " " + inner + "{% set u = 'https://' %}a{% endfor %}"
    assert [problem.code for problem in problems(source)] == ["GP318"]


def test_lines_are_counted_through_all_tags() -> None:
    """Also behind what is kept back until it is clear what it is."""
    source = "<p\n>\n<!--\n-{{ 1 }}->\n--\n--><b>\n<svg\n>{{ name }}"
    (problem,) = problems(source, PartKind.HTML)
    assert (problem.code, problem.where) == ("GP317", "main.html.j2:7")
    assert html(source.replace("svg", "i")) == []


def test_macros_that_call_each_other_too_often_are_refused() -> None:
    """Without a loop each call is walked; there is a bound."""
    macros = "{% macro f0() %}x{% endmacro %}"
    for number in range(1, 4):
        macros += f"{{% macro f{number}() %}}{f'{{{{ f{number - 1}() }}}}' * 3}{{% endmacro %}}"
    with mock.patch("guardedpersonalize.render.places._MAX_VISITS", 30):
        (problem,) = problems(macros + "{{ f3() }}")
    assert problem.code == "GP310"
