"""Faults, planted one at a time: the law that should see each of them does."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from law_scenes import engine_of, fixed_pack, fixed_recipients
from test_monotony import Suspicious, findings, scenes_and_less
from test_non_interference import scenes_and_twins

from guardedpersonalize.check import KnownValue, MessageReader, Report
from guardedpersonalize.consent import Answers, Reason, Verdict, grant
from guardedpersonalize.engine import Engine, Recipient, Result, message, result
from guardedpersonalize.evidence import Explanation
from guardedpersonalize.minimise import Plan, Slots, handling, slots, transforms
from guardedpersonalize.profile import Profile
from guardedpersonalize.render import Chunk, Draft, environment
from guardedpersonalize.testing import laws
from guardedpersonalize.testing.strategies import AT, scenes

EVERYBODY = [(template, each) for template in ("mail", "push") for each in fixed_recipients()]


def found(law: str, drawn: st.SearchStrategy[Any], check: Callable[[Any], None]) -> None:
    """Make sure that the law called *law* breaks for something that can be drawn."""

    @settings(
        max_examples=500, phases=[Phase.generate], derandomize=True, database=None, deadline=None
    )
    @given(drawn)
    def search(one: Any) -> None:
        check(one)

    with pytest.raises(AssertionError, match=law):
        search()


def seen(law: str, check: Callable[[Engine, str, Recipient], None]) -> None:
    """Make sure that the law called *law* breaks for somebody in the fixed cast."""
    engine = engine_of(fixed_pack())

    def everybody() -> None:
        for template, each in EVERYBODY:
            check(engine, template, each)

    with pytest.raises(AssertionError, match=law):
        everybody()


def interferes(drawn: Any) -> None:
    """Hold a scene and a twin to the first law."""
    scene, other = drawn
    engine = engine_of(scene.pack)
    laws.non_interference(
        engine, scene.template, scene.profile, scene.consent, scene.at, other=other
    )


def is_minimal(engine: Engine, template: str, each: Recipient) -> None:
    """Hold somebody's message to the third law."""
    laws.minimisation(engine, template, each.profile, each.consent, AT)


def is_silent(engine: Engine, template: str, each: Recipient) -> None:
    """Hold somebody's message to the sixth law, with values that are known again."""
    values: dict[str, object] = {"first_name": "Zebedee-7f3a", "city": "Zebedee-9c1b"}
    seen_at = dict.fromkeys(values, AT)
    profile = Profile(each.profile.recipient_id, values, observed_at=seen_at)
    laws.silence(engine, template, profile, each.consent, AT)


@pytest.fixture
def all_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let minimisation take every field for allowed."""
    allowed = {"verdict": Verdict.ALLOWED, "level": "exact", "reason": Reason.ALLOWED}

    def fault(plan: Plan, answers: Answers, *rest: Any) -> handling.Recipe:
        fields = {name: replace(one, **allowed) for name, one in answers.fields.items()}
        return handling.Recipe(plan, SimpleNamespace(fields=fields), *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(slots, "recipe_of", fault)


@pytest.mark.usefixtures("all_allowed")
def test_law_1_sees_a_grant_that_is_ignored() -> None:
    """Two people who differ in what they did not allow get different messages."""
    found("law 1", scenes_and_twins(), interferes)


@pytest.mark.usefixtures("all_allowed")
def test_law_3_sees_a_grant_that_is_ignored() -> None:
    """A slot is filled from a field that is not allowed."""
    seen("law 3", is_minimal)


def test_law_1_sees_a_value_that_opens_a_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where an echo is no reason to stop, the bytes depend on what is echoed."""
    monkeypatch.setattr(message, "is_withheld_only", lambda _: False)
    with pytest.raises(AssertionError):
        __import__("test_examples").test_an_echo_in_a_lesser_version_holds_the_message_back()


def test_law_1_sees_a_part_of_a_value_that_is_not_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slot that is filled a level finer than its name says tells people apart."""
    a_level_finer(monkeypatch)
    found("law 1", scenes_and_twins(), interferes)


def a_level_finer(patch: pytest.MonkeyPatch) -> None:
    """Let each slot take its value at the level before the one that is asked."""
    fill = handling.fill
    patch.setattr(handling, "fill", lambda slot, rank, *rest: fill(slot, max(rank - 1, 0), *rest))


def test_law_2_sees_an_objection_that_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Saying no must not be what lets a field be used."""
    bar = grant._bar

    def fault(consent: Any, question: Any, guard: Any) -> Any:
        return None if consent.objections else bar(consent, question, guard) or Reason.MINOR

    monkeypatch.setattr(grant, "_bar", fault)
    found("law 2", scenes_and_less(), becomes_less)


def becomes_less(drawn: Any) -> None:
    """Hold a scene and a lesser consent to the second law."""
    scene, less = drawn
    engine = engine_of(scene.pack)
    laws.monotony_of_consent(
        engine, scene.template, scene.profile, scene.consent, scene.at, lesser=less
    )


def test_law_2_sees_a_finding_that_opens_a_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """A ladder that goes further down for more findings lets more through."""
    below = message.below

    def fault(personal: Any, suspects: Any, *, has_generic: bool) -> Any:
        return below(personal, suspects, has_generic=has_generic) if not suspects else iter(())

    monkeypatch.setattr(message, "below", fault)

    def strict(drawn: Any) -> None:
        scene, some, more = drawn
        mild, severe = engine_of(scene.pack), engine_of(scene.pack)
        mild.checker, severe.checker = Suspicious(some), Suspicious([*some, *more])
        laws.monotony_of_rules(
            mild, scene.template, scene.profile, scene.consent, scene.at, stricter=severe
        )

    found("law 2", st.tuples(scenes(willing=True), findings, findings), strict)


