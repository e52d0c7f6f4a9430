"""What the spellings of values hold besides their own letters, and in which order these stand."""

from __future__ import annotations

import functools
import re
from binascii import b2a_base64
from collections.abc import Iterator
from typing import Final

from guardedpersonalize.check.folding import fold
from guardedpersonalize.check.months import MONTHS

__all__ = [
    "LONGEST_CODE",
    "base64_of",
    "codes_of",
    "forms_of",
    "forms_of_address",
    "has_address",
    "is_choppy",
    "is_figures",
    "words_of",
]

_DIGITS: Final = re.compile(r"\d+")
_NO_SIGNS: Final = {code: None for code in range(128) if not chr(code).isalnum()}
_FEW_WORDS: Final = range(2, 5)
_LINKS: Final = "de of the st nd rd th at dot t"
_MOST_SIGNS: Final = 256
_LONG_PIECE: Final = re.compile(r"[A-Za-z0-9]{3,}")
LONGEST_CODE: Final = 4
"""Letters and digits of the longest code of a sign, which is encoded twice: `252c`."""
_PIECE_ENDS: Final = 2
"""Characters of a piece that are not three in a row."""


def forms_of_address(text: str) -> list[str]:
    """Return what `forms_of` does for an e-mail address in small letters without other signs."""
    local, domain = text.split("@")
    name, host, spelt = local.replace(".", ""), domain.replace(".", ""), domain.replace(".", "dot")
    return [f"{name}{host}", f"{name}at{spelt}", f"{name}at{host}", f"{name}{spelt}"]


def forms_of(text: str) -> Iterator[str]:
    """Yield the letters and digits of *text*, in each order and joined as spellings may be."""
    yield _bare(text)
    if "@" in text:
        local, _, domain = text.rpartition("@")
        spelt = domain.replace(".", " dot ")
        for form in (f"{local} at {spelt}", f"{local} at {domain}", f"{local} {spelt}"):
            yield _bare(form)
    words = text.split()
    if len(words) in _FEW_WORDS:
        yield _bare("".join([words[-1], *words[:-1]]))
        yield _bare("".join([*words[1:], words[0]]))


def _bare(text: str) -> str:
    return text.lower().translate(_NO_SIGNS)


def base64_of(text: str) -> str:
    """Return the base64 of *text*, in the alphabet of web addresses too where it differs."""
    usual = b2a_base64(text.strip().encode("utf-8", "surrogatepass"), newline=False).decode()
    if "+" in usual or "/" in usual:
        return f"{usual} {usual.replace('+', '-').replace('/', '_')}"
    return usual


def has_address(text: str) -> bool:
    """Tell whether an e-mail address stands among other words: it has forms of its own."""
    return "@" in text and len(text.split()) > 1


@functools.lru_cache(_MOST_SIGNS)
def codes_of(signs: frozenset[str]) -> frozenset[str]:
    """Return what digits the encoded forms of *signs* have."""
    codes = {sign: f"{ord(sign):02x}" for sign in signs}
    return frozenset(
        digits
        for sign, code in codes.items()
        for digits in (str(ord(sign)), *_DIGITS.findall(code), *_DIGITS.findall(f"25{code}"))
    )


@functools.cache
def words_of(month: int) -> str:
    """Return the words that the spellings of a date in *month* have, in any language."""
    names = " ".join(names[month - 1] for names, _ in MONTHS.values()).split()
    return " ".join([_LINKS, *sorted({fold(name).text for name in names})])


def is_figures(text: str) -> bool:
    """Tell whether every spelling of *text* holds digits: it has some, and no letters."""
    return text.isascii() and text.lower() == text.upper() and _DIGITS.search(text) is not None


def is_choppy(text: str, size: int) -> bool:
    """Tell whether *size* signs of a form of *text* may hold no three in a row of a piece of it."""
    between = _LONG_PIECE.split(text)
    if max(map(len, between)) * LONGEST_CODE + 2 * _PIECE_ENDS < size:
        return False
    last = len(between) - 1
    return any(
        sum(1 if char.isalnum() else LONGEST_CODE for char in short)
        + _PIECE_ENDS * ((at > 0) + (at < last))
        >= size
        for at, short in enumerate(between)
    )
