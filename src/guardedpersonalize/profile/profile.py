"""A profile: what is known about one person, in a holder that does not print."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final, NoReturn, TypeAlias, cast, final

from guardedpersonalize.errors import ProfileError, sealed
from guardedpersonalize.profile.catalogue import is_plain_name
from guardedpersonalize.profile.parse import fixed_offset, parse_datetime

__all__ = ["Profile", "is_blank"]

Plain: TypeAlias = str | int | float | Decimal | bool | date | datetime | tuple[str, ...] | None

# What systems write into a field that has no value.
_NOTHING: Final = frozenset({"null", "none", "nan", "n/a", "undefined"})
_LONGEST: Final = max(map(len, _NOTHING))

_PLAIN: Final = frozenset({str, int, bool, date, type(None)})
_NUMBERS: Final = frozenset({float, Decimal})

_JSON_KEYS: Final = frozenset({"recipient_id", "values", "observed_at"})


def is_blank(value: object) -> bool:
    """
    Tell whether *value* stands for no value.

    None, white space, "null", "none", "nan", "n/a" and "undefined" in any case, a number that is
    not a number, and a list of nothing but these.

    >>> is_blank(" N/A "), is_blank("Nan Goldin"), is_blank([])
    (True, False, True)
    """
    if isinstance(value, str):
        return _is_blank_text(value)
    if isinstance(value, float):
        return value != value  # noqa: PLR0124  # only nan differs from itself
    if isinstance(value, Decimal):
        return value.is_nan()
    if isinstance(value, list | tuple):
        return all(item is None or (isinstance(item, str) and is_blank(item)) for item in value)
    return value is None


def _is_blank_text(value: str) -> bool:
    text = value.strip()
    return len(text) <= _LONGEST and (not text or text.casefold() in _NOTHING)


@final
class Profile:
    """
    What is known about one person. It shows the names and types of its fields, never a value.

    Values are opened one at a time with `reveal`. A profile cannot be changed; it compares,
    copies and pickles, and has no hash.

    Args:
        recipient_id: Who it is about; any text, never shown.
        values: Field name -> str, int, float, Decimal, bool, date, datetime, None or a list of str.
            A number that is not a number becomes None, a time zone becomes an offset.
        observed_at: Field name -> when the value was observed, with a time zone.

    Raises:
        ProfileError: GP202 for a value of another type, GP204 for a time without a zone, GP206 for
            a name that is not a plain name, GP207 for an empty id, GP208 for a wrong shape.

    >>> Profile("r-1", {"first_name": "Ada", "orders": 3})
    Profile(first_name: str, orders: int)
    """

    __slots__ = ("_held", "_observed", "_recipient_id", "_values")

    _held: frozenset[str]
    _observed: dict[str, datetime]
    _recipient_id: str
    _values: dict[str, Plain]

    @sealed
    def __init__(
        self,
        recipient_id: str,
        values: Mapping[str, object],
        *,
        observed_at: Mapping[str, datetime] | None = None,
    ) -> None:
        if type(recipient_id) is not str or not recipient_id.strip():
            raise ProfileError("GP207", "the recipient's id is missing or is not text.")
        held = {name: _plain(name, value) for name, value in _pairs(values)}
        seen = {name: _moment(name, moment) for name, moment in _pairs(observed_at or {})}
        full = frozenset([name for name, value in held.items() if not is_blank(value)])
        _fill(self, full, recipient_id, held, seen)

    @property
    def recipient_id(self) -> str:
        """Who the profile is about. Personal: hand it on, do not print it."""
        return self._recipient_id

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields, sorted."""
        return tuple(self._values)

    @property
    def held(self) -> frozenset[str]:
        """The names of the fields whose value is not blank; see `is_blank`."""
        return self._held

    def reveal(self, name: str) -> Plain:
        """
        Open one field and return its value as it was given.

        Raises:
            ProfileError: GP205, if the profile does not hold *name*.
        """
        try:
            return self._values[name]
        except (KeyError, TypeError):
            pass  # what is raised from in here would hold the name
        del name  # not `sealed`, which would cost more than the rest; a frame shows what it holds
        count = f"{len(self._values)} field{'s' * (len(self._values) != 1)}"
        message = f"the profile does not hold the field that was asked for; it holds {count}."
        raise ProfileError("GP205", message)

    def observed_at(self, name: str) -> datetime | None:
        """Return when the value of *name* was observed, in UTC, or None if that is not known."""
        return self._observed.get(name)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name in self._values

    @classmethod
    @sealed
    def from_json(cls, raw: str | bytes | Mapping[str, Any]) -> Profile:
        """
        Read `{"recipient_id": ..., "values": {...}, "observed_at": {...}}`.

        Args:
            raw: A JSON text or what one was read into. `observed_at` may be left out; its times
                are ISO 8601 text.

        Raises:
            ProfileError: As for the class; GP208 also for what is no such JSON.
        """
        data = _load(raw) if isinstance(raw, str | bytes) else raw
        if not isinstance(data, Mapping) or not _JSON_KEYS.issuperset(data):
            raise _wrong_shape()
        if "recipient_id" not in data or "values" not in data:
            raise _wrong_shape()
        seen = data.get("observed_at")
        return cls(data["recipient_id"], data["values"], observed_at=seen)

    def to_json(self) -> dict[str, Any]:
        """
        Return the profile, opened, as a mapping that `json.dumps` takes and `from_json` reads.

        Dates, times and decimals become text; `Field.parse` reads them alike.
        """
        values = {name: _json(value) for name, value in self._values.items()}
        seen = {name: moment.isoformat() for name, moment in self._observed.items()}
        return {"recipient_id": self._recipient_id, "values": values, "observed_at": seen}

    def __repr__(self) -> str:
        inner = ", ".join(f"{name}: {_type(value)}" for name, value in self._values.items())
        return f"Profile({inner})"

    def __format__(self, spec: str) -> str:
        return format(repr(self), spec)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Profile):
            return NotImplemented
        # With types, for True is not 1 and a decimal is not a float here.
        return self._key() == other._key()

    __hash__ = None  # type: ignore[assignment]  # a hash would be a fingerprint of the person

    def _key(self) -> tuple[object, ...]:
        types = [type(value) for value in self._values.values()]
        return self._recipient_id, self._values, types, self._observed

    @sealed
    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise _frozen()

    @sealed
    def __delattr__(self, name: str) -> NoReturn:
        raise _frozen()

    def __copy__(self) -> Profile:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Profile:
        return self

    def __reduce__(self) -> tuple[Callable[..., Profile], tuple[object, ...]]:
        return _restore, (self._recipient_id, self._values, self._observed, self._held)

    def __getstate__(self) -> NoReturn:
        # Generic serialisers ask for it; pickle and copy use __reduce__.
        raise _closed()


