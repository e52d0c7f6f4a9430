"""A message as it will be read, in a terminal: slots by provenance, findings under their line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule as Divider
from rich.table import Table
from rich.text import Text

from guardedpersonalize.check import Finding, Score
from guardedpersonalize.engine import Result
from guardedpersonalize.preview.marks import Line, lines_of, riskiest
from guardedpersonalize.render import Part
from guardedpersonalize.vocabulary import Outcome, Provenance, Severity

__all__ = ["legend", "marked_part", "preview_result", "score_table"]

# Letters as well as colours, so that the provenance can be read without seeing colour.
_PROVENANCE: Final = {
    Provenance.PROVIDED: ("p", "green"),
    Provenance.OBSERVED: ("o", "yellow"),
    Provenance.DERIVED: ("d", "magenta"),
    Provenance.INFERRED: ("i", "red"),
}
_SEVERITY: Final = {Severity.INFO: "cyan", Severity.WARN: "yellow", Severity.ERROR: "red"}
_OUTCOME: Final = {Outcome.SEND: "green", Outcome.REVIEW: "yellow", Outcome.BLOCK: "red"}


def legend() -> Text:
    """Return the line that says what the marks around slots mean."""
    text = Text("slots: ")
    for provenance, (letter, colour) in _PROVENANCE.items():
        text.append(f"«{provenance.value}»{letter}", style=colour)
        text.append("  ")
    return text


def preview_result(title: str, result: Result) -> RenderableType:
    """Return *result* laid out part by part under *title*."""
    decision = result.decision
    head = Text(title, style="bold")
    head.append("  ")
    head.append(decision.outcome.value, style=f"bold {_OUTCOME[decision.outcome]}")
    head.append(f" ({decision.rung.value})")
    body: list[RenderableType] = [Divider(style="dim"), head]
    body += [Text(f"  why: [{cause.code}] {cause.message}") for cause in decision.causes]
    if result.slots:
        body += [_withheld(result)]
    slots = _provenances(result)
    for part in result.draft.parts if result.draft else ():
        found = [finding for finding in decision.findings if finding.part == part.name]
        body.append(Padding(marked_part(part, found, slots), (1, 0, 0, 2)))
    if decision.score.addends:
        body.append(Padding(score_table(decision.score), (1, 0, 0, 2)))
    return Group(*body)


def _withheld(result: Result) -> Text:
    slots = result.slots.withheld if result.slots else ()
    listed = ", ".join(f"{s.spec.name} ({s.outcome.value}: {s.reason})" for s in slots)
    return Text(f"  not filled: {listed}" if listed else "  every slot is filled", style="dim")


def _provenances(result: Result) -> Mapping[str, Provenance]:
    filled = result.slots.filled if result.slots else ()
    return {slot.spec.name: slot.field.provenance for slot in filled}


def marked_part(
    part: Part, findings: Sequence[Finding], slots: Mapping[str, Provenance]
) -> RenderableType:
    """
    Return *part* as it is read, its slots marked, each finding under the line it belongs to.

    Args:
        part: The part.
        findings: Its findings.
        slots: Slot name -> provenance of the field behind it.
    """
    lines, elsewhere = lines_of(part, findings, slots)
    shown: list[RenderableType] = [Text(f"{part.name}", style="bold underline")]
    for line in lines:
        if not line.is_blank:
            shown += [_marked(line, slots), *(_note(finding) for finding in line.findings)]
    # What stands in no shown line (a comment, a link, a missing element) comes last.
    shown += [_note(finding) for finding in elsewhere]
    return Group(*shown)


def _marked(line: Line, slots: Mapping[str, Provenance]) -> Text:
    text = Text("  ")
    behind: tuple[str, ...] = ()
    for run in line.runs:
        colour = _colour(run.slots, slots)
        if run.slots != behind:
            _close(text, behind, slots)
            text.append("«" if run.slots else "", style=colour)
            behind = run.slots
        text.append(run.text, style=f"{colour} reverse".strip() if run.findings else colour)
    _close(text, behind, slots)
    return text


def _close(text: Text, behind: Sequence[str], slots: Mapping[str, Provenance]) -> None:
    if behind:
        letter, colour = _look(behind, slots)
        text.append(f"»{letter}", style=colour)


def _colour(behind: Sequence[str], slots: Mapping[str, Provenance]) -> str:
    return _look(behind, slots)[1] if behind else ""


def _look(behind: Sequence[str], slots: Mapping[str, Provenance]) -> tuple[str, str]:
    return _PROVENANCE[riskiest(slots[name] for name in behind)]


def _note(finding: Finding) -> Text:
    note = Text("    ^ ", style=_SEVERITY[finding.severity])
    note.append(f"{finding.severity.value} {finding.rule} ")
    note.append(finding.message, style="default")
    if finding.fix:
        note.append(f" {finding.fix}", style="dim")
    if finding.template:
        note.append(f" ({finding.template}:{finding.line})", style="dim")
    return note


def score_table(score: Score) -> Table:
    """Return the score as its addends, the total last."""
    table = Table("score", "for", "points", box=None)
    for addend in score.addends:
        table.add_row(addend.name, addend.subject, f"{addend.value:+g}")
    table.add_row("total", "", f"{score.total:g}", style="bold")
    return table
