"""The W3C Data Privacy Vocabulary: full addresses of the terms that the tables name in short."""

from __future__ import annotations

from typing import Final

from guardedpersonalize.errors import sealed
from guardedpersonalize.vocabulary.tables import unknown_term

__all__ = ["DPV_PREFIXES", "dpv_iri"]

DPV_PREFIXES: Final[dict[str, str]] = {
    "dpv": "https://w3id.org/dpv#",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "pd": "https://w3id.org/dpv/pd#",
}
"""Prefix -> namespace; the `@context` of an export."""


@sealed
def dpv_iri(curie: str) -> str:
    """
    Return the full address of a DPV term.

    Args:
        curie: Prefix and term, as `DataCategory.dpv`, `Purpose.dpv` and `Meaning.dpv` hold them.

    Raises:
        ConfigError: GP105, if the prefix is none of `DPV_PREFIXES`.

    >>> dpv_iri("pd:BirthDate")
    'https://w3id.org/dpv/pd#BirthDate'
    """
    prefix, _, name = curie.partition(":")
    if prefix not in DPV_PREFIXES:
        raise unknown_term("DPV prefix", prefix, DPV_PREFIXES)
    return DPV_PREFIXES[prefix] + name
