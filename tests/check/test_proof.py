"""Proving a rule: how examples are written and read."""

from datetime import date

import pytest

from guardedpersonalize.check.matchers import Gap
from guardedpersonalize.check.rules import prove
from guardedpersonalize.errors import ConfigError, PackError
from guardedpersonalize.vocabulary import Channel

SLOT = {"kind": "slot", "provenance": ["observed"]}
MISSES = ["We saw it.", "You saw us."]


@pytest.fixture
def failures(make_rule, lists):
    """Return a prover of one rule with other examples."""

    def run(*must_match, misses=MISSES, **given):
        examples = {"must_match": must_match, "must_not_match": misses}
        return prove(make_rule(examples=examples, **given), lists={"en": lists})

    return run


def test_a_rule_is_proved_by_its_examples(failures):
    """Marks stand where it finds something, and nowhere else."""
    assert failures("[[We saw you]].", "Yes, [[we saw you]]. And [[we saw you]] twice.") == []


def test_every_failure_is_told_with_its_number(failures):
    """Not found, found elsewhere, not marked, found where nothing may be."""
    told = failures(
        "[[We heard you]].",
        "[[We saw]] you.",
        "We saw you.",
        "[[We saw you]].",
        misses=["We saw it.", "We saw you."],
    )
    assert told == [
        "must_match 1: expected [('text', 0, 12)], found [].",
        "must_match 2: expected [('text', 0, 6)], found [('text', 0, 10)].",
        "must_match 3: nothing is marked.",
        "must_not_match 2: expected [], found [('text', 0, 10)].",
    ]


def test_a_near_miss_may_hold_matches_too(failures):
    """A mark in it says which part is found and which is not."""
    assert (
        failures("[[We saw you]].", "[[we saw you]]", misses=["We saw it. [[We saw you]].", "No."])
        == []
    )


def test_brackets_of_what_is_found_are_no_marks(failures):
    """Left-over merge syntax may end with a bracket of its own."""
    match = {"kind": "phrase", "any": [r"\[[A-Z]+\]"]}
    assert failures("Hi [[[NAME]]].", "[[[NAME]]]", match=match) == []


@pytest.mark.parametrize(
    ("example", "is_found"),
    [
        ("Still after [[{slot:observed|gnomes}]]?", True),
        ("Still after {slot:provided|gnomes}?", False),
        ("Still after [[{slot:observed user.name.first|Ada}]]?", True),
        ("Still after [[{slot:observed@third_party user.name.first exact|Ada}]]?", True),
    ],
)
def test_slots_are_written_with_their_origin(failures, example, is_found):
    """Provenance, and source, data category and level if they matter."""
    told = failures(example, "[[{slot:observed|gnomes}]]", match=SLOT)
    assert told == ([] if is_found else ["must_match 1: nothing is marked."])


@pytest.mark.parametrize(
    ("match", "words", "is_found"),
    [
        ({"source": ["third_party"]}, "observed@third_party", True),
        ({"source": ["third_party"]}, "observed", False),
        ({"source": ["data_subject"]}, "provided", True),
        ({"categories": ["user.location"]}, "observed user.location.precise", True),
        ({"raw": True}, "observed user.location.precise", True),
        ({"raw": True}, "observed user.location.precise city", False),
    ],
)
def test_what_is_written_of_a_slot_is_heeded(failures, match, words, is_found):
    """A source of its own, a category, a level."""
    text = f"Tea in {{slot:{words}|Leeds}}."
    marked = text.replace("{slot", "[[{slot").replace("}.", "}]].")
    examples = (marked, marked) if is_found else ("[[x]]", "[[x]]")
    told = failures(
        *examples, misses=MISSES if is_found else [text, text], match={"kind": "slot", **match}
    )
    assert not [line for line in told if is_found or line.startswith("must_not")]


