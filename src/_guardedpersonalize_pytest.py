"""
The pytest plugin: `pytest packs/` tries a pack's examples, the laws, and its approved snapshots.

It imports nothing of the library until a pack is collected or a fixture is asked for: a plugin is
loaded in every run of pytest, and before coverage is measured.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from datetime import datetime

    from guardedpersonalize.engine import Engine, Result
    from guardedpersonalize.packs import Pack, Persona
    from guardedpersonalize.testing.suite import Bench, Claim, Options

_BENCHES = pytest.StashKey[dict[Path, "Bench"]]()
_UNREADABLE = pytest.StashKey[set[Path]]()
_REMARK = "remark"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options; what is not given has the default of `testing.suite.Options`."""
    group = parser.getgroup("guardedpersonalize", "packs of guardedpersonalize")
    group.addoption(
        "--pack-law",
        action="append",
        default=[],
        metavar="NAME",
        help="hold templates to this law only; may be given again",
    )
    group.addoption(
        "--no-pack-laws", action="store_true", help="try examples and snapshots, and no laws"
    )
    group.addoption("--pack-seed", type=int, metavar="N", help="where chance begins (default: 0)")
    group.addoption(
        "--pack-budget",
        type=float,
        metavar="SECONDS",
        help="time for the laws of one template (default: 40)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Declare the markers, and refuse wrong options before anything is collected."""
    if _given(config):
        _options(config)
    config.stash[_BENCHES] = {}
    config.stash[_UNREADABLE] = set()
    for line in (
        "pack(folder): the pack that the fixtures are about; else the one around the test",
        "pack_example(template): an example of a pack",
        "pack_law(name, template): a law that a template of a pack is held to",
        "pack_snapshot(template): what was approved of a template",
    ):
        config.addinivalue_line("markers", line)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect `pack.toml`, for the laws, and each `examples/*.toml` beside one."""
    if file_path.name == "pack.toml":
        return _PackFile.from_parent(parent, path=file_path)
    root = file_path.parent.parent
    is_example = file_path.suffix == ".toml" and file_path.parent.name == "examples"
    if is_example and (root / "pack.toml").exists():
        return _ExampleFile.from_parent(parent, path=file_path)
    return None


def _given(config: pytest.Config) -> dict[str, Any]:
    """Return the options that were given, under their names in `Options`."""
    options = {
        "laws": tuple(config.getoption("--pack-law")) or None,
        "seed": config.getoption("--pack-seed"),
        "budget_s": config.getoption("--pack-budget"),
    }
    return {name: value for name, value in options.items() if value is not None}


def _options(config: pytest.Config) -> Options:
    from guardedpersonalize.errors import UsageError
    from guardedpersonalize.testing.suite import Options

    try:
        return Options(**_given(config))
    except UsageError as err:
        raise pytest.UsageError(str(err)) from None


def _bench(config: pytest.Config, root: Path) -> Bench:
    """Return the bench of the pack in *root*, one for the whole run."""
    from guardedpersonalize.testing.suite import Bench

    known = config.stash[_BENCHES]
    if root not in known:
        known[root] = Bench(root, _options(config))
    return known[root]


def _can_be_read(config: pytest.Config, root: Path) -> bool:
    """Tell whether the pack in *root* loads; what is wrong with it is told once, at `pack.toml`."""
    from guardedpersonalize.errors import PackError

    unreadable = config.stash[_UNREADABLE]
    if root not in unreadable:
        try:
            _bench(config, root)
        except PackError:
            unreadable.add(root)
    return root not in unreadable


class _Collector(pytest.File):
    """A file of a pack."""

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:  # noqa: ANN401, ARG002
        """Show what is wrong with a pack as `lint` does, without a traceback."""
        return _shown(excinfo) or super().repr_failure(excinfo)

    @property
    def root(self) -> Path:
        """The pack's folder."""
        return self.path.parent

    def item(self, claim: Claim, marker: pytest.MarkDecorator) -> _Item:
        """Return *claim* as an item; "::" would part its name."""
        name = claim.name.replace("::", ":")
        made = _Item.from_parent(self, name=name, claim=claim, root=self.root)
        made.add_marker(marker)
        return made


class _ExampleFile(_Collector):
    @property
    def root(self) -> Path:
        return self.path.parent.parent

    def collect(self) -> Iterator[_Item]:
        if not _can_be_read(self.config, self.root):
            message = f"the pack cannot be read: `guardedpersonalize lint {self.root}` says why"
            raise self.CollectError(message)
        claim = _bench(self.config, self.root).example(self.path.stem)
        yield self.item(claim, pytest.mark.pack_example(template=claim.template))


class _PackFile(_Collector):
    def collect(self) -> Iterator[_Item]:
        bench = _bench(self.config, self.root)
        for claim in bench.snapshots():
            yield self.item(claim, pytest.mark.pack_snapshot(template=claim.template))
        if not self.config.getoption("--no-pack-laws"):
            for claim in bench.laws():
                mark = pytest.mark.pack_law(name=claim.law, template=claim.template)
                yield self.item(claim, mark)


class _Item(pytest.Item):
    """One claim about a pack."""

    def __init__(self, *, claim: Claim, root: Path, **options: Any) -> None:  # noqa: ANN401 - pytest's
        super().__init__(**options)
        self.claim = claim
        self.pack_root = root

    def runtest(self) -> None:
        self.user_properties += [(_REMARK, remark) for remark in self.claim.run()]

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:  # noqa: ANN401, ARG002
        return _shown(excinfo) or super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Head a failure with the pack, the file and the claim."""
        root = self.pack_root
        return self.path, None, f"{root.name}/{self.path.relative_to(root).as_posix()}: {self.name}"


def _shown(excinfo: pytest.ExceptionInfo[BaseException]) -> str:
    """Return the text of an error that was written for people, or ""."""
    from guardedpersonalize.errors import GuardError

    is_ours = isinstance(excinfo.value, AssertionError | GuardError)
    return str(excinfo.value) if is_ours else ""


def pytest_terminal_summary(terminalreporter: Any) -> None:  # noqa: ANN401 - private to pytest
    """List which branches of templates were reached, and what there was no time for."""
    reports = [each for kind in ("passed", "failed") for each in terminalreporter.getreports(kind)]
    lines = [
        (*report.location[2].split(": ", 2), value)
        for report in reports
        if "pack.toml::" in report.nodeid
        for name, value in report.user_properties
        if name == _REMARK and value.startswith(("branches:", "cut short:"))
    ]
    if lines:
        terminalreporter.section("packs")
        are_several = len({pack for pack, *_ in lines}) > 1
        for pack, template, law, value in lines:
            place = f"{pack.rpartition('/')[0]}: {template}" if are_several else template
            law_of = "" if value.startswith(law) else f"{law}: "
            terminalreporter.line(f"{place}: {law_of}{value}")


@pytest.fixture
def _pack_bench(request: pytest.FixtureRequest) -> Bench:
    marker = request.node.get_closest_marker("pack")
    start = request.path.parent
    places = [start / marker.args[0]] if marker else [start, *start.parents]
    for place in places:
        if (place / "pack.toml").exists():
            return _bench(request.config, place.resolve())
    message = "no pack.toml around this test; name its folder with @pytest.mark.pack(folder)"
    raise pytest.UsageError(message)


@pytest.fixture
def engine(_pack_bench: Bench) -> Engine:
    """The engine of the pack; its clock is the one that `freeze_clock` stops."""
    return _pack_bench.engine


@pytest.fixture
def pack(_pack_bench: Bench) -> Pack:
    """The pack around the test, or the one that `@pytest.mark.pack(folder)` names."""
    return _pack_bench.pack


@pytest.fixture
def personas(_pack_bench: Bench) -> Mapping[str, Persona]:
    """The worst-case personas by id, and the pack's own."""
    return _pack_bench.personas


@pytest.fixture
def render(_pack_bench: Bench) -> Callable[..., Result]:
    """`render(template, persona, at=None)`: what the persona, or the one of that id, gets."""
    return _pack_bench.render


@pytest.fixture
def freeze_clock(_pack_bench: Bench) -> Iterator[Callable[[datetime | str], datetime]]:
    """`freeze_clock("2026-11-01T09:00:00Z")`: for `engine` and `render`, until the test ends."""
    yield _pack_bench.clock.freeze
    _pack_bench.clock.frozen = None
