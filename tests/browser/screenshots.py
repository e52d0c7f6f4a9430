"""
Make the pictures of the docs again: `python tests/browser/screenshots.py`.

It needs the extra `test`, and Chromium on the path.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from guardedpersonalize.preview.server import listen

ROOT = Path(__file__).parents[2]
PACKS = ROOT / "examples" / "packs"
OUT = ROOT / "docs" / "img"
CLI = [sys.executable, "-c", "from guardedpersonalize.cli import main; main()", "preview"]


def shoot(page: Any, name: str) -> None:
    """Keep what is on the screen."""
    page.wait_for_timeout(300)
    page.screenshot(path=OUT / f"{name}.png", animations="disabled")
    sys.stdout.write(f"{name}.png: {(OUT / f'{name}.png').stat().st_size // 1000} kB\n")


def shoot_page(browser: Any, folder: Path) -> None:
    """Show a letter on the page of a pack."""
    out = folder / "out.html"
    subprocess.run([*CLI, str(PACKS / "garden-club"), "spring-offer", "--html", out], check=True)
    page = browser.new_page(viewport={"width": 1040, "height": 1180})
    page.goto(out.as_uri())
    page.evaluate(
        "for (const one of document.querySelectorAll('details details')) one.open = false"
    )
    page.locator("a[href='#m1-3']").first.click()
    page.evaluate("document.querySelector('#m1-3').parentElement.scrollIntoView()")
    shoot(page, "preview-page")


def shoot_live(browser: Any, folder: Path) -> None:
    """Show the switches, with one of them off."""
    with listen(0) as free:
        port = free.getsockname()[1]
    root = shutil.copytree(PACKS / "garden-club", folder / "garden-club")
    command = [*CLI, str(root), "--serve", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            page = browser.new_page(viewport={"width": 1320, "height": 940}, color_scheme="dark")
            page.goto(f"http://127.0.0.1:{port}/?template=spring-offer&persona=everything")
            page.locator("[id='record0.pii.user.name.first']").click()
            page.locator("#message", has_text="Imogen").wait_for(state="detached")
            shoot(page, "preview-live")
        finally:
            process.terminate()


def main() -> None:
    """Make all of them."""
    OUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = shutil.which("chromium")
        options = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=path, args=options)
        shoot_page(browser, Path(folder))
        shoot_live(browser, Path(folder))
        browser.close()


if __name__ == "__main__":
    main()
