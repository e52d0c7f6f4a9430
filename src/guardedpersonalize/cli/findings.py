"""A checked text in a terminal: the words marked, why, and what to write instead."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.text import Text

from guardedpersonalize.check import Finding, RuleSet
from guardedpersonalize.check.finding import Speaker
from guardedpersonalize.engine import Reviewed
from guardedpersonalize.preview import score_table
from guardedpersonalize.vocabulary import Outcome, Severity

__all__ = ["show_reading"]

_OUTCOME = {Outcome.SEND: "green", Outcome.REVIEW: "yellow", Outcome.BLOCK: "red"}
_SEVERITY = {Severity.INFO: "cyan", Severity.WARN: "yellow", Severity.ERROR: "red"}


def show_reading(
    console: Console,
    id_: object,
    texts: Mapping[str, str],
    reviewed: Reviewed,
    minimum: Severity,
) -> None:
    """Print one checked text: its outcome, each finding with its words marked, and the score."""
    outcome = reviewed.outcome
    console.print(Text.assemble((f"{id_}: ", "bold"), (outcome.value, f"bold {_OUTCOME[outcome]}")))
    rules = {rule.id: rule for rule in RuleSet.load().rules}
    for finding in reviewed.report.at_least(minimum):
        console.print(_headline(finding))
        if words := _marked(texts.get(finding.part, ""), finding):
            console.print(words)
        rule = rules.get(finding.rule)
        if rule is not None:
            console.print(Text(f"      why      {rule.rationale}", style="dim"))
            if rule.instead:
                console.print(Text(f"      instead  {rule.instead}", style="dim"))
    if reviewed.report.score.addends:
        console.print(score_table(reviewed.report.score))


def _headline(finding: Finding) -> Text:
    family = finding.category or finding.entity or finding.family.value
    return Text.assemble(
        "  ",
        (f"{finding.severity.value} {finding.rule}", _SEVERITY[finding.severity]),
        f" {family}: {finding.message}",
        ("" if finding.speaker is Speaker.RULE else f"  (by {finding.speaker})", "dim"),
    )


def _marked(text: str, finding: Finding) -> Text | None:
    """Return the line around the finding with its words in brackets, or None where none stand."""
    if finding.end <= finding.start or not text:
        return None
    first = text.rfind("\n", 0, finding.start) + 1
    last = text.find("\n", finding.end)
    end = len(text) if last < 0 else last
    marked = Text("      ")
    marked.append(text[first : finding.start])
    marked.append(f"[[{text[finding.start : finding.end]}]]", style="bold reverse")
    marked.append(text[finding.end : end])
    return marked
