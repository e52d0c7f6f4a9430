"""Scenes of the strategies: templates that packs accept, and messages that come to every end."""

from __future__ import annotations

import re
from collections.abc import Callable

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

CHECKER = Checker()
# Whether there is one, not which is the simplest.
OFTEN = settings(max_examples=3_000, phases=[Phase.generate], derandomize=True, database=None)


def result_of(scene: Scene) -> Result:
    """Return what becomes of the scene."""
    engine = Engine(scene.pack)
    engine.checker = CHECKER
    return engine.render(scene.template, scene.profile, scene.consent, at=scene.at)


@given(packs(), st.sampled_from((True, False)))
def test_every_generated_pack_is_accepted(pack: Pack, _: bool) -> None:
    """What is drawn has passed the checks that packs on disk pass."""
    assert [*pack.templates] == [TEMPLATE]
    assert pack.template_set.entries[TEMPLATE].parts


@pytest.mark.parametrize(
    "construct",
    [
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
    ],
)
def test_templates_use_every_construct(construct: str) -> None:
    """Each construct that the laws should be held for is drawn."""
    catalogue = find(catalogues(including=FIELD_NAMES), lambda _: True)

    def uses(source: TemplateSource) -> bool:
        return any(re.search(construct, text) for text in source.files.values())

    assert find(templates(catalogue, channel="email"), uses, settings=OFTEN)


def test_templates_come_for_every_channel() -> None:
    """Of all that are told, and only the one that is asked for."""
    catalogue = find(catalogues(), lambda _: True)
    for channel in {channel for channel, _ in USES}:
        assert find(templates(catalogue), lambda t, c=channel: t.channel is c, settings=OFTEN)
        assert find(templates(catalogue, channel=channel), lambda _: True).channel is channel


def test_a_purpose_can_be_asked_for() -> None:
    """Together with a channel or alone, one of the usual or any other."""
    catalogue = find(catalogues(), lambda _: True)
    for purpose in ("essential.service.notifications.email", "sales"):
        drawn = find(templates(catalogue, purpose=purpose), lambda _: True)
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
    scene = find(scenes(willing=True), lambda s: "first_name" in s.profile.fields)
    for shown in (scene.script(), pretty(scene)):
        assert "recipient_id" in shown
        assert "---" in shown
    assert "recipient_id" not in repr(scene)
    assert "{%" not in repr(scene)
