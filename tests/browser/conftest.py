"""A real browser, the system's own: tests are skipped where there is none, but fail in CI."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "preview"))

AXE = Path(__file__).with_name("axe.min.js")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WANTED = "BROWSER_TESTS"


@pytest.fixture(scope="module")  # no longer: while it is there, an event loop runs in this thread
def chromium() -> Iterator[Any]:
    """Return a browser; without one the test is skipped, or fails where CI asks for it."""
    path = shutil.which("chromium")
    if path is None:
        reason = "there is no Chromium here: apt-get install chromium"
        (pytest.fail if os.environ.get(WANTED) == "required" else pytest.skip)(reason)
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  # slow, and not needed above

    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        browser = playwright.chromium.launch(executable_path=path, args=options)
        yield browser
        browser.close()


@dataclass
class Desk:
    """A page in a browser, with what it asked for and what it complained of."""

    page: Any
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def violations(self) -> list[str]:
        """Return what axe-core finds wrong by WCAG 2.2 A and AA, with the place."""
        self.page.evaluate(AXE.read_text(encoding="utf-8") + ";0")
        script = f"axe.run(document, {{runOnly: {RULES}, iframes: false}})"
        found = self.page.evaluate(script)["violations"]
        return [f"{one['id']}: {node['target']}" for one in found for node in one["nodes"]]


@pytest.fixture
def open_page(chromium: Any) -> Iterator[Callable[..., Desk]]:
    """Return a function that opens an address in a fresh profile."""
    contexts = []

    def open_(url: str, **options: Any) -> Desk:
        context = chromium.new_context(**options)
        contexts.append(context)
        desk = Desk(context.new_page())
        desk.page.set_default_timeout(20_000)
        desk.page.on("request", lambda request: desk.requests.append(request.url))
        desk.page.on("console", lambda said: desk.complaints.append(said.text))
        desk.page.on("pageerror", lambda error: desk.complaints.append(str(error)))
        desk.page.goto(url)
        return desk

    yield open_
    for context in contexts:
        context.close()
