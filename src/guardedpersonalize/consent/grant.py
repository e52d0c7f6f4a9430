"""The grant: for each field of the catalogue whether it may be used in this message, and why."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from guardedpersonalize.consent.age import ages_of
from guardedpersonalize.consent.answer import FieldGrant, Grant, MessageGrant
from guardedpersonalize.consent.edge import aware
from guardedpersonalize.consent.frozen import FrozenMap
from guardedpersonalize.consent.holder import Consent
from guardedpersonalize.consent.law import Law
from guardedpersonalize.consent.permission import (
    objects,
    objects_to_direct_marketing,
    on_message,
)
from guardedpersonalize.consent.readings import (
    Question,
    Ruling,
    read_records,
    rulings_on,
)
from guardedpersonalize.consent.reason import Reason
from guardedpersonalize.consent.use import Asked, use_of
from guardedpersonalize.errors import sealed
from guardedpersonalize.profile import Catalogue, Profile
from guardedpersonalize.vocabulary import OMIT, Channel, Objection, Purpose
from guardedpersonalize.vocabulary import channel as channel_of
from guardedpersonalize.vocabulary import purpose as purpose_of

__all__ = ["FieldGrant", "Grant", "MessageGrant", "grant_for"]

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
    use = use_of(catalogue, purpose_of(purpose), where, law or Law.default())
    question = Question(use, profile.recipient_id, aware(at), tuple(offers))
    readings = read_records(consent, question)
    is_minor, guard = _age_guard(profile, consent, question)
    bar = _bar(consent, question, guard)
    if bar is not None:
        answers = [asked.barred(bar) for asked in use.fields]
    else:
        rulings = rulings_on(readings, guard)
        answers = [
            asked.settled or _answer(asked, profile, ruling, question)
            for asked, ruling in zip(use.fields, rulings, strict=True)
        ]
    return Grant(
        purpose=use.purpose,
        channel=use.channel,
        at=question.at,
        message=_message(on_message(consent, readings)),
        fields=FrozenMap({answer.field: answer for answer in answers}),
        is_minor=is_minor,
        law_version=use.law.version,
    )


def _age_guard(
    profile: Profile, consent: Consent, question: Question
) -> tuple[bool, Reason | None]:
    """Return whether the person is a minor, and why a guardian's consent is needed or None."""
    use = question.use
    own = {r.jurisdiction for r in consent.records if r.pii_principal_id == question.person}
    codes = {consent.jurisdiction} if consent.jurisdiction else own or {None}
    places = map(use.law.place, codes)
    limits = [p.ad_age_years if use.is_strict else p.marketing_age_years for p in places]
    # Of several places the strictest holds.
    is_below = ages_of(profile, consent, question).is_below(max(limits))
    if use.purpose_class == "service" or is_below is False:
        return is_below is True, None
    return is_below is True, Reason.MINOR if is_below else Reason.AGE_UNKNOWN


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


def _message(ruling: Ruling) -> MessageGrant:
    record = ruling.record
    return MessageGrant(
        ruling.reason.verdict,
        ruling.reason,
        record_id=record.record_id if record else None,
        event_index=ruling.event_index,
        permission=record.channel_permission if record else None,
    )


def _answer(asked: Asked, profile: Profile, ruling: Ruling, question: Question) -> FieldGrant:
    reason, record, index = ruling
    if reason is _ALLOWED:
        reason = _unfit(asked, profile, question) or reason
    level = asked.level if reason is _ALLOWED else OMIT
    name, verdict = asked.field.name, reason.verdict
    if record is None:
        return FieldGrant(name, verdict, level, reason)
    return FieldGrant(name, verdict, level, reason, record.record_id, index, record.lawful_basis)


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
