"""What slots wrote, and what stands beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from guardedpersonalize.check.incremental.plan import Beside

__all__ = ["AS_READ", "RUN", "Output", "Written"]

RUN: Final = re.compile(r"[A-Za-z0-9]+")
AS_READ: Final = re.compile(r"[A-Za-z0-9 .,!?£$€-]*")
"""What is read as it is written, in any place of any part."""


class Written(NamedTuple):
    """
    Where a slot wrote.

    Args:
        chunk: The chunk.
        beside: What stands before and after it.
        is_masked: True where it is masked.
    """

    chunk: int
    beside: Beside
    is_masked: bool


@dataclass(slots=True, repr=False)
class Output:
    """
    What a slot wrote, and the words of the template beside it.

    Args:
        text: What it wrote.
        beside: The words before and after it, in small letters, "" for none; None where one is
            not known.
    """

    text: str
    beside: tuple[str | None, str | None]

    @classmethod
    def of(cls, text: str, texts: Sequence[str], beside: Beside) -> Output:
        """
        Return what is read as *text*, in a part whose chunks have these *texts*.

        One word beside one word, both of slots, are whole outputs: an echo through both goes on
        behind one of them, and is looked for there.
        """
        before, after = beside
        if isinstance(before, int):
            before = _nearest(text, texts[before], -1)
        if isinstance(after, int):
            after = _nearest(text, texts[after], 0)
        return cls(text, (before, after))


def _nearest(text: str, other: str, at: int) -> str | None:
    """Return what counts beside *text*, the word *at* of the *other* that a slot wrote there."""
    if RUN.fullmatch(other) and RUN.fullmatch(text):
        return ""
    runs = RUN.findall(other.lower()) if AS_READ.fullmatch(other) else []
    return runs[at] if runs else None
