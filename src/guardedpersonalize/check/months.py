"""Names of months, to spell dates out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["MONTHS"]

MONTHS: Final[Mapping[str, tuple[tuple[str, ...], str]]] = {
    "de": (
        (
            "januar jan jänner", "februar feb", "märz mär mrz maerz", "april apr", "mai",
            "juni jun", "juli jul", "august aug", "september sep sept", "oktober okt",
            "november nov", "dezember dez",
        ),
        "",
    ),
    "en": (
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul",
            "august aug", "september sep sept", "october oct", "november nov", "december dec",
        ),
        "of",
    ),
    "es": (
        (
            "enero ene", "febrero feb", "marzo mar", "abril abr", "mayo may", "junio jun",
            "julio jul", "agosto ago", "septiembre setiembre sep", "octubre oct", "noviembre nov",
            "diciembre dic",
        ),
        "de",
    ),
    "fr": (
        (
            "janvier janv", "février févr", "mars", "avril avr", "mai", "juin", "juillet juil",
            "août", "septembre sept", "octobre oct", "novembre nov", "décembre déc",
        ),
        "",
    ),
    "it": (
        (
            "gennaio gen", "febbraio feb", "marzo mar", "aprile apr", "maggio mag", "giugno giu",
            "luglio lug", "agosto ago", "settembre set", "ottobre ott", "novembre nov",
            "dicembre dic",
        ),
        "",
    ),
    "nl": (
        (
            "januari jan", "februari feb", "maart mrt", "april apr", "mei", "juni jun", "juli jul",
            "augustus aug", "september sep", "oktober okt", "november nov", "december dec",
        ),
        "",
    ),
    "pt": (
        (
            "janeiro jan", "fevereiro fev", "março mar", "abril abr", "maio mai", "junho jun",
            "julho jul", "agosto ago", "setembro set", "outubro out", "novembro nov",
            "dezembro dez",
        ),
        "de",
    ),
}  # fmt: skip
"""
Language -> the names of the twelve months, each with its short forms, and the word that may stand
between the parts of a date.

Source: the Unicode CLDR, wide and abbreviated month names.
"""
