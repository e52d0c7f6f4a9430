"""What a template may cost is bounded, in load and in render, and by name of the limit."""

# ruff: noqa: E501 - a template reads best on one line
from __future__ import annotations

import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from render_packs import codes, compiled, text

from guardedpersonalize.errors import ConfigError, RenderError
from guardedpersonalize.render import Limits, PartKind
from guardedpersonalize.render.limits import Overrun
from guardedpersonalize.render.operands import check_operands

BOMBS = {
    "output": (
        "{% set x = 'x' * 999999 %}{% for i in range(99) %}{{ x }}{% endfor %}",
        "characters",
    ),
    "buffered output": (
        (
            "{% set x = 'x' * 999999 %}{% set y %}{% for i in range(9000) %}{{ x }}{% endfor %}"
            "{% endset %}"
        ),
        "characters",
    ),
    "output of a macro": (
        "{% set x = 'x' * 999999 %}{% macro f() %}{{ x }}{{ x }}{% endmacro %}{{ f()|length }}",
        "characters",
    ),
    "output of a block": (
        "{% block a %}{% for i in range(9000) %}{{ 'x' * 9999 }}{% endfor %}{% endblock %}",
        "characters",
    ),
    "turns": (
        "{% for i in range(200) %}{% for k in range(200) %}{% endfor %}{% endfor %}",
        "steps",
    ),
    "turns in a buffer": (
        (
            "{% set x %}{% for i in range(200) %}{% for k in range(200) %}{% endfor %}{% endfor %}"
            "{% endset %}"
        ),
        "steps",
    ),
    "items of a filter": (
        "{% for i in range(200) %}{% for k in range(200) if false %}{% endfor %}{% endfor %}",
        "steps",
    ),
    "macro that calls itself": ("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "depth"),
    "recursive loop": ("{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}", "depth"),
    "range": ("{% for i in range(10 * 9999) %}{% endfor %}", "items"),
    "text repeated": ("{{ 'x' * 10**9 }}", "characters"),
    "repeated the other way": ("{{ 10**9 * 'x' }}", "characters"),
    "list repeated": ("{{ ([1] * 10**9)|length }}", "items"),
    "power": ("{{ 9**(9**9) }}", "items"),
    "large numbers": ("{{ (10**999) * (10**999) }}", "items"),
    "text that doubles": (
        (
            "{% set ns = namespace(x='x') %}{% for i in range(99) %}{% set ns.x = ns.x + ns.x %}"
            "{% endfor %}"
        ),
        "characters",
    ),
    "text that doubles by joining": (
        (
            "{% set ns = namespace(x='x') %}{% for i in range(99) %}{% set ns.x = ns.x ~ ns.x %}"
            "{% endfor %}"
        ),
        "characters",
    ),
    "list that doubles": (
        (
            "{% set ns = namespace(x=[1]) %}{% for i in range(99) %}{% set ns.x = ns.x + ns.x %}"
            "{% endfor %}"
        ),
        "items",
    ),
    "text that is escaped again": (
        (
            "{% set ns = namespace(x='&') %}{% for i in range(999) %}"
            "{% set ns.x = (ns.x|forceescape|string)|replace('amp', '&' * 9) %}{% endfor %}"
        ),
        "characters",
    ),
    "text that is encoded again": (
        (
            "{% set ns = namespace(x='%') %}{% for i in range(99) %}"
            "{% set ns.x = ns.x|urlencode ~ ns.x %}{% endfor %}"
        ),
        "characters",
    ),
    "list that is printed again": (
        (
            "{% set ns = namespace(x='\\\\') %}{% for i in range(99) %}{% set ns.x = [ns.x]|string %}"
            "{% endfor %}"
        ),
        "characters",
    ),
    "center": ("{{ 'x'|center(1000000000) }}", "characters"),
    "indent": ("{{ 'x\ny'|indent(1000000000) }}", "characters"),
    "indent with text": ("{{ ('x\n' * 9999)|indent('y' * 9999) }}", "characters"),
    "wordwrap": ("{{ ('x ' * 9999)|wordwrap(1, wrapstring='y' * 9999) }}", "characters"),
    "replace": ("{{ ('x' * 9999)|replace('x', 'y' * 9999) }}", "characters"),
    "replace nothing": ("{{ ('x' * 9999)|replace('', 'y' * 9999) }}", "characters"),
    "join": ("{{ (['x' * 99999] * 9999)|join }}", "characters"),
    "join with text": ("{{ ([1] * 9999)|join('x' * 9999) }}", "characters"),
    "format": ("{{ '%1000000000d' % 1 }}", "characters"),
    "format with a precision": ("{{ '%.1000000000f' % 1.5 }}", "characters"),
    "format with stars": ("{{ '%*d' % (1000000000, 1) }}", "characters"),
    "format as a filter": ("{{ '%1000000000d'|format(1) }}", "characters"),
    "format of long text": ("{{ ('%s' * 99) % (('x' * 99999,) * 99) }}", "characters"),
    "format of names": ("{{ '%(a)1000000000d'|format(a=1) }}", "characters"),
    "format of lists": ("{{ '%s%s' % (['x' * 300000], {'a': 'x' * 300000}) }}", "characters"),
    "batch": ("{{ [1]|batch(1000000000, 0)|list|length }}", "items"),
    "slice": ("{{ [1]|slice(1000000000)|list|length }}", "items"),
    "round": ("{{ 1.5|round(1000000000, 'ceil') }}", "items"),
    "sum of lists": ("{{ ([[1] * 999] * 999)|sum(start=[])|length }}", "items"),
}


@pytest.mark.parametrize("case", BOMBS)
def test_a_bomb_fails_by_the_name_of_its_limit_and_costs_little(case: str) -> None:
    """In load and in render: within a second or two, and within megabytes."""
    source, limit = BOMBS[case]
    tracemalloc.start()
    start = time.perf_counter()
    made = compiled(source)
    with pytest.raises(RenderError) as caught:
        text(made)
    seconds = time.perf_counter() - start
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert caught.value.code == "GP331"
    assert f"max_{limit}" in caught.value.message
    assert seconds < 20  # machines differ; unbounded, none of these ever ends
    assert peak < 300_000_000


def doubling(levels: int) -> str:
    """Macros that call each other twice: 2 ** levels calls."""
    macros = "".join(
        f"{{% macro a{k + 1}() %}}{{{{ a{k}() }}}}{{{{ a{k}() }}}}{{% endmacro %}}"
        for k in range(levels)
    )
    return f"{{% macro a0() %}}x{{% endmacro %}}{macros}{{{{ a{levels}() }}}}"


def test_macros_that_call_each_other_are_counted() -> None:
    """Each call is a step."""
    made = compiled(doubling(7), limits=Limits(max_steps=100))
    with pytest.raises(RenderError, match="max_steps"):
        text(made)
    assert len(text(compiled(doubling(7)))) == 128


def test_macros_that_are_nested_to_no_end_are_refused_at_load() -> None:
    """They could not be checked, and would not be rendered."""
    assert codes(doubling(40)) == ["GP310"]


def test_limits_are_per_render() -> None:
    """What one message used up is there for the next."""
    made = compiled("{% for i in range(60) %}x{% endfor %}", limits=Limits(max_steps=100))
    assert [len(text(made)) for _ in range(5)] == [60] * 5


@pytest.mark.parametrize(
    ("limits", "source", "fits"),
    [
        (Limits(max_characters=10), "x" * 10, True),
        (Limits(max_characters=10), "x" * 11, False),
        (Limits(max_steps=6), "{% for i in range(5) %}{% endfor %}", True),
        (Limits(max_steps=5), "{% for i in range(5) %}{% endfor %}", False),
        (Limits(max_depth=3), "{% for i in [[[]]] recursive %}{{ loop(i) }}{% endfor %}", True),
        (Limits(max_depth=2), "{% for i in [[[]]] recursive %}{{ loop(i) }}{% endfor %}", False),
        (Limits(max_items=5), "{{ range(5)|list }}", True),
        (Limits(max_items=5), "{{ range(6)|list }}", False),
    ],
)
def test_a_limit_is_the_most_that_is_allowed(limits: Limits, source: str, fits: bool) -> None:
    """One more is too many; the file itself counts as one step."""
    made = compiled(source, limits=limits)
    if fits:
        text(made)
    else:
        with pytest.raises(RenderError, match="GP331"):
            text(made)


def test_an_overrun_names_the_part_and_the_place() -> None:
    """And nothing of what was made."""
    made = compiled("\n{{ name ~ 'x' }}", limits=Limits(max_characters=5))
    with pytest.raises(RenderError) as caught:
        text(made, name="Zebedee")
    assert caught.value.where == "main.txt.j2:2"
    assert caught.value.message == "part 'part' passes the limit max_characters."


@pytest.mark.parametrize("name", ["max_characters", "max_steps", "max_depth", "max_items"])
def test_a_limit_is_at_least_one(name: str) -> None:
    """Told early."""
    with pytest.raises(ConfigError, match=f"GP104.*{name}"):
        Limits(**{name: 0})


FILTERED = [
    "{{ s|center(n) }}",
    "{{ s|indent(n) }}",
    "{{ s|indent('> ', true) }}",
    "{{ s|wordwrap(n + 1) }}",
    "{{ s|wordwrap(3, false, '|', false) }}",
    "{{ s|replace('a', t) }}",
    "{{ s|replace('a', '<', 1) }}",
    "{{ s|replace('', 'x') }}",
    "{{ s|join(t) }}",
    "{{ l|join(t) }}",
    "{{ l|map('upper')|join }}",
    "{{ '%s-%5d|%-7.2f' % (s, n, 1.5) }}",
    "{{ '%s'|format(s) }}",
    "{{ '%(a)s'|format(a=t) }}",
    "{{ l|batch(2, t)|list }}",
    "{{ l|slice(3, t)|list }}",
    "{{ 2.345|round(n) }}",
    "{{ 2.345|round(1, 'floor') }}",
    "{{ [1, n]|sum }}",
    "{{ [[1], [n]]|sum(start=[]) }}",
    "{{ [{'a': 1}]|sum('a') }}",
    "{{ s * n }}",
    "{{ n * l }}",
    "{{ n ** 2 }}",
    "{{ n % 5 }}",
    "{{ 1.5 * n }}",
    "{{ s + t }}",
    "{{ l + l }}",
    "{{ s ~ n ~ l }}",
    "{{ s|e }}",
    "{{ l|string }}",
    "{{ s|forceescape }}",
    "{{ s|urlencode }}",
    "{{ {'a': s}|urlencode }}",
    "{{ 2 ** -1 }}",
    "{{ n|center(5) }}",
    "{{ true * 3 }}",
    "{{ 10 ** 30 }}",
    "{{ s|center }}",
    "{{ '%%' % () }}",
]


@pytest.mark.parametrize("kind", [PartKind.TEXT, PartKind.HTML])
@pytest.mark.parametrize("source", FILTERED)
def test_below_the_limits_filters_and_operators_are_jinjas_own(source: str, kind: PartKind) -> None:
    """Same bytes, also where both fail."""
    values = {"s": "a <b>\na c", "t": "'&", "n": 4, "l": ["x", "<y>", "a"]}
    types = {"s": "text", "t": "text", "n": "int", "l": "list"}
    escape = kind is PartKind.HTML
    jinja = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=escape)
    made = compiled(source, kind, slots=types)
    try:
        expected = jinja.from_string(source).render(values)
    except Exception as err:  # noqa: BLE001 - its type is compared
        with pytest.raises(RenderError, match=type(err).__name__):
            text(made, **values)
    else:
        assert text(made, **values) == expected


@given(
    st.sampled_from("+*%"),
    st.one_of(st.text(max_size=20), st.integers(-9, 99), st.lists(st.integers(), max_size=5)),
    st.one_of(st.text(max_size=20), st.integers(-9, 99), st.floats(), st.none()),
)
def test_small_operands_are_never_refused(operator: str, left: object, right: object) -> None:
    """Whatever they are: what does not work fails in Python, not here."""
    if operator == "%" and isinstance(left, str) and "*" in left:
        return
    try:
        check_operands(operator, left, right)
    except Overrun:
        digits = isinstance(left, str) and any(character.isdigit() for character in left)
        assert operator == "%"
        assert digits