def test_detections_are_written_with_their_confidence(failures):
    """It is 1 unless given."""
    match = {"kind": "entity", "entities": ["PERSON"], "least_score": 0.5}
    family = {"id": "PII301", "family": "pii", "category": "x", "match": match}
    found = ("Dear [[{entity:PERSON|Ann}]]", "Dear [[{entity:PERSON 0.6|Ann}]]")
    assert failures(*found, misses=["Dear {entity:PERSON 0.4|Ann}", "Ann"], **family) == []


def test_context_is_written_beside_the_text(failures):
    """Region, channel, sender, withheld values, purpose, author, parts."""
    match = {"kind": "echo", "ways": ["whole", "date"]}
    family = {"id": "ECH301", "family": "echo", "category": "", "match": match}
    family |= {"regions": ["comment", "plain"], "channels": {"ad": "off"}}
    given = {"withheld": {"city": "Hebden Bridge"}}
    assert (
        failures(
            {"text": "In [[Hebden Bridge]]", "region": "comment", **given},
            {"text": "<!-- [[Hebden Bridge]] -->", "html": True, **given},
            {"parts": {"subject": "A tale", "text": "of [[Hebden Bridge]]"}, **given},
            misses=[
                {"text": "In Hebden Bridge", "channel": "ad", **given},
                {"text": "In Hebden Bridge", "region": "link", **given},
                {"text": "In Hebden Bridge", "allowed": {"place": "Hebden Bridge"}, **given},
                {"text": "<p>Hebden Bridge", "html": True, **given},
            ],
            **family,
        )
        == []
    )


def test_whole_messages_are_marked_at_their_end(failures):
    """An empty mark stands where something is missing."""
    match = {"kind": "required", "element": "sender", "channels": ["email"], "identity": ["name"]}
    family = {"id": "REQ301", "family": "required", "category": "", "match": match}
    whole = {"complete": True, "sender": {"name": "Tea Shed"}}
    html = {"parts": {"subject": "Teas", "text": "Tea Shed", "html": "<p>Teas[[]]"}, **whole}
    assert failures({"text": "Teas![[]]", **whole}, html, **family) == []


def test_a_date_may_be_withheld(failures):
    """A date in TOML is a date."""
    match = {"kind": "echo", "ways": ["whole", "date"]}
    family = {"id": "ECH301", "family": "echo", "category": "", "match": match}
    born = {"withheld": {"born": date(1990, 5, 12)}}
    examples = [{"text": text, **born} for text in ("Since [[12 May 1990]]", "[[1990-05-12]]")]
    assert failures(*examples, **family) == []


def test_a_rule_about_not_knowing_has_nothing_to_prove(make_rule):
    """The checker reports it, no text does."""
    match = {"kind": "unknown", "gap": Gap.INPUT}
    rule = make_rule(id="UNK301", family="unknown", category="", match=match, examples=None)
    assert prove(rule) == []


def test_the_shipped_lists_are_the_default(make_rule):
    """An author proves a rule with what will run it."""
    assert prove(make_rule(match={"kind": "tokens", "any": ["we @sense_past you"]})) == []


@pytest.mark.parametrize(
    ("text", "why"),
    [("{slot:watched|x}", "GP105"), ("{slot:observed user.moods|x}", "GP105")],
)
def test_a_word_that_is_no_term_is_an_error(failures, text, why):
    """A slip would prove nothing."""
    with pytest.raises(ConfigError, match=why):
        failures(text, text, match=SLOT)


def test_a_rule_that_cannot_run_cannot_be_proved(make_rule, lists):
    """Its own faults come first."""
    with pytest.raises(PackError, match="GP122"):
        prove(make_rule(match={"kind": "tokens", "any": ["we ["]}), lists={"en": lists})


def test_examples_run_on_the_channel_that_they_name(failures):
    """And on e-mail unless they name one."""
    only = {"channels": {"sms": "warn", "others": "off"}}
    sms = {"text": "[[We saw you]].", "channel": Channel.SMS}
    assert failures(sms, sms, misses=["We saw you.", "We saw you!"], **only) == []
