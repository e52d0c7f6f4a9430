"""Rows of recipients: three kinds of file, one shape, and what a bad row gets."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from guardedpersonalize.engine import Recipient
from guardedpersonalize.errors import UsageError
from guardedpersonalize.profile import Catalogue, Field
from guardedpersonalize.recipients import Reject, read_recipients, recipients_of

CATALOGUE = Catalogue.of(
    [
        Field("first_name", "text", "user.name.first", "provided", "data_subject"),
        Field(
            "orders",
            "int",
            "user.behavior.purchase_history",
            "observed",
            "controller",
            generaliser="text",
        ),
    ]
)
MAIL = "marketing.communications.email"
HEADER = (
    "recipient_id,first_name,observed_at.first_name,objection.profiling,age_group,"
    f"consent.{MAIL}.status,consent.{MAIL}.at,consent.{MAIL}.pii_types,consent.{MAIL}.channels,"
    f"consent.{MAIL}.permission"
)
ROW = (
    "r-1,Ada,2026-01-01T00:00:00Z,2026-02-01T00:00:00Z,adult,"
    "given,2026-01-01T00:00:00Z,user.name.first;user.name.last,email,opt_in"
)
LINE = {
    "recipient_id": "r-1",
    "profile": {"first_name": "Ada"},
    "observed_at": {"first_name": "2026-01-01T00:00:00Z"},
    "consent": {"records": []},
}


def read(path: Path) -> list[Recipient | Reject]:
    return [item for _, item in read_recipients(path, CATALOGUE)]


def lines(tmp_path: Path, *rows: object) -> list[Recipient | Reject]:
    path = tmp_path / "r.jsonl"
    texts = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("\n".join(texts), encoding="utf-8")
    return read(path)


def table(tmp_path: Path, *rows: str) -> list[Recipient | Reject]:
    path = tmp_path / "r.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return read(path)


def test_a_json_line_is_a_recipient(tmp_path: Path) -> None:
    """Profile, times and consent are read."""
    (row,) = lines(tmp_path, LINE)
    assert isinstance(row, Recipient)
    assert row.profile.reveal("first_name") == "Ada"
    assert row.profile.observed_at("first_name") is not None


def test_a_csv_line_says_the_same_in_columns(tmp_path: Path) -> None:
    """Consent, objections, times and the age group stand in columns of their own."""
    (row,) = table(tmp_path, HEADER, ROW)
    assert isinstance(row, Recipient)
    (record,) = row.consent.records
    assert [info.pii_type for info in record.pii_information] == [
        "user.name.first",
        "user.name.last",
    ]
    assert (record.channel_permission.value, record.events[-1].event_state.value) == (
        "opt_in",
        "given",
    )
    assert [o.value for o in row.consent.objections] == ["profiling"]
    assert row.consent.age_group is not None


def test_a_parquet_table_reads_like_csv_or_json(tmp_path: Path) -> None:
    """Flat columns and nested ones both work, with the types of Parquet."""
    flat, nested = tmp_path / "flat.parquet", tmp_path / "nested.parquet"
    cells = dict(zip(HEADER.split(","), ROW.split(","), strict=True))
    pq.write_table(pa.Table.from_pylist([cells | {"orders": 3}]), flat)
    pq.write_table(
        pa.Table.from_pylist([{"recipient_id": "r-2", "profile": {"orders": 3}}]), nested
    )
    (first,), (second,) = read(flat), read(nested)
    assert isinstance(first, Recipient)
    assert isinstance(second, Recipient)
    assert first.profile.reveal("orders") == second.profile.reveal("orders") == 3


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("{nope", "GP101"),
        ('{"recipient_id": "a", "recipient_id": "b", "profile": {}}', "GP101"),
        ("[" * 100_000, "GP101"),
        ("3", "GP202"),
        ({**LINE, "profile": None}, "GP202"),
        ({**LINE, "recipient_id": ""}, "GP202"),
        ({**LINE, "recipient_id": 7}, "GP202"),
        ({**LINE, "profil": {}}, "GP201"),
        ({**LINE, "profile": {"frist_name": "Ada"}}, "GP201"),
        ({**LINE, "profile": {"first_name": {"a": 1}}}, "GP202"),
        ({**LINE, "observed_at": {"first_name": "2026-01-01T00:00:00"}}, "GP204"),
        ({**LINE, "consent": {"records": [{"record_id": "x"}]}}, "GP203"),
    ],
)
def test_a_bad_line_is_rejected_and_the_others_go_on(
    tmp_path: Path, row: object, code: str
) -> None:
    """The reject has the line's number and a code."""
    bad, good = lines(tmp_path, row, {**LINE, "recipient_id": "r-9"})
    assert isinstance(bad, Reject)
    assert (bad.line, bad.code) == (1, code)
    assert isinstance(good, Recipient)


