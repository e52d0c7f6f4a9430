"""
What reading costs: milliseconds by length, loading, memory, and texts a second.

    python benchmarks/reader_cost.py

Rules, model and both are timed in turn on the same texts, in one run; each text is new, so that
nothing comes from the reader's memory of windows.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from guardedpersonalize.check import CheckContext, Checker
from guardedpersonalize.check.pii import PatternDetector
from guardedpersonalize.check.reader import Reader, ReaderModel
from guardedpersonalize.render.draft import Draft, PartKind
from guardedpersonalize.vocabulary import Channel

LINES = Path(__file__).parents[1] / "training" / "data" / "phrases_pairs_email.jsonl"
LENGTHS = (100, 500, 2000)
ROUNDS = 40
TEXTS = 10_000
LOAD = """
import time

def resident():  # the peak of a fresh process is that of the one that started it
    return int(next(line for line in open("/proc/self/status") if "VmRSS" in line).split()[1])

before = resident()
start = time.perf_counter()
from guardedpersonalize.check.reader import ReaderModel
imported = time.perf_counter()
ReaderModel()
print(imported - start, time.perf_counter() - imported, (resident() - before) / 1024)
"""


def texts_of(length: int, count: int, lines: Sequence[str]) -> list[str]:
    """Return *count* texts of about *length* characters, none of them twice."""
    found, at = [], 0
    for number in range(count):
        text = f"No. {number}."
        while len(text) < length:
            text = f"{text} {lines[at % len(lines)]}"
            at += 1
        found.append(text[:length])
    return found


def seconds(read: Callable[[str], object], texts: Sequence[str]) -> float:
    """Return the median time of one text."""
    times = []
    for text in texts:
        start = time.perf_counter()
        read(text)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    """Print the tables."""
    rows = [json.loads(line) for line in LINES.read_text(encoding="utf-8").splitlines()]
    lines = [row["text"] for row in rows if not row["intrusive"]]
    context = CheckContext(channel=Channel.EMAIL)
    checkers = {
        "rules and patterns": Checker(shipped=[PatternDetector()]),
        "all": Checker(),
    }
    model = Reader(ReaderModel())
    readers: dict[str, Callable[[str], object]] = {
        name: lambda text, checker=checker: checker.check(  # type: ignore[misc]
            Draft.of_text([("text", PartKind.TEXT, text)], channel=Channel.EMAIL), context
        )
        for name, checker in checkers.items()
    }
    readers["model"] = lambda text: model.detect(text, lang="en", regions=())
    for read in readers.values():
        read("Warm up. 020 7946 0999 ada@example.org")
    print(
        f"{'milliseconds for':20}" + "".join(f"{length:>8}" for length in LENGTHS) + "  characters"
    )
    for name, read in readers.items():
        times = [1000 * seconds(read, texts_of(length, ROUNDS, lines)) for length in LENGTHS]
        print(f"{name:20}" + "".join(f"{one:8.1f}" for one in times))
    told = subprocess.run(  # our own code
        [sys.executable, "-c", LOAD], check=True, capture_output=True, text=True
    ).stdout.split()
    importing, loading, taken = map(float, told)
    print(f"the model loads in {loading:.2f} s after {importing:.2f} s of imports; {taken:.0f} MiB")
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder, "texts.jsonl")
        texts = texts_of(120, TEXTS, [row["text"] for row in rows])
        given.write_text(
            "".join(json.dumps({"id": str(n), "text": t}) + "\n" for n, t in enumerate(texts)),
            encoding="utf-8",
        )
        start = time.perf_counter()
        command = [sys.executable, "-m", "guardedpersonalize", "check", "--format", "jsonl"]
        subprocess.run(  # our own code
            [*command, "--input", str(given)], check=False, stdout=subprocess.DEVNULL
        )
        spent = time.perf_counter() - start
        print(f"`check` of {TEXTS:,} texts of 120 characters: {TEXTS / spent:.0f} a second")


if __name__ == "__main__":
    main()
