"""What slots wrote, and what stands beside it."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import Final

from guardedpersonalize.check.folding import fold
from guardedpersonalize.check.incremental.plan import Beside
from guardedpersonalize.check.incremental.values import shown
from guardedpersonalize.render.draft import Part

__all__ = ["RUN", "Output"]

RUN: Final = re.compile(r"[A-Za-z0-9]+")
_SIGNS: Final = " .,!?'\u2019£$€-"
_AS_READ: Final = re.compile(rf"[A-Za-z0-9{_SIGNS}]*")


class Output:
    """
    What a slot wrote, and the words of the template beside it.

    Args:
        text: What it wrote, as it is shown.
        beside: The words before and after it, in small letters, "" for none; None where one is
            not known.

    Attributes:
        words: Its runs of plain letters and digits.
        runs: Its runs of letters and digits, as spellings have them.
        is_as_read: True where it is read as it is written, in any place of any part.
    """

    __slots__ = ("beside", "is_as_read", "runs", "text", "words")

    def __init__(self, text: str, beside: tuple[str | None, str | None]) -> None:
        self.text = text
        self.beside = beside
        self.words = RUN.findall(text)
        self.is_as_read = True
        if _AS_READ.fullmatch(text):
            self.runs = list(map(str.lower, self.words))
        else:
            self.runs = _runs_of(text)
            self.is_as_read = _is_as_read(text)

    @classmethod
    def of(cls, text: str, part: Part, beside: Beside) -> Output:
        """
        Return what a slot wrote into *part* as *text*.

        One word beside one word, both of slots, are whole outputs: an echo through both goes on
        behind one of them, and is looked for there.
        """
        text = shown(text, part.kind)
        before, after = beside
        if isinstance(before, int):
            before = _nearest(text, shown(part.pieces[before], part.kind), -1)
        if isinstance(after, int):
            after = _nearest(text, shown(part.pieces[after], part.kind), 0)
        return cls(text, (before, after))


def _runs_of(text: str) -> list[str]:
    """
    Return the runs of letters and digits of *text*, as spellings have them.

    In scripts that part no words by spaces, each character is one.
    """
    folded = fold(text)
    runs: list[str] = []
    for (start, end), is_joined in zip(pairwise(folded.at), folded.joined, strict=True):
        word = folded.text[start:end]
        if is_joined:
            runs[-1] += word
        else:
            runs.append(word)
    return runs


def _is_as_read(text: str) -> bool:
    return not text.isascii() and all(map(_is_plain, text))


def _is_plain(char: str) -> bool:
    return char.isalnum() or char in _SIGNS or unicodedata.category(char).startswith("M")


def _nearest(text: str, other: str, at: int) -> str | None:
    """Return what counts beside *text*, the word *at* of the *other* that a slot wrote there."""
    if RUN.fullmatch(other) and RUN.fullmatch(text):
        return ""
    output = Output(other, ("", ""))
    return output.runs[at] if output.is_as_read and output.runs else None
