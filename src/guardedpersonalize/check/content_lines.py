"""
Calendars (RFC 5545) and address cards (RFC 6350, vCard 2.1 too) in a text part.

Both are lists of lines `NAME;PARAMETER=…:value`. Long lines are folded, and values escaped; what is
read is what they say, with a map back to where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from guardedpersonalize.check.characters import word_set
from guardedpersonalize.check.decoding import decode_base64, decode_quoted
from guardedpersonalize.check.html_reader import read_markup
from guardedpersonalize.check.links import links_in, part_of, target
from guardedpersonalize.check.reading import (
    Offsets,
    Region,
    RegionKind,
    Writer,
    in_order,
    overlapping,
)

__all__ = ["blocks", "read_blocks"]

_BEGIN: Final = re.compile(
    r"^\ufeff?BEGIN:(VCALENDAR|VCARD)[ \t\r]*$", re.IGNORECASE | re.MULTILINE
)
_LINE: Final = re.compile(r"[^\r\n]*(?:\r?\n|\r|\Z)")
_HEAD: Final = re.compile(r"(?:\"[^\"]*+\"|[^\":])*+:")
_NAME: Final = re.compile(r"(?:[\w-]{1,80}\.)?([A-Za-z][\w-]{0,80})")
_PARAMETER: Final = re.compile(r";\s*([\w-]{1,80})=((?:\"[^\"]*+\"|[^;\"])*+)")
_ESCAPE: Final = re.compile(r"\\([nN,;:\\])")
_PARTED: Final = re.compile(r"\\([nN,;:\\])|(?<!\\);+")
_QUOTED: Final = re.compile(r";(?:ENCODING=)?QUOTED-PRINTABLE\b", re.IGNORECASE)
_BASE64: Final = re.compile(r";(?:ENCODING=)?(?:BASE64|B)(?=[;:])", re.IGNORECASE)
_HTML: Final = re.compile(r"FMTTYPE=\"?text/html", re.IGNORECASE)

# What clients show.
_SHOWN: Final = word_set(
    "CATEGORIES COMMENT CONTACT DESCRIPTION FN LABEL LOCATION NICKNAME NOTE RESOURCES ROLE SUMMARY "
    "TITLE X-WR-CALDESC X-WR-CALNAME"
)
# The same, of several values with semicolons between them.
_STRUCTURED: Final = word_set("ADR N ORG REQUEST-STATUS")
_LINKS: Final = word_set(
    "ATTACH ATTENDEE CALADRURI CALURI CONFERENCE EMAIL FBURL IMAGE IMPP KEY LOGO MEMBER ORGANIZER "
    "PHOTO SOUND SOURCE TEL TZURL URL X-ABURL X-JABBER X-SKYPE"
)
# What makes the thing work: read only where a slot wrote it.
_WORKINGS: Final = word_set(
    "ACTION BEGIN CALSCALE CLASS CLIENTPIDMAP COMPLETED CREATED DTEND DTSTAMP DTSTART DUE DURATION "
    "END EXDATE EXRULE FREEBUSY KIND LAST-MODIFIED METHOD PERCENT-COMPLETE PRIORITY PRODID RDATE "
    "RECURRENCE-ID REFRESH-INTERVAL REPEAT REV RRULE SEQUENCE STATUS TRANSP TRIGGER TZ TZID TZNAME "
    "TZOFFSETFROM TZOFFSETTO VERSION XML"
)
_PLAIN_PARAMETERS: Final = word_set(
    "ALTID CALSCALE CHARSET CUTYPE DISPLAY ENCODING FBTYPE FEATURE FMTTYPE INDEX LANGUAGE LEVEL "
    "MEDIATYPE PARTSTAT PID PREF RANGE RELATED RELTYPE ROLE RSVP TYPE TZID VALUE X-NUM-GUESTS"
)
_COMPACT: Final = re.compile(r"\d{8}(?:T\d*Z?)?\s*\Z")
_DIGIT: Final = re.compile(r"\d")


def blocks(text: str) -> Iterator[tuple[int, int]]:
    """Yield where calendars and cards stand in *text*, one that never ends up to the last line."""
    at = 0
    while begun := _BEGIN.search(text, at):
        ending = re.compile(rf"^END:{begun[1]}[ \t\r]*$", re.IGNORECASE | re.MULTILINE)
        ended = ending.search(text, begun.end())
        at = ended.end() if ended else len(text)
        yield begun.start(), at


def read_blocks(
    text: str, found: Sequence[tuple[int, int]], slots: Sequence[tuple[int, int]]
) -> list[Region]:
    """
    Return the regions of a text part that has calendars or cards in it, the plain one first.

    Args:
        text: The part.
        found: Where they stand.
        slots: Where the output of slots stands, ascending.
    """
    reader = _BlockReader(text, slots)
    at = 0
    for start, end in found:
        reader.outside(at, start)
        reader.block(start, end)
        at = end
    reader.outside(at, len(text))
    return reader.done()


@dataclass(frozen=True, slots=True)
class _Property:
    """A line, unfolded: its name in upper case, its head with the colon, and its value."""

    name: str
    head: tuple[str, Offsets]
    value: tuple[str, Offsets]


class _BlockReader:
    """The state of reading one part."""

    def __init__(self, source: str, slots: Sequence[tuple[int, int]]) -> None:
        self._source = source
        self._slots = slots
        self._plain = Writer()
        self._others: list[Region] = []

    def outside(self, start: int, end: int) -> None:
        """Read `[start, end)`, which is text as any other."""
        self._plain.copy(self._source[start:end], start)

    def block(self, start: int, end: int) -> None:
        """Read the calendar or card in `[start, end)`."""
        for text, offsets in _unfolded(self._source, start, end):
            if text.strip():
                self._line(text, offsets)

    def done(self) -> list[Region]:
        """Return what was read."""
        text, offsets = self._plain.done(len(self._source))
        self._others += links_in(text, offsets)
        return [Region(RegionKind.PLAIN, text, offsets), *in_order(self._others)]

    def _line(self, text: str, offsets: Offsets) -> None:
        read = _property(text, offsets)
        if read is None:
            self._add(RegionKind.META, text, offsets)
            return
        self._parameters(read)
        value = _decoded(read)
        if read.name in _SHOWN or read.name in _STRUCTURED:
            self._show(*_unescaped(*value, is_structured=read.name in _STRUCTURED))
        elif read.name in _LINKS:
            self._link(read, value)
        elif read.name == "X-ALT-DESC" and _HTML.search(read.head[0]):
            self._others += read_markup(*_unescaped(*value))
        elif read.name == "UID":
            self._add(RegionKind.META, *_made_up(*value))
        elif read.name not in _WORKINGS or self._is_slotted(value[1]):
            shown = _dated(*value) if read.name == "BDAY" else _unescaped(*value)
            # The name stands before it, as it says what the value is.
            self._add(RegionKind.META, *_joined(read.head, shown))

    def _show(self, text: str, offsets: Offsets) -> None:
        if not text.strip():
            return
        if self._plain:
            self._plain.put("\n\n", offsets[0], offsets[0])
        self._plain.take(text, offsets, 0, len(text))

    def _link(self, read: _Property, value: tuple[str, Offsets]) -> None:
        if _BASE64.search(read.head[0]):  # a picture, a sound or a key
            return
        self._others += target(*_unescaped(*value)) if value[0].strip() else ()

    def _parameters(self, read: _Property) -> None:
        text, offsets = read.head
        for found in _PARAMETER.finditer(text, 0, len(text) - 1):
            is_quoted = found[2][:1] == found[2][-1:] == '"'
            start, end = found.span(2)
            piece = part_of(text, offsets, start + is_quoted, end - is_quoted)
            if found[1].upper() not in _PLAIN_PARAMETERS or self._is_slotted(piece[1]):
                self._add(RegionKind.META, *piece)

    def _is_slotted(self, offsets: Offsets) -> bool:
        return bool(overlapping(self._slots, offsets[0], offsets.end))

    def _add(self, kind: RegionKind, text: str, offsets: Offsets) -> None:
        if text.strip():
            self._others.append(Region(kind, text, offsets))
            self._others += links_in(text, offsets)


def _unfolded(source: str, start: int, end: int) -> Iterator[tuple[str, Offsets]]:
    """Yield the lines of `source[start:end]`, each with those that continue it."""
    writer, last, is_quoted = Writer(), start, False
    for match in _LINE.finditer(source, start, end):
        at = match.start()
        stop = at + len(match[0].rstrip("\r\n"))
        if at == match.end():
            break
        if is_quoted or (writer and source[at] in " \t"):
            at += not is_quoted
        elif writer:
            yield writer.done(last)
            writer = Writer()
        if not writer or is_quoted:
            is_quoted = _goes_on(source, at, stop, is_first=not writer)
        writer.copy(source[at : stop - is_quoted], at)
        last = max(at, stop - is_quoted)
    if writer:
        yield writer.done(last)


def _goes_on(source: str, start: int, end: int, *, is_first: bool) -> bool:
    """Tell whether a line of quoted-printable says that the next belongs to it."""
    if source[end - 1 : end] != "=" or end == start:
        return False
    return not is_first or _QUOTED.search(source[start:end].partition(":")[0]) is not None


def _property(text: str, offsets: Offsets) -> _Property | None:
    head = _HEAD.match(text)
    colon = head.end() - 1 if head else text.find(":")
    name = _NAME.match(text)
    if colon < 0 or name is None or name.end() > colon:
        return None
    return _Property(
        name[1].upper(),
        part_of(text, offsets, 0, colon + 1),
        part_of(text, offsets, colon + 1, len(text)),
    )


def _decoded(read: _Property) -> tuple[str, Offsets]:
    if _QUOTED.search(read.head[0]):
        return decode_quoted(*read.value)
    if _BASE64.search(read.head[0]) and read.name not in _LINKS:
        return decode_base64(*read.value)
    return read.value


def _unescaped(text: str, offsets: Offsets, *, is_structured: bool = False) -> tuple[str, Offsets]:
    writer, at = Writer(), 0
    for match in (_PARTED if is_structured else _ESCAPE).finditer(text):
        writer.take(text, offsets, at, match.start())
        shown = ", " if writer else ""
        if match[1]:
            shown = "\n" if match[1] in "nN" else match[1]
        writer.put(shown, offsets[match.start()], offsets.stop(match.end() - 1))
        at = match.end()
    writer.take(text, offsets, at, len(text))
    return writer.done(offsets.end)


def _made_up(text: str, offsets: Offsets) -> tuple[str, Offsets]:
    """Return a UID without the host that most end with: it would be read as a mail address."""
    local, at, _ = text.partition("@")
    return part_of(text, offsets, 0, len(local)) if at and _DIGIT.search(local) else (text, offsets)


def _dated(text: str, offsets: Offsets) -> tuple[str, Offsets]:
    """Write a date without hyphens as it is read elsewhere."""
    if not _COMPACT.match(text):
        return text, offsets
    writer = Writer()
    for start, end in ((0, 4), (4, 6), (6, len(text))):
        writer.put("-" if start else "", offsets[start], offsets[start])
        writer.take(text, offsets, start, end)
    return writer.done(offsets.end)


def _joined(first: tuple[str, Offsets], second: tuple[str, Offsets]) -> tuple[str, Offsets]:
    writer = Writer()
    for text, offsets in (first, second):
        writer.take(text, offsets, 0, len(text))
    return writer.done(second[1].end)
