"""What a grant says: about the message as a whole, and about each field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from guardedpersonalize.consent.reason import Reason, Verdict
from guardedpersonalize.vocabulary import EXACT, Channel, ChannelPermission, LawfulBasis, Purpose

__all__ = ["FieldGrant", "Grant", "MessageGrant"]


# A tuple, not a dataclass like the others: one is made for each field of each message, and a frozen
# dataclass takes three times as long to make.
class FieldGrant(NamedTuple):
    """
    Whether one field may be used.

    Args:
        field: Name of the field.
        verdict: allowed, denied, or unknown.
        level: The finest level it may be shown at; "omit" unless it is allowed.
        reason: Why.
        record_id: The consent record that decides, or None.
        event_index: The event of that record that decides, from 0, or None.
        basis: The lawful basis of that record, or None.
    """

    field: str
    verdict: Verdict
    level: str
    reason: Reason
    record_id: str | None = None
    event_index: int | None = None
    basis: LawfulBasis | None = None

    @property
    def is_allowed(self) -> bool:
        """True where the field may be used, at `level` or coarser."""
        return self.verdict is Verdict.ALLOWED


@dataclass(frozen=True, slots=True)
class MessageGrant:
    """
    Whether the message may be sent at all.

    Args:
        verdict: allowed, denied, or unknown.
        reason: Why.
        record_id: The consent record that decides, or None.
        event_index: The event of that record that decides, from 0, or None.
        permission: The right to send that the record gives, or None.
    """

    verdict: Verdict
    reason: Reason
    record_id: str | None = None
    event_index: int | None = None
    permission: ChannelPermission | None = None

    @property
    def is_allowed(self) -> bool:
        """True where the message may be sent."""
        return self.verdict is Verdict.ALLOWED


@dataclass(frozen=True, slots=True)
class Grant:
    """
    What one person's consent allows in one message.

    Args:
        purpose: What the message is for.
        channel: Where it will be read.
        at: When it will be sent, in UTC.
        message: Whether it may be sent at all.
        fields: Field name -> whether it may be used, for each field of the catalogue, sorted.
        is_minor: True where the person is known to be too young for this purpose.
        law_version: Version of the rules.
    """

    purpose: Purpose
    channel: Channel
    at: datetime
    message: MessageGrant
    fields: Mapping[str, FieldGrant]
    is_minor: bool
    law_version: str

    def allowed(self, name: str) -> bool:
        """Tell whether the field *name* may be used; one that nobody declared may not."""
        found = self.fields.get(name)
        return found is not None and found.is_allowed

    def allows_exactly(self, name: str) -> bool:
        """Tell whether the value of *name* may be shown just as it is held."""
        found = self.fields.get(name)
        return found is not None and found.is_allowed and found.level == EXACT

    @property
    def personalised(self) -> bool:
        """True where at least one personal field may be used."""
        return any(
            found.is_allowed and found.reason is not Reason.NOT_PERSONAL
            for found in self.fields.values()
        )
