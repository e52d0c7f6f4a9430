"""The usual spellings and formats of a value, as folded words to look for."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from hashlib import md5, sha1, sha256
from html import escape
from itertools import pairwise
from typing import Final
from urllib.parse import quote

from guardedpersonalize.check.characters import word_set
from guardedpersonalize.check.common_words import COMMON, STOP_WORDS
from guardedpersonalize.check.context import KnownValue
from guardedpersonalize.check.folding import UNSPACED, fold
from guardedpersonalize.check.pii.phones import national_numbers
from guardedpersonalize.check.spelling import EchoKind, Spelling
from guardedpersonalize.check.spelt_numbers import (
    SMALLEST_NUMBER,
    date_in,
    date_texts,
    dates,
    numbers,
)
from guardedpersonalize.profile import is_blank

__all__ = ["AROUND", "literals", "spellings", "spelt"]


_SHORTEST: Final = 3
_SHORTEST_UNSPACED: Final = 2
_LONGEST_VALUE: Final = 20_000
_LONGEST_ENCODED: Final = 300
_BASE64_LENGTHS: Final = range(4, _LONGEST_ENCODED + 1)
_BREAKS_ANYWHERE_FROM: Final = 6
"""Below this length "An na" is two words and no spelling of Anna (house choice)."""
_MOST_NAME_WORDS: Final = 4
_MOST_COMPONENTS: Final = 12
_PASSAGE_WORDS: Final = 4
_SHORTEST_PASSAGE: Final = 12
_MOST_WORDS: Final = 2000
_SHORTEST_DIGITS: Final = 5
_SHORTEST_LOCAL: Final = 5
_PHONE_DIGITS: Final = range(7, 16)

AROUND: Final = ".,;:!?()[]<>\"'"
"""What may stand around an address, a date or a number among other words."""
_UNSPACED_ONLY: Final = re.compile(rf"[{UNSPACED}\s]+")
_EMAIL: Final = re.compile(r"[^\s@]+@[^\s@]+")
_PHONE: Final = re.compile(r"[+(]?[\d\s().\-/+]{7,30}")
_PIECES: Final = re.compile(r"[,;\n|]+")
_NOT_SEARCHED: Final = frozenset({"yes", "true", "false", "none", "null", "unknown", "other"})
_GENERIC_LOCALS: Final = word_set(
    "admin billing contact enquiries hello info mail office orders postmaster sales service shop "
    "support team webmaster"
)
_NOT_ALNUM: Final = re.compile(rb"[^0-9A-Za-z]")
_NOT_WORD: Final = re.compile(r"[^0-9a-z]+")
_UMLAUTS: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "Å": "Aa"}
)


def spellings(known: KnownValue, *, lang: str, regions: tuple[str, ...]) -> Iterator[Spelling]:
    """
    Yield how *known* may be spelt; a spelling may come more than once.

    Not searched, because they are everywhere: blank values, booleans, values of fewer than three
    letters and digits (two where each character is a word), whole numbers below 1,000, amounts
    below 100, and words such as "yes" and "other". Of a text only the first 20,000 characters are
    searched for, and encoded forms only up to 300.
    """
    value = known.value
    if is_blank(value) or isinstance(value, bool):
        return
    if isinstance(value, date):
        yield from dates(value, lang)
    elif isinstance(value, int | float | Decimal):
        yield from numbers(value)
    elif isinstance(value, list | tuple):
        for item in value:
            for spelling in _of_text(str(item), lang, regions):
                if spelling.kind is not EchoKind.COMPONENT:
                    yield _as_item(spelling)
    else:
        yield from _of_text(str(value), lang, regions)


def spelt(known: KnownValue, *, lang: str, regions: tuple[str, ...]) -> Iterator[str]:
    """Yield the texts of `spellings`; those of a date are made faster than they are."""
    if isinstance(known.value, date):
        yield from date_texts(known.value, lang)
    else:
        for spelling in spellings(known, lang=lang, regions=regions):
            yield spelling.text


def literals(known: KnownValue) -> Iterator[str]:
    """Yield the base64 of *known*, exact to the letter, without its padding."""
    values = known.value if isinstance(known.value, list | tuple) else (known.value,)
    for value in values:
        if isinstance(value, str) and len(value.strip()) in _BASE64_LENGTHS:
            raw = value.strip().encode("utf-8", "surrogatepass")
            yield base64.b64encode(raw).decode().rstrip("=")
            yield base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _as_item(spelling: Spelling) -> Spelling:
    kind = EchoKind.ITEM if spelling.kind is EchoKind.WHOLE else spelling.kind
    return Spelling(spelling.text, kind, spelling.required, spelling.allowed, spelling.is_proper)


def _of_text(value: str, lang: str, regions: tuple[str, ...]) -> Iterator[Spelling]:
    text = value[:_LONGEST_VALUE].strip()
    if text.lower() in _NOT_SEARCHED:
        return
    yield from _loose(text, EchoKind.WHOLE)
    if len(text) <= _LONGEST_ENCODED:
        yield from _encoded(text)
    if _EMAIL.fullmatch(text):
        yield from _emails(text)
    elif days := date_in(text):
        for day in days:
            yield from dates(day, lang)
    elif _PHONE.fullmatch(text) and sum(map(str.isdecimal, text)) in _PHONE_DIGITS:
        yield from _phones(text, regions)
    else:
        yield from _of_words(text, lang, regions)


def _of_words(text: str, lang: str, regions: tuple[str, ...]) -> Iterator[Spelling]:
    _, is_url, address = text.partition("://")
    if is_url:
        yield from _loose(address.removeprefix("www."), EchoKind.WHOLE)
    plain = text.translate(_UMLAUTS)
    if plain != text:
        yield from _loose(plain, EchoKind.WHOLE)
    words = text.split()[:_MOST_WORDS]
    if len(words) < 2 and "," not in text:  # noqa: PLR2004
        return
    yield from _reversed(words)
    if len(words) <= _MOST_COMPONENTS:
        yield from _components(text, words)
    else:
        yield from _passages(words)
    for word in words:
        yield from _identifiers(word.strip(AROUND), lang, regions)


def _loose(text: str, kind: EchoKind, *, is_proper: bool = False) -> Iterator[Spelling]:
    """Yield *text* with or without spaces and hyphens, if it is long enough to be searched."""
    folded = fold(text)
    size = len(folded.text)
    shortest = _SHORTEST_UNSPACED if _UNSPACED_ONLY.fullmatch(text) else _SHORTEST
    if size < shortest or (folded.text.isdecimal() and int(folded.text) < SMALLEST_NUMBER):
        return
    is_proper = is_proper or folded.text in COMMON
    allowed = None
    if size < _BREAKS_ANYWHERE_FROM:
        allowed = frozenset(folded.at[1:-1])
    yield Spelling(folded.text, kind, frozenset(), allowed, is_proper)


def _encoded(text: str) -> Iterator[Spelling]:
    """Yield *text* percent-encoded, once or twice, or with character references; all are ASCII."""
    if text.isascii() and text.isalnum():
        return
    raw = text.encode("utf-8", "surrogatepass")
    once = quote(raw, safe="")
    fully = _NOT_ALNUM.sub(lambda match: b"%%%02x" % match[0][0], raw).decode("ascii")
    escaped = escape(text)
    charrefs = text.encode("ascii", "xmlcharrefreplace").decode()
    spelt = {
        once,
        fully,
        quote(once, safe=""),
        "".join(c if c.isalnum() else f"&#{ord(c)};" for c in text),
        text.replace("@", "&#64;"),
        text.replace("@", "&#x40;"),
        escaped,
        escaped.replace("&#x27;", "&#39;"),
        charrefs,
    }
    plain = fold(text).text
    for one in sorted(spelt):
        folded = fold(one).text if not one.isascii() else _NOT_WORD.sub("", one.lower())
        if folded != plain and len(folded) >= _SHORTEST:
            yield Spelling(folded, EchoKind.ENCODED)


def _reversed(words: list[str]) -> Iterator[Spelling]:
    if 1 < len(words) <= _MOST_NAME_WORDS and not any(map(_has_digit, words)):
        yield from _loose(" ".join([words[-1], *words[:-1]]), EchoKind.REVERSED)
        yield from _loose(" ".join([*words[1:], words[0]]), EchoKind.REVERSED)


def _components(text: str, words: list[str]) -> Iterator[Spelling]:
    pieces = [piece.strip() for piece in _PIECES.split(text)]
    # Both halves of a British or Dutch postcode have a digit.
    codes = [f"{a} {b}" for a, b in pairwise(words) if _has_digit(a) and _has_digit(b)]
    is_address = _has_digit(text)
    for piece in [*(pieces if len(pieces) > 1 else ()), *codes, *words]:
        folded = fold(piece).text
        is_short_number = folded.isdecimal() and len(folded) < _SHORTEST_DIGITS
        # "Garden" of "12 Garden Lane" gives nobody away; as a surname it may.
        is_common = folded in STOP_WORDS or (is_address and folded in COMMON)
        if not is_common and not is_short_number:
            yield from _loose(piece, EchoKind.COMPONENT)


def _has_digit(text: str) -> bool:
    return any(char.isdecimal() for char in text)


def _passages(words: list[str]) -> Iterator[Spelling]:
    for at in range(len(words) - _PASSAGE_WORDS + 1):
        passage = " ".join(words[at : at + _PASSAGE_WORDS])
        for spelling in _loose(passage, EchoKind.PASSAGE):
            if len(spelling.text) >= _SHORTEST_PASSAGE:
                yield spelling


def _identifiers(word: str, lang: str, regions: tuple[str, ...]) -> Iterator[Spelling]:
    """Yield the spellings of an address, a date or a number that stands among other words."""
    digits = sum(map(str.isdecimal, word))
    if _EMAIL.fullmatch(word):
        yield from _loose(word, EchoKind.EMAIL)
        yield from _emails(word)
    elif days := date_in(word):
        for day in days:
            yield from dates(day, lang)
    elif digits in _PHONE_DIGITS and _PHONE.fullmatch(word):
        yield from _loose(word, EchoKind.NUMBER)
        yield from _phones(word, regions)


def _emails(text: str) -> Iterator[Spelling]:
    local, _, domain = text.rpartition("@")
    yield from _loose(f"{local} at {domain.replace('.', ' dot ')}", EchoKind.EMAIL)
    yield from _loose(f"{local} at {domain}", EchoKind.EMAIL)
    yield from _loose(f"{local} {domain.replace('.', ' dot ')}", EchoKind.EMAIL)
    folded = fold(local).text
    if len(folded) >= _SHORTEST_LOCAL and folded not in _GENERIC_LOCALS | COMMON:
        yield from _loose(local, EchoKind.COMPONENT)
    raw = text.lower().encode("utf-8", "surrogatepass")
    for digest in (md5(raw, usedforsecurity=False), sha1(raw, usedforsecurity=False), sha256(raw)):
        yield Spelling(digest.hexdigest(), EchoKind.HASHED, frozenset(), frozenset())


def _phones(text: str, regions: tuple[str, ...]) -> Iterator[Spelling]:
    numbers = national_numbers(text, regions)
    for code, national in [one for one in numbers if len(one[1]) in _PHONE_DIGITS]:
        for prefix in (code, f"00{code}", f"011{code}", f"{code}0", "0", ""):
            yield Spelling(prefix + national, EchoKind.PHONE)
