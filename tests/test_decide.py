"""What a policy makes of findings and scores."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardedpersonalize.check.finding import Finding, Report, Score
from guardedpersonalize.decide import Decision, Policy, Rung, decide
from guardedpersonalize.vocabulary import Family, Outcome, Severity

RANK = [Outcome.SEND, Outcome.REVIEW, Outcome.BLOCK]


def finding(
    severity: Severity, *, rule: str = "INT201", family: Family = Family.INTRUSIVE
) -> Finding:
    return Finding(rule, family, "surveillance", severity, "text", 0, 4, "watches the reader.")


def outcome(*findings: Finding, policy: Policy | None = None, score: float = 0.0) -> Outcome:
    return decide(Report(findings, Score(score)), policy or Policy()).outcome


@pytest.mark.parametrize(
    ("severity", "expected"),
    [
        (Severity.INFO, Outcome.SEND),
        (Severity.WARN, Outcome.REVIEW),
        (Severity.ERROR, Outcome.BLOCK),
    ],
)
def test_a_severity_leads_to_its_outcome(severity: Severity, expected: Outcome) -> None:
    """Info sends, warn is reviewed and error blocks, unless the policy says otherwise."""
    assert outcome(finding(severity)) is expected


def test_the_worst_finding_decides() -> None:
    """A block is not outvoted."""
    found = (finding(Severity.INFO), finding(Severity.ERROR), finding(Severity.WARN))
    assert outcome(*found) is Outcome.BLOCK


def test_no_finding_and_no_score_sends() -> None:
    """Nothing to say means send."""
    assert outcome() is Outcome.SEND


@pytest.mark.parametrize(
    ("score", "expected"),
    [(9.9, Outcome.SEND), (10.0, Outcome.REVIEW), (16.0, Outcome.BLOCK)],
)
def test_a_score_at_a_threshold_reaches_it(score: float, expected: Outcome) -> None:
    """Thresholds are inclusive."""
    assert outcome(score=score) is expected


def test_a_service_message_is_not_judged_by_its_score() -> None:
    """It has to name what an offer had better not; its findings still count."""
    report = Report((finding(Severity.WARN),), Score(1000.0))
    assert decide(report, Policy(), is_scored=False).outcome is Outcome.REVIEW
    assert decide(Report((), Score(1000.0)), Policy(), is_scored=False).outcome is Outcome.SEND


def test_thresholds_can_be_switched_off() -> None:
    """Without thresholds no score stops a message."""
    policy = Policy(review_score=None, block_score=None)
    assert outcome(policy=policy, score=1000.0) is Outcome.SEND


def test_a_policy_can_set_the_outcome_of_a_rule() -> None:
    """A rule named in the policy is not judged by its severity."""
    policy = Policy(rules={"INT201": Outcome.REVIEW})
    assert outcome(finding(Severity.ERROR), policy=policy) is Outcome.REVIEW


def test_a_policy_cannot_send_what_is_not_known() -> None:
    """Not knowing is never a yes, whatever the policy says."""
    policy = Policy(rules={"UNK901": Outcome.SEND})
    unsure = finding(Severity.ERROR, rule="UNK901", family=Family.UNKNOWN)
    assert outcome(unsure, policy=policy) is Outcome.REVIEW


def test_a_policy_can_block_what_is_not_known() -> None:
    """A stricter wish for a rule of not knowing is kept."""
    policy = Policy(rules={"UNK901": Outcome.BLOCK})
    unsure = finding(Severity.WARN, rule="UNK901", family=Family.UNKNOWN)
    assert outcome(unsure, policy=policy) is Outcome.BLOCK


def test_causes_name_what_was_serious_once_each() -> None:
    """Causes leave out what would have been sent, and repeats."""
    found = (finding(Severity.WARN), finding(Severity.WARN), finding(Severity.INFO, rule="HYG1"))
    causes = decide(Report(found, Score(11.0)), Policy()).causes
    assert [cause.code for cause in causes] == ["INT201", "score"]


@pytest.mark.parametrize(
    ("rung", "outcome_", "is_sendable", "is_reduced"),
    [
        (Rung.AS_WRITTEN, Outcome.SEND, True, False),
        (Rung.GENERIC, Outcome.SEND, True, True),
        (Rung.REVIEW, Outcome.REVIEW, False, False),
    ],
)
def test_a_decision_says_whether_it_sends_and_whether_it_is_reduced(
    rung: Rung, outcome_: Outcome, is_sendable: bool, is_reduced: bool
) -> None:
    """Only what is sent below the first rung is reduced."""
    decision = Decision(outcome_, rung)
    assert (decision.is_sendable, decision.sendable) == (is_sendable, is_sendable)
    assert decision.is_reduced is is_reduced


findings = st.builds(
    finding, st.sampled_from(Severity), rule=st.sampled_from(["INT201", "HYG101", "PII101"])
)
policies = st.builds(
    Policy,
    review_at=st.sampled_from(Severity),
    block_at=st.sampled_from(Severity),
    rules=st.dictionaries(st.sampled_from(["INT201", "HYG101"]), st.sampled_from(Outcome)),
)


@given(st.lists(findings), findings, policies, st.floats(0, 30), st.floats(0, 30))
def test_more_findings_and_a_higher_score_never_make_it_better(
    some: list[Finding], extra: Finding, policy: Policy, score: float, more: float
) -> None:
    """The outcome only gets worse as the report grows."""
    before = decide(Report(tuple(some), Score(score)), policy).outcome
    after = decide(Report((*some, extra), Score(score + more)), policy).outcome
    assert RANK.index(after) >= RANK.index(before)
