"""What a page shows of one message: its parts, what stands behind them, and why it came out so."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from markupsafe import Markup, escape

from guardedpersonalize.check import Finding, Rule
from guardedpersonalize.decide import Rung
from guardedpersonalize.engine import Result
from guardedpersonalize.minimise import Slot, sentence_of
from guardedpersonalize.packs import PackTemplate, Persona
from guardedpersonalize.preview.framing import framed, height_of
from guardedpersonalize.preview.marks import Line, Run, lines_of, riskiest
from guardedpersonalize.render import Part, PartKind

__all__ = ["RUNGS", "Card", "Note", "PartView", "Shown", "SlotRow"]

RUNGS: Final[Mapping[Rung, str]] = {
    Rung.AS_WRITTEN: "It goes out as it was written.",
    Rung.OMITTED: "It goes out with less in it: slots were left empty.",
    Rung.FALLBACK: "It goes out with fallback texts in the place of values.",
    Rung.GENERIC: "The generic version goes out, which uses no personal field.",
    Rung.REVIEW: "A person has to look at it first.",
    Rung.BLOCK: "Nothing goes out.",
}
"""What each rung of the ladder means, in a sentence."""

_FRAME_CSS: Final = Path(__file__).with_name("static") / "frame.css"


@dataclass(frozen=True, slots=True)
class Shown:
    """One message of a preview: whose, made from what, and what became of it."""

    template: PackTemplate
    persona: Persona
    result: Result


@dataclass(frozen=True, slots=True, repr=False)
class SlotRow:
    """What became of a slot; `tip` says it in one line, beside the words that it wrote."""

    slot: Slot
    value: str
    reason: str
    tip: str


@dataclass(frozen=True, slots=True)
class Note:
    """A finding, its number in the message, and its rule where there is one."""

    number: int
    finding: Finding
    rule: Rule | None


@dataclass(frozen=True, slots=True, repr=False)
class PartView:
    """
    A part, as it is read.

    Args:
        name: Its name.
        is_html: True for markup.
        text: As a reader sees it.
        lines: Each with the notes on it, to be shown under it.
        notes: On what stands in no line.
        frame: For markup, the `srcdoc` of a frame, ready to stand between single quotes.
        height: How many pixels high that frame is.
    """

    name: str
    is_html: bool
    text: str
    lines: tuple[tuple[Line, tuple[Note, ...]], ...]
    notes: tuple[Note, ...]
    frame: Markup
    height: int


class Card:
    """
    One message, ready to be shown.

    Args:
        key: Starts the ids of its elements; letters, digits and hyphens.
        shown: The message.
        rules: Rule id -> rule.
    """

    def __init__(self, key: str, shown: Shown, rules: Mapping[str, Rule]) -> None:
        self.key = key
        self.template = shown.template
        self.persona = shown.persona
        self.result = shown.result
        self.decision = shown.result.decision
        self.rung = RUNGS[self.decision.rung]
        self._rules = rules

    @functools.cached_property
    def slots(self) -> Mapping[str, SlotRow]:
        """Slot name -> what became of it; empty where nothing was rendered."""
        slots = self.result.slots
        return {name: slot_row(slot) for name, slot in slots.items()} if slots else {}

    @functools.cached_property
    def filled(self) -> frozenset[str]:
        """Names of the slots that hold a value of the person."""
        return frozenset(name for name, row in self.slots.items() if row.slot.is_filled)

    @functools.cached_property
    def parts(self) -> Mapping[str, PartView]:
        """Part name -> part, in reading order."""
        draft = self.result.draft
        return {part.name: self._part(part) for part in draft.parts} if draft else {}

    def provenance(self, run: Run) -> str:
        """Return the provenance to show of *run*, which a slot wrote: the riskiest."""
        return riskiest(self.slots[name].slot.field.provenance for name in run.slots).value

    def tip(self, run: Run) -> str:
        """Return what stands behind *run*, slot by slot."""
        return "; ".join(self.slots[name].tip for name in run.slots)

    def called(self, kind: str) -> list[PartView]:
        """Return the parts whose names start with *kind*, such as the headlines of an ad."""
        return [part for name, part in self.parts.items() if name.startswith(kind)]

    def noted(self, part: str) -> bool:
        """Tell whether there is a finding in *part*."""
        return any(finding.part == part for finding in self.decision.findings)

    @functools.cached_property
    def refused(self) -> tuple[Note, ...]:
        """The findings of the message as written, where those of this version are others."""
        refused = self.result.refused
        return () if refused == self.decision.findings else self._notes(refused, start=1)

    def _part(self, part: Part) -> PartView:
        findings = [f for f in self.decision.findings if f.part == part.name]
        lines, elsewhere = lines_of(part, findings, self.filled)
        is_html = part.kind is PartKind.HTML
        text = "\n".join("".join(run.text for run in line.runs) for line in lines)
        return PartView(
            name=part.name,
            is_html=is_html,
            text=text,
            lines=tuple((line, self._notes(line.findings)) for line in lines),
            notes=self._notes(elsewhere),
            frame=self._frame(part, findings) if is_html else Markup(),
            height=height_of(len(text)),
        )

    def _notes(self, findings: Sequence[Finding], *, start: int = 0) -> tuple[Note, ...]:
        """Number *findings* from *start*, or as they stand in the decision where it is 0."""
        return tuple(
            Note(start + i if start else self.number(f), f, self._rules.get(f.rule))
            for i, f in enumerate(findings)
        )

    def number(self, finding: Finding) -> int:
        """Return the number of *finding* in this message, from 1."""
        return self.decision.findings.index(finding) + 1

    def _frame(self, part: Part, findings: Sequence[Finding]) -> Markup:
        source = framed(part, findings, self.filled, self._mark)
        end = f'<base target="_blank"><style>{_frame_css()}</style>'
        # Of an attribute between single quotes nothing else would end it or start a reference.
        return Markup((source + end).replace("&", "&amp;").replace("'", "&#39;"))  # noqa: S704

    def _mark(self, run: Run) -> str:
        """Return the attributes of the element around *run*, in a frame."""
        classes = ["gp-s", f"gp-{self.provenance(run)}"] if run.slots else []
        tips = [self.tip(run)] if run.slots else []
        for finding in run.findings:
            classes.append(f"gp-f-{finding.severity.value}")
            tips.append(f"{self.number(finding)}: {finding.rule} {finding.message}")
        told = escape("; ".join(tips))
        return f'class="gp {" ".join(classes)}" tabindex="0" data-tip="{told}"'


@functools.cache
def _frame_css() -> str:
    return " ".join(_FRAME_CSS.read_text(encoding="utf-8").split())


def slot_row(slot: Slot) -> SlotRow:
    """Return what a page tells of *slot*."""
    value = ", ".join(slot.value) if isinstance(slot.value, tuple) else str(slot.value)
    return SlotRow(slot, value, sentence_of(slot.reason), _tip(slot))


def _tip(slot: Slot) -> str:
    field = slot.field
    record = slot.record_id or "none needed"
    return (
        f"{slot.spec.name}: field {field.name}, {field.category.key}, {field.provenance.value}; "
        f"{field.generaliser or 'text'} at level {slot.level}; consent record {record}"
    )
