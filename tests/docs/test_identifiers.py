"""The page on identifiers lists what the detector knows."""

import re
from pathlib import Path

from guardedpersonalize.check.pii import ENTITIES
from guardedpersonalize.check.pii.rows import load_rows

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "identifiers.md").read_text(encoding="utf-8")
ROWS = re.findall(r"(?m)^\| `([A-Z_]+)` \| (.*?) \| (.*?) \|", PAGE)


def test_the_table_has_every_kind_once_with_its_title() -> None:
    """No kind is left out, and none is made up."""
    assert sorted((key, title) for key, title, _ in ROWS) == sorted(
        (entity.key, entity.title) for entity in ENTITIES.values()
    )


def test_the_table_names_the_countries_of_the_data() -> None:
    """As the rows have them."""
    shown = {key: set(country.split()) for key, _, country in ROWS}
    for row in load_rows():
        if row.country:
            assert set(row.country.split()) <= shown[row.entity]
        else:
            assert shown[row.entity] == {"any"}
