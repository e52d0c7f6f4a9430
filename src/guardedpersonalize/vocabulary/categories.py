"""Data categories: the fideslang taxonomy and our marked extensions, with what the law says."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from guardedpersonalize.errors import sealed
from guardedpersonalize.vocabulary.ladders import EXACT, ladder
from guardedpersonalize.vocabulary.tables import is_within, parent_of, table, unknown_term
from guardedpersonalize.vocabulary.terms import Sensitivity

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DataCategory", "categories", "category"]

_SPECIAL: Final = frozenset({"gdpr_art9", "gdpr_art10"})

_INHERITED: Final = ("sensitivity", "flags", "proxy_of", "max_age_days", "dpv")


@dataclass(frozen=True, slots=True)
class DataCategory:
    """
    A kind of data about a person.

    Args:
        key: Dotted fideslang key, e.g. "user.demographic.date_of_birth".
        name: Short name for people.
        parent: Key of the parent, or None for a root.
        sensitivity: Tier; a proxy has the tier of what it gives away.
        flags: What laws call it: gdpr_art9, gdpr_art10, ccpa_spi, usnat:<n>, mhmda, child,
            tcf_sf1, vulnerability. A proxy has the flags of what it gives away.
        proxy_of: Key of the sensitive category that it gives away, or None.
        generaliser: Name of the default generaliser, or None where values are shown as they are.
        level: Finest level for marketing; "exact" where there is no generaliser.
        max_age_days: Days after which a value is stale, or None.
        dpv: Term of the W3C Data Privacy Vocabulary, as a CURIE ("pd:BirthDate"), or None.
        is_default: True for fideslang's own keys, False for our extensions.
    """

    key: str
    name: str
    parent: str | None
    sensitivity: Sensitivity
    flags: frozenset[str]
    proxy_of: str | None
    generaliser: str | None
    level: str
    max_age_days: int | None
    dpv: str | None
    is_default: bool

    def is_within(self, key: str) -> bool:
        """Tell whether this is the category *key* or one below it."""
        return is_within(self.key, key)

    @property
    def is_special(self) -> bool:
        """True for special categories (GDPR Art. 9), criminal data (Art. 10) and their proxies."""
        return not self.flags.isdisjoint(_SPECIAL)

    @property
    def is_personal(self) -> bool:
        """False for data of the system, such as a campaign's name."""
        return not self.is_within("system")


@functools.cache
def categories() -> Mapping[str, DataCategory]:
    """Return every category by key, sorted."""
    return MappingProxyType({key: _category(key) for key in sorted(table("category"))})


@functools.cache
def _category(key: str) -> DataCategory:
    row = table("category")[key]
    parent = parent_of(key)
    plain = _with_inherited(row, _category(parent) if parent else None)
    target = _category(row["proxy_of"]) if "proxy_of" in row else None
    return DataCategory(
        key=key,
        name=row["name"],
        parent=parent,
        sensitivity=target.sensitivity if target else Sensitivity(plain["sensitivity"]),
        flags=target.flags if target else frozenset(plain["flags"]),
        proxy_of=plain["proxy_of"],
        generaliser=plain["generaliser"],
        level=plain["level"],
        max_age_days=plain["max_age_days"] or None,
        dpv=plain["dpv"],
        is_default=not row.get("ours", False),
    )


def _with_inherited(row: Mapping[str, Any], parent: DataCategory | None) -> dict[str, Any]:
    root = {"sensitivity": 1, "flags": (), "generaliser": None, "level": EXACT}
    above = {name: getattr(parent, name, root.get(name)) for name in (*_INHERITED, *root)}
    if "generaliser" in row:
        # "" is how the table says "none", for TOML has no null.
        above["generaliser"] = row["generaliser"] or None
        above["level"] = ladder(row["generaliser"]).default if row["generaliser"] else EXACT
    own = {name: row[name] for name in (*_INHERITED, "level") if name in row}
    return above | own


@functools.cache
def _aliases() -> dict[str, str]:
    rows = table("category")
    return {alias: key for key in sorted(rows) for alias in rows[key].get("aliases", ())}


@sealed
def category(key: str | DataCategory) -> DataCategory:
    """
    Return the category *key*; spellings of the IAB Tech Lab Privacy Taxonomy are understood.

    Raises:
        ConfigError: GP105, with the nearest known key.

    >>> category("user.health").key
    'user.health_and_medical'
    """
    if isinstance(key, DataCategory):
        return key
    known = categories()
    found = known.get(_aliases().get(key, key)) if isinstance(key, str) else None
    if found is None:
        raise unknown_term("data category", key, [*known, *_aliases()])
    return found
