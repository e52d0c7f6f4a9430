"""The ladder: which lesser versions of a message are tried, and in which order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from guardedpersonalize.check import Finding
from guardedpersonalize.decide import Rung
from guardedpersonalize.render import Draft
from guardedpersonalize.vocabulary import Family

__all__ = ["AS_WRITTEN", "Candidate", "below", "is_withheld_only", "suspects_of"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """
    One version of a message.

    Args:
        rung: What it is called.
        omit: Slots left out, though they have a fallback.
        fall_back: Slots that take their fallback, though they could be filled.
        is_generic: True for the template's generic version.
    """

    rung: Rung
    omit: frozenset[str] = frozenset()
    fall_back: frozenset[str] = frozenset()
    is_generic: bool = False


AS_WRITTEN = Candidate(Rung.AS_WRITTEN)


def below(
    personal: Sequence[str], suspects: Sequence[str], *, has_generic: bool
) -> Iterator[Candidate]:
    """
    Yield the versions below the one as written, best first.

    Which versions there are depends on the findings only through *suspects*, and more findings can
    only take suspects away. So whatever passes with more rules was tried, and passed, with fewer:
    adding a rule never turns block into send (the second law).

    Args:
        personal: Slots that are filled from personal fields.
        suspects: Slots that are tried one by one first; see `suspects_of`.
        has_generic: Whether the template has a generic version.
    """
    groups = [frozenset({slot}) for slot in suspects]
    if everything := frozenset(personal):
        groups += [everything] if everything not in groups else []
    for group in groups:
        yield Candidate(Rung.OMITTED, omit=group)
        yield Candidate(Rung.FALLBACK, fall_back=group)
    if has_generic:
        yield Candidate(Rung.GENERIC, is_generic=True)


def suspects_of(
    findings: Sequence[Finding], draft: Draft | None, filled: Sequence[str]
) -> tuple[str, ...]:
    """
    Return the slots that may be left out one by one before all of them are.

    Where there are serious findings it is the one slot behind each of them, if there is one. Where
    there are none (the score is too high, or the template failed) it is every filled slot: whatever
    slot one more finding may blame has then been tried without it.

    Args:
        findings: The serious findings of the version as written.
        draft: That version; None where it could not be rendered.
        filled: Slots that are filled, the heaviest first.
    """
    if not findings or draft is None:
        return tuple(filled)
    culprit = _sole_culprit(findings, draft)
    return (culprit,) if culprit else ()


def _sole_culprit(findings: Sequence[Finding], draft: Draft) -> str | None:
    parts = {part.name: part for part in draft.parts}
    behind: set[str] = set()
    for finding in findings:
        origins = parts[finding.part].origins(finding.start, finding.end)
        slots = {slot for origin in origins for slot in origin.slots | origin.control}
        slots |= set(finding.slots)
        if len(slots) != 1:
            return None
        behind |= slots
    return behind.pop() if len(behind) == 1 else None


def is_withheld_only(findings: Sequence[Finding]) -> bool:
    """
    Return True if an echo is among *findings*: such a message is withheld, never reduced.

    Reducing it would let the bytes of a message depend on a value that was not allowed.
    """
    return any(finding.family is Family.ECHO for finding in findings)
