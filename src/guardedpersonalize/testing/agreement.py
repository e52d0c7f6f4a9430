"""What it is for two profiles to agree on what is allowed: the premise of the first law."""

from __future__ import annotations

from guardedpersonalize.consent import FieldGrant, Grant
from guardedpersonalize.engine import Engine
from guardedpersonalize.errors import ProfileError, UsageError
from guardedpersonalize.minimise import GENERALISERS, Context, is_unsafe
from guardedpersonalize.minimise.transforms import LONGEST_TEXT
from guardedpersonalize.profile import Catalogue, Field, Profile, Value, is_blank
from guardedpersonalize.testing.stages import context_of
from guardedpersonalize.vocabulary import OMIT

__all__ = ["disagreements", "is_alike", "must_agree"]

_SHOWN_AS_THEY_ARE = "text"


def must_agree(
    engine: Engine, template: str, profiles: tuple[Profile, Profile], grants: tuple[Grant, Grant]
) -> None:
    """
    Do nothing where two profiles of one person agree on what is allowed in a message.

    Raises:
        UsageError: GP501, if they do not; it names the fields.
    """
    names = disagreements(
        *profiles,
        *grants,
        catalogue=engine.pack.catalogue,
        context=context_of(engine, template, grants[0].at),
    )
    if names or profiles[0].recipient_id != profiles[1].recipient_id:
        listed = ", ".join(names) or "whom they are about"
        raise UsageError("GP501", f"the profiles do not agree on what is allowed: {listed}.")


def disagreements(
    one: Profile,
    other: Profile,
    grant: Grant,
    other_grant: Grant,
    *,
    catalogue: Catalogue,
    context: Context,
) -> tuple[str, ...]:
    """
    Return the names of the fields on which two profiles of one person disagree, sorted.

    They agree on a field that may not be used in either message. They agree on a field that may be
    used if nothing differs that may be shown of it, at the level allowed or a coarser one.

    Args:
        one: A profile.
        other: Another, of the same person.
        grant: What is allowed with *one*.
        other_grant: What is allowed with *other*: ages and missing values make a difference.
        catalogue: The fields.
        context: What generalisers may know.
    """
    return tuple(
        field.name
        for field in catalogue.values()
        if not _agree(field, one, other, (grant, other_grant), context)
    )


def _agree(
    field: Field, one: Profile, other: Profile, grants: tuple[Grant, Grant], context: Context
) -> bool:
    first, second = (grant.fields[field.name] for grant in grants)
    if _use(first) != _use(second):
        return False
    if not first.is_allowed:
        return True
    values = [_raw(profile, field.name) for profile in (one, other)]
    return is_alike(field, values[0], values[1], first.level, context=context)


def _use(granted: FieldGrant) -> tuple[bool, str]:
    return granted.is_allowed, granted.level if granted.is_allowed else OMIT


def _raw(profile: Profile, name: str) -> object:
    return profile.reveal(name) if name in profile else None


def is_alike(field: Field, one: object, other: object, level: str, *, context: Context) -> bool:
    """
    Tell whether two raw values of *field* cannot be told apart at *level* and coarser levels.

    A value that hides characters is refused as a whole, and so is a very long one: such values are
    alike only to others of which the same must be said.
    """
    generaliser = GENERALISERS[field.generaliser or _SHOWN_AS_THEY_ARE]
    first, second = _items(field, one), _items(field, other)
    if first is None or second is None or is_blank(one) or is_blank(other):
        return first is second and is_blank(one) == is_blank(other)
    # A list shows how many items it has, and in which order they are.
    if len(first) != len(second) or list(map(_fault, first)) != list(map(_fault, second)):
        return False
    levels = generaliser.levels[generaliser.levels.index(level) :]
    return all(
        generaliser.apply(a, rung, context) == generaliser.apply(b, rung, context)
        for rung in levels
        for a, b in zip(first, second, strict=True)
    )


def _items(field: Field, raw: object) -> tuple[Value, ...] | None:
    """Return what is read of *raw*, one item for what is no list; None for nothing."""
    if is_blank(raw):
        return None
    try:
        value = field.parse(raw)
    except ProfileError:
        return None
    return value if isinstance(value, tuple) else (value,)


def _fault(value: Value) -> tuple[bool, bool]:
    """Return what is wrong with a text: too long, hidden characters."""
    text = value if isinstance(value, str) else ""
    return len(text) > LONGEST_TEXT, is_unsafe(text.strip())
