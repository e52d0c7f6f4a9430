"""Law 4: single sends, batches, other processes and previews give the same bytes and findings."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from io import StringIO
from pathlib import Path

from hypothesis import given
from law_scenes import (
    FEWER,
    engine_of,
    fingerprints,
    fixed_pack,
    fixed_recipients,
    scenes_and_crowds,
)
from rich.console import Console

from guardedpersonalize.engine import Recipient
from guardedpersonalize.preview import preview_result
from guardedpersonalize.testing import laws
from guardedpersonalize.testing.strategies import AT, Scene, scenes

SCRIPT = Path(__file__).with_name("law_scenes.py")


@FEWER
@given(scenes_and_crowds())
def test_a_batch_gives_what_single_sends_give(drawn: tuple[Scene, list[Recipient]]) -> None:
    """In any order and size, and from pickled recipients."""
    scene, crowd = drawn
    laws.one_path(engine_of(scene.pack), scene.template, crowd, scene.at)


def in_process(recipients: list[Recipient], seed: str = "0") -> list[str]:
    """Return the fingerprints that another process finds for pickled *recipients*."""
    done = subprocess.run(
        [sys.executable, str(SCRIPT)],
        input=pickle.dumps(recipients),
        capture_output=True,
        check=True,
        env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
    )
    return list(json.loads(done.stdout))


def test_another_process_gives_the_same() -> None:
    """Recipients cross a process by pickle, and the results are what they are here."""
    recipients = fixed_recipients()
    assert in_process(recipients) == fingerprints(recipients)


def test_a_batch_takes_the_moment_once() -> None:
    """Without a moment of its own, a batch is decided by one look at the clock."""
    ticks = iter([AT])
    engine = engine_of(fixed_pack())
    engine._clock = lambda: next(ticks)
    results = list(engine.render_many("mail", fixed_recipients()[:3]))
    assert {result.record.at for result in results} == {"2026-11-01T09:00:00Z"}


@FEWER
@given(scenes(willing=True))
def test_a_preview_shows_the_result_and_leaves_it_alone(scene: Scene) -> None:
    """What is laid out is the draft of a send, every line of its plain parts."""
    engine = engine_of(scene.pack)
    result = engine.render(scene.template, scene.profile, scene.consent, at=scene.at)
    before = laws.fingerprint(result)
    shown = laid_out(preview_result("someone", result))
    assert laws.fingerprint(result) == before
    for part in result.draft.parts if result.draft else ():
        if part.kind != "html" and not any(chunk.origin.slots for chunk in part.chunks):
            assert [line for line in part.text.split("\n") if line.strip() not in shown] == []


def laid_out(thing: object) -> str:
    """Return what a wide terminal shows."""
    out = StringIO()
    Console(file=out, width=2_000).print(thing)
    return out.getvalue()
