"""
Whether a draft can hold an echo at all, told without spelling every value of a profile out.

An echo goes through the output of a slot, and is more than whole outputs of slots: so some spelling
of a withheld value holds a word that a slot wrote, and either not all of that output or the word of
the template beside it. Nearly always no spelling does, and a look at the letters of the withheld
value shows it. What that look cannot exclude is searched for in full.
"""

from __future__ import annotations

import re
from binascii import b2a_base64
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import repeat
from typing import Final

from guardedpersonalize.check.context import KnownValue
from guardedpersonalize.check.folding import fold
from guardedpersonalize.check.incremental.plan import UNKNOWN, Beside
from guardedpersonalize.check.months import MONTHS
from guardedpersonalize.check.spellings import spellings
from guardedpersonalize.profile import is_blank

__all__ = ["EchoGuard", "Output"]

_RUN: Final = re.compile(r"[A-Za-z0-9]+")
_LETTERS: Final = re.compile(r"[A-Za-z]+")
_DIGITS: Final = re.compile(r"\d+")
_OF_SIGNS: Final = frozenset(
    code
    for sign in map(chr, range(128))
    if not sign.isalnum()
    for code in (
        str(ord(sign)),
        *_DIGITS.findall(f"{ord(sign):02x}"),
        *_DIGITS.findall(f"25{ord(sign):02x}"),
    )
)
"""What digits the encoded forms of signs have."""
_LONGEST_CODE: Final = 4
_NUMBERED: Final = re.compile(r"\d[\s().\-/]*\d[\s().\-/]*\d[\s().\-/]*\d")
"""Where a date or a phone number may stand, which have spellings of their own."""
_AS_READ: Final = re.compile(r"[A-Za-z0-9 .,!?£$€-]*")
"""What is read as it is written, in any place of any part."""

_CHOPPY: Final = re.compile(r"(?<![^\W_])[^\W_]{1,2}(?:[\W_]+[^\W_]{1,2})(?![^\W_])")
_HASH: Final = re.compile(r"[0-9a-f]{32}(?:[0-9a-f]{8}(?:[0-9a-f]{24})?)?")
_TIME: Final = re.compile(r"\d+t")
_NO_SIGNS: Final = {code: None for code in range(128) if not chr(code).isalnum()}
_HEX: Final = frozenset("abcdef")
_FEW_WORDS: Final = range(2, 5)
_ODD: Final = frozenset("&<>\"'%")
"""Signs whose encoded forms have letters of their own."""

_LONG: Final = 16
"""From this length on a run of a spelling holds three signs in a row of some piece of the value."""
_PIECE: Final = 3

_LINKS: Final = frozenset({"de", "of", "the", "st", "nd", "rd", "th", "at", "dot", "t"})
_OF_DATES: Final = " ".join(
    sorted(
        _LINKS
        | {
            fold(name).text
            for names, _ in MONTHS.values()
            for month in names
            for name in month.split()
        }
    )
)


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
    if _RUN.fullmatch(other) and _RUN.fullmatch(text):
        return ""
    runs = _RUN.findall(other.lower()) if _AS_READ.fullmatch(other) else []
    return runs[at] if runs else None


class EchoGuard:
    """
    The values of one recipient that may not be shown.

    Args:
        withheld: These values.
        lang: Language of the texts.
        regions: ISO 3166 regions whose national phone formats are known.
    """

    def __init__(
        self, withheld: Sequence[KnownValue], *, lang: str, regions: tuple[str, ...]
    ) -> None:
        self._withheld = withheld
        self._lang = lang
        self._regions = regions
        self._letters = list(map(_Letters.of, withheld))
        self._all = _Letters.together(self._letters)

    def may_echo(self, outputs: Iterable[Output]) -> bool:
        """Tell whether one of *outputs* could be part of an echo."""
        for output in outputs:
            if self._all.may_hold(output) and any(
                map(self._may_be, repeat(output), self._withheld, self._letters)
            ):
                return True
        return False

    def _may_be(self, output: Output, known: KnownValue, letters: _Letters) -> bool:
        if not letters.may_hold(output):
            return False
        runs = _RUN.findall(output.text.lower())
        if letters.is_odd or letters.may_encode(output) or not runs or output.beside == UNKNOWN:
            return True
        if any(map(_TIME.search, runs)) or not _AS_READ.fullmatch(output.text):
            return True
        before, after = output.beside
        ends = [] if before == "" else [(before or "") + runs[0]]
        ends += [] if after == "" else [runs[-1] + (after or "")]
        inside = {
            "".join(runs[start:end])
            for start in range(len(runs))
            for end in range(start + 1, len(runs) + 1)
            if end - start < len(runs)
        }
        return any(
            spelling.text in inside or any(end in spelling.text for end in ends)
            for spelling in spellings(known, lang=self._lang, regions=self._regions)
        )


