"""
Tables of recipients in, tables of messages out: for pyarrow, and what speaks Arrow.

    from guardedpersonalize.integrations.arrow import SCHEMA, render_table

    batch = render_table(engine, "spring-offer", table)   # pyarrow.RecordBatch of SCHEMA

Needs the extra `parquet`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

import pyarrow as pa

from guardedpersonalize.engine import Engine, Message, Recipient, Result
from guardedpersonalize.errors import UsageError, sealed
from guardedpersonalize.recipients import Reject, recipients_of, table_rows
from guardedpersonalize.vocabulary import Outcome

__all__ = ["SCHEMA", "render_table"]

_TEXTS: Final = pa.map_(pa.string(), pa.string())

SCHEMA: Final = pa.schema(
    [
        pa.field("recipient_id", pa.string()),
        pa.field("message_id", pa.string()),
        pa.field("template", pa.string(), nullable=False),
        pa.field("outcome", pa.string(), nullable=False),
        pa.field("rung", pa.string()),
        pa.field("message", _TEXTS),
        pa.field("for_review", _TEXTS),
        pa.field("causes", pa.list_(pa.string()), nullable=False),
        pa.field("score", pa.float64()),
        pa.field("record", pa.string()),
        pa.field("error", pa.string()),
    ]
)
"""
One row for each row of the input, in its order.

`message` is what to deliver, part by part, and null unless the outcome is `send`; `record` is the
decision record as JSON. A row that cannot be read is blocked: `error` has its code and what is
wrong, and all but template, outcome and causes is null.
"""


@sealed
def render_table(
    engine: Engine,
    template: str,
    table: pa.Table | pa.RecordBatch,
    *,
    at: datetime | None = None,
    workers: int = 1,
) -> pa.RecordBatch:
    """
    Render *template* for each row of *table*.

    Args:
        engine: An engine with a pack.
        template: Name of a template of the pack.
        table: Recipients; its columns are those of a flat file, see docs/reference/recipients.md.
        at: The moment to decide for, with a time zone; now by the engine's clock.
        workers: How many processes; see `Engine.render_many`.

    Returns:
        A batch of `SCHEMA` with as many rows as *table*.

    Raises:
        UsageError: GP501, if *table* is no table, or there is no such template; GP502, if it has
            a column twice.
    """
    if not isinstance(table, (pa.Table, pa.RecordBatch)):
        message = "recipients come as a pyarrow Table or RecordBatch."
        raise UsageError("GP501", message)
    engine.pack.template(template)
    rows: list[dict[str, Any]] = []
    people: deque[tuple[int, str]] = deque()

    def good() -> Iterator[Recipient]:
        for item in recipients_of(table_rows(table), engine.pack.catalogue):
            rows.append(_rejected(template, item) if isinstance(item, Reject) else {})
            if isinstance(item, Recipient):
                people.append((len(rows) - 1, item.profile.recipient_id))
                yield item

    for result in engine.render_many(template, good(), at=at, workers=workers):
        number, person = people.popleft()
        rows[number] = _row(person, template, result)
    return pa.RecordBatch.from_pylist(rows, schema=SCHEMA)


def _row(person: str, template: str, result: Result) -> dict[str, Any]:
    decision = result.decision
    return {
        "recipient_id": person,
        "message_id": result.record.message_id,
        "template": template,
        "outcome": decision.outcome.value,
        "rung": decision.rung.value,
        "message": _texts(result.message),
        "for_review": _texts(result.for_review),
        "causes": [cause.code for cause in decision.causes],
        "score": decision.score.total,
        "record": result.record.to_json(),
        "error": None,
    }


def _texts(message: Message | None) -> list[tuple[str, str]] | None:
    return list(message.parts.items()) if message else None


def _rejected(template: str, row: Reject) -> dict[str, Any]:
    return {
        "template": template,
        "outcome": Outcome.BLOCK.value,
        "causes": [row.code],
        "error": f"[{row.code}] {row.message}",
    }
