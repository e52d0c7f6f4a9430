"""Whether a message may be sent at all, which is another axis than the use of fields."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from guardedpersonalize.consent.holder import Consent
from guardedpersonalize.consent.law import Law
from guardedpersonalize.consent.parts import ConsentEvent
from guardedpersonalize.consent.readings import Question, Reading, Readings, Ruling
from guardedpersonalize.consent.reason import Reason
from guardedpersonalize.consent.record import STATE_REASONS, ConsentRecord
from guardedpersonalize.consent.use import Use
from guardedpersonalize.vocabulary import ChannelPermission, Objection

__all__ = ["groundless", "objects", "objects_to_direct_marketing", "on_message"]


def on_message(consent: Consent, readings: Readings) -> Ruling:
    """
    Return whether the message of the question may be sent, and what that rests on.

    It may if nothing is said against it, if a record gives the right to send where one is needed,
    and if a record in force covers the purpose where the purpose needs one (ads, service).
    """
    use = readings.question.use
    if readings.is_mistaken:
        return readings.nothing
    if use.channel in consent.do_not_contact:
        return Ruling(Reason.DO_NOT_CONTACT)
    if objects_to_direct_marketing(consent, readings.question):
        return Ruling(Reason.OBJECTION_DIRECT_MARKETING)
    sending = Ruling(Reason.PERMISSION_NOT_REQUIRED)
    if _takes_permission(use):
        sending = _permission(consent, readings)
    if sending.reason.is_yes and use.purpose_class in use.law.permission.purpose_record_classes:
        covered = _first(readings, lambda reading: reading.refusal)
        return sending if covered.reason.is_yes and sending.record else covered
    return sending


def objects(consent: Consent, objection: Objection, question: Question) -> bool:
    """Tell whether *objection* stands at the time of the question."""
    since = consent.objections.get(objection)
    return since is not None and question.has_begun(since)


def objects_to_direct_marketing(consent: Consent, question: Question) -> bool:
    """
    Tell whether an objection to direct marketing (GDPR Art. 21(2)-(3)) stands against the message.

    Source:
        `[objections]` in law.toml says where it does not reach.
    """
    use = question.use
    spares = use.law.objections.direct_marketing_spares
    is_spared = use.channel in spares.get(use.purpose_class, ())
    is_reached = use.purpose.is_direct_marketing or not is_spared
    return is_reached and objects(consent, Objection.DIRECT_MARKETING, question)


def _takes_permission(use: Use) -> bool:
    rules = use.law.permission
    return use.channel not in rules.free_channels and use.purpose_class not in rules.free_classes


def _permission(consent: Consent, readings: Readings) -> Ruling:
    found = _first(readings, lambda reading: _wanting(consent, readings.question, reading))
    if found.reason is Reason.CHANNEL_NOT_COVERED:
        return Ruling(Reason.NO_CHANNEL_PERMISSION, found.record)
    return found


def _first(readings: Readings, wanting: Callable[[Reading], Ruling | None]) -> Ruling:
    """Return the yes of the first record that wants nothing, or what the nearest one wants."""
    closest: Ruling | None = None
    for reading in readings.near:
        ruling = wanting(reading) or _ended(readings, reading)
        if ruling is None:
            return reading.ruling(Reason.ALLOWED)
        if closest is None or closest.reason is Reason.NO_CHANNEL_PERMISSION:
            closest = ruling
    if closest is None or closest.reason is Reason.NO_CHANNEL_PERMISSION:
        refusals = (no.ruling for no in readings.noes if no.is_about_sending())
        return next(refusals, closest or readings.nothing)
    return closest


def _ended(readings: Readings, reading: Reading) -> Ruling | None:
    return next((no.ruling for no in readings.noes_after(reading) if no.is_about_sending()), None)


def _wanting(consent: Consent, question: Question, reading: Reading) -> Ruling | None:
    """Return what is wanting for the record of *reading* to give the right to send."""
    record = reading.record
    permission = record.channel_permission
    # A record without channels covers fields on any channel, but the right to send must name one.
    if permission is ChannelPermission.NONE or question.use.channel not in record.channels:
        return reading.ruling(Reason.NO_CHANNEL_PERMISSION)
    place = question.use.law.place(consent.jurisdiction or record.jurisdiction)
    if permission not in place.permissions.get(question.use.channel, ()):
        return reading.ruling(Reason.CHANNEL_PERMISSION_NOT_ACCEPTED)
    if not reading.standing.is_valid:
        return reading.ruling(reading.standing.reason)
    until = record.channel_permission_until
    if until is not None and until <= question.at:
        return reading.ruling(Reason.CHANNEL_PERMISSION_EXPIRED)
    reason = groundless(record, reading.standing.event_index, question)
    return reading.ruling(reason) if reason is not None else None


def groundless(record: ConsentRecord, index: int | None, question: Question) -> Reason | None:
    """
    Return why a permission that rests on a purchase or an inquiry does not hold, or None.

    Args:
        record: A record, in force or not.
        index: The event that decides how it stands, or None.
        question: What is asked.
    """
    if record.channel_permission is ChannelPermission.SOFT_OPT_IN:
        return _other_goods(record, question)
    if record.channel_permission is ChannelPermission.IMPLIED_CASL:
        return _run_out(record, index, question)
    return None


def _other_goods(record: ConsentRecord, question: Question) -> Reason | None:
    """Return why a soft opt-in does not reach what the message offers; None where it does."""
    if not record.similar_categories or not question.offers:
        return Reason.SOFT_OPT_IN_CATEGORY_UNKNOWN
    bought = [goods.casefold() for goods in record.similar_categories]
    offered = [goods.casefold() for goods in question.offers]
    if all(any(_is_within(offer, goods) for goods in bought) for offer in offered):
        return None
    return Reason.SOFT_OPT_IN_OTHER_CATEGORY


def _is_within(key: str, wider: str) -> bool:
    return key == wider or key.startswith(f"{wider}.")


def _run_out(record: ConsentRecord, index: int | None, question: Question) -> Reason | None:
    """Return why implied permission is over; None while one of its grounds still holds."""
    events = record.events[: (index or 0) + 1]
    ends = list(_implied_ends(events, question.use.law))
    if not ends:
        return Reason.CHANNEL_PERMISSION_UNDATED
    return None if max(ends) > question.at else Reason.CHANNEL_PERMISSION_EXPIRED


def _implied_ends(events: Sequence[ConsentEvent], law: Law) -> Iterator[datetime]:
    """Yield when each ground of an unbroken run of valid events ends: a purchase, an inquiry."""
    for event in reversed(events):
        if event.event_state in STATE_REASONS:
            break
        length = law.permission.implied_ends.get(event.method or "")
        if length is not None:
            yield length.after(event.event_time)
