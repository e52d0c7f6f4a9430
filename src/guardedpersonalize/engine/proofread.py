"""
Reading a pack's own words: on every way through its templates, with nothing filled in, and as its
personas get them.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final, NamedTuple

from guardedpersonalize.check import Finding
from guardedpersonalize.engine.engine import Engine
from guardedpersonalize.engine.message import context_of
from guardedpersonalize.engine.skeletons import SkeletonReader
from guardedpersonalize.errors import Problem, RenderError
from guardedpersonalize.packs import PackTemplate
from guardedpersonalize.packs.allowances import accept, idle_allowances, unneeded
from guardedpersonalize.packs.pack import Allowed
from guardedpersonalize.vocabulary import Family

__all__ = ["PartlyRead", "Proof", "is_of_value", "proofread"]

_NOON: Final = time(12, tzinfo=UTC)
_OF_VALUES: Final = frozenset({Family.ECHO, Family.HYGIENE, Family.PII})


class PartlyRead(NamedTuple):
    """A version of a template of which not every way was read: its entry, and how many were."""

    entry: str
    ways: int


@dataclass(frozen=True, slots=True)
class Proof:
    """
    What a pack's own words give rise to.

    Args:
        findings: In the order of files and lines, each once.
        problems: Templates that cannot be rendered, and allowances that do nothing.
        unneeded: Allowances that no finding needs; none while a template cannot be rendered, for
            its findings are not known then.
        partly: Versions of templates with more ways through them than are read.
    """

    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    unneeded: tuple[Allowed, ...]
    partly: tuple[PartlyRead, ...] = ()


def proofread(engine: Engine, *, today: date) -> Proof:
    """Read every template of the engine's pack without data, and for each of its personas."""
    pack = engine.pack
    reading = _Reading(engine, datetime.combine(today, _NOON))
    for template in pack.templates.values():
        for is_generic in template.versions:
            reading.read(template, is_generic=is_generic)
        reading.findings += _read_personas(engine, template)
    problems = reading.problems
    found = [*set(reading.findings), *_new(reading.on_ways, reading.findings)]
    kept = sorted(found, key=lambda f: (f.template, f.line, *f.sort_key))
    spare = () if problems else tuple(unneeded(kept, pack.allowed))
    problems += idle_allowances(kept, pack.allowed, today, spare)
    accepted = accept(kept, pack.allowed, today)
    return Proof(accepted, tuple(problems), spare, tuple(reading.partly))


class _Reading:
    """Gathers what the templates alone give rise to."""

    def __init__(self, engine: Engine, at: datetime) -> None:
        self.engine = engine
        self.findings: list[Finding] = []
        self.on_ways: list[Finding] = []
        self.problems: list[Problem] = []
        self.partly: list[PartlyRead] = []
        self._at = at

    @functools.cached_property
    def _reader(self) -> SkeletonReader:
        return SkeletonReader(self.engine.workshop, at=self._at)

    def read(self, template: PackTemplate, *, is_generic: bool) -> None:
        """Read one version of *template*."""
        remedy = "Test a slot before it is used: {% if slot %}."
        try:
            self.findings += _read_empty(self.engine, template, is_generic=is_generic)
        except RenderError as err:
            self._fails(template, err, "while its slots are empty", remedy)
            return
        try:
            report = self._reader.read(template, is_generic=is_generic)
        except RenderError as err:
            self._fails(template, err, "on all ways", "Make it simpler.")
            return
        self.on_ways += (each for each in report.findings if not is_of_value(each))
        if report.error is not None:
            self._fails(template, report.error, "on one of its ways", remedy)
        if not report.is_whole:
            entry = template.entry(is_generic=is_generic)
            self.partly.append(PartlyRead(entry, report.ways))

    def _fails(self, template: PackTemplate, err: RenderError, when: str, remedy: str) -> None:
        path, _, line = (err.where or template.name).rpartition(":")
        message = f"cannot be rendered {when}: {err.message}"
        number = int(line) if line.isdecimal() else 0
        self.problems.append(Problem(path or line, number, err.code, message, remedy))


def _read_empty(engine: Engine, template: PackTemplate, *, is_generic: bool) -> tuple[Finding, ...]:
    """Read a template with every slot at its fallback, or empty where it has none."""
    values: dict[str, object] = {
        spec.name: spec.fallback or ([] if spec.type == "list" else "") for spec in template.slots
    }
    draft = engine.pack.render(template, values, is_generic=is_generic)
    return engine.checker.check(draft, context_of(engine.pack, template)).findings


def _new(on_ways: Iterable[Finding], found: Iterable[Finding]) -> Iterator[Finding]:
    """Yield of the findings on ways those that say something new, the gravest of each place."""
    known: dict[tuple[object, ...], int] = {}
    for each in found:
        known[_place(each)] = max(each.severity.rank, known.get(_place(each), -1))
    for each in sorted(on_ways, key=lambda f: -f.severity.rank):
        if each.severity.rank > known.get(_place(each), -1):
            known[_place(each)] = each.severity.rank
            yield each


def _place(finding: Finding) -> tuple[object, ...]:
    """Return what is the same for one finding on every way: where it stands is not."""
    return (finding.rule, finding.template, finding.line, finding.part, finding.entity)


def _read_personas(engine: Engine, template: PackTemplate) -> Iterator[Finding]:
    for persona in engine.pack.personas.values():
        result = engine.render(template.name, persona.profile, persona.consent, at=persona.at)
        for finding in (*result.refused, *result.findings):
            if not is_of_value(finding):
                yield finding


def is_of_value(finding: Finding) -> bool:
    """Tell whether a value alone gave rise to *finding*: the persona's, not the template's."""
    return bool(finding.slots) and finding.family in _OF_VALUES
