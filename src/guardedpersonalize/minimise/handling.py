"""How the slots of a template are filled for all whose grants say the same."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NamedTuple

from guardedpersonalize.consent import Answers, FieldAnswer, Reason, Verdict
from guardedpersonalize.minimise.context import Context
from guardedpersonalize.minimise.fill import SlotReason, fill, plain_filling
from guardedpersonalize.minimise.spec import Filling, Plan, PlannedSlot, SlotSpec
from guardedpersonalize.profile import Field, Profile
from guardedpersonalize.vocabulary import OMIT, LawfulBasis, SlotOutcome, Technique

__all__ = ["Handled", "Handling", "Recipe", "recipe_of"]

_FILLED: Final = frozenset({SlotOutcome.ALLOW, SlotOutcome.TRANSFORM})
"""Outcomes of slots that hold a value of the person."""
_MOST: Final = 1_024
"""Recipes that are kept, and ways that values of one recipe turned out."""


@dataclass(frozen=True, slots=True)
class Handling:
    """
    How a slot came to hold what it holds. It says nothing of whose it is.

    Args:
        spec: The declaration.
        field: The field.
        outcome: allow (as it is), transform (coarser), fallback or omit.
        level: The level of the value; "omit" where the slot is not filled.
        technique: What was done to it.
        reason: A `Reason` or a `SlotReason`, which is its code.
        record: Which record of the grant it rests on, by number; None for none.
        event_index: Which of its events, from 0, or None.
        basis: The lawful basis, or None.
    """

    spec: SlotSpec
    field: Field
    outcome: SlotOutcome
    level: str
    technique: Technique
    reason: str
    record: int | None = None
    event_index: int | None = None
    basis: LawfulBasis | None = None

    @property
    def is_filled(self) -> bool:
        """True where the value is the person's, not a fallback or nothing."""
        return self.outcome in _FILLED


class Handled:
    """
    How all slots of a message came to hold what they hold; one for all that are handled alike.

    Args:
        handlings: In the order of their declaration.

    Attributes:
        all: Slot name -> how.
        filled: The same, of those that hold a value of the person.
        missing: Names of required slots that hold none.
    """

    __slots__ = ("all", "filled", "missing")

    def __init__(self, handlings: Sequence[Handling]) -> None:
        self.all: Mapping[str, Handling] = MappingProxyType({h.spec.name: h for h in handlings})
        self.filled: Mapping[str, Handling] = MappingProxyType(
            {name: each for name, each in self.all.items() if each.is_filled}
        )
        self.missing = tuple(
            name for name, each in self.all.items() if each.spec.required and not each.is_filled
        )

    def __reduce__(self) -> tuple[type[Handled], tuple[tuple[Handling, ...]]]:
        return Handled, (tuple(self.all.values()),)


class _Step(NamedTuple):
    """
    A slot that may be filled.

    Args:
        number: Its place in the plan.
        field: Name of its field.
        plain: Returns its value at once, where that is easy to see; None where there is no such.
        planned: What it is.
        rank: How coarse its value has to be.
    """

    number: int
    field: str
    plain: Callable[[object], Filling | None] | None
    planned: PlannedSlot
    rank: int


