"""The pattern detector as a whole: what it finds, how it is run and how it fails."""

from __future__ import annotations

import logging
import subprocess
import sys
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardedpersonalize.check.context import Detection
from guardedpersonalize.check.gates import Signs
from guardedpersonalize.check.pii import ENTITIES, THRESHOLD, PatternDetector, detector
from guardedpersonalize.check.pii.detector import RECOGNISERS, Recogniser
from guardedpersonalize.check.pii.entities import DECLARED
from guardedpersonalize.check.pii.rows import load_rows
from guardedpersonalize.errors import DetectorError

HITS = [
    ("EMAIL_ADDRESS", "Write to [[ann.lovelace@example.org]] today."),
    ("EMAIL_ADDRESS", "[[ann@mail.shop.example]], see you"),
    ("EMAIL_ADDRESS", "[[ann@shop.local]] or"),
    ("EMAIL_ADDRESS", "ann \u200b[[o'neil@exam\u00adple.org]]"),
    ("PHONE_NUMBER", "Call us on [[020 7946 0123]]."),
    ("PHONE_NUMBER", "[[+44 7700 900123]]"),
    ("PHONE_NUMBER", "\uff2f\uff4b [[\uff10\uff12\uff10 7946\u00a00123]]"),
    ("CREDIT_CARD", "Card [[4111 1111 1111 1111]] expires"),
    ("IBAN_CODE", "to [[GB33BUKB20201555555555]] please"),
    ("US_SSN", "Your SSN is [[536-22-1234]]."),
    ("US_ITIN", "ITIN [[912-78-1234]]"),
    ("UK_NINO", "National insurance number [[AB 12 34 56 C]]"),
    ("UK_NHS", "NHS number [[943 476 5919]]"),
    ("IP_ADDRESS", "You logged in from [[192.0.2.17]]."),
    ("MAC_ADDRESS", "Device [[00:1A:2B:3C:4D:5E]]"),
    ("DATE_OF_BIRTH", "You were born on [[12 May 1987]]."),
    ("AGE", "You're [[43]] today!"),
    ("STREET_ADDRESS", "We saw the van outside [[27 Orchard Rise]] on Saturday"),
    ("UK_POSTCODE", "Deliver to Exeter [[EX4 4QJ]]"),
    ("URL_CREDENTIALS", "https://[[ann:s3cret@example.org]]/x"),
]


def unmarked(text: str) -> tuple[str, int, int]:
    """Take the marks off *text* and return where they were."""
    start, end = text.index("[["), text.index("]]") - 2
    return text.replace("[[", "").replace("]]", ""), start, end


def detect(text: str, *regions: str) -> list[Detection]:
    """Read *text* with the regions GB and US unless others are given."""
    return PatternDetector().detect(text, lang="en", regions=regions or ("GB", "US"))


@pytest.mark.parametrize(("entity", "marked"), HITS)
def test_each_kind_is_found_at_its_place(entity: str, marked: str) -> None:
    """The span is exact, in characters of the text as it was given."""
    text, start, end = unmarked(marked)
    assert [(d.entity, d.start, d.end) for d in detect(text)] == [(entity, start, end)]


def test_every_kind_has_an_example() -> None:
    """What the detector says it can find, it does find."""
    shown = {entity for entity, _ in HITS} | {row.entity for row in load_rows()}
    assert shown == set(PatternDetector().entities) == set(ENTITIES) - set(DECLARED) | {"USER_NAME"}


def test_detections_come_in_the_order_of_the_text_without_overlaps() -> None:
    """Whatever recogniser saw them."""
    text = " ".join(unmarked(marked)[0] for _, marked in HITS)
    found = detect(text)
    spans = [(d.start, d.end) for d in found]
    assert spans == sorted(spans)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    assert all(THRESHOLD <= d.score <= 1 for d in found)


WORDS = """
born_ you_are_ call_ order_ _at_ _dot_ (at) &#64; %40 https:// year-old _May_ 12 1987 Aa Lane ::
ann@example.org 020_7946_0123 GB33BUKB20201555555555 AB123456C EX4_4QJ 192.0.2.1 555-0147 nhs_
4111_1111_1111_1111 00:1A:2B:3C:4D:5E your_birthday_ GIR_0AA 12_Garden_Lane turning_ post_code_
passport_ K1234567 bsn_ 111222333 BIC_ AKIA P<UTO << 756. password:_ hunter2!x9 one_two_ 6a616e65
"""
PIECES = [
    *"ab1 90@.-+()/,:;'\n\u20ac\u0661\u200b\ud800",
    *(word.replace("_", " ") for word in WORDS.split()),
]


@settings(max_examples=400)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_a_recogniser_that_is_not_run_would_have_found_nothing(text: str) -> None:
    """The cheap tests before the recognisers change no result."""
    eager, thrifty = (PatternDetector(threshold=0, prefilter=flag) for flag in (False, True))
    regions = ("GB", "US")
    assert set(thrifty._detections(text, regions)) == set(eager._detections(text, regions))


