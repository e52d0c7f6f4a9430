"""What the check may know besides the text: who sends, what for, which slots, which values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, NamedTuple, Protocol

from guardedpersonalize.minimise import SlotSpec
from guardedpersonalize.profile import Field, FieldType
from guardedpersonalize.vocabulary import Channel, Purpose, Severity

__all__ = [
    "VERDICT",
    "CheckContext",
    "Detection",
    "Detector",
    "FilledSlot",
    "Identity",
    "KnownValue",
]


VERDICT: Final = "verdict:"
"""Start of the entity of a detection that judges wording; an intrusive category follows."""


@dataclass(frozen=True, slots=True)
class Identity:
    """
    The sender, as the pack declares it; none of this is personal data of the reader.

    Args:
        name: Legal or trading name.
        brands: Other names that the sender goes by.
        postal_addresses: Postal addresses, one string each.
        phones: Phone numbers, as printed.
        emails: Addresses readers may write to.
        link_domains: Registrable domains that the sender links to.
        signatories: Names that sign messages.
        phone_regions: ISO 3166 regions whose national phone format is to be recognised.
        numbers: Its bank, tax and company numbers, as printed.
    """

    name: str = ""
    brands: tuple[str, ...] = ()
    postal_addresses: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    link_domains: tuple[str, ...] = ()
    signatories: tuple[str, ...] = ()
    phone_regions: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Detection:
    """
    A personal identifier that a detector saw: what and where, never the text.

    Args:
        entity: Presidio's name for it, e.g. "EMAIL_ADDRESS", or `VERDICT` and a category.
        start: First character in the text that was read.
        end: One past the last.
        score: Confidence from 0 to 1.
        severity: For a verdict how strong it is: info where it only bears out what a rule says,
            warn where it stands alone, error where it makes a rule's warning an error.
    """

    entity: str
    start: int
    end: int
    score: float
    severity: Severity | None = None


class Detector(Protocol):
    """
    Finds personal identifiers in a text. Must be safe to call from several threads.

    What more a detector may have:

    * `kinds`: the kinds of regions that it is given, where it reads prose only;
    * `fingerprint`: its version, which goes into records;
    * `words`: texts and expressions with every word that it looks for: to it, all other plain words
      of one length and case are alike, so that it need not be asked about each;
    * `takes_stand_ins`: True where it is to be given the same names for the names and places that
      slots wrote, see `stand_ins`.
    """

    name: str

    def detect(self, text: str, *, lang: str, regions: Sequence[str]) -> Sequence[Detection]:
        """Return what is there, in any order; raise `DetectorError` when it cannot tell."""
        ...


class KnownValue(NamedTuple):
    """A value of this recipient's profile, opened for the echo matcher. Its repr hides it."""

    field: str
    type: FieldType
    value: object

    def __repr__(self) -> str:
        return f"KnownValue({self.field!r}, {self.type.value})"


class FilledSlot(Protocol):
    """What the rules may know of a slot: not what it holds. A `Slot` and a `Handling` are such."""

    @property
    def spec(self) -> SlotSpec:
        """The declaration."""

    @property
    def field(self) -> Field:
        """The field."""

    @property
    def level(self) -> str:
        """The level of its value."""

    @property
    def is_filled(self) -> bool:
        """True where the value is the person's, not a fallback or nothing."""


@dataclass(frozen=True, slots=True)
class CheckContext:
    """
    Everything the rules may speak of besides the text.

    Args:
        channel: Where the message is read.
        purpose: What it is sent for; None for a bare passage.
        lang: Language of the text, an ISO 639-1 code such as "en"; "" to have it found out.
        complete: True for a whole message, whose required elements are judged.
        identity: The sender.
        slots: Slot name -> slot, as handled; empty for text that no template of ours made.
        allowed: Values of the recipient that may appear (as filled, or given with the text).
        withheld: Values of the recipient that may not appear, for the echo matcher.
        written_by_ai: True where the template was written by a language model.
        required: Ids of required-element rules that the template switches off, with reasons.
    """

    channel: Channel
    purpose: Purpose | None = None
    lang: str = "en"
    complete: bool = False
    identity: Identity = field(default_factory=Identity)
    slots: Mapping[str, FilledSlot] = field(default_factory=lambda: MappingProxyType({}))
    allowed: tuple[KnownValue, ...] = ()
    withheld: tuple[KnownValue, ...] = ()
    written_by_ai: bool = False
    required_off: frozenset[str] = frozenset()