# Not frozen: one is made for each value of each message, and that would take twice as long.
@dataclass(slots=True, repr=False)
class _Letters:
    """
    What the spellings of a value are made of.

    Args:
        text: Every run of letters and digits of a spelling that is not encoded is in this.
        encoded: Its base64, in both alphabets.
        is_odd: True where that cannot be told.
        has_dates: True where it may be a date.
        has_digits: True where a spelling may hold digits.
        is_choppy: True where short pieces stand side by side.
        pieces: Its runs of letters and digits.
        is_worded: True where every spelling holds one of them as it is.
        has_hashes: True where the usual hashes of it are searched for.
    """

    text: str
    encoded: str
    is_odd: bool
    has_dates: bool
    has_digits: bool
    is_choppy: bool = False
    pieces: tuple[str, ...] = ()
    is_worded: bool = True
    has_hashes: bool = False

    @classmethod
    def of(cls, known: KnownValue) -> _Letters:
        """Return what the spellings of one value are made of."""
        value = known.value
        if isinstance(value, str):
            return _of_text(value) if not is_blank(value) else _NOTHING
        if isinstance(value, list | tuple):
            return cls.together([_of_text(str(one)) for one in value])
        if isinstance(value, bool) or is_blank(value):
            return _NOTHING
        if isinstance(value, date):
            return cls("", "", is_odd=False, has_dates=True, has_digits=True, is_worded=False)
        if isinstance(value, int | float | Decimal):
            return _of_number(value)
        return _of_text(str(value))

    @classmethod
    def together(cls, every: Sequence[_Letters]) -> _Letters:
        """Return what the spellings of several values are made of."""
        if len(every) == 1:
            return every[0]
        made = cls("", "", is_odd=False, has_dates=False, has_digits=False)
        for one in every:
            made.is_odd |= one.is_odd
            made.has_dates |= one.has_dates
            made.has_digits |= one.has_digits
            made.is_choppy |= one.is_choppy
            made.is_worded &= one.is_worded
            made.has_hashes |= one.has_hashes
            made.pieces += one.pieces
        made.text = " ".join([one.text for one in every])
        made.encoded = " ".join([one.encoded for one in every])
        return made

    def may_encode(self, output: Output) -> bool:
        """
        Tell whether a run of *output* may be a part of the base64 of the value.

        Nothing goes on where an output ends, where it is known what stands beside it: so it is a
        whole run there too.
        """
        encoded = self.encoded
        found = [run for run in _RUN.findall(output.text) if run in encoded]
        if not found or output.beside == UNKNOWN:
            return bool(found)
        return not set(found).isdisjoint(_RUN.findall(encoded))

    def may_hold(self, output: Output) -> bool:
        """Tell whether a spelling may hold a word of *output* and what makes it an echo."""
        if self.is_odd or not _AS_READ.fullmatch(output.text) or self.may_encode(output):
            return True
        runs = _RUN.findall(output.text.lower())
        if not runs or (self.has_dates and any(map(_TIME.search, runs))):
            return True
        if self.has_hashes and any(map(_HASH.fullmatch, runs)):
            return True
        if output.beside == UNKNOWN and self.has_digits and any(map(str.isdecimal, runs)):
            return True
        before, after = output.beside
        return (
            (before != "" and self._may_join(before, runs[0]))
            or (after != "" and self._may_join(after, runs[-1]))
            or (len(runs) > 1 and self._may_be_in(runs))
        )

    def _may_be_in(self, runs: Sequence[str]) -> bool:
        """Tell whether *runs*, not all of them, may be a spelling."""
        if not self.is_worded:
            return any(map(self._may_hold, runs))
        joined = "".join(runs)
        return any(piece in joined for piece in self.pieces)

    def _may_join(self, beside: str | None, run: str) -> bool:
        """Tell whether a spelling may hold *run* and the word beside it."""
        return (beside is None or self._may_hold(beside)) and self._may_hold(run)

    def _may_hold(self, run: str) -> bool:
        """Tell whether a spelling may hold *run*."""
        if run.isalpha():
            return self._holds(run)
        if not self.has_digits:
            return False
        if not self.is_worded:
            return True
        if len(run) >= _LONG and not self.is_choppy and not self._shares(run):
            return False
        return all(map(self._holds, _LETTERS.findall(run))) and all(
            map(self._holds_digits, _DIGITS.findall(run))
        )

    def _holds_digits(self, digits: str) -> bool:
        """Tell whether a spelling may hold *digits*: the value's own, beside those of a sign."""
        if digits in self.text:
            return True
        places = range(len(digits))
        return any(
            digits[start:end] in _OF_SIGNS
            and digits[:start] in self.text
            and digits[end:] in self.text
            for start in places
            for end in range(start + 1, min(start + _LONGEST_CODE, len(digits)) + 1)
        )

    def _shares(self, run: str) -> bool:
        """Tell whether *run* and the value share a piece."""
        return any(run[at : at + _PIECE] in self.text for at in range(len(run) - _PIECE + 1))

    def _holds(self, word: str) -> bool:
        """
        Tell whether a spelling may hold *word*, of letters only.

        In an encoded form the last digit of a sign, or an `x`, may stand beside the letters.
        """
        if self.has_dates and word in _OF_DATES:
            return True
        bare = word.removesuffix("x")
        return (
            word in self.text
            or bare in self.text
            or (word[0] in _HEX and (word[1:] in self.text or bare[1:] in self.text))
        )


