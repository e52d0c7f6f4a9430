"""Words of a text in a folded form, in which spellings of one value are the same."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from guardedpersonalize.check.characters import INVISIBLE

__all__ = ["UNSPACED", "Folded", "fold"]

UNSPACED: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
"""
Inside of a character class: scripts whose words are not parted by spaces, or that add endings to
names without one (Thai, Lao, Burmese, Khmer, Kana, Han, Hangul). Each character is a word there.
"""

_LAST_MARK: Final = 0x1E94B
_KANA_MARKS: Final = frozenset("\u3099\u309a")
# Letters that Unicode does not take apart, and what people type for them.
_LETTERS: Final = str.maketrans(
    {
        "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i",
        "ħ": "h", "ŧ": "t", "ŋ": "n", "ĸ": "k",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Folded:
    """
    The words of a text, folded and joined, with where each stands.

    Args:
        text: All words without anything between them.
        at: Where each word starts in `text`, and the length of `text` at the end.
        starts: Where each word starts in the source.
        ends: Where it ends there.
        joined: True for a word that follows its predecessor without a boundary, as the `th` of
            `5th` does; digits and letters are words of their own.
    """

    text: str
    at: Sequence[int]
    starts: Sequence[int]
    ends: Sequence[int]
    joined: Sequence[bool]

    def gap(self, word: int) -> int:
        """Return how many characters of the source stand before *word* and after the one before."""
        return self.starts[word] - self.ends[word - 1]


def fold(source: str, first: int = 0, last: int | None = None) -> Folded:
    """
    Fold `source[first:last]`, so that case, accents and invisible characters do not matter.

    Takes time linear in the length of *source*, which may hold anything, lone surrogates included.
    """
    texts, at, starts, ends, joined = [], [0], [], [], []
    length, last_end, last_is_spaced = 0, -1, False
    known: dict[str, str] = {}
    for match in _words().finditer(source, first, len(source) if last is None else last):
        word = match[0]
        text = known.get(word)
        if text is None:
            text = known[word] = _fold_word(word)
        if not text:
            continue
        is_spaced = match.lastgroup != "unspaced"
        start = match.start()
        joined.append(start == last_end and is_spaced and last_is_spaced)
        texts.append(text)
        starts.append(start)
        last_end, last_is_spaced = match.end(), is_spaced
        ends.append(last_end)
        length += len(text)
        at.append(length)
    return Folded("".join(texts), at, starts, ends, joined)


def _fold_word(word: str) -> str:
    if word.isascii():
        return word.lower()
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).casefold())
    return "".join(_folded(text)).translate(_LETTERS)


def _folded(text: str) -> Iterator[str]:
    for char in text:
        if char.isdecimal():
            yield str(unicodedata.decimal(char))
        elif char.isalnum() or char in _KANA_MARKS:
            yield char
        elif not unicodedata.combining(char) and unicodedata.category(char).startswith("M"):
            # Vowel signs of Indic scripts tell words apart; accents and points do not.
            yield char


@functools.cache
def _words() -> re.Pattern[str]:
    """Return the pattern of a word; made when first needed, for the marks have to be looked up."""
    marks = _marks()
    letter = f"(?:(?![{UNSPACED}])[^\\W\\d_])"
    return re.compile(
        rf"(?P<unspaced>(?=[{UNSPACED}])[^\W\d][{marks}]*)"
        rf"|(?P<letters>{letter}+(?:[{marks}{INVISIBLE}]++{letter}+)*+[{marks}]*)"
        rf"|(?P<digits>\d+(?:[{INVISIBLE}]++\d+)*+)"
    )


def _marks() -> str:
    """Return the combining marks as the inside of a character class."""
    codes = [c for c in range(0x300, _LAST_MARK) if unicodedata.category(chr(c)).startswith("M")]
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in ranges)
