"""Where JSON and TOML become dataclasses: strict, every problem at once, and no value quoted."""

from __future__ import annotations

import dataclasses
import functools
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, TypeVar, cast, get_args, get_type_hints

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import to_json

from guardedpersonalize.errors import ConsentError
from guardedpersonalize.vocabulary import nearest

__all__ = ["STRICT", "Fault", "adapter", "aware", "dump", "faults_of", "listed", "load"]

T = TypeVar("T")

STRICT: Final = ConfigDict(extra="forbid", hide_input_in_errors=True)
"""`__pydantic_config__` of every shape that is read from a file or from JSON."""

# More than these are counted, not listed: a broken export repeats one fault a thousand times.
_LISTED: Final = 20

Fault = tuple[str, str]
"""The kind of a fault (pydantic's type, or a code of ours) and a sentence with its place."""


def adapter(shape: type[T]) -> TypeAdapter[T]:
    """Return the reader of *shape*, built once."""
    found: TypeAdapter[T] = _adapter(cast("Any", shape))  # a type is hashable; mypy doubts it
    return found


@functools.cache
def _adapter(shape: Any) -> TypeAdapter[Any]:  # noqa: ANN401  # a cache forgets its types
    return TypeAdapter(shape)


def aware(moment: datetime) -> datetime:
    """
    Return *moment* in UTC.

    Raises:
        ConsentError: GP204, if it has no time zone or is no time at all.
    """
    if isinstance(moment, datetime) and moment.tzinfo is UTC:
        return moment
    # A tzinfo may be there and still not know its offset.
    if not isinstance(moment, datetime) or moment.utcoffset() is None:
        raise ConsentError(
            "GP204",
            "a date and time has no time zone.",
            remedy="Write it with Z or an offset, as in '2026-11-01T09:00:00Z'.",
        )
    try:
        return moment.astimezone(UTC)
    except OverflowError:  # the first or last day that a date can hold
        return moment.replace(tzinfo=UTC)


def load(shape: type[T], raw: str | bytes | Mapping[str, Any]) -> T:
    """
    Read *raw*, JSON text or what one was read into, as *shape*.

    Raises:
        ConsentError: GP203 and its neighbours, with the place and kind of every fault.
    """
    # Back to JSON, so that a mapping is read as strictly as a text: "1" is no number there.
    text = _normalised(raw)
    if text is None:
        raise ConsentError("GP203", "the consent is not valid JSON, or gives a key twice.")
    try:
        return adapter(shape).validate_json(text, strict=True)
    except ValidationError as err:
        faults = faults_of(err, shape)
    raise _unreadable(faults)


def dump(value: object) -> dict[str, Any]:
    """Return *value*, one of the shapes, as a mapping for `json.dumps`; defaults are left out."""
    # Without warnings, which would show the value that they are about.
    plain: dict[str, Any] = adapter(type(value)).dump_python(
        value, mode="json", exclude_defaults=True, warnings=False
    )
    return plain


def _normalised(raw: object) -> bytes | None:
    try:
        if isinstance(raw, str | bytes):
            raw = json.loads(raw, object_pairs_hook=_unique)
        return to_json(raw)
    except (ValueError, RecursionError):
        return None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        # Which of the two counts is a guess, and one of them may be a withdrawal.
        raise ValueError("a key is given twice")
    return found


def _unreadable(faults: list[Fault]) -> ConsentError:
    codes = {kind if kind.startswith("GP") else "GP203" for kind, _ in faults}
    code = codes.pop() if len(codes) == 1 else "GP203"
    return ConsentError(code, f"the consent cannot be read: {listed(faults)}.")


def listed(faults: list[Fault]) -> str:
    """Return the sentences of *faults* in one line; past the twentieth they are only counted."""
    said = [sentence for _, sentence in faults[:_LISTED]]
    more = len(faults) - len(said)
    return "; ".join(said) + (f"; and {more} more" if more else "")


def faults_of(err: ValidationError, shape: type) -> list[Fault]:
    """
    Return the faults of *err* in reading order, as place and kind.

    A key that is not known is not shown, for it may be anything; the nearest known one is.
    """
    errors = err.errors(include_input=False, include_url=False)
    # A list whose items are wrong is then also too short; that adds nothing.
    inner = {error["loc"][:-1] for error in errors}
    return [
        _fault(error["loc"], error["type"], error["msg"], shape)
        for error in errors
        if error["type"] != "too_short" or error["loc"] not in inner
    ]


def _fault(loc: tuple[int | str, ...], kind: str, message: str, shape: type) -> Fault:
    place, keys = _walk(loc, shape)
    if kind == "unexpected_keyword_argument":
        close = nearest(loc[-1], keys)
        hint = f", did you mean {close!r}?" if close else f" (known: {', '.join(sorted(keys))})"
        return kind, f"{place or 'the top'}: a key is not known here{hint}"
    # Codes of ours come with a sentence of ours; pydantic's sentences may quote.
    what = message if kind.startswith("GP") else _WORDS.get(kind, f"does not fit ({kind})")
    return kind, f"{place or 'the top'}: {what}"


_WORDS: Final = {
    "enum": "is not one of the known terms (enum)",
    "missing": "is missing",
}


def _walk(loc: Iterable[int | str], shape: type) -> tuple[str, list[str]]:
    """Return the part of *loc* that is made of known keys, and the keys known at its end."""
    place: list[str] = []
    for part in loc:
        hints = _hints(shape)
        if isinstance(part, int):
            place.append(str(part))
        elif part in hints:
            place.append(part)
            shape = _shape_in(hints[part]) or shape
    return ".".join(place), list(_hints(shape))


@functools.cache
def _hints(shape: type) -> dict[str, Any]:
    hints = get_type_hints(shape)
    return {field.name: hints[field.name] for field in dataclasses.fields(shape)}


def _shape_in(hint: object) -> type | None:
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return hint
    inner = (_shape_in(part) for part in get_args(hint))
    return next((shape for shape in inner if shape is not None), None)
