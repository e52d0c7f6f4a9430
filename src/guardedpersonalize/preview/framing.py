"""An HTML part for a frame on a page: nothing in it is fetched, and its slots are marked."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Final, NamedTuple

from guardedpersonalize.check import Finding, RegionKind
from guardedpersonalize.check.markup import Attribute, Raw, Tag, tokens
from guardedpersonalize.preview.marks import MarkedPart, Run, joined
from guardedpersonalize.render import Part

__all__ = ["framed", "height_of"]

# What a browser fetches when it shows the element. A link is only followed.
_FETCHED: Final = frozenset(
    {"background", "data", "dynsrc", "imagesrcset", "lowsrc", "poster", "src", "srcset"}
)
_FETCHED_LINKS: Final = frozenset({("base", "href"), ("link", "href")})
_URL: Final = re.compile(
    r"(?:-webkit-)?image-set\((?:[^()]|\([^()]*\))*\)|url\([^)]*\)|@import[^;]*;?", re.IGNORECASE
)
_TARGET: Final = re.compile("target", re.IGNORECASE)
_NOTHING: Final = "data:,"

# Rows of a letter on a telephone; house guesses, the frame scrolls where they are too low.
_IN_A_ROW, _ROW_PX, _LEAST_PX, _MOST_PX = 42, 26, 160, 1200


class _Edit(NamedTuple):
    start: int
    end: int
    text: str


def framed(
    part: Part, findings: Sequence[Finding], slots: Collection[str], mark: Callable[[Run], str]
) -> str:
    """
    Return the source of *part* for the `srcdoc` of a sandboxed frame.

    Images, style sheets and other addresses that a client would fetch are taken out, and so is
    what a link says of where it opens: the page says that. Each stretch of visible text that a
    slot wrote, or that a finding is about, stands in a `<span>`.

    Args:
        part: An HTML part.
        findings: Its findings.
        slots: Names of the filled slots.
        mark: Returns the attributes of the `<span>` for a run; the values in them are escaped.
    """
    source = part.text
    edits = [*_unfetched(source), *_marks(MarkedPart(part, findings, slots), mark)]
    pieces, at = [], 0
    for edit in sorted(edits):
        pieces += [source[at : edit.start], edit.text]
        at = edit.end
    return "".join([*pieces, source[at:]])


def _unfetched(source: str) -> Iterator[_Edit]:
    """Yield what takes the addresses out that would be fetched."""
    for token in tokens(source, 0, len(source)):
        if isinstance(token, Raw) and token.name == "style":
            yield from _without_urls(source, token.start, token.end)
        elif isinstance(token, Tag):
            for attribute in token.attributes:
                if attribute.name == "target":  # a link would open in the letter's own place
                    *_, name = _TARGET.finditer(source, token.start, attribute.start)
                    yield _Edit(name.start(), name.start(), "data-")
                yield from _unfetched_attribute(source, token.name, attribute)


def _unfetched_attribute(source: str, element: str, attribute: Attribute) -> Iterator[_Edit]:
    name, start, end = attribute.name, attribute.start, attribute.end
    if name == "style":
        yield from _without_urls(source, start, end)
    is_fetched = name in _FETCHED or (element, name) in _FETCHED_LINKS
    if is_fetched and start < end and not source.startswith("data:", start):
        yield _Edit(start, end, _NOTHING)


def _without_urls(source: str, start: int, end: int) -> Iterator[_Edit]:
    for found in _URL.finditer(source, start, end):
        yield _Edit(*found.span(), "" if found[0].startswith("@") else "none")


def _marks(marked: MarkedPart, mark: Callable[[Run], str]) -> Iterator[_Edit]:
    """Yield the start and end tags around what a slot wrote or a finding is about."""
    for region in marked.read.regions:
        if region.kind is not RegionKind.VISIBLE or region.is_partial:
            continue
        for run in joined(marked.runs(region, 0, len(region.text)), in_source=True):
            # A line that an element breaks stands for a part of its tag.
            if run.text.strip() and (run.slots or run.findings):
                yield _Edit(run.start, run.start, f"<span {mark(run)}>")
                yield _Edit(run.end, run.end, "</span>")


def height_of(characters: int) -> int:
    """Return about how many pixels *characters* of a letter take on a telephone."""
    rows = characters // _IN_A_ROW + 6
    return min(max(rows * _ROW_PX, _LEAST_PX), _MOST_PX)
