"""Kind `slot`: values that a template shows, judged by where they came from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal

from guardedpersonalize.check.matchers.base import (
    Detections,
    MatchModel,
    make_finding,
    slot_ranges,
)
from guardedpersonalize.vocabulary import (
    EXACT,
    Provenance,
    PurposeClass,
    Sensitivity,
    Source,
    ladders,
)

if TYPE_CHECKING:
    from guardedpersonalize.check.context import CheckContext, FilledSlot
    from guardedpersonalize.check.finding import Finding
    from guardedpersonalize.check.reading import ReadPart
    from guardedpersonalize.check.rules import Rule

__all__ = ["SlotMatch", "SlotMatcher"]


class SlotMatch(MatchModel):
    """
    `[match]` of kind `slot`: a filled slot is shown, and everything that is given holds of it.

    Args:
        provenance: How its field's values came to be; empty for any way.
        source: Who they came from; empty for anybody.
        categories: Keys of data categories that it lies within; empty for any.
        sensitivity: Least tier of its category.
        special: True for special categories only (GDPR Art. 9 and 10), proxies included.
        raw: True where the value is exact although its category has a coarser default.
        purposes: For these classes of purpose; empty for any.
    """

    kind: Literal["slot"]
    provenance: tuple[Provenance, ...] = ()
    source: tuple[Source, ...] = ()
    categories: tuple[str, ...] = ()
    sensitivity: Sensitivity = Sensitivity.NONE
    special: bool = False
    raw: bool = False
    purposes: tuple[PurposeClass, ...] = ()

    def is_due(self, context: CheckContext) -> bool:
        """Tell whether a message of this context is meant; one without a purpose is."""
        purpose = context.purpose
        return not self.purposes or purpose is None or purpose.purpose_class in self.purposes

    def holds(self, slot: FilledSlot) -> bool:
        """Tell whether *slot* is one of those that the rule is about."""
        field = slot.field
        return (
            slot.is_filled
            and field.category.is_personal
            and (not self.provenance or field.provenance in self.provenance)
            and (not self.source or field.source in self.source)
            and (not self.categories or any(map(field.category.is_within, self.categories)))
            and field.category.sensitivity >= self.sensitivity
            and (not self.special or _is_special(slot))
            and (not self.raw or _is_raw(slot))
        )


def _is_special(slot: FilledSlot) -> bool:
    category = slot.field.category
    return category.is_special or category.proxy_of is not None


def _is_raw(slot: FilledSlot) -> bool:
    """Tell whether the value is as it was collected, where it should have been made coarser."""
    name = slot.field.generaliser
    if slot.level != EXACT or name is None:
        return False
    ladder = ladders().get(name)
    return ladder is not None and ladder.default != EXACT


class SlotMatcher:
    """All slot rules."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = [(rule, rule.match_as(SlotMatch)) for rule in rules]

    def find(
        self, read: ReadPart, context: CheckContext, detections: Detections
    ) -> Iterator[Finding]:
        """Yield the outputs of slots that the rules are about; *detections* do not matter here."""
        del detections
        if not context.slots:
            return
        for region in read.regions:
            for start, end, names in slot_ranges(read, region):
                slots = [context.slots[name] for name in sorted(names) if name in context.slots]
                for rule, match in self._rules:
                    severity = rule.severity_on(context.channel)
                    if severity is None or not rule.reads(read.part.name, region.kind):
                        continue
                    if match.is_due(context) and any(map(match.holds, slots)):
                        yield make_finding(
                            rule, severity, read, region, (start, end), context=context
                        )
