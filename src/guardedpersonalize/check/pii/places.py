"""Postal addresses: a street with a number, a town with state and ZIP code, a UK postcode."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from guardedpersonalize.check.characters import word_set
from guardedpersonalize.check.context import Detection
from guardedpersonalize.check.gates import Gated, Signs
from guardedpersonalize.check.pii.hints import NUMBERED_THINGS, Hints, weigh

__all__ = ["POSTCODE_SHAPE", "find_places", "find_postcodes"]

_STREETS: Final = (
    r"Street|St|Road|Rd|Lane|Ln|Avenue|Ave|Av|Drive|Dr|Close|Cl|Way|Court|Ct|Place|Pl|Square|Sq"
    r"|Terrace|Crescent|Cres|Boulevard|Blvd|Gardens|Gdns|Grove|Row|Mews|Hill|Rise|Walk|Green|Park"
    r"|Quay|Wharf|Parade|Circle|Cir|Trail|Parkway|Pkwy|Highway|Hwy|Alley|Yard|View|Broadway"
)
_WORD: Final = r"[A-ZÀ-Þ][\w'\u2019-]{0,24}"
_NUMBER: Final = r"(?<![\w.,/£$€-])\d{1,5}[A-Za-z]?(?:\s?-\s?\d{1,4})?"
_ENGLISH: Final = re.compile(
    rf"(?:(?:Flat|Apt\.?|Unit|Suite)\s\w{{1,5}},?\s)?{_NUMBER},?\s(?:{_WORD}\s){{1,4}}?(?:{_STREETS})\b(?:\s[NS]?[EW]\b|\s[NS]\b)?"
)
_HOURS: Final = re.compile(r"(\d{1,5})[A-Za-z]?\s?-\s?(\d{1,4})")
_GERMAN: Final = re.compile(
    r"\b[A-ZÄÖÜ][a-zäöüß]{1,24}(?:-[A-ZÄÖÜ][a-zäöüß]{1,24}){0,2}"
    r"(?:[Ss]tra(?:ß|ss)e|[Ss]tr\.|weg|allee|platz|gasse|ufer|-?Straße|-Str\.)\s\d{1,4}\s?[a-z]?\b"
)
_FRENCH: Final = re.compile(
    r"(?<![\w.,/£$€-])\d{1,4}(?:\s?(?:bis|ter))?,?\s(?:rue|avenue|boulevard|place|chemin|allée|impasse"
    rf"|quai)\s(?:d[eu]s?\s|de\sla\s|de\sl['\u2019]|du\s)?{_WORD}(?:\s{_WORD})?",
)
_SPANISH: Final = re.compile(
    rf"\b(?:Calle|Avenida|Avda\.|Plaza|Paseo|Via|Piazza|Viale|Rua)\s(?:de\s(?:la\s)?|del\s|d[aoei]\s)?{_WORD}"
    rf"(?:\s{_WORD}){{0,2}},?\s\d{{1,4}}\b"
)
_STATES: Final = (
    "AL|AK|AZ|AR|CA|CO|CT|DC|DE|FL|GA|HI|IA|ID|IL|IN|KS|KY|LA|MA|MD|ME|MI|MN|MO|MS|MT|NC|ND|NE"
    "|NH|NJ|NM|NV|NY|OH|OK|OR|PA|PR|RI|SC|SD|TN|TX|UT|VA|VT|WA|WI|WV|WY"
)
_ZIP: Final = re.compile(
    rf"\b{_WORD}(?:\s{_WORD}){{0,2}},\s{{0,2}}(?:{_STATES})\s{{1,2}}\d{{5}}(?:-\d{{4}})?(?![\d-])"
)
_LIVING: Final = Hints.of(
    r"address|lives?|living|lived|home|house|door|reside[sd]?|moved?|deliver(?:y|ed|ing)?"
    r"|ship(?:ped|ping)?|sent|post(?:ed)?|collect(?:ed)?|near|at",
    r"best|top|first|last|next|new|free|hours?|save|win|over|under|nearly|about",
)
# A street at the end of a line or a clause is an address; amid a sentence it may be a title.
_CLAUSE_END: Final = re.compile(
    r"\s?(?:[,;:.!?)\]\n|]|$)|\s{1,4}[A-Z]{1,2}\d|\s{1,4}(?:and|at|before|by|every|for|from|has|in|is"
    r"|near|on|that|this|to|today|tomorrow|tonight|was|where|with|yesterday)\b"
)

_STREET_BASE: Final = 0.6
_AMID: Final = 0.3
_ZIP_SCORE: Final = 0.7
_POSTCODE: Final = 0.45
_LOOSE_POSTCODE: Final = 0.2
"""Scores; house choice, held by the near misses in the tests."""

_POSTCODE_WORDS: Final = Hints.of(
    r"post\s?codes?|postal codes?|zip|address|deliver(?:y|ed|ing)?|lives?|living|home|house|near"
    r"|area|moved?|street|road|avenue|lane|neighbou?rhood|shipped|posted|collect(?:ed)?|visit",
    NUMBERED_THINGS + r"|use|enter|apply|type|quote|with|phone|galaxy|iphone|usb|ram|memory|drive",
)
POSTCODE_SHAPE: Final = re.compile(
    r"(?<![\w-])(?:GIR\s?0AA|[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d{1,2}|\d[A-HJKPSTUW]|[A-HK-Y]\d[ABEHMNPRVWXY])"
    r"\s?\d[ABD-HJLNP-UW-Z]{2})(?![\w-])",
    re.IGNORECASE,
)
"""Source: the formats of the Postcode Address File, as in Presidio's UK postcode recogniser."""