_NOTHING: Final = _Letters("", "", is_odd=False, has_dates=False, has_digits=False)
_SHORT_NUMBER: Final = 2


def _of_text(text: str) -> _Letters:
    """Return what the spellings of a text are made of."""
    if text.isalpha() and text.isascii():
        word = text.lower()  # most values are one word, and a recipient has many
        return _Letters(
            word, _base64(text), is_odd=False, has_dates=False, has_digits=False, pieces=(word,)
        )
    has_dates = _NUMBERED.search(text) is not None
    return _Letters(
        " ".join(_forms(text)),
        _base64(text),
        is_odd=not text.isascii() or not _ODD.isdisjoint(text) or _has_address(text),
        has_dates=has_dates,
        has_hashes="@" in text,
        has_digits=not text.isalpha(),
        is_choppy=_CHOPPY.search(text) is not None,
        pieces=tuple(_RUN.findall(text.lower())),
        is_worded=not has_dates and _LETTERS.search(text) is not None,
    )


def _of_number(value: float | Decimal) -> _Letters:
    """Return what the spellings of a number are made of; those below 100 are not searched for."""
    number = abs(Decimal(str(value)))
    whole, _, rest = (format(number, "f") if number.is_finite() else "").partition(".")
    if len(whole) <= _SHORT_NUMBER:
        return _NOTHING
    held = f"{whole}{rest}0 {whole}00"
    return _Letters(held, "", is_odd=False, has_dates=False, has_digits=True, pieces=(whole,))


def _forms(text: str) -> Iterator[str]:
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


def _base64(text: str) -> str:
    """Return the base64 of *text*, in the alphabet of web addresses too where it differs."""
    usual = b2a_base64(text.strip().encode("utf-8", "surrogatepass"), newline=False).decode()
    if "+" in usual or "/" in usual:
        return f"{usual} {usual.replace('+', '-').replace('/', '_')}"
    return usual


def _has_address(text: str) -> bool:
    """Tell whether an e-mail address stands among other words: it has forms of its own."""
    return "@" in text and len(text.split()) > 1
