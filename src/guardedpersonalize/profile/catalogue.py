"""The catalogue: which fields the organisation holds, and what each of them is."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar, overload

import pydantic

from guardedpersonalize.errors import ConfigError, ProfileError, sealed
from guardedpersonalize.profile.parse import PARSERS, FieldType, Value
from guardedpersonalize.vocabulary import (
    EXACT,
    Collection,
    DataCategory,
    Provenance,
    Source,
    category,
    did_you_mean,
    ladder,
    ladders,
    term,
    unknown_term,
)

if TYPE_CHECKING:
    from enum import StrEnum

    from guardedpersonalize.profile.profile import Profile

__all__ = ["Catalogue", "Field", "FieldSpec", "is_plain_name"]

T = TypeVar("T")

# Letters, digits and "_", joined by "." or "-". Anything freer may be a person's data that strayed
# into a key (an address has "@", a full name a space, a number starts with a digit).
_NAME: Final = re.compile(r"[^\W\d]\w*(?:[.\-]\w+)*")
_LONGEST_NAME: Final = 64

_TERMS: Final[dict[str, type[StrEnum]]] = {
    "type": FieldType,
    "provenance": Provenance,
    "source": Source,
    "collected": Collection,
}

_WRITTEN: Final = {
    FieldType.INT: "Write digits only, 18 at most.",
    FieldType.DECIMAL: "Write digits and one point.",
    FieldType.DATE: "Write it as YYYY-MM-DD, from 1900 to 2200.",
    FieldType.DATETIME: "Write it as YYYY-MM-DDThh:mm:ss with Z or an offset.",
    FieldType.BOOL: "Write true or false.",
    FieldType.ENUM: "Use one of the values that the catalogue lists.",
    FieldType.URL: "Write a whole http or https address.",
    FieldType.LIST: "Write a list of texts, or one text with ';' between the items.",
}


def is_plain_name(name: object) -> bool:
    """Tell whether *name* can be a field's name: a word, or words joined by "." or "-"."""
    # Not isinstance: a subclass of str could print anything.
    return type(name) is str and len(name) <= _LONGEST_NAME and _is_plain_text(name)


@functools.lru_cache(maxsize=1024)
def _is_plain_text(name: str) -> bool:
    return _NAME.fullmatch(name) is not None


@dataclass(frozen=True, slots=True)
class Field:
    """
    One field that the organisation holds about people.

    Args:
        name: Its name in profiles and templates.
        type: Type of its values.
        category: What kind of data it is; a key is looked up.
        provenance: How its values came to be.
        source: Who they came from.
        collected: Whether people could see that they were collected.
        max_age_days: Days after which a value is stale; the category's where None.
        generaliser: Name of the generaliser; the category's where None. "text" says that the
            values are shown as they are.
        values: The options of an enum.
        source_recorded: The third party that the values came from, by name, or None.

    Raises:
        ConfigError: GP104 for what does not fit together, GP105 for an unknown term, with the
            nearest known one, GP206 for a name that is no plain name.
    """

    name: str
    type: FieldType
    category: DataCategory
    provenance: Provenance
    source: Source
    collected: Collection = Collection.UNKNOWN
    max_age_days: int | None = None
    generaliser: str | None = None
    values: tuple[str, ...] = ()
    source_recorded: str | None = None

    def __post_init__(self) -> None:
        if not is_plain_name(self.name):
            raise _bad_name()
        for name, members in _TERMS.items():
            self._set(name, term(members, getattr(self, name)))
        self._set("category", category(self.category))
        self._set("values", tuple(value.strip() for value in self.values))
        self._set("source_recorded", (self.source_recorded or "").strip() or None)
        if self.max_age_days is None:
            self._set("max_age_days", self.category.max_age_days)
        if self.generaliser is None:
            self._set("generaliser", self.category.generaliser)
        self._check()

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def _check(self) -> None:
        if self.max_age_days is not None and self.max_age_days < 1:
            raise self._misfit("max_age_days is below 1.")
        self._check_values()
        self._check_generaliser()

    def _check_values(self) -> None:
        if (self.type is FieldType.ENUM) != bool(self.values):
            raise self._misfit("an enum, and only an enum, lists its values.")
        if len(set(self.values) - {""}) != len(self.values):
            raise self._misfit("a value is listed twice, or is blank.")

    def _check_generaliser(self) -> None:
        if self.generaliser is None or self.type.value in ladder(self.generaliser).types:
            return
        fitting = [name for name, rungs in ladders().items() if self.type.value in rungs.types]
        raise self._misfit(
            f"generaliser {self.generaliser!r} does not read the type {self.type.value!r}.",
            remedy=f"Name one that does: {', '.join(fitting)}.",
        )

    def _misfit(self, message: str, *, remedy: str | None = None) -> ConfigError:
        return ConfigError("GP104", f"field {self.name!r}: {message}", remedy=remedy)

    @property
    def level(self) -> str:
        """Finest level for marketing without further say; "exact" where nothing is coarsened."""
        if self.generaliser == self.category.generaliser:
            return self.category.level
        return ladder(self.generaliser).default if self.generaliser else EXACT

    @sealed
    def parse(self, raw: object) -> Value:
        """
        Read a raw value: strict, and total (whatever *raw* is, a value or an error of ours).

        Args:
            raw: A plain value, or its text as in a CSV file.

        Returns:
            A value of the field's type; text as it stands, times with a fixed offset from UTC.

        Raises:
            ProfileError: GP202, naming the field and its type.
        """
        value = PARSERS[self.type](raw, self.values)
        if value is None:
            raise ProfileError(
                "GP202",
                f"the value of field {self.name!r} is not of type {self.type.value!r}.",
                remedy=_WRITTEN.get(self.type),
            )
        return value


