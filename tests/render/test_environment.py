"""The environment for packs holds at run time too, whatever the checks at load let through."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from jinja2 import TemplateNotFound, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context, LoopContext

from guardedpersonalize.render import limits
from guardedpersonalize.render.environment import METHODS, PackEnvironment, is_html


def rendered(source: str, name: str = "t.j2", **values: object) -> str:
    """Render *source* without the checks at load."""
    environment = PackEnvironment()
    environment.serve({name: environment.parse(source, name)}, ())
    token = limits.start(limits.Limits())
    try:
        return environment.get_template(name).render(values)
    finally:
        limits.stop(token)


@pytest.mark.parametrize(
    "source",
    [
        "{{ x.__class__ }}",
        "{{ x._private }}",
        "{{ x.format(1) }}",
        "{{ x.encode() }}",
        "{{ x.center(9) }}",
        "{{ x.join([x]) }}",
        "{{ [].append(1) }}",
        "{{ {}.update(a=1) }}",
    ],
)
def test_methods_that_are_not_listed_are_not_to_be_had(source: str) -> None:
    """Pure and bounded ones only."""
    with pytest.raises((SecurityError, UndefinedError)):
        rendered(source, x="a")


@pytest.mark.parametrize("source", ["{{ x['upper'] }}", "{{ x[k] }}", "{{ d['items'] }}"])
def test_a_subscript_gives_items_only(source: str) -> None:
    """Jinja falls back to attributes, and would print an address in memory."""
    with pytest.raises(UndefinedError):
        rendered(source, x="a", k="upper", d={})


@pytest.mark.parametrize("attribute", ["upper", "__class__"])
def test_filters_find_no_attributes(attribute: str) -> None:
    """They look items up through the environment."""
    with pytest.raises(UndefinedError):
        rendered("{{ [x]|map(attribute=k)|join }}", x="a", k=attribute)


def test_every_listed_method_exists_somewhere() -> None:
    """The list is no wish list."""
    kinds = {
        "text": str,
        "date": datetime,
        "number": float,
        "list": tuple,
        "mapping": dict,
        "loop": LoopContext,
    }
    assert METHODS.keys() == kinds.keys()
    for kind, names in METHODS.items():
        assert names <= set(dir(kinds[kind]))


def test_names_decide_on_escaping() -> None:
    """By suffix, for every template and in every way to reach it."""
    assert rendered("{{ x }}", "t.html.j2", x="<") == "&lt;"
    assert rendered("{{ x }}", "t.txt.j2", x="<") == "<"
    assert not is_html(None)


def test_objects_print_as_in_jinja() -> None:
    """Where a template prints one all the same."""
    assert rendered("{% macro f() %}{% endmacro %}{{ f }}") == "<Macro 'f'>"
    assert rendered("{{ x.strftime('%Y') }}{{ x.year }}", x=date(2026, 1, 2)) == "20262026"


def test_an_unknown_file_is_jinjas_own_error() -> None:
    """So that `ignore missing` works as it does there."""
    with pytest.raises(TemplateNotFound):
        rendered("{% include 'no.j2' %}")
    assert rendered("a{% include 'no.j2' ignore missing %}b") == "ab"


def test_a_pack_templates_context_is_jinjas_own() -> None:
    """Made another way, it has what Jinja gives a context, and nothing of an earlier one."""
    environment = PackEnvironment()
    tree = environment.parse("{% block a %}{{ x }}{% endblock %}", "t.html.j2", "t.html.j2")
    environment.serve({"t.html.j2": tree}, ())
    template = environment.template("t.html.j2")
    for values in ({"x": "one"}, {"x": "two"}):
        ours = vars(template._context(dict(values)))
        jinjas = vars(Context(environment, dict(values), template.name, template.blocks))
        ours["eval_ctx"], jinjas["eval_ctx"] = vars(ours["eval_ctx"]), vars(jinjas["eval_ctx"])
        assert ours == jinjas
