"""Twins: profiles that differ in whatever a message may not use, and in nothing that it may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from hypothesis import strategies as st

from guardedpersonalize.consent import FieldGrant, Grant, Reason
from guardedpersonalize.minimise import Context
from guardedpersonalize.profile import Catalogue, Field, Profile
from guardedpersonalize.testing.agreement import is_alike
from guardedpersonalize.testing.strategies.people import PRODUCTS, moments, values_of

__all__ = ["alikes", "twins"]

_ABOUT_THE_VALUE: Final = frozenset(
    {Reason.MISSING_VALUE, Reason.STALE_VALUE, Reason.VALUE_AGE_UNKNOWN}
)


@st.composite
def twins(
    draw: st.DrawFn, profile: Profile, grant: Grant, *, catalogue: Catalogue, context: Context
) -> Profile:
    """
    Return a strategy for profiles that agree with *profile* on what *grant* allows.

    What is not allowed takes any value at all, hostile ones too, or none. What is allowed takes a
    value that cannot be told apart at the level that is allowed. The one thing that is left to
    the caller is that ages can change a grant: compare with `disagreements`.

    Args:
        draw: Given by Hypothesis.
        profile: The profile.
        grant: What may be used of it.
        catalogue: The fields.
        context: What generalisers may know.
    """
    values: dict[str, object] = {}
    seen: dict[str, datetime] = {}
    for field in catalogue.values():
        name, granted = field.name, grant.fields[field.name]
        moment = profile.observed_at(name)
        if granted.is_allowed or granted.reason in _ABOUT_THE_VALUE:
            if name in profile:
                values[name] = draw(_same(field, profile.reveal(name), granted, context))
        elif draw(st.integers(0, 3)):
            values[name] = draw(values_of(field, hostile=draw(st.booleans())))
            moment = draw(st.none() | moments(grant.at))
        if moment is not None and name in values:
            seen[name] = moment
    return Profile(profile.recipient_id, values, observed_at=seen)


def _same(
    field: Field, raw: object, granted: FieldGrant, context: Context
) -> st.SearchStrategy[object]:
    if not granted.is_allowed:
        return st.just(raw)
    return alikes(field, raw, granted.level, context=context)


@st.composite
def alikes(draw: st.DrawFn, field: Field, raw: object, level: str, *, context: Context) -> object:
    """
    Return a strategy for raw values that cannot be told from *raw* at *level* and coarser levels.

    Args:
        draw: Given by Hypothesis.
        field: The field of the value.
        raw: The value.
        level: A level of the field's generaliser.
        context: What generalisers may know.
    """
    other = draw(_near(field, raw))
    return other if is_alike(field, raw, other, level, context=context) else raw


def _near(field: Field, raw: object) -> st.SearchStrategy[object]:
    """Draw a value that differs in what the coarse levels of *field* leave out."""
    if isinstance(raw, list | tuple) and field.generaliser == "product":
        return st.tuples(*(_product(item) for item in raw))
    move = _MOVES.get(field.generaliser or "")
    if move is not None and isinstance(raw, str | int | Decimal | date):
        return move(raw)
    return st.just(raw)


def _product(raw: object) -> st.SearchStrategy[object]:
    known = PRODUCTS.get(raw) if isinstance(raw, str) else None
    shelf = [sku for sku, each in PRODUCTS.items() if known and each.category == known.category]
    return st.sampled_from(shelf) if shelf else st.just(raw)


def _family(raw: object) -> st.SearchStrategy[object]:
    first = str(raw).rpartition(" ")[0]
    return st.sampled_from(("Byron", "de Morgan", "Babbage")).map(f"{first} {{}}".format)


def _address(raw: object) -> st.SearchStrategy[object]:
    street, comma, rest = str(raw).partition(",")
    streets = st.sampled_from((street, "9 Fern Road", "Flat 2", "10 Sample Street"))
    return streets.map(lambda new: f"{new}{comma}{rest}")


def _code(raw: object) -> st.SearchStrategy[object]:
    outward, space, _ = str(raw).partition(" ")
    return st.sampled_from(("4AP", "9ZZ", "1AA")).map(lambda end: f"{outward}{space}{end}")


def _identifier(raw: object) -> st.SearchStrategy[object]:
    text = str(raw)
    if "@" in text:
        return st.sampled_from((f"{text[0]}lan@example.net", f"{text[0]}nne.x@example.org"))
    return st.just(f"+44 7700 9000{text[-2:]}")


def _number(raw: object) -> st.SearchStrategy[object]:
    number = raw if isinstance(raw, int | Decimal) and not isinstance(raw, bool) else 0
    return st.integers(-6, 6).map(lambda step: max(number + step, type(number)(0)))


def _birth(raw: object) -> st.SearchStrategy[object]:
    born = raw if isinstance(raw, date) else date(1971, 3, 29)
    return st.builds(born.replace, year=st.integers(1950, 2000), day=st.integers(1, 28))


def _day(raw: object) -> st.SearchStrategy[object]:
    return st.builds(raw.replace, day=st.integers(1, 28)) if isinstance(raw, date) else st.just(raw)


def _time(raw: object) -> st.SearchStrategy[object]:
    if not isinstance(raw, datetime):
        return st.just(raw)
    return st.builds(raw.replace, minute=st.integers(0, 59), second=st.integers(0, 59))


_MOVES: Final[dict[str, Callable[[object], st.SearchStrategy[object]]]] = {
    "age": _number,
    "amount": _number,
    "birth_date": _birth,
    "full_name": _family,
    "identifier": _identifier,
    "place": _address,
    "postcode": _code,
    "product": _product,
    "tenure": _day,
    "time": _time,
    "visits": _number,
}
