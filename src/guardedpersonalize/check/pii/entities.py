"""The kinds of personal identifiers that the pattern detector knows."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from guardedpersonalize.check.pii.rows import Group, load_rows

__all__ = ["DECLARED", "ENTITIES", "Entity"]


@dataclass(frozen=True, slots=True)
class Entity:
    """
    A kind of personal identifier.

    Args:
        key: The name that detections carry.
        presidio: The name under which Presidio knows it, or the nearest that it has.
        title: What it is, for people, as in "an e-mail address".
        group: What kind of identifier it is; rules name groups.
    """

    key: str
    presidio: str
    title: str
    group: Group


_ROWS: Final = (
    Entity("URL_CREDENTIALS", "URL", "a link with a user name and a password", "secret"),
    Entity("CREDIT_CARD", "CREDIT_CARD", "a payment card number", "bank"),
    Entity("IBAN_CODE", "IBAN_CODE", "a bank account number", "bank"),
    Entity("US_SSN", "US_SSN", "a US social security number", "state"),
    Entity("US_ITIN", "US_ITIN", "a US taxpayer number", "state"),
    Entity("UK_NINO", "UK_NINO", "a UK national insurance number", "state"),
    Entity("UK_NHS", "UK_NHS", "an NHS number", "health"),
    Entity("EMAIL_ADDRESS", "EMAIL_ADDRESS", "an e-mail address", "contact"),
    Entity("DATE_OF_BIRTH", "DATE_TIME", "a date of birth", "birth"),
    Entity("PHONE_NUMBER", "PHONE_NUMBER", "a phone number", "contact"),
    Entity("STREET_ADDRESS", "LOCATION", "a postal address", "place"),
    Entity("UK_POSTCODE", "UK_POSTCODE", "a UK postcode", "place"),
    Entity("IP_ADDRESS", "IP_ADDRESS", "an IP address", "device"),
    Entity("MAC_ADDRESS", "MAC_ADDRESS", "the address of a device", "device"),
    Entity("AGE", "AGE", "an age", "birth"),
)

DECLARED: Final = ("ACCOUNT_ID", "ORDER_NUMBER", "USER_NAME", "VEHICLE_PLATE")
"""Kinds that a pack may declare a pattern for: whose they are cannot be told by shape alone."""
_DECLARED_ROWS: Final = (
    Entity("ACCOUNT_ID", "ACCOUNT_ID", "a number of a customer or an account", "account"),
    Entity("ORDER_NUMBER", "ORDER_NUMBER", "an order number", "account"),
    Entity("VEHICLE_PLATE", "UK_VEHICLE_REGISTRATION", "a number plate", "vehicle"),
)


class _Entities(Mapping[str, Entity]):
    """All kinds; those of the data files are read when first asked for."""

    def __getitem__(self, key: str) -> Entity:
        return _all()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(_all())

    def __len__(self) -> int:
        return len(_all())


@functools.cache
def _all() -> dict[str, Entity]:
    rows = [Entity(row.entity, row.entity, row.title, row.group) for row in load_rows()]
    found: dict[str, Entity] = {}
    for entity in (*_ROWS, *rows, *_DECLARED_ROWS):
        found.setdefault(entity.key, entity)
    return found


ENTITIES: Final[Mapping[str, Entity]] = _Entities()
"""Key -> entity, the more telling first: of two equal hits on one place the first is kept."""
