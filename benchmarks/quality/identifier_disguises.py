"""
Ways to write an identifier so that machines shall not find it, for `identifiers.py`.

Several of them were not coded against: they are here to show where reading ends.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from random import Random
from urllib.parse import quote

__all__ = ["DISGUISES", "SPECIMENS"]

Disguise = Callable[[str, Random], str | None]

SPECIMENS = (
    ("CREDIT_CARD", "We charged your card {number} today.", "4111 1111 1111 1111"),
    ("CREDIT_CARD", "Pay with Mastercard {number}", "5500005555555559"),
    ("IBAN_CODE", "Your IBAN: {number}", "DE89370400440532013000"),
    ("US_SSN", "SSN {number} is on file.", "536-22-1234"),
    ("CA_SIN", "Social insurance number {number}", "130 692 544"),
    ("UK_NINO", "National insurance number {number}", "AB123456C"),
    ("DE_TAX_ID", "Steuer-ID {number}", "86095742719"),
    ("NL_BSN", "BSN {number}", "111222333"),
    ("IN_AADHAAR", "Aadhaar {number} is linked.", "234123412346"),
    ("SG_NRIC_FIN", "NRIC: {number}", "S1234567D"),
    ("PHONE_NUMBER", "You can be reached by phone on {number}.", "07700 900123"),
    ("PHONE_NUMBER", "Call {number} now", "212-555-0147"),
    ("EMAIL_ADDRESS", "We wrote to {number} yesterday.", "jane.roe@example.org"),
    ("EMAIL_ADDRESS", "Email {number}", "m_hill77@shop.co.uk"),
)
"""Kind, sentence and plain form; all invented, reserved or published samples."""

LETTERS: Mapping[str, str] = {
    "A": "\u0410\u0391\u13aa", "B": "\u0412\u0392", "C": "\u0421\u216d", "D": "\u13a0\U0001d403",
    "E": "\u0415\u0395", "H": "\u041d", "K": "\u041a", "M": "\u041c", "N": "\u039d", "S": "\u0405",
    "T": "\u0422", "a": "\u0430\u0251", "c": "\u0441", "e": "\u0435", "h": "\u04bb",
    "i": "\u0456", "j": "\u0458", "l": "\u217c\U0001d4c1", "m": "\u217f", "n": "\u0578",
    "o": "\u043e\u03bf", "p": "\u0440", "r": "\U0001d42b\u0433", "s": "\u0455", "u": "\u03c5",
    "x": "\u0445", "y": "\u0443", "g": "\u0261", "k": "\U0001d424", "0": "\U0001d7ce",
    "1": "\U0001d7cf", "3": "\u0417", "4": "\U0001d7d2", "6": "\u0431", "7": "\U0001d7d5",
}  # fmt: skip
WORDS = {
    "en": "zero one two three four five six seven eight nine",
    "oh": "oh one two three four five six seven eight nine",
    "de": "null eins zwei drei vier fünf sechs sieben acht neun",
    "fr": "zéro un deux trois quatre cinq six sept huit neuf",
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve",
}


def _is_number(value: str) -> bool:
    return re.fullmatch(r"[\d -]+", value) is not None


def _swap(value: str, random: Random, share: float) -> str:
    return "".join(
        random.choice(LETTERS[c]) if c in LETTERS and random.random() < share else c for c in value
    )


def homoglyphs(value: str, random: Random) -> str:
    """Swap half of the characters for look-alikes, at least two."""
    shown = _swap(value, random, 0.5)
    return shown if shown != value else _swap(value, random, 1)


def one_homoglyph(value: str, random: Random) -> str | None:
    """Swap a single character."""
    places = [i for i, c in enumerate(value) if c in LETTERS]
    if not places:
        return None
    at = random.choice(places)
    return value[:at] + random.choice(LETTERS[value[at]]) + value[at + 1 :]


def full_width(value: str, _random: Random) -> str:
    """Write it in the characters of an East Asian keyboard."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in value)


def other_digits(value: str, random: Random) -> str:
    """Use the digits of another script, or mathematical ones."""
    zero = random.choice((0x660, 0x6F0, 0x966, 0x1D7D8, 0x1D7EC, 0x1D7F6))
    return "".join(chr(zero + int(c)) if c.isdigit() else c for c in value)


def zero_width(value: str, random: Random) -> str:
    """Put invisible characters between the others."""
    marks = ("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u034f")
    return (
        "".join(c + (random.choice(marks) if random.random() < 0.5 else "") for c in value[:-1])
        + value[-1]
    )


def keycaps(value: str, _random: Random) -> str | None:
    """Use emoji of keys."""
    return (
        "".join(f"{c}\ufe0f\u20e3" if c.isdigit() else c for c in value)
        if _is_number(value)
        else None
    )


def circled(value: str, _random: Random) -> str | None:
    """Use circled digits."""
    return (
        "".join("⓪①②③④⑤⑥⑦⑧⑨"[int(c)] if c.isdigit() else c for c in value)
        if _is_number(value)
        else None
    )


def struck(value: str, _random: Random) -> str | None:
    """Strike the digits through."""
    return "".join(c + "\u0336" if c.isdigit() else c for c in value) if _is_number(value) else None


def spaced(value: str, _random: Random) -> str:
    """Put a blank between all characters."""
    return " ".join(value.replace(" ", ""))


