"""Findings that a pack accepts on purpose, for a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from guardedpersonalize.check import Finding
from guardedpersonalize.errors import Problem
from guardedpersonalize.packs.pack import Allowed
from guardedpersonalize.vocabulary import Family, Severity

__all__ = ["accept", "idle_allowances", "is_acceptable", "is_accepted", "matches", "unneeded"]


def accept(
    findings: Sequence[Finding], allowed: Sequence[Allowed], today: date
) -> tuple[Finding, ...]:
    """Return *findings*, those that *allowed* accepts today as info, with the reason."""
    if not allowed:
        return tuple(findings)
    return tuple(_accepted(finding, allowed, today) for finding in findings)


def _accepted(finding: Finding, allowed: Sequence[Allowed], today: date) -> Finding:
    one = _accepting(finding, allowed, today)
    if one is None:
        return finding
    message = f"{finding.message} Accepted until {one.until}: {one.because}"
    return replace(finding, severity=Severity.INFO, message=message)


def _accepting(finding: Finding, allowed: Sequence[Allowed], today: date) -> Allowed | None:
    if not is_acceptable(finding):
        return None
    return next((one for one in allowed if matches(one, finding) and today <= one.until), None)


def is_accepted(finding: Finding, allowed: Sequence[Allowed], today: date) -> bool:
    """Return True if one of *allowed* accepts *finding* today."""
    return _accepting(finding, allowed, today) is not None


def is_acceptable(finding: Finding) -> bool:
    """Return True unless it is an echo of a withheld value, or not knowing."""
    return finding.family not in {Family.UNKNOWN, Family.ECHO}


def matches(one: Allowed, finding: Finding) -> bool:
    """Return True if *one* names the rule and the place of *finding*."""
    is_here = one.path == finding.template and one.line in {0, finding.line}
    return one.rule == finding.rule and is_here


def unneeded(findings: Sequence[Finding], allowed: Sequence[Allowed]) -> list[Allowed]:
    """Return the allowances that none of *findings* needs."""
    return [one for one in allowed if not any(matches(one, finding) for finding in findings)]


def idle_allowances(
    findings: Sequence[Finding], allowed: Sequence[Allowed], today: date, spare: Sequence[Allowed]
) -> list[Problem]:
    """Return a problem for each allowance that is *spare*, that has run out, or that is in vain."""
    idle = []
    for one in allowed:
        where = f"the allowance of {one.rule} at {one.path}"
        met = [finding for finding in findings if matches(one, finding)]
        if one in spare:
            what = f"{where} is not needed.", "Remove it."
        elif today > one.until:
            what = f"{where} ran out on {one.until}.", "Mend the copy, or renew it."
        elif met and not any(map(is_acceptable, met)):
            what = f"{where} is in vain: this cannot be accepted.", "Mend the copy."
        else:
            continue
        idle.append(Problem("allow.toml", one.at, "GP111", *what))
    return idle
