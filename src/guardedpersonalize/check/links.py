"""Link targets: URLs in a text, lists of images, and what a `data:` URL says itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from guardedpersonalize.check.decoding import decode_base64, decode_link
from guardedpersonalize.check.reading import Offsets, Region, RegionKind, Writer

__all__ = ["URL", "candidates", "embedded_markup", "links_in", "part_of", "target"]

URL: Final = re.compile(r"\b(?:https?://|www\.|mailto:)[^\s<>\"“”\u2018\u2019]+", re.IGNORECASE)
_URL_TAIL: Final = ".,;:!?'*_)]}"

# A list of images parts them by commas, and a URL may hold commas itself.
_CANDIDATE: Final = re.compile(r"[^\s,]\S*+")

_LONGEST_HEAD: Final = 300
_MARKUP: Final = frozenset({"image/svg+xml", "text/html", "text/xml", "application/xhtml+xml"})
_TEXTS: Final = _MARKUP | {"", "application/json", "application/ld+json", "application/xml"}
_NAMED: Final = re.compile(r";\s*(?!charset\b)[\w-]+\*?=", re.IGNORECASE)


def links_in(text: str, offsets: Offsets) -> Iterator[Region]:
    """Yield a link region for each URL that stands in *text*."""
    for match in URL.finditer(text):
        end = match.start() + len(match[0].rstrip(_URL_TAIL))
        piece = part_of(text, offsets, match.start(), end)
        yield Region(RegionKind.LINK, *decode_link(*piece))


def part_of(text: str, offsets: Offsets, start: int, end: int) -> tuple[str, Offsets]:
    """Return `text[start:end]`, mapped to the same source."""
    writer = Writer()
    writer.take(text, offsets, start, end)
    return writer.done(offsets.stop(end - 1) if end > start else offsets[start])


def candidates(text: str, offsets: Offsets) -> Iterator[tuple[str, Offsets]]:
    """Yield the URLs of a `srcset`."""
    at = 0
    while match := _CANDIDATE.search(text, at):
        url = match[0].rstrip(",")
        yield part_of(text, offsets, match.start(), match.start() + len(url))
        # What follows up to the next comma is a width or a density.
        comma = match.end() if url != match[0] else text.find(",", match.end())
        at = comma if comma >= 0 else len(text)


def target(text: str, offsets: Offsets) -> Iterator[Region]:
    """
    Yield what a link target says.

    The payload of a `data:` URL is read where it is text, base64 undone; of a picture or a sound
    only a name that stands before it.
    """
    head = _data_head(text)
    if head < 0:
        yield Region(RegionKind.LINK, *decode_link(text, offsets))
        return
    if _media(text, head) not in _TEXTS and not _media(text, head).startswith("text/"):
        if _NAMED.search(text, 0, head):
            yield Region(RegionKind.LINK, *decode_link(*part_of(text, offsets, 0, head)))
        return
    if not _is_base64(text, head):
        yield Region(RegionKind.LINK, *decode_link(text, offsets))
        return
    writer = Writer()
    writer.take(text, offsets, 0, head + 1)
    payload, mapped = _payload(text, offsets, head)
    writer.take(payload, mapped, 0, len(payload))
    yield Region(RegionKind.LINK, *writer.done(offsets.end))


def embedded_markup(text: str, offsets: Offsets) -> tuple[str, Offsets] | None:
    """Return the markup inside a `data:` URL, such as a drawing with words in it; None if none."""
    head = _data_head(text)
    return _payload(text, offsets, head) if head >= 0 and _media(text, head) in _MARKUP else None


def _data_head(text: str) -> int:
    """Return where the comma of a `data:` URL is; -1 where it is another URL."""
    start = len(text) - len(text.lstrip()) if text[:1].isspace() else 0
    if text[start : start + 5].lower() != "data:":
        return -1
    comma = text.find(",", start, start + _LONGEST_HEAD)
    return comma if comma >= 0 else min(len(text), start + _LONGEST_HEAD) - 1


def _media(text: str, head: int) -> str:
    return text[:head].partition(":")[2].partition(";")[0].strip().lower()


def _is_base64(text: str, head: int) -> bool:
    return text[:head].rstrip().lower().endswith(";base64")


def _payload(text: str, offsets: Offsets, head: int) -> tuple[str, Offsets]:
    piece = decode_link(*part_of(text, offsets, min(head + 1, len(text)), len(text)))
    return decode_base64(*piece) if _is_base64(text, head) else piece