def dashed(value: str, random: Random) -> str | None:
    """Put one sign between all digits."""
    if not _is_number(value):
        return None
    return random.choice("-._/*|").join(re.sub(r"\D", "", value))


def odd_groups(value: str, random: Random) -> str | None:
    """Part groups of digits with an odd sign."""
    if not _is_number(value):
        return None
    plain, size = re.sub(r"\D", "", value), random.choice((2, 3, 4))
    sign = random.choice(("_", " - ", "/", ".", " . ", "--", "|", "~", " / ", ":", "*"))
    return sign.join(plain[i : i + size] for i in range(0, len(plain), size))


def mixed_groups(value: str, random: Random) -> str | None:
    """Part digits with signs that change. Not coded against."""
    if not _is_number(value):
        return None
    return "".join(
        c + (random.choice(" -./_") if random.random() < 0.4 else "")
        for c in re.sub(r"\D", "", value)
    ).strip(" -./_")


def in_words(value: str, random: Random) -> str | None:
    """Say the digits, with commas here and there."""
    if not _is_number(value):
        return None
    words = WORDS[random.choice(list(WORDS))].split()
    sign = random.choice((" ", ", ", "-", " "))
    return sign.join(words[int(c)] for c in re.sub(r"\D", "", value))


def half_in_words(value: str, random: Random) -> str | None:
    """Say some of the digits."""
    if not _is_number(value):
        return None
    words = WORDS["en"].split()
    return " ".join(words[int(c)] if random.random() < 0.7 else c for c in re.sub(r"\D", "", value))


def doubled(value: str, _random: Random) -> str | None:
    """Say pairs as people do: "double five"."""
    if not _is_number(value):
        return None
    words = WORDS["oh"].split()
    return re.sub(
        r"(\d)\1|\d",
        lambda m: f"double {words[int(m[1])]} " if m[1] else f"{words[int(m[0])]} ",
        re.sub(r"\D", "", value),
    ).strip()


def base64_(value: str, random: Random) -> str:
    """Encode it, by itself or as a pair of a query."""
    raw = random.choice((value, f"id={value}", f'{{"v":"{value}"}}')).encode()
    encode = random.choice((base64.b64encode, base64.urlsafe_b64encode))
    shown = encode(raw).decode()
    return shown.rstrip("=") if random.random() < 0.5 else shown


def percent(value: str, random: Random) -> str:
    """Percent-encode its signs, or all of it."""
    return (
        quote(value, safe="")
        if random.random() < 0.4 and quote(value, safe="") != value
        else "".join(f"%{ord(c):02X}" for c in value)
    )


def percent_twice(value: str, _random: Random) -> str:
    """Percent-encode all of it twice."""
    return "".join(f"%25{ord(c):02x}" for c in value)


def references(value: str, random: Random) -> str:
    """Write character references."""
    forms = ("&#{};", "&#x{:x};", "&#0{};")
    return "".join(
        random.choice(forms).format(ord(c)) if random.random() < 0.7 else c for c in value
    )


def lettered(value: str, random: Random) -> str | None:
    """Write O for 0, l or I for 1; numbers that are mostly neither."""
    plain = value.translate(str.maketrans({"0": random.choice("Oo"), "1": random.choice("lI")}))
    share = sum(c.isdigit() for c in plain) / max(1, sum(c.isalnum() for c in plain))
    return plain if _is_number(value) and plain != value and share >= 0.6 else None


def at_dot(value: str, random: Random) -> str | None:
    """Spell the signs of a mail address out."""
    if "@" not in value:
        return None
    local, domain = value.split("@")
    at, dot = random.choice(
        (("(at)", "(dot)"), (" [at] ", " [dot] "), (" at ", " dot "), (" AT ", " DOT "),
         ("{at}", "."), ("[@]", "[.]"), (" (at) ", "."), ("@", " dot "), ("_at_", "_dot_"),
         ("<at>", "<dot>"),
         (" arroba ", " punto "), ("(a)", "."), (" (ät) ", " (punkt) "))
    )  # fmt: skip
    return local + at + domain.replace(".", dot)


def at_sign_in_words(value: str, random: Random) -> str | None:
    """Spell a mail address out in ways that were not coded against."""
    if "@" not in value:
        return None
    local, domain = value.split("@")
    at, dot = random.choice(
        (
            ("-at-", "-dot-"),
            (" at-sign ", " dot "),
            ("#at#", "#dot#"),
            (" @ ", " . "),
            ("//at//", "."),
            (" à ", " point "),
        )
    )
    return local + at + domain.replace(".", dot)


def backwards(value: str, _random: Random) -> str:
    """Write it from right to left. Not coded against."""
    return value[::-1]


def hexadecimal(value: str, _random: Random) -> str:
    """Write the bytes. Not coded against."""
    return value.encode().hex()


DISGUISES: Mapping[str, Disguise] = {
    f.__name__.rstrip("_"): f
    for f in (
        homoglyphs, one_homoglyph, full_width, other_digits, zero_width, keycaps, circled, struck,
        spaced, dashed, odd_groups, mixed_groups, in_words, half_in_words, doubled, base64_,
        percent, percent_twice, references, lettered, at_dot, at_sign_in_words, backwards,
        hexadecimal,
    )
}  # fmt: skip
"""By name."""
