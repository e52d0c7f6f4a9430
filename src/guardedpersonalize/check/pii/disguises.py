"""
Identifiers written so that machines shall not find them, read as a person would undo it.

Digits as words, percent-encoding, character references, base64, bytes in hexadecimal, characters
spaced out or joined by odd signs, and letters that stand for digits. The text is rewritten once,
with a map back, and read again by every recogniser; only what lies on rewritten places counts.
"""

from __future__ import annotations

import base64
import binascii
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from itertools import chain
from typing import Final
from urllib.parse import unquote

from guardedpersonalize.check.context import Detection
from guardedpersonalize.check.decoding import REFERENCE
from guardedpersonalize.check.gates import Gated, Signs
from guardedpersonalize.check.reading import Offsets, Writer

__all__ = ["Unmasked", "decoded", "unmask"]

_WORDS: Final = {
    word: str(digit)
    for words in (
        "zero one two three four five six seven eight nine",
        "oh un deux trois quatre cinq six sept huit neuf",
        "null eins zwei drei vier fünf sechs sieben acht neun",
        "nul uno dos tres cuatro cinco seis siete ocho nueve",
        "nil een due tre quattro cinque sei sette otto nove",
        "nought um dois três quatro vijf zes zeven oito nine",
        "cero een twee drie vier cinco seis sete acht negen",
        "zéro un dos tres vier fuenf seis sette huit neuf",
    )
    for digit, word in enumerate(words.split())
}
"""English, French, German, Spanish, Italian, Portuguese and Dutch."""
_REPEATS: Final = {"double": 2, "triple": 3, "doppel": 2, "doble": 2, "treble": 3}
_WORD: Final = "|".join(sorted((*_WORDS, *_REPEATS), key=len, reverse=True))
_SPOKEN: Final = re.compile(
    rf"(?<!\w)(?:(?:{_WORD}|\d{{1,4}})[ ,.-]{{1,2}}){{4,60}}(?:{_WORD}|\d{{1,4}})(?!\w)",
    re.IGNORECASE,
)
_TOKEN: Final = re.compile(r"[^\W\d_]+|\d+")
_LEAST_WORDS: Final = 3
_MARKS: Final = str.maketrans(",.-", "   ")

_PERCENT: Final = re.compile(r"(?:%(?:25){0,3}[0-9A-Fa-f]{2}){1,300}")
_ROUNDS: Final = 4
_BASE64: Final = re.compile(r"(?<![\w+/-])[A-Za-z0-9+/_-]{12,600}={0,2}(?![\w+/=-])")
_UNURL: Final = str.maketrans("-_", "+/")
_SPACED: Final = re.compile(r"(?<!\S)\S(?: {1,2}\S){6,200}(?=[\s.,;:!?)]|$)")
_STRUNG: Final = re.compile(r"(?<![^\W_])([^\W_])([-._*|/,~:+])[^\W_](?:\2[^\W_]){6,80}(?![^\W_])")
_GROUPED: Final = re.compile(
    r"(?<![^\W_])(?<![-._*|/,~:+=·•])"
    r"\d{1,6}( ?[-._*|/,~:+=·•]{1,2} ?|  {1,3})\d{1,6}(?:\1\d{1,6}){1,8}(?![^\W_])"
)
_MIXED: Final = re.compile(r"(?<![^\W_])\d(?:[-._*|/:~ ]{0,2}\d){8,40}(?![^\W_])")
_SIGNS: Final = re.compile(r"\D+")
_LEAST_SIGNS: Final = 3
_HEX: Final = re.compile(r"(?<!\w)(?:0x)?(?:[0-9A-Fa-f]{2}){8,300}(?!\w)")
_LETTERED: Final = re.compile(r"(?<![^\W_])[0-9OoIlSB](?:[ -]?[0-9OoIlSB]){8,40}(?![^\W_])")
_LEAST_SINGLES: Final = 6
"""The characters of a run that stand between blanks; behind the last there may be a mark."""
_GATED_BASE64, _GATED_HEX, _GATED_STRUNG, _GATED_MIXED = map(
    Gated.of, (_BASE64, _HEX, _STRUNG, _MIXED)
)
_AS_DIGIT: Final = str.maketrans("OoIlSB", "001158")
_LEAST_DIGITS: Final = 9
_LEAST_SHARE: Final = 0.6
_FEW_DIGITS: Final = 6
_NOT_WORD: Final = re.compile(r"[^0-9A-Za-z]+")
_NOT_DIGIT: Final = re.compile(r"\D+")

_BESIDE: Final = 80
"""Characters kept to both sides of a rewritten place: more than hints are read in."""

_DECIMAL: Final = re.compile(r"\d")
_UNSURE: Final = 0.6
"""Where digits were joined more is asked for: a date and a time are joined too (house choice)."""
_BY_WORD: Final = frozenset({"US_ITIN", "US_SSN"})
"""Kinds that Presidio scores so low that a lower score already says that a word stands beside."""


@dataclass(frozen=True, slots=True)
class Unmasked:
    """
    A text without its disguises.

    Args:
        text: The text, rewritten; what is far from any rewritten place is left out.
        offsets: Where its characters stand in the source.
        starts: Where each rewritten place starts in `text`, ascending.
        ends: Where it ends.
        is_joined: Whether it came about by leaving separators out.
    """

    text: str
    offsets: Offsets
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    is_joined: tuple[bool, ...]

    def counts(self, detection: Detection) -> bool:
        """Tell whether *detection* lies, in part at least, on a place that was rewritten."""
        place = bisect_right(self.starts, detection.end - 1) - 1
        if place < 0 or self.ends[place] <= detection.start:
            return False
        is_unsure = detection.score <= _UNSURE and detection.entity not in _BY_WORD
        return not (is_unsure and self.is_joined[place])


