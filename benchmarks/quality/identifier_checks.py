"""
Checks and drawers for `identifier_numbers.py`, written down from their definitions.

Nothing here is taken from the package, so that an error in a recogniser is not repeated by what
measures it.
"""

from __future__ import annotations

import hashlib
import string
from collections.abc import Callable
from random import Random

__all__ = [
    "any_of",
    "base58",
    "base58_fits",
    "bban",
    "card_make",
    "choose",
    "cpf",
    "crossed",
    "eleven",
    "emso_make",
    "iban",
    "icao",
    "ids_ee",
    "luhn",
    "mod11_10",
    "nir",
    "nric",
    "pattern",
    "secret",
    "spelt",
    "tax_de",
    "tax_it",
    "total",
    "verhoeff",
    "vin",
    "vin_make",
]


def pattern(source: str) -> Callable[[Random], str]:
    """Return a drawer: `9` a digit, `A` a letter, `D` a birth day as yymmdd, `d` as ddmmyy."""

    def make(random: Random) -> str:
        return "".join(_draw(sign, random) for sign in source)

    return make


def _draw(sign: str, random: Random) -> str:
    year, month, day = random.randint(30, 99), random.randint(1, 12), random.randint(1, 28)
    drawn = {
        "9": random.choice(string.digits),
        "8": random.choice("123456789"),
        "A": random.choice(string.ascii_uppercase),
        "D": f"{year:02}{month:02}{day:02}",
        "d": f"{day:02}{month:02}{year:02}",
    }
    return drawn.get(sign, sign)


def choose(*sources: str) -> Callable[[Random], str]:
    """Return a drawer that takes one of several patterns."""
    return lambda random: pattern(random.choice(sources))(random)


def total(number: str, weights: str) -> int:
    """Return the weighted sum; weights are written with blanks between them."""
    return sum(int(c) * int(w) for c, w in zip(number, weights.split(), strict=False))


def luhn(number: str) -> bool:
    """Double every other digit from the right, cast out nines."""
    flipped = [int(c) for c in number[::-1]]
    return (sum(flipped[::2]) + sum(sum(divmod(2 * d, 10)) for d in flipped[1::2])) % 10 == 0


def verhoeff(number: str) -> bool:
    """Multiply in the dihedral group of order ten, permuted by place."""

    def times(a: int, b: int) -> int:
        if a < 5:
            return (a + b) % 5 if b < 5 else 5 + (a + b - 5) % 5
        return 5 + (a - 5 - b) % 5 if b < 5 else (a - b) % 5

    turn, place, check = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4], list(range(10)), 0
    for char in number[::-1]:
        check = times(check, place[int(char)])
        place = [turn[p] for p in place]
    return check == 0


def mod11_10(number: str) -> bool:
    """ISO 7064 hybrid system."""
    rest = 10
    for char in number[:-1]:
        rest = (rest + int(char)) % 10 or 10
        rest = rest * 2 % 11
    return (11 - rest) % 10 == int(number[-1])


def eleven(value: int) -> int:
    """Return what is missing to a multiple of eleven; 10 and 11 count as 0."""
    return 0 if value % 11 < 2 else 11 - value % 11


def emso_make(random: Random) -> str:
    """Draw a birth day with three digits of the year, and six digits."""
    day = pattern("d")(random)
    return day[:4] + "9" + day[4:] + pattern("999999")(random)


def icao(number: str) -> bool:
    """Letters count from ten, weights 7 3 1."""
    value = sum((7, 3, 1)[i % 3] * int(c, 36) for i, c in enumerate(number[:-1]))
    return value % 10 == int(number[-1])


def spelt(number: str) -> str:
    """Write the letter of a number as its place in the alphabet, in two digits."""
    return "".join(
        c if c.isdigit() else f"{string.ascii_uppercase.index(c) + 1:02}" for c in number
    )


def crossed(number: str, weights: str) -> int:
    """Sum the cross sums of the products."""
    return sum(
        sum(map(int, str(int(c) * int(w)))) for c, w in zip(number, weights.split(), strict=False)
    )


def iban(number: str) -> bool:
    """Move four characters behind, read in base 36, modulo 97."""
    return int("".join(str(int(c, 36)) for c in number[4:] + number[:4])) % 97 == 1


def tax_de(n: str) -> bool:
    """One of the first ten digits is there twice or three times, the others once at most."""
    counts = sorted((n[:10].count(c) for c in set(n[:10])), reverse=True)
    return counts[0] in {2, 3} and counts[1] == 1 and mod11_10(n)


