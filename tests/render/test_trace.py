"""Chunks name the site that wrote them, and Jinja's hooks are where they are expected."""

from __future__ import annotations

import inspect
from pathlib import Path

import jinja2
import pytest
from jinja2 import DictLoader, StrictUndefined
from jinja2.compiler import CodeGenerator
from jinja2.loaders import ModuleLoader
from jinja2.sandbox import ImmutableSandboxedEnvironment

from guardedpersonalize.render.environment import TracedSandbox
from guardedpersonalize.render.trace import HOOKS, TracingCodeGenerator, number_sites, site_id

SIGNATURES = {
    "_make_finalize": "(self)",
    "_output_child_post": "(self, node, frame, finalize)",
    "_output_child_pre": "(self, node, frame, finalize)",
    "_output_child_to_const": "(self, node, frame, finalize)",
    "_output_const_repr": "(self, group)",
    "blockvisit": "(self, nodes, frame)",
    "buffer": "(self, frame)",
    "end_write": "(self, frame)",
    "start_write": "(self, frame, node=None)",
    "visit_Concat": "(self, node, frame)",
    "visit_For": "(self, node, frame)",
    "visit_Output": "(self, node, frame)",
    "visit_Template": "(self, node, frame=None)",
    "write_commons": "(self)",
}


def chunks(source: str, *, escape: bool = False, **values: object) -> list[tuple[str, str]]:
    """Render a template to pairs of site and text."""
    template = TracedSandbox(autoescape=escape).from_string(source)
    return [(chunk.sid, str(chunk)) for chunk in template.generate(values)]


@pytest.mark.parametrize("hook", HOOKS)
def test_jinjas_hooks_are_where_they_were(hook: str) -> None:
    """A new Jinja that moves one must be read before the pin is lifted."""
    parameters = inspect.signature(getattr(CodeGenerator, hook)).parameters.values()
    plain = [p.replace(annotation=inspect.Parameter.empty) for p in parameters]
    assert str(inspect.Signature(plain)) == SIGNATURES[hook]


def test_jinja_is_pinned_below_the_next_minor_version() -> None:
    """The hooks are private; 3.2 may move them."""
    assert jinja2.__version__.startswith("3.1.")


def test_everything_that_is_written_has_a_site() -> None:
    """Words, expressions, calls, filters and recursive loops; blocks and includes pass on."""
    source = (
        "a{{ x }}b{% macro f() %}<{{ caller() }}>{% endmacro %}{% call f() %}c{% endcall %}"
        "{% filter upper %}d{% endfilter %}{% for i in [1] recursive %}e{% endfor %}"
        "{% block z %}g{{ x }}{% endblock %}"
    )
    assert chunks(source, x="X") == [
        ("#0", "a"),
        ("#1", "X"),
        ("#2", "b"),
        ("#6", "<c>"),
        ("#8", "D"),
        ("#10", "e"),
        ("#12", "g"),
        ("#13", "X"),
    ]


def test_folded_constants_join_the_words_around_them() -> None:
    """They are literal, under the number of the first of them."""
    assert chunks("a{{ 1 + 1 }}b{{ '<' }}", escape=True) == [("#0", "a2b&lt;")]


def test_a_site_has_the_same_name_in_every_compilation() -> None:
    """Nothing is counted in the environment."""
    environment = TracedSandbox(loader=DictLoader({"t": "a{{ x }}"}), cache_size=0)
    runs = [[chunk.sid for chunk in environment.get_template("t").generate(x=1)] for _ in range(3)]
    assert runs == [["t#0", "t#1"]] * 3
    assert site_id("t", 1) == "t#1"


def test_what_is_no_text_is_not_made_text() -> None:
    """Where Jinja fails, we fail."""
    for kind in (TracedSandbox, ImmutableSandboxedEnvironment):
        with pytest.raises(TypeError):
            kind().from_string("{% filter length %}x{% endfilter %}").render()


def test_volatile_escaping_is_jinjas_own() -> None:
    """Nothing is folded, and words may be escaped or not."""
    source = "{% autoescape x %}<{{ '<' }}{{ y }}{% endautoescape %}"
    for escape in (True, False):
        expected = jinja2.Environment().from_string(source).render(x=escape, y=">")  # noqa: S701
        found = chunks(source, x=escape, y=">")
        assert "".join(text for _, text in found) == expected
        assert [sid for sid, _ in found] == ["#0", "#1", "#2"]


@pytest.mark.parametrize("escape", [True, False])
def test_finalize_is_called_as_in_jinja(escape: bool) -> None:
    """Around values, never around words."""
    options = {"autoescape": escape, "finalize": lambda value: "-" if value is None else value}
    source = "<{{ x }}{{ y }}{{ none }}>"
    ours, jinja = (
        kind(**options).from_string(source) for kind in (TracedSandbox, jinja2.Environment)
    )
    assert ours.render(x=None, y="&") == jinja.render(x=None, y="&")


def test_templates_compiled_to_files_keep_their_sites(tmp_path: Path) -> None:
    """A module on disk needs nothing of the environment that wrote it."""
    source = TracedSandbox(loader=DictLoader({"t": "a{{ x }}{% filter upper %}b{% endfilter %}"}))
    source.compile_templates(tmp_path, zip=None)
    loaded = TracedSandbox(loader=ModuleLoader(tmp_path), undefined=StrictUndefined)
    found = [(chunk.sid, str(chunk)) for chunk in loaded.get_template("t").generate(x="X")]
    assert found == [("t#0", "a"), ("t#1", "X"), ("t#2", "B")]


def test_globals_are_laid_over_each_other_as_in_jinja() -> None:
    """The flattened context has the template's own globals before those of the environment."""
    for kind in (TracedSandbox, ImmutableSandboxedEnvironment):
        environment = kind(loader=DictLoader({"t": "{{ g }}{{ h }}{{ x }}"}))
        environment.globals |= {"g": "env", "h": "env"}
        template = environment.get_template("t", globals={"g": "own"})
        assert template.render(x="x") == "ownenvx"
        with pytest.raises(TypeError):
            template.render({1: 2})


def test_numbers_follow_the_source() -> None:
    """One for each thing that can write, in order, whatever it is nested in."""
    tree = TracedSandbox().parse("a{{ b }}{% if c %}{{ d }}{% else %}e{% endif %}")
    assert list(number_sites(tree).values()) == [0, 1, 2, 3]
    assert issubclass(TracingCodeGenerator, CodeGenerator)