_AREAS: Final = word_set(
    "AB AL B BA BB BD BF BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL "
    "DN DT DY E EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY "
    "L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S "
    "SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR "
    "WS WV YO ZE"
)
"""Source: the postcode areas of the Postcode Address File."""
_MEMORY: Final = ("GB", "TB")


_GATED_ENGLISH: Final = Gated.of(_ENGLISH)
_ABROAD: Final = tuple(map(Gated.of, (_GERMAN, _FRENCH, _SPANISH)))
_GATED_ZIP: Final = Gated.of(_ZIP)
_GATED_POSTCODE: Final = Gated.of(POSTCODE_SHAPE)


def find_places(text: str, signs: Signs) -> Iterator[Detection]:
    """Yield the postal addresses in *text*, which has these *signs*, each on one line."""
    for match in _GATED_ENGLISH.finditer(text, signs):
        if _is_time(match[0]):
            continue
        base = _STREET_BASE if _CLAUSE_END.match(text, match.end()) else _AMID
        score = weigh(text, *match.span(), base, _LIVING)
        yield Detection("STREET_ADDRESS", *match.span(), score)
    for gated in _ABROAD:
        for match in gated.finditer(text, signs):
            yield Detection("STREET_ADDRESS", *match.span(), _STREET_BASE)
    for match in _GATED_ZIP.finditer(text, signs):
        yield Detection("STREET_ADDRESS", *match.span(), _ZIP_SCORE)


def _is_time(shown: str) -> bool:
    """Tell whether "11-6 Civic Green" starts with hours: houses are numbered upwards."""
    hours = _HOURS.match(shown)
    return hours is not None and int(hours[1]) >= int(hours[2])


def find_postcodes(text: str, signs: Signs) -> Iterator[Detection]:
    """Yield the UK postcodes in *text*, which has these *signs*."""
    for match in _GATED_POSTCODE.finditer(text, signs):
        shown = match[0]
        area = re.split(r"\d", shown, maxsplit=1)[0].strip().upper()
        if area not in _AREAS and area != "GIR":
            continue
        is_plain = shown.isupper() and " " in shown and not shown.endswith(_MEMORY)
        base = _POSTCODE if is_plain else _LOOSE_POSTCODE
        score = weigh(text, *match.span(), base, _POSTCODE_WORDS)
        yield Detection("UK_POSTCODE", *match.span(), score)
