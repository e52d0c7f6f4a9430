"""The room as a whole: what it exports, and what importing it costs."""

from __future__ import annotations

import subprocess
import sys

from guardedpersonalize import vocabulary


def test_exports_are_sorted_and_real() -> None:
    """`__all__` names what is there, constants first, then classes, then functions."""

    def order(name: str) -> tuple[int, str]:
        return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)

    assert vocabulary.__all__ == sorted(vocabulary.__all__, key=order)
    assert all(hasattr(vocabulary, name) for name in vocabulary.__all__)
    assert set(vocabulary.terms.__all__) <= set(vocabulary.__all__)


def test_importing_it_reads_no_table() -> None:
    """The enums are cheap; the tables are read when first asked for."""
    code = (
        "import sys; before = set(sys.modules);"
        "import guardedpersonalize.vocabulary as v;"
        "after = set(sys.modules) - before;"
        "heavy = {'tomllib', 'difflib', 'pydantic', 'importlib.resources'} & after;"
        "assert not heavy, heavy;"
        "assert v.category('user.name.first').level == 'exact'"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)  # our code
