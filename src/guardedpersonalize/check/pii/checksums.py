"""
Check digits that more than one kind of number has.

Each function takes the characters of a number without anything between them, in capitals, and
tells whether they fit together. What it is given has the shape that a pattern asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

__all__ = [
    "digits",
    "icao",
    "is_day",
    "iso7064_11_2",
    "iso7064_11_10",
    "luhn",
    "verhoeff",
    "weighted",
]

_TEN: Final = 10
_VERHOEFF: Final = (
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
)  # fmt: skip
_VERHOEFF_TURNS: Final = (
    "0123456789", "1576283094", "5803796142", "8916043527",
    "9453126870", "4286573901", "2793806415", "7046913258",
)  # fmt: skip
_ICAO_WEIGHTS: Final = (7, 3, 1)


def digits(number: str) -> list[int]:
    """Return the digits of *number*."""
    return [int(char) for char in number if char.isdecimal()]


def weighted(number: str | Sequence[int], weights: Iterable[int]) -> int:
    """Return the sum of the digits of *number*, each times its weight."""
    values = digits(number) if isinstance(number, str) else number
    return sum(value * weight for value, weight in zip(values, weights, strict=False))


def luhn(number: str) -> bool:
    """Source: ISO/IEC 7812-1, annex B."""
    total = 0
    for place, digit in enumerate(reversed(digits(number))):
        double = digit * (1 + place % 2)
        total += double - 9 * (double >= _TEN)
    return total % 10 == 0


def verhoeff(number: str) -> bool:
    """Source: J. Verhoeff, Error Detecting Decimal Codes, 1969: the dihedral group of order 10."""
    check = 0
    for place, digit in enumerate(reversed(digits(number))):
        check = int(_VERHOEFF[check][int(_VERHOEFF_TURNS[place % 8][digit])])
    return check == 0


def iso7064_11_10(number: str) -> bool:
    """Source: ISO/IEC 7064, MOD 11,10: a hybrid system with one digit to check."""
    product = 10
    *body, last = digits(number)
    for digit in body:
        product = ((digit + product) % 10 or 10) * 2 % 11
    return (product + last) % 10 == 1


def iso7064_11_2(number: str) -> bool:
    """Source: ISO/IEC 7064, MOD 11-2: a pure system whose check character may be X."""
    check = 0
    for char in number:
        check = (check * 2 + (10 if char == "X" else int(char))) % 11
    return check == 1


def icao(number: str) -> bool:
    """Source: ICAO Doc 9303, part 3: weights 7, 3, 1; letters count from 10; the last checks."""
    values = [int(char, 36) for char in number[:-1]]
    weights = [_ICAO_WEIGHTS[place % 3] for place in range(len(values))]
    return weighted(values, weights) % 10 == int(number[-1])


def is_day(day: int, month: int, year: int) -> bool:
    """Tell whether there is such a day; a year of two digits may be of any century."""
    years = [year] if year > 99 else [1900 + year, 2000 + year]  # noqa: PLR2004
    for one in years:
        try:
            date(one, month, day)
        except ValueError:
            continue
        return True
    return False