@given(st.text(max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    """Spans lie in the text and are not empty."""
    for found in detect(text, "GB", "DE"):
        assert 0 <= found.start < found.end <= len(text)


@pytest.mark.parametrize(("entity", "marked"), HITS)
def test_long_texts_are_read_at_every_place(entity: str, marked: str) -> None:
    """A hit is found at the edges of windows as anywhere else, once."""
    text, start, end = unmarked(marked)
    for before in (0, 19_985, 20_000 - start, 20_000 - end + 1, 40_000):
        filler = ("word " * 8001)[:before].rstrip() + "\n" * (before > 0)
        found = [d for d in detect(filler + text + "\n" + "word " * 4001) if d.entity == entity]
        assert [(d.start, d.end) for d in found] == [(len(filler) + start, len(filler) + end)]


def test_a_lower_threshold_reports_more() -> None:
    """Hits below the threshold are held back, not lost."""
    text = "12 2125550147"
    assert detect(text) == []
    found = PatternDetector(threshold=0.1).detect(text, lang="en", regions=())
    assert [(d.entity, d.score) for d in found] == [("PHONE_NUMBER", 0.3)]


def test_threads_share_a_detector() -> None:
    """The same texts give the same findings, however many threads read them at once."""
    texts = [unmarked(marked)[0] for _, marked in HITS] * 5
    shared = PatternDetector()
    expected = [shared.detect(text, lang="en", regions=()) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda t: shared.detect(t, lang="en", regions=()), texts)) == expected


# Failing


def broken(text: str, signs: Signs, regions: tuple[str, ...]) -> Iterator[Detection]:
    """Fail as a recogniser would that quotes what it could not read."""
    raise ValueError(text)


def test_a_failing_recogniser_is_an_error_that_quotes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither message, nor cause, nor the locals of the traceback hold the text."""
    monkeypatch.setattr(detector, "RECOGNISERS", (Recogniser("X", lambda *_: True, broken),))
    with pytest.raises(DetectorError, match=r"GP401.*ValueError") as caught:
        PatternDetector().detect("ann@example.org", lang="en", regions=())
    err = caught.value
    assert (err.__cause__, err.__context__) == (None, None)
    frames = traceback.StackSummary.extract(
        traceback.walk_tb(err.__traceback__.tb_next if err.__traceback__ else None),
        capture_locals=True,
    )
    assert "ann@" not in "".join(frames.format())


def test_a_pattern_that_takes_too_long_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Presidio would skip it and say that there is nothing."""
    monkeypatch.setattr("guardedpersonalize.check.pii.presidio._TIMEOUT_S", 1e-9)
    with pytest.raises(DetectorError, match="TimeoutError"):
        detect("4111 1111 1111 1111 " * 900)


def test_a_region_without_phone_numbers_is_an_error() -> None:
    """A region that was mistyped would otherwise hide every number of it."""
    with pytest.raises(DetectorError, match="region 'UK'"):
        detect("020 7946 0123", "UK")


# What loading it does


def run(code: str) -> str:
    """Run *code* in a fresh interpreter and return what it prints."""
    command = [sys.executable, "-W", "error", "-c", code]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


def test_importing_it_loads_nothing_heavy() -> None:
    """Presidio, spaCy and phonenumbers are loaded by the first text that needs them."""
    code = (
        "import sys, guardedpersonalize.check.pii, guardedpersonalize.check.echo\n"
        "heavy = {'spacy', 'presidio_analyzer', 'phonenumbers', 'tldextract', 'regex'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
        "d = guardedpersonalize.check.pii.PatternDetector()\n"
        "d.detect('Nothing to see here, Ada', lang='en', regions=())\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    assert run(code).split() == ["[]", "[]"]


def test_it_asks_no_network_and_writes_no_file(tmp_path: Path) -> None:
    """Not even for the list of public suffixes, which its maker would fetch and cache."""
    code = (
        f"import os, socket\nos.environ['HOME'] = {str(tmp_path)!r}\n"
        "asked = []\nsocket.getaddrinfo = socket.socket.connect = lambda *a, **k: asked.append(a)\n"
        "from guardedpersonalize.check.pii import PatternDetector\n"
        "text = 'ann@example.co.uk, 020 7946 0123, 4111 1111 1111 1111'\n"
        "print(len(PatternDetector().detect(text, lang='en', regions=())), asked)"
    )
    assert run(code).strip() == "3 []"
    assert list(tmp_path.iterdir()) == []


def test_presidio_leaves_no_handler_behind() -> None:
    """Neither on the root logger nor on that of its decision traces; no warning gets out."""
    code = (
        "import logging\n"
        "from guardedpersonalize.check.pii import PatternDetector\n"
        "PatternDetector().warm_up()\n"
        "trace = logging.getLogger('decision_process')\n"
        "print(logging.getLogger().handlers, trace.handlers, trace.level)"
    )
    assert run(code).strip() == "[] [] 0"


def test_nothing_of_the_text_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """At the lowest level of all loggers."""
    with caplog.at_level(logging.DEBUG):
        detect(" ".join(unmarked(marked)[0] for _, marked in HITS))
    assert not [r for r in caplog.records if "ann" in r.getMessage() or "4111" in r.getMessage()]


def test_warming_up_runs_every_recogniser(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the first message does not wait for imports."""
    seen = []

    def note(text: str, signs: Signs, regions: tuple[str, ...]) -> Iterator[Detection]:
        seen.append(text)
        yield Detection("X", 0, 1, 1.0)

    monkeypatch.setattr(detector, "RECOGNISERS", (Recogniser("X", lambda *_: True, note),))
    PatternDetector().warm_up()
    assert len(seen) == 1


def test_recognisers_have_names_of_entities() -> None:
    """Each finds one kind, and each kind has one, in code or in data, and not in both."""
    coded, rows = [r.name for r in RECOGNISERS], {row.entity for row in load_rows()}
    assert len(coded) == len(set(coded))
    assert sorted({*coded, *rows}) == sorted(PatternDetector().entities)
    assert rows.isdisjoint(coded)