def _bad_name() -> ConfigError:
    # The name is not shown: what is no name may be a value in the wrong place.
    return ConfigError(
        "GP206",
        "a field's name is not a plain name.",
        remedy="Use letters, digits and '_', with '.' or '-' between words.",
    )


class Catalogue(Mapping[str, Field]):
    """
    Every field that the organisation holds, by name, sorted.

    >>> from guardedpersonalize.vocabulary import category
    >>> name = Field(
    ...     "first_name", FieldType.TEXT, category("user.name.first"),
    ...     Provenance.PROVIDED, Source.DATA_SUBJECT,
    ... )
    >>> Catalogue.of([name])["first_name"].category.key
    'user.name.first'
    """

    __slots__ = ("_fields",)

    _fields: dict[str, Field]

    @sealed
    def __init__(self, fields: Iterable[Field] = ()) -> None:
        listed = list(fields)
        if not all(isinstance(field, Field) for field in listed):
            raise ConfigError("GP104", "a catalogue is made of fields only.")
        listed.sort(key=lambda field: field.name)
        self._fields = {field.name: field for field in listed}
        if len(self._fields) != len(listed):
            raise ConfigError("GP104", "the catalogue declares a field twice.")

    @classmethod
    def of(cls, fields: Iterable[Field]) -> Catalogue:
        """
        Make a catalogue of *fields*.

        Raises:
            ConfigError: GP104, if two have the same name.
        """
        return cls(fields)

    @sealed
    def __getitem__(self, name: str) -> Field:
        found = self._fields.get(name)
        if found is None:
            raise unknown_term("field", name, self._fields)
        return found

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name in self._fields

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def __hash__(self) -> int:
        return hash(tuple(self._fields.values()))

    def __repr__(self) -> str:
        inner = ", ".join(f"{field.name}: {field.type.value}" for field in self.values())
        return f"Catalogue({inner})"

    @overload
    def get(self, name: str, /) -> Field | None: ...

    @overload
    def get(self, name: str, /, default: T) -> Field | T: ...

    def get(self, name: str, /, default: T | None = None) -> Field | T | None:
        """Return the field *name*, or *default* if there is none."""
        return self._fields.get(name, default)

    @sealed
    def check(self, profile: Profile) -> None:
        """
        Make sure that *profile* has declared fields only.

        Raises:
            ProfileError: GP201, with how many are not declared and the nearest declared name.
                The stray names are not shown, for they may hold anything.
        """
        stray = [name for name in profile.fields if name not in self._fields]
        if not stray:
            return
        offers = filter(None, (did_you_mean(name, self._fields) for name in stray))
        count = f"{len(stray)} field{'s' * (len(stray) != 1)}"
        remedy = next(offers, "Declare what the profile holds.")
        message = f"the profile has {count} that the catalogue does not declare."
        raise ProfileError("GP201", message, remedy=remedy)


class FieldSpec(pydantic.BaseModel):
    """One row of `fields.toml`: `[fields.<name>]`."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    type: str
    category: str
    provenance: str
    source: str
    collected: str = Collection.UNKNOWN.value
    max_age_days: Annotated[int, pydantic.Field(strict=True, ge=1)] | None = None
    generaliser: str | None = None
    values: tuple[str, ...] = ()
    source_recorded: str | None = None

    @sealed
    def field(self, name: str) -> Field:
        """
        Return the field that this row declares under *name*.

        Raises:
            ConfigError: GP105 with the nearest known term, GP104 or GP206.
        """
        plain: dict[str, Any] = {
            "max_age_days": self.max_age_days,
            "generaliser": self.generaliser,
            "values": self.values,
            "source_recorded": self.source_recorded,
        }
        return Field(
            name,
            term(FieldType, self.type),
            category(self.category),
            term(Provenance, self.provenance),
            term(Source, self.source),
            term(Collection, self.collected),
            **plain,
        )
