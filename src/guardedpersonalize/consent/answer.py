"""What a grant says: about the message as a whole, and about each field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from guardedpersonalize.consent.frozen import FrozenMap
from guardedpersonalize.consent.reason import Reason, Verdict
from guardedpersonalize.vocabulary import EXACT, Channel, ChannelPermission, LawfulBasis, Purpose

__all__ = ["Answers", "FieldAnswer", "FieldGrant", "Grant", "MessageAnswer", "MessageGrant"]


class _Judged:
    """What every answer has: it is a yes, a no, or neither."""

    __slots__ = ()

    verdict: Verdict

    @property
    def is_allowed(self) -> bool:
        """True where the field may be used, at `level` or coarser, or the message may be sent."""
        return self.verdict is Verdict.ALLOWED


@dataclass(frozen=True, slots=True)
class FieldGrant(_Judged):
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


@dataclass(frozen=True, slots=True)
class MessageGrant(_Judged):
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


@dataclass(frozen=True, slots=True)
class FieldAnswer(_Judged):
    """
    What a `FieldGrant` says apart from which field it is about, and whose record it rests on.

    Args:
        verdict, level, reason, event_index, basis: The same.
        record: The record that decides, as its place in `Grant.record_ids`, or None.
    """

    verdict: Verdict
    level: str
    reason: Reason
    event_index: int | None = None
    basis: LawfulBasis | None = None
    record: int | None = None


@dataclass(frozen=True, slots=True)
class MessageAnswer(_Judged):
    """
    What a `MessageGrant` says apart from whose record it rests on.

    Args:
        verdict, reason, event_index, permission: The same.
        record: The record that decides, as its place in `Grant.record_ids`, or None.
    """

    verdict: Verdict
    reason: Reason
    event_index: int | None = None
    permission: ChannelPermission | None = None
    record: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """
    All that a grant says, apart from the moment and from whose records it rests on.

    Grants that say the same share one object for as long as it is kept, so what follows from it may
    be kept under it: it equals only itself, and hashing it costs nothing. It is nobody's.

    Args:
        purpose: What the message is for.
        channel: Where it will be read.
        message: Whether it may be sent at all.
        fields: Field name -> whether it may be used, for each field of the catalogue, sorted.
        is_minor: True where the person is known to be too young for this purpose.
        law_version: Version of the rules.
    """

    purpose: Purpose
    channel: Channel
    message: MessageAnswer
    fields: Mapping[str, FieldAnswer]
    is_minor: bool
    law_version: str

    def allows_exactly(self, name: str) -> bool:
        """Tell whether the value of *name* may be shown just as it is held."""
        found = self.fields.get(name)
        return found is not None and found.is_allowed and found.level == EXACT


class _Resting:
    """Places for what a grant is made of; see `Grant`."""

    __slots__ = ("answers", "record_ids")

    answers: Answers
    record_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grant(_Resting):
    """
    What one person's consent allows in one message.

    Two more attributes say the same in fewer objects: `answers`, which is shared by all grants that
    say the same, and `record_ids`, this person's records. What `grant_for` returns has these two
    and the moment; the others are made of them when they are asked for.

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

    @classmethod
    def resting_on(cls, answers: Answers, record_ids: tuple[str, ...], at: datetime) -> Grant:
        """Return the grant that says *answers* at *at*, on the strength of records of these ids."""
        grant = cls.__new__(cls)
        _put(grant, "answers", answers)
        _put(grant, "record_ids", record_ids)
        _put(grant, "at", at)
        return grant

    def allowed(self, name: str) -> bool:
        """Tell whether the field *name* may be used; one that nobody declared may not."""
        found = self.answers.fields.get(name)
        return found is not None and found.is_allowed

    def allows_exactly(self, name: str) -> bool:
        """Tell whether the value of *name* may be shown just as it is held."""
        return self.answers.allows_exactly(name)

    @property
    def personalised(self) -> bool:
        """True where at least one personal field may be used."""
        return any(
            found.is_allowed and found.reason is not Reason.NOT_PERSONAL
            for found in self.answers.fields.values()
        )

    def __reduce__(self) -> tuple[Callable[..., Grant], tuple[object, ...]]:
        return Grant.resting_on, (self.answers, self.record_ids, self.at)


def _made(grant: Grant, name: str) -> object:
    """Make the attribute *name* of *grant*, which it does not have yet, and keep it."""
    make = _MAKERS.get(name)
    if make is None:
        raise AttributeError(f"a grant has no attribute {name!r}")
    made = make(grant)
    _put(grant, name, made)
    return made


_put: Final = object.__setattr__

# Not in the class: there, a type checker would take any name for an attribute.
Grant.__getattr__ = _made  # type: ignore[attr-defined]


def _message(grant: Grant) -> MessageGrant:
    said = grant.answers.message
    record_id = _record_id(grant, said.record)
    return MessageGrant(said.verdict, said.reason, record_id, said.event_index, said.permission)


def _fields(grant: Grant) -> Mapping[str, FieldGrant]:
    return FrozenMap(
        {
            name: FieldGrant(
                name,
                said.verdict,
                said.level,
                said.reason,
                _record_id(grant, said.record),
                said.event_index,
                said.basis,
            )
            for name, said in grant.answers.fields.items()
        }
    )


def _record_id(grant: Grant, record: int | None) -> str | None:
    return None if record is None else grant.record_ids[record]


def _record_ids(grant: Grant) -> tuple[str, ...]:
    """Return the ids that a grant which was made by hand names."""
    named = [grant.message.record_id, *(found.record_id for found in grant.fields.values())]
    return tuple(dict.fromkeys(record_id for record_id in named if record_id is not None))


def _answers(grant: Grant) -> Answers:
    """Return the answers of a grant that was made by hand; nobody shares them."""
    numbers: dict[str | None, int] = {each: number for number, each in enumerate(grant.record_ids)}
    said = grant.message
    return Answers(
        purpose=grant.purpose,
        channel=grant.channel,
        message=MessageAnswer(
            said.verdict,
            said.reason,
            said.event_index,
            said.permission,
            numbers.get(said.record_id),
        ),
        fields=FrozenMap(
            {
                name: FieldAnswer(
                    found.verdict,
                    found.level,
                    found.reason,
                    found.event_index,
                    found.basis,
                    numbers.get(found.record_id),
                )
                for name, found in grant.fields.items()
            }
        ),
        is_minor=grant.is_minor,
        law_version=grant.law_version,
    )


_MAKERS: Final[Mapping[str, Callable[[Grant], object]]] = {
    "answers": _answers,
    "record_ids": _record_ids,
    "purpose": lambda grant: grant.answers.purpose,
    "channel": lambda grant: grant.answers.channel,
    "message": _message,
    "fields": _fields,
    "is_minor": lambda grant: grant.answers.is_minor,
    "law_version": lambda grant: grant.answers.law_version,
}
