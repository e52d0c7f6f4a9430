"""What a person said apart from who they are and when: what many others said too."""

from __future__ import annotations

import functools
from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from guardedpersonalize.consent.record import ConsentRecord
from guardedpersonalize.vocabulary import ChannelPermission

__all__ = ["Said", "Shape", "said_by"]

# People with more than these are rare, and a shape is kept: it must not grow without end.
_MOST_RECORDS: Final = 16
_MOST_MOMENTS: Final = 64

_NEEDS_GROUND: Final = frozenset({ChannelPermission.SOFT_OPT_IN, ChannelPermission.IMPLIED_CASL})


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """
    Stands for what a consent says, and in which order; equals only itself.

    Args:
        is_plain: False where what it says hangs on more than the shape and the moment: on an
            entry for one field, or on the ground of a permission to send.
    """

    is_plain: bool


@dataclass(slots=True, eq=False, repr=False)  # one for each person: a frozen one takes longer
class Said:
    """
    What one person said, part by part. It goes with their consent, and is never printed.

    Args:
        person: Whose records they are; one of the people where there are several, who have no
            shape; None where there are no records.
        record_ids: Ids of the records, in order.
        line: Every moment at which something changes by itself, sorted, in UTC.
        shape: What is said; None where it has too many parts, or is about several people.
    """

    person: str | None
    record_ids: tuple[str, ...]
    line: tuple[datetime, ...]
    shape: Shape | None

    def at(self, moment: datetime, lead: timedelta) -> tuple[int, int, int]:
        """Return how many moments are before *moment*, up to it, and up to *lead* after it."""
        line = self.line
        if not line or line[-1] < moment:
            return len(line), len(line), len(line)
        try:
            last = moment + lead
        except OverflowError:  # the last days that a date can hold
            last = line[-1]
        return bisect_left(line, moment), bisect_right(line, moment), bisect_right(line, last)


def said_by(records: Sequence[ConsentRecord], since: Iterable[datetime], rest: Hashable) -> Said:
    """
    Return what *records* and *rest* say.

    Args:
        records: Records, in order.
        since: Moments that belong to *rest*, in an order that follows from it.
        rest: What else is said: words of closed sets only.
    """
    ids = tuple([record.record_id for record in records])
    people = {record.pii_principal_id for record in records}
    person = people.pop() if people else None
    if people or len(records) > _MOST_RECORDS:
        return Said(person, ids, (), None)
    moments: list[datetime] = []
    parts = [_part(record, moments) for record in records]
    moments.extend(since)
    if len(moments) > _MOST_MOMENTS:
        return Said(person, ids, (), None)
    line = tuple(sorted(moments))
    order = tuple([bisect_left(line, moment) for moment in moments])
    return Said(person, ids, line, _shape(tuple(parts), rest, order))


# As many as there are ways to consent in one run; the least used make room. The key is made of
# words of the vocabulary, codes of places and the order of moments: it is nobody's. No moment is
# in it, and nothing that may be any text: ids, methods, signals, fields, kinds of goods.
@functools.lru_cache(maxsize=4_096)
def _shape(parts: tuple[tuple[Hashable, ...], ...], *_: Hashable) -> Shape:
    return Shape(is_plain=not any(part[0] for part in parts))


def _part(record: ConsentRecord, moments: list[datetime]) -> tuple[Hashable, ...]:
    """Return what *record* says, whether it is not plain first, and add its moments."""
    events, entries = record.events, record.pii_information
    moments.extend([event.event_time for event in events])
    ends = record.ends()
    moments.extend([end for end in ends if end is not None])
    if record.channel_permission_until is not None:
        moments.append(record.channel_permission_until)
    partly = frozenset([e.pii_type for e in entries if e.pii_attribute_id is not None])
    return (
        bool(partly) or record.channel_permission in _NEEDS_GROUND,
        partly,
        frozenset([e.pii_type for e in entries if e.pii_attribute_id is None]),
        frozenset(record.purposes),
        bool(record.covers_children),
        record.lawful_basis,
        record.consent_type,
        frozenset(record.channels),
        record.channel_permission,
        record.channel_permission_until is None,
        record.guardian is None,
        record.jurisdiction,
        tuple([(event.event_state, event.event_type) for event in events]),
        tuple([end is None for end in ends]),
    )
