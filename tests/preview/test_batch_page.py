"""The page about a batch: whole, silent about people, readable, and without any network."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from guardedpersonalize.decide import Policy
from guardedpersonalize.engine import BatchReport, Engine
from guardedpersonalize.engine.sample import Sample
from guardedpersonalize.packs.scaffold import Blueprint, scaffold
from guardedpersonalize.preview.batch_page import About, batch_page
from guardedpersonalize.vocabulary import Channel

AT = datetime(2026, 11, 1, 9, tzinfo=UTC)
ABOUT = About("my-pack 0.1.0", "news", AT, Policy(), is_dry=True)
PERSON = "<b>r-1</b>"
VOID = {"meta", "rect", "line"}


@dataclass(frozen=True)
class Batch:
    """What a page is made of."""

    report: BatchReport
    sample: Sample

    def page(self, about: About = ABOUT, *, show_values: bool = False) -> str:
        return batch_page(about, self.report, self.sample, show_values=show_values)


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    """Return a batch of the new pack's four people, and one who is asked about twice."""
    root = tmp_path_factory.mktemp("pack") / "p"
    scaffold(root, Blueprint("my-pack", Channel.EMAIL))
    engine = Engine.from_pack(root)
    made = Batch(BatchReport(engine.pack.catalogue), Sample())
    for persona in engine.pack.personas.values():
        result = engine.render("news", persona.profile, persona.consent, at=AT)
        made.report.add(persona.profile, result)
        made.sample.add(PERSON if persona.id == "everything" else persona.id, result)
    made.report.reject("GP202", "a value is <odd>.")
    return made


def test_it_says_what_became_of_every_row(batch: Batch) -> None:
    """Outcomes, reasons in words, slots with their reasons, rejects and scores."""
    page = batch.page()
    for said in (
        "<dt>Sent in full</dt><dd>1</dd>",
        "<dt>Sent with less in it</dt><dd>1</dd>",
        "<dt>Blocked</dt><dd>2</dd>",
        "<dt>Rows that could not be read</dt><dd>1</dd>",
        "The person took the consent back.",
        "(first_name 1, topic 1)",
        "a value is &lt;odd&gt;.",
        "review from 10",
        "01 November 2026, 09:00 UTC",
    ):
        assert said in page, said


def test_without_the_flag_no_value_and_no_person_is_shown(batch: Batch) -> None:
    """The names of slots stand where the values were, in every part; fallbacks are no secret."""
    page = batch.page()
    assert "Hello <mark>[first_name]</mark>," in page
    assert "preferences/<mark>[unsubscribe_token]</mark>" in page
    assert "Hello there," in page
    assert not re.search(r"Ada|music|t-1\b|r-1", page)
    assert "personal data" not in page


def test_with_the_flag_values_are_marked_and_escaped(batch: Batch) -> None:
    """And the page says that it has to be kept safe."""
    page = batch.page(show_values=True)
    assert "Hello <mark>Ada <small>first_name</small></mark>," in page
    assert "to &lt;b&gt;r-1&lt;/b&gt;" in page
    assert "This page shows personal data." in page


def test_it_is_one_file_without_scripts_or_addresses(batch: Batch) -> None:
    """The policy allows its own style sheet by hash, and nothing else."""
    page = batch.page()
    (css,) = re.findall(r"(?s)<style>(.*?)</style>", page)
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in page
    assert not re.search(r"<script|<link|<img|<iframe|<a |\s(?:src|href|style|on\w+)=|url\(", page)


@pytest.mark.parametrize("show_values", [False, True])
def test_every_element_is_closed(batch: Batch, show_values: bool) -> None:
    """What is opened is closed, in order."""
    open_: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: object) -> None:
            if tag not in VOID:
                open_.append(tag)

        def handle_endtag(self, tag: str) -> None:
            if tag not in VOID:
                assert open_.pop() == tag

    Reader().feed(batch.page(show_values=show_values))
    assert open_ == []


def test_a_batch_of_nothing_and_a_run_that_stopped_have_a_page_too(batch: Batch) -> None:
    """No plot without scores, no limits without a policy; a run that was stopped says so."""
    empty = batch_page(replace(ABOUT, is_dry=False), BatchReport({}), Sample())
    assert "<title>Run of news</title>" in empty
    assert "<svg" not in empty
    free = replace(ABOUT, policy=Policy(review_score=None, block_score=None), is_whole=False)
    page = batch.page(free)
    assert "Interrupted." in page
    assert 'class="limit"' not in page


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb`, as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_its_colours_have_the_contrast_of_wcag_aa(scheme: str) -> None:
    """4.5 to 1 for text, 3 to 1 for what a picture shows."""
    css = Path(batch_page.__code__.co_filename).parent.joinpath("static", "batch.css").read_text()
    sets = re.findall(r"(?s):root \{(.*?)\}", css)
    colours = dict(re.findall(r"--(\w+): (#\w{6});", sets[scheme == "dark"]))
    assert len(colours) == 10
    for text, ground in (("text", "page"), ("quiet", "page"), ("text", "mark")):
        assert contrast(colours[text], colours[ground]) >= 4.5, text
    for shape in ("send", "reduced", "review", "block", "bar"):
        assert contrast(colours[shape], colours["page"]) >= 3, shape


def test_the_sample_is_the_same_in_any_order_and_never_grows(batch: Batch) -> None:
    """Three of a kind at most, chosen by a hash of the id; its repr shows nobody."""
    (result,) = [one.result for one in batch.sample if one.kind == "send"]
    samples = []
    for people in (range(50), reversed(range(50))):
        sample = Sample()
        for number in people:
            sample.add(f"r-{number}", result)
        samples.append([one.person for one in sample])
    assert samples[0] == samples[1]
    assert len(samples[0]) == 3
    assert repr(sample) == "Sample(<3 messages>)"
    assert "r-" not in repr(list(sample))


def test_one_person_may_be_in_the_sample_twice(batch: Batch) -> None:
    """Results have no order, and are not compared."""
    first, other = [one.result for one in batch.sample][:2]
    results = [first, replace(first, draft=other.draft)]
    sample = Sample()
    for result in results:
        sample.add("r-1", result)
    assert [one.result for one in sample] == results


def test_what_was_never_rendered_is_not_in_the_sample(batch: Batch) -> None:
    """There is nothing to show of a message that was blocked before it was made."""
    assert {one.kind for one in batch.sample} == {"send", "reduced"}
