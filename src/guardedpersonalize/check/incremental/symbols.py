"""What stands for values in keys, so that nobody can read them there."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Final, TypeAlias

from guardedpersonalize.check.incremental.plan import How
from guardedpersonalize.check.incremental.values import is_free, shown
from guardedpersonalize.check.kept import Kept, mark
from guardedpersonalize.check.pii.opaque import is_opaque, is_unremarkable, labelled

if TYPE_CHECKING:
    from guardedpersonalize.check.stand_ins import StandIns
    from guardedpersonalize.render.draft import PartKind

__all__ = ["Symbols"]

_MOST: Final = 65_536
_unknown: Final[Known] = {}.get  # type: ignore[assignment]
"""A length is known as fast as it is looked up."""
_LETTERS: Final = re.compile(r"[A-Za-z]{3,}")
"""Fewer are no word, between digits."""

Known: TypeAlias = Callable[[int], Hashable | None]
Tell: TypeAlias = Callable[[str], Hashable | None]


class Symbols:
    """
    What tells values from others; it is known again by their marks. Threads may share it.

    Args:
        stand_ins: Which words nothing looks for; None where words are not told by their shape.
    """

    def __init__(self, stand_ins: StandIns | None) -> None:
        self._stand_ins = stand_ins
        self._kept: dict[tuple[How, bool], Kept[Hashable]] = {}

    def of(self, how: How, kind: PartKind, *, is_token: bool) -> tuple[Known, Tell]:
        """
        Return what gives the symbol of a text by its mark, if it is known, and what tells it.

        A symbol is None where the text is not plain.

        Args:
            how: What of a text counts in its place of a plan.
            kind: Of the part.
            is_token: True where it stands in a web address.
        """
        if how is How.LENGTH:
            return _unknown, len
        kept = self._kept.setdefault((how, is_token), Kept(_MOST))
        return kept.get, functools.partial(self._told, kept, (how, is_token, kind))

    def _told(
        self, kept: Kept[Hashable], place: tuple[How, bool, PartKind], text: str
    ) -> Hashable | None:
        """Return what tells *text* from others, and keep it."""
        how, is_token, kind = place
        symbol = self._symbol(text, how, kind, is_token=is_token)
        # What is escaped in markup says something else in a plain text.
        return symbol if symbol is None or "&" in text else kept.put(mark(text), symbol)

    def _symbol(self, text: str, how: How, kind: PartKind, *, is_token: bool) -> Hashable | None:
        if how is How.SHAPE:
            stand_ins = self._stand_ins
            shape = None if stand_ins is None else stand_ins.shape(text)
            if stand_ins is not None and shape is not None:
                return shape, stand_ins.endings(text)
        elif how is How.OPAQUE:
            label, token = labelled(text)
            if is_opaque(token) or self._is_unremarkable(token):
                return mark(label) if label else "", len(token)
        return mark(text) if is_free(shown(text, kind), is_token=is_token) else None

    def _is_unremarkable(self, token: str) -> bool:
        """Tell whether nothing is found in *token*, and no rule can look for letters of it."""
        stand_ins = self._stand_ins
        if stand_ins is None:
            return False
        runs = _LETTERS.findall(token)
        shapes = map(stand_ins.shape, runs)
        are_unknown = None not in shapes and not any(any(stand_ins.endings(run)) for run in runs)
        return are_unknown and is_unremarkable(token)
