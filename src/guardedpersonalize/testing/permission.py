"""What a generated persona allows, read plainly: an oracle that shares no code with the grant."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from guardedpersonalize.consent import AgeGroup, ConsentRecord
from guardedpersonalize.packs import PackTemplate, Persona
from guardedpersonalize.profile import Field
from guardedpersonalize.vocabulary import Channel, ChannelPermission, Objection

__all__ = ["may_be_sent", "may_be_used"]

# Where marketing needs a right to send of its own. Source: `[permission]` in law.toml.
_ASKED_FIRST: Final = frozenset({Channel.EMAIL, Channel.SMS, Channel.PUSH, Channel.VOICE})


def may_be_sent(template: PackTemplate, persona: Persona) -> bool:
    """
    Tell whether *persona* may get *template* at all, for all that a plain reading can tell.

    It reads records as `worst_cases` makes them: one purpose and channel, one yes, perhaps a no.
    """
    consent = persona.consent
    if template.channel in consent.do_not_contact:
        return False
    if template.purpose.purpose_class != "marketing" or template.channel not in _ASKED_FIRST:
        return True
    is_open = Objection.DIRECT_MARKETING not in consent.objections
    rights = (
        record.channel_permission is not ChannelPermission.NONE
        for record in _own(template, persona)
    )
    return is_open and any(rights)


def may_be_used(template: PackTemplate, persona: Persona, field: Field) -> bool:
    """Tell whether *field* of *persona* may be used in *template*; see `may_be_sent`."""
    if not field.category.is_personal:
        return True
    consent = persona.consent
    if template.purpose.purpose_class != "service" and (
        Objection.PROFILING in consent.objections or consent.age_group is AgeGroup.CHILD
    ):
        return False
    seen = persona.profile.observed_at(field.name)
    age = timedelta(days=field.max_age_days) if field.max_age_days else timedelta.max
    if seen is not None and persona.at - seen > age:
        return False
    return any(
        field.category.key == entry.pii_type or field.category.key.startswith(f"{entry.pii_type}.")
        for record in _own(template, persona)
        for entry in record.pii_information
    )


def _own(template: PackTemplate, persona: Persona) -> list[ConsentRecord]:
    """Return the records of *persona* that are about *template* and in force."""
    return [
        record
        for record in persona.consent.records
        if template.purpose.key in record.purposes
        and template.channel in record.channels
        and _is_in_force(record, persona)
    ]


def _is_in_force(record: ConsentRecord, persona: Persona) -> bool:
    last = record.events[-1]
    length = last.validity_duration
    is_over = length is not None and last.event_time + timedelta(days=length.days) <= persona.at
    return last.event_state == "given" and last.event_time <= persona.at and not is_over
