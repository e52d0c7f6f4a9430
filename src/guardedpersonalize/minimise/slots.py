"""Slots: what a template gets to see, declared, allowed, coarse and plain. Made here only."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from operator import attrgetter
from typing import Final, final

from guardedpersonalize.consent import FieldGrant, Grant, Reason, Verdict
from guardedpersonalize.errors import UsageError
from guardedpersonalize.minimise.context import Context
from guardedpersonalize.minimise.fill import SlotReason, fill
from guardedpersonalize.minimise.spec import Filling, Plan, PlannedSlot, SlotSpec, compile_plan
from guardedpersonalize.profile import Catalogue, Field, Profile
from guardedpersonalize.vocabulary import OMIT, LawfulBasis, SlotOutcome, Technique, did_you_mean

__all__ = ["Slot", "Slots", "minimise"]

# Members of an enum are slow to look up, and these are needed for every slot of every message.
_ALLOWED: Final = Verdict.ALLOWED
_ALLOW: Final = SlotOutcome.ALLOW
_TRANSFORM: Final = SlotOutcome.TRANSFORM
_FALLBACK: Final = SlotOutcome.FALLBACK
_OMIT: Final = SlotOutcome.OMIT
_SUPPRESSION: Final = Technique.LOCAL_SUPPRESSION

_FILLED: Final = frozenset({_ALLOW, _TRANSFORM})


@dataclass(frozen=True, slots=True, repr=False)
class Slot:
    """
    One slot of one message. Its repr shows what was done, never the value.

    Args:
        spec: The declaration.
        outcome: allow (as it is), transform (coarser), fallback or omit.
        value: What the template gets; the fallback, or "" or () where the slot is not filled.
        level: The level of the value; "omit" where the slot is not filled.
        technique: What was done to it.
        reason: A `Reason` or a `SlotReason`, which is its code.
        field: The field.
        record_id: The consent record that the grant rests on, or None.
        event_index: Which of its events, from 0, or None.
        basis: The lawful basis, or None.
    """

    spec: SlotSpec
    outcome: SlotOutcome
    value: Filling
    level: str
    technique: Technique
    reason: str
    field: Field
    record_id: str | None
    event_index: int | None
    basis: LawfulBasis | None

    @property
    def is_filled(self) -> bool:
        """True where the value is the person's, not a fallback or nothing."""
        return self.outcome in _FILLED

    def __reduce__(self) -> tuple[type[Slot], tuple[object, ...]]:
        return Slot, _EVERYTHING(self)

    def __repr__(self) -> str:
        return (
            f"Slot({self.spec.name!r}, {self.outcome.value}, level={self.level!r}, "
            f"reason={str(self.reason)!r})"
        )


# What a dataclass does of itself for pickle takes longer than all the rest.
_EVERYTHING: Final = attrgetter(*(each.name for each in fields(Slot)))

_TOKEN: Final = object()


