"""A use of the catalogue for a purpose on a channel: what can be told before any person is met."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, Generic, TypeVar

from guardedpersonalize.consent.answer import FieldAnswer
from guardedpersonalize.consent.law import Kind, Law
from guardedpersonalize.consent.reason import Reason, Verdict
from guardedpersonalize.profile import Catalogue, Field
from guardedpersonalize.vocabulary import (
    EXACT,
    OMIT,
    Channel,
    DataCategory,
    Provenance,
    Purpose,
    PurposeClass,
    Sensitivity,
    Source,
)

__all__ = ["Asked", "Box", "Use", "use_of"]

T = TypeVar("T")

_NEEDS_EXPLICIT: Final[dict[Kind, Reason]] = {
    "special": Reason.SPECIAL_CATEGORY_NEEDS_EXPLICIT_CONSENT,
    "proxy": Reason.PROXY_CATEGORY,
    "sensitive": Reason.SENSITIVE_CATEGORY_NEEDS_EXPLICIT_CONSENT,
}
_IN_AD: Final[dict[Kind, Reason]] = {
    "special": Reason.SPECIAL_CATEGORY_IN_AD,
    "proxy": Reason.PROXY_CATEGORY_IN_AD,
    "sensitive": Reason.SENSITIVE_CATEGORY_IN_AD,
}


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """
    One field of the catalogue, as this use asks for it. It equals only itself.

    Args:
        field: The field.
        settled: The answer, where it is the same for everybody.
        named_by: Keys of categories that a yes must name one of.
        widely_named_by: The same, were the category an ordinary one.
        needs_explicit: What to say where consent is not explicit; None where it need not be.
        level: The finest level that may be allowed.
        max_age: The age past which a value is stale, or None.
    """

    field: Field
    settled: FieldAnswer | None
    named_by: frozenset[str]
    widely_named_by: frozenset[str]
    needs_explicit: Reason | None
    level: str
    max_age: timedelta | None

    @property
    def key(self) -> str:
        """Key of the field's category."""
        return self.field.category.key

    def barred(self, reason: Reason) -> FieldAnswer:
        """Return the answer where *reason* stands against every personal field."""
        if self.settled is not None and self.settled.is_allowed:
            return self.settled
        return FieldAnswer(reason.verdict, OMIT, reason)


@dataclass(frozen=True, slots=True, eq=False)
class Use:
    """
    What is asked, apart from the person and the time. It equals only itself.

    Args:
        catalogue: The fields.
        purpose: What the message is for.
        channel: Where it will be read.
        law: The rules.
        purpose_class: The purpose's; "advertising" for whatever goes out as an ad.
        is_political: True for political campaigns.
        lead: How much later than the message an event may be dated that takes permission away.
        fields: Every field of the catalogue, sorted by name.
        age_fields: Those that tell an age.
        age_names: The names of these.
    """

    catalogue: Catalogue
    purpose: Purpose
    channel: Channel
    law: Law
    purpose_class: PurposeClass
    is_political: bool
    lead: timedelta
    fields: tuple[Asked, ...]
    age_fields: tuple[Field, ...]
    age_names: frozenset[str]

    @property
    def is_ad(self) -> bool:
        """True for ads."""
        return self.purpose_class == "advertising"

    @property
    def is_strict(self) -> bool:
        """True for ads and political campaigns, which may use least."""
        return self.is_ad or self.is_political


class Box(Generic[T]):
    """Where something is kept that is not made of its key alone; empty until somebody fills it."""

    __slots__ = ("it",)

    def __init__(self) -> None:
        self.it: T | None = None


def use_of(catalogue: Catalogue, purpose: Purpose, channel: Channel, law: Law) -> Use:
    """Return the use of *catalogue* for *purpose* on *channel*; made once, and kept for a while."""
    # By their ids, for hashing a whole catalogue takes too long. What is kept under them holds what
    # they are of, so that they are nobody else's meanwhile.
    box = _box(id(catalogue), id(purpose), channel, id(law))
    if box.it is None:
        box.it = _make(catalogue, purpose, channel, law)
    return box.it


# As many as a sender has templates in one run; the least used make room.
@functools.lru_cache(maxsize=256)
def _box(*_: int | Channel) -> Box[Use]:
    return Box()


def _make(catalogue: Catalogue, purpose: Purpose, channel: Channel, law: Law) -> Use:
    is_ad = purpose.is_advertising or channel is Channel.AD
    ages = tuple([field for field in catalogue.values() if _tells_age(field, law)])
    use = Use(
        catalogue=catalogue,
        purpose=purpose,
        channel=channel,
        law=law,
        purpose_class="advertising" if is_ad else purpose.purpose_class,
        is_political=any(map(purpose.is_within, law.political.purposes)),
        lead=law.protective_lead,
        fields=(),
        age_fields=ages,
        age_names=frozenset([field.name for field in ages]),
    )
    return replace(use, fields=tuple(_asked(field, use) for field in catalogue.values()))


def _tells_age(field: Field, law: Law) -> bool:
    return any(map(field.category.is_within, law.age.categories))


def _asked(field: Field, use: Use) -> Asked:
    kind = _kind(field.category)
    widely = _and_above(field.category.key)
    return Asked(
        field=field,
        settled=_settled(field, kind, use),
        named_by=widely if kind is None else frozenset({field.category.key}),
        widely_named_by=widely,
        needs_explicit=_needs_explicit(kind, use),
        level=EXACT if use.purpose_class == "service" else field.level,
        max_age=None if field.max_age_days is None else timedelta(days=field.max_age_days),
    )


def _and_above(key: str) -> frozenset[str]:
    words = key.split(".")
    return frozenset(".".join(words[:size]) for size in range(1, len(words) + 1))


def _kind(category: DataCategory) -> Kind | None:
    # A proxy has the flags of what it gives away, so it comes first.
    if category.proxy_of is not None:
        return "proxy"
    if category.is_special:
        return "special"
    return "sensitive" if category.sensitivity >= Sensitivity.SENSITIVE else None


def _needs_explicit(kind: Kind | None, use: Use) -> Reason | None:
    # A class of purpose that the law file does not speak of is treated like the strictest.
    kinds = use.law.data.explicit.get(use.purpose_class, frozenset(_NEEDS_EXPLICIT))
    if kind is not None and kind in kinds:
        return _NEEDS_EXPLICIT[kind]
    return Reason.POLITICAL_NEEDS_EXPLICIT_CONSENT if use.is_political else None


def _settled(field: Field, kind: Kind | None, use: Use) -> FieldAnswer | None:
    if not field.category.is_personal:
        return FieldAnswer(Verdict.ALLOWED, EXACT, Reason.NOT_PERSONAL)
    reason = _against(field, kind, use)
    return FieldAnswer(reason.verdict, OMIT, reason) if reason else None


def _against(field: Field, kind: Kind | None, use: Use) -> Reason | None:
    """Return why no record can allow *field* in this use, or None."""
    data = use.law.data
    if not data.barred_flags.isdisjoint(field.category.flags):
        return Reason.CRIMINAL_CATEGORY
    if kind is not None and use.is_strict and kind in data.never_in_ads:
        return _IN_AD[kind]
    if field.source in data.sources_to_record and not field.source_recorded:
        return Reason.NO_RECORDED_SOURCE
    is_provided = field.provenance is Provenance.PROVIDED and field.source is Source.DATA_SUBJECT
    return Reason.POLITICAL_PROVIDED_ONLY if use.is_political and not is_provided else None
