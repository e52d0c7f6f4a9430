"""Output files are whole or absent."""

from __future__ import annotations

from pathlib import Path

import pytest

from guardedpersonalize.cli.console import whole_file, write_whole
from guardedpersonalize.errors import UsageError


def test_a_file_is_put_in_place_at_the_end(tmp_path: Path) -> None:
    """Until the last line is written, nobody sees the file."""
    path = tmp_path / "out.jsonl"
    with whole_file(path) as file:
        assert file is not None
        file.write("one\n")
        assert not path.exists()
    assert path.read_text() == "one\n"


def test_after_an_error_no_part_of_the_file_is_left(tmp_path: Path) -> None:
    """What failed half-way leaves neither file nor remains."""
    with pytest.raises(KeyError), whole_file(tmp_path / "out.jsonl"):
        raise KeyError
    assert list(tmp_path.iterdir()) == []


def test_an_earlier_file_survives_a_failure(tmp_path: Path) -> None:
    """The last good output is not destroyed by a bad run."""
    path = tmp_path / "out.jsonl"
    path.write_text("old\n")
    with pytest.raises(KeyError), whole_file(path):
        raise KeyError
    assert path.read_text() == "old\n"


def test_a_full_disk_is_an_error_with_a_code() -> None:
    """The device that is always full stands for any disk that is."""
    with pytest.raises(UsageError) as caught, whole_file(Path("/dev/full")) as file:
        assert file is not None
        file.write("x" * 100_000)
    assert caught.value.code == "GP503"
    assert Path("/dev/full").exists()


def test_a_folder_that_is_not_there_is_an_error_with_a_code(tmp_path: Path) -> None:
    """The place must exist."""
    with pytest.raises(UsageError) as caught, whole_file(tmp_path / "no" / "out.jsonl"):
        pass
    assert caught.value.code == "GP503"


def test_no_path_gives_no_file() -> None:
    """An output that was not asked for is not written."""
    with whole_file(None) as file:
        assert file is None


def test_a_link_leads_to_its_file_which_keeps_its_mode(tmp_path: Path) -> None:
    """What nobody else could read stays so, and a link stays one."""
    path, link = tmp_path / "out.jsonl", tmp_path / "link"
    path.write_text("old\n")
    path.chmod(0o600)
    link.symlink_to(path)
    write_whole(link, "new\n")
    assert (path.read_text(), path.stat().st_mode & 0o777) == ("new\n", 0o600)
    assert link.is_symlink()
