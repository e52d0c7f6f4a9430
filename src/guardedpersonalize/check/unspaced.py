"""
Words of languages that are written without blanks, such as Japanese: most characters are one.

A run of katakana, of Latin letters or of digits is one word, and every other character is a word of
its own. Patterns are cut in the same way, so a word of a pattern is found wherever its characters
stand. No dictionary is asked: a segmenter errs where a sales letter coins words, and cuts otherwise
in its next version, and a rule would then miss without a sign.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

__all__ = ["cut", "is_unspaced"]

_SCRIPT: Final = re.compile(r"[\u3041-\u30ff\u3400-\u9fff]")
_PIECE: Final = re.compile(
    r"\s++"
    r"|\d++(?:[.,:]\d++)*+"
    r"|[\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f]++"  # katakana, not the dot between
    r"|[A-Za-z\u00c0-\u024f\uff21-\uff3a\uff41-\uff5a]++(?:['\u2019-][A-Za-z]++)*+"
    r"|[.\u2025\u2026]{2,}+"
    r"|.",
    re.DOTALL,
)
# What the compatibility form of Unicode does not turn into a mark that patterns know. A note is how
# a cheerful sentence ends.
_MARKS: Final = {
    "\u3002": ".",
    "\uff61": ".",
    "\u3001": ",",
    "\uff64": ",",
    "\u2015": "\u2014",
    "\u266a": "!",
    "\u203c": "!",
    "\u2049": "?",
    "\u2025": "...",
    "\u00a5": "$",
    "\uffe5": "$",
}


def is_unspaced(text: str) -> bool:
    """Tell whether *text* has a character of a script that is written without blanks."""
    return _SCRIPT.search(text) is not None


def cut(text: str) -> Iterator[tuple[str, str, int]]:
    """Yield each word, mark and run of white space of *text*, its normal form and its offset."""
    for found in _PIECE.finditer(text):
        yield found[0], _normal(found[0]), found.start()


def _normal(piece: str) -> str:
    if len(piece) > 1 and piece[0] in ".\u2025\u2026":
        return "..."
    plain = unicodedata.normalize("NFKC", piece).replace(" ", "")
    return _MARKS.get(piece) or plain.lower()
