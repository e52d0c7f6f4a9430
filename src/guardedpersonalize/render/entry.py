"""One renderable template of a pack, as its manifest declares it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from guardedpersonalize.render.draft import PartKind

__all__ = ["SLOT_TYPES", "Entry"]

SLOT_TYPES: Final = ("bool", "date", "int", "list", "text")
"""Types that a slot may be declared with."""


@dataclass(frozen=True, slots=True)
class Entry:
    """
    One renderable template of a pack.

    Args:
        name: Its name.
        parts: `(part, kind, source)` in reading order; *source* is a key of the sources.
        slots: Declared slots: name -> type (text, int, bool, date or list).
        manifest: File that declares the slots, for problems with them.
        slot_lines: Line in it, from 1, of each slot; 0 where a slot is not here.
        may_leave_unused: Whether a declared slot need not be used.
    """

    name: str
    parts: tuple[tuple[str, PartKind, str], ...]
    slots: Mapping[str, str] = field(default_factory=dict)
    manifest: str = ""
    slot_lines: Mapping[str, int] = field(default_factory=dict)
    may_leave_unused: bool = False
