"""Why a field or a message may be used or not: stable codes, each with a plain sentence."""

from __future__ import annotations

import functools
import tomllib
from enum import StrEnum
from pathlib import Path
from typing import Final

__all__ = ["Reason", "Verdict"]


class Verdict(StrEnum):
    """What a grant says. Unknown means that it cannot be told, and is never a yes."""

    ALLOWED = "allowed"
    DENIED = "denied"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Why. The codes are stable; each has a sentence in `reasons.toml`."""

    # A yes.
    ALLOWED = "allowed"
    NOT_PERSONAL = "not_personal"
    PERMISSION_NOT_REQUIRED = "permission_not_required"

    # Nothing was said, or not about this.
    NO_RECORD = "no_record"
    WRONG_PERSON = "wrong_person"
    PURPOSE_NOT_COVERED = "purpose_not_covered"
    PARENT_PURPOSE_ONLY = "parent_purpose_only"
    CHANNEL_NOT_COVERED = "channel_not_covered"
    FIELD_NOT_COVERED = "field_not_covered"

    # The state of the record.
    NOT_YET_VALID = "not_yet_valid"
    REQUESTED = "requested"
    REQUEST_DEFERRED = "request_deferred"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"
    EXPIRED = "expired"
    INVALIDATED = "invalidated"
    STATUS_UNKNOWN = "status_unknown"

    # The basis.
    NO_LAWFUL_BASIS = "no_lawful_basis"
    BASIS_NOT_ACCEPTED = "basis_not_accepted"
    LEGITIMATE_INTEREST_BARRED = "legitimate_interest_barred"
    IMPLIED_CONSENT_ONLY = "implied_consent_only"

    # The person.
    OBJECTION_DIRECT_MARKETING = "objection_direct_marketing"
    OBJECTION_PROFILING = "objection_profiling"
    DO_NOT_CONTACT = "do_not_contact"
    MINOR = "minor"
    AGE_UNKNOWN = "age_unknown"

    # The right to send.
    NO_CHANNEL_PERMISSION = "no_channel_permission"
    CHANNEL_PERMISSION_NOT_ACCEPTED = "channel_permission_not_accepted"
    CHANNEL_PERMISSION_EXPIRED = "channel_permission_expired"
    CHANNEL_PERMISSION_UNDATED = "channel_permission_undated"
    SOFT_OPT_IN_CATEGORY_UNKNOWN = "soft_opt_in_category_unknown"
    SOFT_OPT_IN_OTHER_CATEGORY = "soft_opt_in_other_category"

    # The kind of data.
    SPECIAL_CATEGORY_NEEDS_EXPLICIT_CONSENT = "special_category_needs_explicit_consent"
    SPECIAL_CATEGORY_IN_AD = "special_category_in_ad"
    SENSITIVE_CATEGORY_NEEDS_EXPLICIT_CONSENT = "sensitive_category_needs_explicit_consent"
    SENSITIVE_CATEGORY_IN_AD = "sensitive_category_in_ad"
    PROXY_CATEGORY = "proxy_category"
    PROXY_CATEGORY_IN_AD = "proxy_category_in_ad"
    CRIMINAL_CATEGORY = "criminal_category"
    POLITICAL_NEEDS_EXPLICIT_CONSENT = "political_needs_explicit_consent"
    POLITICAL_PROVIDED_ONLY = "political_provided_only"

    # The value.
    NO_RECORDED_SOURCE = "no_recorded_source"
    MISSING_VALUE = "missing_value"
    STALE_VALUE = "stale_value"
    VALUE_AGE_UNKNOWN = "value_age_unknown"

    @property
    def verdict(self) -> Verdict:
        """What the reason amounts to."""
        return _VERDICTS.get(self, Verdict.DENIED)

    @property
    def is_yes(self) -> bool:
        """True for the reasons that allow."""
        return self.verdict is Verdict.ALLOWED

    @property
    def sentence(self) -> str:
        """The reason in plain words, for the person who writes the messages."""
        return _sentences()[self.value]


_VERDICTS: Final = {
    Reason.ALLOWED: Verdict.ALLOWED,
    Reason.NOT_PERSONAL: Verdict.ALLOWED,
    Reason.PERMISSION_NOT_REQUIRED: Verdict.ALLOWED,
    Reason.STATUS_UNKNOWN: Verdict.UNKNOWN,
    Reason.AGE_UNKNOWN: Verdict.UNKNOWN,
    Reason.CHANNEL_PERMISSION_UNDATED: Verdict.UNKNOWN,
    Reason.SOFT_OPT_IN_CATEGORY_UNKNOWN: Verdict.UNKNOWN,
    Reason.VALUE_AGE_UNKNOWN: Verdict.UNKNOWN,
}


@functools.cache
def _sentences() -> dict[str, str]:
    text = Path(__file__).with_name("reasons.toml").read_text(encoding="utf-8")
    return dict(tomllib.loads(text))
