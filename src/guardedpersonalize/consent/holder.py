"""Everything that one person said: records, objections, and what is known about their age."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Annotated, Any, ClassVar

from pydantic import ConfigDict, PlainSerializer

from guardedpersonalize.consent.edge import STRICT, aware, dump, load
from guardedpersonalize.consent.frozen import FrozenMap, Terse
from guardedpersonalize.consent.parts import (
    Jurisdiction,
    Moment,
    jurisdiction_code,
    many,
    member,
    optional,
    put,
)
from guardedpersonalize.consent.record import ConsentRecord
from guardedpersonalize.consent.shape import Said, said_by
from guardedpersonalize.errors import ConsentError, sealed, sealed_init
from guardedpersonalize.vocabulary import Channel, Objection

__all__ = ["AgeGroup", "Consent"]


class AgeGroup(StrEnum):
    """What is known about the person's age. `unknown` says that it was asked and is not known."""

    ADULT = "adult"
    MINOR = "minor"
    CHILD = "child"
    UNKNOWN = "unknown"


class _Noted(Terse):
    """A place for what is made of a consent, which no comparison, print or pickle looks at."""

    __slots__ = ("_said",)

    _said: Said


@sealed_init
@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Consent(_Noted):
    """
    Everything that one person said. Its repr shows counts and kinds, never who it is.

    Args:
        records: Consent records, in any order; kept sorted by id. Of two states of one record the
            longer is kept.
        objections: What the person objects to, and since when. An objection stands until it is
            taken out here: no later consent lifts it.
        age_group: What is known about the person's age; None if nobody asked.
        jurisdiction: Where the person lives (ISO 3166); each record's own where None.
        do_not_contact: Channels on which the person is not to be written to, for any purpose.

    Raises:
        ConsentError: GP211, if two different records share an id; GP203, GP204 or GP214.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    records: tuple[ConsentRecord, ...] = ()
    objections: Annotated[Mapping[Objection, Moment], PlainSerializer(dict)] = FrozenMap({})
    age_group: AgeGroup | None = None
    jurisdiction: Jurisdiction | None = None
    do_not_contact: tuple[Channel, ...] = ()

    def __post_init__(self) -> None:
        since = {member(Objection, kind): aware(at) for kind, at in self.objections.items()}
        put(
            self,
            records=_distinct(many(self.records, ConsentRecord)),
            objections=FrozenMap({kind: since[kind] for kind in sorted(since)}),
            age_group=optional(partial(member, AgeGroup), self.age_group),
            jurisdiction=optional(jurisdiction_code, self.jurisdiction),
            do_not_contact=tuple(member(Channel, name) for name in many(self.do_not_contact, str)),
        )
        self._note()

    @property
    def said(self) -> Said:
        """What it says, in a form that is quick to look up; personal: do not keep or print it."""
        try:
            return self._said
        except AttributeError:  # it was pickled or copied
            return self._note()

    def _note(self) -> Said:
        rest = self.age_group, self.jurisdiction, frozenset(self.do_not_contact)
        since = self.objections
        said = said_by(self.records, since.values(), (rest, tuple(since)))
        put(self, _said=said)
        return said

    @classmethod
    @sealed
    def of(cls, records: Iterable[ConsentRecord]) -> Consent:
        """Return the consent that *records* make, without objections."""
        return cls(records=tuple(records))

    @classmethod
    def none(cls) -> Consent:
        """Return the consent of somebody who said nothing."""
        return cls()

    @classmethod
    @sealed
    def from_json(cls, raw: str | bytes | Mapping[str, Any]) -> Consent:
        """
        Read `{"records": [...], "objections": {"profiling": "2026-10-01T00:00:00Z"}, ...}`.

        Every key may be left out.

        Raises:
            ConsentError: As `ConsentRecord.from_json`; GP211 too.
        """
        return load(cls, raw)

    def to_json(self) -> dict[str, Any]:
        """Return the consent as a mapping that `json.dumps` takes and `from_json` reads."""
        plain = dump(self)
        if self.records:
            plain["records"] = [record.to_json() for record in self.records]
        return plain

    @sealed
    def with_record(self, record: ConsentRecord) -> Consent:
        """Return the consent with *record* added, or brought up to date where its id is known."""
        return replace(self, records=(*self.records, record))

    @sealed
    def with_objection(self, objection: str, since: datetime) -> Consent:
        """Return the consent with *objection* added; of two times the earlier one holds."""
        kind = member(Objection, objection)
        first = min(aware(since), self.objections.get(kind, aware(since)))
        return replace(self, objections={**self.objections, kind: first})

    def __repr__(self) -> str:
        said = [f"{len(self.records)} record{'s' * (len(self.records) != 1)}"]
        said += [f"objects to {kind}" for kind in self.objections]
        said += [f"no {channel}" for channel in self.do_not_contact]
        return f"Consent({', '.join(said)})"


def _distinct(records: tuple[ConsentRecord, ...]) -> tuple[ConsentRecord, ...]:
    known: dict[str, ConsentRecord] = {}
    for record in records:
        other = known.get(record.record_id)
        known[record.record_id] = record if other is None else _longer(other, record)
    return tuple(known[name] for name in sorted(known))


def _longer(one: ConsentRecord, other: ConsentRecord) -> ConsentRecord:
    """Return the later of two states of one record; events are only ever added to it."""
    short, long = sorted((one, other), key=lambda record: len(record.events))
    if replace(long, events=long.events[: len(short.events)]) != short:
        raise ConsentError("GP211", "two different consent records share an id.")
    return long
