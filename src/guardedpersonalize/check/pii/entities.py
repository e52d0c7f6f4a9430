"""The kinds of personal identifiers that the pattern detector knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

__all__ = ["ENTITIES", "Entity"]


@dataclass(frozen=True, slots=True)
class Entity:
    """
    A kind of personal identifier.

    Args:
        key: The name that detections carry.
        presidio: The name under which Presidio knows it, or the nearest that it has.
        title: What it is, for people, as in "an e-mail address".
    """

    key: str
    presidio: str
    title: str


_ROWS: Final = (
    Entity("URL_CREDENTIALS", "URL", "a link with a user name and a password"),
    Entity("CREDIT_CARD", "CREDIT_CARD", "a payment card number"),
    Entity("IBAN_CODE", "IBAN_CODE", "a bank account number"),
    Entity("US_SSN", "US_SSN", "a US social security number"),
    Entity("US_ITIN", "US_ITIN", "a US taxpayer number"),
    Entity("UK_NINO", "UK_NINO", "a UK national insurance number"),
    Entity("UK_NHS", "UK_NHS", "an NHS number"),
    Entity("EMAIL_ADDRESS", "EMAIL_ADDRESS", "an e-mail address"),
    Entity("DATE_OF_BIRTH", "DATE_TIME", "a date of birth"),
    Entity("PHONE_NUMBER", "PHONE_NUMBER", "a phone number"),
    Entity("STREET_ADDRESS", "LOCATION", "a postal address"),
    Entity("UK_POSTCODE", "UK_POSTCODE", "a UK postcode"),
    Entity("IP_ADDRESS", "IP_ADDRESS", "an IP address"),
    Entity("MAC_ADDRESS", "MAC_ADDRESS", "the address of a device"),
    Entity("AGE", "AGE", "an age"),
)

ENTITIES: Final[Mapping[str, Entity]] = MappingProxyType({row.key: row for row in _ROWS})
"""Key -> entity, the more telling first: of two equal hits on one place the first is kept."""
