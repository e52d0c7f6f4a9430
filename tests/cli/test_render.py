"""`render`: many recipients in, messages, records and rejects out."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from guardedpersonalize.cli.app import app

ROOT = Path(__file__).parents[2]
GARDEN = str(ROOT / "examples" / "packs" / "garden-club")
AT = "2026-11-01T09:00:00Z"


@pytest.fixture(scope="module")
def recipients(made_recipients: Callable[[int], Path]) -> Path:
    """Return a file of 40 invented recipients."""
    return made_recipients(40)


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


@pytest.mark.slow
def test_two_processes_write_the_same_bytes_as_one(recipients: Path, tmp_path: Path) -> None:
    """In the order of the input."""
    texts = []
    for jobs in ("1", "2"):
        out, records = tmp_path / f"{jobs}.out", tmp_path / f"{jobs}.rec"
        render(recipients, "--out", str(out), "--records", str(records), "--jobs", jobs)
        texts.append(out.read_bytes() + records.read_bytes())
    assert texts[0] == texts[1]


@pytest.mark.slow
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_keeps_what_is_done(
    made_recipients: Callable[[int], Path], tmp_path: Path, jobs: str
) -> None:
    """Messages and records of the rows that were begun are whole, and the summary says so."""
    path, out, records = made_recipients(20_000), tmp_path / "out.jsonl", tmp_path / "records.jsonl"
    command = [sys.executable, "-m", "guardedpersonalize", "render", GARDEN, "spring-offer"]
    command += ["--recipients", str(path), "--at", AT, "--jobs", jobs]
    command += ["--out", str(out), "--records", str(records)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    partial = out.with_name(f".{out.name}.{process.pid}.partial")
    for _ in range(600):
        if partial.exists() and partial.stat().st_size:
            break
        time.sleep(0.1)
    os.kill(process.pid, signal.SIGINT)
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 130, said
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    kept = [json.loads(line) for line in records.read_text().splitlines()]
    assert 0 < len(lines) < 20_000
    assert [row["message_id"] for row in lines] == [row["message_id"] for row in kept]
    assert f"{len(lines)} rows are done" in said


def test_a_broken_join_is_doubted(recipients: Path, tmp_path: Path) -> None:
    """One first name for everybody is said in the summary, without the name."""
    path = tmp_path / "r.jsonl"
    rows = []
    for number, line in enumerate(recipients.read_text().splitlines() * 4):
        row = json.loads(line.replace(json.loads(line)["recipient_id"], f"r-{number}"))
        row["profile"]["first_name"] = "Zorblax"
        rows.append(row)
    path.write_text("\n".join(map(json.dumps, rows)))
    said = render(path, "--out", str(tmp_path / "out.jsonl")).output
    assert "same_value" in said
    assert "Zorblax" not in said


class TestDryRun:
    """`--dry-run` and `--report`."""

    def test_it_counts_as_a_run_does_and_writes_the_page_alone(
        self, recipients: Path, tmp_path: Path
    ) -> None:
        """The same path, with nowhere for the messages to go."""
        page = tmp_path / "page.html"
        dry = render(recipients, "--dry-run", "--report", str(page))
        wet = render(recipients)
        assert list(tmp_path.iterdir()) == [page]
        counts = [line for line in wet.output.splitlines() if "per second" not in line]
        assert set(counts) <= set(dry.output.splitlines())
        assert "no message and no record was written" in dry.output
        assert page.read_text().startswith("<!doctype html>")

    @pytest.mark.parametrize("outputs", [("--report", "r"), ("--out", "o", "--rejects", "./o")])
    def test_no_output_takes_the_place_of_another_file(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, outputs: tuple[str, ...]
    ) -> None:
        """Neither that of the recipients nor that of another output."""
        monkeypatch.chdir(tmp_path)
        Path("r").write_text("{}\n")
        done = render(tmp_path / "r", *outputs)
        assert (done.exit_code, "same file" in done.output) == (2, True)
        assert [path.read_text() for path in tmp_path.iterdir()] == ["{}\n"]

    @pytest.mark.parametrize(
        "args", [("--dry-run", "--out", "o"), ("--dry-run", "--records", "o"), ("--show-values",)]
    )
    def test_what_a_dry_run_cannot_do_is_wrong_use(
        self, recipients: Path, args: tuple[str, ...]
    ) -> None:
        """It writes no messages, and values are shown on a page or nowhere."""
        assert render(recipients, *args).exit_code == 2