def _restore(
    recipient_id: str, values: dict[str, Plain], seen: dict[str, datetime], held: frozenset[str]
) -> Profile:
    """Return a profile again that was one: there is nothing to be looked into."""
    profile = object.__new__(Profile)
    _fill(profile, held, recipient_id, values, seen)
    return profile


def _fill(
    profile: Profile,
    held: frozenset[str],
    recipient_id: str,
    values: dict[str, Plain],
    seen: dict[str, datetime],
) -> None:
    object.__setattr__(profile, "_held", held)
    object.__setattr__(profile, "_recipient_id", recipient_id)
    object.__setattr__(profile, "_values", values)
    object.__setattr__(profile, "_observed", seen)


def _pairs(mapping: Mapping[str, object]) -> list[tuple[str, object]]:
    if not isinstance(mapping, Mapping):
        raise _wrong_shape()
    if not all(map(is_plain_name, mapping)):
        raise ProfileError(
            "GP206",
            "a field's name in the profile is not a plain name.",
            remedy="Use the names of the catalogue: letters, digits and '_'.",
        )
    return sorted(mapping.items())


def _plain(name: str, value: object) -> Plain:
    # Exact types: a subclass of str can print itself, escape itself or both.
    kind = type(value)
    if kind in _PLAIN:
        return cast("Plain", value)
    if kind in _NUMBERS:
        return None if is_blank(value) else cast("Plain", value)
    if isinstance(value, datetime) and kind is datetime:
        return _zoned(value)
    if isinstance(value, list | tuple) and all(type(item) is str for item in value):
        return tuple(value)
    raise ProfileError(
        "GP202",
        f"field {name!r} holds a value of type {kind.__name__!r}.",
        remedy="Give text, a number, a date, true or false, or a list of texts.",
    )


def _zoned(moment: datetime) -> datetime:
    # Without a zone it stays as it is: the field's parser is the judge of that.
    return fixed_offset(moment) or moment.replace(tzinfo=None, fold=0)


def _moment(name: str, raw: object) -> datetime:
    moment = parse_datetime(raw)
    if moment is None:
        raise ProfileError(
            "GP204",
            f"the time at which field {name!r} was observed has no time zone or is no time.",
            remedy="Write it as YYYY-MM-DDThh:mm:ss with Z or an offset.",
        )
    return _utc(moment)


def _utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:  # the first or last day that a date can hold
        return moment.replace(tzinfo=UTC)


def _json(value: Plain) -> object:
    if isinstance(value, date | Decimal):
        return value.isoformat() if isinstance(value, date) else str(value)
    if isinstance(value, float) and value in {float("inf"), float("-inf")}:
        return str(value)  # JSON has no infinity
    return list(value) if isinstance(value, tuple) else value


def _load(raw: str | bytes) -> object:
    try:
        return json.loads(raw, object_pairs_hook=_unique)
    except (ValueError, RecursionError):
        return None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is given twice")
    return found


def _type(value: Plain) -> str:
    return "None" if value is None else type(value).__name__


def _wrong_shape() -> ProfileError:
    return ProfileError(
        "GP208",
        "the profile has the wrong shape.",
        remedy='Give an object with "recipient_id", "values" and, if you like, "observed_at".',
    )


def _frozen() -> ProfileError:
    return ProfileError(
        "GP209", "a profile cannot be changed.", remedy="Make a new one from the new values."
    )


def _closed() -> ProfileError:
    return ProfileError(
        "GP209",
        "a profile does not hand out its state.",
        remedy="Open fields with reveal(), or the whole with to_json().",
    )
