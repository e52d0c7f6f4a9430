"""What the tests of the vocabulary share."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def fideslang() -> dict[str, dict[str, str]]:
    """Every key and name of the fideslang taxonomy, by kind."""
    path = Path(__file__).with_name("fideslang-3.1.4.toml")
    return tomllib.loads(path.read_text("utf-8"))
