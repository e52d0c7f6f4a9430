"""E-mail addresses, plain or written so that machines shall not find them, and URL credentials."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from html import unescape
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from guardedpersonalize.check.characters import word_set
from guardedpersonalize.check.context import Detection
from guardedpersonalize.check.gates import Gate, Signs
from guardedpersonalize.check.pii.hints import Hints, weigh

if TYPE_CHECKING:
    from tldextract import TLDExtract

__all__ = ["address_of", "find_credentials", "find_emails", "may_hold_email"]

_LONGEST_LOCAL: Final = 64
"""Octets of a local part. Source: RFC 5321, section 4.5.3.1.1."""

# Presidio's own pattern takes quadratic time on "a.a.a.a" and is tried at each word; here each
# at-sign is looked up and the address is read off to both sides of it.
_AT_WORDS: Final = "at[ -]sign|\u00e0|arroba|arobas|arobase|chiocciola|klammeraffe|apenstaartje"
_DOT_WORDS: Final = "punkt|punto|point|ponto|punt"
_MARK: Final = re.compile(
    r"\s{1,2}@\s{1,2}|@|%40|&#(?:64|x40);|&commat;"
    r"|\s{0,2}[(\[{<]\s{0,2}(?:at|a|\u00e4t|@)\s{0,2}[)\]}>]\s{0,2}"
    rf"|[-_#*|~/]{{1,2}}at[-_#*|~/]{{1,2}}|\s(?:at|{_AT_WORDS})\s",
    re.IGNORECASE,
)
_MARK_GATE: Final = Gate.of(_MARK.pattern, _MARK.flags)
_JOINERS: Final = frozenset("-_#*|~/")
_LOCAL_CHARS: Final = frozenset(".+-_'")
_LABEL: Final = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_DOT: Final = rf"\s{{0,2}}[(\[{{<]\s{{0,2}}(?:dot|\.|{_DOT_WORDS})\s{{0,2}}[)\]}}>]\s{{0,2}}"
_SPOKEN_DOT: Final = rf"\s(?:dot|{_DOT_WORDS}|\.)\s"
_SEPARATOR: Final = re.compile(
    rf"\.|{_DOT}|{_SPOKEN_DOT}|[-_#*|~/]{{1,2}}dot[-_#*|~/]{{1,2}}", re.IGNORECASE
)
_PLAIN_DOMAIN: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL}){{1,8}}")
_HIDDEN_DOMAIN: Final = re.compile(
    rf"{_LABEL}(?:(?:{_SEPARATOR.pattern}){_LABEL}){{1,8}}", re.IGNORECASE
)
_SPOKEN_DOMAIN: Final = re.compile(rf"{_LABEL}(?:(?:{_SPOKEN_DOT}){_LABEL}){{1,8}}", re.IGNORECASE)
_JOINED_DOMAIN: Final = re.compile(
    r"[a-z0-9]{1,63}(?:[-_#*|~/]{1,2}dot[-_#*|~/]{1,2}[a-z0-9]{1,63}){1,8}", re.IGNORECASE
)
_ABOUT_MAIL: Final = Hints.of(
    r"e-?mail(?:s|ed)?|mail(?:s|ed)?|write|contact(?:ed)?|reach(?:ed)?|address|inbox|copied|cc"
)

# Top-level names that no suffix list has: reserved by RFC 2606 and RFC 6761, ICANN's `internal`,
# and those that private networks use all the same.
_RESERVED: Final = word_set(
    "corp example home internal intranet invalid lan local localhost onion test"
)
# After " at … dot …" only these count: "the café at polka dot cafe" is no address.
_PIXEL_RATIO: Final = re.compile(r"[1-9]x\.(?:avif|gif|jpe?g|png|svg|webp)", re.IGNORECASE)
"""What follows the sign in `logo@2x.png`, the name of a picture for fine screens."""

_SPOKEN_SUFFIXES: Final = _RESERVED | word_set("com edu gov info io net org")
_CREDENTIALS: Final = re.compile(
    r"(?<=://)[^\s/@:?#<>\"]{1,64}:[^\s/@?#<>\"]{1,64}@[\w.\[\]:-]{1,253}"
)

_COUNTRY_CODE: Final = 2
_KNOWN: Final = 1.0
_HIDDEN: Final = 0.85
_UNKNOWN_SUFFIX: Final = 0.5
_LOOSE: Final = 0.3
"""
Scores. Source: Presidio gives a validated address 1.0 and an unvalidated one its pattern's 0.5; an
address that was hidden on purpose is nearly as sure as a plain one (house choice).
"""


def may_hold_email(signs: Signs) -> bool:
    """Tell whether a text with these *signs* may have what could be the at-sign of an address."""
    return _MARK_GATE.lets(signs)


def find_emails(text: str) -> Iterator[Detection]:
    """Yield the e-mail addresses in *text*, in order."""
    for mark in _MARK.finditer(text):
        start = _local_start(text, mark.start())
        if start < mark.start():
            end, score = _domain(text, mark)
            if score:
                yield Detection("EMAIL_ADDRESS", start, end, score)


def _local_start(text: str, end: int) -> int:
    """Return where the local part that ends at *end* starts; *end* if there is none."""
    start, lowest = end, max(0, end - _LONGEST_LOCAL)
    while start > lowest and (text[start - 1].isalnum() or text[start - 1] in _LOCAL_CHARS):
        start -= 1
    while start < end and not text[start].isalnum():
        start += 1
    return start if text[end - 1 : end].isalnum() or text[end - 1 : end] in {"_", "-", "+"} else end


def _domain(text: str, mark: re.Match[str]) -> tuple[int, float]:
    """Return where the domain after *mark* ends, and a score that is 0 where there is none."""
    kind = mark[0].strip().lower()
    is_spaced = mark[0] != kind and kind == "@"
    if kind in {"@", "%40", "&commat;"}:
        end, score = _judged(_PLAIN_DOMAIN.match(text, mark.end()), _KNOWN)
        if score < _KNOWN:
            hidden = _judged(_HIDDEN_DOMAIN.match(text, mark.end()), _HIDDEN, is_spoken=True)
            end, score = max((end, score), hidden, key=lambda found: found[1])
        # "See you @ shop.example" is no address, unless mail is spoken of.
        if is_spaced and score:
            score = weigh(text, mark.start(), end, _LOOSE, _ABOUT_MAIL)
        return end, score
    if kind[0] in _JOINERS:
        return _judged(_JOINED_DOMAIN.match(text, mark.end()), _HIDDEN)
    if kind[0].isalpha():
        end, score = _judged(_SPOKEN_DOMAIN.match(text, mark.end()), _HIDDEN, is_spoken=True)
        if not score and kind == "at":
            end, score = _judged(_PLAIN_DOMAIN.match(text, mark.end()), _KNOWN, is_spoken=True)
            # "Meet Ann at shop.example" is none either.
            if score:
                start = _local_start(text, mark.start())
                score = weigh(text, start, end, _LOOSE, _ABOUT_MAIL)
        return end, score
    return _judged(_HIDDEN_DOMAIN.match(text, mark.end()), _HIDDEN)


def _judged(
    match: re.Match[str] | None, score: float, *, is_spoken: bool = False
) -> tuple[int, float]:
    """Return where the domain of *match* ends and how sure it is; *score* for a known one."""
    if match is None:
        return 0, 0.0
    labels = _labels(match)
    known = _known(labels)
    if is_spoken and not (known and _is_spoken_suffix(labels[known - 1][0])):
        return 0, 0.0
    if known:
        return labels[known - 1][1], score
    last, end = labels[-1]
    is_likely = len(last) > 1 and last.isalpha() and not _PIXEL_RATIO.fullmatch(match[0])
    return end, _UNKNOWN_SUFFIX if is_likely else 0.0


def _labels(domain: re.Match[str]) -> list[tuple[str, int]]:
    """Return the labels of a domain, each with where it ends in the text."""
    found, at = [], 0
    for separator in _SEPARATOR.finditer(domain[0]):
        found.append((domain[0][at : separator.start()], domain.start() + separator.start()))
        at = separator.end()
    return [*found, (domain[0][at:], domain.end())]


def _known(labels: list[tuple[str, int]]) -> int:
    """
    Return how many *labels* make the longest domain whose suffix is known; 0 if none do.

    "shop.example.Then" goes on with the next sentence: its first two make one.
    """
    for count in range(len(labels), 1, -1):
        if has_known_suffix(".".join(label for label, _ in labels[:count])):
            return count
    return 0


def _is_spoken_suffix(label: str) -> bool:
    return label.lower() in _SPOKEN_SUFFIXES or len(label) == _COUNTRY_CODE


def has_known_suffix(domain: str) -> bool:
    """Tell whether *domain* has a name below a public suffix or a reserved one."""
    last = domain.rpartition(".")[2].lower()
    if last in _RESERVED:
        return True
    return bool(_extract()(domain).top_domain_under_public_suffix)


@functools.cache
def _extract() -> TLDExtract:
    # Without these two options it asks the network for a list, and writes to the home directory.
    from tldextract import TLDExtract  # noqa: PLC0415 (slow to load)

    return TLDExtract(suffix_list_urls=(), cache_dir=None)


def address_of(shown: str) -> str:
    """Return the plain, lower-cased address that *shown* stands for."""
    text = unquote(unescape(shown)).strip().lower()
    text = _MARK.sub("@", text, count=1)
    return _SEPARATOR.sub(".", text)


def find_credentials(text: str) -> Iterator[Detection]:
    """Yield the `user:password@host` of URLs in *text*."""
    for match in _CREDENTIALS.finditer(text):
        yield Detection("URL_CREDENTIALS", *match.span(), 1.0)
