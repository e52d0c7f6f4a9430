"""Data minimisation: generalisers, and the slots that hold what a template may see."""

from guardedpersonalize.minimise.context import Context, Hemisphere
from guardedpersonalize.minimise.fill import SlotReason, sentence_of
from guardedpersonalize.minimise.handling import Handled, Handling
from guardedpersonalize.minimise.identifiers import PseudonymKey, mask, pseudonym
from guardedpersonalize.minimise.products import Product, ProductTree
from guardedpersonalize.minimise.safety import has_link, is_unsafe
from guardedpersonalize.minimise.slots import Slot, Slots, minimise
from guardedpersonalize.minimise.spec import (
    Plan,
    PlannedSlot,
    SlotSpec,
    SpecProblem,
    check_spec,
    compile_plan,
)
from guardedpersonalize.minimise.transforms import (
    GENERALISERS,
    LONGEST_TEXT,
    Coarse,
    Generaliser,
    Kind,
    Plain,
    generalise,
)

__all__ = [
    "GENERALISERS",
    "LONGEST_TEXT",
    "Coarse",
    "Context",
    "Generaliser",
    "Handled",
    "Handling",
    "Hemisphere",
    "Kind",
    "Plain",
    "Plan",
    "PlannedSlot",
    "Product",
    "ProductTree",
    "PseudonymKey",
    "Slot",
    "SlotReason",
    "SlotSpec",
    "Slots",
    "SpecProblem",
    "check_spec",
    "compile_plan",
    "generalise",
    "has_link",
    "is_unsafe",
    "mask",
    "minimise",
    "pseudonym",
    "sentence_of",
]
