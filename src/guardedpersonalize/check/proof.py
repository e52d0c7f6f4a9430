"""Proving a rule: its own examples, run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from guardedpersonalize.check.context import CheckContext, Detection, Identity, KnownValue
from guardedpersonalize.check.parts import read_part
from guardedpersonalize.check.reading import ReadPart, Region
from guardedpersonalize.minimise.slots import Slot
from guardedpersonalize.minimise.spec import SlotSpec
from guardedpersonalize.profile import Field, FieldType
from guardedpersonalize.render.draft import LITERAL, Chunk, Origin, Part, PartKind
from guardedpersonalize.vocabulary import (
    EXACT,
    Provenance,
    SlotOutcome,
    Source,
    Technique,
    category,
    ladders,
    purpose,
    term,
)

if TYPE_CHECKING:
    from guardedpersonalize.check.rule import Example, Rule
    from guardedpersonalize.check.rules import RuleSet
    from guardedpersonalize.check.wordlists import WordLists

__all__ = ["prove", "run_example"]

_MARK: Final = re.compile(r"\[\[|\]\](?!\])|\{(slot|entity):([^|{}]*)\|([^{}]*)\}")
_DEFAULT_CATEGORY: Final = "user.behavior.purchase_history"
"""Data category of a slot in an example that names none."""


def prove(rule: Rule, *, lists: Mapping[str, WordLists] | None = None) -> list[str]:
    """
    Run the examples of *rule* and return what failed, one sentence each; empty if all is well.

    Args:
        rule: The rule; one of kind `unknown` has nothing to prove.
        lists: Language -> word lists; the shipped ones unless given.

    Raises:
        PackError: if the rule itself cannot be prepared.
        ConfigError: GP105, if an example uses a word that is not in the vocabulary.
    """
    from guardedpersonalize.check.rules import RuleSet  # noqa: PLC0415  # it imports this module

    if rule.examples is None:
        return []
    shipped = RuleSet.load().lists if lists is None else lists
    rules = RuleSet([rule], shipped)
    failures = []
    for kind in ("must_match", "must_not_match"):
        for number, example in enumerate(getattr(rule.examples, kind), 1):
            expected, found = run_example(rules, rule, example)
            wanted = bool(expected) or kind == "must_not_match"
            if not wanted:
                failures.append(f"{kind} {number}: nothing is marked.")
            elif expected != found:
                failures.append(f"{kind} {number}: expected {expected}, found {found}.")
    return failures


def run_example(
    rules: RuleSet, rule: Rule, example: Example
) -> tuple[list[tuple[str, int, int]], list[tuple[str, int, int]]]:
    """
    Run *example* of *rule* and return where findings are expected and where they are.

    A place is a part, a start and an end. Where an element is required and missing, the place is
    the end of the part, and it is marked there: "… and goodbye.[[]]".
    """
    reading = _Reading(example, rule.lang)
    findings = [
        finding
        for read, seen in zip(reading.reads, reading.detections, strict=True)
        for finding in rules.find(read, reading.context, {0: seen} if seen else {})
    ]
    findings += rules.find_in_message(reading.reads, reading.context)
    found = sorted({(each.part, each.start, each.end) for each in findings})
    return sorted(reading.marked), found


@dataclass
class _Text:
    """A text of an example without its marks."""

    chunks: list[Chunk] = field(default_factory=list)
    marked: list[tuple[int, int]] = field(default_factory=list)
    detections: list[Detection] = field(default_factory=list)
    length: int = 0

    def add(self, text: str, origin: Origin = LITERAL) -> None:
        if text:
            self.chunks.append(Chunk(text, origin))
            self.length += len(text)


class _Reading:
    """An example, ready to be read: its parts and its context."""

    def __init__(self, example: Example, lang: str) -> None:
        self._slots: dict[str, Slot] = {}
        self.reads: list[ReadPart] = []
        self.detections: list[list[Detection]] = []
        self.marked: list[tuple[str, int, int]] = []
        for name, kind, source in example.texts():
            text = self._parse(source)
            part = Part(name, kind, tuple(text.chunks))
            self.reads.append(_read(part, example))
            self.detections.append(text.detections)
            self.marked += [(name, start, end) for start, end in text.marked]
        self.context = _context(example, lang, self._slots)

    def _parse(self, source: str) -> _Text:
        """Take the marks, slots and detections out of *source*."""
        text, at, opened = _Text(), 0, -1
        for found in _MARK.finditer(source):
            text.add(source[at : found.start()])
            at = found.end()
            if found[0] == "[[":
                opened = text.length
            elif found[0] == "]]":
                text.marked.append((opened, text.length))
            elif found[1] == "slot":
                text.add(found[3], Origin(slots=frozenset({self._slot(found[2])})))
            else:
                entity, _, score = found[2].partition(" ")
                end = text.length + len(found[3])
                seen = Detection(entity, text.length, end, float(score or 1))
                text.detections.append(seen)
                text.add(found[3])
        text.add(source[at:])
        return text

    def _slot(self, words: str) -> str:
        """Make a slot of "observed", "observed user.location.precise" or with a level behind."""
        name = f"slot_{len(self._slots) + 1}"
        given = [*words.split(), "", ""]
        level = given[2] or EXACT
        self._slots[name] = Slot(
            spec=SlotSpec(name, name),
            outcome=SlotOutcome.ALLOW if level == EXACT else SlotOutcome.TRANSFORM,
            value="",
            level=level,
            technique=Technique.NONE if level == EXACT else Technique.GENERALISATION,
            reason="allowed",
            field=_field(name, given[0], given[1] or _DEFAULT_CATEGORY),
            record_id=None,
            event_index=None,
            basis=None,
        )
        return name


def _field(name: str, origin: str, key: str) -> Field:
    """Make a field of "observed" or "observed@third_party" and the key of a category."""
    how, _, who = origin.partition("@")
    provenance = term(Provenance, how)
    told = Source.DATA_SUBJECT if provenance is Provenance.PROVIDED else Source.CONTROLLER
    source = term(Source, who) if who else told
    about = category(key)
    ladder = ladders().get(about.generaliser or "")
    # A type that the category's generaliser reads; which one does not matter to a rule.
    kinds = ladder.types - {FieldType.ENUM} if ladder else {FieldType.TEXT}
    kind = FieldType(min(kinds))
    return Field(name, kind, about, provenance, source)


def _read(part: Part, example: Example) -> ReadPart:
    if part.kind is PartKind.HTML or example.parts:
        return read_part(part)
    offsets = range(len(part.text) + 1)
    return ReadPart(part, (Region(example.region, part.text, offsets),))


def _context(example: Example, lang: str, slots: Mapping[str, Slot]) -> CheckContext:
    return CheckContext(
        channel=example.channel,
        purpose=purpose(example.purpose) if example.purpose else None,
        lang="en" if lang == "any" else lang,
        complete=example.complete,
        identity=Identity(**example.sender.model_dump()),
        slots=slots,
        allowed=tuple(_known(example.allowed)),
        withheld=tuple(_known(example.withheld)),
        written_by_ai=example.written_by_ai,
    )


_TYPES: Final[Mapping[type, FieldType]] = {
    bool: FieldType.BOOL,
    int: FieldType.INT,
    float: FieldType.DECIMAL,
    datetime: FieldType.DATETIME,
    date: FieldType.DATE,
}


def _known(values: Mapping[str, object]) -> Iterator[KnownValue]:
    for name, value in values.items():
        yield KnownValue(name, _TYPES.get(type(value), FieldType.TEXT), value)
