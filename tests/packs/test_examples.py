"""What the example packs claim of themselves holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from guardedpersonalize.engine import Engine
from guardedpersonalize.testing.examples import run_example
from guardedpersonalize.testing.pack_laws import LAWS, hold

PACKS = sorted((Path(__file__).parents[2] / "examples" / "packs").iterdir())
ENGINES = {path.name: Engine.from_pack(path) for path in PACKS}
CASES = [(name, id_) for name, engine in ENGINES.items() for id_ in engine.pack.examples]

# The laws that search or have messages read take their time: one small pack is held to them here.
QUICK = ("permission", "reads_well", "fits", "branches")
HELD = [(name, law) for name in ENGINES for law in LAWS if name == "trail-shoes" or law in QUICK]


@pytest.mark.parametrize(("pack", "example"), CASES)
def test_an_example_comes_out_as_it_says(pack: str, example: str) -> None:
    """Outcome, rung and findings are as claimed; what must stand there does, the rest does not."""
    run_example(ENGINES[pack], example)


@pytest.mark.parametrize("pack", sorted(ENGINES))
def test_every_pack_has_enough_personas_of_the_kinds_that_matter(pack: str) -> None:
    """Nothing allowed, everything allowed, withdrawn yesterday, a minor, no profiling."""
    personas = set(ENGINES[pack].pack.personas)
    wanted = {"nothing", "everything", "withdrew-yesterday", "minor", "objects-to-profiling"}
    assert wanted <= personas


@pytest.mark.parametrize(("pack", "law"), HELD)
def test_every_template_holds_the_laws(pack: str, law: str) -> None:
    """The laws that `guardedpersonalize test` holds packs to."""
    for template in ENGINES[pack].pack.templates:
        assert hold(ENGINES[pack], template, law, budget_s=1.0)
