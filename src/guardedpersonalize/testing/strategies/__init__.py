"""Hypothesis strategies for everything that the engine takes, hostile things included."""

import importlib.util

from guardedpersonalize.errors import UsageError

if importlib.util.find_spec("hypothesis") is None:
    raise UsageError(
        "GP501", "the strategies need Hypothesis.", remedy="Install guardedpersonalize[testing]."
    )

# What follows needs Hypothesis.
from guardedpersonalize.testing.strategies.consents import (
    consents,
    lesser_consents,
    willing_consent,
)
from guardedpersonalize.testing.strategies.people import (
    AT,
    FIELD_NAMES,
    PRODUCTS,
    catalogues,
    moments,
    profiles,
    values_of,
)
from guardedpersonalize.testing.strategies.scenes import (
    TEMPLATE,
    Scene,
    packs,
    scenes,
)
from guardedpersonalize.testing.strategies.templates import (
    PARTIALS,
    USES,
    slot_specs,
    templates,
)
from guardedpersonalize.testing.strategies.texts import (
    ENTITIES,
    HOSTILE,
    hostile_texts,
    literals,
    names,
    texts_with,
)
from guardedpersonalize.testing.strategies.twins import alikes, twins

__all__ = [
    "AT",
    "ENTITIES",
    "FIELD_NAMES",
    "HOSTILE",
    "PARTIALS",
    "PRODUCTS",
    "TEMPLATE",
    "USES",
    "Scene",
    "alikes",
    "catalogues",
    "consents",
    "hostile_texts",
    "lesser_consents",
    "literals",
    "moments",
    "names",
    "packs",
    "profiles",
    "scenes",
    "slot_specs",
    "templates",
    "texts_with",
    "twins",
    "values_of",
    "willing_consent",
]
