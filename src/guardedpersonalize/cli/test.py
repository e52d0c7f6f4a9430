"""`test`: a pack's examples, the laws, and its approved snapshots, for people without pytest."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from guardedpersonalize.engine import Engine
from guardedpersonalize.errors import UsageError

if TYPE_CHECKING:
    import pytest

    from guardedpersonalize.testing.suite import Claim

__all__ = ["test"]

_PLUGIN: Final = "_guardedpersonalize_pytest"
_NOTHING_RAN: Final = 5  # of pytest
_ALONE: Final = "PYTEST_DISABLE_PLUGIN_AUTOLOAD"

Packs = Annotated[list[Path], typer.Argument(help="Folders of packs.", show_default=False)]
Laws = Annotated[
    list[str] | None,
    typer.Option("--law", help="Hold templates to this law only; may be given again."),
]
Only = Annotated[
    str,
    typer.Option(
        "--only",
        help="Only what has these words in its name or its template's.",
        show_default=False,
    ),
]
Seed = Annotated[int, typer.Option("--seed", help="Where chance begins.")]
Budget = Annotated[
    float | None,
    typer.Option(
        "--budget", help="Seconds for the laws of one template; 40 unless given.", min=0.1
    ),
]
Report = Annotated[
    Path | None, typer.Option("--junit", help="Write a JUnit report here.", show_default=False)
]
Accept = Annotated[
    bool,
    typer.Option("--accept", help="Approve what the templates say now, and show what changed."),
]


def test(
    packs: Packs,
    laws: Laws = None,
    only: Only = "",
    seed: Seed = 0,
    budget: Budget = None,
    junit: Report = None,
    accept: Accept = False,
) -> None:
    """Try a pack: its examples, the laws that every template is held to, and approved snapshots."""
    _must_be_installed()
    if accept:
        if laws or junit:
            remedy = "Leave --law and --junit out; --only picks templates."
            raise UsageError("GP501", "--accept tries nothing.", remedy=remedy)
        for root in packs:
            _accept(root, _Only(only))
        return
    from guardedpersonalize.testing.suite import Options  # noqa: PLC0415 - the extra is there

    options = Options(laws=tuple(laws or ()))
    for root in packs:
        _must_be_a_plain_path(root)
        Engine.from_pack(root)  # what is wrong with it is told at once, as everywhere
    arguments = [f"--pack-law={law}" for law in options.laws]
    arguments += [f"--pack-seed={seed}"]
    arguments += [f"--pack-budget={budget}"] if budget else []
    arguments += [f"--junit-xml={junit}"] if junit else []
    status = _run([*arguments, *(str(root.resolve()) for root in packs)], _Only(only))
    if status == _NOTHING_RAN:
        remedy = "Leave --only out, or use words of the claim, the template or the law."
        raise UsageError("GP501", "there is nothing of that name to try.", remedy=remedy)
    raise typer.Exit(1 if status else 0)


test.__test__ = False  # type: ignore[attr-defined]  # pytest takes it for a test otherwise


def _must_be_installed() -> None:
    missing = [name for name in ("pytest", "hypothesis") if not importlib.util.find_spec(name)]
    if missing:
        remedy = "Install guardedpersonalize[testing]."
        raise UsageError("GP501", f"testing a pack needs {missing[0]}.", remedy=remedy)


def _must_be_a_plain_path(root: Path) -> None:
    if any(mark in str(root.resolve()) for mark in ("::", "[")):
        remedy = "Rename the folder that has them."
        raise UsageError("GP501", "pytest opens no path with '::' or '[' in it.", remedy=remedy)


def _accept(root: Path, only: _Only) -> None:
    from guardedpersonalize.testing.snapshots import accept  # noqa: PLC0415

    changed = 0
    for file, difference in accept(Engine.from_pack(root), root, only.wants):
        changed += 1
        typer.echo(f"{root.as_posix()}/{file}\n{difference}\n")
    typer.echo(f"{root.as_posix()}: {changed or 'no'} snapshot{'s' * (changed != 1)} changed")


class _Only:
    """Leaves out what does not have some words in its name, in any case."""

    def __init__(self, words: str) -> None:
        self.words = words.casefold()

    def wants(self, name: str) -> bool:
        """Tell whether the words are in *name*."""
        return self.words in name.casefold()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep what is wanted."""
        items[:] = [item for item in items if self.wants(f"{item.name}\n{_template_of(item)}")]


def _template_of(item: pytest.Item) -> str:
    """Return the template that an item of our plugin is about: no claim has to name it."""
    claim: Claim | None = getattr(item, "claim", None)
    return claim.template if claim else ""


def _run(arguments: Sequence[str], only: _Only) -> int:
    """Run pytest with our plugin alone: no settings or plugins of the folder play a part."""
    import pytest  # noqa: PLC0415

    quiet = ["-q", "--no-header", "--tb=short", "-rN", "-p", "no:cacheprovider"]
    settings = ["-c", os.devnull, f"--rootdir={Path.cwd()}", "-p", _PLUGIN]
    with _plugins_off():
        return int(pytest.main([*settings, *quiet, *arguments], plugins=[only]))


@contextmanager
def _plugins_off() -> Iterator[None]:
    before = os.environ.get(_ALONE)
    os.environ[_ALONE] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_ALONE]
        else:
            os.environ[_ALONE] = before
