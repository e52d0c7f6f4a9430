"""Reading skeletons: every way through a template, with a plausible value in each slot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from guardedpersonalize.check import Finding
from guardedpersonalize.consent import FieldGrant, Grant, MessageGrant, Reason, Verdict
from guardedpersonalize.engine.message import Workshop, context_of
from guardedpersonalize.errors import RenderError
from guardedpersonalize.minimise import Slot, minimise
from guardedpersonalize.packs import PackTemplate
from guardedpersonalize.packs.usual import usual_values
from guardedpersonalize.profile import Profile
from guardedpersonalize.render import Explorer
from guardedpersonalize.vocabulary import EXACT, SlotOutcome

__all__ = ["SkeletonReader", "SkeletonReport"]

_WORD: Final = "Sage"
"""Stands in a slot that no usual value fills."""


@dataclass(frozen=True, slots=True)
class SkeletonReport:
    """
    What was found on the ways through one version of a template.

    Args:
        findings: Of all ways, in the order of finding the ways; the same one may be on several.
        ways: How many ways were read.
        is_whole: True where there are no others.
        error: What goes wrong on a way, if anything does.
    """

    findings: tuple[Finding, ...]
    ways: int
    is_whole: bool
    error: RenderError | None


class SkeletonReader:
    """
    Reads the templates of a pack before there is any data. For one thread.

    What it reads the checker knows afterwards: the first messages cost less.

    Args:
        workshop: The pack, and what reads it.
        at: A moment, with a time zone; dates are told from it.

    Raises:
        RenderError: GP330, if the templates are nested too deeply for this.
    """

    def __init__(self, workshop: Workshop, *, at: datetime) -> None:
        self._workshop = workshop
        self._at = at
        self._profile = Profile("nobody", usual_values(workshop.pack, at=at))
        self._explorer = Explorer(workshop.pack.template_set)

    def read(self, template: PackTemplate, *, is_generic: bool = False) -> SkeletonReport:
        """Read every way through *template*, or through its generic version."""
        pack = self._workshop.pack
        entry = template.entry(is_generic=is_generic)
        slots = {
            slot.spec.name: self._filled(slot)
            for slot in self._minimised(template)
            if slot.spec.name in pack.template_set.entries[entry].slots
        }
        explored = self._explorer.explore(
            entry,
            {name: _listed(slot.value) for name, slot in slots.items()},
            channel=template.channel,
            purpose=template.purpose,
            required=frozenset(spec.name for spec in template.slots if spec.required),
        )
        # What a way leaves empty is not in its text, so that one context does for all of them.
        reader = self._workshop.checker.reader_of(context_of(pack, template, slots))
        found = [each for way in explored.skeletons for each in reader.check(way).findings]
        return SkeletonReport(
            tuple(found), len(explored.skeletons), explored.is_whole, explored.error
        )

    def _minimised(self, template: PackTemplate) -> Sequence[Slot]:
        """Return the slots of somebody who allows everything."""
        pack = self._workshop.pack
        is_service = template.purpose.purpose_class == "service"
        fields = {
            name: FieldGrant(
                name, Verdict.ALLOWED, EXACT if is_service else field.level, Reason.ALLOWED
            )
            for name, field in pack.catalogue.items()
        }
        grant = Grant(
            purpose=template.purpose,
            channel=template.channel,
            at=self._at,
            message=MessageGrant(Verdict.ALLOWED, Reason.ALLOWED),
            fields=fields,
            is_minor=False,
            law_version="",
        )
        context = self._workshop.context(template, self._at)
        slots = minimise(
            self._profile, template.plan, grant, catalogue=pack.catalogue, context=context
        )
        return tuple(slots.values())

    def _filled(self, slot: Slot) -> Slot:
        """Return *slot* with a value that it could have, if it has none."""
        if slot.is_filled:
            return slot
        values: Mapping[str, Any] = {
            "bool": True,
            "date": self._at.date(),
            "int": 3,
            "list": (_WORD,),
            "text": _WORD[: slot.spec.max_length],
        }
        level = slot.spec.level or slot.field.level
        return replace(
            slot, outcome=SlotOutcome.TRANSFORM, value=values[slot.spec.type], level=level
        )


def _listed(value: Any) -> Any:  # noqa: ANN401 - what a slot holds
    return list(value) if isinstance(value, tuple) else value
