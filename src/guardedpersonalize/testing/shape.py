"""The shape of a part: all that a value in a slot may not change."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from guardedpersonalize.render import Part, PartKind

__all__ = ["shape_of"]

_ADDRESSES: Final = frozenset({"action", "background", "cite", "formaction", "href", "src"})


def shape_of(part: Part) -> tuple[object, ...]:
    """
    Return what a value in a slot may not change of *part*.

    Of any part the template's own words, of a header the number of lines and
    whether it holds controls, of HTML the elements,
    comments and declarations in order, with the names of all attributes; of addresses the scheme,
    host, depth of the path and the names of parameters; of scripts, styles and handlers every
    character.
    """
    words = tuple(chunk.text for chunk in part.chunks if not chunk.origin.slots and chunk.text)
    if part.kind is PartKind.HTML:
        return (*words, *_Reader().read(part.text))
    if part.kind is PartKind.HEADER:
        return (*words, len(part.text.splitlines()), any(map(_is_control, part.text)))
    return words


def _is_control(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"}


class _Reader(HTMLParser):
    """Reads markup into a list of what is not text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[object] = []
        self.is_code = False

    def read(self, text: str) -> tuple[object, ...]:
        """Return the shape of *text*, to its end."""
        self.feed(text)
        self.close()
        return tuple(self.found)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.is_code = tag in {"script", "style"}
        self.found.append((tag, *(_attribute(name, value or "") for name, value in attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.is_code = False
        self.found.append(("/", tag))

    def handle_data(self, data: str) -> None:
        if self.is_code:
            self.found.append(("code", data))

    def handle_comment(self, data: str) -> None:
        self.found.append(("comment", data))

    def handle_decl(self, decl: str) -> None:
        self.found.append(("declaration", decl))

    def handle_pi(self, data: str) -> None:
        self.found.append(("instruction", data))

    def unknown_decl(self, data: str) -> None:
        self.found.append(("unknown", data))


def _attribute(name: str, value: str) -> tuple[object, ...]:
    if name in _ADDRESSES:
        return (name, *_address(value))
    is_code = name.startswith("on") or name in {"style", "class", "id", "srcdoc"}
    return (name, value) if is_code else (name,)


def _address(text: str) -> Iterator[object]:
    parts = urlsplit(text)
    # A slot may fill a whole segment of the path; it may not add one, nor climb.
    segments = parts.path.split("/")
    yield from (parts.scheme, parts.netloc, len(segments), not {".", ".."}.isdisjoint(segments))
    yield from (name for name, _ in parse_qsl(parts.query, keep_blank_values=True))
