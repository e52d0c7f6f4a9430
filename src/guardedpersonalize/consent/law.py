"""The law as the engine applies it: `law.toml`, read strictly."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final, Literal, TypeVar

from pydantic import AfterValidator, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from guardedpersonalize.consent.edge import STRICT, adapter, faults_of, listed
from guardedpersonalize.consent.frozen import FrozenMap
from guardedpersonalize.consent.parts import CategoryKey, Length, PurposeKey
from guardedpersonalize.errors import ConfigError, sealed
from guardedpersonalize.vocabulary import (
    Channel,
    ChannelPermission,
    ConsentStatus,
    LawfulBasis,
    PurposeClass,
    Source,
)

__all__ = ["Kind", "Law", "Place"]

K = TypeVar("K")
V = TypeVar("V")

Kind = Literal["special", "proxy", "sensitive"]
"""Why a category of data takes more than consent: GDPR Art. 9, what reveals such data, tier 3."""

Years = Annotated[int, Field(ge=1, le=150)]
Permissions = Mapping[Channel, frozenset[ChannelPermission]]

_DEFAULT: Final = "default"


def _frozen(items: Mapping[K, V]) -> FrozenMap[K, V]:
    return FrozenMap(items)


def _no_yes(states: frozenset[ConsentStatus]) -> frozenset[ConsentStatus]:
    if any(state.is_valid for state in states):
        raise PydanticCustomError("not_an_end", "a state that allows use ends nothing")
    return states


def _with_default(places: Mapping[str, Place]) -> FrozenMap[str, Place]:
    if _DEFAULT not in places:
        raise PydanticCustomError("missing", "no default")
    return FrozenMap(places)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interests:
    """`[legitimate_interests]`: TCF purposes for which they are no basis."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    barred_tcf: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Objections:
    """`[objections]`: where objections do not reach."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    direct_marketing_spares: Annotated[
        Mapping[PurposeClass, frozenset[Channel]], AfterValidator(_frozen)
    ]
    profiling_spares: frozenset[PurposeClass]


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """`[data]`: kinds of data that take more than consent."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    explicit: Annotated[Mapping[PurposeClass, frozenset[Kind]], AfterValidator(_frozen)]
    never_in_ads: frozenset[Kind]
    barred_flags: frozenset[str]
    sources_to_record: frozenset[Source]


@dataclass(frozen=True, slots=True, kw_only=True)
class Political:
    """`[political]`: purposes of political campaigns."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    purposes: frozenset[PurposeKey]


@dataclass(frozen=True, slots=True, kw_only=True)
class Age:
    """`[age]`: where ages are read."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    categories: tuple[CategoryKey, ...]
    oldest_years: Years


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """`[permission]`: when the right to send is asked for, and when it ends by itself."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    free_channels: frozenset[Channel]
    free_classes: frozenset[PurposeClass]
    purpose_record_classes: frozenset[PurposeClass]
    implied_ends: Annotated[Mapping[str, Length], AfterValidator(_frozen)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """
    What differs from place to place.

    Args:
        marketing_age_years: Below it, personal fields in marketing need a guardian's consent.
        ad_age_years: Below it, no personal field is used in an ad.
        permissions: Channel -> permissions to send that are enough there.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    marketing_age_years: Years
    ad_age_years: Years
    permissions: Annotated[Permissions, AfterValidator(_frozen)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """
    Thresholds and rules, one attribute for each key or table of `law.toml`.

    A change of law, or a stricter house rule, is another file: `Law.from_toml`.

    Args:
        version: Goes into evidence.
        protective_lead_hours: How much later than the message an event or objection may be dated
            and still count, if it takes permission away.
        ending_states: States in which a record also ends older ones.
        bases: Class of purpose -> lawful bases that are enough.
        places: Code of ISO 3166 -> what holds there; "default" for all others.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    version: str
    protective_lead_hours: Annotated[int, Field(ge=0, le=24 * 366)]
    ending_states: Annotated[frozenset[ConsentStatus], AfterValidator(_no_yes)]
    bases: Annotated[Mapping[PurposeClass, frozenset[LawfulBasis]], AfterValidator(_frozen)]
    legitimate_interests: Interests
    objections: Objections
    data: Data
    political: Political
    age: Age
    permission: Permission
    places: Annotated[Mapping[str, Place], AfterValidator(_with_default)]

    @classmethod
    def default(cls) -> Law:
        """Return the law that ships, read once."""
        return _shipped()

    @classmethod
    @sealed
    def from_toml(cls, text: str) -> Law:
        """
        Read a law file; `law.toml` is the example.

        Raises:
            ConfigError: GP101 for no TOML; GP102, GP103 or GP104 for the first kind of fault, with
                the place and kind of every one.
        """
        try:
            raw = tomllib.loads(text)
        except tomllib.TOMLDecodeError:
            raw = None
        if raw is None:
            raise ConfigError("GP101", "the law file is not valid TOML.")
        try:
            return adapter(cls).validate_python(_filled(raw))
        except ValidationError as err:
            faults = faults_of(err, cls)
        code = _CODES.get(faults[0][0], "GP104")
        raise ConfigError(code, f"the law file cannot be used: {listed(faults)}.")

    @property
    def protective_lead(self) -> timedelta:
        """`protective_lead_hours` as a length of time."""
        return timedelta(hours=self.protective_lead_hours)

    def place(self, code: str | None) -> Place:
        """
        Return what holds at *code*: a subdivision's own rules, its country's, or the default.

        >>> law = Law.default()
        >>> law.place("US-CA") == law.place("US"), law.place(None) == law.place("XX")
        (True, True)
        """
        places = self.places
        if code is None or code not in places:
            code = (code or _DEFAULT).partition("-")[0]
        return places.get(code) or places[_DEFAULT]


_CODES: Final = {"unexpected_keyword_argument": "GP102", "missing": "GP103"}


@functools.cache
def _shipped() -> Law:
    text = Path(__file__).with_name("law.toml").read_text(encoding="utf-8")
    return Law.from_toml(text)


def _filled(raw: dict[str, Any]) -> dict[str, Any]:
    """Return *raw* with what a place does not say taken from the default place."""
    places = raw.get("places")
    if not isinstance(places, dict):
        return raw
    default = places.get(_DEFAULT)
    filled = {code: _over(default, place) for code, place in places.items()}
    return {**raw, "places": filled}


def _over(default: object, own: object) -> object:
    if not isinstance(default, dict) or not isinstance(own, dict):
        return own
    return {**default, **{key: _over(default.get(key), value) for key, value in own.items()}}