def test_no_reject_quotes_a_value(tmp_path: Path) -> None:
    """A reject names fields and types."""
    rows = [
        {**LINE, "profile": {"first_name": {"canary": "canary"}}},
        {**LINE, "recipient_id": "canary", "canary": 1},
        '{"canary": ',
    ]
    assert "canary" not in "".join(str(reject) for reject in lines(tmp_path, *rows))


def test_the_second_row_of_a_person_is_rejected(tmp_path: Path) -> None:
    """Nobody gets a message twice."""
    _, second = lines(tmp_path, LINE, LINE)
    assert isinstance(second, Reject)
    assert (second.line, second.code) == (2, "GP504")


def test_so_is_any_later_row_of_very_many_people() -> None:
    """However many came between."""
    people = [f"r-{number}" for number in range(3_000)]
    rows = ({"recipient_id": person, "profile": {}} for person in (*people, *people))
    items = list(recipients_of(rows, CATALOGUE))
    assert [item.profile.recipient_id for item in items[:3_000]] == people
    assert {item.code for item in items[3_000:]} == {"GP504"}


def test_blank_lines_are_passed_over(tmp_path: Path) -> None:
    """A blank line is no row."""
    assert len(lines(tmp_path, LINE, "", "  ")) == 1


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("r-1,Ada", "GP101"),
        (ROW.replace("given", "gvien"), "GP203"),
        (ROW.replace("2026-01-01T00:00:00Z,2026-02", "yesterday,2026-02"), "GP204"),
    ],
)
def test_a_bad_csv_line_is_rejected_and_the_others_go_on(
    tmp_path: Path, row: str, code: str
) -> None:
    """Short rows and unreadable consent are named by line."""
    bad, good = table(tmp_path, HEADER, row, ROW.replace("r-1", "r-9"))
    assert isinstance(bad, Reject)
    assert (bad.line, bad.code) == (2, code)
    assert isinstance(good, Recipient)


def test_an_unknown_consent_column_is_not_ignored(tmp_path: Path) -> None:
    """A misspelt refusal must not read as silence."""
    (row,) = table(tmp_path, HEADER.replace(".status", ".state"), ROW)
    assert isinstance(row, Reject)


def test_a_column_twice_is_refused(tmp_path: Path) -> None:
    """Which of the two counts cannot be known."""
    with pytest.raises(UsageError) as caught:
        table(tmp_path, "recipient_id,first_name,first_name", "r-1,Ada,Bea")
    assert caught.value.code == "GP502"


def test_a_consent_column_may_hold_json(tmp_path: Path) -> None:
    """The whole consent of a person fits in one column."""
    cell = json.dumps({"objections": {"profiling": "2026-02-01T00:00:00Z"}}).replace('"', '""')
    (row,) = table(tmp_path, "recipient_id,first_name,consent", f'r-1,Ada,"{cell}"')
    assert isinstance(row, Recipient)
    assert row.consent.objections


@pytest.mark.parametrize("name", ["r.xlsx", "r", "no.jsonl", "no.parquet"])
def test_a_file_that_cannot_be_read_is_wrong_use(tmp_path: Path, name: str) -> None:
    """Unknown kinds and missing files end the run with a code."""
    with pytest.raises(UsageError) as caught:
        read(tmp_path / name)
    assert caught.value.code == "GP502"


def test_a_file_that_is_no_parquet_is_wrong_use(tmp_path: Path) -> None:
    """The name alone does not make it one."""
    path = tmp_path / "r.parquet"
    path.write_bytes(b"not parquet at all")
    with pytest.raises(UsageError) as caught:
        read(path)
    assert caught.value.code == "GP502"


def test_progress_counts_every_byte(tmp_path: Path) -> None:
    """The bar ends where the file ends."""
    path = tmp_path / "r.jsonl"
    path.write_text(json.dumps(LINE) + "\n\n")
    counted: list[int] = []
    list(read_recipients(path, CATALOGUE, progress=counted.append))
    assert sum(counted) == path.stat().st_size


@pytest.mark.parametrize(
    "extra",
    [
        {"objection.direct_marketing": "2026-10-01T00:00:00Z"},
        {"age_group": "child"},
        {"consent.marketing.communications.email.status": "withdrawn"},
    ],
)
def test_a_no_beside_a_consent_column_is_not_dropped(extra: dict[str, str]) -> None:
    """Two places that may say yes and no are a reject; which one counts is not guessed."""
    row = {"recipient_id": "r-1", "first_name": "Ada", "consent": '{"age_group": "adult"}'}
    (plain,) = recipients_of([row], CATALOGUE)
    assert isinstance(plain, Recipient)
    (found,) = recipients_of([row | extra], CATALOGUE)
    assert isinstance(found, Reject)
    assert found.code == "GP201"


def test_a_key_that_is_twice_in_a_consent_column_is_a_reject() -> None:
    """The last one is not taken for the right one."""
    row = {"recipient_id": "r-1", "consent": '{"age_group": "child", "age_group": "adult"}'}
    (found,) = recipients_of([row], CATALOGUE)
    assert isinstance(found, Reject)
