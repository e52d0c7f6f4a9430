"""Gates: what every match of an expression has is never asked for in vain."""

from __future__ import annotations

import re
import sys
from importlib import import_module

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guardedpersonalize.check.context import CheckContext, Identity
from guardedpersonalize.check.gates import EVERYTHING, Gate, Gated, Gates, Signs
from guardedpersonalize.check.matchers import PhraseMatcher, RequiredMatcher
from guardedpersonalize.check.needs import needs_of
from guardedpersonalize.check.pii.rows import load_rows
from guardedpersonalize.check.reading import ReadPart, Region, RegionKind
from guardedpersonalize.check.rules import RuleSet
from guardedpersonalize.render.draft import Chunk, Part, PartKind
from guardedpersonalize.vocabulary import Channel

MODULES = ("births", "disguises", "emails", "numbers", "phones", "places")
RULES = [rule for rule in RuleSet.load().rules if rule.match.kind in {"phrase", "required"}]
EXPRESSIONS = [
    *(re.compile(each, re.IGNORECASE) for rule in RULES for each in rule.match.any),
    *(row.regex for row in load_rows()),
    *(
        value
        for name in MODULES
        for value in vars(import_module(f"guardedpersonalize.check.pii.{name}")).values()
        if isinstance(value, re.Pattern)
    ),
]
EACH = [Gate.of(regex.pattern, regex.flags) for regex in EXPRESSIONS]
GATES = Gates(EACH)


@settings(suppress_health_check=list(HealthCheck), max_examples=5 * settings.default.max_examples)
@given(st.data())
def test_a_text_with_a_match_has_what_its_expression_needs(data: st.DataObject) -> None:
    """For each expression that is shipped, and whatever it matches."""
    regex = data.draw(st.sampled_from(EXPRESSIONS))
    text = data.draw(st.from_regex(regex))
    if regex.search(text):  # look-arounds are not always generated right
        assert Gate.of(regex.pattern, regex.flags).lets(Signs(text))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_examples_of_rules_pass_their_gates(rule) -> None:
    """Where an expression matches, as it is and in other spellings."""
    expressions = [re.compile(each, re.IGNORECASE) for each in rule.match.any]
    examples = (*rule.examples.must_match, *rule.examples.must_not_match)
    for text in (text for example in examples for _, _, text in example.texts()):
        for shown in (text, text.upper(), text.replace("'", "\u2019"), text.replace("s", "\u017f")):
            for regex in expressions:
                if regex.search(shown):
                    assert Gate.of(regex.pattern, regex.flags).lets(Signs(shown))


NEEDS = {
    r"unsubscrib(?:e|ing)\b": {"literals": ("unsubscribe", "unsubscribing")},
    r"(?<=[a-z]) {1,4}[,;](?=\s)": {"literals": (" ,", " ;")},
    r"\bdear (?:mr|mrs)\.?,": {"literals": ("dear mr,", "dear mr.,", "dear mrs,", "dear mrs.,")},
    r"b-?day|d\.?o\.?b": {"literals": ("b-day", "bday", "d.o.b", "d.ob", "do.b", "dob")},
    r"\u00ab[a-z]+\u00bb": {"literals": ("\uffff",)},
    r"it['\u2019]s\s(?=now)": {"literals": ("it's ",)},
    r"x{2}y?|z+\(": {"literals": ("xx", "z(")},
    r"[aeiou]": {"literals": ()},
    r"(?:ab)?c*.": {"literals": ()},
    r"[A-Z]\d{4}[ ./-]?\d{2}": {"digits": 6, "joined": 6, "run": 5, "chunk": 5},
    r"\d{5}-?[a-z]\d{2}": {"digits": 7, "joined": 5, "run": 5, "chunk": 8},
    r"\d{9}|\d{3}:\d{4}": {"digits": 7, "joined": 4, "run": 4, "chunk": 8},
    r"([^\W_])(-)(?:\2[^\W_]){4}": {"literals": ("-",), "run": 1, "chunk": 10},
    r"(?:a\d){3}(?:b\d)?": {"literals": (), "digits": 3, "joined": 1, "run": 6},
    r"[^\s<>]{6,9} [\w-]{3}": {"chunk": 6, "run": 0},
}


