"""Which language a text is in, where that can be told."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, NamedTuple

from guardedpersonalize.check.characters import word_set

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

__all__ = ["KNOWN", "Tally", "added", "are_alike", "base_language", "language_of", "tally"]

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


class Tally(NamedTuple):
    """What a language is told by without a model; tallies of texts add up."""

    length: int = 0
    words: int = 0
    english: int = 0
    letters: int = 0
    is_ascii: bool = True

    @property
    def is_short(self) -> bool:
        """True where too little is there to tell a language by."""
        return self.letters < _FEWEST_LETTERS and self.is_ascii

    @property
    def is_english(self) -> bool:
        """True where enough of the words are words of every English text."""
        return self.english >= _ENGLISH_SHARE * self.words > 0


def tally(text: str) -> Tally:
    """Count the words of *text*, of which the first 2,000 characters are read."""
    text = text[:_MOST_READ]
    words = _LETTERS.findall(text.lower())
    english = sum(map(_ENGLISH.__contains__, words))
    return Tally(len(text), len(words), english, len("".join(words)), text.isascii())


def added(tallies: Iterable[Tally]) -> Tally:
    """Add up *tallies* in order, of as many texts as have 2,000 characters together."""
    total = Tally()
    for one in tallies:
        if total.length >= _MOST_READ:
            break
        total = Tally(
            total.length + one.length,
            total.words + one.words,
            total.english + one.english,
            total.letters + one.letters,
            total.is_ascii and one.is_ascii,
        )
    return total


def language_of(*texts: str) -> str | None:
    """
    Return the ISO 639-1 code of the language of *texts*; None where they are too short or unclear.

    Args:
        texts: Any texts, as many as have 2,000 characters together; of each as many are read.

    Source:
        py3langid, held to the languages of `KNOWN` and to a probability of .75. Measured by
        `benchmarks/quality/languages.py`.
    """
    total = added(map(tally, texts))
    if total.is_short:
        return None
    if total.is_english:
        return "en"
    words: list[str] = []
    left = total.words
    for text in texts:
        words += _LETTERS.findall(text[:_MOST_READ].lower())
        if len(words) >= left:
            break
    code, chance = _identifier().classify(" ".join(words[:left]))
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
