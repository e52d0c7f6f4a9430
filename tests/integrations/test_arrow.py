"""Tables of recipients in, tables of messages out."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

pa = pytest.importorskip("pyarrow")

from guardedpersonalize import Engine  # noqa: E402
from guardedpersonalize.errors import UsageError  # noqa: E402
from guardedpersonalize.integrations.arrow import SCHEMA, render_table  # noqa: E402
from guardedpersonalize.recipients import read_recipients  # noqa: E402

ROOT = Path(__file__).parents[2]
AT = datetime(2026, 11, 1, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def engine() -> Engine:
    """Return the engine of an example pack."""
    return Engine.from_pack(ROOT / "examples" / "packs" / "garden-club")


@pytest.fixture(scope="module")
def rows(made_recipients: Callable[[int], Path]) -> Path:
    """Return a file of 30 invented recipients."""
    return made_recipients(30)


def flat(path: Path) -> list[dict[str, object]]:
    """Return the rows as a warehouse holds them: values in columns, the consent as JSON."""
    found = []
    for line in path.read_text().splitlines():
        row = json.loads(line)
        seen = {f"observed_at.{name}": at for name, at in row.get("observed_at", {}).items()}
        consent = {"consent": json.dumps(row["consent"])}
        found.append({"recipient_id": row["recipient_id"], **row["profile"], **seen, **consent})
    return found


def table(path: Path) -> pa.Table:
    """Return them as a table; lists are joined as in a flat file."""
    rows = [
        {key: ";".join(map(str, v)) if isinstance(v, list) else v for key, v in row.items()}
        for row in flat(path)
    ]
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = {
        name: [None if row.get(name) is None else str(row[name]) for row in rows] for name in names
    }
    return pa.table(columns)


def test_each_row_becomes_what_it_becomes_from_a_file(engine: Engine, rows: Path) -> None:
    """Same outcomes and messages, in the fixed schema."""
    batch = render_table(engine, "spring-offer", table(rows), at=AT)
    assert batch.schema == SCHEMA
    people = [item for _, item in read_recipients(rows, engine.pack.catalogue)]
    results = [engine.render("spring-offer", p.profile, p.consent, at=AT) for p in people]
    assert batch.column("outcome").to_pylist() == [r.decision.outcome.value for r in results]
    sent = [dict(message) if message else None for message in batch.column("message").to_pylist()]
    assert sent == [dict(r.message.parts) if r.message else None for r in results]
    assert batch.column("message_id").to_pylist() == [r.record.message_id for r in results]
    assert "send" in batch.column("outcome").to_pylist()


def test_a_row_that_cannot_be_read_is_blocked_in_its_place(engine: Engine, rows: Path) -> None:
    """Its error names the code and no value; the rest goes on."""
    whole = table(rows).slice(0, 3).to_pylist()
    whole[1]["recipient_id"] = None
    whole[2]["recipient_id"] = whole[0]["recipient_id"]
    batch = render_table(engine, "spring-offer", pa.Table.from_pylist(whole), at=AT)
    assert [error[:7] if error else None for error in batch.column("error").to_pylist()] == [
        None,
        "[GP202]",
        "[GP504]",
    ]
    assert batch.column("outcome").to_pylist()[1:] == ["block", "block"]
    assert batch.column("message").to_pylist()[1:] == [None, None]


def test_an_empty_table_gives_an_empty_batch(engine: Engine, rows: Path) -> None:
    """With the same schema."""
    empty = table(rows).slice(0, 0)
    assert render_table(engine, "spring-offer", empty, at=AT).num_rows == 0
    assert render_table(engine, "spring-offer", empty, at=AT).schema == SCHEMA


@pytest.mark.parametrize("given", [None, [], {"recipient_id": ["r"]}, "table"])
def test_what_is_no_table_is_wrong_use(engine: Engine, given: object) -> None:
    """It says what is wanted."""
    with pytest.raises(UsageError, match="RecordBatch"):
        render_table(engine, "spring-offer", given, at=AT)


def test_an_unknown_template_is_wrong_use(engine: Engine, rows: Path) -> None:
    """Before any row is read."""
    with pytest.raises(UsageError, match="spring-offer"):
        render_table(engine, "spring-ofer", table(rows), at=AT)


def test_a_column_that_is_there_twice_is_wrong_use(engine: Engine) -> None:
    """One may be a yes and the other a no."""
    twice = pa.table([["r-1"], ["a"], ["b"]], names=["recipient_id", "first_name", "first_name"])
    with pytest.raises(UsageError, match="twice"):
        render_table(engine, "spring-offer", twice, at=AT)


def test_nanoseconds_are_read_as_moments(engine: Engine) -> None:
    """An error of the conversion would show the value."""
    odd = pa.array([1_788_000_000_123_456_789], pa.timestamp("ns", "UTC"))
    found = pa.table({"recipient_id": ["r-1"], "observed_at.first_name": odd, "first_name": ["A"]})
    batch = render_table(engine, "spring-offer", found, at=AT)
    assert batch.column("error").to_pylist() == [None]


@pytest.mark.slow
def test_two_processes_pair_people_with_their_messages(engine: Engine, rows: Path) -> None:
    """Also where rows between them cannot be read."""
    whole = table(rows).to_pylist()
    whole[3]["recipient_id"] = None
    one = render_table(engine, "spring-offer", pa.Table.from_pylist(whole), at=AT)
    two = render_table(engine, "spring-offer", pa.Table.from_pylist(whole), at=AT, workers=2)
    assert one.equals(two)
