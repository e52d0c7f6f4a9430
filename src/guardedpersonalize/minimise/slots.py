"""Slots: what a template gets to see, declared, allowed, coarse and plain. Made here only."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from operator import attrgetter
from typing import Final, final

from guardedpersonalize.consent import Grant
from guardedpersonalize.errors import UsageError
from guardedpersonalize.minimise.context import Context
from guardedpersonalize.minimise.handling import Handled, Handling, recipe_of
from guardedpersonalize.minimise.spec import Filling, Plan, SlotSpec, compile_plan
from guardedpersonalize.profile import Catalogue, Profile
from guardedpersonalize.vocabulary import did_you_mean

__all__ = ["Slot", "Slots", "minimise"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Slot(Handling):
    """
    One slot of one message. Its repr shows what was done, never the value.

    What it has besides is that of a `Handling`.

    Args:
        value: What the template gets; the fallback, or "" or () where the slot is not filled.
        record_id: The consent record that the grant rests on, or None.
    """

    value: Filling
    record_id: str | None

    def __repr__(self) -> str:
        return (
            f"Slot({self.spec.name!r}, {self.outcome.value}, level={self.level!r}, "
            f"reason={str(self.reason)!r})"
        )


_HOW: Final = attrgetter(*(each.name for each in fields(Handling)))
_TOKEN: Final = object()


@final
class Slots(Mapping[str, Slot]):
    """
    The slots of one message by name, in the order of their declaration. Only `minimise` makes them.

    Raises:
        UsageError: GP229, for any other maker.
    """

    __slots__ = ("_made", "_record_ids", "_values", "handled")

    handled: Handled
    """How they came to hold what they hold: one object for all messages that are handled alike."""
    _values: Sequence[Filling]
    _record_ids: tuple[str, ...]
    _made: dict[str, Slot] | None

    def __init__(
        self,
        token: object,
        handled: Handled,
        values: Sequence[Filling],
        record_ids: tuple[str, ...],
    ) -> None:
        if token is not _TOKEN:
            raise UsageError("GP229", "slots are made by minimise() only.")
        self.handled = handled
        self._values = values
        self._record_ids = record_ids
        self._made = None

    @property
    def _slots(self) -> dict[str, Slot]:
        """The slots, made when they are first asked for."""
        if self._made is None:
            ids = self._record_ids
            handled = zip(self.handled.all.items(), self._values, strict=True)
            self._made = {name: _slot(each, value, ids) for (name, each), value in handled}
        return self._made

    def __getitem__(self, name: str) -> Slot:
        return self._slots[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.handled.all)

    def __len__(self) -> int:
        return len(self.handled.all)

    def __repr__(self) -> str:
        inner = ", ".join(
            f"{name}: {each.outcome.value}" for name, each in self.handled.all.items()
        )
        return f"Slots({inner})"

    def __reduce__(self) -> tuple[Callable[..., Slots], tuple[object, ...]]:
        return _restore, (self.handled, self._values, self._record_ids)

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
        return self.handled.missing

    def context(self) -> dict[str, str | int | bool | date | list[str]]:
        """Return a fresh mapping for the template: plain values; an empty slot is "" or []."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in zip(self.handled.all, self._values, strict=True)
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


def _restore(handled: Handled, values: Sequence[Filling], record_ids: tuple[str, ...]) -> Slots:
    return Slots(_TOKEN, handled, values, record_ids)


def _slot(handling: Handling, value: Filling, record_ids: tuple[str, ...]) -> Slot:
    record = handling.record
    record_id = None if record is None else record_ids[record]
    return Slot(*_HOW(handling), value=value, record_id=record_id)


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
    recipe = recipe_of(plan, grant.answers, omit, fall_back)
    return Slots(_TOKEN, *recipe.filled(profile, context), grant.record_ids)
