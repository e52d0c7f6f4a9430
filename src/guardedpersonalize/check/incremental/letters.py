"""What the spellings of values are made of, told without spelling them out."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from guardedpersonalize.check.context import KnownValue
from guardedpersonalize.check.incremental.forms import (
    LONGEST_CODE,
    base64_of,
    codes_of,
    forms_of,
    forms_of_address,
    has_address,
    is_choppy,
    is_figures,
    words_of,
)
from guardedpersonalize.check.incremental.outputs import RUN, Output
from guardedpersonalize.check.incremental.plan import UNKNOWN, Beside
from guardedpersonalize.check.spellings import AROUND
from guardedpersonalize.check.spelt_numbers import date_in, figures
from guardedpersonalize.profile import is_blank

__all__ = ["TIME", "Letters"]

TIME: Final = re.compile(r"\d+t")
_LETTERS: Final = re.compile(r"[A-Za-z]+")
_DIGITS: Final = re.compile(r"\d+")
_SIGN: Final = re.compile(r"[^A-Za-z0-9]")
_NUMBERED: Final = re.compile(r"\d[\s().\-/]*\d[\s().\-/]*\d[\s().\-/]*\d")
"""Where a date or a phone number may stand, which have spellings of their own."""
_SHORT_PIECE: Final = 2
_HASH: Final = re.compile(r"[0-9a-f]{32}(?:[0-9a-f]{8}(?:[0-9a-f]{24})?)?")
_SHORTEST_HASH: Final = 32
_ANY: Final = 0
"""A length that says that there may be others."""
_HEX: Final = frozenset("abcdef")
_ODD: Final = frozenset("&<>\"'%")
"""Signs whose encoded forms have letters of their own."""
_LONG: Final = 16
"""From this length on a run of a spelling holds three signs in a row of some piece of the value."""
_PIECE: Final = 3

_SHORTEST: Final = 3
"""Characters of the shortest spelling in plain letters and digits."""
_SHORT_NUMBER: Final = 2
_ADDRESS: Final = re.compile(r"[A-Za-z0-9.]+@[A-Za-z0-9.]+")


class Letters:
    """
    What the spellings of some values are made of.

    Args:
        withheld: The values.
        spelt: Gives the texts of the spellings of one, which takes long; it is asked for those
            that have other letters than its own.

    Attributes:
        text: Every run of letters and digits of a spelling that is not encoded is in this.
        has_dates: True where one may be a date.
        has_digits: True where a spelling may hold digits.
        has_any_digits: True where it cannot be told which.
        is_numeric: True where every spelling holds some.
        is_choppy: True where a run of a spelling that is `_LONG` may hold no piece of a value.
        pieces: Their runs of letters and digits, but for those that are too short for a spelling.
        is_worded: True where every spelling holds one of them as it is.
        has_hashes: True where the usual hashes of one are searched for.
        lengths: How long the runs of letters and digits in their base64 are.
    """

    def __init__(
        self, withheld: Iterable[KnownValue], spelt: Callable[[KnownValue], Iterable[str]]
    ) -> None:
        self.has_dates = self.has_digits = self.has_any_digits = False
        self.is_numeric = True
        self.is_choppy = self.has_hashes = False
        self.is_worded = True
        self.pieces: list[str] = []
        self._texts: list[str] = []
        self._figures: list[str] = []
        self._encodable: list[str] = []
        self.lengths: set[int] = set()
        self._known: dict[str, bool] = {}
        self._of_dates: set[str] = set()
        for known in withheld:
            value = known.value
            if type(value) is str:
                is_odd = self._add_text(value)
            elif isinstance(value, list | tuple):
                is_odd = sum(self._add_text(str(item)) for item in value) > 0
            else:
                is_odd = self._add(value)
            if is_odd:
                self.is_worded = False
                self._texts += spelt(known)
        self.text = " ".join(self._texts)
        self._of_date = " ".join(self._of_dates)
        self._digits = " ".join([self.text, *self._figures]) if self._figures else self.text

    @functools.cached_property
    def encoded(self) -> str:
        """Their base64, in both alphabets."""
        return " ".join(map(base64_of, self._encodable))

    def _add(self, value: object) -> bool:
        """Add *value*, and tell whether it is odd, as of `_add_text`."""
        if isinstance(value, bool) or is_blank(value):
            return False
        if isinstance(value, date):
            self.has_dates = self.has_digits = True
            self.is_worded = False
            self._of_dates.add(words_of(value.month))
            self._figures += figures(value)
        elif isinstance(value, int | float | Decimal):
            self._add_number(value)
        else:
            return self._add_text(str(value))
        return False

    def _add_text(self, text: str) -> bool:
        """Add *text*, and tell whether it is odd: some letters of its spellings are not its own."""
        self._encodable.append(text)
        # Of letters, digits and usual signs the base64 is one run of letters and digits.
        self.lengths.add((4 * len(text) + 2) // 3)
        lower = text.lower()
        if lower.isalpha() and lower.isascii():  # most values are one word
            self._texts.append(lower)
            self.pieces.append(lower)
            self.is_numeric = False
            return False
        self.is_numeric &= is_figures(text)
        has_dates = _NUMBERED.search(text) is not None
        if has_dates:
            self.has_dates = True
            self._add_dates(text)
        self.has_digits = True
        pieces = RUN.findall(lower)
        long = [piece for piece in pieces if len(piece) > _SHORT_PIECE]
        lengths = "".join(["l" if len(piece) > _SHORT_PIECE else "s" for piece in pieces])
        self.is_choppy |= is_choppy(text, _LONG)
        self.pieces += long if long and "ss" not in lengths else pieces
        joined = "".join(pieces)
        self.is_worded &= not has_dates and joined != "" and not joined.isdecimal()
        if _ADDRESS.fullmatch(text):
            self.has_hashes = True
            self._texts += forms_of_address(lower)
            return False
        self.lengths.add(_ANY)
        self.has_hashes |= "@" in text
        self._texts += forms_of(text)
        return not (text.isascii() and _ODD.isdisjoint(text)) or has_address(text)

    def _add_dates(self, text: str) -> None:
        """Add the dates that *text* is, or that are words of it; a phone number has any digits."""
        days = date_in(text.strip())
        self.has_any_digits |= not days
        for day in days or (day for word in text.split() for day in date_in(word.strip(AROUND))):
            self._of_dates.add(words_of(day.month))
            self._figures += figures(day)

    def _add_number(self, value: float | Decimal) -> None:
        """Add a number; those below 100 are not searched for."""
        if type(value) is int:
            whole, rest = str(abs(value)), ""
        else:
            number = abs(Decimal(str(value)))
            whole, _, rest = (format(number, "f") if number.is_finite() else "").partition(".")
        if len(whole) > _SHORT_NUMBER:
            self.has_digits = True
            self.pieces.append(whole)
            self._texts.append(f"{whole}{rest}0 {whole}00")

    def misses(self, text: str, beside: Beside) -> bool:
        """
        Tell whether `may_hold` is false of an output of *text* with these words *beside* it.

        This is for one run of letters and digits, as most outputs are; False says nothing.
        """
        if not text.isascii():
            return False
        run = text.lower()
        if len(run) >= _SHORTEST_HASH and self.has_hashes:
            return False
        if self.has_dates and TIME.search(run):
            return False
        if self._may_encode(text, is_whole=beside != UNKNOWN):
            return False
        may_hold = self._known.get(run)
        if may_hold is None:
            may_hold = self._known[run] = self._may_hold(run)
        if not may_hold:
            return beside != UNKNOWN or not run.isdecimal()
        before, after = beside
        return not (self._may_stand(before) or self._may_stand(after))

    def misses_wholly(self, text: str) -> bool:
        """
        Tell whether `may_hold` is false of words of letters wherever it is known what is beside.

        Of most, no spelling holds even the middle. False says nothing.
        """
        if _ANY in self.lengths or not text.isascii():
            return False
        if text.isalpha():
            lower = text.lower()
            is_held = (self._of_date or lower[1:-1] in self.text) and self._holds(lower)
            return not (is_held or len(text) >= _SHORTEST_HASH or self._is_encoded(text))
        words = text.split(" ")
        joined = "".join(words).lower()
        if not joined.isalpha() or not self.is_worded or len(joined) >= _SHORTEST_HASH:
            return False
        if any(map(self._is_encoded, words)) or any(piece in joined for piece in self.pieces):
            return False
        return not (self._holds(words[0].lower()) or self._holds(words[-1].lower()))

    def _is_encoded(self, word: str) -> bool:
        """Tell whether *word* may be the base64 of a value of letters, digits and usual signs."""
        return len(word) in self.lengths and word in self.encoded

    def _may_stand(self, beside: str | int | None) -> bool:
        """Tell whether a spelling may hold what stands beside an output; True if in doubt."""
        return not isinstance(beside, str) or (beside != "" and self._may_hold(beside))

    def _may_encode(self, run: str, *, is_whole: bool) -> bool:
        """Tell whether *run* may be part of the base64 of a value, or all of one if *is_whole*."""
        if not is_whole:
            return run in self.encoded
        if len(run) not in self.lengths and _ANY not in self.lengths:
            return False
        return run in self.encoded and run in RUN.findall(self.encoded)

    def may_encode(self, output: Output) -> bool:
        """
        Tell whether a run of *output* may be a part of the base64 of the value.

        Nothing goes on where an output ends, where it is known what stands beside it: so it is a
        whole run there too.
        """
        is_whole = output.beside != UNKNOWN
        return any(self._may_encode(run, is_whole=is_whole) for run in output.words)

    def may_hold(self, output: Output) -> bool:
        """Tell whether a spelling may hold a word of *output* and what makes it an echo."""
        if not output.is_as_read or self.may_encode(output):
            return True
        runs = output.runs
        if not runs or (self.has_dates and any(map(TIME.search, runs))):
            return True
        if self.has_hashes and any(map(_HASH.fullmatch, runs)):
            return True
        if output.beside == UNKNOWN and self.has_digits and any(map(_DIGITS.search, runs)):
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
            held = [run if self._may_hold(run) else " " for run in runs]
            return any(map(self._may_be, "".join(held).split()))
        joined = "".join(runs)
        return any(piece in joined for piece in self.pieces)

    def _may_be(self, joint: str) -> bool:
        """Tell whether a spelling may lie in *joint* runs."""
        if not joint.isascii():
            return True
        return len(joint) >= _SHORTEST and not (self.is_numeric and joint.isalpha())

    def _may_join(self, beside: str | None, run: str) -> bool:
        """Tell whether a spelling may hold *run* and the word beside it."""
        return (beside is None or self._may_hold(beside)) and self._may_hold(run)

    def _may_hold(self, run: str) -> bool:
        """Tell whether a spelling may hold *run*."""
        if run.isalpha():
            return self._holds(run)
        if not self.has_digits:
            return False
        if len(run) >= _LONG and not self.is_choppy and not self._shares(run):
            return False
        if not all(map(self._holds, _LETTERS.findall(run))):
            return False
        return self.has_any_digits or all(map(self._holds_digits, _DIGITS.findall(run)))

    def _holds_digits(self, digits: str) -> bool:
        """Tell whether a spelling may hold *digits*: pieces of values, parted by codes of signs."""
        text = self._digits
        if digits in text:
            return True
        codes = codes_of(frozenset(_SIGN.findall("".join(self._encodable))))
        if not any(code in digits for code in codes):
            return False
        size = len(digits)
        behind_code, behind_text = {0}, set[int]()
        for at in range(size):
            if at in behind_code:
                ends = range(at + 1, size + 1)
                behind_text.update(end for end in ends if digits[at:end] in text)
            if at in behind_code or at in behind_text:
                ends = range(at + 1, min(at + LONGEST_CODE, size) + 1)
                behind_code.update(end for end in ends if digits[at:end] in codes)
        return size in behind_code or size in behind_text

    def _shares(self, run: str) -> bool:
        """Tell whether *run* and the value share a piece."""
        text, words = self.text, self._of_date
        pieces = (run[at : at + _PIECE] for at in range(len(run) - _PIECE + 1))
        return any(piece in text or piece in words for piece in pieces)

    def _holds(self, word: str) -> bool:
        """
        Tell whether a spelling may hold *word*, of letters only.

        In an encoded form the last digit of a sign, or an `x`, may stand beside the letters.
        """
        bare = word.removesuffix("x")
        return (
            word in self.text
            or word in self._of_date
            or bare in self.text
            or (word[0] in _HEX and (word[1:] in self.text or bare[1:] in self.text))
        )
