"""Generalisers: each brings a value to a coarser level, never to a finer one than asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from guardedpersonalize.minimise import bands, dates, names, places
from guardedpersonalize.minimise.context import Context
from guardedpersonalize.minimise.identifiers import mask, pseudonym
from guardedpersonalize.vocabulary import EXACT, OMIT, Ladder, Technique, ladder, unknown_term

__all__ = ["GENERALISERS", "LONGEST_TEXT", "Coarse", "Generaliser", "Kind", "Plain", "generalise"]

Plain: TypeAlias = str | int | bool | date
"""What comes out: never a datetime, never a subclass."""

Kind: TypeAlias = Literal["text", "int", "bool", "date", "list"]
"""The type of a slot, as its declaration says it."""

LONGEST_TEXT: Final = 2000
"""Characters; longer text is given to no generaliser. The longest that a slot may be."""

_LONGEST_INT_BITS: Final = 64
_MOST_DECIMAL_DIGITS: Final = 40


@dataclass(frozen=True, slots=True)
class Coarse:
    """A value at a level. Its repr shows what was done, never the value."""

    value: Plain = field(repr=False)
    generaliser: str
    level: str


@dataclass(frozen=True, slots=True)
class Generaliser:
    """
    A way to make values coarser.

    Args:
        ladder: Its name, its levels (finest first) and where marketing starts.
        techniques: Level -> technique of ISO/IEC 20889, for all levels.
        function: `(value, level, context)` -> the coarse value, or None where the value cannot
            be brought there. Called for the levels between "exact" and "omit", and for "exact"
            where *is_coded*.
        coarser: `(value, level, context)` -> the same for a value that is coarse already.
        kinds: Level -> type of the coarse value; text where it is not listed.
        is_coded: True where even the exact level shows another text than the value.
    """

    ladder: Ladder
    techniques: Mapping[str, Technique]
    function: Callable[[object, str, Context], Plain | None]
    coarser: Callable[[Plain, str, Context], Plain | None]
    kinds: Mapping[str, Kind] = field(default_factory=lambda: MappingProxyType({}))
    is_coded: bool = False

    @property
    def name(self) -> str:
        """Its name, e.g. "birth_date"."""
        return self.ladder.name

    @property
    def levels(self) -> tuple[str, ...]:
        """Its levels, finest first."""
        return self.ladder.levels

    def __reduce__(self) -> tuple[Callable[[str], Generaliser], tuple[str]]:
        return _by_name, (self.name,)

    def apply(self, value: object, level: str, context: Context) -> Plain | None:
        """
        Return *value* at *level*; None for "omit" and for whatever cannot be read.

        Args:
            value: Whatever the profile holds.
            level: One of `levels`.
            context: What else there is to know.
        """
        if level == OMIT or (isinstance(value, str) and len(value) > LONGEST_TEXT):
            return None
        try:
            if level == EXACT and not self.is_coded:
                return _exact(value, context)
            return self.function(value, level, context)
        except (ArithmeticError, ValueError):
            # Dates at the end of time, numbers that are none, text that has no encoding.
            return None


def _by_name(name: str) -> Generaliser:
    return GENERALISERS[name]


def generalise(name: str, value: object, level: str, *, context: Context) -> Coarse | None:
    """
    Return *value* at *level* of the generaliser *name*.

    Doing it twice is doing it once: a `Coarse` at that level or a coarser one comes back as it is,
    and one that is finer is made coarser where that can be computed.

    Args:
        name: A key of `GENERALISERS`.
        value: A value as `Field.parse` returns it, or a `Coarse`; anything else is no value.
        level: A level of that generaliser.
        context: What else there is to know.

    Returns:
        The coarse value; None (leave it out) for "omit" and for whatever cannot be read.

    Raises:
        ConfigError: GP105, for an unknown generaliser or level. Never because of the value.
    """
    generaliser = GENERALISERS.get(name)
    if generaliser is None:
        raise unknown_term("generaliser", name, GENERALISERS)
    rank = generaliser.ladder.rank(level)
    if not isinstance(value, Coarse):
        return _hold(generaliser.apply(value, level, context), name, level)
    if value.generaliser != name or level == OMIT:
        return None
    if generaliser.ladder.rank(value.level) >= rank:
        return value
    coarser = generaliser.apply if value.level == EXACT else generaliser.coarser
    return _hold(coarser(value.value, level, context), name, level)


def _hold(value: Plain | None, name: str, level: str) -> Coarse | None:
    return None if value is None else Coarse(value, name, level)


def _exact(value: object, context: Context) -> Plain | None:
    """Return *value* as one of the plain types, free of subclasses that bring methods along."""
    if isinstance(value, str):
        return str.strip(value)
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value) if value.bit_length() <= _LONGEST_INT_BITS else None
    if isinstance(value, datetime):
        return dates.date_in_words(value, context)
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    return _written_out(value) if isinstance(value, float | Decimal) else None


def _written_out(value: float | Decimal) -> str | None:
    number = Decimal(repr(value)) if isinstance(value, float) else value
    # Written out in full, 1E+999999 would fill the memory.
    if not number.is_finite() or abs(number.adjusted()) > _MOST_DECIMAL_DIGITS:
        return None
    text = f"{number:f}"
    return text if len(text) <= LONGEST_TEXT else None


def _identifier(value: object, level: str, context: Context) -> str | None:
    text = _exact(value, context) if isinstance(value, str | int) else None
    if text is None or isinstance(text, bool):
        return None
    if level == "mask":
        return mask(str(text))
    key = context.pseudonym_key
    return pseudonym(str(text), key, domain=context.pseudonym_domain) if key else None


def _product(value: object, level: str, context: Context) -> str | None:
    return context.products.shown(value, level, allowed=context.allow_proxies)


def _department(category: Plain, _: str, context: Context) -> str | None:
    return context.products.department_of(category, allowed=context.allow_proxies)


def _nothing(*_: object) -> None:
    """No coarser value can be told from a coarse one, or there is no level between."""


def _generaliser(
    name: str,
    function: Callable[[object, str, Context], Plain | None],
    coarser: Callable[[Plain, str, Context], Plain | None] = _nothing,
    *,
    is_coded: bool = False,
    **techniques: Technique,
) -> Generaliser:
    """Put a generaliser on its ladder; levels without a technique of their own generalise."""
    rungs = ladder(name)
    known = {level: techniques.get(level, Technique.GENERALISATION) for level in rungs.levels}
    known |= {EXACT: Technique.NONE, OMIT: Technique.LOCAL_SUPPRESSION}
    kinds: dict[str, Kind] = {"yes_no": "bool"} if "yes_no" in rungs.levels else {}
    return Generaliser(
        rungs, MappingProxyType(known), function, coarser, MappingProxyType(kinds), is_coded
    )


GENERALISERS: Final[Mapping[str, Generaliser]] = MappingProxyType(
    {
        each.name: each
        for each in (
            _generaliser(
                "age",
                bands.age,
                lambda value, _, context: bands.coarser_age(value, context),
            ),
            _generaliser(
                "amount",
                bands.amount,
                lambda value, _, context: bands.coarser_amount(value, context),
                band=Technique.ROUNDING,
            ),
            _generaliser(
                "birth_date",
                dates.birth_date,
                lambda value, _, context: dates.quarter_of_month(value, context),
            ),
            _generaliser("full_name", lambda value, _, __: names.first_name(value)),
            _generaliser(
                "identifier",
                _identifier,
                mask=Technique.MASKING,
                pseudonym=Technique.PSEUDONYMISATION,
            ),
            _generaliser("place", lambda value, level, _: places.place(value, level)),
            _generaliser("postcode", places.postcode, places.coarser_postcode),
            _generaliser("product", _product, _department, is_coded=True),
            _generaliser(
                "tenure",
                bands.tenure,
                lambda value, _, context: bands.coarser_tenure(value, context),
            ),
            _generaliser("text", _nothing),
            _generaliser(
                "time",
                dates.when,
                lambda value, _, context: dates.season_of_month(value, context),
            ),
            _generaliser(
                "visits",
                bands.visits,
                lambda value, _, context: bands.coarser_visits(value, context),
            ),
        )
    }
)
"""Every generaliser by name, sorted; the names and levels are those of the vocabulary."""
