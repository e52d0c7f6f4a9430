"""Purposes: fideslang's data uses and our marked extensions, mapped to DPV and TCF."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from guardedpersonalize.errors import sealed
from guardedpersonalize.vocabulary.tables import is_within, parent_of, table, unknown_term

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Purpose", "PurposeClass", "purpose", "purposes"]

PurposeClass: TypeAlias = Literal[
    "service", "marketing", "advertising", "personalisation", "analytics", "other"
]
"""The few classes that rules speak of, from the many purposes."""

_ROOT: Final[dict[str, Any]] = {
    "dpv": None,
    "purpose_class": "other",
    "is_direct_marketing": False,
    "is_profiling": False,
    "is_advertising": False,
}


@dataclass(frozen=True, slots=True)
class Purpose:
    """
    What data is used for.

    Args:
        key: Dotted fideslang key, e.g. "marketing.communications.email".
        name: Short name for people.
        parent: Key of the parent, or None for a root.
        dpv: Term of the W3C Data Privacy Vocabulary, as a CURIE ("dpv:DirectMarketing"), or None.
        tcf: Purposes of the IAB Europe TCF, by number; may be empty.
        purpose_class: service, marketing, advertising, personalisation, analytics or other.
        is_default: True for fideslang's own keys, False for our extensions.
        is_deprecated: True where *replaced_by* should be used.
        replaced_by: Key of the successor, or None.
        is_direct_marketing: True where the right to object is absolute (GDPR Art. 21(2)).
        is_profiling: True where a profile of the person is made or used (GDPR Art. 4(4)), or
            where the purpose leaves that open.
        is_advertising: True for ads.
    """

    key: str
    name: str
    parent: str | None
    dpv: str | None
    tcf: tuple[int, ...]
    purpose_class: PurposeClass
    is_default: bool
    is_deprecated: bool
    replaced_by: str | None
    is_direct_marketing: bool
    is_profiling: bool
    is_advertising: bool

    def is_within(self, key: str) -> bool:
        """Tell whether this is the purpose *key* or one below it."""
        return is_within(self.key, key)


@functools.cache
def purposes() -> Mapping[str, Purpose]:
    """Return every purpose by key, sorted."""
    return MappingProxyType({key: _purpose(key) for key in sorted(table("purpose"))})


@functools.cache
def _purpose(key: str) -> Purpose:
    row = table("purpose")[key]
    parent = parent_of(key)
    above = _purpose(parent) if parent else None
    plain = {name: row.get(name, getattr(above, name, _ROOT[name])) for name in _ROOT}
    return Purpose(
        key=key,
        name=row["name"],
        parent=parent,
        tcf=tuple(row.get("tcf", ())),
        is_default=not row.get("ours", False),
        is_deprecated="replaced_by" in row,
        replaced_by=row.get("replaced_by"),
        **plain,
    )


@functools.cache
def _aliases() -> dict[str, str]:
    rows = table("purpose")
    return {alias: key for key in sorted(rows) for alias in rows[key].get("aliases", ())}


@sealed
def purpose(key: str | Purpose) -> Purpose:
    """
    Return the purpose *key*; spellings of the IAB Tech Lab Privacy Taxonomy are understood.

    A deprecated purpose is returned as it is: which successor a consent was meant for is not ours
    to guess.

    Raises:
        ConfigError: GP105, with the nearest known key.

    >>> purpose("advertising_marketing.communications.email").dpv
    'dpv:DirectMarketing'
    """
    if isinstance(key, Purpose):
        return key
    known = purposes()
    found = known.get(_aliases().get(key, key)) if isinstance(key, str) else None
    if found is None:
        raise unknown_term("purpose", key, [*known, *_aliases()])
    return found
