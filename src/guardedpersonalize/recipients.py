"""
Reading recipients: JSON lines, CSV or Parquet, one row at a time.

A row that cannot be read is a `Reject` with its line and a code; the others go on. Shapes:
`docs/reference/recipients.md`.
"""

from __future__ import annotations

import csv
import json
import secrets
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from guardedpersonalize.consent import Consent
from guardedpersonalize.engine import Recipient
from guardedpersonalize.errors import GuardError, ProfileError, UsageError
from guardedpersonalize.profile import Catalogue, Profile, is_blank

__all__ = ["Reject", "read_recipients", "recipients_of", "table_rows"]

_ID: Final = "recipient_id"
_NESTED: Final = frozenset({_ID, "profile", "observed_at", "consent"})
_CONSENT: Final = "consent."
_OBSERVED: Final = "observed_at."
_OBJECTION: Final = "objection."
# Column endings of a record in a flat table, and the keys of the record that they fill.
_ENDINGS: Final = ("status", "at", "pii_types", "channels", "permission", "basis", "record_id")

_FEWEST_PLACES: Final = 1_024
"""A power of two, as the size of any such table."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reject:
    """
    A row that could not be read.

    Args:
        line: Line in the file, from 1 (for Parquet the row, from 1).
        code: Stable code of the error.
        message: What is wrong, naming fields and types only.
    """

    line: int
    code: str
    message: str


def read_recipients(
    path: Path, catalogue: Catalogue, *, progress: Callable[[int], None] = lambda _: None
) -> Iterator[tuple[int, Recipient | Reject]]:
    """
    Yield `(line, recipient or reject)` for each row of *path*, in order.

    A second row with the id of an earlier one is a reject: nobody gets a message twice.

    Args:
        path: A file that ends in .jsonl, .ndjson, .csv or .parquet.
        catalogue: The fields that a profile may have.
        progress: Called with the number of bytes (for Parquet: rows) read since the last call.

    Raises:
        UsageError: GP502, if the file cannot be read or its kind is not known.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(sorted(_READERS))
        message = f"recipients are read from {known}, not from {path.suffix or 'this'!r}."
        raise UsageError("GP502", message, where=path.name)
    try:
        yield from _items(reader(path, progress), catalogue)
        return
    except (OSError, UnicodeDecodeError) as err:
        reason = err.strerror if isinstance(err, OSError) else "it is not UTF-8"
    message = f"the recipients cannot be read: {reason}."
    raise UsageError("GP502", message, where=path.name)


def recipients_of(
    rows: Iterable[Mapping[str, Any]], catalogue: Catalogue
) -> Iterator[Recipient | Reject]:
    """
    Yield a recipient or a reject for each of *rows*, in order; a reject's line is its row, from 1.

    Args:
        rows: Rows of the shape of a JSON line or of a flat table.
        catalogue: The fields that a profile may have.
    """
    for _, item in _items(enumerate(rows, 1), catalogue):
        yield item


def _items(
    rows: Iterable[tuple[int, Row | Reject]], catalogue: Catalogue
) -> Iterator[tuple[int, Recipient | Reject]]:
    seen = _Seen()
    for line, row in rows:
        item = row if isinstance(row, Reject) else _recipient(line, row, catalogue)
        if isinstance(item, Recipient):
            item = _unique(line, item, seen)
        yield line, item


def _unique(line: int, item: Recipient, seen: _Seen) -> Recipient | Reject:
    if seen.add(item.profile.recipient_id):
        return item
    return Reject(line, "GP504", "an earlier row has the same recipient_id.")


class _Seen:
    """
    Which ids came before, in 12 to 24 bytes each, however long they are.

    They are told apart by hashes of 64 bits with a secret: in one of 300,000 batches of ten million
    rows two ids are taken for one (the birthday bound), and the second is a reject.
    """

    def __init__(self) -> None:
        self._secret = secrets.token_hex(16)
        self._table = array("q", bytes(8 * _FEWEST_PLACES))
        self._count = 0

    def add(self, person: str) -> bool:
        """Note *person*; return whether that is new."""
        if 3 * self._count > 2 * len(self._table):
            self._grow()
        # No hash is 0, which stands for an empty place.
        if not self._put(hash(self._secret + person) or 1):
            return False
        self._count += 1
        return True

    def _put(self, mark: int) -> bool:
        table, last = self._table, len(self._table) - 1
        at = mark & last
        while table[at]:
            if table[at] == mark:
                return False
            at = (at + 1) & last
        table[at] = mark
        return True

    def _grow(self) -> None:
        before = self._table
        self._table = array("q", bytes(16 * len(before)))
        for mark in before:
            if mark:
                self._put(mark)


