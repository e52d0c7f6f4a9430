"""The parts of a consent record: events, data, parties, the notice; in ISO/IEC TS 27560 names."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Annotated, Any, ClassVar, Final, TypeVar

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
)
from pydantic_core import PydanticCustomError

from guardedpersonalize.consent.duration import Duration
from guardedpersonalize.consent.edge import STRICT, aware
from guardedpersonalize.consent.frozen import Terse
from guardedpersonalize.errors import ConfigError, ConsentError, GuardError, sealed_init
from guardedpersonalize.vocabulary import ConsentStatus, ConsentType, category, purpose, term

__all__ = [
    "ConsentEvent",
    "Guardian",
    "Id",
    "Jurisdiction",
    "Moment",
    "Party",
    "PiiInformation",
    "PrivacyNotice",
    "PurposeKey",
    "Text",
    "Texts",
    "at_edge",
    "in_order",
    "jurisdiction_code",
    "many",
    "member",
    "optional",
    "purpose_key",
    "put",
]

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

_MOMENT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?"
    r"(?:Z|[+-][0-9]{2}:[0-9]{2})?"
)

# ISO 3166-1, with a subdivision of ISO 3166-2 where one is meant.
_JURISDICTION: Final = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?")
# The European institutions write two countries in their own way.
_EVERYDAY: Final = {"EL": "GR", "UK": "GB"}


def purpose_key(key: str) -> str:
    """Return the key of the purpose *key* as the vocabulary spells it; GP213 if it has none."""
    return _term(lambda: purpose(key).key, "a purpose")


def _category_key(key: str) -> str:
    return _term(lambda: category(key).key, "a data category")


def _term(look_up: Callable[[], T], what: str) -> T:
    try:
        return look_up()
    except ConfigError as err:
        remedy = err.remedy
    # The vocabulary quotes the word; here it may be anything.
    raise ConsentError("GP213", f"{what} is not in the vocabulary.", remedy=remedy)


def member(kind: type[E], name: object) -> E:
    """Return the member of the enum *kind* that is called *name*; GP213 if there is none."""
    return _term(lambda: term(kind, name), "a term")  # type: ignore[arg-type]


def optional(read: Callable[[Any], T], value: object) -> T | None:
    """Return what *read* makes of *value*, or None of None."""
    return None if value is None else read(value)


def jurisdiction_code(code: str) -> str:
    """Return *code*, of ISO 3166, in capitals; GP214 if it is none."""
    if isinstance(code, str) and _JURISDICTION.fullmatch(code.upper()):
        return _EVERYDAY.get(code.upper(), code.upper())
    raise ConsentError(
        "GP214",
        "a jurisdiction is not a code of ISO 3166.",
        remedy="Write two letters, and a subdivision if need be, as in 'DE' or 'US-CA'.",
    )


def in_order(events: tuple[ConsentEvent, ...]) -> tuple[ConsentEvent, ...]:
    """Return *events*; GP210 if one of them goes back in time."""
    times = [event.event_time for event in events]
    if times == sorted(times):
        return events
    raise ConsentError(
        "GP210",
        "a consent event is earlier than the one before it.",
        remedy="Append events in the order in which they happened.",
    )


def many(items: object, kind: type[T]) -> tuple[T, ...]:
    """Return *items*, a list or tuple of *kind*, as a tuple; GP203 if it is none."""
    if isinstance(items, list | tuple) and all(isinstance(item, kind) for item in items):
        return tuple(items)
    raise ConsentError("GP203", f"a consent needs a list of {kind.__name__} where it has none.")


def put(shape: object, **values: object) -> None:
    """Set fields of a frozen dataclass while it is being made."""
    for name, value in values.items():
        object.__setattr__(shape, name, value)


def at_edge(check: Callable[[Any], T]) -> Callable[[Any], T]:
    """Let pydantic collect the errors of *check* with the others."""

    def checked(value: object) -> T:
        try:
            return check(value)
        except GuardError as err:
            code, sentence = err.code, " ".join(filter(None, (err.message, err.remedy)))
        # As context, for braces in a template would be read as places to fill in.
        context = {"sentence": sentence.rstrip(".")}
        raise PydanticCustomError(code, "{sentence}", context)

    return checked


def _moment(text: object) -> datetime:
    """Read ISO 8601 text; pydantic would also take "2026" for seconds since 1970."""
    if not isinstance(text, str) or not _MOMENT.fullmatch(text):
        raise _no_moment()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:  # 30 February
        moment = None
    if moment is None:
        raise _no_moment()
    return aware(moment)


def _utc_text(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _no_moment() -> ConsentError:
    return ConsentError(
        "GP203",
        "it is no date and time.",
        remedy="Write it as in '2026-11-01T09:00:00Z'.",
    )


def _duration(value: object) -> Duration:
    return value if isinstance(value, Duration) else Duration.parse(value)  # type: ignore[arg-type]


Id = Annotated[str, Field(min_length=1, max_length=200)]
Text = Annotated[str, Field(max_length=2000)]
Texts = tuple[Text, ...]
PurposeKey = Annotated[str, AfterValidator(at_edge(purpose_key))]
CategoryKey = Annotated[str, AfterValidator(at_edge(_category_key))]
Jurisdiction = Annotated[str, AfterValidator(at_edge(jurisdiction_code))]
Moment = Annotated[datetime, PlainValidator(at_edge(_moment)), PlainSerializer(_utc_text)]
Length = Annotated[Duration, PlainValidator(at_edge(_duration)), PlainSerializer(str)]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyNotice:
    """The notice that the person was shown: where, which version, and the hash of its text."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    uri: Text
    version: Text | None = None
    hash: Text | None = None


