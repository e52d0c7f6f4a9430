"""Findings and problems as JSON, SARIF 2.1.0 and GitHub annotations."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from guardedpersonalize._version import __version__
from guardedpersonalize.check import Finding, Rule, RuleSet
from guardedpersonalize.engine import Reviewed
from guardedpersonalize.errors import CODES, Problem
from guardedpersonalize.vocabulary import Severity

__all__ = ["Notice", "github", "notice_of", "notice_of_problem", "result_json", "sarif"]

_SARIF_LEVEL: Final = {Severity.INFO: "note", Severity.WARN: "warning", Severity.ERROR: "error"}
_GITHUB_LEVEL: Final = {Severity.INFO: "notice", Severity.WARN: "warning", Severity.ERROR: "error"}
_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"


@dataclass(frozen=True, slots=True, order=True)
class Notice:
    """
    A finding or a problem at a line of a file.

    Args:
        path: The file, as it was given.
        line: Line from 1; 0 where the file as a whole is meant.
        code: Rule id or error code.
        severity: info, warn or error.
        message: What is wrong.
        fix: What to do about it; may be empty.
    """

    path: str
    line: int
    code: str
    severity: Severity
    message: str
    fix: str = ""

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else self.path
        fix = f" {self.fix}" if self.fix else ""
        return f"{where}: {self.severity.value} [{self.code}] {self.message}{fix}"

    def to_json(self) -> dict[str, Any]:
        """Return the notice as a table for JSON."""
        return {
            "path": self.path,
            "line": self.line,
            "code": self.code,
            "severity": self.severity.value,
            "message": self.message,
            "fix": self.fix,
        }


def notice_of(finding: Finding, *, path: str = "") -> Notice:
    """Return *finding* as a notice at its template's line, or at *path* where it has none."""
    where, line = (finding.template, finding.line) if finding.template else (path, 0)
    return Notice(where, line, finding.rule, finding.severity, finding.message, finding.fix)


def notice_of_problem(problem: Problem, *, root: str) -> Notice:
    """Return *problem* of the pack in the folder *root* as a notice."""
    path = f"{root}/{problem.path}"
    return Notice(path, problem.line, problem.code, Severity.ERROR, problem.message, problem.remedy)


def result_json(id_: object, reviewed: Reviewed, minimum: Severity) -> dict[str, Any]:
    """Return one result of `check` in its stable shape."""
    return {
        "id": id_,
        "outcome": reviewed.outcome.value,
        "score": round(reviewed.report.score.total, 3),
        "findings": [_finding_json(finding) for finding in reviewed.report.at_least(minimum)],
    }


def _finding_json(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "family": finding.family.value,
        "category": finding.category,
        "severity": finding.severity.value,
        "part": finding.part,
        "start": finding.start,
        "end": finding.end,
        "entity": finding.entity,
        "message": finding.message,
    }


def sarif(notices: Iterable[Notice]) -> str:
    """Return *notices* as a SARIF 2.1.0 log."""
    found = sorted(set(notices))
    rules = sorted({notice.code for notice in found})
    known = {rule.id: rule for rule in RuleSet.load().rules}
    driver = {
        "name": "guardedpersonalize",
        "version": __version__,
        "rules": [_sarif_rule(code, known.get(code)) for code in rules],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_sarif_result(notice, rules) for notice in found],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2)


def _sarif_rule(code: str, rule: Rule | None) -> dict[str, Any]:
    """Return what a code scanner shows of a rule, or of an error code."""
    if rule is None:
        return {"id": code, "shortDescription": {"text": CODES.get(code, code)}}
    return {
        "id": code,
        "name": rule.name,
        "shortDescription": {"text": rule.message},
        "fullDescription": {"text": rule.rationale},
    }


def _sarif_result(notice: Notice, rules: Sequence[str]) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": quote(notice.path or "-")}}
    if notice.line:
        place["region"] = {"startLine": notice.line}
    return {
        "ruleId": notice.code,
        "ruleIndex": rules.index(notice.code),
        "level": _SARIF_LEVEL[notice.severity],
        "message": {"text": f"{notice.message} {notice.fix}".strip()},
        "locations": [{"physicalLocation": place}],
    }


def github(notices: Iterable[Notice]) -> list[str]:
    """Return *notices* as GitHub workflow commands, one a line."""
    return [_annotation(notice) for notice in sorted(set(notices))]


def _annotation(notice: Notice) -> str:
    level = _GITHUB_LEVEL[notice.severity]
    properties = {"file": notice.path, "line": str(notice.line or 1), "title": notice.code}
    listed = ",".join(f"{key}={_escaped(value, ',:')}" for key, value in properties.items())
    return f"::{level} {listed}::{_escaped(f'{notice.message} {notice.fix}'.strip())}"


def _escaped(text: str, extra: str = "") -> str:
    """Escape what the workflow commands' syntax gives a meaning to."""
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    for character in extra:
        escaped = escaped.replace(character, f"%{ord(character):02X}")
    return escaped
