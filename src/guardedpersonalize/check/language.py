"""Which language a text is in, where that can be told."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

from guardedpersonalize.check.characters import word_set

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

__all__ = ["KNOWN", "are_alike", "base_language", "language_of"]

KNOWN: Final = """
ar bg bn cs da de el en es fa fi fr he hi hu id it ja ko nl no pl pt ro ru sv sw ta th tl tr
uk vi zh
"""
"""The languages that are told apart, ISO 639-1. Fewer languages are fewer mistakes."""

_ALIKE: Final = (frozenset({"da", "nb", "nn", "no"}), frozenset({"id", "ms"}))
_LEAST: Final = 0.75
_FEWEST_LETTERS: Final = 20
_MOST_READ: Final = 2_000
_LETTERS: Final = re.compile(r"[^\W\d_]+")
# Words of nearly every English sentence and of few others; "in", "on", "a" and "die" are not.
_ENGLISH: Final = word_set(
    "and are at for from have if is it of our that the there they this to was we what will with "
    "you your"
)
_ENGLISH_SHARE: Final = 0.2


def language_of(text: str) -> str | None:
    """
    Return the ISO 639-1 code of the language of *text*; None where it is too short or unclear.

    Args:
        text: Any text; its first 2,000 characters are read.

    Source:
        py3langid, held to the languages of `KNOWN` and to a probability of .75. Measured by
        `benchmarks/quality/languages.py`.
    """
    text = text[:_MOST_READ]
    words = _LETTERS.findall(text.lower())
    if sum(map(len, words)) < _FEWEST_LETTERS and text.isascii():
        return None
    english = sum(word in _ENGLISH for word in words)
    if english >= _ENGLISH_SHARE * len(words) > 0:
        return "en"
    code, chance = _identifier().classify(" ".join(words))
    return str(code) if float(chance) >= _LEAST else None


def base_language(tag: str) -> str:
    """Return the language of a tag: "en" of "en-GB" and "EN"."""
    return tag.replace("_", "-").split("-")[0].lower()


def are_alike(first: str, second: str) -> bool:
    """Tell whether two codes are of one language, or of two that are hard to tell apart."""
    return first == second or any({first, second} <= group for group in _ALIKE)


@functools.cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import (  # noqa: PLC0415  # unpacks its model, and is seldom needed
        MODEL_FILE,
        LanguageIdentifier,
    )

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(KNOWN.split())
    return identifier
