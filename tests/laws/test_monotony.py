"""Law 2: less permission never shows more, and more rules never let more through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from law_scenes import CHECKER, FEWER, engine_of

from guardedpersonalize.check import (
    CheckContext,
    Checker,
    Detection,
    Finding,
    KnownValue,
    MessageReader,
    Report,
    RuleSet,
)
from guardedpersonalize.check.pii import ENTITIES
from guardedpersonalize.consent import Consent
from guardedpersonalize.decide import Policy
from guardedpersonalize.engine import Engine
from guardedpersonalize.packs import Pack
from guardedpersonalize.render import Draft
from guardedpersonalize.testing import laws
from guardedpersonalize.testing.strategies import Scene, lesser_consents, scenes
from guardedpersonalize.vocabulary import Family, Outcome, Severity


@st.composite
def scenes_and_less(draw: st.DrawFn) -> tuple[Scene, Consent]:
    """Draw a scene, and a consent that allows less than its own, or as much."""
    scene = draw(scenes())
    less = draw(lesser_consents(scene.consent, person=scene.profile.recipient_id))
    return scene, less


@FEWER
@given(scenes_and_less())
def test_less_permission_never_shows_more(drawn: tuple[Scene, Consent]) -> None:
    """Nothing is used, filled or shown that was not before."""
    scene, less = drawn
    engine = engine_of(scene.pack)
    laws.monotony_of_consent(
        engine, scene.template, scene.profile, scene.consent, scene.at, lesser=less
    )


class Suspicious(Checker):
    """A reader that always finds something more: on a slot, or on words of the template."""

    def __init__(self, extra: Sequence[tuple[int, int, Severity, Family]]) -> None:
        super().__init__(rules=CHECKER.rules)
        self.extra = extra

    def reader_of(self, context: CheckContext) -> MessageReader:
        """Return a reader that reads as ever, and adds findings."""
        reader = super().reader_of(context)
        check = reader.check

        def suspicious(draft: Draft, withheld: Sequence[KnownValue] = ()) -> Report:
            report = check(draft, withheld)
            more = [self.made(draft, *each) for each in self.extra]
            return replace(report, findings=(*report.findings, *more))

        reader.check = suspicious  # type: ignore[method-assign]
        return reader

    def made(self, draft: Draft, part: int, at: int, severity: Severity, family: Family) -> Finding:
        """Return a finding on the chunk number *at* of the part number *part*."""
        where = draft.parts[part % len(draft.parts)]
        spans = list(where.spans())
        start, end, chunk = spans[at % len(spans)]
        slots = tuple(sorted(chunk.origin.slots))
        return Finding("ZZ1", family, "", severity, where.name, start, end, "found.", slots=slots)


findings = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.integers(0, 9),
        st.sampled_from(Severity),
        st.sampled_from((Family.INTRUSIVE, Family.ECHO, Family.UNKNOWN)),
    ),
    min_size=1,
    max_size=3,
)


def stricter(scene: Scene, checker: Checker) -> Engine:
    """Return an engine for the scene's pack that reads with *checker*."""
    engine = engine_of(scene.pack)
    engine.checker = checker
    return engine


def holds(scene: Scene, mild: Engine, strict: Engine) -> None:
    """Hold the scene to the law."""
    laws.monotony_of_rules(
        mild, scene.template, scene.profile, scene.consent, scene.at, stricter=strict
    )


@FEWER
@given(scenes(willing=True), findings)
def test_a_rule_that_finds_more_lets_less_through(scene: Scene, extra: Any) -> None:
    """Findings of any severity, on any chunk, in any number."""
    holds(scene, engine_of(scene.pack), stricter(scene, Suspicious(extra)))


@FEWER
@given(scenes(willing=True), findings, findings)
def test_more_findings_on_top_let_no_more_through(scene: Scene, some: Any, more: Any) -> None:
    """It holds where the ladder is in use already."""
    holds(scene, stricter(scene, Suspicious(some)), stricter(scene, Suspicious([*some, *more])))


@dataclass(frozen=True)
class Nosy:
    """A detector that sees something in every text: of a known kind, or of none."""

    entity: str
    score: float
    length: int
    name: str = "nosy"

    def detect(self, text: str, *, lang: str, regions: Sequence[str]) -> list[Detection]:
        """Return one detection every *length* characters, without gaps."""
        starts = range(0, max(len(text) - self.length, 0) + 1, self.length)
        return [
            Detection(self.entity, start, min(start + self.length, len(text)), self.score)
            for start in starts
            if start < len(text)
        ]


@FEWER
@given(
    scenes(willing=True),
    st.builds(
        Nosy,
        st.sampled_from((*ENTITIES, "PERSON", "ZEBRA")),
        st.sampled_from((0.1, 0.6, 1.0)),
        st.sampled_from((1, 7, 40, 10_000)),
    ),
)
def test_one_more_detector_lets_no_more_through(scene: Scene, nosy: Nosy) -> None:
    """What one detector saw is not hidden by what another sees in the same place."""
    both = Checker(rules=CHECKER.rules, detectors=[nosy])
    holds(scene, engine_of(scene.pack), stricter(scene, both))


policies = st.builds(
    Policy,
    review_at=st.sampled_from(Severity),
    block_at=st.sampled_from(Severity),
    review_score=st.sampled_from((None, 2.0, 8.0)),
    block_score=st.sampled_from((None, 6.0, 14.0)),
)


@FEWER
@given(scenes(willing=True), policies)
def test_a_stricter_policy_lets_less_through(scene: Scene, policy: Policy) -> None:
    """Thresholds that are as low or lower in every respect."""
    strict = Policy(
        review_at=min(policy.review_at, Severity.INFO, key=lambda s: s.rank),
        block_at=min(policy.block_at, Severity.WARN, key=lambda s: s.rank),
        review_score=1.0,
        block_score=2.0,
        rules={rule.id: Outcome.BLOCK for rule in CHECKER.rules.rules[::2]},
    )
    mild, severe = (engine_of(with_policy(scene.pack, each)) for each in (policy, strict))
    holds(scene, mild, severe)


def with_policy(pack: Pack, policy: Policy) -> Pack:
    """Return *pack* under another policy."""
    return replace(pack, policy=policy)


@pytest.fixture(scope="module")
def fewer() -> Checker:
    """Return a reader with every other rule of the catalogue, and all that say "unknown"."""
    every = CHECKER.rules
    kept = [
        rule
        for number, rule in enumerate(every.rules)
        if number % 2 or rule.family is Family.UNKNOWN
    ]
    return Checker(rules=RuleSet(kept, every.lists))


@FEWER
@given(scene=scenes(willing=True))
def test_the_other_half_of_the_rules_lets_no_more_through(scene: Scene, fewer: Checker) -> None:
    """Rules of the catalogue, taken out and put back."""
    holds(scene, stricter(scene, fewer), engine_of(scene.pack))
