"""Scenes of the strategies: templates that packs accept, and messages that come to every end."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.vendor.pretty import pretty

from guardedpersonalize.check import Checker
from guardedpersonalize.decide import Rung
from guardedpersonalize.engine import Engine, Result
from guardedpersonalize.minimise import SlotSpec
from guardedpersonalize.packs import Pack
from guardedpersonalize.profile import Catalogue
from guardedpersonalize.testing import TemplateSource
from guardedpersonalize.testing.strategies import (
    FIELD_NAMES,
    TEMPLATE,
    USES,
    Scene,
    catalogues,
    packs,
    scenes,
    slot_specs,
    templates,
)
from guardedpersonalize.vocabulary import Channel, Outcome

T = TypeVar("T")

CHECKER = Checker()
# Whether there is one, not which is the simplest.
OFTEN = settings(max_examples=1_000, phases=[Phase.generate], derandomize=True, database=None)


def result_of(scene: Scene) -> Result:
    """Return what becomes of the scene."""
    engine = Engine(scene.pack)
    engine.checker = CHECKER
    return engine.render(scene.template, scene.profile, scene.consent, at=scene.at)


def simplest(drawn: st.SearchStrategy[T]) -> T:
    """Return the first thing that is drawn."""
    return find(drawn, lambda _: True, settings=OFTEN)


@given(packs())
def test_every_generated_pack_is_accepted(pack: Pack) -> None:
    """What is drawn has passed the checks that packs on disk pass."""
    assert [*pack.templates] == [TEMPLATE]
    assert pack.template_set.entries[TEMPLATE].parts


CONSTRUCTS = (
    r"\{\{ \w+ \}\}",
    r"\|upper",
    r"\|title",
    r"\|replace\(",
    r"\|default\(",
    r"\|join\(",
    r"\|length",
    r"\|truncate\(",
    r"\|urlencode",
    r"\{% if ",
    r"\{% elif ",
    r"\{% else %\}",
    r"\{% for ",
    r"\{% set \w+ %\}",
    r"\{% set \w+ = ",
    r"\{% macro ",
    r"quoted\(\w+\) \}\}",
    r"\{% include ",
    r"<p title=\"\{\{",
)


def test_templates_come_for_every_channel_with_every_construct() -> None:
    """What the laws should be held for is drawn."""
    catalogue = simplest(catalogues(including=FIELD_NAMES))
    channels: set[Channel] = set()
    text: list[str] = []

    @OFTEN
    @given(templates(catalogue))
    def gather(source: TemplateSource) -> None:
        channels.add(Channel(source.channel))
        text.extend(source.files.values())

    gather()
    assert channels == {channel for channel, _ in USES}
    assert [each for each in CONSTRUCTS if not re.search(each, "".join(text))] == []


def test_a_channel_or_a_purpose_can_be_asked_for() -> None:
    """Together or alone, one of the usual or any other."""
    catalogue = simplest(catalogues())
    for channel in {channel for channel, _ in USES}:
        assert simplest(templates(catalogue, channel=channel)).channel is channel
    for purpose in ("essential.service.notifications.email", "sales"):
        drawn = simplest(templates(catalogue, purpose=purpose))
        assert (drawn.channel, drawn.purpose) == (Channel.EMAIL, purpose)


@given(catalogues(including=FIELD_NAMES).flatmap(lambda c: st.tuples(st.just(c), slot_specs(c))))
def test_slots_are_declared_once_each(drawn: tuple[Catalogue, tuple[SlotSpec, ...]]) -> None:
    """At most as many as asked, each of a field that is there."""
    catalogue, specs = drawn
    assert len({spec.name for spec in specs}) == len(specs) <= 5
    assert all(spec.field in catalogue for spec in specs)


ENDS: dict[str, Callable[[Result], bool]] = {
    "sent as written": lambda r: r.decision.rung is Rung.AS_WRITTEN,
    "sent without a slot": lambda r: r.decision.rung is Rung.OMITTED,
    "sent in its generic version": lambda r: r.decision.rung is Rung.GENERIC,
    "held for review": lambda r: r.decision.outcome is Outcome.REVIEW,
    "blocked": lambda r: r.decision.outcome is Outcome.BLOCK,
    "sent with a value": lambda r: bool(r.message and r.slots and r.slots.filled),
    "sent without a value": lambda r: bool(r.message and r.slots and not r.slots.filled),
}


@pytest.mark.parametrize("end", ENDS)
def test_scenes_come_to_every_end(end: str) -> None:
    """The laws are not held over messages that never go out."""
    found = find(scenes(blemished=True), lambda scene: ENDS[end](result_of(scene)), settings=OFTEN)
    assert found.template == TEMPLATE


def test_a_scene_is_written_out_for_hypothesis_only() -> None:
    """A failing example shows sources, values and consent; a repr shows none of them."""
    scene = simplest(scenes(willing=True))
    for shown in (scene.script(), pretty(scene)):
        assert "recipient_id" in shown
        assert "---" in shown
    assert "recipient_id" not in repr(scene)
    assert "{%" not in repr(scene)
