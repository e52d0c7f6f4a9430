"""The pages on how to work here name what is there."""

import os
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDE = (ROOT / "docs" / "contributing.md").read_text(encoding="utf-8")
NOXFILE = (ROOT / "noxfile.py").read_text(encoding="utf-8")


def test_ci_runs_the_test_command_of_the_readme() -> None:
    """The README has one test command, and CI takes it from there."""
    script = ROOT / ".ci" / "run"
    (pattern,) = re.findall(r"grep --max-count=1 '(.+)' README\.md", script.read_text())
    assert len(re.findall(f"(?m){pattern}", README)) == 1
    assert os.access(script, os.X_OK)


def test_the_guide_names_the_sessions_that_there_are() -> None:
    """Each session of the noxfile has its row in the guide, and no other has."""
    sessions = re.findall(r"(?m)^@nox\.session\ndef (\w+)", NOXFILE)
    assert sorted(re.findall(r"(?m)^\| `nox -s (\w+)`", GUIDE)) == sorted(sessions)


def test_the_index_leads_to_every_page() -> None:
    """No page of the docs can only be found by searching."""
    docs = ROOT / "docs"
    index = (docs / "index.md").read_text(encoding="utf-8")
    pages = {path.relative_to(docs).as_posix() for path in docs.rglob("*.md")} - {"index.md"}
    assert set(re.findall(r"\]\(([^)#:]+\.md)", index)) == pages


def test_nothing_is_left_to_do() -> None:
    """No file of the package, the tests or the docs holds a note that something is unfinished."""
    note = re.compile(r"(#|<!--|\{#|^)\s*(TODO|FIXME|XXX|TO WRITE)\b", re.MULTILINE)
    files = [
        path
        for folder in ("src", "tests", "docs", "examples", "benchmarks")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in {".py", ".md", ".toml", ".j2"} and path != Path(__file__)
    ]
    found = [str(p.relative_to(ROOT)) for p in files if note.search(p.read_text(encoding="utf-8"))]
    assert found == []