def _recipient(line: int, row: Row, catalogue: Catalogue) -> Recipient | Reject:
    try:
        nested = row if "profile" in row else _nest(row)
        return _read(nested, catalogue)
    except GuardError as err:
        return Reject(line, err.code, err.message)


def _read(row: Row, catalogue: Catalogue) -> Recipient:
    if unknown := len(set(row) - _NESTED):
        known = ", ".join(sorted(_NESTED))
        raise ProfileError("GP201", f"the row has {unknown} keys besides {known}.")
    person, values = row.get(_ID), row.get("profile")
    if not isinstance(person, str) or is_blank(person):
        raise ProfileError("GP202", "the recipient_id is missing or no text.")
    if not isinstance(values, Mapping):
        raise ProfileError("GP202", "the profile is no table of fields.")
    profile = Profile.from_json(
        {"recipient_id": person, "values": values, "observed_at": row.get("observed_at") or {}}
    )
    catalogue.check(profile)
    return Recipient(profile, Consent.from_json(row.get("consent") or {}))


def _nest(row: Row) -> Row:
    """Turn the columns of a flat table into the shape of a JSON line; blank cells are absent."""
    values: dict[str, Any] = {}
    observed: dict[str, Any] = {}
    objections: dict[str, Any] = {}
    records: dict[str, dict[str, Any]] = {}
    for column, cell in row.items():
        if column in _NESTED or is_blank(cell):
            continue
        if column.startswith(_OBSERVED):
            observed[column.removeprefix(_OBSERVED)] = cell
        elif column.startswith(_OBJECTION):
            objections[column.removeprefix(_OBJECTION)] = cell
        elif column.startswith(_CONSENT):
            purpose, _, ending = column.removeprefix(_CONSENT).rpartition(".")
            records.setdefault(purpose, {})[ending] = cell
        elif column != "age_group":
            values[column] = cell
    age = {} if is_blank(row.get("age_group")) else {"age_group": row["age_group"]}
    consent = _parsed(row.get("consent"))
    if consent and (objections or records or age):
        # One of them may be a no; which one counts is not for us to guess.
        raise ProfileError("GP201", "the row has a consent column, and others that say the same.")
    consent = consent or {
        "records": [_record(row, purpose, cells) for purpose, cells in records.items()],
        "objections": objections,
        **age,
    }
    return {_ID: row.get(_ID), "profile": values, "observed_at": observed, "consent": consent}


def _record(row: Row, purpose: str, cells: Mapping[str, Any]) -> dict[str, Any]:
    """Return the consent record of one purpose, from its `consent.<purpose>.<ending>` columns."""
    if unknown := sorted(set(cells) - set(_ENDINGS)):
        known = ", ".join(_ENDINGS)
        message = f"{len(unknown)} consent columns do not end in one of {known}."
        raise ProfileError("GP201", message)
    listed = {key: str(cells[key]).split(";") for key in ("pii_types", "channels") if key in cells}
    return {
        "record_id": cells.get("record_id", f"row:{purpose}"),
        "pii_principal_id": row.get(_ID),
        "purposes": [purpose],
        "lawful_basis": cells.get("basis", "consent"),
        "pii_information": [{"pii_type": key.strip()} for key in listed.get("pii_types", ())],
        "channels": [name.strip() for name in listed.get("channels", ())],
        **({"channel_permission": cells["permission"]} if "permission" in cells else {}),
        "events": [{"event_time": cells.get("at"), "event_state": cells.get("status")}],
    }


def _parsed(cell: object) -> object:
    """Read a cell that holds JSON."""
    if not isinstance(cell, str):
        return cell
    try:
        return json.loads(cell, object_pairs_hook=_no_twice) if cell.strip() else None
    except (ValueError, RecursionError):
        pass
    raise ProfileError("GP202", "the consent column is not valid JSON, or has a key twice.")


