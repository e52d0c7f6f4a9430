"""
The incremental reader: the findings of a draft from what is known of its blocks.

A warm message costs a look at each of its values and a look-up for each block. What is kept are
plans and readings, under hashes and shapes of values: no text of a recipient, and no value.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count, repeat
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from guardedpersonalize.check.blocks import read_in_blocks
from guardedpersonalize.check.echo import EchoIndex
from guardedpersonalize.check.incremental.draft_part import Blocks, DraftPart, Known, Planned
from guardedpersonalize.check.incremental.echoes import EchoGuard
from guardedpersonalize.check.incremental.plan import plan_of
from guardedpersonalize.check.incremental.symbols import Symbols
from guardedpersonalize.check.kept import Kept, mark
from guardedpersonalize.check.language import added, base_language, language_of
from guardedpersonalize.check.matchers.base import slot_ranges
from guardedpersonalize.check.message import Summary, language_gap, report_of
from guardedpersonalize.check.reading import ReadPart, Region
from guardedpersonalize.check.stand_ins import role_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from guardedpersonalize.check.block_reader import BlockReader, BlockReading
    from guardedpersonalize.check.context import CheckContext, KnownValue
    from guardedpersonalize.check.finding import Report
    from guardedpersonalize.render.draft import Draft, Part

__all__ = ["DraftReader", "IncrementalReader"]

_SHAPED: Final = "en"
"""The language whose words may be told by their shape: the reader model reads no other."""

_PLANS: Final = 4_096
_READINGS: Final = 16_384
_PATHS: Final = 256
_MOST_LAYOUTS: Final = 256
"""Plans of one path: where values that are not plain ask for more, a full reading is cheaper."""


class _Where(NamedTuple):
    """
    What of a context the findings hang on.

    Args:
        number: Stands for it in keys.
        symbols: What tells values from others.
        has_shapes: True where words may be told by their shape.
        alive: What it is known by the identity of, so that nothing else takes its place.
    """

    number: int
    symbols: Symbols
    has_shapes: bool
    alive: tuple[object, ...]


@dataclass(slots=True)
class _Family:
    """
    The parts that took one path through the templates.

    Args:
        number: Stands for it in keys.
        slots: Chunks that slots wrote.
        roles: Those of them whose plain words may be told by their shape.
        spoken: Chunks that expressions wrote without a slot in them, as in
            `{{ "early" if offer else "late" }}`: families are told apart by what they say.
        alive: As in `_Where`.
        plans: Counts the plans that were made.
        blocks: Numbers what its plans have in common.
        fixed: Chunks whose values belong to every plan of it.
        plan: The first plan, of which no value is a part.
    """

    number: int
    slots: tuple[int, ...]
    roles: frozenset[int]
    spoken: tuple[int, ...]
    alive: object
    plans: Iterator[int]
    blocks: Blocks
    fixed: frozenset[int] = frozenset()
    plan: Planned | None = None


class _Told(NamedTuple):
    """A part, the plan that it is laid out by, and what tells its values from others."""

    part: Part
    plan: Planned
    symbols: list[Hashable]


class IncrementalReader:
    """
    What is known of drafts of templates. Threads may share it.

    Args:
        blocks: Reads what is new.
    """

    def __init__(self, blocks: BlockReader) -> None:
        self.blocks = blocks
        self.plans: Kept[Planned] = Kept(_PLANS)
        self.readings: Kept[Known] = Kept(_READINGS)
        self.fine: Kept[BlockReading] = Kept(_READINGS)
        self.languages: Kept[tuple[str | None]] = Kept(_PLANS)
        self.summaries: Kept[Summary] = Kept(_READINGS)
        self.reports: Kept[Report] = Kept(_PLANS)
        self._contexts: Kept[_Where] = Kept(_PLANS)
        self._families: Kept[_Family] = Kept(_PLANS)
        self._symbols: Kept[Symbols] = Kept(_PLANS)

    def of(self, context: CheckContext) -> DraftReader | None:
        """Return what reads drafts in *context*; None where that asks for full readings."""
        if not context.lang or context.allowed:
            return None
        return DraftReader(self, context, self._where(context))

    def _where(self, context: CheckContext) -> _Where:
        slots = context.slots
        key = (
            context.channel,
            context.purpose,
            context.lang,
            context.complete,
            context.written_by_ai,
            context.required_off,
            id(context.identity),
            tuple([(name, slot.level, id(slot.field)) for name, slot in slots.items()]),
        )
        found = self._contexts.get(key)
        if found is None:
            is_shaped = base_language(context.lang) == _SHAPED and self.blocks.reads_shapes
            alive = (context.identity, *(slot.field for slot in slots.values()))
            stand_ins = self.blocks.stand_ins(context) if is_shaped else None
            symbols = self._symbols.put(id(stand_ins), Symbols(stand_ins))
            number = self._contexts.number()
            found = self._contexts.put(key, _Where(number, symbols, is_shaped, alive))
        return found

    def family(
        self, part: Part, context: CheckContext, where: _Where, said: Sequence[int] = ()
    ) -> _Family:
        """Return the family of *part*, in *context*, whose spoken chunks have the marks *said*."""
        key = (where.number, part.name, part.kind, id(part.sites), part.path, *said)
        family = self._families.get(key)
        if family is None:
            slots = tuple(i for i, chunk in enumerate(part.chunks) if chunk.origin.slots)
            roles = frozenset(i for i in slots if _has_role(part, i, context))
            spoken = () if said else tuple(i for i in part.written if i not in slots)
            blocks = Blocks(self.plans.number)
            made = _Family(
                self._families.number(), slots, roles, spoken, part.sites, count(1), blocks
            )
            family = self._families.put(key, made)
        return family


class DraftReader:
    """
    Reads drafts of templates that differ in values only. Threads may share it.

    Args:
        memory: What is known.
        context: What there is to know besides the text, but no value.
        where: Stands for it.
    """

    def __init__(self, memory: IncrementalReader, context: CheckContext, where: _Where) -> None:
        self._memory = memory
        self._blocks = memory.blocks
        self._context = context
        self._where = where
        self._families: Kept[_Family] = Kept(_PATHS)

    def check(self, draft: Draft, withheld: Sequence[KnownValue] = ()) -> Report | None:
        """
        Return the report that a full reading of *draft* gives; None where that is needed.

        Args:
            draft: Of a template.
            withheld: Values of the recipient that may not appear.
        """
        told = [self._told(part) for part in draft.parts]
        if None in told:
            return None
        parts = cast("list[_Told]", told)
        suspects = self._suspects(parts, withheld) if withheld else ()
        if any(suspects):
            return self._report(draft, parts, None, withheld, suspects)
        key = (self._where.number, *[(one.plan.number, *one.symbols) for one in parts])
        return self._memory.reports.get(key) or self._report(draft, parts, key)

    def _report(
        self,
        draft: Draft,
        told: Sequence[_Told],
        own: Hashable | None,
        withheld: Sequence[KnownValue] = (),
        suspects: Sequence[Sequence[KnownValue]] = (),
    ) -> Report | None:
        """Return the report on *draft*, and keep it under the key that is its *own*."""
        memory, context, rules = self._memory, self._context, self._blocks.rules
        readings = memory.readings
        parts = [DraftPart(*one, readings) for one in told]
        if not all(one.complete(self._read, readings) for one in parts):
            return None
        gap = language_gap(rules, context.lang, self._language(parts))
        is_known = own is not None and all(one.is_known for one in parts)
        key = (self._where.number, gap, tuple([one.told for one in parts])) if is_known else None
        known = memory.summaries.get(key) if key else None
        if withheld:
            context = replace(context, withheld=tuple(withheld))
        indices = map(self._echoes, suspects) if suspects else repeat(None)
        found = [
            one.reading(rules, context, index) for one, index in zip(parts, indices, strict=False)
        ]
        report, summary = report_of(draft, context, found, rules, gap, summary=known)
        if is_known:
            memory.summaries.put(key, summary)
            memory.reports.put(own, report)
        return report

    def _read(self, part: Part, region: Region) -> BlockReading:
        """
        Read a block, unless one of the same words was read elsewhere, and nothing was found in it.

        The footers of a pack's templates are one block, and so is a link in all mail to somebody.
        """
        slots = slot_ranges(ReadPart(part, (region,)), region)
        place = (part.name, part.kind, region.kind, region.is_partial)
        key = (self._where.number, *place, mark(region.text), *slots)
        known = self._memory.fine.get(key)
        if known is not None:
            return known
        reading = self._blocks.read(part, region, self._context)
        if reading.is_known and not reading.findings:
            self._memory.fine.put(key, reading)
        return reading

    def _language(self, parts: Sequence[DraftPart]) -> str | None:
        """Return the language of the draft; None where it is short or unclear."""
        total = added(tally for one in parts for tally in one.tallies())
        if total.is_short:
            return None
        if total.is_english:
            return "en"
        key = tuple([key for one in parts for key in one.shown_keys()])
        found = self._memory.languages.get(key)
        if found is None:
            shown = [
                text for one in parts for text in self._blocks.shown(one.read(), self._context)
            ]
            found = self._memory.languages.put(key, (language_of(*shown),))
        return found[0]

    def _suspects(
        self, told: Sequence[_Told], withheld: Sequence[KnownValue]
    ) -> list[list[KnownValue]]:
        """Return for each part which of the *withheld* values it may hold an echo of."""
        guard = EchoGuard(withheld, lang=self._context.lang, regions=self._regions)
        return [guard.suspects(guard.suspicious(one.plan.written, one.part)) for one in told]

    def _echoes(self, suspects: Sequence[KnownValue]) -> EchoIndex | None:
        """Return what finds *suspects*; None where there are none."""
        if not suspects:
            return None
        return EchoIndex.of(suspects, lang=self._context.lang, regions=self._regions)

    @property
    def _regions(self) -> tuple[str, ...]:
        return self._context.identity.phone_regions

    def _told(self, part: Part) -> _Told | None:
        """Return what is told of *part*; None where only a full reading can tell."""
        if not part.sites:
            return None
        family = self._family(part, (part.name, part.path))
        if family.spoken:
            said = [mark(part.pieces[i]) for i in family.spoken]
            family = self._family(part, (part.name, part.path, *said), said)
        pieces, fixed = part.pieces, family.fixed
        while True:
            plan = self._plan(part, family, fixed) if fixed or not family.plan else family.plan
            if plan is None:
                return None
            if not fixed:
                family.plan = plan
                family.fixed = plan.layout.fixed
            symbols = plan.symbols(pieces)
            if None not in symbols and plan.layout.fixed == fixed:
                return _Told(part, plan, symbols)
            fixed = plan.layout.fixed | plan.stuck(symbols)

    def _family(self, part: Part, key: Hashable, said: Sequence[int] = ()) -> _Family:
        family = self._families.get(key)
        if family is None or family.alive is not part.sites:
            found = self._memory.family(part, self._context, self._where, said)
            family = found if family else self._families.put(key, found)
        return family

    def _plan(self, part: Part, family: _Family, fixed: frozenset[int]) -> Planned | None:
        """Return the plan of *part* with its *fixed* values; None where there are too many."""
        pieces, plans = part.pieces, self._memory.plans
        key = (family.number, tuple([(i, mark(pieces[i])) for i in sorted(fixed)]))
        plan = plans.get(key)
        if plan is None:
            if next(family.plans) > _MOST_LAYOUTS:
                return None
            where = self._where
            shapes = where.has_shapes
            layout = plan_of(part, read_in_blocks, family.roles, fixed, has_shapes=shapes)
            if layout is None:
                return None
            made = Planned(plans.number(), layout, part.kind, where.symbols, family.blocks)
            plan = plans.put(key, made)
        return plan


def _has_role(part: Part, chunk: int, context: CheckContext) -> bool:
    """Tell whether one slot alone wrote *chunk*, and it is a name or a place."""
    names = part.chunks[chunk].origin.slots
    slot = context.slots.get(*names) if len(names) == 1 else None
    return slot is not None and slot.is_filled and role_of(slot) is not None
