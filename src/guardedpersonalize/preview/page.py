"""A pack's messages as one page that needs nothing else: no network, no script, no other file."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from guardedpersonalize.check import Rule, RuleSet
from guardedpersonalize.decide import Decision, Rung
from guardedpersonalize.engine import Result
from guardedpersonalize.errors import sealed
from guardedpersonalize.packs import Pack, PackTemplate
from guardedpersonalize.preview.cards import Card, Shown
from guardedpersonalize.preview.channels import SEARCH, SOCIAL, called, display_width, segments_of
from guardedpersonalize.vocabulary import Outcome

__all__ = ["STATIC", "environment", "page_of", "told_of"]

STATIC: Final = Path(__file__).with_name("static")

# How many characters a page may come to. What was measured on generated packs is in
# docs/how-to/preview-a-pack.md.
_LONGEST_PAGE: Final = 8_000_000
# What a message and a person of it add besides the message's own text, measured.
_CARD_CHARACTERS, _ROW_CHARACTERS, _PER_CHARACTER = 5_000, 450, 1.8

Key = Callable[[Shown], Hashable]


@functools.cache
def environment() -> Environment:
    """Return what makes the pages: everything is escaped, and nothing may be missing."""
    made = Environment(loader=FileSystemLoader(STATIC), autoescape=True, undefined=StrictUndefined)
    made.filters |= {"display_width": display_width, "segments": segments_of, "called": called}
    made.globals |= {"search": SEARCH, "social": SOCIAL}
    return made


@dataclass(frozen=True, slots=True)
class _Group:
    """Messages that are shown as one, the first of them."""

    label: str
    title: str
    card: Card


@dataclass(frozen=True, slots=True, repr=False)
class _Row:
    """One person in the table of a template."""

    shown: Shown
    lead: str
    values: str
    key: str
    label: str

    @property
    def decision(self) -> Decision:
        return self.shown.result.decision


@dataclass(frozen=True, slots=True)
class _Section:
    """One template."""

    template: PackTemplate
    counts: tuple[int, int, int, int]
    rows: tuple[_Row, ...]
    groups: tuple[_Group, ...]


@sealed
def page_of(
    pack: Pack, shown: Iterable[Shown], rules: RuleSet, *, at: datetime | None = None
) -> str:
    """
    Return a page of HTML with all of *shown*; it fetches nothing and runs nothing.

    Equal messages stand there once. Where the page would grow beyond what a browser likes, one
    message stands for all that took the same path through their template, or even for all that
    came to the same end for the same reasons; the others keep their row with first words and
    values, and the page says so.

    Args:
        pack: The pack.
        shown: Its messages.
        rules: What they were read with.
        at: The one moment that all were decided for; None where each persona has its own.
    """
    everything = tuple(shown)
    known = {rule.id: rule for rule in rules.rules}
    key, detail = _detail(everything)
    by_template: dict[str, list[Shown]] = {}
    for one in everything:
        by_template.setdefault(one.template.name, []).append(one)
    sections = [
        _section(f"m{number}", members, key, known, has_values=bool(detail))
        for number, members in enumerate(by_template.values(), 1)
    ]
    told, sources = told_of((one.result for one in everything), known)
    return (
        environment()
        .get_template("page.html.j2")
        .render(
            pack=pack,
            at=at,
            sections=sections,
            detail=detail,
            rules=told,
            sources=sources,
            css=Markup((STATIC / "preview.css").read_text(encoding="utf-8")),  # noqa: S704  # ours
        )
    )


def told_of(
    results: Iterable[Result], rules: Mapping[str, Rule]
) -> tuple[list[Rule], dict[str, str]]:
    """Return the rules that *results* speak of, and what their scores' addends rest on."""
    ids: dict[str, None] = {}
    sources: dict[str, str] = {}
    for result in results:
        for finding in (*result.findings, *result.refused):
            ids.setdefault(finding.rule)
        for addend in result.decision.score.addends:
            sources.setdefault(addend.name, addend.source)
    told = sorted((rules[id_] for id_ in ids if id_ in rules), key=lambda rule: rule.sort_key)
    return told, dict(sorted(sources.items()))


