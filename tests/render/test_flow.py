"""The union is exact where it can be: what one call, loop or scope shows is told from others."""

# ruff: noqa: E501 - a template reads best on one line
from __future__ import annotations

import jinja2
import pytest
from render_oracle import FIRST

from guardedpersonalize.render.environment import TracedSandbox
from guardedpersonalize.render.flow import Flow, literal_names


def shown(sources: str | dict[str, str]) -> list[str]:
    """Return, for each expression of `main` in order, the slots as `shown/control`."""
    named = {"main": sources} if isinstance(sources, str) else sources
    environment = TracedSandbox()
    trees = {name: environment.parse(source, name) for name, source in named.items()}
    sites = Flow(trees, "main", FIRST).sites.values()
    mine = sorted((s for s in sites if s.template == "main"), key=lambda site: site.number)
    return [
        f"{','.join(sorted(site.value.shown))}/{','.join(sorted(site.value.control))}"
        for site in mine
        if not site.is_literal
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ a }}{{ a ~ b }}", ["a/", "a,b/"]),
        ("{{ a if flag else b }}", ["a,b/flag"]),
        ("{{ 'x' if a == b else 'y' }}", ["/a,b"]),
        ("{% if flag %}{{ a }}{% endif %}{{ b }}", ["a/flag", "b/"]),
        (
            "{% for i in items if i != a %}{{ i }}{{ b }}{% endfor %}{{ c }}",
            [
                "items/a,items",
                "b/a,items",
                "c/",
            ],
        ),
        ("{% for a in items %}{{ a }}{% endfor %}{{ a }}", ["items/items", "a/"]),
        ("{% with a = b %}{{ a }}{% endwith %}{{ a }}", ["b/", "a/"]),
        (
            "{% set x = a %}{{ x }}{% if flag %}{% set x = b %}{% endif %}{{ x }}",
            [
                "a,b/flag",
                "a,b/flag",
            ],
        ),
        ("{% for i in items %}{% set x = i %}{% endfor %}{{ x is defined }}", ["/"]),
        ("{% set x %}{{ a }}{% if flag %}!{% endif %}{% endset %}{{ x }}", ["a/", "a/flag"]),
    ],
)
def test_names_are_followed_by_scope(source: str, expected: object) -> None:
    """What is bound for sure hides what is around it."""
    assert shown(source) == expected


F = "{% macro f(x, y='k') %}{{ x }}{% if y %}!{% endif %}{% endmacro %}"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (F + "{{ f(a) }}{{ f('k') }}{{ f(b, c) }}", ["a,b/", "a/", "/", "b/c"]),
        (F + "{{ f(x=a, y=b) }}{{ f(*[a], **{'y': b}) }}", ["a,b/", "a/b", "a,b/a,b"]),
        (
            F + "{% macro g(z) %}{{ f(z) }}{{ f('k') }}{% endmacro %}{{ g(a) }}{{ g('k') }}",
            [
                "a/",
                "a/",
                "/",
                "a/",
                "/",
            ],
        ),
        (F + "{% set x = f(a) %}{{ x }}{{ f('k', flag) }}", ["a/", "a/", "/flag"]),
        (
            (
                "{% macro f() %}<{{ caller() }}>{% endmacro %}"
                "{% call f() %}{{ a }}{% endcall %}{% call f() %}x{% endcall %}"
            ),
            ["a/", "a/", "a/", "/"],
        ),
        (
            "{% macro f(x=a, z=x) %}{{ z }}{% endmacro %}{{ f() }}{{ f(b) }}{{ f(z=c) }}",
            ["a,b,c/", "a,b/", "a,b/", "c/"],
        ),
        (
            "{% macro f() %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ f(a, z=b) }}{{ f('k') }}",
            ["a/", "b/", "a,b/", "/"],
        ),
    ],
)
def test_calls_of_a_macro_are_told_apart(source: str, expected: object) -> None:
    """Each shows what was given to it, and what the macro shows in every call."""
    assert sorted(shown(source)) == sorted(expected)


@pytest.mark.parametrize(
    "source",
    [
        "{% macro f(x, k) %}{{ x }}{% if k %}{{ f(b, k - 1) }}{% endif %}{% endmacro %}{{ f(a, 1) }}",
        (
            "{% macro f(x) %}{{ g(x) }}{% endmacro %}{% macro g(y) %}{{ y }}{{ f(b) }}{% endmacro %}"
            "{{ f(a) }}"
        ),
        (
            "{% set ns = namespace(v='') %}{% macro f(x) %}{{ ns.v }}{% set ns.v = x %}{% endmacro %}"
            "{{ f(b) }}{{ f(a) }}"
        ),
        (
            "{% macro f(x) %}{% call h() %}{{ x }}{% endcall %}{% endmacro %}"
            "{% macro h() %}{{ caller() }}{% if n %}{{ f(b) }}{% endif %}{% endmacro %}{{ f(a) }}"
        ),
    ],
)
def test_what_outlives_a_call_counts_for_all_calls(source: str) -> None:
    """Recursion and namespaces: the union over every call, never less."""
    assert set("ab") <= set(shown(source)[-1].split("/")[0].split(","))


def test_a_module_is_known_by_its_exports() -> None:
    """Using one macro of a file shows nothing of the others."""
    lib = "{% macro f(x) %}{{ x }}{% endmacro %}{% macro g() %}{{ b }}{% endmacro %}{% set y = c %}"
    main = "{% import 'lib' as m with context %}{{ m.f(a) }}{{ m.y }}{{ m.g() }}{{ m['f'](a) }}"
    assert shown({"main": main, "lib": lib}) == ["a/", "c/", "b/", "a/"]


def test_a_function_that_reads_the_context_shows_everything() -> None:
    """A filter, test or global of another hand that gets the whole context."""

    @jinja2.pass_context
    def spy(context: jinja2.runtime.Context, *args: object) -> str:
        return str(dict(context))

    environment = TracedSandbox()
    environment.filters["spy"] = environment.tests["spy"] = environment.globals["spy"] = spy
    trees = {
        "main": environment.parse("{{ 1|spy }}{{ 1 is spy }}{{ spy() }}{% set x = a %}", "main")
    }
    flow = Flow(
        trees,
        "main",
        ["a", "b"],
        filters=environment.filters,
        tests=environment.tests,
        names=environment.globals,
    )
    assert [site.value.shown for site in flow.sites.values()] == [{"a", "b"}] * 3


def test_statements_of_extensions_decide_on_all_that_is_in_them() -> None:
    """What is not known is taken to be control."""
    environment = TracedSandbox(extensions=["jinja2.ext.i18n"])
    environment.install_null_translations(newstyle=True)
    tree = environment.parse("{% trans x=a, n=n %}one {{ x }}{% pluralize %}many{% endtrans %}")
    flow = Flow({"main": tree}, "main", ["a", "n"])
    assert {"a", "n"} <= frozenset().union(*(s.value.labels for s in flow.sites.values()))


def test_names_are_read_from_constants_only() -> None:
    """A list may hold names, and nothing that is worked out."""
    parse = TracedSandbox().parse
    names = [
        literal_names(parse(f"{{% include {source} %}}").body[0].template)
        for source in ("'a'", "['a', 'b']", "('a', 'b')", "x", "['a', x]", "3")
    ]
    assert names == [["a"], ["a", "b"], ["a", "b"], None, None, ["3"]]
