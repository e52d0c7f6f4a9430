"""Reading any text, with what is known of its reader."""

from __future__ import annotations

import pytest

from guardedpersonalize.decide import Policy, decide
from guardedpersonalize.engine import Engine
from guardedpersonalize.errors import ConfigError
from guardedpersonalize.profile import Profile
from guardedpersonalize.vocabulary import Outcome, Severity

ENGINE = Engine()


def families(text: str, **options: object) -> set[str]:
    reviewed = ENGINE.check(text, **options)  # type: ignore[arg-type]
    return {finding.family.value for finding in reviewed.report.findings}


def test_a_harmless_text_is_sent() -> None:
    """Most copy has nothing to be flagged."""
    assert ENGINE.check("Our autumn books are in the shop.").outcome is Outcome.SEND


def test_a_value_of_the_reader_is_an_echo() -> None:
    """What is known of the reader is looked for, in other spellings too."""
    profile = Profile("r-1", {"birth_date": "1987-05-05"})
    assert "echo" in families("Born on 5 May 1987, are you?", profile=profile)


def test_the_readers_name_is_none() -> None:
    """A reader may be called by name."""
    profile = Profile("r-1", {"first_name": "Wilhelmina"})
    assert "echo" not in families("Dear Wilhelmina, our books are in.", profile=profile)


def test_html_and_subject_are_read_too() -> None:
    """Each part that is given is read under its own name."""
    html = "<p>Books</p><img alt='mail ada@example.org'>"
    reviewed = ENGINE.check("Books", subject="For ada@example.org", html=html)
    assert {f.part for f in reviewed.report.findings} >= {"subject", "html"}


def test_a_whole_message_is_asked_for_its_elements() -> None:
    """A passage is not a message; a message without an opt-out is not complete."""
    assert "required" not in families("Books")
    assert "required" in families("Books", complete=True)


def test_a_language_without_rules_is_not_known_to_be_fine() -> None:
    """Not knowing is a finding that stops the message."""
    reviewed = ENGINE.check("Tere", lang="et")
    assert reviewed.outcome is Outcome.BLOCK
    assert {f.family.value for f in reviewed.report.findings} == {"unknown"}


@pytest.mark.parametrize(
    ("lang", "text", "rule"),
    [
        ("de", "Wir haben gesehen, dass du lange vor den Lampen stehen geblieben bist.", "INT1201"),
        ("fr-CA", "Nous savons déjà que vous ne cuisinez pas le dimanche.", "INT2101"),
        ("es", "Vimos que te detuviste delante de las lámparas.", "INT3201"),
        ("ja", "お客様が照明の前で立ち止まったのを見ていました。", "INT4201"),
        ("id", "Kami lihat kamu lama berhenti di depan lampu.", "INT5201"),
    ],
)
def test_a_language_in_preview_gives_hints_and_says_so(lang: str, text: str, rule: str) -> None:
    """Nothing is held back by such a rule, and the report tells that it is in preview."""
    reviewed = ENGINE.check(text, lang=lang)
    assert {"UNK107", rule} <= {f.rule for f in reviewed.report.findings}
    assert {f.severity for f in reviewed.report.findings} == {Severity.INFO}
    assert reviewed.outcome is Outcome.SEND


def test_a_policy_may_hold_what_is_in_preview() -> None:
    """By the id of the rule that says so."""
    policy = Policy(rules={"UNK107": Outcome.REVIEW})
    report = ENGINE.check("Unsere Lampen sind heute günstig.", lang="de").report
    assert decide(report, policy).outcome is Outcome.REVIEW


def test_an_unknown_channel_is_an_error() -> None:
    """The nearest known one is offered."""
    with pytest.raises(ConfigError, match="email"):
        ENGINE.check("Books", channel="emial")


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t",
        "\ud800",
        "\x00\x01",
        "a" * 100_000,
        "😀" * 2_000,
        "=" * 5_000,
        "<" * 5_000,
        "a.a." * 5_000,
    ],
)
def test_any_text_is_read_to_the_end(text: str) -> None:
    """Odd texts get an answer, as text and as HTML."""
    assert ENGINE.check(text, html=text).outcome in Outcome