@sealed_init
@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Party:
    """Who decides, who receives, or who watches over it. It may be a person: nothing is shown."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    id: Id
    name: Text | None = None
    address: Text | None = None
    contact: Text | None = None
    type: Text | None = None
    role: Text | None = None
    email: Text | None = None
    url: Text | None = None
    phone: Text | None = None

    def __repr__(self) -> str:
        return "Party()"


@sealed_init
@dataclass(frozen=True, slots=True, kw_only=True)
class PiiInformation(Terse):
    """
    Data that the record is about.

    Args:
        pii_type: Key of a data category. Those below it are meant too, save the special, the
            sensitive and the proxy ones, which a yes must name.
        pii_attribute_id: Name of the one field that is meant; every field of the category where
            None. A no is about all of them in any case.
        pii_optional: Whether the person could leave it out.
        sensitive_pii_category: What the record itself says about that; kept, not relied on.
        special_pii_category: What the record itself says about that; kept, not relied on.

    Raises:
        ConsentError: GP213.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    pii_type: Annotated[str, AfterValidator(at_edge(_category_key))]
    pii_attribute_id: Text | None = None
    pii_optional: bool | None = None
    sensitive_pii_category: bool | Text | None = None
    special_pii_category: bool | Text | None = None

    def __post_init__(self) -> None:
        put(self, pii_type=_category_key(self.pii_type))

    def __repr__(self) -> str:
        return f"PiiInformation({self.pii_type})"


@sealed_init
@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Guardian:
    """Who consented for a child, and how it was verified that they may."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    entity_id: Id
    method: Id

    def __repr__(self) -> str:
        return "Guardian()"


@sealed_init
@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ConsentEvent(Terse):
    """
    One thing that happened to a consent. Events are added, never changed.

    Args:
        event_time: When, with a time zone; kept in UTC.
        event_state: The state that it led to.
        event_type: How consent was expressed; the record's `consent_type` where None.
        entity_id: Who did it.
        validity_duration: How long it runs from *event_time*. Where None, a renewal runs as long
            as what it renews, and consent that was given without a duration has no end.
        method: How it came about: a form, a call; "purchase" or "inquiry" for implied permission.

    Raises:
        ConsentError: GP204 or GP212.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    event_time: Moment
    event_state: ConsentStatus
    event_type: ConsentType | None = None
    entity_id: Text | None = None
    validity_duration: Length | None = None
    method: Text | None = None

    def __post_init__(self) -> None:
        put(
            self,
            event_time=aware(self.event_time),
            event_state=member(ConsentStatus, self.event_state),
            event_type=optional(partial(member, ConsentType), self.event_type),
            validity_duration=optional(_duration, self.validity_duration),
        )

    def __repr__(self) -> str:
        return f"ConsentEvent({self.event_state})"
