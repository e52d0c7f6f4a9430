"""What channels do to a text: segments of a text message, and the limits of ads."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

from guardedpersonalize.packs.layout import room_of
from guardedpersonalize.vocabulary import Channel

__all__ = ["SEARCH", "SOCIAL", "Segments", "called", "display_width", "segments_of"]

# 3GPP TS 23.038, tables 6.2.1 and 6.2.1.1; a character of the second takes two places.
_GSM: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_DOUBLE: Final = frozenset("^{}\\[~]|€\f")
# Places in a message of one segment, and in each of several (3GPP TS 23.040, 9.2.3.24.1).
_PLACES: Final = {"GSM-7": (160, 153), "UCS-2": (70, 67)}

SEARCH: Final = {"headline": 30, "description": 90}
"""Characters of a responsive search ad (Google Ads help, answer 7684791)."""

SOCIAL: Final = {
    "primary text": room_of(Channel.AD, "description-1"),
    "headline": room_of(Channel.AD, "headline-1"),
    "description": 30,
}
"""Characters of a feed ad before it is cut (Meta's recommendations; more is allowed)."""


@dataclass(frozen=True, slots=True)
class Segments:
    """
    How a text message is sent.

    Args:
        encoding: GSM-7, or UCS-2 where a character is not in the GSM alphabet.
        places: How many places it takes: septets, or UTF-16 units.
        count: In how many segments it goes out.
        strange: The characters that make it UCS-2, each once, in order.
    """

    encoding: str
    places: int
    count: int
    strange: tuple[str, ...] = ()


def segments_of(text: str) -> Segments:
    """
    Return how *text* goes out as a text message.

    A character never falls into two segments, so some of them may have a place to spare.

    >>> segments_of("Saturday: open 9.30 to 1.")
    Segments(encoding='GSM-7', places=25, count=1, strange=())
    """
    strange = tuple(dict.fromkeys(c for c in text if c not in _GSM and c not in _GSM_DOUBLE))
    encoding = "UCS-2" if strange else "GSM-7"
    sizes = [_places(character, encoding) for character in text]
    alone, together = _PLACES[encoding]
    total = sum(sizes)
    return Segments(encoding, total, 1 if total <= alone else _filled(sizes, together), strange)


def _places(character: str, encoding: str) -> int:
    if encoding == "GSM-7":
        return 1 + (character in _GSM_DOUBLE)
    return len(character.encode("utf-16-le", errors="surrogatepass")) // 2


def _filled(sizes: list[int], room: int) -> int:
    count, taken = 1, 0
    for size in sizes:
        if taken + size > room:
            count, taken = count + 1, 0
        taken += size
    return count


def called(character: str) -> str:
    r"""
    Return the name of *character* in Unicode, or its number where it has none.

    >>> called("\u200b")
    'zero width space'
    """
    return unicodedata.name(character, "").lower() or f"U+{ord(character):04X}"


def display_width(text: str) -> int:
    """
    Return how many characters *text* counts for in an ad: wide ones, as of Japanese, are two.

    >>> display_width("靴 Run")
    6
    """
    return sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in text)
