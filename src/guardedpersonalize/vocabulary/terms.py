"""The closed sets of the field, as enums; what their members mean is in term.toml."""

from __future__ import annotations

from enum import IntEnum, StrEnum

__all__ = [
    "Channel",
    "ChannelPermission",
    "Collection",
    "ConsentStatus",
    "ConsentType",
    "Family",
    "IntrusiveCategory",
    "LawfulBasis",
    "Objection",
    "Outcome",
    "Provenance",
    "Sensitivity",
    "Severity",
    "SlotOutcome",
    "Source",
    "Technique",
]


class Sensitivity(IntEnum):
    """Sensitivity tier of a data category (IAB Tech Lab Privacy Taxonomy, Sensitivity Matrix)."""

    NONE = 1
    IN_COMBINATION = 2
    SENSITIVE = 3


class Provenance(StrEnum):
    """How a value came to be (W3C DPV 2.3; EDPB guidelines 8/2020)."""

    PROVIDED = "provided"
    OBSERVED = "observed"
    DERIVED = "derived"
    INFERRED = "inferred"


class Source(StrEnum):
    """Who a value came from (W3C DPV 2.3 data sources, and first, second and third party)."""

    DATA_SUBJECT = "data_subject"
    CONTROLLER = "controller"
    SECOND_PARTY = "second_party"
    THIRD_PARTY = "third_party"
    PUBLIC = "public"


class Collection(StrEnum):
    """Whether the person could see that the value was collected; unknown counts as covert."""

    OVERT = "overt"
    COVERT = "covert"
    UNKNOWN = "unknown"


class LawfulBasis(StrEnum):
    """Lawful basis for processing (GDPR Art. 6; `explicit_consent` also Art. 9(2)(a))."""

    CONSENT = "consent"
    EXPLICIT_CONSENT = "explicit_consent"
    CONTRACT = "contract"
    LEGAL_OBLIGATION = "legal_obligation"
    VITAL_INTERESTS = "vital_interests"
    PUBLIC_INTEREST = "public_interest"
    LEGITIMATE_INTERESTS = "legitimate_interests"


class ChannelPermission(StrEnum):
    """The right to send at all, which is another axis than the lawful basis of a field."""

    OPT_IN = "opt_in"
    DOUBLE_OPT_IN = "double_opt_in"
    SOFT_OPT_IN = "soft_opt_in"
    IMPLIED_CASL = "implied_casl"
    PRIOR_EXPRESS_WRITTEN = "prior_express_written"
    VERIFIABLE_PARENTAL = "verifiable_parental"
    OPT_OUT_REGIME = "opt_out_regime"
    NONE = "none"


class ConsentStatus(StrEnum):
    """State of a consent record (W3C DPV 2.3). Only `given` and `renewed` allow use."""

    REQUESTED = "requested"
    REQUEST_DEFERRED = "request_deferred"
    REFUSED = "refused"
    GIVEN = "given"
    RENEWED = "renewed"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"
    EXPIRED = "expired"
    INVALIDATED = "invalidated"
    UNKNOWN = "unknown"

    @property
    def is_valid(self) -> bool:
        """True for the two states that allow use."""
        return self in {ConsentStatus.GIVEN, ConsentStatus.RENEWED}


class ConsentType(StrEnum):
    """How consent was expressed (W3C DPV 2.3)."""

    IMPLIED = "implied"
    EXPRESSED = "expressed"
    EXPLICIT = "explicit"


class Objection(StrEnum):
    """What the person objected to (GDPR Art. 21)."""

    DIRECT_MARKETING = "direct_marketing"
    PROFILING = "profiling"


class Channel(StrEnum):
    """Where a message is read."""

    EMAIL = "email"
    SMS = "sms"
    PUSH = "push"
    IN_APP = "in_app"
    WEB = "web"
    AD = "ad"
    POST = "post"
    VOICE = "voice"


class Technique(StrEnum):
    """De-identification technique applied to a slot (ISO/IEC 20889:2018)."""

    NONE = "none"
    ROUNDING = "rounding"
    TOP_BOTTOM_CODING = "top_bottom_coding"
    GENERALISATION = "generalisation"
    MASKING = "masking"
    LOCAL_SUPPRESSION = "local_suppression"
    PSEUDONYMISATION = "pseudonymisation"


class SlotOutcome(StrEnum):
    """What became of a slot."""

    ALLOW = "allow"
    TRANSFORM = "transform"
    FALLBACK = "fallback"
    OMIT = "omit"


class Outcome(StrEnum):
    """What becomes of a message."""

    SEND = "send"
    REVIEW = "review"
    BLOCK = "block"

    @property
    def rank(self) -> int:
        """0 for send, 1 for review, 2 for block."""
        return list(Outcome).index(self)


class Severity(StrEnum):
    """How grave a finding is; the policy turns it into an outcome."""

    INFO = "info"
    WARN = "warn"
    ERROR = "error"

    @property
    def rank(self) -> int:
        """0 for info, 1 for warn, 2 for error."""
        return list(Severity).index(self)


class Family(StrEnum):
    """The kind of rule that a finding comes from."""

    INTRUSIVE = "intrusive"
    ADS = "ads"
    PII = "pii"
    ECHO = "echo"
    REQUIRED = "required"
    HYGIENE = "hygiene"
    UNKNOWN = "unknown"


class IntrusiveCategory(StrEnum):
    """The eleven ways in which copy intrudes."""

    KNOWLEDGE_CLAIM = "knowledge_claim"
    SURVEILLANCE = "surveillance"
    LOCATION = "location"
    LIFE_EVENT = "life_event"
    SENSITIVE_TRAIT = "sensitive_trait"
    EMOTION = "emotion"
    RELATIONS = "relations"
    BIOMETRIC = "biometric"
    ASSUMPTION = "assumption"
    OVER_PRECISION = "over_precision"
    PRESSURE = "pressure"
