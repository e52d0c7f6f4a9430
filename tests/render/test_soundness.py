"""Whatever a construct does to a value, the chunks that it reaches name the slot."""

from __future__ import annotations

import copy

import pytest
from render_constructs import CONSTRUCTS, WITH_LOOP_CONTROLS
from render_oracle import CHANGED, FIRST, Traced, misses, stock

from guardedpersonalize.render.environment import TracedSandbox

MODES = pytest.mark.parametrize("escape", [False, True], ids=["plain", "escaped"])


def sources_of(construct: str | dict[str, str]) -> dict[str, str]:
    """Return a construct as sources by name."""
    return {"main": construct} if isinstance(construct, str) else construct


@MODES
@pytest.mark.parametrize("name", CONSTRUCTS)
def test_no_change_of_a_slot_reaches_a_chunk_that_does_not_name_it(name: str, escape: bool) -> None:
    """Non-interference: chunks that do not name a slot are the same whatever it holds."""
    traced = Traced.of(sources_of(CONSTRUCTS[name]), escape=escape)
    assert traced.chunks(FIRST) is not None
    assert misses(traced) == []


@MODES
@pytest.mark.parametrize("name", WITH_LOOP_CONTROLS)
def test_loop_controls_reach_no_chunk_unnamed(name: str, escape: bool) -> None:
    """Break and continue decide on the rest of the loop."""
    traced = Traced.of(
        sources_of(WITH_LOOP_CONTROLS[name]),
        escape=escape,
        extensions=["jinja2.ext.loopcontrols"],
    )
    assert traced.chunks(FIRST) is not None
    assert misses(traced) == []


@MODES
@pytest.mark.parametrize("name", CONSTRUCTS)
def test_a_construct_renders_as_it_does_in_jinja(name: str, escape: bool) -> None:
    """The traced text is Jinja's own, for every value that the oracle tries."""
    sources = sources_of(CONSTRUCTS[name])
    traced, jinja = Traced.of(sources, escape=escape), stock(sources, escape=escape)
    contexts = [FIRST, *({**FIRST, k: v} for k, values in CHANGED.items() for v in values)]
    for context in contexts:
        chunks = traced.chunks(context)
        try:
            text = jinja.get_template("main").render(copy.deepcopy(context))
        except Exception:  # noqa: BLE001 - any failure is a failure
            assert chunks is None
        else:
            assert chunks is not None
            assert "".join(text for _, text in chunks) == text


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_the_oracle_has_something_to_see(name: str) -> None:
    """In each construct some slot changes the text, or the case proves nothing."""
    texts = set()
    for escape in (False, True):
        traced = Traced.of(sources_of(CONSTRUCTS[name]), escape=escape)
        texts |= {(escape, str(traced.chunks(FIRST)))}
        for slot, values in CHANGED.items():
            texts |= {(escape, str(traced.chunks({**FIRST, slot: v}))) for v in values}
    shown = {pair for pair in texts if pair[1] != "None"}
    assert len(shown) > 2


def test_the_oracle_sees_what_an_analysis_of_names_alone_misses() -> None:
    """Blinded to control, the oracle reports the condition."""
    traced = Traced.of({"main": "{% if flag %}yes{% endif %}"}, escape=False)
    blind = Traced(traced.environment, dict.fromkeys(traced.labels, frozenset()), traced.shown)
    assert misses(blind) == [("flag", False)]


def test_the_traced_sandbox_is_an_immutable_sandbox() -> None:
    """What is added is the chunks' origin, and nothing is taken away."""
    text = TracedSandbox().from_string("{{ x.append }}").render(x=[])
    assert text == stock({}, escape=False).from_string("{{ x.append|default('') }}").render(x=[])
