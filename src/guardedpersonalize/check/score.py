"""The score: how likely a message is to seem creepy, with every addend and its source."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from guardedpersonalize import vocabulary
from guardedpersonalize.check.finding import Addend, Finding, Score, Speaker
from guardedpersonalize.check.matchers import Element
from guardedpersonalize.vocabulary import EXACT, Channel, Family, Provenance, Sensitivity, ladders

if TYPE_CHECKING:
    from guardedpersonalize.check.context import CheckContext, FilledSlot
    from guardedpersonalize.profile import Field

__all__ = ["score_of"]

_MITIGATING: Final = (Element.REASON_LINE, Element.CONTROL_LINK)


@functools.cache
def _weights() -> dict[str, Any]:
    with Path(__file__).with_name("score.toml").open("rb") as file:
        return tomllib.load(file)


@dataclass(frozen=True, slots=True)
class _Value:
    """One value that the message uses, or one claim that it makes, with its addends."""

    addends: tuple[Addend, ...]

    @property
    def total(self) -> float:
        return sum(addend.value for addend in self.addends)

    @property
    def stands_out(self) -> bool:
        """True where it is exact, or claimed to be known."""
        weights = _weights()
        top = {
            ("specificity", float(weights["specificity"]["exact"])),
            ("explicitness", float(weights["explicitness"]["claimed"])),
        }
        return any((addend.name, addend.value) in top for addend in self.addends)


def score_of(
    context: CheckContext,
    findings: Sequence[Finding] = (),
    *,
    shown: Collection[str] | None = None,
    elements: Collection[Element] = (),
    existing_customer: bool = False,
) -> Score:
    """
    Score one message. The addends sum up to the total.

    Args:
        context: Its filled slots are the values used; its channel says how obtrusive they are.
        findings: What the rules found: a finding of a category that `[claims]` in score.toml
            names makes the slots in its span claimed, or is a claim of its own where it has none.
        shown: Slots whose values stand in the text; all that are filled, unless given.
        elements: What the message has besides: a reason line and a control link lower the score.
        existing_customer: True where the reader has bought before.

    Returns:
        The score, never below 0. It has no addends where nothing personal is used or claimed.

    Source:
        White et al. 2008, Goldfarb and Tucker 2011, Aguirre et al. 2015, Kim et al. 2019 and
        others, each with its addend; the sizes are house judgement.
    """
    slots = [slot for slot in context.slots.values() if _counts(slot)]
    claims = [f for f in findings if _is_claim(f)]
    claimed = {name for finding in claims for name in finding.slots}
    named = {slot.spec.name for slot in slots} if shown is None else set(shown)
    values = [_value_of(slot, _how(slot.spec.name, named, claimed)) for slot in slots]
    values += _claims_in_words(claims, {slot.spec.name for slot in slots})
    if not values:
        return Score()
    addends = [*_weighed(values), *_of_message(context, slots, values)]
    addends += _mitigators(elements, existing_customer=existing_customer)
    total = sum(addend.value for addend in addends)
    if total < 0:
        addends.append(Addend("floor", -total, "", "a score is never below 0"))
    return Score(max(total, 0.0), tuple(addends))


def _is_claim(finding: Finding) -> bool:
    """Tell whether a finding claims knowledge; the model's word alone adds nothing to a score."""
    is_said = finding.family is Family.INTRUSIVE and finding.speaker is not Speaker.MODEL
    return is_said and finding.category in _claimed()


def _counts(slot: FilledSlot) -> bool:
    return slot.is_filled and slot.field.category.is_personal


def _claimed() -> frozenset[str]:
    return frozenset(_weights()["claims"]) - {"source"}


def _how(name: str, named: Collection[str], claimed: Collection[str]) -> str:
    if name in claimed:
        return "claimed"
    return "named" if name in named else "silent"


def _value_of(slot: FilledSlot, how: str) -> _Value:
    field, name = slot.field, slot.spec.name
    terms = (
        ("sensitivity", _tier(field)),
        ("provenance", field.provenance.value),
        ("source", field.source.value),
        ("specificity", _specificity(slot)),
        ("explicitness", how),
    )
    return _Value(tuple(_nonzero(_addend(table, key, name) for table, key in terms)))


def _tier(field: Field) -> str:
    return Sensitivity(field.category.sensitivity).name.lower()


def _specificity(slot: FilledSlot) -> str:
    """Compare the level of the value with the default of its ladder."""
    ladder = ladders().get(slot.field.generaliser or "")
    if ladder is None or slot.level not in ladder.levels:
        return "default"
    rank, usual = ladder.rank(slot.level), ladder.rank(ladder.default)
    if rank >= usual:
        return "default"
    return "exact" if slot.level == EXACT else "finer"


def _claims_in_words(claims: Sequence[Finding], names: Collection[str]) -> list[_Value]:
    """Return the claims that no slot stands behind, each category once."""
    bare = {finding.category for finding in claims if not set(finding.slots) & set(names)}
    values = []
    for category in sorted(bare):
        terms = (("claims", category), ("explicitness", "claimed"))
        values.append(
            _Value(tuple(_nonzero(_addend(table, key, category) for table, key in terms)))
        )
    return values


def _weighed(values: Sequence[_Value]) -> list[Addend]:
    """Return the addends of the value that weighs most, and a share of those of the others."""
    most = max(range(len(values)), key=lambda i: values[i].total)
    share = _weights()["others"]["share"]
    return [
        addend if i == most else replace(addend, value=addend.value * share)
        for i, value in enumerate(values)
        for addend in value.addends
    ]


def _of_message(
    context: CheckContext, slots: Sequence[FilledSlot], values: Sequence[_Value]
) -> Iterator[Addend]:
    """Yield what the message as a whole adds: its channel, the mixture, how it was collected."""
    if any(value.stands_out for value in values):
        yield from _nonzero((_addend("obtrusiveness", Channel(context.channel).value, ""),))
    table = _weights()["combination"]
    kinds = {".".join(slot.field.category.key.split(".")[:2]) for slot in slots}
    if len(kinds) >= table["kinds"]:
        yield _addend("combination", "value", "")
    if any(_is_covert(slot.field) for slot in slots):
        yield _addend("covert", "value", "")


def _is_covert(field: Field) -> bool:
    """Tell whether the person could not see it; unknown counts, unless they gave it themselves."""
    overt = vocabulary.Collection.OVERT
    if field.provenance is Provenance.PROVIDED:
        return field.collected is vocabulary.Collection.COVERT
    return field.collected is not overt


def _mitigators(elements: Collection[Element], *, existing_customer: bool) -> list[Addend]:
    names = [element.value for element in _MITIGATING if element in elements]
    names += ["existing_customer"] * existing_customer
    return [_addend("mitigators", name, name) for name in names]


def _addend(table: str, key: str, subject: str) -> Addend:
    weights = _weights()[table]
    return Addend(table, float(weights[key]), subject, weights["source"])


def _nonzero(addends: Iterator[Addend] | Sequence[Addend]) -> list[Addend]:
    return [addend for addend in addends if addend.value]
