"""
Message personalisation with privacy guardrails.

A name is loaded when it is first used, so importing the package loads neither spaCy nor Presidio,
and next to nothing else.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from guardedpersonalize._version import __version__

if TYPE_CHECKING:
    from guardedpersonalize.check import Detection, Detector, Finding, Report
    from guardedpersonalize.consent import Consent, ConsentRecord, Grant, grant_for
    from guardedpersonalize.decide import Decision, Policy, Rung
    from guardedpersonalize.engine import Engine, Message, Recipient, Result, Reviewed
    from guardedpersonalize.errors import (
        ConfigError,
        ConsentError,
        DetectorError,
        GuardError,
        InternalError,
        PackError,
        ProfileError,
        RenderError,
        UsageError,
    )
    from guardedpersonalize.minimise import PseudonymKey
    from guardedpersonalize.packs import Pack, load_pack
    from guardedpersonalize.profile import Catalogue, Field, Profile
    from guardedpersonalize.vocabulary import Channel, Outcome, Severity

__all__ = [
    "Catalogue",
    "Channel",
    "ConfigError",
    "Consent",
    "ConsentError",
    "ConsentRecord",
    "Decision",
    "Detection",
    "Detector",
    "DetectorError",
    "Engine",
    "Field",
    "Finding",
    "Grant",
    "GuardError",
    "InternalError",
    "Message",
    "Outcome",
    "Pack",
    "PackError",
    "Policy",
    "Profile",
    "ProfileError",
    "PseudonymKey",
    "Recipient",
    "RenderError",
    "Report",
    "Result",
    "Reviewed",
    "Rung",
    "Severity",
    "UsageError",
    "__version__",
    "grant_for",
    "load_pack",
]

_ROOMS = {
    "check": ("Detection", "Detector", "Finding", "Report"),
    "consent": ("Consent", "ConsentRecord", "Grant", "grant_for"),
    "decide": ("Decision", "Policy", "Rung"),
    "engine": ("Engine", "Message", "Recipient", "Result", "Reviewed"),
    "minimise": ("PseudonymKey",),
    "packs": ("Pack", "load_pack"),
    "profile": ("Catalogue", "Field", "Profile"),
    "vocabulary": ("Channel", "Outcome", "Severity"),
}
_HOMES = {name: room for room, names in _ROOMS.items() for name in names}


def __getattr__(name: str) -> object:
    """Load the room of a public name when it is first used."""
    if name not in __all__:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    room = import_module(f"{__name__}.{_HOMES.get(name, 'errors')}")
    value = globals()[name] = getattr(room, name)
    return value


def __dir__() -> list[str]:
    return list(__all__)
