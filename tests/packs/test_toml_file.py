"""TOML files read strictly, with lines."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from guardedpersonalize.errors import Problem
from guardedpersonalize.packs.toml_file import TomlFile, read_toml


class Inner(BaseModel):
    """A table inside the file."""

    model_config = ConfigDict(extra="forbid")
    count: int


class Outer(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid")
    name: str
    inner: dict[str, Inner] = {}
    listed: tuple[Inner, ...] = ()


def problems_of(tmp_path: Path, source: str) -> list[Problem]:
    path = tmp_path / "file.toml"
    path.write_text(source, encoding="utf-8")
    problems: list[Problem] = []
    if (file := read_toml(path, "file.toml", problems)) is not None:
        file.read(Outer, problems)
    return problems


@pytest.mark.parametrize(
    ("source", "line", "code"),
    [
        ('name = "a"\nnmae = 1\n', 2, "GP102"),
        ("\n[inner.a]\ncount = 1\n", 1, "GP103"),
        ('name = "a"\n[inner.a]\n# note\ncount = "x"\n', 4, "GP104"),
        ('name = "a"\n[[listed]]\ncount = 1\n[[listed]]\ncount = "x"\n', 5, "GP104"),
        ('name = "a"\n[inner."a b"]\ncout = 2\ncount = 1\n', 3, "GP102"),
        ('name = "a"\ninner.a.count = "x"\n', 2, "GP104"),
        ('name = "a"\n[inner.a\n', 2, "GP101"),
        ('name = "a"\nname = "b"\n', 2, "GP101"),
    ],
)
def test_a_problem_stands_at_its_line(tmp_path: Path, source: str, line: int, code: str) -> None:
    """Syntax errors, unknown, missing and misfitting keys each name code and line."""
    assert [(p.line, p.code) for p in problems_of(tmp_path, source)] == [(line, code)]


def test_an_unknown_key_offers_the_nearest_known_one(tmp_path: Path) -> None:
    """A slip of the finger is answered with the key that was meant."""
    (problem,) = problems_of(tmp_path, 'name = "a"\n[inner.a]\ncount = 1\ncoutn = 1\n')
    assert problem.remedy == "Did you mean 'count'?"


def test_an_unknown_key_like_no_other_lists_the_known_ones(tmp_path: Path) -> None:
    """Where nothing is near, all keys are named."""
    (problem,) = problems_of(tmp_path, 'name = "a"\nzzz = 1\n')
    assert problem.remedy == "Known: inner, listed, name."


def test_no_problem_quotes_a_value(tmp_path: Path) -> None:
    """A file may be a persona's, so values stay out of messages."""
    source = 'name = "a"\n[inner.a]\ncount = "canary-7431"\nx = "canary-7431"\n'
    assert "canary" not in "".join(map(str, problems_of(tmp_path, source)))


@pytest.mark.parametrize("source", ['a = "canary', "canary\n", 'a = "c" canary', "a = canary"])
def test_no_syntax_error_quotes_the_file(tmp_path: Path, source: str) -> None:
    """What the parser quotes is left out."""
    assert "canary" not in "".join(map(str, problems_of(tmp_path, source)))


def test_all_problems_of_a_file_come_at_once(tmp_path: Path) -> None:
    """The second mistake does not wait for the first to be mended."""
    source = 'nmae = "a"\n[inner.a]\ncount = "x"\n'
    assert [p.code for p in problems_of(tmp_path, source)] == ["GP103", "GP104", "GP102"]


def test_a_file_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    """The operating system's reason is passed on."""
    problems: list[Problem] = []
    assert read_toml(tmp_path / "no.toml", "no.toml", problems) is None
    assert problems[0].code == "GP101"


def test_a_file_that_is_not_utf_8_is_a_problem(tmp_path: Path) -> None:
    """Other encodings are refused, not guessed."""
    path = tmp_path / "file.toml"
    path.write_bytes(b'name = "caf\xe9"')
    problems: list[Problem] = []
    assert read_toml(path, "file.toml", problems) is None
    assert "UTF-8" in problems[0].message


def test_tables_below_a_key_are_named_and_strangers_beside_it_are_problems() -> None:
    """Only the asked table may stand at the top."""
    file = TomlFile("f.toml", "[fields.a]\n[feilds.b]\n", {"fields": {"a": {}}, "feilds": {}})
    problems: list[Problem] = []
    assert file.tables(problems, "fields") == ("a",)
    assert [(p.code, p.remedy) for p in problems] == [("GP102", "Did you mean 'fields'?")]


def test_a_missing_table_is_a_problem() -> None:
    """A file without its table has no rows, and says so."""
    problems: list[Problem] = []
    assert TomlFile("f.toml", "", {}).tables(problems, "fields") == ()
    assert problems[0].code == "GP103"
