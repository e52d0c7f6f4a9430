"""Kind `model`: verdicts become findings, and bear out what rules say."""

import pytest

from guardedpersonalize.check.context import VERDICT, CheckContext, Detection
from guardedpersonalize.check.finding import Report, Speaker
from guardedpersonalize.check.reading import RegionKind
from guardedpersonalize.check.rules import RuleSet
from guardedpersonalize.decide import Policy, decide
from guardedpersonalize.vocabulary import Channel, Outcome, Severity

TEXT = "We saw you linger. The pram folds flat."
CLAUSE = (0, 18)
PRAM = TEXT.index("The pram")


@pytest.fixture
def find(make_rule, lists, read_as):
    """Return a finder with a rule for the model and one about words."""

    def run(strength=Severity.WARN, span=CLAUSE, kind=RegionKind.PLAIN, channel="email", **given):
        category = {"category": "surveillance"}
        rules = [
            make_rule(
                id="INT299",
                severity="warn",
                match={"kind": "model"},
                channels={"post": "off"},
                **category,
            ),
            make_rule(
                id="INT201", match={"kind": "tokens", "any": ["saw you"]}, **(category | given)
            ),
        ]
        seen = Detection(VERDICT + "surveillance", *span, 0.9, strength)
        context = CheckContext(channel=Channel(channel))
        found = RuleSet(rules, {"en": lists}).find(read_as(TEXT, kind=kind), context, {0: [seen]})
        return {finding.rule: finding for finding in found}

    return run


def test_a_verdict_is_a_finding_of_its_category(find):
    """With its clause; the model's own."""
    found = find()["INT299"]
    assert (found.start, found.end, found.severity) == (*CLAUSE, "warn")
    assert found.speaker is Speaker.MODEL


@pytest.mark.parametrize(
    "given",
    [{"strength": Severity.INFO}, {"channel": "post"}, {"kind": RegionKind.LINK}],
    ids=["leaning", "off", "region"],
)
def test_what_does_not_stand_alone_is_no_finding(find, given):
    """A verdict that only leans, a channel that is off, a region that is not read."""
    assert "INT299" not in find(**given)


@pytest.mark.parametrize(
    ("severity", "agreed", "strength", "becomes"),
    [
        ("warn", None, "error", "error"),
        ("warn", None, "warn", "warn"),
        ("info", "warn", "info", "warn"),
        ("info", "warn", "error", "error"),
        ("info", None, "error", "info"),
        ("error", "warn", "info", "error"),
    ],
)
def test_rule_and_model_together_are_graver(find, severity, agreed, strength, becomes):
    """The rule's own severity where there is no more; never milder."""
    found = find(Severity(strength), severity=severity, agreed=agreed)["INT201"]
    assert found.severity == becomes
    assert found.speaker is Speaker.BOTH


def test_they_meet_in_one_sentence_only(find):
    """A verdict on the next sentence says nothing of this one."""
    found = find(Severity.ERROR, span=(PRAM, len(TEXT)), severity="warn")
    assert found["INT201"].severity is Severity.WARN


def test_a_rule_in_preview_stays_a_hint(find):
    """Whatever the model says."""
    found = find(Severity.ERROR, severity="warn", agreed="error", status="preview")
    assert found["INT201"].severity is Severity.INFO


def test_the_model_alone_never_blocks(find):
    """Not even under the strictest policy; a rule beside it may."""
    alone = find(severity="info")["INT299"]
    strict = Policy(review_at=Severity.INFO, block_at=Severity.INFO)
    assert decide(Report((alone,)), strict).outcome is Outcome.REVIEW
    both = tuple(find(Severity.ERROR, severity="warn").values())
    assert decide(Report(both), Policy()).outcome is Outcome.BLOCK
    named = Policy(rules={"INT299": Outcome.BLOCK})
    assert decide(Report((alone,)), named).outcome is Outcome.BLOCK
