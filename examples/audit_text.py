"""How a text may be read and a value be spelt, for `verify_output.py`: standard library only."""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final
from urllib.parse import unquote_plus

__all__ = [
    "BLANK",
    "Levels",
    "date_levels",
    "plain",
    "postcode_levels",
    "readings",
    "spans",
    "text_forms",
    "words_of",
]

MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
# Values that stand for none.
BLANK: Final = frozenset({"", "null", "none", "nan", "n/a", "undefined"})
# Postcode areas of the invented recipients, by region.
REGIONS: Final = {
    "east of england": ("NR",),
    "north east": ("DH",),
    "scotland": ("EH", "IV"),
    "south east": ("OX",),
    "south west": ("BA", "EX", "TR"),
    "wales": ("CF",),
    "yorkshire and the humber": ("LS", "YO"),
}

_INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e0fff]"
)
_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]")
_TAG: Final = re.compile(r"<[^<>]*>")
_WORD: Final = re.compile(r"\w+")
_SPACED_DIGITS: Final = re.compile(r"(?<=\d)[\s().\-/\u00a0]+(?=\d)")

Levels = list[tuple[str, list[str]]]
"""Levels of one value, finest first, each with the forms that it takes at that level."""


def plain(text: str) -> str:
    """Return *text* without entities, invisible signs, accents, capitals and double spaces."""
    text = html.unescape(text)
    if not text.isascii():
        text = unicodedata.normalize("NFKD", _INVISIBLE.sub("", text))
        text = _NOT_ASCII.sub(_unless_combining, text)
    return " ".join(text.casefold().split())


def _unless_combining(found: re.Match[str]) -> str:
    return "" if unicodedata.combining(found[0]) else found[0]


def readings(text: str) -> tuple[str, ...]:
    """Return the ways in which a message can be read: as its source says, and as it is shown."""
    source = plain(text)
    found = [source]
    if "%" in text or "+" in text:
        found.append(plain(unquote_plus(html.unescape(text))))
    if "<" in text:
        found.append(plain(_TAG.sub("", text)))
    squeezed = _SPACED_DIGITS.sub("", source)
    return tuple(dict.fromkeys([*found, squeezed]))


def words_of(texts: Iterable[str]) -> set[str]:
    """Return the words of texts that are folded already."""
    return {word for text in texts for word in _WORD.findall(text)}


def spans(form: str, text: str) -> Iterator[tuple[int, int]]:
    """Yield where *form* stands in *text* as whole words; scripts without spaces need no edge."""
    start = text.find(form)
    while start >= 0:
        end = start + len(form)
        if not (_joined(text, start) or _joined(text, end)):
            yield start, end
        start = text.find(form, start + 1)


def _joined(text: str, edge: int) -> bool:
    """Tell whether two Latin letters or digits meet at *edge*."""
    around = text[max(edge - 1, 0) : edge + 1]
    return len(around) == 2 and edge > 0 and around.isalnum() and around.isascii()  # noqa: PLR2004


def text_forms(text: str) -> list[str]:
    """Return the forms that a text may take, folded."""
    folded = plain(text)
    forms = [folded, *(plain(piece) for piece in text.split(",")[:12] if "," in text)]
    words = folded.split()[:12]
    if len(words) > 3:  # noqa: PLR2004
        forms += [" ".join(words[at : at + 3]) for at in range(len(words) - 2)]
    if "@" in text:
        forms += [folded.partition("@")[0], *_hashes(text)]
    digits = re.sub(r"\D", "", text)
    if len(digits) > 6 and not any(map(str.isalpha, text)):  # noqa: PLR2004
        forms += [digits, f"0{digits[-10:]}", digits[-10:]]
    if re.fullmatch(r"\d+\.\d\d", text):
        forms.append(f"{float(text):,.2f}")
    return forms


def _hashes(address: str) -> list[str]:
    data = address.strip().lower().encode("utf-8", "surrogatepass")
    return [hashlib.new(kind, data).hexdigest() for kind in ("md5", "sha1", "sha256")]


def date_levels(text: str, *, is_birth: bool) -> Levels:
    """Return a date in a dozen spellings and, for a birth date, the year and the month."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return [("exact", text_forms(text))]
    month, y, m, d = MONTHS[day.month - 1], day.year, day.month, day.day
    ordinal = f"{d}{'th' if 10 < d < 20 else {1: 'st', 2: 'nd', 3: 'rd'}.get(d % 10, 'th')}"  # noqa: PLR2004
    forms = [text, f"{y}{m:02d}{d:02d}", f"{y}/{m:02d}/{d:02d}"]
    for a, b in ((d, m), (m, d)):
        forms += [f"{a}{s}{b}{s}{y}" for s in "/-."] + [f"{a:02d}{s}{b:02d}{s}{y}" for s in "/-."]
    for name in (month, month[:3]):
        forms += [f"{d} {name}", f"{d:02d} {name}", f"{ordinal} {name}", f"{name} {d}"]
        forms += [f"{ordinal} of {name}", f"{name} {y}"]
    if is_birth:
        return [("exact", [*forms, str(y)]), ("birth_month", [month]), ("birth_quarter", [])]
    return [("exact", forms)]


def postcode_levels(text: str) -> Levels:
    """Return a British postcode, its outward part and its region."""
    folded = plain(text)
    outward = folded.partition(" ")[0]
    area = re.match(r"[a-z]*", outward)
    letters = area[0].upper() if area else ""
    region = [name for name, areas in REGIONS.items() if letters in areas]
    return [
        ("exact", [folded, folded.replace(" ", "")]),
        ("outward", [outward]),
        ("region", region),
    ]
