"""Ways to write a character otherwise, decoded with a map back to the source."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Final

from guardedpersonalize.check.reading import Offsets, Writer

__all__ = [
    "REFERENCE",
    "decode_attribute",
    "decode_base64",
    "decode_link",
    "decode_quoted",
    "decode_script",
    "write_reference",
]

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
    _write(writer, raw, _by_three(offsets, match.start()))


def _by_three(offsets: Offsets, at: int) -> Callable[[int, int], tuple[int, int]]:
    """Tell where bytes stand that are written with three signs each, from *at* on."""
    return lambda first, last: (offsets[at + 3 * first], offsets.stop(at + 3 * last + 2))


def _write(writer: Writer, raw: bytes, place: Callable[[int, int], tuple[int, int]]) -> None:
    """
    Write the characters of *raw*, UTF-8 or, where it is none, Latin-1.

    Args:
        writer: Where to.
        raw: The bytes.
        place: From the first and the last byte of a character to its span in the source.
    """
    at = 0
    for char in raw.decode("utf-8", "surrogateescape"):
        size = 1 if char.isascii() else len(char.encode("utf-8", "surrogateescape"))
        is_stray = "\udc80" <= char <= "\udcff"
        writer.put(chr(ord(char) - 0xDC00) if is_stray else char, *place(at, at + size - 1))
        at += size


_NO_BASE64: Final = re.compile(r"[^A-Za-z0-9+/]+")
_GROUP: Final = 4
_BYTES: Final = 3


def decode_base64(text: str, offsets: Offsets) -> tuple[str, Offsets]:
    """Decode base64 of either alphabet; what is no sign of it is passed over."""
    kept, at = Writer(), 0
    plain = text.replace("-", "+").replace("_", "/")
    for gap in _NO_BASE64.finditer(plain):
        kept.take(plain, offsets, at, gap.start())
        at = gap.end()
    kept.take(plain, offsets, at, len(plain))
    code, places = kept.done(offsets.end)
    code = code[: len(code) - (len(code) % _GROUP == 1)]
    raw = base64.b64decode(code + "=" * (-len(code) % _GROUP))

    def place(first: int, last: int) -> tuple[int, int]:
        start = first // _BYTES * _GROUP + first % _BYTES
        stop = last // _BYTES * _GROUP + last % _BYTES + 1
        return places[start], places.stop(min(stop, len(code) - 1))

    writer = Writer()
    if raw.isascii():
        # Three at a time: a long payload is plain text, and need not be told by the character.
        for first in range(0, len(raw), _BYTES):
            piece = raw[first : first + _BYTES]
            writer.put(piece.decode(), *place(first, first + len(piece) - 1))
    else:
        _write(writer, raw, place)
    return writer.done(offsets.end)


_QUOTED: Final = re.compile(r"(?:=[0-9A-Fa-f]{2})+")


def decode_quoted(text: str, offsets: Offsets) -> tuple[str, Offsets]:
    """Decode quoted-printable whose lines are joined already."""
    writer, at = Writer(), 0
    for match in _QUOTED.finditer(text):
        writer.take(text, offsets, at, match.start())
        at = match.end()
        raw = bytes.fromhex(match[0].replace("=", ""))
        _write(writer, raw, _by_three(offsets, match.start()))
    writer.take(text, offsets, at, len(text))
    return writer.done(offsets.end)


_SCRIPT_ESCAPE: Final = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}"
    r"|u\{[0-9a-fA-F]{1,6}\}|x[0-9a-fA-F]{2}|.)",
    re.DOTALL,
)
_PAIR: Final = 12
_SHORT: Final = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


def decode_script(source: str, start: int, end: int) -> tuple[str, Offsets]:
    """Decode what a backslash escapes in the strings of a script or of JSON."""
    writer, at = Writer(), start
    for match in _SCRIPT_ESCAPE.finditer(source, start, end):
        writer.copy(source[at : match.start()], at)
        writer.put(_escaped(match[0]), *match.span())
        at = match.end()
    writer.copy(source[at:end], at)
    return writer.done(end)


def _escaped(escape: str) -> str:
    if len(escape) == _PAIR:
        pair = bytes.fromhex(escape[2:6] + escape[8:])
        return pair.decode("utf-16-be")
    if len(escape) == len("\\n"):
        return _SHORT.get(escape[1], escape[1])
    try:
        char = chr(int(escape[2:].strip("{}"), 16))
    except (ValueError, OverflowError):
        return "\ufffd"
    return "\ufffd" if "\ud800" <= char <= "\udfff" else char
