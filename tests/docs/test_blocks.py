"""
The README and the docs, run: what a page shows is what happens.

`python`   is executed; the blocks of a page share their names, as one session would.
`output`   is what the Python block above it printed.
`console`  lines after `$ ` are run in a shell, and print what stands below them.
`toml`, `jinja`, `json`   are read; one whose first line is a comment `file: <path>` is written
           there, for the blocks after it to use.
`bash`     is for a person to type (it installs things), `text` is a picture or a shape.

In what is printed, `...` stands for anything.
"""

import contextlib
import doctest
import io
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from sybil import Example, Sybil
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.markdown import CodeBlockParser

from guardedpersonalize.render.environment import TracedSandbox

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FILE = re.compile(r"\A(?:# |\{# ?)file: (\S+)(?: ?#\})?\n")
# A command, with the lines that a backslash or a here-document adds to it, and what it prints.
STEP = re.compile(
    r"(?ms)^\$ ((?:[^\n]*\\\n)*[^\n]*<<END\n.*?^END$|(?:[^\n]*\\\n)*[^\n]*)\n?(.*?)(?=^\$ |\Z)"
)
COMMAND = "import sys; from guardedpersonalize.cli import main; sys.exit(main())"

run_python = PythonEvaluator()


def differs(shown: str, printed: str) -> str | None:
    """Return both texts if they differ, else None."""
    lines = [
        "\n".join(line.rstrip() for line in text.strip().splitlines()) + "\n"
        for text in (shown, printed)
    ]
    if doctest.OutputChecker().check_output(*lines, doctest.ELLIPSIS):
        return None
    return f"shown:\n{lines[0]}\nprinted:\n{lines[1]}"


def python(example: Example) -> None:
    """Execute a block and keep what it prints."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        run_python(example)
    example.namespace["__printed__"] = printed.getvalue()


def output(example: Example) -> str | None:
    """Compare a block with what the Python block above it printed."""
    return differs(example.parsed, example.namespace["__printed__"])


def console(example: Example) -> str | None:
    """Run the commands of a block, one after another, and compare what they print."""
    for command, shown in STEP.findall(example.parsed):
        done = subprocess.run(  # noqa: S602  # the docs' own commands
            command,
            shell=True,
            check=False,
            text=True,
            encoding="utf-8",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        if done.returncode and not shown.strip():
            return f"{command}: status {done.returncode}\n{done.stdout}"
        if difference := differs(shown, done.stdout):
            return f"{command}\n{difference}"
    return None


def keep(example: Example) -> str:
    """Write a block that names its file, and return what the file holds."""
    found = FILE.match(example.parsed)
    if found is None:
        return str(example.parsed)
    source = example.parsed[found.end() :]
    path = Path(found[1])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source, encoding="utf-8")
    return source


def toml(example: Example) -> None:
    """Read a TOML block."""
    tomllib.loads(keep(example))


def json_lines(example: Example) -> None:
    """Read a JSON block, a value a line or one over many lines."""
    source = keep(example)
    try:
        json.loads(source)
    except ValueError:
        for line in source.splitlines():
            json.loads(line)


def jinja(example: Example) -> None:
    """Compile a template in the sandbox."""
    TracedSandbox().compile(keep(example))


RUN = {
    "python": python,
    "output": output,
    "console": console,
    "toml": toml,
    "json": json_lines,
    "jinja": jinja,
}
SHOWN = {"bash", "text"}
PARSER = Sybil([CodeBlockParser(language, evaluator) for language, evaluator in RUN.items()])


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder to work in, as a reader's clone: the examples, and the command on the path."""
    (tmp_path / "examples").symlink_to(ROOT / "examples", target_is_directory=True)
    command = tmp_path / "bin" / "guardedpersonalize"
    command.parent.mkdir()
    command.write_text(f"#!{sys.executable}\n{COMMAND}\n")
    command.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", os.pathsep.join([str(command.parent), os.environ["PATH"]]))
    for name, value in {
        "COLUMNS": "100",
        "NO_COLOR": "1",
        "TERM": "dumb",
        "LANG": "C.UTF-8",
    }.items():
        monkeypatch.setenv(name, value)
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_block_of_a_page_runs(page: Path, desk: Path) -> None:
    """Each block does what the page says, in the order of the page."""
    for example in PARSER.parse(page).examples():
        example.evaluate()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_block_has_a_language_that_is_run_or_shown(page: Path) -> None:
    """A block in a language that nobody runs would rot."""
    fences = re.findall(r"(?m)^ *```(.*)$", page.read_text(encoding="utf-8"))
    assert set(fences[::2]) <= set(RUN) | SHOWN
    assert set(fences[1::2]) <= {""}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    """A relative link names a file that is there."""
    text = re.sub(r"(?s)```.*?```", "", page.read_text(encoding="utf-8"))
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)
    missing = [t for t in targets if "://" not in t and not (page.parent / t).exists()]
    assert missing == []
