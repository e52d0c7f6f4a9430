"""The words of the field: categories, purposes, channels, provenance, sensitivity."""

from guardedpersonalize.vocabulary.categories import DataCategory, categories, category
from guardedpersonalize.vocabulary.dpv import DPV_PREFIXES, dpv_iri
from guardedpersonalize.vocabulary.ladders import EXACT, OMIT, Ladder, ladder, ladders
from guardedpersonalize.vocabulary.lookup import Meaning, channel, meaning, term
from guardedpersonalize.vocabulary.proxies import product_proxy
from guardedpersonalize.vocabulary.purposes import Purpose, PurposeClass, purpose, purposes
from guardedpersonalize.vocabulary.tables import did_you_mean, nearest, unknown_term
from guardedpersonalize.vocabulary.terms import (
    Channel,
    ChannelPermission,
    Collection,
    ConsentStatus,
    ConsentType,
    Family,
    IntrusiveCategory,
    LawfulBasis,
    Objection,
    Outcome,
    Provenance,
    Sensitivity,
    Severity,
    SlotOutcome,
    Source,
    Technique,
)

__all__ = [
    "DPV_PREFIXES",
    "EXACT",
    "OMIT",
    "Channel",
    "ChannelPermission",
    "Collection",
    "ConsentStatus",
    "ConsentType",
    "DataCategory",
    "Family",
    "IntrusiveCategory",
    "Ladder",
    "LawfulBasis",
    "Meaning",
    "Objection",
    "Outcome",
    "Provenance",
    "Purpose",
    "PurposeClass",
    "Sensitivity",
    "Severity",
    "SlotOutcome",
    "Source",
    "Technique",
    "categories",
    "category",
    "channel",
    "did_you_mean",
    "dpv_iri",
    "ladder",
    "ladders",
    "meaning",
    "nearest",
    "product_proxy",
    "purpose",
    "purposes",
    "term",
    "unknown_term",
]
