"""Law 7: same input, same output, same order, whatever the hash seed."""

from __future__ import annotations

import pytest
from hypothesis import given
from law_scenes import FEWER, engine_of, fingerprints, fixed_recipients
from test_one_path import in_process

from guardedpersonalize.testing import laws
from guardedpersonalize.testing.strategies import Scene, scenes


@FEWER
@given(scenes(willing=True) | scenes(hostile=True))
def test_the_same_input_gives_the_same_output(scene: Scene) -> None:
    """Nothing is kept between messages that changes one."""
    laws.determinism(engine_of(scene.pack), scene.template, scene.profile, scene.consent, scene.at)


@FEWER
@given(scenes(willing=True))
def test_two_engines_of_one_pack_agree(scene: Scene) -> None:
    """An engine that has seen other messages gives what a new one gives."""
    results = [
        engine_of(scene.pack).render(scene.template, scene.profile, scene.consent, at=scene.at)
        for _ in range(2)
    ]
    assert laws.fingerprint(results[0]) == laws.fingerprint(results[1])


@pytest.mark.parametrize("seed", ["1", "4242"])
def test_the_hash_seed_changes_nothing(seed: str) -> None:
    """Sets and dictionaries of another process have another order; results do not."""
    recipients = fixed_recipients()
    assert in_process(recipients, seed) == fingerprints(recipients)


def test_the_fixed_cast_tells_people_apart() -> None:
    """The comparison above would see a difference: few of its results are equal."""
    found = fingerprints(fixed_recipients())
    assert len(set(found)) == len(found)
