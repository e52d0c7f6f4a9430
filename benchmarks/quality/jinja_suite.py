"""
Run Jinja's own tests three times: as they are, on its immutable sandbox, and on ours.

    python benchmarks/quality/jinja_suite.py [--sdist DIR]

Ours must pass every test that the immutable sandbox passes, and each text that such a test renders
must be the same, byte for byte. Exit status 0 if so, else 1. Without `--sdist` the source
distribution of the installed Jinja is downloaded with pip; it is not part of this project.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from collections import defaultdict
from importlib.metadata import version
from pathlib import Path

MODES = ("stock", "immutable", "traced")

PLUGIN = """
import json, os
from pathlib import Path
import jinja2, jinja2.environment, jinja2.sandbox

mode, log = os.environ["SUITE_MODE"], open(os.environ["SUITE_LOG"], "w", encoding="utf-8")
test = ""

if mode != "stock":
    if mode == "immutable":
        used = jinja2.sandbox.ImmutableSandboxedEnvironment
    else:
        from guardedpersonalize.render.environment import TracedSandbox as used
    jinja2.Environment = jinja2.environment.Environment = used
    jinja2.sandbox.SandboxedEnvironment = jinja2.sandbox.ImmutableSandboxedEnvironment = used
    jinja2.Template.environment_class = used


def write(**row):
    log.write(json.dumps(row) + "\\n")
    log.flush()


def logged(function):
    def render(self, *args, **kwargs):
        text = function(self, *args, **kwargs)
        write(test=test, text=repr(text))
        return text
    return render


for kind in {jinja2.Template, jinja2.environment.Environment.template_class}:
    if "render" in vars(kind):
        kind.render = logged(kind.render)


def pytest_runtest_setup(item):
    global test
    test = item.nodeid


def pytest_runtest_logreport(report):
    if report.when == "call" or report.failed:
        write(test=report.nodeid, outcome=report.outcome)
"""


def main() -> int:
    """Print the counts; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sdist", type=Path, help="an unpacked source distribution of Jinja")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        sdist = options.sdist or download(room)
        extra = extra_packages(room)
        runs = {mode: run(mode, sdist, room, extra) for mode in MODES}
    return compare(runs)


def download(room: Path) -> Path:
    """Download and unpack the sdist of the installed Jinja; return its folder."""
    wanted = f"jinja2=={version('jinja2')}"
    command = ["download", "--no-deps", "--no-binary", "jinja2", "--dest", str(room), wanted]
    subprocess.run([sys.executable, "-m", "pip", "--quiet", *command], check=True)
    (archive,) = room.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(room, filter="data")
    return archive.with_name(archive.name.removesuffix(".tar.gz"))


def extra_packages(room: Path) -> str:
    """Return a folder that holds trio, which Jinja's tests import; empty if it is installed."""
    if importlib.util.find_spec("trio"):
        return ""
    target = room / "extra"
    command = ["install", "--target", str(target), "trio"]
    subprocess.run([sys.executable, "-m", "pip", "--quiet", *command], check=True)
    return str(target)


def run(mode: str, sdist: Path, room: Path, extra: str) -> dict[str, tuple[str, list[str]]]:
    """Run the suite once; return test -> (outcome, texts rendered)."""
    (room / "suite_plugin.py").write_text(PLUGIN, encoding="utf-8")
    log = room / f"{mode}.jsonl"
    paths = [str(room), extra, os.environ.get("PYTHONPATH", "")]
    environment = os.environ | {
        "SUITE_MODE": mode,
        "SUITE_LOG": str(log),
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        "PYTHONHASHSEED": "0",
    }
    command = ["-p", "suite_plugin", "-p", "no:randomly", "-p", "no:cacheprovider", "-q", "tests"]
    subprocess.run(
        [sys.executable, "-m", "pytest", *command],
        cwd=sdist,
        env=environment,
        check=False,
        capture_output=True,
    )
    outcomes: dict[str, str] = {}
    texts: dict[str, list[str]] = defaultdict(list)
    for line in log.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if "text" in row:
            texts[row["test"]].append(row["text"])
        elif outcomes.get(row["test"]) != "failed":
            outcomes[row["test"]] = row["outcome"]
    return {test: (outcome, texts[test]) for test, outcome in outcomes.items()}


def compare(runs: dict[str, dict[str, tuple[str, list[str]]]]) -> int:
    """Print what the runs have in common; return 0 if ours falls short nowhere."""
    for mode in MODES:
        passed = sum(outcome == "passed" for outcome, _ in runs[mode].values())
        print(f"{mode:10} {passed:4} of {len(runs[mode])} passed")
    due = {test: row for test, row in runs["immutable"].items() if row[0] == "passed"}
    failed = sorted(test for test in due if runs["traced"].get(test, ("", []))[0] != "passed")
    changing = {test for test in due if runs["stock"].get(test) != due[test]}
    differing = sorted(
        test
        for test, row in due.items()
        if test not in failed and test not in changing and runs["traced"][test] != row
    )
    rendered = sum(len(texts) for _, texts in due.values())
    print(f"texts rendered by the tests that must pass: {rendered}")
    print(f"tests whose text differs between two stock runs already: {len(changing)}")
    print(f"ours fails where the immutable sandbox passes: {len(failed)}")
    print(f"ours renders another text: {len(differing)}")
    for test in [*failed, *differing]:
        print(f"  {test}")
    return int(bool(failed or differing or not due))


if __name__ == "__main__":
    sys.exit(main())
