"""Languages: told where they can be, and what comes of it."""

import pytest

from guardedpersonalize.check import CheckContext, Checker
from guardedpersonalize.check.language import KNOWN, are_alike, base_language, language_of
from guardedpersonalize.check.pii import PatternDetector
from guardedpersonalize.render.draft import Draft, PartKind
from guardedpersonalize.vocabulary import Channel

CHECKER = Checker(shipped=[PatternDetector()])
GERMAN = "Wir haben gesehen, dass du gestern Abend lange vor den blauen Kinderwagen standest."
ENGLISH = "The blue pram is back in the shop, and it is ten per cent off until Sunday."
DUTCH = "De blauwe kinderwagen is weer terug in de winkel, met tien procent korting tot zondag."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ENGLISH, "en"),
        (GERMAN, "de"),
        (DUTCH, "nl"),
        ("ご注文ありがとうございます", "ja"),
        ("Sale: 20%", None),
        ("", None),
        ("🎉🎉🎉 \ud800 123", None),
        ("Merlot Rioja Malbec Chianti", None),
    ],
)
def test_a_language_is_told_where_it_can_be(text, expected):
    """A few words may be of any."""
    assert language_of(text) == expected


def test_only_the_start_of_a_long_text_is_read():
    """It is enough, and time is bounded."""
    assert language_of(ENGLISH * 30 + GERMAN * 10_000) == "en"


def test_hard_pairs_are_alike():
    """Danish under the name of Norwegian is no mistake to speak of."""
    assert are_alike("da", "no")
    assert are_alike("de", "de")
    assert not are_alike("de", "nl")
    assert base_language("EN_gb") == "en"
    assert "en" in KNOWN.split()


def gaps(text, lang):
    """Return the findings about the language of *text*."""
    draft = Draft.of_text([("text", PartKind.TEXT, text)], channel=Channel.EMAIL)
    report = CHECKER.check(draft, CheckContext(channel=Channel.EMAIL, lang=lang))
    return [finding.rule for finding in report.findings if finding.rule.startswith("UNK")]


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        (ENGLISH, "", []),
        (ENGLISH, "en-GB", []),
        ("Sale: 20%", "", []),
        (GERMAN, "", ["UNK107"]),
        (GERMAN, "de", ["UNK107"]),
        (GERMAN, "en", ["UNK108"]),
        (DUTCH, "", ["UNK102"]),
        (DUTCH, "nl", ["UNK102"]),
        (ENGLISH, "xx", ["UNK102"]),
    ],
)
def test_a_text_that_cannot_be_read_well_says_so(text, lang, expected):
    """No rules, rules in preview, or another language than was said; else nothing."""
    assert gaps(text, lang) == expected


def test_a_language_that_cannot_be_found_out_is_a_finding(monkeypatch):
    """Whatever fails, it is not known to be the one that was named."""

    def fail(text):
        raise RuntimeError

    monkeypatch.setattr("guardedpersonalize.check.checker.language_of", fail)
    assert gaps(ENGLISH, "en") == ["UNK108"]
