"""
The incremental reader: the findings of a draft from what is known of its blocks.

A warm message costs a look at each of its values and a look-up for each block. What is kept are
plans and readings, under hashes and shapes of values: no text of a recipient, and no value.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Final, NamedTuple

from guardedpersonalize.check.blocks import read_in_blocks
from guardedpersonalize.check.echo import EchoIndex
from guardedpersonalize.check.incremental.draft_part import DraftPart, Known, Planned
from guardedpersonalize.check.incremental.echoes import EchoGuard
from guardedpersonalize.check.incremental.kept import Kept, mark
from guardedpersonalize.check.incremental.plan import PartPlan, plan_of
from guardedpersonalize.check.incremental.symbols import Symbols
from guardedpersonalize.check.language import added, base_language, language_of
from guardedpersonalize.check.matchers.base import slot_ranges
from guardedpersonalize.check.message import Summary, language_gap, report_of
from guardedpersonalize.check.reading import ReadPart, Region
from guardedpersonalize.check.stand_ins import role_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from guardedpersonalize.check.block_reader import BlockReader, BlockReading
    from guardedpersonalize.check.context import CheckContext
    from guardedpersonalize.check.finding import Report
    from guardedpersonalize.render.draft import Draft, Part

__all__ = ["IncrementalReader"]

_SHAPED: Final = "en"
"""The language whose words may be told by their shape: the reader model reads no other."""

_PLANS: Final = 4_096
_READINGS: Final = 65_536
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
        alive: As in `_Where`.
        plans: Counts the plans that were made.
        fixed: Chunks whose values belong to every plan of it.
    """

    number: int
    slots: tuple[int, ...]
    roles: frozenset[int]
    alive: object
    plans: Iterator[int]
    fixed: frozenset[int] = frozenset()


class _Message(NamedTuple):
    """A draft whose parts have plans; *echoes* are what may be in it of withheld values."""

    draft: Draft
    context: CheckContext
    where: _Where
    parts: list[DraftPart]
    echoes: EchoIndex | None

    @property
    def key(self) -> Hashable | None:
        """All that the report on it hangs on; None where there may be echoes."""
        if self.echoes is not None:
            return None
        return self.where.number, *[(one.number, one.symbols) for one in self.parts]


