"""Which values of a profile may stand in a text that came without a consent record."""

from __future__ import annotations

from guardedpersonalize.check import KnownValue
from guardedpersonalize.profile import Catalogue, FieldType, Profile, is_blank

__all__ = ["values_known"]

_NAME = "user.name"


def values_known(
    profile: Profile | None, catalogue: Catalogue | None
) -> tuple[tuple[KnownValue, ...], tuple[KnownValue, ...]]:
    """
    Split the values of *profile* into `(allowed, withheld)`.

    A reader may be called by name; nothing says that any other value may be shown. Without a
    catalogue a field is taken for a name if `name` is a word of its own name.
    """
    if profile is None:
        return (), ()
    allowed: list[KnownValue] = []
    withheld: list[KnownValue] = []
    for name in profile.fields:
        value = profile.reveal(name)
        if is_blank(value):
            continue
        field = catalogue.get(name) if catalogue else None
        kind = field.type if field else FieldType.TEXT
        is_name = field.category.is_within(_NAME) if field else "name" in name.split("_")
        (allowed if is_name else withheld).append(KnownValue(name, kind, value))
    return tuple(allowed), tuple(withheld)
