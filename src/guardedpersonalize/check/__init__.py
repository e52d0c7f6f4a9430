"""The check: a draft read as its recipient would, and as its source says it."""

from guardedpersonalize.check.checker import Checker, MessageReader, unreadable
from guardedpersonalize.check.context import (
    CheckContext,
    Detection,
    Detector,
    FilledSlot,
    Identity,
    KnownValue,
)
from guardedpersonalize.check.finding import Addend, Finding, Report, Score
from guardedpersonalize.check.kept import Kept
from guardedpersonalize.check.parts import read_part
from guardedpersonalize.check.reading import ReadPart, Region, RegionKind
from guardedpersonalize.check.rules import Rule, RuleSet, prove

__all__ = [
    "Addend",
    "CheckContext",
    "Checker",
    "Detection",
    "Detector",
    "FilledSlot",
    "Finding",
    "Identity",
    "Kept",
    "KnownValue",
    "MessageReader",
    "ReadPart",
    "Region",
    "RegionKind",
    "Report",
    "Rule",
    "RuleSet",
    "Score",
    "prove",
    "read_part",
    "unreadable",
]
