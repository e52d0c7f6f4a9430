"""The page: whole in itself, safe whatever a value holds, and short enough to open."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

import pytest
from preview_pack import HOSTILE
from rich.console import Console
from typer.testing import CliRunner

from guardedpersonalize.check import Finding
from guardedpersonalize.cli.app import app
from guardedpersonalize.engine import Engine
from guardedpersonalize.preview import Shown, marked_part, page_of
from guardedpersonalize.preview import page as page_module
from guardedpersonalize.preview.cards import Card
from guardedpersonalize.render import Chunk, Origin, Part, PartKind
from guardedpersonalize.vocabulary import Family, Severity


class Outline(HTMLParser):
    """What a page is made of."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    def values(self, name: str) -> list[str]:
        return [attrs[name] or "" for _, attrs in self.tags if name in attrs]


@pytest.fixture(scope="module")
def outline(page: str) -> Outline:
    return Outline(page)


def test_the_page_needs_nothing_else(outline: Outline) -> None:
    """No script, no picture, no style sheet, and no link but within the page."""
    names = {name for name, _ in outline.tags}
    assert names.isdisjoint({"script", "img", "link", "object", "embed", "base", "form"})
    assert all(href.startswith("#") for href in outline.values("href"))
    policy = next(a["content"] for _, a in outline.tags if a.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none';")
    assert "script-src" not in policy


def test_every_link_of_the_page_leads_somewhere(outline: Outline) -> None:
    """Ids are there once."""
    ids = Counter(outline.values("id"))
    assert max(ids.values()) == 1
    named = [*outline.values("href"), *(f"#{i}" for i in outline.values("aria-describedby"))]
    assert {name.removeprefix("#") for name in named} <= set(ids)


def test_every_person_has_a_row_with_outcome_and_reason(outline: Outline) -> None:
    """The matrix, in words."""
    words = " ".join(outline.words.split())
    assert words.count("Ada, all allowed") >= 4
    assert "We used your first name, which you gave us, because you agreed to it." in words
    assert "There is no consent record for this person." in words


def test_letters_stand_in_frames_without_scripts(outline: Outline) -> None:
    """The sandbox allows nothing, and nothing in the frame is fetched."""
    frames = [attrs for name, attrs in outline.tags if name == "iframe"]
    assert frames
    for frame in frames:
        assert not frame["sandbox"]
        inside = Outline(frame["srcdoc"] or "")
        assert inside.values("src") == ["data:,"]
        assert "url(" not in (frame["srcdoc"] or "")


def test_a_slot_tells_its_field_record_and_level(outline: Outline, page: str) -> None:
    """In the text, where it can be reached with the keyboard, and in the frame."""
    tips = outline.values("data-tip")
    told = "first_name: field first_name, user.name.first, provided; text at level exact; "
    assert told + "consent record c-ada" in tips
    assert "gp-observed" in page


def test_words_that_two_slots_may_have_written_show_the_riskier(shown: list[Shown]) -> None:
    """With what stands behind each of them."""
    one = shown[0]
    assert one.result.draft is not None
    both = Origin(slots=frozenset({"first_name", "city"}))
    part = Part("text", PartKind.TEXT, [Chunk("Hello "), Chunk("Ada", both)])
    draft = replace(one.result.draft, parts=(part,))
    card = Card("m", replace(one, result=replace(one.result, draft=draft)), {})
    run = card.parts["text"].lines[0][0].runs[1]
    assert (run.slots, card.provenance(run)) == (("city", "first_name"), "observed")
    assert all(f"{name}: field {name}" in card.tip(run) for name in run.slots)
    provenances = {name: row.slot.field.provenance for name, row in card.slots.items()}
    console = Console(file=StringIO())
    console.print(marked_part(part, [], provenances))
    assert "Hello «Ada»o" in console.file.getvalue()  # type: ignore[attr-defined]


def test_a_finding_has_its_reason_and_safer_words(engine: Engine, outline: Outline) -> None:
    """And leads to its rule, which stands in the page."""
    rule = engine.checker.rules.get("INT201")
    assert "#rule-INT201" in outline.values("href")
    words = " ".join(outline.words.split())
    assert words.count(" ".join(rule.rationale.split())) >= 2
    assert rule.instead in words


def test_a_finding_in_a_letter_is_marked_in_its_frame(shown: list[Shown]) -> None:
    """With its number, its rule and what it says."""
    result = shown[0].result
    html = result.draft.parts[-1]  # type: ignore[union-attr]
    start = html.text.index("books")
    found = Finding(
        "INT201", Family.INTRUSIVE, "", Severity.WARN, "html", start, start + 5, "is odd"
    )
    decision = replace(result.decision, findings=(found,))
    card = Card("m", replace(shown[0], result=replace(result, decision=decision)), {})
    told = 'class="gp gp-f-warn" tabindex="0" data-tip="1: INT201 is odd">books<'
    assert told in card.parts["html"].frame
    assert card.parts["html"].lines[1][1][0].number == 1


def test_a_text_message_an_ad_and_a_lock_screen_are_measured(outline: Outline) -> None:
    """Segments, and the limits of ads."""
    words = " ".join(outline.words.split())
    assert "1 segment, GSM-7" in words
    assert "37 of 30: too long" in words
    assert "a lock screen shows four lines" in words


def test_text_runs_the_way_of_its_script(outline: Outline) -> None:
    """As a device shows it, as it is read, and in the tables."""
    found = [attrs for name, attrs in outline.tags if attrs.get("class") in {"line", "bubble"}]
    assert found
    assert all(attrs.get("dir") == "auto" for attrs in found)


def test_a_hostile_value_stays_text(outline: Outline, page: str) -> None:
    """Persona values and names may hold anything."""
    assert "Bram <b>, a hostile name" in outline.words
    assert "onerror" not in {name for _, attrs in outline.tags for name in attrs}
    assert HOSTILE not in page


def test_equal_messages_stand_there_once(engine: Engine, shown: list[Shown]) -> None:
    """Three people get the same ad, one gets none."""
    ads = [one for one in shown if one.template.name == "search"]
    page = page_of(engine.pack, ads, engine.checker.rules)
    assert page.count("<article") == 2
    assert "send: Ada, all allowed and 2 more" in page


@pytest.mark.parametrize(
    ("key", "cards"), [("_same_message", 14), ("_same_path", 13), ("_same_end", 11)]
)
def test_a_long_page_shows_fewer_messages_and_says_so(
    engine: Engine, shown: list[Shown], key: str, cards: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that are not shown have their first words and their values in the table."""
    longest = page_module._characters(shown, getattr(page_module, key))
    monkeypatch.setattr(page_module, "_LONGEST_PAGE", longest)
    page = page_of(engine.pack, shown, engine.checker.rules)
    assert page.count("<article") == cards
    is_whole = key == "_same_message"
    assert ("first_name: Ada; city: Lisbon" in page) != is_whole
    assert ("one is shown" in page) != is_whole


def test_the_command_writes_the_page(engine: Engine, tmp_path: Path) -> None:
    """As `preview PACK --html`; a page is whole or absent."""
    root = Path(__file__).parents[2] / "examples" / "packs" / "trail-shoes"
    out = tmp_path / "out.html"
    args = ["preview", str(root), "new-season", "--html", str(out), "--at", "2026-11-01T09:00:00Z"]
    done = CliRunner().invoke(app, args)
    assert (done.exit_code, done.stdout) == (0, "")
    text = out.read_text(encoding="utf-8")
    assert "Decided for 2026-11-01T09:00:00+00:00" in text
    assert re.search(r"<h2>new-season</h2>", text)
