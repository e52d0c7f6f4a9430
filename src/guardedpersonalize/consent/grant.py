"""The grant: for each field of the catalogue whether it may be used in this message, and why."""

from __future__ import annotations

import functools
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, TypeAlias

from guardedpersonalize.consent.age import ages_of
from guardedpersonalize.consent.answer import Answers, FieldAnswer, Grant, MessageAnswer
from guardedpersonalize.consent.edge import aware
from guardedpersonalize.consent.frozen import FrozenMap
from guardedpersonalize.consent.holder import Consent
from guardedpersonalize.consent.law import Law
from guardedpersonalize.consent.permission import (
    groundless,
    objects,
    objects_to_direct_marketing,
    on_message,
)
from guardedpersonalize.consent.readings import Question, Ruling, read_records
from guardedpersonalize.consent.reason import Reason
from guardedpersonalize.consent.use import Asked, Box, Use, use_of
from guardedpersonalize.errors import sealed
from guardedpersonalize.profile import Catalogue, Profile
from guardedpersonalize.vocabulary import OMIT, Channel, Objection, Purpose
from guardedpersonalize.vocabulary import channel as channel_of
from guardedpersonalize.vocabulary import purpose as purpose_of

__all__ = ["grant_for", "work_out"]

_Unfit: TypeAlias = tuple[Reason | None, ...]

_ALLOWED: Final = Reason.ALLOWED  # members of an enum are slow to look up


