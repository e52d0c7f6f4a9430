"""What stands for values in keys, so that nobody can read them there."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Final

from guardedpersonalize.check.incremental.kept import Kept, mark
from guardedpersonalize.check.incremental.plan import How, is_free
from guardedpersonalize.check.pii.opaque import is_opaque

if TYPE_CHECKING:
    from guardedpersonalize.check.stand_ins import StandIns

__all__ = ["Symbols"]

_MOST: Final = 65_536


class Symbols:
    """
    What tells values from others; it is known again by their marks. Threads may share it.

    Args:
        stand_ins: Which words nothing looks for; None where words are not told by their shape.
    """

    def __init__(self, stand_ins: StandIns | None) -> None:
        self._stand_ins = stand_ins
        self._words: Kept[Hashable] = Kept(_MOST)
        self._plain: Kept[int] = Kept(_MOST)

    def of(self, text: str, how: How, *, is_token: bool) -> Hashable | None:
        """
        Return what tells *text* from others in a place of a plan; None where it is not plain.

        Args:
            text: What a slot wrote.
            how: What of it counts there.
            is_token: True where it stands in a web address.
        """
        if how is How.SHAPE:
            return self._shaped(text)
        if how is How.LENGTH:
            return len(text)
        if how is How.OPAQUE and is_opaque(text):
            return str(len(text))
        return self._marked(text, is_token=is_token)

    def _shaped(self, text: str) -> Hashable | None:
        """Return the shape and the endings of words that nothing looks for, the mark of others."""
        key = mark(text)
        found = self._words.get(key)
        if found is not None:
            return found
        stand_ins = self._stand_ins
        shape = None if stand_ins is None else stand_ins.shape(text)
        if stand_ins is None or shape is None:
            return self._marked(text, is_token=False)
        return self._words.put(key, (shape, stand_ins.endings(text)))

    def _marked(self, text: str, *, is_token: bool) -> int | None:
        key = mark(text)
        if is_token:
            return key if is_free(text, is_token=True) else None
        if self._plain.get(key) is None:
            if not is_free(text, is_token=False):
                return None
            self._plain.put(key, key)
        return key
