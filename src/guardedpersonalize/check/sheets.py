"""What a style sheet says besides how things look: generated text, comments, addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from guardedpersonalize.check.reading import Region, RegionKind, Writer

__all__ = ["said_in_sheet"]

_STRING: Final = r"\"(?:[^\"\\]|\\.)*+\"|'(?:[^'\\]|\\.)*+'"
_COMMENT: Final = re.compile(r"/\*(.*?)(?:\*/|\Z)", re.DOTALL)
_CONTENT: Final = re.compile(
    rf"(?<![\w-])content\s{{0,9}}:((?:[^;{{}}\"']|{_STRING})*+)", re.IGNORECASE | re.DOTALL
)
_STRINGS: Final = re.compile(_STRING, re.DOTALL)
_ESCAPE: Final = re.compile(r"\\(?:([0-9a-fA-F]{1,6})[ \t\n\r\f]?|(\n)|(.))", re.DOTALL)
_PIECE: Final = re.compile(r"[^{};\n]+")
_ADDRESS: Final = re.compile(r"\w@(?!\dx\b)\w|%40")
_WORDS: Final = re.compile(r"[^\W_]")
_LAST_CHARACTER: Final = 0x10FFFF
_SURROGATES: Final = range(0xD800, 0xE000)


def said_in_sheet(source: str, start: int, end: int) -> Iterator[Region]:
    """
    Yield the regions of the style sheet `source[start:end]`.

    Text that `content` makes is shown by the clients that know it. Marks without a letter or a
    digit, which is what most such text is, say nothing.
    """
    for match in _COMMENT.finditer(source, start, end):
        if _WORDS.search(match[1]):
            yield _copied(RegionKind.COMMENT, source, *match.span(1))
    for match in _CONTENT.finditer(source, start, end):
        region = _generated(source, *match.span(1))
        if _WORDS.search(region.text):
            yield region
    for match in _PIECE.finditer(source, start, end):
        if _ADDRESS.search(match[0]):
            yield _copied(RegionKind.META, source, *match.span())


def _copied(kind: RegionKind, source: str, start: int, end: int) -> Region:
    writer = Writer()
    writer.copy(source[start:end], start)
    return Region(kind, *writer.done(end))


def _generated(source: str, start: int, end: int) -> Region:
    writer = Writer()
    for string in _STRINGS.finditer(source, start, end):
        at, stop = string.start() + 1, string.end() - 1
        for escape in _ESCAPE.finditer(source, at, stop):
            writer.copy(source[at : escape.start()], at)
            writer.put(_meaning(escape), *escape.span())
            at = escape.end()
        writer.copy(source[at:stop], at)
    return Region(RegionKind.VISIBLE, *writer.done(end), is_partial=True)


def _meaning(escape: re.Match[str]) -> str:
    if escape[1]:
        code = int(escape[1], 16)
        is_known = 0 < code <= _LAST_CHARACTER and code not in _SURROGATES
        return chr(code) if is_known else "\ufffd"
    return escape[3] or ""
