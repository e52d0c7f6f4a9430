"""From slots to a draft: Jinja in a sandbox, with every character's origin."""

from guardedpersonalize.render.analysis import (
    Analysis,
    OutputSite,
    PartAnalysis,
    ReadKind,
    SlotRead,
)
from guardedpersonalize.render.draft import LITERAL, Chunk, Draft, Origin, Part, PartKind
from guardedpersonalize.render.entry import Entry
from guardedpersonalize.render.environment import TracedSandbox
from guardedpersonalize.render.limits import Limits
from guardedpersonalize.render.skeletons import MOST_PATHS, Explored, Explorer
from guardedpersonalize.render.template import TemplateSet

__all__ = [
    "LITERAL",
    "MOST_PATHS",
    "Analysis",
    "Chunk",
    "Draft",
    "Entry",
    "Explored",
    "Explorer",
    "Limits",
    "Origin",
    "OutputSite",
    "Part",
    "PartAnalysis",
    "PartKind",
    "ReadKind",
    "SlotRead",
    "TemplateSet",
    "TracedSandbox",
]
