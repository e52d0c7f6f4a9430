"""Hypothesis is wanted where it is used, and nowhere else."""

from __future__ import annotations

import subprocess
import sys

WITHOUT = "import sys; sys.modules['hypothesis'] = None\n"


def run(code: str) -> subprocess.CompletedProcess[str]:
    """Run *code* in a process of its own."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_packs_and_laws_need_no_hypothesis() -> None:
    """A pack author may hold the laws with whatever runs the tests."""
    code = "from guardedpersonalize.testing import laws, make_pack; print(make_pack([], {}).name)"
    done = run(WITHOUT + code)
    assert (done.returncode, done.stdout.strip()) == (0, "made-in-memory")


def test_a_law_that_searches_says_what_to_install() -> None:
    """A coded error, before anything is tried."""
    law = "from guardedpersonalize.testing.pack_laws import LAWS; LAWS['containment'](None)"
    assert "[GP501] the law containment needs Hypothesis. Install" in run(WITHOUT + law).stderr


def test_strategies_say_what_to_install() -> None:
    """A coded error, not an ImportError from somewhere below."""
    done = run(WITHOUT + "import guardedpersonalize.testing.strategies")
    assert done.returncode == 1
    assert "[GP501] the strategies need Hypothesis" in done.stderr
    assert "guardedpersonalize[testing]" in done.stderr


def test_the_package_does_not_load_its_testing_room() -> None:
    """Programs that send messages load none of it."""
    code = (
        "import guardedpersonalize.engine, sys; print('guardedpersonalize.testing' in sys.modules)"
    )
    assert run(code).stdout.strip() == "False"
