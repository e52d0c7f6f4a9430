"""Which of Presidio's recognisers are used, and how their hits are judged."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from guardedpersonalize.check.context import Detection
from guardedpersonalize.check.gates import Gated, Signs
from guardedpersonalize.check.pii.hints import NO_HINTS, NUMBERED_THINGS, Hints, weigh
from guardedpersonalize.check.pii.presidio import hits

__all__ = ["NUMBERS", "NumberRule"]

_SEEN_AS_CARD: Final = 0.9
_MAYBE_CARD: Final = 0.5
_MEDIUM: Final = 0.5
_WEAK: Final = 0.3
"""Scores. Source: Presidio's patterns, 0.5 for medium ones, 0.3 for a card before its checksum."""


_REACH: Final = 60
"""Characters behind a number in which its name may stand: "… on file as your SSN"."""


@dataclass(frozen=True, slots=True)
class NumberRule:
    """
    One of Presidio's recognisers, and how its hits are judged.

    Args:
        entity: The name that detections carry.
        recogniser: Name of the class in `presidio_analyzer.predefined_recognizers`.
        least_digits: Fewer digits in the text than this, and there is nothing to find.
        triggers: None of them in the text, and there is nothing to find either; empty for none.
        judge: From the matched text and Presidio's score to ours; 0 drops the hit.
        hints: Words beside a hit that move its score.
        is_sure_at: A score from which on words beside the hit change nothing.
    """

    entity: str
    recogniser: str
    least_digits: int
    triggers: tuple[Gated, ...]
    judge: Callable[[str, float], float]
    hints: Hints = NO_HINTS
    is_sure_at: float = 0.9

    def may_find(self, text: str, signs: Signs) -> bool:
        """Tell whether *text*, which has these *signs*, could hold a hit."""
        if signs.digits < self.least_digits:
            return False
        return not self.triggers or any(each.is_in(text, signs) for each in self.triggers)

    def find(self, text: str, signs: Signs) -> Iterator[Detection]:
        """Yield the hits in *text*; `TimeoutError` if a pattern takes too long."""
        for start, end, score in hits(self.recogniser, text, signs):
            base = self.judge(text[start:end], score)
            if base and base < self.is_sure_at:
                base = weigh(text, start, end, base, self.hints, reach=_REACH)
            if base:
                yield Detection(self.entity, start, end, base)


_CARD_BRANDS: Final = re.compile(
    r"4\d{15}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}"
    r"|6(?:011|5\d\d|4[4-9]\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12}|3(?:0[0-5]|[689]\d)\d{11}"
)
"""Source: the issuer ranges and lengths of Visa, Mastercard, Amex, Discover, JCB and Diners."""
_NOT_DIGIT: Final = re.compile(r"\D")
_LEAST_DIGITS: Final = 3


def _judge_card(shown: str, _: float) -> float:
    """One number in ten passes the checksum: the issuer and the usual grouping make it a card."""
    if not _CARD_BRANDS.fullmatch(_NOT_DIGIT.sub("", shown)):
        return _WEAK
    return _SEEN_AS_CARD if _NOT_DIGIT.search(shown) else _MAYBE_CARD


def _judge_ssn(shown: str, score: float) -> float:
    """Keep Presidio's medium score for hyphens only: blanks and dots part other numbers too."""
    return score if score < _MEDIUM or "-" in shown else _WEAK


def _judge_checked(_: str, __: float) -> float:
    """One number in eleven passes this checksum: only a word beside it makes it a hit."""
    return _WEAK


def _judge_ip(shown: str, score: float) -> float:
    """Drop addresses that are nobody's, and colons that are no address."""
    bare = shown.partition("/")[0].partition("%")[0]
    address = ipaddress.ip_address(bare)
    if address.is_loopback or address.is_unspecified or address.is_multicast:
        return 0.0
    # "12:30::45" and "::add" are none, whatever the standard says.
    is_time = ":" in bare and max(map(len, bare.split(":"))) < _LEAST_DIGITS
    return 0.0 if is_time or bare.startswith("::") else score


def _as_presidio(_: str, score: float) -> float:
    return score


def _any_of(*expressions: str) -> tuple[Gated, ...]:
    return tuple(Gated.of(re.compile(each, re.IGNORECASE)) for each in expressions)


_OTHER_NUMBERS: Final = Hints.of("", NUMBERED_THINGS)

NUMBERS: Final = (
    NumberRule(
        "CREDIT_CARD",
        "CreditCardRecognizer",
        12,
        (),
        _judge_card,
        Hints.of(
            r"cards?|credit|debit|visa|mastercard|amex|american express|pay(?:ment)?|cvv",
            NUMBERED_THINGS,
        ),
    ),
    NumberRule(
        "IBAN_CODE",
        "IbanRecognizer",
        2,
        _any_of(r"(?<![a-z0-9])[a-z]{2}\d{2}[ -]?[a-z0-9]{4}"),
        _as_presidio,
    ),
    NumberRule(
        "US_SSN",
        "UsSsnRecognizer",
        9,
        (),
        _judge_ssn,
        Hints.of(r"ssns?|social security(?: number)?|soc\.? sec\.?", NUMBERED_THINGS),
    ),
    NumberRule(
        "US_ITIN",
        "UsItinRecognizer",
        9,
        (),
        _judge_ssn,
        Hints.of(r"itin|taxpayer|tax id|tin", NUMBERED_THINGS),
    ),
    NumberRule(
        "UK_NINO",
        "UkNinoRecognizer",
        6,
        _any_of(r"(?<![a-z0-9])[a-z]{2} ?\d{2}"),
        _as_presidio,
        Hints.of(
            r"national insurance|nino|ni (?:no|number)", NUMBERED_THINGS + r"|use|enter|apply"
        ),
    ),
    NumberRule(
        "UK_NHS",
        "NhsRecognizer",
        10,
        (),
        _judge_checked,
        Hints.of(r"nhs|national health|patients?|hospital|health", NUMBERED_THINGS),
    ),
    NumberRule(
        "IP_ADDRESS",
        "IpRecognizer",
        0,
        _any_of(r"\d\.\d{1,3}\.\d{1,3}\.\d", "::|:[0-9a-f]{1,4}:"),
        _judge_ip,
        Hints.of(
            r"ip|ipv4|ipv6|address|logged|log(?:in|on)|sign(?:ed|in)?|device",
            r"version|v|release|build|firmware|section|clause|chapter|update|updated|ios|android|app",
        ),
    ),
    NumberRule(
        "MAC_ADDRESS",
        "MacAddressRecognizer",
        0,
        _any_of("(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}", r"(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}"),
        _as_presidio,
    ),
)
"""Presidio's recognisers that are used, in no order that matters; the noisy ones are not here."""