def tax_it(n: str) -> bool:
    """Odd places by the decree's table."""
    odd = ["1", "0", "5", "7", "9", "13", "15", "17", "19", "21"]
    table = dict(zip(string.digits, odd, strict=True))
    letters = [*odd, "2 4 18 20 11 3 6 8 12 14 16 10 22 25 24 23"]
    table |= dict(zip(string.ascii_uppercase, " ".join(letters).split(), strict=True))
    value = sum(int(table[c]) for c in n[0:15:2])
    value += sum(int(c) if c.isdigit() else ord(c) - 65 for c in n[1:15:2])
    return string.ascii_uppercase[value % 26] == n[15]


def nric(n: str) -> bool:
    """The letters of Singapore."""
    rest = total(n[1:8], "2 7 6 5 4 3 2") + (4 if n[0] in "TG" else 0)
    return ("JZIHGFEDCBA" if n[0] in "ST" else "XWUTRQPNMLK")[rest % 11] == n[8]


def ids_ee(n: str) -> bool:
    """Two rows of weights."""
    check = total(n[:10], "1 2 3 4 5 6 7 8 9 1") % 11
    check = total(n[:10], "3 4 5 6 7 8 9 1 2 3") % 11 if check == 10 else check
    return check % 10 == int(n[10])


def cpf(n: str) -> bool:
    """Two digits, modulo 11."""
    for size in (9, 10):
        rest = sum(int(n[i]) * (size + 1 - i) for i in range(size)) * 10 % 11 % 10
        if rest != int(n[size]):
            return False
    return True


def vin(n: str) -> bool:
    """The ninth character."""
    worth = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789", strict=True))
    weights = "8 7 6 5 4 3 2 10 0 9 8 7 6 5 4 3 2"
    rest = total("".join(worth.get(c, c) for c in n), weights) % 11
    return ("X" if rest == 10 else str(rest)) == n[8]


def vin_make(random: Random) -> str:
    """Characters of a vehicle's number, its check digit one that a check digit can be."""
    chars = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
    front = "".join(random.choice(chars) for _ in range(8))
    return (
        front
        + random.choice("0123456789X")
        + random.choice(chars)
        + pattern("A99999")(random).translate(str.maketrans("IOQ", "JPR"))
        + random.choice(string.digits)
    )


BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def base58(random: Random) -> str:
    """Make a Bitcoin address, one in two with a wrong last character."""
    raw = b"\0" + random.randbytes(20)
    raw += hashlib.sha256(hashlib.sha256(raw).digest()).digest()[:4]
    value, out = int.from_bytes(raw, "big"), ""
    while value:
        value, rest = divmod(value, 58)
        out = BASE58[rest] + out
    return "1" + out[:-1] + random.choice((out[-1], BASE58[(BASE58.index(out[-1]) + 7) % 58]))


def base58_fits(number: str) -> bool:
    """Hash it twice."""
    value = sum(BASE58.index(c) * 58**i for i, c in enumerate(reversed(number)))
    raw = value.to_bytes(25, "big")
    return hashlib.sha256(hashlib.sha256(raw[:21]).digest()).digest()[:4] == raw[21:]


def nir(n: str) -> bool:
    """France."""
    return (int(n[:13]) + int(n[13:])) % 97 == 0 and 0 < int(n[13:]) <= 97


def bban(country: str, body: str) -> Callable[[Random], str]:
    """Return a drawer of IBANs of which one in two has the right check digits."""

    def make(random: Random) -> str:
        account = pattern(body)(random)
        check = 98 - int("".join(str(int(c, 36)) for c in account + country + "00")) % 97
        wrong = (check + random.randint(1, 90)) % 97
        return f"{country}{random.choice((check, wrong)):02}{account}"

    return make


def any_of(*makers: Callable[[Random], str]) -> Callable[[Random], str]:
    """Return a drawer that takes one of *makers*."""
    return lambda random: random.choice(makers)(random)


def card_make(random: Random) -> str:
    """Visa, Mastercard of both series, Amex."""
    return choose("4999999999999999", "5199999999999999", "5599999999999999", "2399999999999999",
                  "379999999999999")(random)  # fmt: skip


def secret(random: Random) -> str:
    """Make a key with a prefix that its maker documents."""
    prefix, size = random.choice((("AKIA", 16), ("ghp_", 36), ("sk_live_", 24), ("xoxb-", 40)))
    return prefix + "".join(random.choice("ABCDEFGHJKLMNPQRSTUVWXYZ234567") for _ in range(size))
