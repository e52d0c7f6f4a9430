"""The pytest plugin, as somebody runs it over a folder of packs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from paper_shop import write_shop

QUIET = ["-q", "-p", "_guardedpersonalize_pytest", "-c", "/dev/null", "--import-mode=importlib"]
TESTS = """
import pytest

def test_fixtures(pack, engine, render, personas, freeze_clock):
    assert engine.pack is pack
    assert {"ann", "minor"} <= set(personas)
    assert render("ink", "ann").message["title"] == "Ink is here, Ann"
    freeze_clock("2026-01-01T00:00:00Z")
    assert render("ink", "ann").message is None

def test_the_clock_goes_on(render):
    assert render("ink", "ann").message

@pytest.mark.pack("nowhere")
def test_no_pack(pack):
    pass
"""


class Recorder:
    """Keeps what pytest reports."""

    def __init__(self) -> None:
        self.status = 0
        self.reports: dict[str, Any] = {}
        self.broken: list[Any] = []

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.when == "call" or report.failed:
            self.reports[report.nodeid] = report

    def pytest_collectreport(self, report: Any) -> None:
        self.broken += [report] if report.failed else []


Run = Callable[..., Recorder]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return what runs pytest in a folder that holds a pack, with our plugin alone."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.chdir(tmp_path)

    def ran(*options: str, changes: dict[str, str | None] | None = None) -> Recorder:
        write_shop(tmp_path / "shop", changes)
        recorder = Recorder()
        folder = [f"--rootdir={tmp_path}", str(tmp_path)]
        recorder.status = int(pytest.main([*QUIET, *options, *folder], plugins=[recorder]))
        return recorder

    return ran


def test_examples_and_laws_are_collected(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """Each example under its claim, each law by template; the branches are listed at the end."""
    found = run("--pack-law", "branches", "--pack-law", "fits", "--junit-xml=report.xml")
    assert found.status == 0
    assert list(found.reports) == [
        "shop/examples/named.toml::a first name stands in the title : always",
        "shop/pack.toml::ink: fits",
        "shop/pack.toml::ink: branches",
    ]
    assert "ink: branches: 6 of 6 places" in capsys.readouterr().out
    properties = ET.parse("report.xml").iter("property")  # noqa: S314 - our own file
    values = [each.get("value") for each in properties]
    assert "title: at most 33 characters" in values


@pytest.mark.parametrize(
    ("options", "names"),
    [
        (["--no-pack-laws"], ["a first name stands in the title : always"]),
        (["-k", "first and title"], ["a first name stands in the title : always"]),
        (["-m", "pack_law(name='fits')"], ["ink: fits"]),
        (["-m", "pack_law", "-k", "branches"], ["ink: branches"]),
        (["--no-pack-laws", "-m", "pack_snapshot"], []),
    ],
)
def test_what_is_run_can_be_chosen(run: Run, options: list[str], names: list[str]) -> None:
    """By words, by marker, by option."""
    assert [node.partition("::")[2] for node in run(*options).reports] == names


def test_a_failure_is_told_without_a_traceback(run: Run) -> None:
    """What a marketer reads has no frames of Python in it; only what failed is run again."""
    title = "Ink{% if first_name %}, {{ first_name }}{% endif %} is here,"
    found = run("--pack-law", "reads_well", changes={"templates/ink/title.j2": title})
    assert found.status == 1
    texts = [report.longreprtext for report in found.reports.values()]
    assert "  expected  Ink is here, Ann" in texts[0]
    assert "an end after a comma or a colon, in 'Ink, Ann is here,'" in texts[1]
    head = "shop/examples/named.toml: a first name stands in the title"
    assert next(iter(found.reports.values())).head_line.startswith(head)
    assert not any("Traceback" in text or ".py:" in text for text in texts)
    again = run("--pack-law", "reads_well", "--pack-law", "fits", "--lf")
    assert set(again.reports) == set(found.reports)


def test_a_broken_pack_says_what_is_wrong(run: Run) -> None:
    """With file and line, as `lint` does, and once."""
    found = run("-k", "fits", changes={"fields.toml": "[fields.first_name]\ntype = 'txt'\n"})
    assert found.status == 2
    example, pack = (report.longreprtext for report in found.broken)
    assert "lint" in example
    assert "fields.toml:" in pack
    assert "Traceback" not in example + pack


def test_what_there_was_no_time_for_is_told(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """On the screen, not in the report alone; by pack where there are several."""
    write_shop(tmp_path / "store")
    assert run("--pack-law=containment", "--pack-budget=1e-9", "-k", "ink").status == 0
    said = capsys.readouterr().out
    for pack in ("shop", "store"):
        assert f"{pack}: ink: containment: cut short: 8 people were tried" in said


@pytest.mark.parametrize(
    ("option", "said"),
    [("--pack-law=nope", "no law 'nope'"), ("--pack-budget=0", "must be above 0 seconds")],
)
def test_a_wrong_option_is_refused_at_once(
    run: Run, capsys: pytest.CaptureFixture[str], option: str, said: str
) -> None:
    """And no pack is blamed for it."""
    found = run(option)
    assert (found.status, found.reports, found.broken) == (pytest.ExitCode.USAGE_ERROR, {}, [])
    assert said in capsys.readouterr().err


def test_fixtures_are_about_the_pack_around_the_test(run: Run, tmp_path: Path) -> None:
    """Or about none: then the test says so."""
    write_shop(tmp_path / "shop", {"tests/test_shop.py": TESTS})
    found = run("--no-pack-laws", "-k", "test_shop")
    outcomes = {node.rpartition("::")[2]: each.outcome for node, each in found.reports.items()}
    assert outcomes == {
        "test_fixtures": "passed",
        "test_the_clock_goes_on": "passed",
        "test_no_pack": "failed",
    }


def test_other_toml_files_are_left_alone(run: Run, tmp_path: Path) -> None:
    """Examples of something else are no examples of a pack."""
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / "a.toml").write_text("a = 1", encoding="utf-8")
    assert run("--pack-law", "fits", "-k", "fits").status == 0


def test_approved_snapshots_are_tried(run: Run) -> None:
    """Where there are any."""
    found = run("-m", "pack_snapshot", changes={"snapshots/ink.txt": "ink, as approved\n"})
    (report,) = found.reports.values()
    assert "'ink' says something else than approved." in report.longreprtext


def test_the_plugin_imports_nothing_of_the_library() -> None:
    """Every run of pytest loads it."""
    code = "import _guardedpersonalize_pytest, sys; print('guardedpersonalize' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.slow
def test_workers_share_the_items(run: Run) -> None:
    """With xdist as without, and their reports come back."""
    shared = run("-m", "pack_law(name='fits')", "-p", "xdist", "-n", "1")
    assert (shared.status, list(shared.reports)) == (0, ["shop/pack.toml::ink: fits"])
