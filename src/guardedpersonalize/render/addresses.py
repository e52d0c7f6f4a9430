"""Where in a web address a slot may stand: a path segment, or behind the question mark."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

__all__ = ["SCHEMES", "Address", "Stage", "follow", "read", "scheme_of"]

SCHEMES: Final = frozenset(["cid", "http", "https", "mailto", "tel"])
"""Schemes that a template may spell out; cid is a picture inside the mail itself (RFC 2392)."""

_SCHEME: Final = re.compile(r"[\s\x00-\x1f]*([a-zA-Z][a-zA-Z0-9+.\s-]*):")
_HOST: Final = re.compile(
    r"\s*https?://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d+)?(?=[/?#])"
)
_MAIL: Final = re.compile(r"\s*mailto:[^?#\s]*(?=\?)")


class Stage(StrEnum):
    """How far an address has come."""

    START = "start"
    """Nothing says yet where it leads."""
    PATH = "path"
    """Behind the host: a path segment."""
    QUERY = "query"
    """Behind the question mark or the number sign."""
    UNKNOWN = "unknown"
    """The template works out where it leads; no slot can be let in after that."""


@dataclass(frozen=True, slots=True)
class Address:
    """An address as far as it was read; *text* is kept while its stage is START."""

    stage: Stage = Stage.START
    text: str = ""


def read(address: Address, text: str) -> Address:
    """Read more of the template's own words."""
    if address.stage is not Stage.START:
        return Address(follow(address.stage, text))
    whole = address.text + text
    found = _HOST.match(whole) or _MAIL.match(whole)
    if found is None:
        return Address(Stage.START, whole)
    return Address(follow(Stage.PATH, whole[found.end() :]))


def follow(stage: Stage, text: str) -> Stage:
    """Return the stage after *text*, which is behind the host."""
    is_past = stage is Stage.PATH and ("?" in text or "#" in text)
    return Stage.QUERY if is_past else stage


def scheme_of(text: str) -> str:
    """Return the scheme that *text* begins with, as a browser reads it; "" if there is none."""
    found = _SCHEME.match(text)
    return re.sub(r"\s", "", found[1]).lower() if found else ""
