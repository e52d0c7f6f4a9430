"""Identifiers: masked, or replaced by a keyed pseudonym."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass, field
from typing import Final

from guardedpersonalize.errors import ConfigError, sealed_init

__all__ = ["PseudonymKey", "mask", "pseudonym"]

# Of fixed length, so that it does not tell how long the value is.
_DOTS: Final = "•••"

# How much of a value there must be before a part of it is shown. House choices: what is shown must
# be a small part of the whole.
_LEAST_LETTERS: Final = 4
_LEAST_LOCAL_PART: Final = 3
_LEAST_DIGITS: Final = 6

_MASKED: Final = re.compile(rf"[^\W\d_]?{_DOTS}(?:@{_DOTS})?|{_DOTS}\d\d")
_KEY_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")

_LEAST_SECRET_BYTES: Final = 32
_PSEUDONYM_BYTES: Final = 16


@sealed_init
@dataclass(frozen=True, slots=True)
class PseudonymKey:
    """
    The secret that pseudonyms are made with, and its name.

    Args:
        key_id: Name of the key: letters, digits and hyphens, at most 32. It is part of every
            pseudonym, so that a key can be replaced.
        secret: At least 32 bytes, kept apart from the data. Never printed.

    Raises:
        ConfigError: GP220, for an unusable name or a short secret.

    Source:
        EDPB guidelines 01/2025 on pseudonymisation: a keyed function, a secret kept apart, a named
        pseudonymisation domain. 32 bytes are the output length of SHA-256 (RFC 2104, section 3).
    """

    key_id: str
    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if not _KEY_ID.fullmatch(self.key_id):
            raise ConfigError(
                "GP220",
                "the name of a pseudonym key is not usable.",
                remedy="Use lower-case letters, digits and hyphens, 32 at most.",
            )
        if len(self.secret) < _LEAST_SECRET_BYTES:
            raise ConfigError(
                "GP220",
                f"the secret of pseudonym key {self.key_id!r} has {len(self.secret)} bytes.",
                remedy=f"Use at least {_LEAST_SECRET_BYTES} random bytes.",
            )


def pseudonym(value: str, key: PseudonymKey, *, domain: str) -> str:
    """
    Return a pseudonym for *value* that is stable within *domain* and unlinkable across domains.

    It is HMAC-SHA-256, cut to 128 bits, under a key derived from *key* for *domain*: the same
    person has another pseudonym in another domain and under another key. Pseudonyms are still
    personal data (GDPR Art. 4(5)).

    Args:
        value: The identifier, taken as it stands.
        key: The secret and its name.
        domain: What the pseudonym is for, e.g. "records".

    Returns:
        `<key id>.<32 hexadecimal digits>`.

    Raises:
        ConfigError: GP220, if *domain* is empty.

    >>> key = PseudonymKey("2026-a", b"k" * 32)
    >>> pseudonym("a@example.org", key, domain="ads") == pseudonym(
    ...     "a@example.org", key, domain="records")
    False
    """
    if not domain:
        raise ConfigError("GP220", "a pseudonym needs a domain.", remedy="Name what it is for.")
    # The derivation is labelled, so that no domain key is ever the pseudonym of some value.
    label = b"guardedpersonalize pseudonym domain\0" + domain.encode()
    domain_key = hmac.digest(key.secret, label, hashlib.sha256)
    # Two lone surrogates must not meet in one pseudonym, nor break one.
    message = value.encode("utf-8", "surrogatepass")
    digest = hmac.digest(domain_key, message, hashlib.sha256)
    return f"{key.key_id}.{digest[:_PSEUDONYM_BYTES].hex()}"


def mask(value: str) -> str:
    """
    Return *value* with all but a hint of it covered.

    An address shows its first letter ("a•••@•••"), a number its last two digits ("•••42"), other
    text its first letter ("A•••"), and short values nothing ("•••"). The length is never shown. A
    mask is its own mask.

    >>> mask("ada@example.org"), mask("+44 1632 960 042"), mask("Al")
    ('a•••@•••', '•••42', '•••')
    """
    text = value.strip()
    if _MASKED.fullmatch(text):
        return text
    if "@" in text:
        local = text.partition("@")[0]
        return f"{_first(local, _LEAST_LOCAL_PART)}{_DOTS}@{_DOTS}"
    digits = [char for char in text if char.isdecimal()]
    if not any(map(str.isalpha, text)):
        shown = "".join(digits[-2:]) if len(digits) >= _LEAST_DIGITS else ""
        return f"{_DOTS}{shown}"
    return f"{_first(text, _LEAST_LETTERS)}{_DOTS}"


def _first(text: str, least: int) -> str:
    return text[0] if len(text) >= least and text[0].isalpha() else ""
