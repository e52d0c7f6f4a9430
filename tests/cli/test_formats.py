"""Notices as SARIF and as GitHub annotations."""

from __future__ import annotations

import json

from guardedpersonalize.cli.formats import Notice, github, sarif
from guardedpersonalize.vocabulary import Severity

NOTICE = Notice("p/t.j2", 3, "HYG101", Severity.WARN, "a slot is empty.", "Give it a fallback.")


def test_sarif_names_rule_level_and_line() -> None:
    """A code scanner can place the finding."""
    (run,) = json.loads(sarif([NOTICE, NOTICE]))["runs"]
    (result,) = run["results"]
    assert (result["ruleId"], result["level"]) == ("HYG101", "warning")
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "HYG101"
    place = result["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "p/t.j2"}, "region": {"startLine": 3}}


def test_sarif_without_a_line_has_no_region() -> None:
    """Line 0 means the whole file, which SARIF says by leaving the region out."""
    notice = Notice("p", 0, "GP101", Severity.ERROR, "is missing.")
    (result,) = json.loads(sarif([notice]))["runs"][0]["results"]
    assert "region" not in result["locations"][0]["physicalLocation"]


def test_github_annotations_escape_what_would_end_them() -> None:
    """A message cannot start a command of its own."""
    notice = Notice("a,b:c.j2", 0, "GP1", Severity.ERROR, "50%\n::error::x")
    (line,) = github([notice])
    assert line == "::error file=a%2Cb%3Ac.j2,line=1,title=GP1::50%25%0A::error::x"


def test_a_notice_reads_as_one_line() -> None:
    """Path, line, severity, code, what and how."""
    assert str(NOTICE) == "p/t.j2:3: warn [HYG101] a slot is empty. Give it a fallback."
