"""The laws of a pack that search: Hypothesis looks for somebody whose message breaks one."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from hypothesis import HealthCheck, Phase, Verbosity, assume, given, seed, settings
from hypothesis import strategies as st

from guardedpersonalize.check import CheckContext, Checker, Report
from guardedpersonalize.engine import Engine
from guardedpersonalize.packs import Persona
from guardedpersonalize.profile import Field, FieldType, Profile
from guardedpersonalize.render import Draft
from guardedpersonalize.testing import laws
from guardedpersonalize.testing.agreement import disagreements
from guardedpersonalize.testing.strategies import hostile_texts, lesser_consents, twins, values_of
from guardedpersonalize.testing.trials import LawBroken, Trial, cut_short

__all__ = ["containment", "monotony_of_consent", "non_interference"]

_UNREAD: Final = 120  # messages that are only made: a few milliseconds each
_READ: Final = 8  # messages that are made and read
_NOBODY: Final = "nobody may be written to"

Case: TypeAlias = tuple[Persona, Persona]
"""Two states of one person, to be compared; the same where there is nothing to compare."""


def non_interference(trial: Trial) -> tuple[str, ...]:
    """See `pack_laws.non_interference`."""
    people = _partly_willing(trial)

    @st.composite
    def pairs(draw: st.DrawFn) -> Case:
        one = draw(st.sampled_from(people))
        grant = trial.grant(one)
        catalogue = trial.engine.pack.catalogue
        context = laws.context_of(trial.engine, trial.name, one.at)
        profile = draw(twins(one.profile, grant, catalogue=catalogue, context=context))
        other = replace(one, profile=profile)
        grants = grant, trial.grant(other)
        # An age that is not allowed may make the person a child, who is allowed less.
        assume(
            not disagreements(one.profile, profile, *grants, catalogue=catalogue, context=context)
        )
        return one, other

    def holds(engine: Engine) -> Callable[[Case], None]:
        return lambda case: laws.non_interference(
            engine,
            trial.name,
            case[0].profile,
            case[0].consent,
            case[0].at,
            other=case[1].profile,
        )

    what = "Two people who differ only in what they did not allow get different messages"
    unread = Engine(trial.engine.pack, pseudonym_key=trial.engine.pseudonym_key)
    unread.checker = _Unread()
    tried = _search(trial, pairs(), holds(unread), what, _UNREAD)
    return (tried, _search(trial, pairs(), holds(trial.engine), what, _READ))


class _Unread(Checker):
    """A reader that reads nothing and finds nothing."""

    def check(self, draft: Draft, context: CheckContext) -> Report:  # noqa: ARG002
        """Return the report of a message that is fine."""
        return Report()


def monotony_of_consent(trial: Trial) -> tuple[str, ...]:
    """See `pack_laws.monotony_of_consent`."""
    people = _sendable(trial)
    if not people:
        return (_NOBODY,)

    @st.composite
    def pairs(draw: st.DrawFn) -> Case:
        one = draw(st.sampled_from(people))
        person = one.profile.recipient_id
        less = draw(lesser_consents(one.consent, person=person, at=one.at))
        return one, replace(one, consent=less)

    def holds(case: Case) -> None:
        one, other = case
        laws.monotony_of_consent(
            trial.engine, trial.name, one.profile, one.consent, one.at, lesser=other.consent
        )

    what = "Somebody who allows less gets more"
    return (_search(trial, pairs(), holds, what, _UNREAD),)


def containment(trial: Trial) -> tuple[str, ...]:
    """See `pack_laws.containment`."""
    catalogue = trial.engine.pack.catalogue
    fields = sorted({spec.field for spec in trial.template.slots})
    free = [catalogue[name] for name in fields if catalogue[name].type in _FREE]
    if not free:
        return ("no slot takes free text",)
    everybody = _sendable(trial)[:1]
    if not everybody:
        return (_NOBODY,)

    @st.composite
    def hostile(draw: st.DrawFn) -> Case:
        one = draw(st.sampled_from(everybody))
        field = draw(st.sampled_from(free))
        other = _with_value(one, field, draw(_hostile_values(field)))
        return other, other

    def holds(case: Case) -> None:
        one = case[0]
        laws.containment(trial.engine, trial.name, one.profile, one.consent, one.at)

    what = "A value breaks out of its slot"
    return (_search(trial, hostile(), holds, what, _UNREAD),)


_FREE: Final = frozenset({FieldType.TEXT, FieldType.LIST, FieldType.URL})


def _hostile_values(field: Field) -> st.SearchStrategy[object]:
    if field.type is FieldType.URL:
        return hostile_texts().map("https://example.org/{}".format)
    return values_of(field, hostile=True)


def _with_value(persona: Persona, field: Field, value: object) -> Persona:
    profile = persona.profile
    values: dict[str, object] = {name: profile.reveal(name) for name in profile.fields}
    values[field.name] = value
    seen = {name: at for name in profile.fields if (at := profile.observed_at(name)) is not None}
    seen.setdefault(field.name, persona.at)
    return replace(persona, profile=Profile(profile.recipient_id, values, observed_at=seen))


def _sendable(trial: Trial) -> Sequence[Persona]:
    """Return everybody who may be written to at all, who allows most first."""
    people = (*trial.combinations, *trial.worst_cases.values())
    return [each for each in people if trial.grant(each).message.is_allowed]


def _partly_willing(trial: Trial) -> Sequence[Persona]:
    """Return the same, but for those who allow everything: they have nothing to hide."""
    return _sendable(trial)[1:] or [trial.worst_cases["nothing-allowed"]]


class _OutOfTime(BaseException):
    """The search has found something and shrunk it for long enough; past Hypothesis, on purpose."""


@dataclass(slots=True)
class _Search:
    """Counts what is tried, minds the time, and keeps the smallest case that fails."""

    check: Callable[[Case], None]
    end: float
    patience_s: float
    tried: int = 0
    is_cut_short: bool = False
    worst: Case | None = None
    reason: str = ""

    def look(self, case: Case) -> None:
        """Try *case*; what comes after the time is up passes unseen, while nothing was found."""
        now = time.monotonic()
        if self.worst is None and now > self.end and self.tried >= _READ:
            self.is_cut_short = True
            return
        self.tried += 1
        try:
            self.check(case)
        except AssertionError as err:
            if self.worst is None:
                self.end = now + self.patience_s
            self.worst, self.reason = case, str(err)
            if now > self.end:
                raise _OutOfTime from None
            raise


def _search(
    trial: Trial,
    cases: st.SearchStrategy[Case],
    check: Callable[[Case], None],
    what: str,
    examples: int,
) -> str:
    """Try *check* on *cases*; return how many were tried, or raise the smallest that fails."""
    found = _Search(check, time.monotonic() + trial.budget_s, trial.budget_s)

    @seed(trial.seed)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=tuple(HealthCheck),
        verbosity=Verbosity.quiet,
        report_multiple_bugs=False,
    )
    @given(cases)
    def look(case: Case) -> None:
        found.look(case)

    try:
        look()
    except (AssertionError, _OutOfTime):
        if found.worst is None:
            raise
    if found.worst is None:
        remark = f"{found.tried} people were tried"
        return cut_short(remark) if found.is_cut_short else remark
    one, other = found.worst
    raise LawBroken(f"{what}: {found.reason}", one, None if one == other else other)
