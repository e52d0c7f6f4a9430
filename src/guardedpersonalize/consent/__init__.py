"""Who may use what: consent records, and the grant that they add up to."""

from guardedpersonalize.consent.answer import (
    Answers,
    FieldAnswer,
    FieldGrant,
    Grant,
    MessageAnswer,
    MessageGrant,
)
from guardedpersonalize.consent.duration import Duration
from guardedpersonalize.consent.grant import grant_for
from guardedpersonalize.consent.holder import AgeGroup, Consent
from guardedpersonalize.consent.law import Law, Place
from guardedpersonalize.consent.parts import (
    ConsentEvent,
    Guardian,
    Party,
    PiiInformation,
    PrivacyNotice,
)
from guardedpersonalize.consent.reason import Reason, Verdict
from guardedpersonalize.consent.record import ConsentRecord, Standing

__all__ = [
    "AgeGroup",
    "Answers",
    "Consent",
    "ConsentEvent",
    "ConsentRecord",
    "Duration",
    "FieldAnswer",
    "FieldGrant",
    "Grant",
    "Guardian",
    "Law",
    "MessageAnswer",
    "MessageGrant",
    "Party",
    "PiiInformation",
    "Place",
    "PrivacyNotice",
    "Reason",
    "Standing",
    "Verdict",
    "grant_for",
]
