"""What the recipient may be told: what was used, on what ground, and how to stop it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from guardedpersonalize.consent import Grant
from guardedpersonalize.minimise import Slot, Slots
from guardedpersonalize.vocabulary import EXACT, LawfulBasis, Provenance, Source

__all__ = ["Explanation", "explain"]

_PROVENANCE: Final = {
    Provenance.PROVIDED: "which you gave us",
    Provenance.OBSERVED: "which we recorded when you used our service",
    Provenance.DERIVED: "which we worked out from what you gave us or did with us",
    Provenance.INFERRED: "which is our guess",
}
_OUTSIDE: Final = {
    Source.SECOND_PARTY: "which a partner of ours passed on",
    Source.THIRD_PARTY: "which we had from someone else",
    Source.PUBLIC: "which is public",
}
_BASIS: Final = {
    LawfulBasis.CONSENT: "because you agreed to it",
    LawfulBasis.EXPLICIT_CONSENT: "because you expressly agreed to it",
    LawfulBasis.CONTRACT: "because our agreement with you needs it",
    LawfulBasis.LEGAL_OBLIGATION: "because the law asks it of us",
    LawfulBasis.VITAL_INTERESTS: "to protect you or somebody else",
    LawfulBasis.PUBLIC_INTEREST: "for a task in the public interest",
    LawfulBasis.LEGITIMATE_INTERESTS: "because we have a legitimate interest in it",
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """
    Plain sentences for the recipient, in order; they name kinds of data and hold no values.

    Args:
        sentences: What was used and why; one sentence where nothing was.
        choices: How to change it.
    """

    sentences: tuple[str, ...]
    choices: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join((*self.sentences, *self.choices))


def explain(grant: Grant, slots: Slots | None) -> Explanation:
    """Return what to tell the recipient of a message for which *slots* were filled."""
    used = [slot for slot in slots.filled if slot.field.category.is_personal] if slots else []
    sentences = tuple(_sentence(slot) for slot in used)
    purpose = grant.purpose.name.lower()
    if not sentences:
        sentences = (f"No personal data was used to write this message ({purpose}).",)
    choices = (f"You can say no to this at any time, for {purpose} or for one kind of data alone.",)
    return Explanation(sentences, choices)


def _sentence(slot: Slot) -> str:
    field = slot.field
    what = field.category.name.lower()
    coarse = f", only as {slot.level.replace('_', ' ')}," if slot.level != EXACT else ""
    origin = _OUTSIDE.get(field.source) or _PROVENANCE[field.provenance]
    why = _BASIS[slot.basis] if slot.basis else "on no recorded ground"
    return f"We used your {what}{coarse or ','} {origin}, {why}."
