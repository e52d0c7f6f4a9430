"""What is installed: every data file, and no more imports than are needed."""

import json
import re
import runpy
import subprocess
import sys
import tomllib
from importlib import resources
from pathlib import Path

import pytest

import guardedpersonalize

ROOT = Path(__file__).parents[1]
PACK = ROOT / "examples" / "packs" / "garden-club"
SOURCE = ROOT / "src" / "guardedpersonalize"
# What takes longer to import than all the rest, or is for one command alone.
HEAVY = set(runpy.run_path(str(ROOT / "benchmarks" / "import_time.py"))["HEAVY"])
DATA = [
    path.relative_to(SOURCE).as_posix()
    for path in sorted(SOURCE.rglob("*"))
    if path.is_file()
    and path.suffix not in {".py", ".pyc"}
    and not any(part.startswith(".") for part in path.relative_to(SOURCE).parts)
]


def loaded_by(code: str) -> set[str]:
    """Return which of HEAVY a fresh process has loaded after *code*."""
    report = f"import json, sys; print(json.dumps(sorted({HEAVY} & set(sys.modules))))"
    command = [sys.executable, "-c", f"{code}\n{report}"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return set(json.loads(done.stdout))


@pytest.mark.parametrize(
    "code",
    [
        "import guardedpersonalize",
        "import guardedpersonalize.cli",
        "from guardedpersonalize import *",
    ],
)
def test_importing_it_loads_nothing_heavy(code: str) -> None:
    """A program that only imports the package does not wait for the language tools."""
    assert loaded_by(code) == set()


def test_loading_a_pack_loads_nothing_heavy() -> None:
    """What decides on consent and renders needs no language tools; reading a text does."""
    code = f"import guardedpersonalize; guardedpersonalize.load_pack({str(PACK)!r})"
    assert loaded_by(code) == set()


@pytest.mark.parametrize("name", DATA)
def test_every_data_file_is_installed(name: str) -> None:
    """Tables, rules and styles are in the installed package, byte for byte."""
    installed = resources.files(guardedpersonalize).joinpath(name)
    assert installed.read_bytes() == (SOURCE / name).read_bytes()


def test_the_list_of_data_files_is_not_empty() -> None:
    """The test above has something to look at: the tables, and a rule at least."""
    assert {"py.typed", "consent/law.toml"} <= set(DATA)
    assert any(name.startswith("rules/") for name in DATA)


def test_the_version_has_its_place_in_the_changelog() -> None:
    """The newest heading is this version, or what is not released yet."""
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.findall(r"(?m)^## \[(.+?)\]", changelog)[0]
    assert newest in {"Unreleased", guardedpersonalize.__version__}


def test_every_dependency_has_its_reason() -> None:
    """The page on dependencies has a heading for each, in order, and for no other."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [re.match(r"[\w-]+", line)[0] for line in project["dependencies"]]  # type: ignore[index]
    page = (ROOT / "docs" / "explanation" / "dependencies.md").read_text(encoding="utf-8")
    needed = page.partition("\n## Needed\n")[2].partition("\n## ")[0]
    assert re.findall(r"(?m)^### (\S+)", needed) == wanted
