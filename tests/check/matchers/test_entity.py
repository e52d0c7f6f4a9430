"""Kind `entity`: what detectors saw, less what may be shown."""

import pytest

from guardedpersonalize.check.context import CheckContext, Detection, Identity, KnownValue
from guardedpersonalize.check.reading import RegionKind
from guardedpersonalize.check.rules import RuleSet
from guardedpersonalize.profile import FieldType
from guardedpersonalize.render.draft import Chunk, Origin
from guardedpersonalize.vocabulary import Channel

MAIL = "ann@example.org"
TEXT = f"Write to {MAIL}."
AT = TEXT.index(MAIL)


@pytest.fixture
def find(make_rule, read_as):
    """Return a finder with one rule about e-mail addresses."""

    def run(score=1.0, entity="EMAIL_ADDRESS", kind=RegionKind.PLAIN, chunks=None, **given):
        match = {"kind": "entity", "entities": ["EMAIL_ADDRESS", "URL"], **given.pop("match", {})}
        rule = make_rule(
            id="PII301", family="pii", category="contact", match=match, channels={"post": "off"}
        )
        context = CheckContext(**{"channel": Channel.EMAIL, **given})
        seen = Detection(entity, AT, AT + len(MAIL), score)
        read = read_as(TEXT, kind=kind, chunks=chunks)
        return RuleSet([rule], {}).find(read, context, {0: [seen]})

    return run


def test_a_detection_is_a_finding(find):
    """It says which entity, and where."""
    (finding,) = find()
    assert (finding.entity, finding.start, finding.end) == ("EMAIL_ADDRESS", AT, AT + len(MAIL))


@pytest.mark.parametrize(
    "given",
    [
        {"entity": "PERSON"},
        {"score": 0.3},
        {"score": 0.5, "match": {"least_score": 0.6}},
        {"channel": Channel.POST},
        {"kind": RegionKind.LINK},
        {"identity": Identity(emails=(MAIL,))},
    ],
    ids=["entity", "score", "least", "off", "region", "sender"],
)
def test_what_a_rule_is_not_about_is_passed_over(find, given):
    """Another entity, too little confidence, a channel, a region, the sender's own address."""
    assert find(**given) == []


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        ("STREET_ADDRESS", "LOCATION"),
        ("DATE_OF_BIRTH", "DATE_TIME"),
        ("UK_NINO", "UK_NINO"),
        ("A_PLUGIN_S_OWN", "A_PLUGIN_S_OWN"),
    ],
)
def test_a_finding_has_the_name_that_presidio_knows(find, seen, said):
    """Other programs read it; a detector of one's own keeps its names."""
    (finding,) = find(entity=seen, match={"entities": [seen]})
    assert finding.entity == said


def test_what_the_reader_let_us_show_is_passed_over(find, make_slot):
    """Unless the rule is about a place where even that may not stand."""
    slot = make_slot("email", category="user.contact.email")
    chunks = (Chunk(TEXT[:AT]), Chunk(MAIL, Origin(slots=frozenset({"email"}))), Chunk("."))
    given = {
        "chunks": chunks,
        "slots": {"email": slot},
        "allowed": (KnownValue("email", FieldType.TEXT, MAIL),),
    }
    assert find(**given) == []
    (finding,) = find(**given, match={"allow_own": False})
    assert (finding.slots, finding.fields) == (("email",), ("email",))


def test_two_rules_ask_once_whose_it_is(make_rule, read_as, context):
    """Each of them finds what is nobody's."""
    match = {"kind": "entity", "entities": ["EMAIL_ADDRESS"]}
    rules = RuleSet(
        [
            make_rule(id=number, family="pii", category="contact", match=match)
            for number in ("PII301", "PII302")
        ],
        {},
    )
    seen = Detection("EMAIL_ADDRESS", AT, AT + len(MAIL), 1.0)
    found = rules.find(read_as(TEXT), context, {0: [seen]})
    assert [finding.rule for finding in found] == ["PII301", "PII302"]
