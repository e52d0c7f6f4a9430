"""What the pipeline must still do with a message that may be sent."""

from __future__ import annotations

from typing import Final

from guardedpersonalize.decide import Obligation
from guardedpersonalize.packs import PackTemplate
from guardedpersonalize.vocabulary import Channel

__all__ = ["obligations_for"]

_RECORD: Final = Obligation("record", "DecisionRecord", "keep the decision record.")
_ONE_CLICK: Final = (
    Obligation("header", "List-Unsubscribe", "one https URI, opaque token (RFC 2369, 8058)."),
    Obligation("header", "List-Unsubscribe-Post", "List-Unsubscribe=One-Click (RFC 8058)."),
    Obligation("signature", "DKIM", "the signature covers both headers (RFC 8058, section 4)."),
)
_STOP: Final = (Obligation("reply", "STOP", "a reply of STOP ends them (47 CFR 64.1200)."),)
_AD: Final = (
    Obligation("disclosure", "advertisement", "the slot shows that it is an ad (DSA Art. 26(1))."),
)
_MARKETING: Final = {Channel.EMAIL: _ONE_CLICK, Channel.SMS: _STOP, Channel.AD: _AD}


def obligations_for(template: PackTemplate) -> tuple[Obligation, ...]:
    """Return what is left to do for a message of *template*, in a fixed order."""
    is_service = template.purpose.purpose_class == "service"
    marketing = () if is_service else _MARKETING.get(template.channel, ())
    return (*marketing, _RECORD)