def _json_lines(path: Path, progress: Callable[[int], None]) -> Iterator[tuple[int, Row | Reject]]:
    with path.open("rb") as file:
        for number, raw in enumerate(file, 1):
            progress(len(raw))
            if raw.strip():
                yield number, _json_row(number, raw)


def _json_row(number: int, raw: bytes) -> Row | Reject:
    try:
        row = json.loads(raw, object_pairs_hook=_no_twice)
    except (ValueError, RecursionError):
        return Reject(number, "GP101", "the line is not valid JSON, or has a key twice.")
    if not isinstance(row, dict):
        return Reject(number, "GP202", "the line is no JSON object.")
    return row


def _no_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        raise ValueError
    return table


class _Counted:
    """Lines of a binary file as text, counted in bytes as they are read."""

    def __init__(self, file: BinaryIO, progress: Callable[[int], None]) -> None:
        self.file = file
        self.progress = progress

    def __iter__(self) -> Iterator[str]:
        for raw in self.file:
            self.progress(len(raw))
            yield raw.decode("utf-8-sig")


def _csv(path: Path, progress: Callable[[int], None]) -> Iterator[tuple[int, Row | Reject]]:
    with path.open("rb") as file:
        reader = csv.reader(_Counted(file, progress), strict=True)
        header: list[str] | None = None
        while True:
            try:
                cells = next(reader, None)
            except csv.Error:
                yield (
                    reader.line_num,
                    Reject(reader.line_num, "GP101", "the line is not valid CSV."),
                )
                continue
            if cells is None:
                return
            if header is None:
                header = cells
                if len(set(header)) < len(header):
                    raise UsageError("GP502", "the CSV header has a column twice.", where=path.name)
            elif cells:
                yield reader.line_num, _csv_row(reader.line_num, header, cells)


def _csv_row(line: int, header: list[str], cells: list[str]) -> Row | Reject:
    if len(cells) != len(header):
        message = f"the line has {len(cells)} cells and the header {len(header)}."
        return Reject(line, "GP101", message)
    return dict(zip(header, cells, strict=True))


def _parquet(path: Path, progress: Callable[[int], None]) -> Iterator[tuple[int, Row | Reject]]:
    try:
        import pyarrow as pa  # noqa: PLC0415  # an extra
        import pyarrow.parquet as pq  # noqa: PLC0415
    except ImportError:
        message = "Parquet needs pyarrow."
        remedy = "Install guardedpersonalize[parquet]."
        raise UsageError("GP502", message, where=path.name, remedy=remedy) from None
    number = 0
    try:
        for batch in pq.ParquetFile(path).iter_batches():
            for number, row in enumerate(table_rows(batch), number + 1):  # noqa: B020
                yield number, row
            progress(batch.num_rows)
        return
    except (pa.ArrowException, ValueError):  # what it says may have a value in it
        pass
    raise UsageError("GP502", "the file is not valid Parquet.", where=path.name)


def table_rows(batch: Any) -> Iterator[Row]:  # noqa: ANN401  # pyarrow is an extra
    """
    Yield the rows of a pyarrow Table or RecordBatch.

    Raises:
        UsageError: GP502, if a column is there twice: one may be a yes and the other a no.
    """
    import pyarrow as pa  # noqa: PLC0415  # an extra

    if len(set(batch.schema.names)) < len(batch.schema.names):
        raise UsageError("GP502", "the table has a column twice.")
    for number, column in enumerate(batch.schema):
        # Python has no nanoseconds; an error of the conversion would show the value.
        if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
            coarse = batch.column(number).cast(pa.timestamp("us", column.type.tz), safe=False)
            batch = batch.set_column(number, column.with_type(coarse.type), coarse)
    batches = batch.to_batches() if isinstance(batch, pa.Table) else [batch]
    for one in batches:
        yield from one.to_pylist()


_READERS: Final = {
    ".jsonl": _json_lines,
    ".ndjson": _json_lines,
    ".csv": _csv,
    ".parquet": _parquet,
}