class Recipe:
    """
    How the slots of a plan are filled. Make it with `recipe_of`. Threads may share it.

    Args:
        plan: The slots.
        answers: What may be used.
        omit: Slots to leave empty, whatever their fallback.
        fall_back: Slots to fall back, or to leave empty where they have no fallback.
    """

    def __init__(
        self, plan: Plan, answers: Answers, omit: frozenset[str], fall_back: frozenset[str]
    ) -> None:
        self._plan = plan
        self._answers = [answers.fields.get(one.field.name, _NOT_COVERED) for one in plan.slots]
        self._given: list[Filling] = []
        self._steps: list[_Step] = []
        handlings: list[Handling] = []
        for number, (planned, answer) in enumerate(zip(plan.slots, self._answers, strict=True)):
            ladder = _ladder(planned.spec.name, omit, fall_back)
            reason = ladder if answer.is_allowed else answer.reason
            # A level that the generaliser does not have demands nothing that we know: it counts
            # as omit.
            rank = planned.ranks.get(answer.level, len(planned.fits) - 1)
            if reason is None:
                plain = plain_filling(planned, rank)
                self._steps.append(_Step(number, planned.field.name, plain, planned, rank))
                handlings.append(_filled(planned, answer, rank))
            else:
                handlings.append(_unfilled(planned, answer, reason, ladder))
            fallback = _fallback(planned, ladder)
            self._given.append(_empty(planned) if fallback is None else fallback)
        self._whole = Handled(handlings)
        self._but = functools.lru_cache(_MOST)(self._handled_but)

    def filled(self, profile: Profile, context: Context) -> tuple[Handled, list[Filling]]:
        """
        Return how the slots are filled from *profile*, and what they hold, in their order.

        A field that may not be used is never opened.
        """
        values = self._given.copy()
        held = profile.held
        refused: list[tuple[int, SlotReason]] = []
        for number, field, plain, planned, rank in self._steps:
            value: Filling | SlotReason | None = None
            if plain is not None and field in held:
                value = plain(profile.reveal(field))
            if value is None:
                value = fill(planned, rank, profile, context)
                if isinstance(value, SlotReason):
                    refused.append((number, value))
                    continue
            values[number] = value
        return self._but(tuple(refused)) if refused else self._whole, values

    def _handled_but(self, refused: tuple[tuple[int, SlotReason], ...]) -> Handled:
        """Return how slots are handled where the values of some were *refused*."""
        handlings = list(self._whole.all.values())
        for number, reason in refused:
            planned = self._plan.slots[number]
            handlings[number] = _unfilled(planned, self._answers[number], reason, None)
        return Handled(handlings)


_NOT_COVERED: Final = FieldAnswer(Verdict.DENIED, OMIT, Reason.FIELD_NOT_COVERED)
"""The answer on a field that the grant does not know."""


# The least used make room: there are as many as people may consent in ways, for each template.
@functools.lru_cache(maxsize=_MOST)
def recipe_of(
    plan: Plan, answers: Answers, omit: frozenset[str], fall_back: frozenset[str]
) -> Recipe:
    """Return the recipe for these; made once, and kept for a while."""
    return Recipe(plan, answers, omit, fall_back)


def _ladder(name: str, omit: frozenset[str], fall_back: frozenset[str]) -> SlotReason | None:
    if name in omit:
        return SlotReason.LADDER_OMIT
    return SlotReason.LADDER_FALLBACK if name in fall_back else None


def _fallback(planned: PlannedSlot, ladder: SlotReason | None) -> Filling | None:
    """Return what stands in the slot where it is not filled; None if it is left empty then."""
    return None if ladder is SlotReason.LADDER_OMIT else planned.fallback


def _empty(planned: PlannedSlot) -> Filling:
    return () if planned.spec.type == "list" else ""


def _filled(planned: PlannedSlot, answer: FieldAnswer, rank: int) -> Handling:
    level = planned.generaliser.levels[rank]
    outcome = SlotOutcome.TRANSFORM if rank else SlotOutcome.ALLOW
    return _handling(planned, answer, outcome, level, answer.reason)


def _unfilled(
    planned: PlannedSlot, answer: FieldAnswer, reason: str, ladder: SlotReason | None
) -> Handling:
    is_empty = _fallback(planned, ladder) is None
    outcome = SlotOutcome.OMIT if is_empty else SlotOutcome.FALLBACK
    return _handling(planned, answer, outcome, OMIT, reason)


def _handling(
    planned: PlannedSlot, answer: FieldAnswer, outcome: SlotOutcome, level: str, reason: str
) -> Handling:
    techniques = planned.generaliser.techniques
    return Handling(
        planned.spec,
        planned.field,
        outcome,
        level,
        techniques[level] if outcome in _FILLED else Technique.LOCAL_SUPPRESSION,
        reason,
        answer.record,
        answer.event_index,
        answer.basis,
    )
