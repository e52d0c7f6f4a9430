"""Hypothesis profiles, chosen with `--hypothesis-profile=thorough`; recipients for all tests."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

# No deadline: CI shares its cores, and a slow example is no wrong one.
settings.register_profile("default", deadline=None, max_examples=40)
settings.register_profile("quick", deadline=None, max_examples=10)
settings.register_profile("thorough", deadline=None, max_examples=2_000)
settings.load_profile("default")

MAKER = Path(__file__).parents[1] / "examples" / "make_recipients.py"


@pytest.fixture(scope="session")
def made_recipients(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """Return a function that writes a file of so many invented recipients."""

    def make(count: int) -> Path:
        path = tmp_path_factory.mktemp("rows") / "r.jsonl"
        command = [sys.executable, str(MAKER), "--count", str(count)]
        path.write_bytes(subprocess.run(command, check=True, capture_output=True).stdout)
        return path

    return make
