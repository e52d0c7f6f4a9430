"""Worst-case personas: invented people who try everything that a pack must bear."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Final

from guardedpersonalize.consent import (
    AgeGroup,
    Consent,
    ConsentEvent,
    ConsentRecord,
    Duration,
    PiiInformation,
)
from guardedpersonalize.packs import Pack, PackTemplate, Persona
from guardedpersonalize.packs.usual import is_mark, usual_values
from guardedpersonalize.profile import Catalogue, Field, FieldType, Profile
from guardedpersonalize.testing.sample_values import (
    WRITINGS,
    chosen,
    longest,
    shortest,
    written,
)
from guardedpersonalize.vocabulary import (
    Channel,
    ChannelPermission,
    ConsentStatus,
    LawfulBasis,
    Objection,
    Purpose,
)

__all__ = ["best_permission", "combinations", "willing_record", "worst_cases"]

_AT: Final = datetime(2026, 11, 1, 9, tzinfo=UTC)
_DAY: Final = timedelta(days=1)
_MONTH: Final = Duration(days=30)
_EXHAUSTIVE: Final = 5  # up to 2 ** 5 combinations are all tried


def willing_record(
    categories: Sequence[str], person: str, *, purpose: Purpose, channel: Channel, at: datetime
) -> ConsentRecord:
    """
    Return a record with which *person* allows all that can be allowed of *categories*.

    Args:
        categories: Keys of data categories.
        person: The recipient's id.
        purpose: What for.
        channel: Where, with the best right to send that there is.
        at: The moment; it was given thirty days before.
    """
    return ConsentRecord(
        record_id="c-all",
        pii_principal_id=person,
        purposes=(purpose.key,),
        events=(_given(at - 30 * _DAY),),
        lawful_basis=LawfulBasis.EXPLICIT_CONSENT,
        pii_information=tuple(PiiInformation(pii_type=key) for key in categories),
        channels=(channel,),
        channel_permission=best_permission(channel),
    )


def best_permission(channel: Channel) -> ChannelPermission:
    """Return the best right to send that there is on *channel*."""
    is_call = channel in {Channel.SMS, Channel.VOICE}
    return ChannelPermission.PRIOR_EXPRESS_WRITTEN if is_call else ChannelPermission.DOUBLE_OPT_IN


def _given(when: datetime, *, length: Duration | None = None) -> ConsentEvent:
    state = ConsentStatus.GIVEN
    return ConsentEvent(event_time=when, event_state=state, validity_duration=length)


def worst_cases(pack: Pack, *, template: str = "") -> Mapping[str, Persona]:
    """
    Return the personas that a pack must bear, by id, in a fixed order.

    Nothing allowed and everything; each permission missing alone; blank, longest and shortest
    values; each value of a field that has few; scripts, directions and marks in names; minors;
    people who are marked as vulnerable; objections; consent that is withdrawn, expired yesterday,
    or expires during a batch. Values are those of the pack's own personas where they have any, and
    invented.

    Args:
        pack: The pack.
        template: Make them for this template alone, its purpose and channel, and values as long as
            its slots take; for all templates if "".

    Raises:
        UsageError: GP501, if there is no such template.
    """
    templates = [pack.template(template)] if template else list(pack.templates.values())
    caster = _Caster(pack, templates)
    return MappingProxyType({persona.id: persona for persona in caster.worst_cases()})


def combinations(pack: Pack, template: str) -> Iterator[Persona]:
    """
    Yield personas that fill other combinations of the slots of *template*, the fullest first.

    Personal slots are emptied by taking the permission away, the campaign's own by leaving the
    value out; slots that rest on one permission go together. Up to 32 combinations are all tried;
    where there are more, each slot alone, each pair, all but each one, and none.

    Raises:
        UsageError: GP501, if there is no such template.
    """
    return _Caster(pack, [pack.template(template)]).combinations()


@dataclass(frozen=True, slots=True)
class _Lack:
    """What a persona lacks: permissions for categories, and values of the campaign."""

    categories: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()

    def __or__(self, other: _Lack) -> _Lack:
        return _Lack(self.categories | other.categories, self.fields | other.fields)

    @property
    def words(self) -> str:
        """The same, named."""
        return ", ".join(sorted((*self.categories, *self.fields)))


class _Caster:
    """Makes personas for some templates of a pack."""

    def __init__(self, pack: Pack, templates: Sequence[PackTemplate]) -> None:
        self.pack = pack
        uses = {(each.purpose.key, each.channel.value): each for each in templates}
        self.uses = [uses[key] for key in sorted(uses)]
        self.at = max((each.at for each in pack.personas.values()), default=_AT)
        self.usual = usual_values(pack, at=self.at)
        self.lengths: dict[str, int] = {}
        for spec in (spec for each in templates for spec in each.slots):
            known = self.lengths.get(spec.field, spec.max_length)
            self.lengths[spec.field] = min(known, spec.max_length)

    @property
    def read(self) -> list[Field]:
        """The fields that the templates read."""
        return [self.pack.catalogue[name] for name in sorted(self.lengths)]

    @property
    def personal(self) -> list[Field]:
        """Those of them that are about people."""
        return [field for field in self.read if field.category.is_personal]

    # -- people

    def persona(
        self,
        id_: str,
        name: str,
        values: Mapping[str, object] | None = None,
        consent: Consent | None = None,
        *,
        lack: _Lack = _Lack(),
        seen: datetime | None = None,
    ) -> Persona:
        """Return a persona with the usual values but *values*, who allows all but *lack*."""
        person = f"worst-case-{id_}"
        held = {k: v for k, v in {**self.usual, **(values or {})}.items() if k not in lack.fields}
        moment = seen or self.at - _DAY
        profile = Profile(person, held, observed_at=dict.fromkeys(held, moment))
        said = consent if consent is not None else self.consent(person, lack.categories)
        return Persona(id_, name, self.at, profile, said)

    def consent(self, person: str, without: frozenset[str] = frozenset()) -> Consent:
        """Return the consent of an adult who allows all but the categories *without*."""
        keys = _keys(self.pack.catalogue)
        # A yes to a wider category covers the narrower one.
        left = [key for key in keys if not any(_is_same_or_wider(key, gone) for gone in without)]
        records = [
            replace(
                willing_record(
                    left, person, purpose=each.purpose, channel=each.channel, at=self.at
                ),
                record_id=f"c-{number}",
            )
            for number, each in enumerate(self.uses, 1)
        ]
        return Consent(records=tuple(records), age_group=AgeGroup.ADULT)

    def changed(self, id_: str, name: str, **changes: object) -> Persona:
        """Return a persona whose every consent record has *changes*."""
        whole = self.persona(id_, name)
        records = tuple(replace(each, **changes) for each in whole.consent.records)  # type: ignore[arg-type]
        return replace(whole, consent=replace(whole.consent, records=records))

    # -- the cast

    def worst_cases(self) -> Iterator[Persona]:
        """Yield everybody, in a fixed order."""
        yield self.persona("everything-allowed", "Everything allowed")
        yield self.persona("nothing-allowed", "Nothing allowed", consent=Consent.none())
        yield from self._missing()
        yield from self._values()
        yield from self._people()
        yield from self._moments()

    def _missing(self) -> Iterator[Persona]:
        """Yield people who allow all but one thing."""
        for key in sorted({field.category.key for field in self.personal}):
            lack = _Lack(frozenset({key}))
            yield self.persona(f"without-{_slug(key)}", f"All but {key} allowed", lack=lack)
        for channel in sorted({each.channel for each in self.uses}):
            id_ = f"no-right-to-send-{_slug(channel)}"
            whole = self.persona(id_, f"No right to send by {channel}")
            records = tuple(
                replace(each, channel_permission=ChannelPermission.NONE)
                if channel in each.channels
                else each
                for each in whole.consent.records
            )
            yield replace(whole, consent=replace(whole.consent, records=records))

    def _values(self) -> Iterator[Persona]:
        """Yield people with odd values, all of which they allow."""
        texts = [field for field in self.personal if field.type is not FieldType.BOOL]
        none = _Lack(fields=frozenset(self.lengths))
        yield self.persona("no-values", "No values at all", lack=none)
        yield self.persona("blank-values", "Blank values", {each.name: "" for each in texts})
        spaces = {each.name: " \t\u00a0 " for each in texts}
        yield self.persona("whitespace-values", "Values of nothing but spaces", spaces)
        yield self.persona("longest-values", "The longest values", self._long(0))
        yield self.persona("too-long-values", "Values that are too long", self._long(1))
        shorter = chosen(self.read, lambda each: shortest(each, self.usual[each.name], at=self.at))
        yield self.persona("shortest-values", "The shortest values", shorter)
        yield from self._chosen()
        for id_, writing in WRITINGS.items():
            values = chosen(self.pack.catalogue.values(), lambda each, w=writing: written(each, w))  # type: ignore[misc]
            yield self.persona(id_, writing.title, values)

    def _chosen(self) -> Iterator[Persona]:
        """Yield somebody for each value that a field of few values has, but the usual one."""
        for field in self.read:
            values = (True, False) if field.type is FieldType.BOOL else field.values
            for number, value in enumerate(values, 1):
                if value != self.usual[field.name]:
                    id_, name = f"{_slug(field.name)}-value-{number}", f"{field.name}: {value}"
                    yield self.persona(id_, name, {field.name: value})

    def _long(self, more: int) -> dict[str, object]:
        """Return values as long as slots take, and *more* characters."""
        return chosen(
            self.read,
            lambda each: longest(
                each, self.lengths[each.name] + more, self.usual[each.name], at=self.at
            ),
        )

    def _people(self) -> Iterator[Persona]:
        """Yield people who must be treated with care."""
        for id_, group, years in (
            ("minor", AgeGroup.MINOR, 15),
            ("child", AgeGroup.CHILD, 9),
            ("age-unknown", AgeGroup.UNKNOWN, None),
        ):
            whole = self.persona(id_, id_.replace("-", " ").capitalize(), self._aged(years))
            yield replace(whole, consent=replace(whole.consent, age_group=group))
        for field in self.pack.catalogue.values():
            if is_mark(field, self.pack):
                name = f"Marked: {field.name.replace('_', ' ')}"
                yield self.persona(f"marked-{_slug(field.name)}", name, {field.name: True})
        for objection in Objection:
            id_ = f"objects-to-{_slug(objection)}"
            whole = self.persona(id_, f"Objects to {objection.value.replace('_', ' ')}")
            consent = whole.consent.with_objection(objection, self.at - _DAY)
            yield replace(whole, consent=consent)
        whole = self.persona("do-not-contact", "Not to be contacted")
        closed = tuple(sorted({each.channel for each in self.uses}))
        yield replace(whole, consent=replace(whole.consent, do_not_contact=closed))

    def _aged(self, years: int | None) -> dict[str, object]:
        """Return values that say that somebody is that old."""
        if years is None:
            return {}
        born = date(self.at.year - years, 1, 1)
        kinds = {FieldType.DATE: born, FieldType.INT: years}
        return {
            field.name: kinds[field.type]
            for field in self.pack.catalogue.values()
            if field.generaliser in {"age", "birth_date"} and field.type in kinds
        }

    def _moments(self) -> Iterator[Persona]:
        """Yield people whose consent or values come to an end."""
        given = _given(self.at - 60 * _DAY)
        gone = ConsentEvent(event_time=self.at - _DAY, event_state=ConsentStatus.WITHDRAWN)
        yield self.changed("withdrawn-yesterday", "Withdrew yesterday", events=(given, gone))
        over = _given(self.at - 31 * _DAY, length=_MONTH)
        yield self.changed("expired-yesterday", "Consent expired yesterday", events=(over,))
        # Thirty days are over a minute after the batch began: it was begun in time.
        soon = _given(self.at - 30 * _DAY + timedelta(minutes=1), length=_MONTH)
        name = "Consent expires during the batch"
        yield self.changed("expires-during-the-batch", name, events=(soon,))
        ahead = _given(self.at + _DAY)
        yield self.changed("consent-from-tomorrow", "Consent from tomorrow on", events=(ahead,))
        yield self.persona("old-values", "Values of ten years ago", seen=self.at - 3653 * _DAY)

    def combinations(self) -> Iterator[Persona]:
        """Yield those who lack something, the least first."""
        lacks = self._lacks()
        for number, gone in enumerate(_subsets(len(lacks))):
            lack = _Lack()
            for index in gone:
                lack |= lacks[index]
            name = f"Without {lack.words}" if gone else "Everything allowed"
            yield self.persona(f"combination-{number}", name, lack=lack)

    def _lacks(self) -> list[_Lack]:
        """Return what can be lacking, each by itself."""
        kinds = sorted({field.category.key for field in self.personal})
        own = [field.name for field in self.read if not field.category.is_personal]
        return [_Lack(frozenset({key})) for key in kinds] + [
            _Lack(fields=frozenset({name})) for name in own
        ]


def _subsets(count: int) -> Iterator[tuple[int, ...]]:
    """Yield what is left out, the least first."""
    every = range(count)
    if count <= _EXHAUSTIVE:
        for size in range(count + 1):
            yield from itertools.combinations(every, size)
        return
    for size in (0, 1, 2):
        yield from itertools.combinations(every, size)
    yield from itertools.combinations(every, count - 1)
    yield tuple(every)


def _keys(catalogue: Catalogue) -> list[str]:
    return sorted({field.category.key for field in catalogue.values()})


def _is_same_or_wider(key: str, other: str) -> bool:
    return other == key or other.startswith(f"{key}.")


def _slug(text: str) -> str:
    return text.removeprefix("user.").replace(".", "-").replace("_", "-")