class IncrementalReader:
    """
    Reads drafts of templates. Threads may share it.

    Args:
        blocks: Reads what is new.
    """

    def __init__(self, blocks: BlockReader) -> None:
        self._blocks = blocks
        self._contexts: Kept[_Where] = Kept(_PLANS)
        self._families: Kept[_Family] = Kept(_PLANS)
        self._plans: Kept[Planned] = Kept(_PLANS)
        self._readings: Kept[Known] = Kept(_READINGS)
        self._fine: Kept[BlockReading] = Kept(_READINGS)
        self._languages: Kept[tuple[str | None]] = Kept(_PLANS)
        self._summaries: Kept[Summary] = Kept(_READINGS)
        self._reports: Kept[Report] = Kept(_PLANS)
        self._symbols: Kept[Symbols] = Kept(_PLANS)

    def check(self, draft: Draft, context: CheckContext) -> Report | None:
        """Return the report that a full reading of *draft* gives; None where that is needed."""
        if not context.lang or context.allowed or not all(part.sites for part in draft.parts):
            return None
        where = self._where(context)
        parts = []
        for part in draft.parts:
            found = self._part(part, context, where)
            if found is None:
                return None
            parts.append(found)
        index = self._suspects(parts, context)
        message = _Message(draft, context, where, parts, index)
        key = message.key
        return self._reports.get(key) or self._report(message, key)

    def _report(self, message: _Message, own: Hashable | None) -> Report | None:
        """Return the report on *message*, and keep it under the key that is its *own*."""
        draft, context, where, parts, index = message
        read = functools.partial(self._read, context, where)
        if not all(one.complete(read, self._readings) for one in parts):
            return None
        found_lang = self._language(parts, context)
        gap = language_gap(self._blocks.rules, context.lang, found_lang)
        is_known = own is not None and all(one.is_known for one in parts)
        key = (where.number, gap, tuple([one.told for one in parts])) if is_known else None
        known = self._summaries.get(key) if key else None
        readings = [one.reading(self._blocks.rules, context, index) for one in parts]
        report, summary = report_of(
            draft, context, readings, self._blocks.rules, gap, summary=known
        )
        if is_known:
            self._summaries.put(key, summary)
            self._reports.put(own, report)
        return report

    def _read(
        self, context: CheckContext, where: _Where, part: Part, region: Region
    ) -> BlockReading:
        """
        Read a block, unless one of the same words was read elsewhere, and nothing was found in it.

        The footers of a pack's templates are one block, and so is a link in all mail to somebody.
        """
        slots = slot_ranges(ReadPart(part, (region,)), region)
        place = (part.name, part.kind, region.kind, region.is_partial)
        key = (where.number, *place, mark(region.text), *slots)
        known = self._fine.get(key)
        if known is not None:
            return known
        reading = self._blocks.read(part, region, context)
        if reading.is_known and not reading.findings:
            self._fine.put(key, reading)
        return reading

    def _language(self, parts: list[DraftPart], context: CheckContext) -> str | None:
        """Return the language of the draft; None where it is short or unclear."""
        total = added(tally for one in parts for tally in one.tallies())
        if total.is_short:
            return None
        if total.is_english:
            return "en"
        key = tuple([key for one in parts for key in one.shown_keys()])
        found = self._languages.get(key)
        if found is None:
            shown = [text for one in parts for text in self._blocks.shown(one.read(), context)]
            found = self._languages.put(key, (language_of(*shown),))
        return found[0]

    def _suspects(self, parts: list[DraftPart], context: CheckContext) -> EchoIndex | None:
        """Have the parts read that may hold an echo; return what to look for there, if any may."""
        if not context.withheld:
            return None
        regions = context.identity.phone_regions
        guard = EchoGuard(context.withheld, lang=context.lang, regions=regions)
        suspects = [one for one in parts if guard.may_echo(one.outputs())]
        if not suspects:
            return None
        for one in suspects:
            one.is_suspect = True
        return EchoIndex.of(context.withheld, lang=context.lang, regions=regions)

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
            is_shaped = base_language(context.lang) == _SHAPED and self._blocks.reads_shapes
            alive = (context.identity, *(slot.field for slot in slots.values()))
            stand_ins = self._blocks.stand_ins(context) if is_shaped else None
            symbols = self._symbols.put(id(stand_ins), Symbols(stand_ins))
            number = self._contexts.number()
            found = self._contexts.put(key, _Where(number, symbols, is_shaped, alive))
        return found

    def _part(self, part: Part, context: CheckContext, where: _Where) -> DraftPart | None:
        family = self._family(part, context, where)
        texts, fixed = part.texts, family.fixed
        while True:
            key = (family.number, tuple([(i, mark(texts[i])) for i in sorted(fixed)]))
            plan = self._plans.get(key)
            if plan is None:
                layout = self._plan_of(part, family, where, fixed)
                if layout is None:
                    return None
                plan = self._plans.put(key, Planned(self._plans.number(), layout))
            if not fixed:
                family.fixed = plan.layout.fixed
            told = plan.symbols(texts, where.symbols)
            if None not in told and plan.layout.fixed == fixed:
                return DraftPart(part, plan, family.slots, told, self._readings)
            fixed = plan.layout.fixed | plan.stuck(told)

    def _plan_of(
        self, part: Part, family: _Family, where: _Where, fixed: frozenset[int]
    ) -> PartPlan | None:
        """Return a new plan; None where there is none, or values make too many of them."""
        if next(family.plans) > _MOST_LAYOUTS:
            return None
        return plan_of(part, read_in_blocks, family.roles, fixed, has_shapes=where.has_shapes)

    def _family(self, part: Part, context: CheckContext, where: _Where) -> _Family:
        key = (where.number, part.name, part.kind, id(part.sites), part.path)
        family = self._families.get(key)
        if family is None:
            slots = tuple(i for i, chunk in enumerate(part.chunks) if chunk.origin.slots)
            roles = frozenset(i for i in slots if _has_role(part, i, context))
            made = _Family(self._families.number(), slots, roles, part.sites, count(1))
            family = self._families.put(key, made)
        return family


def _has_role(part: Part, chunk: int, context: CheckContext) -> bool:
    """Tell whether one slot alone wrote *chunk*, and it is a name or a place."""
    names = part.chunks[chunk].origin.slots
    slot = context.slots.get(*names) if len(names) == 1 else None
    return slot is not None and slot.is_filled and role_of(slot) is not None
