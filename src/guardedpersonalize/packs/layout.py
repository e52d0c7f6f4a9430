"""Which files make up a template, by channel."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from guardedpersonalize.render.draft import PartKind
from guardedpersonalize.vocabulary import Channel

__all__ = ["LAYOUTS", "Layout", "PartFile", "room_of"]


@dataclass(frozen=True, slots=True)
class PartFile:
    """
    One part of a message.

    Args:
        name: The part's name in a draft.
        file: File name; `#` stands for a number from 1.
        kind: How the part is read.
        required: Whether a template of this channel must have it.
        room: Characters that it may have; None where the channel has no limit.
    """

    name: str
    file: str
    kind: PartKind
    required: bool = True
    room: int | None = None

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


def _titled(title: int | None = None, body: int | None = None) -> Layout:
    return Layout(
        (
            PartFile("title", "title.j2", _HEADER, room=title),
            PartFile("body", "body.j2", _TEXT, room=body),
        )
    )


# Sources of the room: Android cuts a title after about 65 characters and a text after about 240;
# gateways join a text message of at most 10 parts, which they count as 1,600 characters; Meta's
# feed ads have room for 40 and 125 (search ads for less, 30 and 90). Subject and preheader are
# house choices: no inbox shows more.
LAYOUTS: Final[dict[Channel, Layout]] = {
    Channel.EMAIL: Layout(
        (
            PartFile("subject", "subject.j2", _HEADER, room=150),
            PartFile("preheader", "preheader.j2", _HEADER, required=False, room=200),
            PartFile("text", "body.txt.j2", _TEXT),
            PartFile("html", "body.html.j2", _HTML, required=False),
        )
    ),
    Channel.PUSH: _titled(65, 240),
    Channel.IN_APP: _titled(),
    Channel.SMS: Layout((PartFile("body", "body.j2", _TEXT, room=1600),)),
    Channel.VOICE: Layout((PartFile("body", "body.j2", _TEXT),)),
    Channel.POST: Layout((PartFile("text", "body.txt.j2", _TEXT),)),
    Channel.WEB: Layout((PartFile("html", "body.html.j2", _HTML),)),
    Channel.AD: Layout(
        (
            PartFile("headline-#", "headline-#.j2", _HEADER, room=40),
            PartFile("description-#", "description-#.j2", _TEXT, required=False, room=125),
        )
    ),
}


def room_of(channel: Channel, part: str) -> int | None:
    """Return how many characters *part* may have on *channel*; None where there is no limit."""
    stem = part.rstrip("0123456789")
    rooms = {each.name.rstrip("#"): each.room for each in LAYOUTS[channel].parts}
    return rooms.get(stem)
