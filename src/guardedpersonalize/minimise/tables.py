"""The data files of this package, read once."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import Any

__all__ = ["table"]


@functools.cache
def table(name: str) -> dict[str, Any]:
    """Return the data file *name*`.toml` of this package. Callers must not change it."""
    with Path(__file__).with_name(f"{name}.toml").open("rb") as file:
        return tomllib.load(file)
