"""Which files make up a template, by channel."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from guardedpersonalize.render.draft import PartKind
from guardedpersonalize.vocabulary import Channel

__all__ = ["LAYOUTS", "Layout", "PartFile"]


@dataclass(frozen=True, slots=True)
class PartFile:
    """
    One part of a message.

    Args:
        name: The part's name in a draft.
        file: File name; `#` stands for a number from 1.
        kind: How the part is read.
        required: Whether a template of this channel must have it.
    """

    name: str
    file: str
    kind: PartKind
    required: bool = True

    def match(self, file: str) -> str | None:
        """Return the part's name if *file* is this part, else None."""
        found = re.fullmatch(re.escape(self.file).replace(r"\#", r"([1-9]\d?)"), file)
        if not found:
            return None
        return self.name.replace("#", found[1]) if found.groups() else self.name


@dataclass(frozen=True, slots=True)
class Layout:
    """The parts of one channel, in the order in which a reader meets them."""

    parts: tuple[PartFile, ...]

    def part(self, file: str) -> tuple[int, str, PartKind] | None:
        """Return `(order, part name, kind)` for a file name, or None."""
        for order, part in enumerate(self.parts):
            if (name := part.match(file)) is not None:
                return order, name, part.kind
        return None


_HEADER, _TEXT, _HTML = PartKind.HEADER, PartKind.TEXT, PartKind.HTML
_TITLED = Layout((PartFile("title", "title.j2", _HEADER), PartFile("body", "body.j2", _TEXT)))

LAYOUTS: Final[dict[Channel, Layout]] = {
    Channel.EMAIL: Layout(
        (
            PartFile("subject", "subject.j2", _HEADER),
            PartFile("preheader", "preheader.j2", _HEADER, required=False),
            PartFile("text", "body.txt.j2", _TEXT),
            PartFile("html", "body.html.j2", _HTML, required=False),
        )
    ),
    Channel.PUSH: _TITLED,
    Channel.IN_APP: _TITLED,
    Channel.SMS: Layout((PartFile("body", "body.j2", _TEXT),)),
    Channel.VOICE: Layout((PartFile("body", "body.j2", _TEXT),)),
    Channel.POST: Layout((PartFile("text", "body.txt.j2", _TEXT),)),
    Channel.WEB: Layout((PartFile("html", "body.html.j2", _HTML),)),
    Channel.AD: Layout(
        (
            PartFile("headline-#", "headline-#.j2", _HEADER),
            PartFile("description-#", "description-#.j2", _TEXT, required=False),
        )
    ),
}
