"""Reading a part: what a client shows of it, and what its source says besides."""

from __future__ import annotations

from guardedpersonalize.check.content_lines import blocks, read_blocks
from guardedpersonalize.check.html_reader import read_html
from guardedpersonalize.check.links import links_in
from guardedpersonalize.check.reading import ReadPart, Region, RegionKind, Writer, slot_spans
from guardedpersonalize.render.draft import Part, PartKind

__all__ = ["read_part"]


def read_part(part: Part) -> ReadPart:
    """
    Return the regions of *part*, in reading order.

    A text or header part has one plain region and a link region for each URL in it. In a text part
    a line `BEGIN:VCALENDAR` or `BEGIN:VCARD` starts a calendar or a card, which goes on to the line
    that ends it: of that, the plain region has what a client shows (summary, place, names ...), and
    the rest follows as links and as meta, in the order of the source.

    An HTML part has its preheader, one region with all visible text (block elements parted by a
    line break, white space collapsed, references decoded), and then, in source order, hidden text,
    text that only some clients show, link targets, alternative texts, titles, comments and other
    attributes that carry text. Links are decoded until nothing changes; a URL that stands in the
    text is read twice, in place and as a link.

    Time and memory are linear in the length of the part.
    """
    if part.kind is PartKind.HTML:
        return ReadPart(part, tuple(read_html(part.text, slot_spans(part))))
    found = list(blocks(part.text)) if part.kind is PartKind.TEXT else []
    if found:
        return ReadPart(part, tuple(read_blocks(part.text, found, slot_spans(part))))
    writer = Writer()
    writer.copy(part.text, 0)
    text, offsets = writer.done(len(part.text))
    plain = Region(RegionKind.PLAIN, text, offsets)
    return ReadPart(part, (plain, *links_in(text, offsets)))
