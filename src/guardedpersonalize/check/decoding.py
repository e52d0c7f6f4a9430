"""Character references and percent-encoding, decoded with a map back to the source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Final

from guardedpersonalize.check.reading import Offsets, Writer

__all__ = ["REFERENCE", "decode_attribute", "decode_link", "write_reference"]

REFERENCE: Final = re.compile(
    r"&(?:#[0-9]{1,100}|#[xX][0-9a-fA-F]{1,100}|[A-Za-z][A-Za-z0-9]{1,31});?"
)
"""A character reference; the bounds keep `int` and the search cheap, no real one is longer."""

_PERCENT: Final = re.compile(r"(?:%[0-9A-Fa-f]{2})+|\+")
# Redirecting links carry links that carry links; more rounds than this have not been seen.
_ROUNDS: Final = 3


def write_reference(writer: Writer, source: str, start: int, stop: int) -> None:
    """Write what the character reference `source[start:stop]` stands for."""
    raw = source[start:stop]
    text = unescape(raw)
    if text == raw:
        writer.copy(raw, start)
    else:
        writer.put(text, start, stop)


def decode_attribute(source: str, start: int, end: int) -> tuple[str, Offsets]:
    """
    Decode the attribute value `source[start:end]` as a browser does.

    A reference without its semicolon stays as it is before `=` or a letter or digit, so that
    `?a=1&copy=2` is no copyright sign.
    """
    writer, at = Writer(), start
    for match in _references(source, start, end):
        after = source[match.end() : match.end() + 1] if match.end() < end else ""
        bare = not match[0].endswith(";") and not match[0].startswith("&#")
        if bare and (after == "=" or unescape(match[0])[1:].isalnum()):
            continue
        writer.copy(source[at : match.start()], at)
        write_reference(writer, source, match.start(), match.end())
        at = match.end()
    writer.copy(source[at:end], at)
    return writer.done(end)


def _references(source: str, start: int, end: int) -> Iterator[re.Match[str]]:
    first = source.find("&", start, end)
    return REFERENCE.finditer(source, first, end) if first >= 0 else iter(())


def decode_link(text: str, offsets: Offsets) -> tuple[str, Offsets]:
    """Percent-decode a link target until nothing changes, three times at most."""
    for _ in range(_ROUNDS):
        decoded, mapped = _unquote(text, offsets)
        if decoded == text:
            break
        text, offsets = decoded, mapped
    return text, offsets


def _unquote(text: str, offsets: Offsets) -> tuple[str, Offsets]:
    query = text.find("?")
    # In a mail address or a phone link a plus is a plus.
    plain = text[:7].lower().startswith(("mailto:", "tel:", "sms:"))
    writer, at = Writer(), 0
    for match in _PERCENT.finditer(text):
        if match[0] == "+" and (plain or query < 0 or match.start() < query):
            continue
        writer.take(text, offsets, at, match.start())
        at = match.end()
        if match[0] == "+":
            writer.put(" ", offsets[match.start()], offsets.stop(match.start()))
        else:
            _write_bytes(writer, match, offsets)
    writer.take(text, offsets, at, len(text))
    return writer.done(offsets.end)


def _write_bytes(writer: Writer, match: re.Match[str], offsets: Offsets) -> None:
    """Write the characters of a run of `%XX`, each with the triplets that it came from."""
    raw = bytes.fromhex(match[0].replace("%", ""))
    text = raw.decode("utf-8", "surrogateescape")
    at = match.start()
    for char in text:
        size = 3 * len(char.encode("utf-8", "surrogateescape"))
        shown = (
            char
            if not "\udc80" <= char <= "\udcff"
            else bytes([ord(char) - 0xDC00]).decode("latin-1")
        )
        writer.put(shown, offsets[at], offsets.stop(at + size - 1))
        at += size
