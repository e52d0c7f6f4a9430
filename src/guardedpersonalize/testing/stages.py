"""A message stage by stage, as the laws look at it: slots, draft, and the print of a result."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Final

from guardedpersonalize.consent import Consent, Grant
from guardedpersonalize.decide import Cause
from guardedpersonalize.engine import Engine, Result
from guardedpersonalize.errors import RenderError
from guardedpersonalize.minimise import GENERALISERS, Context, Slot, Slots, minimise
from guardedpersonalize.minimise.dates import as_date
from guardedpersonalize.profile import FieldType, Profile
from guardedpersonalize.render import Draft

__all__ = [
    "as_written",
    "context_of",
    "drafted",
    "fingerprint",
    "grant_of",
    "is_at_level",
    "shown",
    "slots_of",
    "tamed",
]

_TAME: Final = "Tame"
_NO_CAUSE: Final = Cause("law", "only the grant is asked for.")
_FREE: Final = frozenset({FieldType.TEXT, FieldType.URL, FieldType.LIST})


def context_of(engine: Engine, template: str, at: datetime) -> Context:
    """Return what the engine's generalisers know when a message is made."""
    language = engine.pack.template(template).language
    key = engine.pseudonym_key
    return replace(engine.pack.context, at=at, locale=language, pseudonym_key=key)


def grant_of(
    engine: Engine, template: str, profile: Profile, consent: Consent, at: datetime
) -> Grant:
    """Return what the engine finds allowed; nothing is rendered or read."""
    return engine.hold(template, profile, consent, _NO_CAUSE, at=at).grant


def slots_of(
    engine: Engine,
    template: str,
    profile: Profile,
    grant: Grant,
    *,
    omit: frozenset[str] = frozenset(),
) -> Slots:
    """Return the slots of a message, those of *omit* empty."""
    return minimise(
        profile,
        engine.pack.template(template).plan,
        grant,
        catalogue=engine.pack.catalogue,
        context=context_of(engine, template, grant.at),
        omit=omit,
    )


def as_written(
    engine: Engine, template: str, profile: Profile, grant: Grant
) -> tuple[Slots, Draft | None]:
    """Return the slots and the draft of a message before anybody has read it."""
    slots = slots_of(engine, template, profile, grant)
    return slots, drafted(engine, template, slots.context())


def drafted(engine: Engine, template: str, values: Mapping[str, object]) -> Draft | None:
    """Render *template* with *values*; None where that fails."""
    chosen = engine.pack.template(template)
    try:
        return engine.pack.template_set.render(
            template, values, channel=chosen.channel, purpose=chosen.purpose
        )
    except RenderError:
        return None


def fingerprint(result: Result) -> str:
    """
    Return a SHA-256 of all that *result* says, in hex: equal for equal results, in any process.

    It covers the message, the draft with the origin of each chunk, the decision, findings, the
    record and the explanation.
    """
    told = {
        "message": dict(result.message.parts) if result.message else None,
        "draft": _plain(result.draft) if result.draft else None,
        "decision": asdict(result.decision),
        "refused": [asdict(finding) for finding in result.refused],
        "record": result.record.to_json(),
        "explanation": str(result.explanation),
    }
    text = json.dumps(told, sort_keys=True)  # ASCII, so that half characters are no trouble
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _plain(draft: Draft) -> list[object]:
    return [
        (part.name, part.kind, chunk.text, sorted(chunk.origin.slots), chunk.origin.line)
        for part in draft.parts
        for chunk in part.chunks
    ]


def is_at_level(slot: Slot, profile: Profile, context: Context) -> bool:
    """Tell whether a slot holds what its generaliser makes of the value at its level."""
    generaliser = GENERALISERS[slot.field.generaliser or "text"]
    value = slot.field.parse(profile.reveal(slot.field.name))
    if isinstance(slot.value, date):
        return slot.value == as_date(value, context)  # of a moment a date slot gets the day alone
    items = value if isinstance(value, tuple) else (value,)
    made = [generaliser.apply(item, slot.level, context) for item in items]
    held = slot.value if isinstance(slot.value, tuple) else (slot.value,)
    # Days are written out in words on the way into a text.
    is_day = any(isinstance(each, date) for each in made)
    return is_day or set(map(str, held)) <= set(map(str, made))


def shown(slots: Slots, draft: Draft) -> set[tuple[str, frozenset[str]]]:
    """Return each filled slot that *draft* shows, with the slots that decide on its place."""
    filled = {slot.spec.name for slot in slots.filled}
    return {
        (name, chunk.origin.control | chunk.origin.slots)
        for part in draft.parts
        for chunk in part.chunks
        for name in chunk.origin.slots & filled
        if chunk.text.strip()
    }


def tamed(slots: Slots) -> dict[str, object]:
    """Return what the template would get if each free text were a tame word."""
    values: dict[str, object] = dict(slots.context())
    for slot in slots.filled:
        if slot.field.type not in _FREE:
            continue
        if isinstance(slot.value, tuple):
            values[slot.spec.name] = [f"{_TAME}{n}" for n, _ in enumerate(slot.value)]
        elif isinstance(slot.value, str):
            values[slot.spec.name] = _TAME
    return values
