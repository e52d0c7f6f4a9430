"""What an empty slot leaves behind in copy: gaps, orphan marks, lists of nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from guardedpersonalize.check import Region, RegionKind, read_part
from guardedpersonalize.render import Part, PartKind

__all__ = ["faults_in"]

_READ: Final = frozenset(
    {RegionKind.PLAIN, RegionKind.VISIBLE, RegionKind.PREHEADER, RegionKind.ALT, RegionKind.TITLE}
)
_WIDE: Final = r"\u3001\u3002\uff0c\uff1a"  # of Japanese and Chinese: 、 。 and wide , and :
# What stands within one run of the template's own words was written so on purpose.
_AT_SEAMS: Final = (
    (r"(?<=\S) {2,}(?=\S)", "two spaces in a row"),
    (rf"(?<=[\w)]) +(?:[,.](?=\s|\Z)|[{_WIDE}])", "a space before a comma or a full stop"),
    (rf"[,;:{_WIDE}]\s*[,.;:{_WIDE}]", "a mark after a mark"),
    (
        r"\(\s*\)|\[\s*\]|\u201c\s*\u201d|\u2018\s*\u2019|«\s*»|\"\s*\"",
        "nothing in brackets or quotation marks",
    ),
    (r"\n[^\S\n]*\n[^\S\n]*\n[^\S\n]*\n", "a hole of three empty lines"),
)
_ANYWHERE: Final = (
    (
        rf"(?:\A|(?<=\n))[^\S\n]*(?:[,.;:](?![.\w])|[{_WIDE}])",
        "a line that begins with a mark",
    ),
)
_AT_THE_END: Final = ((r"[,:\u3001\uff0c\uff1a]\s*\Z", "an end after a comma or a colon"),)
# French sets a space before these marks.
_SPACED: Final = ((r"(?<=\w) +[!?;:](?=\s|\Z)", "a space before a mark"),)
_EMPTY: Final = re.compile(r"<(ul|ol|li|p|h[1-6])\b[^>]*>\s*</\1>")


def faults_in(part: Part, language: str) -> Iterator[str]:
    """
    Yield a sentence for each gap in *part* where something of it was left out.

    Args:
        part: A part of a draft.
        language: ISO 639-1 code of its text.
    """
    if not part.text.strip():
        yield f"{_where(part, 0)}: part {part.name!r} is empty."
    read = read_part(part)
    for region in read.regions:
        if region.kind in _READ:
            yield from _in_region(part, region, language)
    if part.kind is PartKind.HTML:
        for found in _EMPTY.finditer(part.text):
            if _is_seam(part, *found.span()):
                yield f"{_where(part, found.start())}: an empty <{found[1]}>."


def _in_region(part: Part, region: Region, language: str) -> Iterator[str]:
    is_short = part.kind is PartKind.HEADER or part.name == "body"
    always = (*_ANYWHERE, *(_AT_THE_END if is_short else ()))
    for pattern, name in (*_AT_SEAMS, *(() if language == "fr" else _SPACED), *always):
        for found in re.finditer(pattern, region.text):
            start, end = region.source_span(*found.span())
            if (pattern, name) in always or _is_seam(part, start, end):
                around = region.text[max(found.start() - 25, 0) : found.end() + 25]
                yield f"{_where(part, start)}: {name}, in {around!r}."


def _is_seam(part: Part, start: int, end: int) -> bool:
    return len(part.origins(start, end)) > 1


def _where(part: Part, start: int) -> str:
    """Return the place that wrote the character at *start*: file and line."""
    for origin in part.origins(start, start + 1):
        if origin.template:
            return f"{origin.template}:{origin.line}"
    return f"part {part.name!r}"