@dataclass(frozen=True, slots=True)
class _Place:
    start: int
    end: int
    text: str
    is_joined: bool = False


def unmask(text: str, signs: Signs) -> Unmasked | None:
    """
    Return *text* without its disguises; None where it has none. Takes linear time.

    Args:
        text: What is read.
        signs: What it has.
    """
    places = sorted(_places(text, signs), key=lambda place: (place.start, -place.end))
    if not places:
        return None
    writer, at, length = Writer(), 0, 0
    starts, ends, joined = [], [], []
    for place in places:
        if place.start < at:
            continue
        length += _copy_around(writer, text, at, place.start)
        writer.put(place.text, place.start, place.end)
        starts.append(length)
        length += len(place.text)
        ends.append(length)
        joined.append(place.is_joined)
        at = place.end
    _copy_around(writer, text, at, len(text))
    shown, offsets = writer.done(len(text))
    return Unmasked(shown, offsets, tuple(starts), tuple(ends), tuple(joined))


def _copy_around(writer: Writer, text: str, start: int, end: int) -> int:
    """Write `text[start:end]`, of a long stretch its ends only, and return how much that was."""
    if end - start <= 2 * _BESIDE:
        writer.copy(text[start:end], start)
        return end - start
    writer.copy(text[start : start + _BESIDE], start)
    writer.put("\n", start + _BESIDE, end - _BESIDE)
    writer.copy(text[end - _BESIDE : end], end - _BESIDE)
    return 2 * _BESIDE + 1


def _places(text: str, signs: Signs) -> Iterator[_Place]:
    words = text.lower().translate(_MARKS).split()
    if not _WORDS.keys().isdisjoint(words) and sum(w in _WORDS for w in words) >= _LEAST_WORDS:
        yield from _spoken(text)
    if "%" in text:
        yield from _decoded(text, _PERCENT, _unquoted)
    if "&" in text:
        yield from _decoded(text, REFERENCE, unescape)
    for match in _GATED_BASE64.finditer(text, signs):
        if shown := _from_base64(match[0]):
            yield _Place(*match.span(), shown)
    for match in _GATED_HEX.finditer(text, signs):
        if shown := _from_hex(match[0]):
            yield _Place(*match.span(), shown)
    yield from _joined(text, signs)


def _spoken(text: str) -> Iterator[_Place]:
    for match in _SPOKEN.finditer(text):
        tokens = _TOKEN.findall(match[0].lower())
        if sum(token in _WORDS for token in tokens) < _LEAST_WORDS:
            continue
        shown, times = "", 1
        for token in tokens:
            if token in _REPEATS:
                times = _REPEATS[token]
            else:
                shown += _WORDS.get(token, token) * times
                times = 1
        yield _Place(*match.span(), shown)


def _unquoted(shown: str) -> str:
    for _ in range(_ROUNDS):
        shown = unquote(shown)
    return shown


def _decoded(text: str, pattern: re.Pattern[str], decode: Callable[[str], str]) -> Iterator[_Place]:
    for match in pattern.finditer(text):
        shown = decode(match[0])
        if shown != match[0] and shown.isprintable():
            yield _Place(*match.span(), shown)


def decoded(token: str) -> str:
    """Return the text that *token* is base64 or hexadecimal of; "" for what is neither."""
    return (_from_base64(token) if _BASE64.fullmatch(token) else "") or (
        _from_hex(token) if _HEX.fullmatch(token) else ""
    )


def _from_base64(token: str) -> str:
    """Return the text that *token* is base64 of; "" for what is none."""
    body = token.rstrip("=").translate(_UNURL)
    try:
        shown = base64.b64decode(body + "=" * (-len(body) % 4), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return unquote(shown) if shown.isprintable() else ""


def _from_hex(token: str) -> str:
    """Return the text that *token* spells in hexadecimal; "" for what is none."""
    try:
        shown = bytes.fromhex(token.removeprefix("0x")).decode()
    except (ValueError, UnicodeDecodeError):
        return ""
    return shown if shown.isprintable() else ""


def _joined(text: str, signs: Signs) -> Iterator[_Place]:
    """Yield runs of single characters, groups of digits with odd signs, letters for digits."""
    spaced = _SPACED.finditer(text) if signs.singles >= _LEAST_SINGLES else iter(())
    for match in chain(spaced, _GATED_STRUNG.finditer(text, signs)):
        sign = " " if match.re is _SPACED else match[2]
        shown = re.sub(f"{re.escape(sign)}+", "", match[0])
        yield _Place(*match.span(), shown, is_joined=True)
    if signs.digits < _FEW_DIGITS:
        return
    for match in _GROUPED.finditer(text):
        shown = _NOT_DIGIT.sub("", match[0])
        if len(shown) >= _LEAST_DIGITS:
            yield _Place(*match.span(), shown, is_joined=True)
    for match in _GATED_MIXED.finditer(text, signs):
        between = _SIGNS.findall(match[0])
        if len(between) >= _LEAST_SIGNS and len(set(between)) > 1:
            yield _Place(*match.span(), _NOT_DIGIT.sub("", match[0]), is_joined=True)
    for match in _LETTERED.finditer(text):
        compact = _NOT_WORD.sub("", match[0])
        share = len(_DECIMAL.findall(compact)) / len(compact)
        if _LEAST_SHARE <= share < 1:
            yield _Place(*match.span(), compact.translate(_AS_DIGIT), is_joined=True)
