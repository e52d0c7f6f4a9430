"""The page of a pack, opened."""

from __future__ import annotations

from typing import Any

import pytest
from preview_pack import write_pack
from typer.testing import CliRunner

from guardedpersonalize.cli.app import app

pytestmark = pytest.mark.slow

NAME = "a.s[href='#m1-1-first_name']"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("page")
    out = folder / "out.html"
    args = ["preview", str(write_pack(folder / "pebble")), "--html", str(out)]
    assert CliRunner().invoke(app, args).exit_code == 0
    return out.as_uri()


def test_it_asks_for_nothing_and_complains_of_nothing(open_page: Any, url: str) -> None:
    """The letter is there in its frame, and no picture of it was fetched."""
    desk = open_page(url)
    frame = desk.page.frame_locator("#m1-1 iframe")
    assert frame.locator("p").first.inner_text() == "Hello Ada,"
    frame.locator(".gp-observed").focus()
    assert desk.complaints == []
    frame.get_by_role("link", name="Unsubscribe").press("Enter")
    assert desk.requests == [url]


def test_the_keyboard_reaches_everything(open_page: Any, url: str) -> None:
    """The way past the head, what is behind a slot, the width of a frame, a closed message."""
    page = open_page(url).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.locator(NAME).first.focus()
    told = page.evaluate("getComputedStyle(document.activeElement, '::before').content")
    assert "consent record c-ada" in told
    page.locator("#m1-1-phone").focus()
    narrow = page.locator("#m1-1 iframe").bounding_box()["width"]
    page.keyboard.press("ArrowRight")
    assert page.locator("#m1-1 iframe").bounding_box()["width"] > narrow
    page.locator("a[href='#t-nosy']").press("Enter")
    page.locator("a[href='#m2-1']").first.press("Enter")
    assert page.locator("#m2-1").is_visible()
    page.locator("#m2-1 a[href='#rule-INT201']").first.press("Enter")
    assert page.url.endswith("#rule-INT201")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_and_names_are_as_wcag_asks(open_page: Any, url: str, scheme: str) -> None:
    """With every message open."""
    desk = open_page(url, color_scheme=scheme)
    desk.page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert desk.violations() == []


def test_a_print_has_every_message(open_page: Any, url: str) -> None:
    """What is folded on the screen is open on paper."""
    page = open_page(url).page
    last = page.locator("article").last
    assert not last.is_visible()
    page.emulate_media(media="print")
    assert last.bounding_box()["height"] > 50
    assert "Unsubscribe" in page.locator("#m1-1 .paper").inner_text()
    assert not page.locator("#m1-1 iframe").is_visible()


def test_a_telephone_shows_it_without_scrolling_sideways(open_page: Any, url: str) -> None:
    """At 320 pixels, as WCAG 1.4.10 asks; tables scroll by themselves."""
    page = open_page(url, viewport={"width": 320, "height": 700}).page
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    slots = page.locator("#m1-1 a.s:visible")
    for number in range(slots.count()):
        slots.nth(number).focus()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
