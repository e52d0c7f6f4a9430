"""Lets the tests of the testing room share their pack, and one reader."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from guardedpersonalize.check import Checker
from guardedpersonalize.testing.suite import Bench, Options

sys.path.insert(0, str(Path(__file__).parent))

from paper_shop import write_shop

OpenShop = Callable[..., Bench]


@pytest.fixture(scope="session")
def reader() -> Checker:
    """Return a reader whose rules are prepared once."""
    return Checker()


@pytest.fixture
def open_shop(tmp_path: Path, reader: Checker) -> OpenShop:
    """Return what opens the small pack, some of its files changed or left out."""

    def opened(changes: Mapping[str, str | None] | None = None, **options: object) -> Bench:
        root = write_shop(tmp_path / "paper-shop", changes)
        bench = Bench(root, Options(**options))  # type: ignore[arg-type]
        bench.engine.checker = reader
        return bench

    return opened
