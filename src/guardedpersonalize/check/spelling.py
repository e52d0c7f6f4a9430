"""What a spelling of a value is, and how it shows the value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["EchoKind", "Spelling"]


class EchoKind(StrEnum):
    """How a value shows itself; where one place fits several, the first counts."""

    WHOLE = "whole"
    """The whole value, whatever its case, accents, spaces and hyphens."""
    DATE = "date"
    """A date in another format."""
    DAY_AND_MONTH = "day_and_month"
    """The day and month of a date, its year left out."""
    PHONE = "phone"
    """A phone number with or without its country code."""
    EMAIL = "email"
    """An e-mail address spelt out."""
    NUMBER = "number"
    """A number or an amount, with or without separators."""
    REVERSED = "reversed"
    """A name with the last name first."""
    ITEM = "item"
    """One item of a list."""
    ENCODED = "encoded"
    """The value percent-encoded, with character references or in base64."""
    HASHED = "hashed"
    """The usual hash of an e-mail address."""
    COMPONENT = "component"
    """A distinctive word or piece of a name, an address or another value of several words."""
    PASSAGE = "passage"
    """Several words in a row of a longer text."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """
    A run of folded words.

    Args:
        text: The words without anything between them.
        kind: How the value shows itself by it.
        required: Places inside `text` where the words must be parted.
        allowed: Places where they may be; None for anywhere.
        is_proper: It counts only where it starts with a capital.
    """

    text: str
    kind: EchoKind
    required: frozenset[int] = frozenset()
    allowed: frozenset[int] | None = None
    is_proper: bool = False
