"""Batches by several processes: the same results, and none lost."""

from __future__ import annotations

import os
import pickle
from collections.abc import Sequence
from pathlib import Path

import pytest
from small_pack import ALL, AT, Deadly, MakeEngine, ada, yes

from guardedpersonalize import Engine
from guardedpersonalize.check import KnownValue, MessageReader, Report
from guardedpersonalize.decide import Cause
from guardedpersonalize.engine import Recipient, batch
from guardedpersonalize.engine.workers import Spread
from guardedpersonalize.errors import InternalError, UsageError
from guardedpersonalize.render import Draft
from guardedpersonalize.testing.stages import fingerprint
from guardedpersonalize.vocabulary import Outcome

GARDEN = Path(__file__).parents[2] / "examples" / "packs" / "garden-club"


def rows(count: int) -> list[Recipient]:
    """Return recipients with names of their own."""
    return [Recipient(ada(first_name=f"Ada{n}"), yes(*ALL)) for n in range(count)]


def test_a_batch_tells_how_far_it_is(make_engine: MakeEngine) -> None:
    """Once for each result, before it is yielded."""
    seen: list[int] = []
    for number, _ in enumerate(
        make_engine().render_many("note", rows(3), at=AT, progress=seen.append), 1
    ):
        assert seen == list(range(1, number + 1))
    assert seen == [1, 2, 3]


def test_a_result_can_be_pickled_by_itself(make_engine: MakeEngine) -> None:
    """It takes its record along, for the pack stays where it is."""
    result = make_engine().render("note", ada(), yes(*ALL), at=AT)
    again = pickle.loads(pickle.dumps(result))  # noqa: S301  # our own
    assert fingerprint(again) == fingerprint(result)


@pytest.mark.slow
def test_two_processes_give_what_one_gives(make_engine: MakeEngine) -> None:
    """Every row, in order, to the last character."""
    engine = make_engine()
    spread = list(engine.render_many("note", rows(150), at=AT, workers=2))
    single = list(engine.render_many("note", rows(150), at=AT))
    assert [fingerprint(one) for one in spread] == [fingerprint(one) for one in single]


@pytest.mark.slow
def test_a_row_at_which_a_process_dies_is_blocked(
    make_engine: MakeEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has a record that says why; all others are made."""
    monkeypatch.setenv("DEADLY", str(os.getpid()))
    make_engine()
    engine = Deadly.from_pack(tmp_path / "small")
    results = list(batch.results(batch.Job(engine, "note", AT), rows(20), 2))
    codes = [[cause.code for cause in result.decision.causes] for result in results]
    assert [number for number, found in enumerate(codes) if found == ["GP505"]] == [7]
    assert results[7].decision.outcome is Outcome.BLOCK
    assert results[7].record.outcome == "block"
    assert {r.decision.outcome for n, r in enumerate(results) if n != 7} == {Outcome.SEND}


@pytest.mark.slow
def test_a_pack_that_changes_on_the_way_stops_the_batch(
    make_engine: MakeEngine, tmp_path: Path
) -> None:
    """Half a batch by one pack and half by another is no batch."""
    engine = make_engine()
    raw = pickle.dumps(engine)
    with (tmp_path / "small" / "fields.toml").open("a") as file:
        file.write("\n# changed\n")
    with pytest.raises(UsageError, match="changed"):
        pickle.loads(raw)  # noqa: S301  # our own
    with pytest.raises(UsageError, match="changed"):
        list(engine.render_many("note", rows(3), at=AT, workers=2))


def test_an_engine_from_memory_stays_in_its_process() -> None:
    """It says how to make one that can go."""
    engine = Engine(Engine.from_pack(GARDEN).pack)
    with pytest.raises(UsageError, match="from_pack"):
        list(engine.render_many("spring-offer", [], workers=2))


@pytest.mark.parametrize("workers", [0, -1, "2", None])
def test_there_has_to_be_a_worker(make_engine: MakeEngine, workers: int) -> None:
    """Wrong numbers are named before a row is read."""
    with pytest.raises(UsageError, match="worker"):
        list(make_engine().render_many("note", rows(1), at=AT, workers=workers))


def test_a_message_that_is_held_has_a_record(make_engine: MakeEngine) -> None:
    """A graver reason goes first: who said no is not told of a fault of ours."""
    engine, cause = make_engine(), Cause("GP505", "the process died.")
    held = engine.hold("note", ada(), yes(*ALL), cause, at=AT)
    assert (held.decision.outcome, held.message) == (Outcome.BLOCK, None)
    assert [one.code for one in held.decision.causes] == ["GP505"]
    refused = engine.hold("note", ada(), yes(*ALL), cause, at=AT.replace(year=2001))
    assert [one.code for one in refused.decision.causes] != ["GP505"]


def test_an_option_that_cannot_be_pickled_is_named(make_engine: MakeEngine) -> None:
    """No error of pickle gets out."""
    engine = make_engine(clock=lambda: AT)
    with pytest.raises(UsageError, match="another process"):
        list(engine.render_many("note", rows(1), workers=2))


def test_a_row_that_meets_a_defect_is_held(
    make_engine: MakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One defect of ours does not end a batch, and nothing is sent because of it."""
    engine = make_engine()
    right = MessageReader.check

    def fault(self: MessageReader, draft: Draft, withheld: Sequence[KnownValue]) -> Report:
        if "Ada1" in str(draft.parts[-1].text):
            raise InternalError("GP901", "a defect.")
        return right(self, draft, withheld)

    monkeypatch.setattr(MessageReader, "check", fault)
    found = list(engine.render_many("note", rows(3), at=AT))
    assert [one.decision.outcome for one in found] == [Outcome.SEND, Outcome.BLOCK, Outcome.SEND]
    assert [cause.code for cause in found[1].decision.causes] == ["GP901"]


def test_the_key_of_pseudonyms_is_in_no_repr(make_engine: MakeEngine) -> None:
    """What goes to the processes holds the secret; what is printed does not."""
    spread = Spread(list, 2, id, id, (b"secret",))
    assert "secret" not in repr(spread)
