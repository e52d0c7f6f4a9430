"""Consent switched on and off, and values edited, for one look at a message; nothing is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Final

from guardedpersonalize.consent import AgeGroup, Consent, ConsentRecord
from guardedpersonalize.errors import UsageError
from guardedpersonalize.packs import Pack, PackTemplate, Persona
from guardedpersonalize.profile import Profile
from guardedpersonalize.vocabulary import ChannelPermission, ConsentStatus, Objection

__all__ = ["RecordSwitches", "Switchboard", "ValueSwitch"]

Form = Mapping[str, Sequence[str]]

_MINUTES: Final = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True, slots=True)
class RecordSwitches:
    """
    What can be changed of a consent record.

    Args:
        prefix: Starts the names of its controls.
        record: As the persona has it.
        is_on: False where the person took it back.
        pii_types: Data that it names, each with whether it still does.
        channels: Channels that it names, each with whether it still does.
        permission: The right to send.
        given: When its last event happened, in UTC, to the minute; "" where it has none.
    """

    prefix: str
    record: ConsentRecord
    is_on: bool
    pii_types: Mapping[str, bool]
    channels: Mapping[str, bool]
    permission: ChannelPermission
    given: str

    def changed(self) -> ConsentRecord | None:
        """Return the record as it is switched; None where it says nothing any more."""
        record = self.record
        channels = tuple(name for name in record.channels if self.channels[name.value])
        if record.channels and not channels:
            return None  # a record without channels would be about all of them
        entries = [entry for entry in record.pii_information if self.pii_types[entry.pii_type]]
        events = list(record.events)
        if events and self.given != _minutes(events[-1].event_time):
            events[-1] = replace(events[-1], event_time=_moment(self.given))
        changes: dict[str, Any] = {
            "channels": channels,
            "channel_permission": self.permission,
            "pii_information": tuple(entries),
            "events": tuple(events),
        }
        changed = replace(record, **changes)
        if self.is_on or not events:
            return changed
        state: dict[str, Any] = {"event_state": ConsentStatus.WITHDRAWN}
        return changed.with_event(replace(events[-1], **state))


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
        UsageError: GP501, if a template or persona is not there, or a moment is none.
    """

    def __init__(self, pack: Pack, form: Form) -> None:
        self._form = form
        template = _first(form, "template") or next(iter(pack.templates))
        self.template: PackTemplate = pack.template(template)
        self.persona = _persona(pack, _first(form, "persona"))
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
        usual = self.persona.at
        at = usual if self.at == _minutes(usual) else _moment(self.at)
        return self._profile(at), self._consent(at), at

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
            data, where = said.get(f"{prefix}.pii", ()), said.get(f"{prefix}.channel", ())
            yield RecordSwitches(
                prefix,
                record,
                is_on=not is_sent or f"{prefix}.on" in said,
                pii_types={
                    e.pii_type: not is_sent or e.pii_type in data for e in record.pii_information
                },
                channels={c.value: not is_sent or c.value in where for c in record.channels},
                permission=ChannelPermission(permission),
                given=_first(said, f"{prefix}.given", given),
            )

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
            if switch.text != self._held(switch.name):
                values[switch.name] = switch.text or None
                seen[switch.name] = seen.get(switch.name) or at
        known = {name: moment for name, moment in seen.items() if moment is not None}
        return Profile(before.recipient_id, values, observed_at=known)

    def _consent(self, at: datetime) -> Consent:
        before = self.persona.consent
        channel = self.template.channel
        others = tuple(name for name in before.do_not_contact if name is not channel)
        changes: dict[str, Any] = {
            "records": tuple(filter(None, (record.changed() for record in self.records))),
            "objections": {
                kind: before.objections.get(kind, at)
                for kind, is_on in self.objections.items()
                if is_on
            },
            "age_group": AgeGroup(self.age_group) if self.age_group in set(AgeGroup) else None,
            "do_not_contact": (*others, channel) if self.do_not_contact else others,
        }
        return replace(before, **changes)


def _data_of(record: ConsentRecord) -> list[str]:
    return [entry.pii_type for entry in record.pii_information]


def _persona(pack: Pack, name: str) -> Persona:
    if not pack.personas:
        raise UsageError("GP501", "the pack has no persona.", remedy="Add one to personas/.")
    if name and name not in pack.personas:
        raise UsageError("GP501", "the pack has no such persona.")
    return pack.personas[name or next(iter(pack.personas))]


def _first(form: Form, name: str, usual: str = "") -> str:
    return form[name][0] if form.get(name) else usual


def _minutes(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(_MINUTES)


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        pass
    raise UsageError("GP501", "a date and time is none.", remedy="Write it like 2026-11-01T09:00.")


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return "; ".join(value)
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