def test_law_3_sees_a_level_that_is_too_fine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slot that holds more than its level says."""
    a_level_finer(monkeypatch)
    seen("law 3", is_minimal)


def test_law_3_sees_a_coarse_value_that_becomes_fine() -> None:
    """A generaliser that gives back what it was given."""
    exact = replace(
        transforms.GENERALISERS["birth_date"], coarser=lambda value, *_: f"{value} 1971"
    )
    known = {**transforms.GENERALISERS, "birth_date": exact}
    born = fixed_recipients()[0].profile.reveal("birth_date")
    context = laws.context_of(engine_of(fixed_pack()), "mail", AT)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transforms, "GENERALISERS", known)
        with pytest.raises(AssertionError, match="law 3"):
            laws.generalisation("birth_date", born, "birth_month", context=context)


def test_law_4_sees_a_batch_that_takes_another_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch that gives a second row of one person the result of the first."""
    single = Engine.render

    def fault(self: Engine, template: str, rows: Any, *, at: Any) -> Iterator[Result]:
        known: dict[str, Result] = {}
        for row in rows:
            person = row.profile.recipient_id
            known[person] = known.get(person) or single(
                self, template, row.profile, row.consent, at=at
            )
            yield known[person]

    monkeypatch.setattr(Engine, "render_many", fault)
    with pytest.raises(AssertionError, match="law 4"):
        laws.one_path(engine_of(fixed_pack()), "mail", fixed_recipients()[:4], AT)


def a_chunk_that_prints(patch: pytest.MonkeyPatch) -> None:
    """Let the repr of a chunk show its text."""
    patch.setattr(Chunk, "__repr__", lambda self: f"Chunk({self.text!r})")


def slots_that_print(patch: pytest.MonkeyPatch) -> None:
    """Let the repr of slots show what is in them."""
    patch.setattr(Slots, "__repr__", lambda self: f"Slots({self.context()})")


def an_explanation_that_quotes(patch: pytest.MonkeyPatch) -> None:
    """Let the words for the recipient quote a value."""

    def fault(_: Any, filled: Slots | None) -> Explanation:
        told = [str(slot.value) for slot in filled.filled] if filled else []
        return Explanation(tuple(told), ())

    patch.setattr(result, "explain", fault)


def a_log_that_tells(patch: pytest.MonkeyPatch) -> None:
    """Let minimisation say in the log what it is given."""
    whole = message.minimise

    def fault(profile: Profile, *given: Any, **named: Any) -> Slots:
        logging.getLogger("third.party").debug("got %s", profile.to_json())
        return whole(profile, *given, **named)

    patch.setattr(message, "minimise", fault)


def an_error_with_locals(patch: pytest.MonkeyPatch) -> None:
    """Take the seal off, so that an error comes with the frames that hold values."""

    def fault(self: Engine, template: str, profile: Profile, *_: Any, **__: Any) -> Result:
        name = profile.reveal("first_name") if "first_name" in profile else None
        raise ValueError(name)

    patch.setattr(Engine, "check", fault)
    patch.setattr(Profile, "reveal", _quoting(Profile.reveal))


def _quoting(reveal: Callable[..., Any]) -> Callable[..., Any]:
    def fault(self: Profile, name: str) -> object:
        if name not in self:
            raise KeyError(self.to_json())
        return reveal(self, name)

    return fault


@pytest.mark.parametrize(
    "plant",
    [
        a_chunk_that_prints,
        slots_that_print,
        an_explanation_that_quotes,
        a_log_that_tells,
        an_error_with_locals,
    ],
)
def test_law_6_sees_whatever_speaks(
    plant: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A repr, an explanation, a log record, an error: each by itself."""
    plant(monkeypatch)
    seen("law 6", is_silent)


def test_law_7_sees_a_reader_that_remembers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache that keeps the last report gives it to the next person."""
    check = MessageReader.check
    last: list[Report] = []

    def fault(self: MessageReader, draft: Draft, withheld: Sequence[KnownValue]) -> Report:
        last.append(check(self, draft, withheld))
        return last[-2] if len(last) % 2 == 0 else last[-1]

    monkeypatch.setattr(MessageReader, "check", fault)
    seen("law 7", lambda e, t, each: laws.determinism(e, t, each.profile, each.consent, AT))


def test_law_8_sees_markup_that_is_not_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without escaping, a value brings elements of its own."""
    monkeypatch.setattr(environment, "is_html", lambda _: False)
    seen("law 8", lambda e, t, each: laws.containment(e, t, each.profile, each.consent, AT))


def test_law_9_sees_an_error_of_somebody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its seal, a render lets through whatever goes wrong inside it."""
    monkeypatch.setattr(Engine, "render", Engine.render.__wrapped__)  # type: ignore[attr-defined]
    monkeypatch.setattr(message, "minimise", lambda *_, **__: 1 / 0)
    engine, each = engine_of(fixed_pack()), fixed_recipients()[0]
    with pytest.raises(AssertionError, match=r"law 9.*ZeroDivisionError"):
        laws.only_own_errors(lambda: engine.render("mail", each.profile, each.consent, at=AT))
