"""
HTML cut into tokens with exact source offsets, in one pass, however broken it is.

The standard `html.parser` gives lines and columns of tags but no offsets of attribute values, and
rescans the rest of the text for each construct that is never closed. Here a search that failed
once is not made again, so the time is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

__all__ = ["Attribute", "Comment", "Raw", "Tag", "Text", "Token", "tokens"]


@dataclass(frozen=True, slots=True)
class Text:
    """Character data `source[start:end]`, references not decoded."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Comment:
    """The inside of a comment, of a declaration or of a processing instruction."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute, its name lower-cased, and where its value stands without the quotes."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Tag:
    """A start tag, or an end tag where *closing* is true; *start* is where its `<` stands."""

    name: str
    start: int
    attributes: tuple[Attribute, ...] = ()
    closing: bool = False


@dataclass(frozen=True, slots=True)
class Raw:
    """The inside of an element whose content is no markup, such as `script` or `title`."""

    name: str
    start: int
    end: int


Token = Text | Comment | Tag | Raw

_RAW_ELEMENTS: Final = frozenset(
    {"iframe", "noembed", "noframes", "plaintext", "script", "style", "textarea", "title", "xmp"}
)
_SPACE: Final = re.compile(r"[ \t\n\r\f/]*")
_NAME: Final = re.compile(r"[A-Za-z][^ \t\n\r\f/>]*")
_ATTRIBUTE: Final = re.compile(r"[^ \t\n\r\f/>][^ \t\n\r\f/>=]*")
_EQUALS: Final = re.compile(r"[ \t\n\r\f]*=[ \t\n\r\f]*")
_BARE: Final = re.compile(r"[^ \t\n\r\f>]*")
_COMMENT_END: Final = re.compile(r"--!?>")


def tokens(source: str, start: int, end: int) -> Iterator[Token]:
    """
    Yield the tokens of `source[start:end]`, in order.

    What a browser would drop because it is never closed is still given, as text or as a comment,
    so nothing that the source says goes unread.
    """
    return _Scanner(source, start, end).tokens()


class _Scanner:
    """The state of one pass."""

    def __init__(self, source: str, start: int, end: int) -> None:
        self._source = source
        self._at = start
        self._end = end
        self._absent: set[str] = set()

    def tokens(self) -> Iterator[Token]:
        text = self._at
        while (mark := self._find("<")) >= 0:
            self._at = mark
            found = self._markup()
            if not found:
                self._at = mark + 1
                continue
            if text < mark:
                yield Text(text, mark)
            yield from found
            text = self._at
        if text < self._end:
            yield Text(text, self._end)

    def _find(self, needle: str) -> int:
        """Find *needle* from here on; once it was not found it is not looked for again."""
        if needle in self._absent:
            return -1
        found = self._source.find(needle, self._at, self._end)
        if found < 0:
            self._absent.add(needle)
        return found

    def _markup(self) -> list[Token]:
        """Read the markup at `<`; nothing if it is a plain sign."""
        after = self._source[self._at + 1 : self._at + 2] if self._at + 1 < self._end else ""
        if after in {"!", "?"}:
            return [self._comment()]
        if after == "/":
            return self._end_tag()
        if after.isascii() and after.isalpha():
            return self._start_tag()
        return []

    def _comment(self) -> Comment:
        if self._source.startswith("<!--", self._at, self._end):
            self._at += 4
            # `<!-->` and `<!--->` are empty comments.
            for short in (">", "->"):
                if self._source.startswith(short, self._at, self._end):
                    start, self._at = self._at, self._at + len(short)
                    return Comment(start, start)
            closed = _COMMENT_END.search(self._source, self._at, self._end)
            return self._closed_at(*(closed.span() if closed else (self._end, self._end)))
        self._at += 2
        closing = self._find(">")
        after = closing + 1
        return self._closed_at(*((closing, after) if after else (self._end, self._end)))

    def _closed_at(self, end: int, after: int) -> Comment:
        start, self._at = self._at, after
        return Comment(start, end)

    def _end_tag(self) -> list[Token]:
        closing = self._find(">")
        if closing < 0:
            return []
        name = _NAME.match(self._source, self._at + 2, self._end)
        if name is None:
            self._at += 2
            return [self._closed_at(closing, closing + 1)]
        begun, self._at = self._at, closing + 1
        return [Tag(name[0].lower(), begun, closing=True)]

    def _start_tag(self) -> list[Token]:
        if ">" in self._absent:
            return []
        name = _NAME.match(self._source, self._at + 1, self._end)
        if name is None:
            return []
        self._at, begun = name.end(), self._at
        attributes, is_closed = self._attributes()
        if not is_closed:
            # The rest of the source belongs to a tag that never ends: read it as a comment.
            self._at = self._end
            return [Comment(begun + 1, self._end)]
        tag = Tag(name[0].lower(), begun, tuple(attributes))
        if tag.name not in _RAW_ELEMENTS:
            return [tag]
        return [tag, self._raw(tag.name)]

    def _attributes(self) -> tuple[list[Attribute], bool]:
        source = self._source
        found: list[Attribute] = []
        while True:
            self._at = self._skip(_SPACE)
            if self._at >= self._end:
                return found, False
            if source[self._at] == ">":
                self._at += 1
                return found, True
            start, self._at = self._at, self._skip(_ATTRIBUTE)
            name = source[start : self._at].lower()
            equals = _EQUALS.match(source, self._at, self._end)
            if equals is None:
                found.append(Attribute(name, self._at, self._at))
                continue
            self._at = equals.end()
            found.append(Attribute(name, *self._value()))

    def _skip(self, pattern: re.Pattern[str]) -> int:
        """Return where the match of *pattern* at this place ends; this place, if there is none."""
        match = pattern.match(self._source, self._at, self._end)
        return match.end() if match else self._at

    def _value(self) -> tuple[int, int]:
        quote = self._source[self._at : self._at + 1] if self._at < self._end else ""
        if quote in {'"', "'"}:
            self._at += 1
            closing = self._find(quote)
            if closing >= 0:
                start, self._at = self._at, closing + 1
                return start, closing
            # A quote that is never closed would swallow the rest: read the value as unquoted.
        start, self._at = self._at, self._skip(_BARE)
        return start, self._at

    def _raw(self, name: str) -> Raw:
        start, closed = self._at, None
        if name != "plaintext":
            closed = _closing(name).search(self._source, start, self._end)
        # The end tag is left to be read as one.
        self._at = closed.start() if closed else self._end
        return Raw(name, start, self._at)


def _closing(name: str) -> re.Pattern[str]:
    return re.compile(rf"</{name}(?=[ \t\n\r\f/>])", re.IGNORECASE)
