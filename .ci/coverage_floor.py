"""
Hold the coverage of a test run against the floors: whole rooms, and the package as a whole.

Run it after `coverage run -m pytest`. It combines the data and prints what misses a floor.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

FLOORS = Path(__file__).with_name("coverage.toml")


def measure() -> dict[str, dict[str, int]]:
    """Combine the data of all processes and return `file -> summary`, by path in the package."""
    coverage = [sys.executable, "-m", "coverage"]
    subprocess.run([*coverage, "combine", "--quiet"], check=True)
    subprocess.run([*coverage, "report"], check=True)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "coverage.json")
        subprocess.run([*coverage, "json", "--quiet", "-o", str(report)], check=True)
        files = json.loads(report.read_text())["files"]
    return {name.partition("guardedpersonalize/")[2]: row["summary"] for name, row in files.items()}


def percent(rows: list[dict[str, int]]) -> float:
    """Return the share of lines and branches that ran, in percent."""
    ran = sum(row["covered_lines"] + row["covered_branches"] for row in rows)
    total = sum(row["num_statements"] + row["num_branches"] for row in rows)
    return 100 * ran / total if total else 0.0


def main() -> int:
    """Print each floor and what was measured; return 1 if one is missed."""
    floors = tomllib.loads(FLOORS.read_text())
    files = measure()
    checks = [("the whole package", floors["whole"], list(files.values()))]
    for room in floors["complete"]:
        rows = [
            row
            for name, row in sorted(files.items())
            if name.startswith((f"{room}/", f"{room}.py"))
        ]
        checks.append((room, 100.0, rows))
    is_low = False
    for name, floor, rows in checks:
        measured = percent(rows)
        misses = not rows or measured < floor
        is_low = is_low or misses
        print(f"{'LOW ' if misses else 'ok  '} {name}: {measured:.2f} % (floor {floor} %)")
    return int(is_low)


if __name__ == "__main__":
    raise SystemExit(main())
