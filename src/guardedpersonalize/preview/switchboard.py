"""Consent switched on and off, and values edited, for one look at a message; nothing is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Final, TypeVar

from guardedpersonalize.consent import AgeGroup, Consent, ConsentEvent, ConsentRecord, Law
from guardedpersonalize.errors import GuardError, UsageError
from guardedpersonalize.packs import Pack, PackTemplate, Persona
from guardedpersonalize.profile import Profile
from guardedpersonalize.vocabulary import ChannelPermission, ConsentStatus, Objection

__all__ = ["RecordSwitches", "Switchboard", "ValueSwitch"]

Form = Mapping[str, Sequence[str]]
T = TypeVar("T")

_MINUTES: Final = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True, slots=True)
class RecordSwitches:
    """
    What can be changed of a consent record.

    Args:
        prefix: Starts the names of its controls.
        record: As the persona has it.
        stood: Whether it is in force at the moment shown before it is switched.
        is_on: Whether it is in force as it is switched.
        pii_types: Data that it names, each with whether it still does.
        channels: Channels that it names, each with whether it still does.
        permission: The right to send.
        given: When its last event happened, in UTC, to the minute; "" where it has none.
    """

    prefix: str
    record: ConsentRecord
    stood: bool
    is_on: bool
    pii_types: Mapping[str, bool]
    channels: Mapping[str, bool]
    permission: ChannelPermission
    given: str

    def changed(self, at: datetime) -> ConsentRecord | None:
        """Return the record as it is switched at *at*; None where it says nothing any more."""
        record = self.record
        channels = tuple(name for name in record.channels if self.channels[name.value])
        if record.channels and not channels:
            return None  # a record without channels would be about all of them
        entries = [entry for entry in record.pii_information if self.pii_types[entry.pii_type]]
        changes: dict[str, Any] = {
            "channels": channels,
            "channel_permission": self.permission,
            "pii_information": tuple(entries),
        }
        changed = replace(_said_at(record, self.given), **changes)
        if self.is_on == self.stood:
            return changed
        # What would be said later is left out: this is the last word.
        said = [event for event in changed.events if event.event_time <= at]
        return replace(changed, events=(*said, self._event(at)))

    def _event(self, at: datetime) -> ConsentEvent:
        """Return what switches the record at *at*; a yes is like the last one."""
        if not self.is_on:
            return ConsentEvent(event_time=at, event_state=ConsentStatus.WITHDRAWN)
        events = reversed(self.record.events)
        last = next((event for event in events if event.event_state.is_valid), None)
        new = ConsentEvent(event_time=at, event_state=ConsentStatus.GIVEN)
        return replace(last, event_time=at, event_state=new.event_state) if last else new


@dataclass(frozen=True, slots=True, repr=False)
class ValueSwitch:
    """A value that can be edited, as text; `is_used` where the template may use its field."""

    name: str
    text: str
    is_used: bool


class Switchboard:
    """
    A persona of a pack under changed circumstances, for one message.

    Args:
        pack: The pack.
        form: Names of controls -> what was sent of them; what is not in it is as the persona has
            it. A control that belongs to another persona is left out of account.

    Raises:
        UsageError: GP501, if the pack has no persona, or what was sent is no permission.

    Attributes:
        missing: Says what was asked for and is not there: the first stands in for it.
    """

    def __init__(self, pack: Pack, form: Form) -> None:
        self._form = form
        if not pack.personas:
            raise UsageError("GP501", "the pack has no persona.", remedy="Add one to personas/.")
        template, persona = _first(form, "template"), _first(form, "persona")
        asked = (("template", template, pack.templates), ("person", persona, pack.personas))
        gone = [kind for kind, name, known in asked if name and name not in known]
        self.missing = " ".join(f"That {kind} is gone: here is the first." for kind in gone)
        self.template: PackTemplate = pack.templates.get(template) or _any(pack.templates)
        self.persona: Persona = pack.personas.get(persona) or _any(pack.personas)
        self._is_edited = _first(form, "of") == self.persona.id
        self.at = self._text("at", _minutes(self.persona.at))
        consent = self.persona.consent
        age = consent.age_group.value if consent.age_group else ""
        self.age_group = self._text("age_group", age)
        self.objections = {
            kind: self._ticked("objections", kind.value, kind in consent.objections)
            for kind in Objection
        }
        channel = self.template.channel
        is_same = self._is_edited and _first(form, "dnc_of") == channel.value
        spared = channel in consent.do_not_contact
        self.do_not_contact = "dnc" in form if is_same else spared
        self.records = tuple(self._records(consent.records))
        self.values = tuple(self._values())

    def changed(self) -> tuple[Profile, Consent, datetime]:
        """
        Return the profile, the consent and the moment as they are switched.

        Raises:
            GuardError: if what was sent makes no consent or no profile; it quotes no value.
        """
        at = self._moment()
        return self._profile(at), self._consent(at), at

    def _moment(self) -> datetime:
        usual = self.persona.at
        return usual if self.at == _minutes(usual) else _moment(self.at)

    # Reading what was sent

    def _text(self, name: str, usual: str) -> str:
        return _first(self._form, name, usual) if self._is_edited else usual

    def _ticked(self, name: str, value: str, usual: bool) -> bool:  # noqa: FBT001
        return value in self._form.get(name, ()) if self._is_edited else usual

    def _records(self, records: Sequence[ConsentRecord]) -> Iterator[RecordSwitches]:
        for number, record in enumerate(records):
            prefix = f"record{number}"
            # A record that the form does not know of was written after the form was made.
            is_sent = self._is_edited and _first(self._form, prefix) == record.record_id
            said = self._form if is_sent else {}
            given = _minutes(record.events[-1].event_time) if record.events else ""
            permission = _first(said, f"{prefix}.permission", record.channel_permission.value)
            if permission not in set(ChannelPermission):
                raise UsageError("GP501", "there is no such permission to send.")
            given = _first(said, f"{prefix}.given", given)
            stood = self._stands(record, given)
            is_ticked = f"{prefix}.on" in said
            was_ticked = _first(said, f"{prefix}.stood", "on" if stood else "off") == "on"
            data, where = said.get(f"{prefix}.pii", ()), said.get(f"{prefix}.channel", ())
            yield RecordSwitches(
                prefix,
                record,
                stood=stood,
                is_on=is_ticked if is_sent and is_ticked != was_ticked else stood,
                pii_types={
                    e.pii_type: not is_sent or e.pii_type in data for e in record.pii_information
                },
                channels={c.value: not is_sent or c.value in where for c in record.channels},
                permission=ChannelPermission(permission),
                given=given,
            )

    def _stands(self, record: ConsentRecord, given: str) -> bool:
        """Tell whether *record* is in force at the moment shown, before it is switched."""
        at = self.persona.at
        with suppress(GuardError):  # of a date that is none; `changed` tells of it
            record = _said_at(record, given)
            at = self._moment()
        return record.status_at(at, lead=Law.default().protective_lead).is_valid

    def _values(self) -> Iterator[ValueSwitch]:
        used = {slot.field for slot in self.template.slots}
        for name in sorted({*used, *self.persona.profile.fields}, key=lambda n: (n not in used, n)):
            text = self._text(f"value.{name}", self._held(name))
            yield ValueSwitch(name, text, name in used)

    # What becomes of it

    def _held(self, name: str) -> str:
        profile = self.persona.profile
        return _as_text(profile.reveal(name)) if name in profile else ""

    def _profile(self, at: datetime) -> Profile:
        before = self.persona.profile
        values: dict[str, object] = {name: before.reveal(name) for name in before.fields}
        seen = {name: before.observed_at(name) for name in before.fields}
        for switch in self.values:
            if (text := _with_newlines(switch.text)) != _with_newlines(self._held(switch.name)):
                values[switch.name] = text or None
                seen[switch.name] = seen.get(switch.name) or at
        known = {name: moment for name, moment in seen.items() if moment is not None}
        return Profile(before.recipient_id, values, observed_at=known)

    def _consent(self, at: datetime) -> Consent:
        before = self.persona.consent
        channel = self.template.channel
        others = tuple(name for name in before.do_not_contact if name is not channel)
        changes: dict[str, Any] = {
            "records": tuple(filter(None, (record.changed(at) for record in self.records))),
            "objections": {
                kind: before.objections.get(kind, at)
                for kind, is_on in self.objections.items()
                if is_on
            },
            "age_group": AgeGroup(self.age_group) if self.age_group in set(AgeGroup) else None,
            "do_not_contact": (*others, channel) if self.do_not_contact else others,
        }
        return replace(before, **changes)


def _any(known: Mapping[str, T]) -> T:
    return next(iter(known.values()))


def _first(form: Form, name: str, usual: str = "") -> str:
    return form[name][0] if form.get(name) else usual


def _minutes(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(_MINUTES)


def _said_at(record: ConsentRecord, given: str) -> ConsentRecord:
    """Return *record* with its last event at *given*."""
    if not record.events or given == _minutes(record.events[-1].event_time):
        return record
    *others, last = record.events
    return replace(record, events=(*others, replace(last, event_time=_moment(given))))


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        pass
    raise UsageError(
        "GP501", "the date is empty or not a date.", remedy="Write it like 2026-11-01T09:00."
    )


def _with_newlines(text: str) -> str:
    """Return *text* with each line end as one newline; a form has them as two characters."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return "; ".join(value)
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