@sealed
def grant_for(
    profile: Profile,
    consent: Consent,
    purpose: Purpose | str,
    channel: Channel | str,
    at: datetime,
    *,
    catalogue: Catalogue,
    law: Law | None = None,
    offers: Collection[str] = (),
) -> Grant:
    """
    Return what *consent* allows in a message for *purpose* on *channel* at *at*.

    What is not said is never a yes. Of each field the first of these that applies is the reason:

    1. It is no personal data (`system.*`): allowed.
    2. Something stands against all personal fields: an objection, or the person's age in an ad.
    3. Its kind is not to be used here: criminal data ever; special, sensitive and proxy data in an
       ad; a value from someone else without a source on record.
    4. The records. A yes counts if it is this person's, for this purpose (a wider purpose does not
       do, unless the record says that it covers its children), for this channel, names the field's
       category or one above it (a special, sensitive or proxy category must be named itself, with
       explicit consent), is in force at *at*, and has a lawful basis that is enough.

       **A yes stands only if it is younger than every no.** A no is an event that ends consent
       (`ending_states`: refused, withdrawn, revoked, unknown) in any record of this person that is
       about the purpose, the channel and the field. A yes is specific and a no is general: a no
       also reaches the purposes and the categories below its own, one that names no data reaches
       all of it, and a tie in time goes to the no. Within one record the order of its events
       decides. So adding a no, or an objection, never allows more.
    5. The value: missing, or too old, or of an age that cannot be told.

    The level of an allowed field is its own for marketing, and "exact" for service messages, which
    need a basis on record but no permission to send, and which objections do not reach.

    Args:
        profile: Whom the message is for.
        consent: What they said.
        purpose: What it is for, or the purpose's key.
        channel: Where it will be read.
        at: When it is sent, with a time zone. Events up to then count; events that take permission
            away count from `protective_lead_hours` before their date.
        catalogue: The fields to decide on.
        law: The rules; the ones that ship if None.
        offers: Kinds of product that the message offers, for soft opt-ins: dotted or plain words,
            compared with `similar_categories`.

    Returns:
        A verdict on the message and on every field of *catalogue*.

    Raises:
        ConsentError: GP204, if *at* has no time zone.
        ConfigError: GP105, if there is no such purpose or channel.
    """
    where = channel if isinstance(channel, Channel) else channel_of(channel)
    what = purpose if isinstance(purpose, Purpose) else purpose_of(purpose)
    use = use_of(catalogue, what, where, law or Law.default())
    question = Question(use, profile.recipient_id, aware(at), tuple(offers))
    return Grant.resting_on(
        _known(profile, consent, question), consent.said.record_ids, question.at
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Rules:
    """
    What a consent allows, whatever the values are.

    Args:
        answers: The answers where every value is fit for use.
        allowed: The fields that a record allows.
        names: Their names.
        dated: Those of them whose values may be too old.
    """

    answers: Answers
    allowed: tuple[Asked, ...]
    names: frozenset[str]
    dated: tuple[Asked, ...]

    def without(self, doubtful: tuple[Asked, ...], unfit: _Unfit) -> Answers:
        """Return the answers where values of *doubtful* fields are *unfit*, for these reasons."""
        fields = dict(self.answers.fields)
        for asked, reason in zip(doubtful, unfit, strict=True):
            if reason is not None:
                name = asked.field.name
                verdict = reason.verdict
                fields[name] = replace(fields[name], verdict=verdict, level=OMIT, reason=reason)
        return replace(self.answers, fields=FrozenMap(fields)) if any(unfit) else self.answers


# As many as there are ways to consent in one run, for each template; the least used make room.
@functools.lru_cache(maxsize=2_048)
def _box(*_: Hashable) -> Box[_Rules]:
    return Box()


@functools.lru_cache(maxsize=2_048)
def _without(rules: _Rules, doubtful: tuple[Asked, ...], unfit: _Unfit) -> Answers:
    return rules.without(doubtful, unfit)


def _known(profile: Profile, consent: Consent, question: Question) -> Answers:
    """
    Return what `work_out` does, worked out only if nobody before said the same.

    The answers hang on the shape of a consent, on where the moment stands among its moments, on
    whether the person is too young, on the grounds of a few permissions, and on which values are
    unfit. None of that is anybody's; the values and the records are looked at, and not kept.
    """
    use, said = question.use, consent.said
    if said.shape is None or (said.person is not None and said.person != question.person):
        return work_out(profile, consent, question)
    box = _box(
        use,
        said.shape,
        said.at(question.at, use.lead),
        # Where no age is on file, the shape says what there is to say.
        not use.age_names.isdisjoint(profile.held) and (_is_below(profile, consent, question),),
        said.shape.is_plain or _grounds(consent, question),
    )
    rules = box.it
    if rules is None:
        rules = box.it = _rules(profile, consent, question)
    # A value that is there and cannot be too old is fit.
    doubtful = rules.dated if rules.names <= profile.held else rules.allowed
    if not doubtful:
        return rules.answers
    return _without(rules, doubtful, _unfit_values(doubtful, profile, question))


def _grounds(consent: Consent, question: Question) -> tuple[Hashable, ...]:
    """Return what the answers hang on besides the shape, for shapes that are not plain."""
    use = question.use
    return tuple(
        (
            # An attribute that is no field of the use may be any text, and no answer hangs on it.
            frozenset(
                (entry.pii_type, entry.pii_attribute_id)
                for entry in record.pii_information
                if entry.pii_attribute_id in use.catalogue
            ),
            groundless(record, record.status_at(question.at, lead=use.lead).event_index, question),
        )
        for record in consent.records
    )


def work_out(profile: Profile, consent: Consent, question: Question) -> Answers:
    """Return what *consent* and the values of *profile* answer to *question*."""
    rules = _rules(profile, consent, question)
    return rules.without(rules.allowed, _unfit_values(rules.allowed, profile, question))


def _rules(profile: Profile, consent: Consent, question: Question) -> _Rules:
    """Return what the records and objections say, and the person's age."""
    use = question.use
    readings = read_records(consent, question)
    is_below = _is_below(profile, consent, question)
    guard = _guard(use, is_below=is_below)
    bar = _bar(consent, question, guard)
    numbers = {record_id: number for number, record_id in enumerate(consent.said.record_ids)}
    fields: dict[str, FieldAnswer] = {}
    allowed: list[Asked] = []
    equal: dict[FieldAnswer, FieldAnswer] = {}
    for asked in use.fields:
        answer = asked.settled if bar is None else asked.barred(bar)
        if answer is None:
            ruling = readings.on_field(asked, guard)
            answer = _answer(asked, ruling, numbers)
            if ruling.reason is _ALLOWED:
                allowed.append(asked)
        fields[asked.field.name] = equal.setdefault(answer, answer)
    answers = Answers(
        purpose=use.purpose,
        channel=use.channel,
        message=_message(on_message(consent, readings), numbers),
        fields=FrozenMap(fields),
        is_minor=is_below is True,
        law_version=use.law.version,
    )
    return _Rules(
        answers,
        tuple(allowed),
        frozenset([asked.field.name for asked in allowed]),
        tuple([asked for asked in allowed if asked.max_age is not None]),
    )


def _is_below(profile: Profile, consent: Consent, question: Question) -> bool | None:
    """Tell whether the person is too young for the use; None where that cannot be told."""
    own = {r.jurisdiction for r in consent.records if r.pii_principal_id == question.person}
    codes = {consent.jurisdiction} if consent.jurisdiction else own or {None}
    return ages_of(profile, consent, question).is_below(
        _limit_years(question.use, frozenset(codes))
    )


@functools.lru_cache(maxsize=256)
def _limit_years(use: Use, codes: frozenset[str | None]) -> int:
    """Return the age below which somebody is too young; of several places the strictest holds."""
    places = map(use.law.place, codes)
    return max(p.ad_age_years if use.is_strict else p.marketing_age_years for p in places)


def _guard(use: Use, *, is_below: bool | None) -> Reason | None:
    """Return why a guardian's consent is needed, or None."""
    if use.purpose_class == "service" or is_below is False:
        return None
    return Reason.MINOR if is_below else Reason.AGE_UNKNOWN


def _bar(consent: Consent, question: Question, guard: Reason | None) -> Reason | None:
    """
    Return what stands against every personal field of the message, or None.

    Each of these can only take away, whatever the records say: the most protective wins. What comes
    with the request (a browser's opt-out, a signal of a consent manager) joins here, as one more
    reason that may be returned, never as one that lifts another.
    """
    use = question.use
    # An ad that is spared as a message, for its context alone, still uses nothing about the person.
    if objects_to_direct_marketing(consent, question) or (
        use.is_ad and objects(consent, Objection.DIRECT_MARKETING, question)
    ):
        return Reason.OBJECTION_DIRECT_MARKETING
    is_spared = use.purpose_class in use.law.objections.profiling_spares
    if not is_spared and objects(consent, Objection.PROFILING, question):
        return Reason.OBJECTION_PROFILING
    return guard if use.is_strict else None


def _message(ruling: Ruling, numbers: Mapping[str, int]) -> MessageAnswer:
    reason, record, index = ruling
    if record is None:
        return MessageAnswer(reason.verdict, reason, index)
    number = numbers[record.record_id]
    return MessageAnswer(reason.verdict, reason, index, record.channel_permission, number)


def _answer(asked: Asked, ruling: Ruling, numbers: Mapping[str, int]) -> FieldAnswer:
    reason, record, index = ruling
    level = asked.level if reason is _ALLOWED else OMIT
    if record is None:
        return FieldAnswer(reason.verdict, level, reason)
    number = numbers[record.record_id]
    return FieldAnswer(reason.verdict, level, reason, index, record.lawful_basis, number)


def _unfit_values(fields: Iterable[Asked], profile: Profile, question: Question) -> _Unfit:
    return tuple([_unfit(asked, profile, question) for asked in fields])


def _unfit(asked: Asked, profile: Profile, question: Question) -> Reason | None:
    """Return why the value itself is not fit for use, or None."""
    name = asked.field.name
    if name not in profile.held:
        return Reason.MISSING_VALUE
    if asked.max_age is None:
        return None
    observed = profile.observed_at(name)
    # What was observed after the message was sent has no age that could be told.
    if observed is None or not question.has_begun(observed):
        return Reason.VALUE_AGE_UNKNOWN
    return Reason.STALE_VALUE if question.at - observed > asked.max_age else None
