"""The commands: their output, their exit status, and what bad input gets."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from guardedpersonalize import __version__
from guardedpersonalize.cli.app import app

PACKS = Path(__file__).parents[2] / "examples" / "packs"
GARDEN = str(PACKS / "garden-club")
KEYS = ["rule", "family", "category", "severity", "part", "start", "end", "entity", "message"]


def run(*args: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(app, list(args), input=stdin)


def results(run_: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run_.stdout.splitlines()]


class TestCheck:
    """`check`."""

    def test_it_marks_the_words_and_says_why_and_what_instead(self) -> None:
        """A person can see what is meant."""
        done = run("check", "We noticed you looked at our bird feeder.")
        assert done.exit_code == 1
        assert "[[" in done.stdout
        assert "why " in done.stdout
        assert "instead " in done.stdout

    def test_a_harmless_text_ends_with_status_0(self) -> None:
        """Nothing found is success."""
        done = run("check", "Our autumn books are in the shop.")
        assert (done.exit_code, done.stdout.strip()) == (0, "text: send")

    def test_json_lines_have_the_stable_shape(self, tmp_path: Path) -> None:
        """Other programs rely on the keys and their order."""
        path = tmp_path / "m.jsonl"
        path.write_text('{"id": "a", "channel": "sms", "text": "We noticed you.", "note": "x"}\n')
        (row,) = results(run("check", "--format", "jsonl", "--input", str(path)))
        assert list(row) == ["id", "outcome", "score", "findings"]
        assert (row["id"], row["outcome"]) == ("a", "block")
        assert list(row["findings"][0]) == KEYS

    @pytest.mark.parametrize(
        "line",
        [
            "{", "[]", "{}", '{"id": 1, "text": 7}', '{"text": "a", "channel": "tiktok"}',
            '{"text": "a", "profile": [1]}', '{"text": "a", "profile": {"a": {"b": 1}}}', "\xff",
            '{"text": "a", "channel": 7}', '{"text": "a", "lang": 7}', '{"text": null}',
        ],
    )  # fmt: skip
    def test_a_line_that_cannot_be_read_blocks_and_the_rest_goes_on(self, line: str) -> None:
        """One result a line, whatever the line."""
        stdin = line.encode("latin-1") + b'\n\n{"id": "good", "text": "Books"}\n'
        done = run("check", "--format", "jsonl", "--input", "-", stdin=stdin)
        bad, good = results(done)
        assert (bad["outcome"], bad["findings"][0]["family"]) == ("block", "unknown")
        assert (good["id"], good["outcome"]) == ("good", "send")
        assert done.exit_code == 1

    def test_subject_and_html_are_parts_of_their_own(self) -> None:
        """A finding says which of them it is in."""
        line = {
            "id": "a",
            "text": "Books",
            "html": "<p>We noticed you.</p>",
            "subject": "We saw you",
        }
        done = run("check", "--format", "jsonl", "--input", "-", stdin=json.dumps(line))
        assert {f["part"] for f in results(done)[0]["findings"]} >= {"html"}

    def test_a_profile_makes_the_name_known_and_other_values_echoes(self) -> None:
        """What a line brings of its reader is looked for."""
        line = {
            "text": "Wilhelmina, call 07700 900123",
            "profile": {"first_name": "Wilhelmina", "phone": "+447700900123"},
        }
        done = run("check", "--format", "jsonl", "--input", "-", stdin=json.dumps(line))
        assert "echo" in {f["family"] for f in results(done)[0]["findings"]}

    def test_standard_input_is_a_text(self) -> None:
        """A dash reads one text."""
        assert run("check", "-", stdin="We noticed you.").exit_code == 1

    def test_lesser_findings_can_be_left_out_and_do_not_fail(self) -> None:
        """`--min-severity` narrows the list, `--fail-on` the status."""
        text = "Mail ada@example.org"
        assert run("check", text, "--fail-on", "info").exit_code == 1
        narrowed = run("check", text, "--min-severity", "error", "--format", "json")
        assert all(f["severity"] == "error" for f in json.loads(narrowed.stdout)["findings"])

    @pytest.mark.parametrize("form", ["sarif", "github", "json"])
    def test_other_formats_name_the_rule(self, form: str) -> None:
        """Code scanners and annotations get the same findings."""
        assert "INT" in run("check", "We noticed you.", "--format", form).stdout

    @pytest.mark.parametrize(
        "args",
        [
            (), ("text", "--input", "x"), ("--input", "no-such-file"), ("a", "--format", "xml"),
            ("a", "--pack", "no-such-pack"), ("--input", "."),
        ],
    )  # fmt: skip
    def test_wrong_use_ends_with_status_2(self, args: tuple[str, ...]) -> None:
        """Missing, doubled and unreadable inputs are not findings."""
        assert run("check", *args).exit_code == 2

    def test_a_pack_makes_the_sender_known(self) -> None:
        """The sender's own address is nobody's personal data."""
        done = run("check", "Write to hello@garden-club.example", "--pack", GARDEN)
        assert done.exit_code == 0


class TestLint:
    """`lint`."""

    def test_the_example_packs_are_clean(self) -> None:
        """What we show passes what we ask."""
        done = run("lint", *(str(path) for path in sorted(PACKS.iterdir())))
        assert (done.exit_code, done.stdout.count("no problems")) == (0, 3)

    def test_a_broken_pack_is_reported_with_file_and_line(self, tmp_path: Path) -> None:
        """Every problem is one line."""
        root = shutil.copytree(GARDEN, tmp_path / "garden")
        path = root / "templates" / "spring-offer" / "body.txt.j2"
        path.write_text(path.read_text().replace("{{ region }}", "{{ regoin }}"))
        done = run("lint", str(root))
        assert done.exit_code == 1
        assert "spring-offer/body.txt.j2:" in done.stdout
        assert "Did you mean 'region'?" in done.stdout

    def test_a_templates_own_words_are_read(self, tmp_path: Path) -> None:
        """A phrase that watches the reader is found before any data exists."""
        root = shutil.copytree(GARDEN, tmp_path / "garden")
        path = root / "templates" / "spring-offer" / "body.txt.j2"
        path.write_text(path.read_text().replace("Bulbs and roses", "We noticed you like roses", 1))
        done = run("lint", str(root))
        assert done.exit_code == 1
        assert "body.txt.j2:" in done.stdout

    @pytest.mark.parametrize("form", ["json", "jsonl", "sarif", "github"])
    def test_every_format_says_it(self, tmp_path: Path, form: str) -> None:
        """A pack that is not there is a problem in each form."""
        done = run("lint", str(tmp_path / "none"), "--format", form)
        assert done.exit_code == 1
        assert "GP101" in done.stdout


class TestRules:
    """`rules` and `explain`."""

    def test_rules_are_listed_with_counts(self) -> None:
        """Families and languages are counted."""
        done = run("rules")
        assert done.exit_code == 0
        assert "intrusive" in done.stdout
        assert "all" in done.stdout

    def test_rules_can_be_narrowed_to_a_family(self) -> None:
        """As JSON, for other programs."""
        found = json.loads(run("rules", "--family", "echo", "--format", "json").stdout)
        assert {rule["family"] for rule in found} == {"echo"}

    def test_a_rule_is_explained(self) -> None:
        """What it flags, why, and examples of both kinds."""
        rule = json.loads(run("rules", "--format", "json").stdout)[0]
        done = run("explain", rule["id"])
        assert done.exit_code == 0
        assert rule["name"] in done.stdout
        assert "Flagged:" in done.stdout

    def test_an_unknown_rule_is_wrong_use(self) -> None:
        """The nearest is offered."""
        done = run("explain", "INT1O1")
        assert done.exit_code == 2
        assert "GP501" in done.stderr


class TestPreview:
    """`preview`."""

    def test_a_persona_sees_the_message_with_its_slots_marked(self) -> None:
        """Values stand between marks that tell their provenance."""
        done = run("preview", GARDEN, "spring-offer", "--persona", "everything")
        assert done.exit_code == 0
        assert "«Imogen»p" in done.stdout

    def test_people_are_made_up_for_each_template(self, tmp_path: Path) -> None:
        """On the page they stand beside the pack's own."""
        page = tmp_path / "page.html"
        shoes = (str(PACKS / "trail-shoes"), "city-store", "--persona", "nothing")
        done = run("preview", *shoes, "--worst-cases", "--html", str(page))
        assert done.exit_code == 0
        shown = page.read_text(encoding="utf-8")
        assert all(name in shown for name in ("Everything allowed", "All in capitals"))

    def test_a_refusal_is_shown_with_its_reason(self) -> None:
        """A blocked message has no text, and says why."""
        done = run("preview", GARDEN, "spring-offer", "--persona", "withdrew-yesterday")
        assert "block" in done.stdout
        assert "[withdrawn]" in done.stdout

    @pytest.mark.parametrize(
        "args", [("nosuch",), ("spring-offer", "--persona", "nobody"), ("--at", "yesterday")]
    )
    def test_wrong_names_are_wrong_use(self, args: tuple[str, ...]) -> None:
        """Templates, personas and times are checked first."""
        assert run("preview", GARDEN, *args).exit_code == 2


def test_the_version_is_printed() -> None:
    """As `guardedpersonalize --version`."""
    assert run("--version").stdout.strip() == f"guardedpersonalize {__version__}"
