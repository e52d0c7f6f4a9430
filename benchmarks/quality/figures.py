"""Figures that are kept beside the script that prints them: stored, and checked for a fall."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

Figures = Mapping[str, Any]
"""Figures by name, or by the names of rows and tables; of each, more is better."""


def add_options(parser: ArgumentParser) -> None:
    """Give *parser* the options that `settle` reads."""
    parser.add_argument("--store", action="store_true", help="keep the figures beside the script")
    parser.add_argument("--check", action="store_true", help="fail if the figures got worse")


def settle(options: Namespace, path: Path, now: Mapping[str, Figures], tolerance: float) -> int:
    """
    Store the figures, or hold them against those that are stored; return the exit code.

    Args:
        options: As parsed.
        path: The JSON file that keeps them.
        now: The tables that were made in this run; others in the file are left as they are.
        tolerance: How far a figure may fall.
    """
    stored = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if options.store:
        kept = json.dumps({**stored, **now}, indent=2, sort_keys=True)
        path.write_text(kept + "\n", encoding="utf-8")
    if not options.check:
        return 0
    failures = [f"{name}: no stored figures" for name in now if name not in stored]
    found = dict(_flat(now))
    for name, was in _flat({name: stored[name] for name in now if name in stored}):
        if name not in found:
            failures.append(f"{name}: {was:.4f} -> gone")
        elif found[name] < was - tolerance:
            failures.append(f"{name}: {was:.4f} -> {found[name]:.4f}")
    for failure in failures:
        print("worse:", failure)
    return int(bool(failures))


def _flat(figures: Figures, before: str = "") -> Iterator[tuple[str, float]]:
    for name, value in figures.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name} / ")
        else:
            yield before + name, value