@pytest.mark.parametrize("source", NEEDS)
def test_needs_are_read_off_an_expression(source: str) -> None:
    """Texts, digits, and runs of letters and digits."""
    found = needs_of(source)
    assert {key: getattr(found, key) for key in NEEDS[source]} == NEEDS[source]


def test_what_matches_a_letter_shows_as_that_letter() -> None:
    """In any case, a few letters that are no ASCII match ones that are."""
    for letter in "abcdefghijklmnopqrstuvwxyz":
        regex = re.compile(letter, re.IGNORECASE)
        for sign in map(chr, range(0x80, 0x3000)):
            if regex.fullmatch(sign):
                assert letter in Signs(sign).letters


def test_an_expression_that_is_none_is_always_tried() -> None:
    """One of another engine, for which nothing can be said."""
    assert Gate.of(r"\p{L}{3}").lets(Signs(""))


def test_everything_passes_every_gate() -> None:
    """It is what a text is compared with."""
    assert all(Gate.of(regex.pattern, regex.flags).lets(EVERYTHING) for regex in EXPRESSIONS)
    assert EVERYTHING.joined == sys.maxsize


def test_signs_do_not_show_their_text() -> None:
    """Nor does what is kept of it."""
    assert repr(Signs("Ada Lovelace")) == "Signs(<12 characters>)"


def test_a_gated_expression_is_not_tried_in_vain() -> None:
    """Its matches are those that it has by itself."""
    gated = Gated.of(re.compile(r"opt[ -]out"))
    assert [m.span() for m in gated.finditer("opt-out", Signs("opt-out"))] == [(0, 7)]
    assert gated.is_in("opt-out", Signs("opt-out"))
    assert not gated.is_in("opt-out", Signs(""))
    assert list(gated.finditer("opt-out", Signs("out"))) == []


PIECES = (
    *("unsubscribe", "opt out", "opt", "-", "out", "STOP", "stop to", "reply", "you get this"),
    *("because", "we", "{{", "}}", "*|", "NAME", "%", "%%", "[", "]", "${", "Dear ", "hello"),
    *(
        ",",
        " ,",
        " !",
        "  ",
        "None",
        "nan",
        "null",
        "lorem ipsum",
        "TODO",
        "\u200b",
        "\u00e2\u20ac",
    ),
    *(
        "\u2019",
        "\u017f",
        "&amp;",
        "<mj-",
        "https://",
        "localhost",
        "privacy",
        "settings",
        "#",
        " ",
    ),
    *("Larch Books", "3 Quay Street", "AI", "written", "by", "a", "machine", "\x07", "\n", "."),
)

PHRASES, REQUIRED = (
    [
        made([rule for rule in RULES if rule.match.kind == kind], is_gated=flag)
        for flag in (True, False)
    ]
    for made, kind in ((PhraseMatcher, "phrase"), (RequiredMatcher, "required"))
)


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join), st.sampled_from(RegionKind))
def test_rules_behind_gates_find_what_they_find_without(text: str, kind: RegionKind) -> None:
    """Phrases and required elements, in any region."""
    part = Part("text", PartKind.TEXT, (Chunk(text),))
    region = Region(kind, text, range(len(text) + 1))
    read = ReadPart(part, (region,))
    who = Identity(name="Larch Books", postal_addresses=("3 Quay Street",))
    context = CheckContext(channel=Channel.EMAIL, identity=who)
    (gated, bare), (present, really_present) = PHRASES, REQUIRED
    assert list(gated.find(read, context, {})) == list(bare.find(read, context, {}))
    assert present.present(region, context) == really_present.present(region, context)


@given(st.lists(st.sampled_from((*PIECES, "4111", "K1234567", "-", "password:")), max_size=8))
def test_gates_asked_at_once_say_what_each_says(pieces: list[str]) -> None:
    """In the same order."""
    signs = Signs("".join(pieces))
    assert GATES.open(signs) == [i for i, gate in enumerate(EACH) if gate.lets(signs)]
    assert GATES.open(EVERYTHING) == list(range(len(EACH)))
