"""Reading raw values: one total function a field type; None where a value does not fit."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["PARSERS", "FieldType", "Value", "fixed_offset", "parse_datetime"]

Value: TypeAlias = str | int | Decimal | date | datetime | bool | tuple[str, ...]
"""What a field's value is once it has been read: plain, immutable and of one of these types."""


class FieldType(StrEnum):
    """The type of a field's values."""

    TEXT = "text"
    INT = "int"
    DECIMAL = "decimal"
    DATE = "date"
    DATETIME = "datetime"
    BOOL = "bool"
    ENUM = "enum"
    URL = "url"
    LIST = "list"


# Years in which people of today were born or will be written to. A house choice: it catches
# "0001-01-01" and "9999-12-31", which systems write for "unknown".
_YEARS: Final = range(1900, 2201)

# A count or an amount of more than 18 digits is no quantity of a person's life, and printing very
# long integers raises.
_DIGITS: Final = 18

_INT: Final = re.compile(rf"[+-]?[0-9]{{1,{_DIGITS}}}")
_DECIMAL: Final = re.compile(rf"[+-]?[0-9]{{1,{_DIGITS}}}(?:\.[0-9]{{1,{_DIGITS}}})?")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATETIME: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?"
    r"(?:Z|[+-][0-9]{2}:[0-9]{2})"
)
# The characters of RFC 3986, so no spaces, quotes, angle brackets, backslashes or controls.
_URL: Final = re.compile(r"https?://[A-Za-z0-9\-._~:/?#\[\]!$&'()*+,;=%]+", re.IGNORECASE)

_TRUTH: Final = {
    "true": True,
    "1": True,
    "yes": True,
    "false": False,
    "0": False,
    "no": False,
}


def _text(raw: object, _: Sequence[str]) -> str | None:
    return raw if type(raw) is str else None


def _int(raw: object, _: Sequence[str]) -> int | None:
    if type(raw) is str:
        text = raw.strip()
        return int(text) if _INT.fullmatch(text) else None
    if type(raw) is int:
        return raw if abs(raw) < 10**_DIGITS else None
    # Columns with gaps arrive as floats or decimals: 3.0 is three, 3.5 is no count.
    number = _decimal(raw, ()) if type(raw) in {float, Decimal} else None
    return int(number) if number is not None and number == number.to_integral_value() else None


def _decimal(raw: object, _: Sequence[str]) -> Decimal | None:
    if type(raw) is str:
        text = raw.strip()
        return Decimal(text) if _DECIMAL.fullmatch(text) else None
    if type(raw) is int:
        return Decimal(raw) if abs(raw) < 10**_DIGITS else None
    if type(raw) is float:
        return _bounded(Decimal(repr(raw)))
    return _bounded(raw) if type(raw) is Decimal else None


def _bounded(number: Decimal) -> Decimal | None:
    # Written out in full, 1E+999999 would fill the memory.
    if not number.is_finite():
        return None
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)  # noqa: S101  # it is a letter for nan and inf only
    return number if exponent >= -_DIGITS * 2 and number.adjusted() < _DIGITS else None


def _date(raw: object, _: Sequence[str]) -> date | None:
    if type(raw) is date:
        return raw if raw.year in _YEARS else None
    text = raw.strip() if type(raw) is str else ""
    if not _DATE.fullmatch(text):
        return None
    try:
        return _date(date.fromisoformat(text), ())
    except ValueError:  # 30 February
        return None


def _datetime(raw: object, _: Sequence[str]) -> datetime | None:
    moment = parse_datetime(raw)
    return moment if moment is not None and moment.year in _YEARS else None


def parse_datetime(raw: object) -> datetime | None:
    """Return *raw*, a datetime or ISO 8601 text, as an aware datetime; None if it is none."""
    if type(raw) is datetime:
        return fixed_offset(raw)
    text = raw.strip() if type(raw) is str else ""
    if not _DATETIME.fullmatch(text):
        return None
    try:
        return fixed_offset(datetime.fromisoformat(text))
    except ValueError:  # 25 o'clock
        return None


def fixed_offset(moment: datetime) -> datetime | None:
    """
    Return *moment* with its offset from UTC in place of its time zone; None if it is naive.

    The wall clock stays. Time zones of any make become the one kind that always pickles.
    """
    try:
        offset = moment.utcoffset()
    except Exception:  # noqa: BLE001  # tzinfo is foreign code
        return None
    if not isinstance(offset, timedelta):
        return None
    return moment.replace(tzinfo=timezone(offset), fold=0)


def _bool(raw: object, _: Sequence[str]) -> bool | None:
    if type(raw) is bool:
        return raw
    return _TRUTH.get(raw.strip().lower()) if type(raw) is str else None


def _enum(raw: object, options: Sequence[str]) -> str | None:
    text = raw.strip() if type(raw) is str else None
    return text if text in options else None


def _url(raw: object, _: Sequence[str]) -> str | None:
    text = raw.strip() if type(raw) is str else ""
    if not _URL.fullmatch(text):
        return None
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018  # reading it checks it
    except ValueError:
        return None
    # A name before the host ("https://shop.example@evil.example") is how links deceive.
    return text if parts.hostname and "@" not in parts.netloc else None


def _list(raw: object, _: Sequence[str]) -> tuple[str, ...] | None:
    items = _items(raw.strip()) if type(raw) is str else raw
    if not isinstance(items, list | tuple):
        return None
    return tuple(items) if all(type(item) is str for item in items) else None


def _items(text: str) -> object:
    if not text.startswith("["):
        return [item.strip() for item in text.split(";") if item.strip()]
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


PARSERS: Final[dict[FieldType, Callable[[object, Sequence[str]], Value | None]]] = {
    FieldType.TEXT: _text,
    FieldType.INT: _int,
    FieldType.DECIMAL: _decimal,
    FieldType.DATE: _date,
    FieldType.DATETIME: _datetime,
    FieldType.BOOL: _bool,
    FieldType.ENUM: _enum,
    FieldType.URL: _url,
    FieldType.LIST: _list,
}
"""For each type the function `(raw, options) -> value`, or None where *raw* does not fit."""
