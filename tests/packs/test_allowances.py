"""Allowances: what they accept, and which of them are idle."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from guardedpersonalize.check import Finding
from guardedpersonalize.packs.allowances import accept, idle_allowances, unneeded
from guardedpersonalize.packs.pack import Allowed
from guardedpersonalize.vocabulary import Family, Severity

TODAY = date(2026, 11, 1)


def found(family: Family = Family.INTRUSIVE, line: int = 3) -> Finding:
    place = {"template": "t", "line": line}
    return Finding("R1", family, "", Severity.ERROR, "text", 0, 1, "is odd.", **place)


def allowed(line: int = 3, days: int = 0) -> Allowed:
    return Allowed("R1", "t", line, "we mean it", TODAY + timedelta(days), 7)


@pytest.mark.parametrize(
    ("finding", "one", "says"),
    [
        (found(), allowed(), ""),
        (found(), allowed(line=0), ""),
        (found(line=4), allowed(), "not needed"),
        (found(line=4), allowed(days=-1), "not needed"),
        (found(), allowed(days=-1), "ran out on 2026-10-31"),
        (found(Family.ECHO), allowed(), "in vain"),
        (found(Family.UNKNOWN), allowed(), "in vain"),
    ],
)
def test_an_allowance_accepts_or_is_reported(finding: Finding, one: Allowed, says: str) -> None:
    """One or the other, and never both; the report names the line of allow.toml."""
    (after,) = accept([finding], [one], TODAY)
    idle = idle_allowances([finding], [one], TODAY, unneeded([finding], [one]))
    assert (after.severity is Severity.INFO) is not bool(says)
    told = [(problem.path, problem.line, says in problem.message) for problem in idle]
    assert told == ([("allow.toml", 7, True)] if says else [])
