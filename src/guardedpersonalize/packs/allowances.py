"""Findings that a pack accepts on purpose, for a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from guardedpersonalize.check import Finding
from guardedpersonalize.errors import Problem
from guardedpersonalize.packs.pack import Allowed
from guardedpersonalize.vocabulary import Family, Severity

__all__ = ["accept", "idle_allowances"]


def accept(
    findings: Sequence[Finding], allowed: Sequence[Allowed], today: date
) -> tuple[Finding, ...]:
    """
    Return *findings*, those that *allowed* accepts today as info, with the reason.

    Not knowing and an echo of a withheld value cannot be accepted.
    """
    if not allowed:
        return tuple(findings)
    return tuple(_accepted(finding, allowed, today) for finding in findings)


def _accepted(finding: Finding, allowed: Sequence[Allowed], today: date) -> Finding:
    if finding.family in {Family.UNKNOWN, Family.ECHO}:
        return finding
    for one in allowed:
        if matches(one, finding) and today <= one.until:
            message = f"{finding.message} Accepted until {one.until}: {one.because}"
            return replace(finding, severity=Severity.INFO, message=message)
    return finding


def matches(one: Allowed, finding: Finding) -> bool:
    """Return True if *one* names the rule and the place of *finding*."""
    is_here = one.path == finding.template and one.line in {0, finding.line}
    return one.rule == finding.rule and is_here


def idle_allowances(
    findings: Sequence[Finding], allowed: Sequence[Allowed], today: date
) -> list[Problem]:
    """Return a problem for each allowance that has run out, or that none of *findings* needs."""
    idle = []
    for one in allowed:
        if today > one.until:
            message = f"the allowance of {one.rule} at {one.path} ran out on {one.until}."
            idle.append(Problem("allow.toml", 0, "GP111", message, "Mend the copy, or renew it."))
        elif not any(matches(one, finding) for finding in findings):
            message = f"the allowance of {one.rule} at {one.path} is not needed."
            idle.append(Problem("allow.toml", 0, "GP111", message, "Remove it."))
    return idle
