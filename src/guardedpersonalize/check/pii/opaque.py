"""Tokens of web addresses that no recogniser can find anything in."""

from __future__ import annotations

import re
from typing import Final

from guardedpersonalize.check.pii.disguises import decoded

__all__ = ["is_opaque"]

_TOKEN: Final = re.compile(r"(?!0x)[A-Za-z0-9]{8,60}")
# Where banks have account numbers of this shape (the IBAN registry of SWIFT).
_ACCOUNT: Final = re.compile(
    r"(?:A[DELTZ]|B[AEGHIRY]|C[HRYZ]|D[EJKO]|E[EGS]|F[IKOR]|G[BEILRT]|H[NRU]|I[ELQST]|JO|K[WZ]"
    r"|L[BCITUVY]|M[CDEKNRTU]|N[ILO]|OM|P[KLST]|QA|R[OSU]|S[ACDEIKMOTV]|T[LNR]|UA|V[AG]|XK|YE)\d\d",
    re.IGNORECASE,
)
_PIECE: Final = re.compile(r"[A-Za-z]+|\d+")
_SHORT: Final = re.compile(r"[A-Za-z]{1,3}|[A-Za-z][A-Fa-f]{3}|\d{1,7}")
_LIKE_DIGITS: Final = re.compile(r"[0-9OoIlSB]+")
_FEWEST_PIECES: Final = 6
_WALLET: Final = re.compile(r"(?:[13LMD9T]|bc1|ltc1|tb1)[A-Za-z0-9]{24,}", re.IGNORECASE)


def is_opaque(token: str) -> bool:
    """
    Tell whether *token*, between the marks of a web address, is to every recogniser like any other.

    It is where letters and digits take turns so often, and so few stand together, that no number
    of a person has the shape; where it is neither base64 nor hexadecimal of a text; and where it
    starts like no bank account, wallet or key. What may hold a word beside it is asked elsewhere,
    see `rows.speaks_for_a_row`.
    """
    if _TOKEN.fullmatch(token) is None or _ACCOUNT.match(token):
        return False
    pieces = _PIECE.findall(token)
    if len(pieces) < _FEWEST_PIECES:
        return False
    if not all(map(_SHORT.fullmatch, pieces)):
        return False
    return not (_LIKE_DIGITS.fullmatch(token) or _WALLET.fullmatch(token) or decoded(token))
