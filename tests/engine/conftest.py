"""Lets the tests of this folder share their small pack."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from small_pack import make_engine

__all__ = ["make_engine"]
