"""Recognisers as data: each row is proved by its own examples, and fits the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pytest
from pydantic import ValidationError

from guardedpersonalize.check.context import Detection
from guardedpersonalize.check.gates import Signs
from guardedpersonalize.check.pii import THRESHOLD, PatternDetector
from guardedpersonalize.check.pii.look_alikes import as_seen
from guardedpersonalize.check.pii.rows import FOLDER, Row, load_rows
from guardedpersonalize.errors import DetectorError

ROWS = load_rows()
NAMES = [f"{row.entity}-{number}" for number, row in enumerate(ROWS)]
ROW = {
    "entity": "TEA_CARD",
    "title": "a tea card",
    "group": "account",
    "pattern": r"T\d{4}",
    "strength": "weak",
    "words": ("tea card",),
    "good": ("Tea card [[T1234]]",),
    "bad": ("T1234",),
}


def unmarked(marked: str) -> tuple[str, int, int]:
    """Take the marks off and return where they were."""
    start, end = marked.index("[["), marked.index("]]") - 2
    return marked.replace("[[", "").replace("]]", ""), start, end


def found_by(row: Row, text: str) -> list[tuple[int, int]]:
    """Return where *row* by itself finds something, the cheap tests before it included."""
    text, _ = as_seen(text)
    signs = Signs(text)
    if not (row.gate.lets(signs) and row.has_its_words(signs)):
        return []
    return [(hit.start, hit.end) for hit in row.find(text) if hit.score >= THRESHOLD]


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_a_row_finds_its_good_examples_and_not_its_bad_ones(row: Row) -> None:
    """By itself, with the span exact."""
    for marked in row.good:
        text, start, end = unmarked(marked)
        assert (start, end) in found_by(row, text), marked
    for text in row.bad:
        assert found_by(row, text) == [], text


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_the_detector_finds_the_good_examples_under_the_name_of_the_row(row: Row) -> None:
    """Among all other recognisers."""
    for marked in row.good:
        text, start, end = unmarked(marked)
        hits = PatternDetector().detect(text, lang="en", regions=("GB", "US"))
        assert (row.entity, start, end) in [(hit.entity, hit.start, hit.end) for hit in hits]


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_the_cheap_tests_of_a_row_hide_no_example(row: Row) -> None:
    """The detector that runs everything finds the same."""
    thrifty, eager = PatternDetector(), PatternDetector(prefilter=False)
    for text in (*(unmarked(marked)[0] for marked in row.good), *row.bad):
        options = {"lang": "en", "regions": ("GB",)}
        assert thrifty.detect(text, **options) == eager.detect(text, **options)


def test_rows_of_one_entity_agree_about_it() -> None:
    """Title and group are the entity's."""
    said = defaultdict(set)
    for row in ROWS:
        said[row.entity].add((row.title, row.group))
    assert {entity: facts for entity, facts in said.items() if len(facts) > 1} == {}


def test_every_country_that_is_promised_has_rows() -> None:
    """And every file of the folder is read."""
    countries = {country for row in ROWS for country in row.country.split()}
    promised = "AT AU BE BG CA CH CZ DE DK EE ES FI FR GB GR HR HU IE IN IT JP LT LU LV NL NO PL PT"
    assert countries >= {*promised.split(), "RO", "SE", "SG", "SI", "SK", "US"}
    assert len(list(FOLDER.iterdir())) == len(list(FOLDER.glob("*.toml"))) > 5


def test_numbers_with_a_check_say_where_it_is_laid_down() -> None:
    """A check that cannot be looked up cannot be mended."""
    assert [row.entity for row in ROWS if (row.checksum or row.presidio) and not row.source] == []


@pytest.mark.parametrize(
    "change",
    [
        {"checksum": "guess"},
        {"words": ()},
        {"strength": "sure"},
        {"group": "tea"},
        {"words": ("Tea",)},
        {"good": ()},
        {"entity": "tea"},
        {"country": "Germany"},
        {"regex": "x"},
    ],
    ids="-".join,
)
def test_a_row_that_makes_no_sense_is_refused(change: dict[str, object]) -> None:
    """Unknown checksums, weak shapes without words, unknown keys."""
    Row.model_validate(ROW)
    with pytest.raises(ValidationError):
        Row.model_validate({**ROW, **change})


def test_a_word_beside_a_weak_shape_decides() -> None:
    """Before it or after it, in any case, with blanks, hyphens or neither; near by only."""
    row = Row.model_validate(ROW)
    for text in (
        "tea card T1234",
        "TEA-CARD: T1234",
        "your teacard T1234",
        "T1234 is your tea card",
    ):
        assert len(found_by(row, text)) == 1, text
    far = "your tea card " + "and more " * 20
    for text in ("steam cards T1234", far + "T1234", "tea card: order T1234", "T1234. A tea card"):
        assert found_by(row, text) == [], text


def test_a_shape_inside_a_longer_one_is_not_found() -> None:
    """Neither of letters nor of digits."""
    row = Row.model_validate(ROW)
    for text in ("tea card AT1234", "tea card T12345", "tea card 9.T1234", "tea card T1234-5"):
        assert found_by(row, text) == [], text


def test_a_row_that_fails_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """The text was not read: that is a finding, not silence."""

    def fail(self: Row, text: str) -> Iterator[Detection]:
        raise ZeroDivisionError(text)

    monkeypatch.setattr(Row, "find", fail)
    with pytest.raises(DetectorError, match=r"GP401.*ZeroDivisionError") as caught:
        PatternDetector(prefilter=False).detect("Ada 1234", lang="en", regions=())
    assert "Ada" not in str(caught.value)