@final
class Slots(Mapping[str, Slot]):
    """
    The slots of one message by name, in the order of their declaration. Only `minimise` makes them.

    Raises:
        UsageError: GP229, for any other maker.
    """

    __slots__ = ("_slots",)

    _slots: dict[str, Slot]

    def __init__(self, token: object, slots: dict[str, Slot]) -> None:
        if token is not _TOKEN:
            raise UsageError("GP229", "slots are made by minimise() only.")
        self._slots = slots

    def __getitem__(self, name: str) -> Slot:
        return self._slots[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._slots)

    def __len__(self) -> int:
        return len(self._slots)

    def __repr__(self) -> str:
        inner = ", ".join(f"{name}: {slot.outcome.value}" for name, slot in self._slots.items())
        return f"Slots({inner})"

    def __reduce__(self) -> tuple[Callable[[dict[str, Slot]], Slots], tuple[dict[str, Slot]]]:
        return _restore, (self._slots,)

    def of(self, name: str) -> Slot:
        """
        Return the slot *name*.

        Raises:
            UsageError: GP230, with the nearest declared name.
        """
        found = self._slots.get(name)
        if found is None:
            remedy = did_you_mean(name, self._slots)
            raise UsageError("GP230", "the template declares no slot of that name.", remedy=remedy)
        return found

    @property
    def filled(self) -> tuple[Slot, ...]:
        """The slots that hold a value of the person."""
        return tuple(slot for slot in self._slots.values() if slot.is_filled)

    @property
    def withheld(self) -> tuple[Slot, ...]:
        """The slots that do not: fallbacks and empty ones."""
        return tuple(slot for slot in self._slots.values() if not slot.is_filled)

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of required slots that hold no value."""
        return tuple(slot.spec.name for slot in self.withheld if slot.spec.required)

    def context(self) -> dict[str, str | int | bool | date | list[str]]:
        """Return a fresh mapping for the template: plain values; an empty slot is "" or []."""
        return {
            name: list(slot.value) if isinstance(slot.value, tuple) else slot.value
            for name, slot in self._slots.items()
        }

    def allowed_values(self) -> dict[str, str]:
        """
        Open the filled slots: name -> what the template prints for it, as text.

        For the checks that must tell an allowed value from another. Truth values print nothing of
        the person and are left out; the items of a list are joined by ", ".
        """
        return {
            slot.spec.name: ", ".join(slot.value)
            if isinstance(slot.value, tuple)
            else str(slot.value)
            for slot in self.filled
            if not isinstance(slot.value, bool)
        }


def _restore(slots: dict[str, Slot]) -> Slots:
    return Slots(_TOKEN, slots)


def minimise(
    profile: Profile,
    specs: Sequence[SlotSpec] | Plan,
    grant: Grant,
    *,
    catalogue: Catalogue,
    context: Context,
    omit: frozenset[str] = frozenset(),
    fall_back: frozenset[str] = frozenset(),
) -> Slots:
    """
    Fill the declared slots of one message, each from an allowed field and as coarsely as it asks.

    The level of a slot is the coarser one of what it asks for and what the grant demands. A field
    that the grant does not allow is never opened. A slot that cannot be filled takes its fallback,
    or is empty.

    Args:
        profile: The recipient.
        specs: What the template declares; a `Plan` of it saves the resolving.
        grant: What may be used, for this recipient, purpose, channel and moment.
        catalogue: The fields, to resolve *specs* against.
        context: What generalisers may know besides the value.
        omit: Slots to leave empty, whatever their fallback.
        fall_back: Slots to fall back, or to leave empty where they have no fallback.

    Returns:
        Every declared slot, filled or not.

    Raises:
        ConfigError: GP222 to GP228, where *specs* are wrong. Never because of a value.
    """
    plan = specs if isinstance(specs, Plan) else compile_plan(specs, catalogue)
    ladder = dict.fromkeys(fall_back, SlotReason.LADDER_FALLBACK)
    ladder.update(dict.fromkeys(omit, SlotReason.LADDER_OMIT))
    slots = {}
    for planned in plan.slots:
        name, field = planned.spec.name, planned.field.name
        granted = grant.fields.get(field) or _not_covered(field)
        slots[name] = _slot(planned, granted, ladder.get(name), profile, context)
    return Slots(_TOKEN, slots)


def _not_covered(name: str) -> FieldGrant:
    """Return the grant for a field that the grant does not know: none."""
    return FieldGrant(name, Verdict.DENIED, OMIT, Reason.FIELD_NOT_COVERED)


def _slot(
    planned: PlannedSlot,
    granted: FieldGrant,
    ladder: SlotReason | None,
    profile: Profile,
    context: Context,
) -> Slot:
    if granted.verdict is not _ALLOWED:
        return _unfilled(planned, granted, granted.reason, ladder)
    if ladder is not None:
        return _unfilled(planned, granted, ladder, ladder)
    # A level that the generaliser does not have demands nothing that we know: it counts as omit.
    rank = planned.ranks.get(granted.level, len(planned.fits) - 1)
    value = fill(planned, rank, profile, context)
    if isinstance(value, SlotReason):
        return _unfilled(planned, granted, value, ladder)
    level = planned.generaliser.levels[rank]
    return Slot(
        planned.spec,
        _TRANSFORM if rank else _ALLOW,
        value,
        level,
        planned.generaliser.techniques[level],
        granted.reason,
        planned.field,
        granted.record_id,
        granted.event_index,
        granted.basis,
    )


def _unfilled(
    planned: PlannedSlot, granted: FieldGrant, reason: StrEnum, ladder: SlotReason | None
) -> Slot:
    value = None if ladder is SlotReason.LADDER_OMIT else planned.fallback
    outcome = _OMIT if value is None else _FALLBACK
    nothing: Filling = () if planned.spec.type == "list" else ""
    return Slot(
        planned.spec,
        outcome,
        nothing if value is None else value,
        OMIT,
        _SUPPRESSION,
        reason,
        planned.field,
        granted.record_id,
        granted.event_index,
        granted.basis,
    )
