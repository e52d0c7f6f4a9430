"""The page on error codes says the same as the code."""

import re
from pathlib import Path

import pytest

from guardedpersonalize.errors import CODES

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "errors.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"(?ms)^### (\S+)\n+(.*?)(?=^##|\Z)", PAGE))
SOURCES = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "src").rglob("*.py"))]


def test_every_code_has_its_section_in_order() -> None:
    """The headings of the page are the codes, all of them, in order."""
    assert re.findall(r"(?m)^### (\S+)", PAGE) == list(CODES)


@pytest.mark.parametrize("code", CODES)
def test_a_section_says_what_happened_and_what_to_do(code: str) -> None:
    """First the code's own sentence, then a remedy."""
    happened, _, remedy = SECTIONS[code].partition("\n\n**What to do.** ")
    assert happened == CODES[code]
    assert re.search(r"\w.*\.$", remedy.strip(), re.DOTALL)


def test_every_code_that_is_raised_is_known() -> None:
    """No module makes up a code, and no code is left without a use."""
    table = re.compile(r'(?m)^    "GP\d{3}": ".*",$')
    used = {code for text in SOURCES for code in re.findall(r'"(GP\d{3})"', table.sub("", text))}
    assert used == set(CODES)
