"""The live preview, as a person uses it."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from preview_pack import FILES, write_pack

from guardedpersonalize.preview.server import listen

pytestmark = pytest.mark.slow

CITY = "record0.pii.user.contact.address.city"
SHOP = "The shop nearest to Lisbon has them all."


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pack(tmp_path_factory.mktemp("live") / "pebble")


@pytest.fixture(scope="module")
def url(root: Path, chromium: Any) -> Iterator[str]:
    """Start the command, as a person would, and end it as with Ctrl-C."""
    with listen(0) as free:
        port = str(free.getsockname()[1])
    code = "from guardedpersonalize.cli import main; main()"
    command = [sys.executable, "-c", code, "preview", str(root), "--serve", "--port", port]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert f"http://127.0.0.1:{port}/" in process.stdout.readline()
        yield f"http://127.0.0.1:{port}/"
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0


def text(desk: Any) -> Any:
    return desk.page.locator("#message .text[aria-label=text]")


def test_text_leaves_the_message_with_its_permission(open_page: Any, url: str) -> None:
    """With the keyboard alone; nothing is asked of another place, and nothing complains."""
    desk = open_page(url)
    assert SHOP in text(desk).inner_text()
    desk.page.locator(f"[id='{CITY}']").press("Space")
    text(desk).filter(has_text=SHOP).wait_for(state="detached")
    assert "Hello Ada" in text(desk).inner_text()
    desk.page.locator("[id='record0.on']").press("Space")
    desk.page.locator("#said", has_text="block").wait_for()
    assert text(desk).count() == 0
    assert {address.startswith((url, "data:,")) for address in desk.requests} == {True}
    assert desk.complaints == []


def test_a_switch_pressed_before_the_answer_came_is_not_dead(open_page: Any, url: str) -> None:
    """The form becomes that of the other person all the same."""
    page = open_page(url).page
    held = []
    page.route(url, lambda route: held.append(route) if not held else route.continue_())
    page.locator("#persona").select_option("dora")
    page.locator("#dnc").click()
    page.locator("[name=of][value=dora]").wait_for(state="attached")
    page.locator("#dnc").click()
    page.locator("#said", has_text="block").wait_for()
    held[0].abort()


def test_an_edited_value_is_seen_in_one_browser_only(open_page: Any, url: str) -> None:
    """Two at once share nothing."""
    one, other = open_page(url), open_page(url)
    one.page.locator("[id='value.first_name']").fill("Zelda <b>")
    one.page.locator("#message a.s", has_text="Zelda <b>").first.wait_for()
    other.page.locator("[id='value.city']").fill("Porto")
    other.page.locator("#message a.s", has_text="Porto").first.wait_for()
    assert "Zelda" not in other.page.inner_text("body")


def test_a_mistake_is_shown_with_its_place_until_it_is_mended(
    open_page: Any, url: str, root: Path
) -> None:
    """The switches stay as they were set."""
    desk = open_page(url)
    desk.page.locator(f"[id='{CITY}']").click()
    path = root / "templates" / "letter" / "subject.j2"
    path.write_text("{% if first_name %}")
    desk.page.locator("#message", has_text="templates/letter/subject.j2:1").wait_for()
    path.write_text("Old " + FILES["templates/letter/subject.j2"])
    desk.page.locator("#message", has_text="Old News, Ada").first.wait_for()
    assert not desk.page.locator(f"[id='{CITY}']").is_checked()
    assert desk.complaints == []


def test_contrast_and_names_are_as_wcag_asks(open_page: Any, url: str) -> None:
    """Of the switches too."""
    assert open_page(url, color_scheme="dark").violations() == []


def test_it_works_without_script(open_page: Any, url: str) -> None:
    """A button sends the form."""
    page = open_page(url, java_script_enabled=False).page
    page.locator("[id='value.city']").fill("Porto")
    page.get_by_role("button", name="Show").click()
    assert page.locator("#message a.s", has_text="Porto").first.is_visible()
