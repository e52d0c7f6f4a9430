"""What generalisers may know besides the value: the moment, the language, the place, the pack."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Final, Literal, TypeAlias

from guardedpersonalize.errors import ConfigError
from guardedpersonalize.minimise.identifiers import PseudonymKey
from guardedpersonalize.minimise.products import ProductTree
from guardedpersonalize.minimise.words import Words, words_for

__all__ = ["Context", "Hemisphere"]

Hemisphere: TypeAlias = Literal["north", "south"]
"""Which half of the earth the seasons are told for."""

_SHAPES: Final = {
    "locale": re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*"),
    "country": re.compile(r"[A-Z]{2}"),
    "currency": re.compile(r"[A-Z]{3}"),
    "hemisphere": re.compile(r"north|south"),
    "pseudonym_domain": re.compile(r".{1,64}", re.DOTALL),
}
_OPTIONAL: Final = frozenset({"country", "currency"})


@dataclass(frozen=True, slots=True)
class Context:
    """
    What generalisers may know besides the value.

    Args:
        at: The moment of sending, with a time zone. Ages and tenures are counted up to it.
        products: The pack's product tree; without one no product is shown.
        pseudonym_key: Without one there are no pseudonyms.
        pseudonym_domain: What the pseudonyms are for.
        locale: Language of the message, e.g. "en" or "en-US". A language without words in
            `words.toml` gets none: values that would need them are omitted.
        country: ISO 3166 code to read postal codes by where their shape does not tell.
        currency: ISO 4217 code of amounts; None writes bare numbers.
        hemisphere: Of the reader, for seasons.
        zone: Time zone of the reader; None keeps the wall clock of each time.
        allow_proxies: Sensitive data categories that products may give away.

    Raises:
        ConfigError: GP204 for a moment without a zone, GP221 for another unusable option.
    """

    at: datetime
    products: ProductTree = field(default_factory=ProductTree)
    pseudonym_key: PseudonymKey | None = None
    pseudonym_domain: str = "slots"
    locale: str = "en"
    country: str | None = None
    currency: str | None = None
    hemisphere: Hemisphere = "north"
    zone: tzinfo | None = None
    allow_proxies: frozenset[str] = frozenset()
    words: Words | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.at.utcoffset() is None:
            raise ConfigError("GP204", "the moment of sending has no time zone.")
        for name, shape in _SHAPES.items():
            value = getattr(self, name)
            if value is None and name in _OPTIONAL:
                continue
            if not (isinstance(value, str) and shape.fullmatch(value)):
                raise ConfigError("GP221", f"the option {name!r} of a context is not usable.")
        object.__setattr__(self, "words", words_for(self.locale))

    def local(self, moment: datetime) -> datetime:
        """Return *moment* on the reader's clock; naive moments are on it already."""
        if self.zone is None or moment.utcoffset() is None:
            return moment
        return moment.astimezone(self.zone)
