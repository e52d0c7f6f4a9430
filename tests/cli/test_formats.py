"""Notices as SARIF and as GitHub annotations."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft4Validator
from typer.testing import CliRunner

from guardedpersonalize.cli.app import app
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


@pytest.fixture(scope="module")
def validator() -> Draft4Validator:
    """Read the schema as Microsoft publishes it in npm's @microsoft/jest-sarif."""
    text = (Path(__file__).parent / "data" / "sarif-2.1.0-rtm.5.json").read_text()
    return Draft4Validator(json.loads(text))


class TestPublishedSchema:
    """Every SARIF log is valid against the schema of version 2.1.0."""

    @pytest.mark.parametrize(
        "notices",
        [
            [],
            [NOTICE],
            [Notice("a folder/é.j2", 0, "GP101", Severity.ERROR, "is missing.")],
            [Notice("", 0, "nonsense", Severity.INFO, "is odd.")],
        ],
    )
    def test_of_notices(self, validator: Draft4Validator, notices: list[Notice]) -> None:
        """With rules, with error codes, without a line, without a path."""
        assert [error.message for error in validator.iter_errors(json.loads(sarif(notices)))] == []

    @pytest.mark.parametrize("args", [("check", "We noticed you."), ("lint", "no such pack")])
    def test_of_the_commands(self, validator: Draft4Validator, args: tuple[str, ...]) -> None:
        """As `check` and `lint` print it, each with a result."""
        done = CliRunner().invoke(app, [*args, "--format", "sarif"])
        log = json.loads(done.stdout)
        assert [error.message for error in validator.iter_errors(log)] == []
        assert log["runs"][0]["results"]

    def test_the_schema_can_say_no(self, validator: Draft4Validator) -> None:
        """A log with an unknown level is not valid."""
        log = json.loads(sarif([NOTICE]))
        log["runs"][0]["results"][0]["level"] = "grave"
        assert not validator.is_valid(log)


def test_sarif_describes_rules_and_writes_paths_as_addresses() -> None:
    """A code scanner shows what a rule is about."""
    (run,) = json.loads(sarif([Notice("a b/t.j2", 1, "HYG101", Severity.WARN, "x")]))["runs"]
    (rule,) = run["tool"]["driver"]["rules"]
    place = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert (rule["name"], place) == ("braces-left-over", {"uri": "a%20b/t.j2"})
    assert rule["fullDescription"]["text"]