def _detail(shown: Sequence[Shown]) -> tuple[Key, str]:
    """Return by what messages are told apart, and what to say of those that are not shown."""
    beside = "The others have their first words and their values in the table."
    paths = f"Of the messages that took one path through a template one is shown. {beside}"
    ends = f"Of the messages that came to one end for the same reasons one is shown. {beside}"
    for key, said in ((_same_message, ""), (_same_path, paths)):
        if _characters(shown, key) <= _LONGEST_PAGE:
            return key, said
    return _same_end, ends


def _characters(shown: Sequence[Shown], key: Key) -> float:
    """Estimate the length of a page on which messages are told apart by *key*."""
    texts = {(one.template.name, key(one)): _text_length(one.result) for one in shown}
    cards = sum(texts.values()) * _PER_CHARACTER + len(texts) * _CARD_CHARACTERS
    return cards + len(shown) * _ROW_CHARACTERS


def _text_length(result: Result) -> int:
    return sum(len(part.text) for part in result.draft.parts) if result.draft else 0


def _same_end(one: Shown) -> Hashable:
    result = one.result
    decision = result.decision
    rules = tuple(sorted({finding.rule for finding in result.findings}))
    return decision.rung, tuple(cause.code for cause in decision.causes), rules


def _same_path(one: Shown) -> Hashable:
    parts = one.result.draft.parts if one.result.draft else ()
    return _same_end(one), tuple(part.path for part in parts)


def _same_message(one: Shown) -> Hashable:
    result = one.result
    parts = result.draft.parts if result.draft else ()
    slots = result.slots.values() if result.slots else ()
    behind = tuple((s.outcome, s.level, str(s.reason), s.record_id, s.event_index) for s in slots)
    return _same_end(one), tuple(part.text for part in parts), behind, result.explanation


def _section(
    prefix: str,
    members: Sequence[Shown],
    key: Key,
    rules: Mapping[str, Rule],
    *,
    has_values: bool,
) -> _Section:
    alike: dict[Hashable, list[Shown]] = {}
    for one in members:
        alike.setdefault(key(one), []).append(one)
    groups, labels = [], {}
    for number, (same, these) in enumerate(alike.items(), 1):
        first = max(these, key=_fullness)
        labels[same] = str(number)
        title = _title(first, len(these))
        groups.append(_Group(str(number), title, Card(f"{prefix}-{number}", first, rules)))
    rows = tuple(
        _Row(
            one,
            _lead(one),
            _values(one) if has_values else "",
            f"{prefix}-{labels[key(one)]}",
            labels[key(one)],
        )
        for one in members
    )
    return _Section(members[0].template, _counts(members), rows, tuple(groups))


def _fullness(one: Shown) -> int:
    """Return how many slots are filled: the fullest of messages shows most of the template."""
    return len(one.result.slots.filled) if one.result.slots else 0


def _title(first: Shown, count: int) -> str:
    others = f" and {count - 1} more" if count > 1 else ""
    return f"{first.result.decision.outcome.value}: {first.persona.name}{others}"


def _counts(members: Sequence[Shown]) -> tuple[int, int, int, int]:
    ends = Counter(_end(one.result.decision) for one in members)
    return ends["as_written"], ends["less"], ends["review"], ends["block"]


def _end(decision: Decision) -> str:
    if decision.outcome is not Outcome.SEND:
        return decision.outcome.value
    return "as_written" if decision.rung is Rung.AS_WRITTEN else "less"


def _lead(one: Shown) -> str:
    """Return the first words that the person reads, or why there are none."""
    result = one.result
    if result.draft:
        return result.draft.parts[0].text
    return " ".join(cause.message for cause in result.decision.causes)


def _values(one: Shown) -> str:
    values = one.result.slots.allowed_values() if one.result.slots else {}
    return "; ".join(f"{name}: {value}" for name, value in values.items())
