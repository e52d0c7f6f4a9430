"""Tokens of web addresses that no recogniser can find anything in."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Final

from guardedpersonalize.check.context import Detection
from guardedpersonalize.check.pii.disguises import decoded
from guardedpersonalize.check.pii.presidio import passes
from guardedpersonalize.check.pii.rows import load_rows, speaks_for_a_row

__all__ = ["is_opaque", "is_unremarkable", "labelled"]

_TOKEN: Final = re.compile(r"(?!0x)[A-Za-z0-9]{8,60}")
# Where banks have account numbers of this shape (the IBAN registry of SWIFT).
_ACCOUNT: Final = re.compile(
    r"(?:A[DELTZ]|B[AEGHIRY]|C[HRYZ]|D[EJKO]|E[EGS]|F[IKOR]|G[BEILRT]|H[NRU]|I[ELQST]|JO|K[WZ]"
    r"|L[BCITUVY]|M[CDEKNRTU]|N[ILO]|OM|P[KLST]|QA|R[OSU]|S[ACDEIKMOTV]|T[LNR]|UA|V[AG]|XK|YE)\d\d",
    re.IGNORECASE,
)
# Six pieces or more, in turns of letters and digits, none of them long.
_TURNS: Final = re.compile(
    rf"(?!{_ACCOUNT.pattern})(?={_TOKEN.pattern}\Z)"
    r"(?:(?:[a-z]{1,3}|[a-z][a-f]{3})(?![a-z])|\d{1,7}(?!\d)){6,}",
    re.IGNORECASE,
)
_HEX: Final = r"[0-9a-f]"
# None of its groups starts like an account number, and no run of digits is as long as a phone
# number's: one that goes through a hyphen may be one.
_UUID: Final = re.compile(
    rf"(?!(?:{_HEX}+-){{0,4}}(?:{_ACCOUNT.pattern}))(?!.*\d{{8}})(?!.*(?=\d{{1,6}}-)(?:\d-?){{6}}\d)"
    rf"{_HEX}{{8}}(?:-{_HEX}{{4}}){{3}}-{_HEX}{{12}}",
    re.IGNORECASE,
)
_LABEL: Final = re.compile(r"[A-Za-z]{1,8}[-_]")
_LIKE_DIGITS: Final = re.compile(r"[0-9OoIlSB]+")
_WALLET: Final = re.compile(r"(?:[13LMD9T]|bc1|ltc1|tb1)[A-Za-z0-9]{24,}", re.IGNORECASE)


def is_opaque(token: str) -> bool:
    """
    Tell whether *token*, between the marks of a web address, is to every recogniser like any other.

    It is where letters and digits take turns so often, and so few stand together, that no number
    of a person has the shape; where it is neither base64 nor hexadecimal of a text; and where it
    starts like no bank account, wallet or key. What may hold a word beside it is asked elsewhere,
    see `rows.speaks_for_a_row`.
    """
    return _TURNS.fullmatch(token) is not None and not _may_be_another_text(token)


_ALONE: Final = frozenset({"certain", "strong"})
_NUMBER: Final = re.compile(r"\d+(?:[A-Za-z]+\d+)?")
"""A number, perhaps with an extension; any other has a letter beside it, and is no phone number."""
_RESERVED: Final = ("07700", "01632")
"""How the numbers begin that are looked for among letters too."""


def is_unremarkable(token: str) -> bool:
    """
    Tell whether the recognisers find nothing in *token*, where `is_opaque` cannot tell.

    It stands between the marks of a web address, beside no word that speaks for a hit of some row;
    so a number of a person is all of it, and one that needs a word beside it is none. Ask elsewhere
    for its words.
    """
    if _UUID.fullmatch(token):
        return not decoded(token)
    if _TOKEN.fullmatch(token) is None or _NUMBER.fullmatch(token):
        return False
    if any(start in token for start in _RESERVED) or _may_be_another_text(token):
        return False
    if _ACCOUNT.match(token) and passes("IbanRecognizer", token.upper()):
        return False
    return _strong().fullmatch(token) is None or not any(_found_in(token))


def labelled(token: str) -> tuple[str, str]:
    """
    Return the label that *token* begins with, as "u-" or "ref_", and what is behind it.

    What is behind one may be asked about as if it stood alone. The label is "" where there is none,
    where it speaks for a hit of some row, and where both are one text in base64.
    """
    label = _LABEL.match(token)
    if label is None or speaks_for_a_row(label[0]) or decoded(token):
        return "", token
    return label[0], token[label.end() :]


def _may_be_another_text(token: str) -> bool:
    return bool(_LIKE_DIGITS.fullmatch(token) or _WALLET.fullmatch(token) or decoded(token))


def _found_in(token: str) -> Iterator[Detection]:
    return (found for row in load_rows() for found in row.find(token))


@functools.cache
def _strong() -> re.Pattern[str]:
    """Return the shapes of what is found without a word beside it, or in its own pattern."""
    rows = (row for row in load_rows() if row.strength in _ALONE and "(?P<hit>" not in row.pattern)
    return re.compile("|".join(f"(?:{row.expression})" for row in rows), re.IGNORECASE)
