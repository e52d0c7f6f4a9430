"""Catalogues and profiles: fields of every kind, and people who do not exist."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from hypothesis import strategies as st

from guardedpersonalize.errors import UsageError
from guardedpersonalize.minimise import Product, ProductTree
from guardedpersonalize.profile import Catalogue, Field, FieldType, Profile
from guardedpersonalize.testing.strategies.texts import hostile_texts, names
from guardedpersonalize.vocabulary import Collection, Provenance, Source, category

__all__ = ["AT", "FIELD_NAMES", "PRODUCTS", "catalogues", "moments", "profiles", "values_of"]

AT: Final = datetime(2026, 11, 1, 9, tzinfo=UTC)
"""The moment that scenes play at, unless one is given."""

PRODUCTS: Final = ProductTree(
    {
        "SKU-1": Product("Copper trowel", "Hand tools", "Garden"),
        "SKU-2": Product("Steel fork", "Hand tools", "Garden"),
        "SKU-3": Product("Tulip bulbs", "Bulbs", "Garden"),
        "SKU-4": Product("Rain coat", "Coats", "Clothing"),
        "SKU-5": Product(
            "Long dress",
            "Maternity wear",
            "Clothing",
            proxy_of="user.health_and_medical.reproductive_or_sexual",
        ),
    }
)
"""Products that the product fields of `catalogues` know."""

# Name -> type, category. One at least for every type, every generaliser, and every kind of data
# that the law treats apart: ordinary, sensitive, special, proxy, criminal, the system's own.
_KINDS: Final = MappingProxyType(
    {
        "first_name": (FieldType.TEXT, "user.name.first"),
        "campaign": (FieldType.TEXT, "system.operations"),
        "city": (FieldType.TEXT, "user.contact.address.city"),
        "interests": (FieldType.LIST, "user.demographic.profile.interest"),
        "is_member": (FieldType.BOOL, "user.account.settings"),
        "visits": (FieldType.INT, "user.behavior.visits"),
        "birth_date": (FieldType.DATE, "user.demographic.date_of_birth"),
        "address": (FieldType.TEXT, "user.contact.address"),
        "age": (FieldType.INT, "user.demographic.age"),
        "cart": (FieldType.LIST, "user.behavior.cart"),
        "diagnosis": (FieldType.TEXT, "user.health_and_medical.condition"),
        "email": (FieldType.TEXT, "user.contact.email"),
        "full_name": (FieldType.TEXT, "user.name"),
        "hardship": (FieldType.BOOL, "user.financial.hardship"),
        "homepage": (FieldType.URL, "user.contact.url"),
        "income": (FieldType.DECIMAL, "user.financial.income"),
        "joined": (FieldType.DATE, "user.account.tenure"),
        "last_product": (FieldType.TEXT, "user.behavior.purchase_history"),
        "last_visit": (FieldType.DATETIME, "user.behavior.activity_time"),
        "maternity": (FieldType.TEXT, "user.behavior.purchase_history.maternity"),
        "note": (FieldType.TEXT, "user.content"),
        "places_left": (FieldType.INT, "system.operations"),
        "postcode": (FieldType.TEXT, "user.contact.address.postal_code"),
        "record": (FieldType.TEXT, "user.criminal_history"),
        "spent": (FieldType.DECIMAL, "user.behavior.purchase_history.amount"),
        "tier": (FieldType.ENUM, "user.account.loyalty_tier"),
    }
)

FIELD_NAMES: Final = tuple(sorted(_KINDS))
"""The fields that `catalogues` chooses from."""

_TIERS: Final = ("bronze", "silver", "gold")


def moments(at: datetime = AT, *, days: int = 1_000) -> st.SearchStrategy[datetime]:
    """
    Return a strategy for moments around *at*, most of them before it; it shrinks to the day before.

    Args:
        at: The moment, with a time zone.
        days: How far they may lie back.

    Raises:
        UsageError: GP501, if *at* has no time zone or *days* is below 1.
    """
    if at.utcoffset() is None:
        raise UsageError("GP501", "the moment has no time zone.")
    if days < 1:
        raise UsageError("GP501", f"days is {days}; at least 1 is needed.")
    before = st.integers(1, days).map(lambda count: at - timedelta(days=count))
    near = st.sampled_from((at, at + timedelta(hours=1), at + timedelta(days=3)))
    return before | before | before | near


@st.composite
def catalogues(
    draw: st.DrawFn, *, including: Sequence[str] = (), min_fields: int = 1, max_fields: int = 6
) -> Catalogue:
    """
    Return a strategy for catalogues.

    Args:
        draw: Given by Hypothesis.
        including: Names out of `FIELD_NAMES` that are always there.
        min_fields: Least number of fields.
        max_fields: Largest number of fields, those of *including* apart.

    Raises:
        UsageError: GP501, for a name that is not known, or bounds that no catalogue fits.
    """
    strange = sorted(set(including) - set(_KINDS))
    if strange:
        raise UsageError("GP501", f"there is no field {strange[0]!r} to include.")
    if not 0 <= min_fields <= max_fields <= len(_KINDS):
        raise UsageError("GP501", f"no catalogue has {min_fields} to {max_fields} fields.")
    chosen = draw(
        st.lists(
            st.sampled_from(tuple(_KINDS)), min_size=min_fields, max_size=max_fields, unique=True
        )
    )
    return Catalogue.of(draw(_fields(name)) for name in sorted({*chosen, *including}))


@st.composite
def _fields(draw: st.DrawFn, name: str) -> Field:
    kind, key = _KINDS[name]
    source = draw(st.sampled_from((Source.DATA_SUBJECT, Source.CONTROLLER, Source.THIRD_PARTY)))
    return Field(
        name,
        kind,
        category(key),
        draw(st.sampled_from(tuple(Provenance))),
        source,
        draw(st.sampled_from(tuple(Collection))),
        max_age_days=draw(st.sampled_from((None, 30))),
        values=_TIERS if kind is FieldType.ENUM else (),
        source_recorded=draw(st.sampled_from((None, "Example Lists Ltd"))),
    )


def values_of(field: Field, *, hostile: bool = False) -> st.SearchStrategy[object]:
    """
    Return a strategy for raw values of *field*: what its type takes, simple ones first.

    Args:
        field: A field of any catalogue.
        hostile: True for texts that try to leave their place, wherever the type lets them.
    """
    if field.type in {FieldType.TEXT, FieldType.LIST}:
        text = hostile_texts() if hostile else _texts_of(field)
        is_list = field.type is FieldType.LIST
        return st.lists(text, min_size=1, max_size=3) if is_list else text
    if field.type is FieldType.ENUM:
        return st.sampled_from(field.values)
    if field.generaliser in _BY_GENERALISER:
        return _BY_GENERALISER[field.generaliser]()
    return _BY_TYPE[field.type]()


def _texts_of(field: Field) -> st.SearchStrategy[str]:
    if field.name == "city":
        return st.sampled_from(("Leeds", "York", "Bath", "Île-de-Sein"))
    make = _TEXTS.get(field.generaliser or "")
    return make() if make else names() | st.text(_LETTERS, max_size=20)


_LETTERS: Final = st.characters(codec="utf-8", categories=["L", "Zs"])


def _dates(first: date, last: date) -> st.SearchStrategy[date]:
    return st.dates(first, last)


def _full_names() -> st.SearchStrategy[str]:
    family = st.sampled_from(("Lovelace", "Hopper", "Nightingale", "O'Neil", "van der Berg"))
    plain = st.tuples(names(), family).map(" ".join)
    return plain | plain.map("Dr {}".format) | family.map("Mrs {}".format)


def _postcodes() -> st.SearchStrategy[str]:
    return st.sampled_from(
        ("LS1 4AP", "LS1 4DT", "SW1A 1AA", "YO1 7HH", "ZE1 0AA", "DE-10115", "x")
    )


def _places() -> st.SearchStrategy[str]:
    return st.sampled_from(
        (
            "1 Rose Lane, LS1 4AP, Leeds, Yorkshire, United Kingdom",
            "2 Moss Lane, LS1 4DT, Leeds, Yorkshire, United Kingdom",
            ", , Bath, Somerset, United Kingdom",
            "Rose Cottage",
        )
    )


def _skus() -> st.SearchStrategy[str]:
    return st.sampled_from((*PRODUCTS, "SKU-0"))


def _identifiers() -> st.SearchStrategy[str]:
    return st.sampled_from(("ada@example.org", "grace.hopper@example.com", "+44 1632 960042"))


_TEXTS: Final[dict[str, Callable[[], st.SearchStrategy[str]]]] = {
    "full_name": _full_names,
    "identifier": _identifiers,
    "place": _places,
    "postcode": _postcodes,
    "product": _skus,
}

_BY_GENERALISER: Final[dict[str, Callable[[], st.SearchStrategy[object]]]] = {
    "age": lambda: st.integers(18, 90) | st.integers(0, 130),
    "birth_date": lambda: _dates(date(1950, 1, 1), date(2000, 12, 31)),
    "tenure": lambda: _dates(date(2015, 1, 1), date(2026, 12, 31)),
    "visits": lambda: st.integers(0, 40),
}

_BY_TYPE: Final[dict[FieldType, Callable[[], st.SearchStrategy[object]]]] = {
    FieldType.INT: lambda: st.integers(0, 200),
    FieldType.DECIMAL: lambda: st.decimals(0, 20_000, places=2),
    FieldType.DATE: lambda: _dates(date(1950, 1, 1), date(2030, 1, 1)),
    FieldType.DATETIME: lambda: st.datetimes(
        datetime(2020, 1, 1),  # noqa: DTZ001
        datetime(2026, 12, 31),  # noqa: DTZ001
        timezones=st.just(UTC),
    ),
    FieldType.BOOL: st.booleans,
    FieldType.URL: lambda: st.sampled_from(("https://example.org/ada", "http://example.com")),
}

_BLANK: Final = (None, "", "  ", "N/A", "null")
_MALFORMED: Final = (-1, 3.5, True, "1971-02-30", Decimal("1E+30"), "\ud800", ("a", "b"))


@st.composite
def profiles(
    draw: st.DrawFn,
    catalogue: Catalogue,
    *,
    hostile: bool = False,
    person: str = "r-1",
    at: datetime = AT,
) -> Profile:
    """
    Return a strategy for profiles of one person with fields of *catalogue*.

    Most fields have a value that fits; some have none, a blank one, or one that does not fit. When
    they were observed is recent, long ago, in the future or not known.

    Args:
        draw: Given by Hypothesis.
        catalogue: The fields.
        hostile: True for texts that try to leave their place.
        person: The recipient's id.
        at: The moment that "recent" is reckoned from.
    """
    values: dict[str, object] = {}
    seen: dict[str, datetime] = {}
    for field in catalogue.values():
        fate = draw(st.integers(0, 9))
        if fate == _FATE_ABSENT:
            continue
        values[field.name] = draw(_raw(field, fate, hostile=hostile))
        if draw(st.integers(0, 9)) != _FATE_ABSENT:
            seen[field.name] = draw(st.just(at - timedelta(hours=5)) | moments(at))
    return Profile(person, values, observed_at=seen)


_FATE_ABSENT, _FATE_BLANK, _FATE_MALFORMED = 9, 8, 7


def _raw(field: Field, fate: int, *, hostile: bool) -> st.SearchStrategy[object]:
    if fate == _FATE_BLANK:
        return st.sampled_from(_BLANK)
    if fate == _FATE_MALFORMED:
        return st.sampled_from(_MALFORMED)
    return values_of(field, hostile=hostile)
