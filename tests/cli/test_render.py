"""`render`: many recipients in, messages, records and rejects out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from guardedpersonalize.cli.app import app

ROOT = Path(__file__).parents[2]
GARDEN = str(ROOT / "examples" / "packs" / "garden-club")
AT = "2026-11-01T09:00:00Z"


@pytest.fixture(scope="module")
def recipients(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty invented recipients."""
    path = tmp_path_factory.mktemp("rows") / "r.jsonl"
    command = [sys.executable, str(ROOT / "examples" / "make_recipients.py"), "--count", "40"]
    path.write_bytes(subprocess.run(command, check=True, capture_output=True).stdout)
    return path


def render(path: Path, *args: str) -> Result:
    command = ["render", GARDEN, "spring-offer", "--recipients", str(path), "--at", AT, *args]
    return CliRunner().invoke(app, command)


def test_every_row_gets_a_message_line_and_a_record(recipients: Path, tmp_path: Path) -> None:
    """The files link by message id, line by line."""
    out, records = tmp_path / "out.jsonl", tmp_path / "records.jsonl"
    done = render(recipients, "--out", str(out), "--records", str(records))
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    kept = [json.loads(line) for line in records.read_text().splitlines()]
    assert [row["message_id"] for row in lines] == [row["message_id"] for row in kept]
    assert len(lines) == 40
    assert {row["outcome"] for row in lines} == {"send", "block"}
    assert all((row["message"] is None) is (row["outcome"] != "send") for row in lines)
    assert "Summary" in done.stdout


def test_bad_rows_are_written_aside_and_the_rest_is_rendered(
    recipients: Path, tmp_path: Path
) -> None:
    """A bad row has its line number and a code, and makes the status 1."""
    path, rejects, out = tmp_path / "r.jsonl", tmp_path / "no.jsonl", tmp_path / "out.jsonl"
    first, second, *_ = recipients.read_text().splitlines()
    path.write_text("\n".join([first, "{", second, first]))
    done = render(path, "--rejects", str(rejects), "--out", str(out))
    rows = [json.loads(line) for line in rejects.read_text().splitlines()]
    assert [(row["line"], row["code"]) for row in rows] == [(2, "GP101"), (4, "GP504")]
    assert len(out.read_text().splitlines()) == 2
    assert done.exit_code == 1


def test_the_same_rows_give_the_same_bytes(recipients: Path, tmp_path: Path) -> None:
    """Nothing in a run depends on when or where it ran."""
    texts = []
    for name in ("a", "b"):
        out, records = tmp_path / f"{name}.out", tmp_path / f"{name}.rec"
        render(recipients, "--out", str(out), "--records", str(records))
        texts.append(out.read_bytes() + records.read_bytes())
    assert texts[0] == texts[1]


@pytest.mark.parametrize(
    "args",
    [
        ("--out", "/dev/full"),
        ("--out", "/no/such/folder/out.jsonl"),
        ("--at", "2026-11-01T09:00:00"),
    ],
)
def test_what_cannot_be_written_or_told_ends_with_status_2(
    recipients: Path, args: tuple[str, ...]
) -> None:
    """A full disk, a missing folder and a time without a zone are wrong use."""
    assert render(recipients, *args).exit_code == 2


@pytest.mark.parametrize("name", ["none.jsonl", "r.txt"])
def test_recipients_that_cannot_be_read_leave_no_output(tmp_path: Path, name: str) -> None:
    """There is no empty file to be mistaken for a finished run."""
    out = tmp_path / "out.jsonl"
    assert render(tmp_path / name, "--out", str(out)).exit_code == 2
    assert not out.exists()


def test_an_unknown_template_is_wrong_use(recipients: Path) -> None:
    """It is named before any row is read."""
    command = ["render", GARDEN, "spring-ofer", "--recipients", str(recipients)]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 2
    assert "spring-offer" in done.stderr
