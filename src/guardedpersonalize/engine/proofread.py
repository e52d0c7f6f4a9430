"""Reading a pack's own words: templates with nothing filled in, and as its personas get them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from guardedpersonalize.check import CheckContext, Finding
from guardedpersonalize.engine.engine import Engine
from guardedpersonalize.errors import Problem, RenderError
from guardedpersonalize.packs import PackTemplate
from guardedpersonalize.packs.allowances import accept, idle_allowances, unneeded
from guardedpersonalize.packs.pack import Allowed
from guardedpersonalize.vocabulary import Family

__all__ = ["Proof", "is_of_value", "proofread"]

_OF_VALUES: Final = frozenset({Family.ECHO, Family.HYGIENE, Family.PII})


@dataclass(frozen=True, slots=True)
class Proof:
    """
    What a pack's own words give rise to.

    Args:
        findings: In the order of files and lines, each once.
        problems: Templates that cannot be rendered, and allowances that do nothing.
        unneeded: Allowances that no finding needs; none while a template cannot be rendered, for
            its findings are not known then.
    """

    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    unneeded: tuple[Allowed, ...]


def proofread(engine: Engine, *, today: date) -> Proof:
    """Read every template of the engine's pack without data, and for each of its personas."""
    pack = engine.pack
    findings: list[Finding] = []
    problems: list[Problem] = []
    for template in pack.templates.values():
        for is_generic in (False, True)[: 1 + template.has_generic]:
            try:
                findings += _read_empty(engine, template, is_generic=is_generic)
            except RenderError as err:
                path, _, line = (err.where or template.name).rpartition(":")
                message = f"cannot be rendered while its slots are empty: {err.message}"
                remedy = "Test a slot before it is used: {% if slot %}."
                number = int(line) if line.isdecimal() else 0
                problems.append(Problem(path or line, number, err.code, message, remedy))
        findings += _read_personas(engine, template)
    kept = sorted(set(findings), key=lambda f: (f.template, f.line, *f.sort_key))
    spare = () if problems else tuple(unneeded(kept, pack.allowed))
    problems += idle_allowances(kept, pack.allowed, today, spare)
    return Proof(accept(kept, pack.allowed, today), tuple(problems), spare)


def _read_empty(engine: Engine, template: PackTemplate, *, is_generic: bool) -> tuple[Finding, ...]:
    """Read a template with every slot at its fallback, or empty where it has none."""
    pack = engine.pack
    values: dict[str, object] = {
        spec.name: spec.fallback or ([] if spec.type == "list" else "") for spec in template.slots
    }
    draft = pack.render(template, values, is_generic=is_generic)
    context = CheckContext(
        channel=template.channel,
        purpose=template.purpose,
        lang=template.language,
        complete=True,
        identity=pack.identity,
        written_by_ai=template.written_by_ai,
        required_off=frozenset(template.required_off),
    )
    return engine.checker.check(draft, context).findings


def _read_personas(engine: Engine, template: PackTemplate) -> Iterator[Finding]:
    for persona in engine.pack.personas.values():
        result = engine.render(template.name, persona.profile, persona.consent, at=persona.at)
        for finding in (*result.refused, *result.findings):
            if not is_of_value(finding):
                yield finding


def is_of_value(finding: Finding) -> bool:
    """Tell whether a value alone gave rise to *finding*: the persona's, not the template's."""
    return bool(finding.slots) and finding.family in _OF_VALUES
