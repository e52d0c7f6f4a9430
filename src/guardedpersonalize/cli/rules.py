"""`rules` and `explain`: the rule catalogue, and one rule in words."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from guardedpersonalize.check import Rule, RuleSet
from guardedpersonalize.check.rules import Example
from guardedpersonalize.cli.options import Format, OutputFormat
from guardedpersonalize.errors import UsageError
from guardedpersonalize.vocabulary import Family, Severity, did_you_mean, term

__all__ = ["explain", "rules"]

RuleId = Annotated[str, typer.Argument(help="Id or name of a rule.", show_default=False)]
FamilyOption = Annotated[
    str, typer.Option("--family", help="Only rules of this family.", show_default=False)
]


def rules(family: FamilyOption = "", form: Format = OutputFormat.TEXT) -> None:
    """List the rules, with counts per family and language."""
    wanted = term(Family, family) if family else None
    found = [rule for rule in RuleSet.load().rules if wanted in (None, rule.family)]
    if form is not OutputFormat.TEXT:
        rows = [_summary(rule) for rule in found]
        lines = [json.dumps(row, ensure_ascii=False) for row in rows]
        whole = json.dumps(rows, ensure_ascii=False, indent=2)
        typer.echo("\n".join(lines) if form is OutputFormat.JSONL else whole)
        return
    console = Console()
    console.print(_listing(found), _counts(found))


def _summary(rule: Rule) -> dict[str, str]:
    return {
        "id": rule.id,
        "name": rule.name,
        "family": rule.family.value,
        "category": rule.category,
        "severity": rule.severity.value,
        "lang": rule.lang,
        "status": rule.status,
        "message": rule.message,
    }


def _listing(found: list[Rule]) -> Table:
    table = Table("id", "name", "family", "category", "severity", "language", box=None)
    for rule in found:
        severity = rule.severity.value
        table.add_row(rule.id, rule.name, rule.family.value, rule.category, severity, rule.lang)
    return table


def _counts(found: list[Rule]) -> Table:
    table = Table("family", "language", *(s.value for s in Severity), "rules", box=None)
    counts = Counter((rule.family.value, rule.lang, rule.severity) for rule in found)
    for family, lang in sorted({(family, lang) for family, lang, _ in counts}):
        row = [counts[family, lang, severity] for severity in Severity]
        table.add_row(family, lang, *map(str, row), str(sum(row)))
    table.add_section()
    totals = [sum(n for key, n in counts.items() if key[2] is severity) for severity in Severity]
    table.add_row("all", "", *map(str, totals), str(sum(totals)))
    return table


def explain(rule: RuleId) -> None:
    """Say what a rule flags, why, and what to write instead."""
    catalogue = RuleSet.load()
    found = next((r for r in catalogue.rules if rule.casefold() in (r.id.casefold(), r.name)), None)
    if found is None:
        ids = [name for r in catalogue.rules for name in (r.id, r.name)]
        remedy = did_you_mean(rule, ids) or "`guardedpersonalize rules` lists them."
        raise UsageError("GP501", f"there is no rule {rule!r}.", remedy=remedy)
    typer.echo("\n".join(_words(found)))


def _words(rule: Rule) -> list[str]:
    category = f", {rule.category}" if rule.category else ""
    lines = [
        f"{rule.id} {rule.name}  ({rule.family.value}{category}; {rule.severity.value})",
        "",
        f"Flags     {rule.message}",
        f"Why       {rule.rationale}",
    ]
    lines += [f"Do        {rule.fix}"] if rule.fix else []
    lines += [f"Instead   {rule.instead}"] if rule.instead else []
    if rule.match.kind == "model":
        lines += [
            "Speaks    The reader model alone. It sends a message to review and never blocks."
        ]
    elif rule.agreed is not None:
        lines += [f"Speaks    By itself {rule.severity}; {rule.agreed} where the model agrees."]
    lines += [f"Source    {source}" for source in rule.sources]
    if rule.examples is not None:
        lines += ["", "Flagged:", *_shown(rule.examples.must_match)]
        lines += ["", "Fine:", *_shown(rule.examples.must_not_match)]
    return lines


def _shown(examples: Sequence[Example]) -> Iterator[str]:
    """Yield the texts of *examples*, as the rule file writes them."""
    for example in examples:
        texts = example.parts.values() if example.parts else [example.text]
        yield "  - " + " / ".join(" ".join(text.split()) for text in texts)
