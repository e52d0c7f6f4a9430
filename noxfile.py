"""
What the workshop does: `nox` alone does all that CI does, `nox -s tests` one part of it.

Tests, rules, docs and benchmarks run against the built wheel, never against `src`: rules, tables
and styles are data files, and a wheel that lacks one must fail.
"""

from __future__ import annotations

import functools
from pathlib import Path

import nox

nox.needs_version = ">=2024.10.9"
nox.options.error_on_missing_interpreters = False
# The tests include the rules' examples and the docs; those two sessions run one part alone.
nox.options.sessions = ["lint", "types", "tests", "bench"]

PYPROJECT = nox.project.load_toml("pyproject.toml")
HASH_SEEDS = ("1", "4242")  # any two that differ


def group(name: str) -> list[str]:
    """Return the requirements of a dependency group; any pip can install them."""
    return list(nox.project.dependency_groups(PYPROJECT, name))


@functools.cache
def wheel() -> Path:
    """Return where the wheel of this run lies; every session installs the same one."""
    return Path("dist", "nox").absolute()


def install_wheel(session: nox.Session) -> None:
    """Build the wheel if this run has not yet, and install it with what the tests need."""
    if not getattr(install_wheel, "is_built", False):
        for old in wheel().glob("*.whl"):
            old.unlink()
        session.install("build")
        session.run("python", "-m", "build", "--wheel", "--outdir", str(wheel()), silent=True)
        install_wheel.is_built = True  # type: ignore[attr-defined]
    (built,) = wheel().glob("*.whl")
    session.install(f"{built}[test]")


@nox.session
def lint(session: nox.Session) -> None:
    """Style, layers and spelling."""
    session.install(*group("lint"))
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("lint-imports", "--no-cache", env={"PYTHONPATH": "src"})
    session.run("codespell")


@nox.session
def types(session: nox.Session) -> None:
    """Types, strictly."""
    session.install(*group("types"), ".[parquet,serve,testing]")
    session.run("mypy")


@nox.session
def tests(session: nox.Session) -> None:
    """All tests on the wheel, how much of it they reach, and the laws under two hash seeds."""
    install_wheel(session)
    session.run("coverage", "erase")
    session.run("coverage", "run", "-m", "pytest", "-n", "2", *session.posargs)
    if not session.posargs:
        session.run("python", ".ci/coverage_floor.py")
    for seed in HASH_SEEDS:
        laws = ("pytest", "-q", "-n", "2", "--hypothesis-profile=quick", "tests/laws")
        session.run(*laws, env={"PYTHONHASHSEED": seed})


@nox.session
def rules(session: nox.Session) -> None:
    """Every rule's own examples, read from the installed wheel."""
    install_wheel(session)
    session.run("pytest", "-n", "2", "tests/check", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Every fenced block of the README and the docs, run; every error code, described."""
    install_wheel(session)
    session.run("pytest", "tests/docs", *session.posargs)


@nox.session
def quality(session: nox.Session) -> None:
    """How often the check is right, against the figures that are kept."""
    install_wheel(session)
    session.run("python", "benchmarks/quality")


@nox.session
def bench(session: nox.Session) -> None:
    """The figures of the docs; each is a ratio or a time that is taken side by side."""
    install_wheel(session)
    for script in sorted(Path("benchmarks").glob("*.py")):
        session.run("python", str(script))
