"""`test`: a pack is tried by people who do not know pytest."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from guardedpersonalize.cli.app import app

sys.path.insert(0, str(Path(__file__).parents[1] / "testing"))

from paper_shop import write_shop

Try = Callable[..., Result]


@pytest.fixture
def tried(tmp_path: Path) -> Try:
    """Return what runs the command on a small pack."""

    def run(*options: str, changes: dict[str, str | None] | None = None) -> Result:
        root = write_shop(tmp_path / "shop", changes)
        return CliRunner().invoke(app, ["test", str(root), *options])

    return run


def test_a_sound_pack_passes(tried: Try, tmp_path: Path) -> None:
    """Examples and laws; a report is written where one is asked for."""
    report = tmp_path / "report.xml"
    done = tried("--law", "fits", "--law", "branches", "--junit", str(report))
    assert done.exit_code == 0
    assert "3 passed" in done.stdout
    assert "ink: branches: 6 of 6 places" in done.stdout
    assert report.exists()


def test_a_broken_law_is_told_and_ends_with_status_1(tried: Try) -> None:
    """With the persona to paste."""
    files: dict[str, str | None] = {"templates/ink/title.j2": "Ink, {{ first_name }}"}
    done = tried("--law", "reads_well", "--only", "reads_well", changes=files)
    assert done.exit_code == 1
    assert "an end after a comma or a colon, in 'Ink, '" in done.stdout
    assert "recipient_id = " in done.stdout


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--law", "fit"], "there is no law 'fit'"),
        (["--only", "unicorns"], "there is nothing of that name to try"),
        (["--accept", "--law", "fits"], "Leave --law and --junit out"),
    ],
)
def test_wrong_use_ends_with_status_2(tried: Try, options: list[str], said: str) -> None:
    """And says what to do."""
    done = tried(*options)
    assert done.exit_code == 2
    assert said in done.stderr


@pytest.mark.parametrize("name", ["a::b", "a[b]"])
def test_a_folder_that_pytest_would_misread_is_refused(tmp_path: Path, name: str) -> None:
    """It is taken for the name of a test."""
    done = CliRunner().invoke(app, ["test", str(tmp_path / name)])
    assert done.exit_code == 2
    assert "[GP501] pytest opens no path with" in done.stderr


def test_examples_are_found_by_their_template(tried: Try) -> None:
    """Whose name no claim has to mention; tests of one's own are found by their own."""
    test = "def test_paper(pack):\n    pass\n"
    changes: dict[str, str | None] = {"tests/test_shop.py": test}
    assert "2 passed" in tried("--only", "INK", "--law", "fits", changes=changes).stdout
    assert "1 passed" in tried("--only", "paper", "--law", "fits").stdout


def test_a_pack_that_cannot_be_read_ends_with_status_2(tried: Try) -> None:
    """With the errors that `lint` lists."""
    done = tried(changes={"pack.toml": "name = 7"})
    assert done.exit_code == 2
    assert "pack.toml" in done.stderr


def test_what_is_accepted_is_compared_afterwards(tried: Try, monkeypatch: Any) -> None:
    """A changed sentence shows, and is accepted in its turn; the environment stays as it was."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "")
    first = tried("--accept")
    assert first.exit_code == 0
    assert "+Ink is here, Ann" in first.stdout
    assert "no snapshots changed" in tried("--accept").stdout
    changes: dict[str, str | None] = {
        "templates/ink/title.j2": "Paper for {{ first_name or 'you' }}"
    }
    done = tried("--only", "approved", changes=changes)
    assert done.exit_code == 1
    assert "-Ink is here, Ann\n+Paper for Ann" in done.stdout
    assert "no snapshots changed" in tried("--accept", "--only", "x", changes=changes).stdout
    assert "1 snapshot changed" in tried("--accept", "--only", "INK", changes=changes).stdout


def test_what_it_needs_is_named(tried: Try, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra there is a sentence, and no traceback."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    done = tried()
    assert done.exit_code == 2
    assert "Install guardedpersonalize[testing]." in done.stderr
