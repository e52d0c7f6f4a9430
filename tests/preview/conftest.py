"""Lets the tests of this folder share a small pack, and what its people get."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from preview_pack import write_pack

from guardedpersonalize.engine import Engine
from guardedpersonalize.preview import Shown, page_of


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return Engine.from_pack(write_pack(tmp_path_factory.mktemp("preview") / "pebble"))


@pytest.fixture(scope="session")
def shown(engine: Engine) -> list[Shown]:
    pack = engine.pack
    return [
        Shown(template, one, engine.render(name, one.profile, one.consent, at=one.at))
        for name, template in pack.templates.items()
        for one in pack.personas.values()
    ]


@pytest.fixture(scope="session")
def page(engine: Engine, shown: list[Shown]) -> str:
    return page_of(engine.pack, shown, engine.checker.rules)
