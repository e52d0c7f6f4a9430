"""Random templates: the same bytes as Jinja, and no change that a chunk does not own to."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jinja2 import Template
from render_grammar import packs
from render_oracle import CHANGED, FIRST, Traced, misses, stock

from guardedpersonalize.render import limits
from guardedpersonalize.render.environment import PackEnvironment
from guardedpersonalize.render.steered import steered
from guardedpersonalize.render.steering import Steering

SLOW = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
CONTEXTS = [FIRST, *({**FIRST, slot: value} for slot, them in CHANGED.items() for value in them)]


def rendered(template: Template, context: Mapping[str, object]) -> str | None:
    """Return the text, or None where rendering fails."""
    try:
        return template.render(copy.deepcopy(context))  # Jinja's indent changes lists
    except Exception:  # noqa: BLE001 - any failure is a failure
        return None


@SLOW
@given(packs(), st.booleans())
def test_traced_templates_render_as_in_jinja(sources: Mapping[str, str], escape: bool) -> None:
    """The traced sandbox gives Jinja's bytes, or both fail."""
    ours, jinja = Traced.of(sources, escape=escape).environment, stock(sources, escape=escape)
    for context in CONTEXTS:
        expected = rendered(jinja.get_template("main"), context)
        assert rendered(ours.get_template("main"), context) == expected


@SLOW
@given(packs(), st.booleans())
def test_no_change_goes_unnamed(sources: Mapping[str, str], escape: bool) -> None:
    """Non-interference: what does not name a slot does not change with it."""
    assert misses(Traced.of(sources, escape=escape)) == []


@SLOW
@given(packs(), st.booleans())
def test_pack_templates_render_as_in_jinja(sources: Mapping[str, str], escape: bool) -> None:
    """So does the strict environment for packs, on what its grammar allows; steered or not."""
    suffix = ".html.j2" if escape else ".txt.j2"
    named = {
        name + suffix: _with_suffix(source, sources, suffix) for name, source in sources.items()
    }
    jinja = stock(named, escape=escape)
    ours, asking, steering = PackEnvironment(), PackEnvironment(), Steering()
    trees = {name: ours.parse(source, name) for name, source in named.items()}
    ours.serve(trees, ())
    asking.filters.update(steering.filters)
    asking.serve({name: steered(tree, name) for name, tree in trees.items()}, ())
    for context in CONTEXTS:
        expected = rendered(jinja.get_template("main" + suffix), context)
        for environment, values in ((ours, context), (asking, steering.begin(context, ()))):
            token = limits.start(limits.Limits())
            text = rendered(environment.get_template("main" + suffix), values)
            limits.stop(token)
            assert text == expected


def _with_suffix(source: str, names: Iterable[str], suffix: str) -> str:
    for name in (*names, "none"):
        source = source.replace(f"'{name}'", f"'{name}{suffix}'")
    return source
