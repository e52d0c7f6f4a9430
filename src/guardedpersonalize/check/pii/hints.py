"""Words beside a number that say what it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

__all__ = ["NO_HINTS", "NUMBERED_ABROAD", "NUMBERED_THINGS", "Hints", "weigh"]

_BEFORE: Final = 60
"""
Characters before a hit that are read for hints.

Source: Presidio reads five words before; 60 characters hold about nine, so that "call Ann on her
new number, which is" still counts (house choice).
"""
_AFTER: Final = 30
_BOOST: Final = 0.35
_BOOSTED_AT_LEAST: Final = 0.4
"""Both from Presidio's `LemmaContextAwareEnhancer`, whose scores these have to sit beside."""
_DOUBTED: Final = 0.2
_SENTENCE_END: Final = re.compile(r"(?<!\b[^\W\d_])[.!?](?=\s|$)|\n")


@dataclass(frozen=True, slots=True)
class Hints:
    """
    Words that speak for a kind of identifier and words that speak against it.

    Args:
        speaks_for: A pattern of words, to be met before or shortly after; None for none.
        speaks_against: The same for words that name another thing.
    """

    speaks_for: re.Pattern[str] | None = None
    speaks_against: re.Pattern[str] | None = None

    @classmethod
    def of(cls, speaks_for: str = "", speaks_against: str = "") -> Hints:
        """Make hints of two alternations of words, matched as whole words in any case."""
        return cls(_words(speaks_for), _words(speaks_against))


NO_HINTS: Final = Hints()

NUMBERED_THINGS: Final = (
    r"(?:account|case|company|customer|job|lot|member|membership|part)(?:'s)?"
    r" (?:no|nr|number|id|ref)|article|barcode|batch|booking|campaign|catalogue|charity"
    r"|(?<!post )(?<!area )(?<!dial )codes?|confirmation|consignment|coupon|ean|edition|flight"
    r"|gtin|invoice|isbn|issn|item|licen[cs]e|model|orders?|parcel|policy|product|promo|quote|receipt|ref|reference|reg|registered"
    r"|registration|reservation|serial|shipment|sizes?|sku|ticket|track|tracking|transaction|upc"
    r"|vat|version|voucher|checkout|points|steps|copies|visitors|followers|subscribers|pieces"
)
"""Things in a mail to a customer that have numbers and are no person's (house list)."""

NUMBERED_ABROAD: Final = (
    r"artikel|bestellung|bestellnummer|gutschein|kundennummer|lieferung|modell|paket|rechnung"
    r"|sendung|sendungsnummer|article|bon|colis|commande|facture|livraison|r[ée]f[ée]rence|suivi"
    r"|art[íi]culo|c[óo]digo|env[íi]o|factura|pedido|referencia|articolo|codice sconto|fattura"
    r"|ordine|pacco|spedizione|bestelling|factuur|pakket|artigo|encomenda|fatura|remessa|faktura"
    r"|ordre|pakke|paczka|zam[óo]wienie|objedn[áa]vka|z[áa]silka|kargo|sipari[şs]"
)
"""The same in other languages: order, parcel, invoice, article, voucher."""


def _words(alternation: str) -> re.Pattern[str] | None:
    if not alternation:
        return None
    return re.compile(rf"(?<![^\W_])(?:{alternation})(?![^\W_])", re.IGNORECASE)


def weigh(
    text: str, start: int, end: int, base: float, hints: Hints, *, reach: int = _AFTER
) -> float:
    """
    Return the score of a hit `text[start:end]` after the words around it were read.

    The nearest word before the hit decides, and where the two end together ("driving licence") the
    one that speaks for it; where there is none, the first word after it in the same sentence, and
    in *reach* characters, may still speak for it or against it.
    """
    before = text[_whole(text, max(0, start - _BEFORE), start) : start]
    after = text[end : _whole(text, min(len(text), end + reach), end)]
    speaks_for, speaks_against = (
        _last(pattern, before) for pattern in (hints.speaks_for, hints.speaks_against)
    )
    verdict = 1 if speaks_for == speaks_against >= 0 else speaks_for - speaks_against
    if verdict == 0:
        after = _SENTENCE_END.split(after, maxsplit=1)[0]
        verdict = _first(hints.speaks_against, after) - _first(hints.speaks_for, after)
    if verdict > 0:
        return round(min(1.0, max(base + _BOOST, _BOOSTED_AT_LEAST)), 2)
    return min(base, _DOUBTED) if verdict < 0 else base


def _whole(text: str, at: int, hit: int) -> int:
    """Return where a window that ends at *at* ends without cutting a word, nearer to the *hit*."""
    step = 1 if at < hit else -1
    while at != hit and 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum():
        at += step
    return at


def _last(pattern: re.Pattern[str] | None, text: str) -> int:
    """Return where the last match of *pattern* ends; -1 if there is none."""
    found = -1
    if pattern is not None:
        for match in pattern.finditer(text):
            found = match.end()
    return found


def _first(pattern: re.Pattern[str] | None, text: str) -> int:
    """Return where the first match of *pattern* starts; behind the text if there is none."""
    match = pattern.search(text) if pattern is not None else None
    return match.start() if match else len(text)
