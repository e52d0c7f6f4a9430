"""Reading a part: what a client shows of it, and what its source says besides."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from guardedpersonalize.check.characters import INVISIBLE, word_set
from guardedpersonalize.check.decoding import (
    REFERENCE,
    decode_attribute,
    decode_link,
    write_reference,
)
from guardedpersonalize.check.elements import (
    BLOCKS,
    CLOSES_P,
    IMPLIED,
    LAYOUT,
    LINKS,
    NEVER_SHOWN,
    TITLES,
    VOID,
)
from guardedpersonalize.check.markup import Attribute, Comment, Raw, Tag, Text, tokens
from guardedpersonalize.check.reading import Offsets, ReadPart, Region, RegionKind, Writer
from guardedpersonalize.check.styling import Look, declarations, look_of, style_rules
from guardedpersonalize.render.draft import Part, PartKind

__all__ = ["read_part"]

_URL: Final = re.compile(r"\b(?:https?://|www\.|mailto:)[^\s<>\"“”\u2018\u2019]+", re.IGNORECASE)
_URL_TAIL: Final = ".,;:!?'*_)]}"
_STYLE_URL: Final = re.compile(r"url\(\s{0,9}['\"]?([^'\"()\s]+)", re.IGNORECASE)
# White space, a reference, words that are parted by single spaces and stay as they are, or a sign.
_PIECE: Final = re.compile(
    rf"[ \t\n\r\f]+|{REFERENCE.pattern}|[^ \t\n\r\f&]+(?: [^ \t\n\r\f&]+)*+|&"
)
_SPACES: Final = " \t\n\r\f"
_WORTH: Final = re.compile(r"@|%40|(?<!#)\d{6}")
_SEEN: Final = re.compile(rf"[^\s\u2800\u3164{INVISIBLE}]")

_CONDITION: Final = re.compile(r"\[(?:if|endif)\b[^\]]{0,200}\]", re.IGNORECASE)
_DOCTYPE: Final = re.compile(r"doctype\b", re.IGNORECASE)
_COMMENT_MARKS: Final = "<>!- \t\n\r\f"
_LOOKS: Final = word_set("background bgcolor class color hidden href id style")
_LINK_COLOUR: Final = (0, 0, 238)


def read_part(part: Part) -> ReadPart:
    """
    Return the regions of *part*, in reading order.

    A text or header part has one plain region and a link region for each URL in it. An HTML part
    has its preheader, one region with all visible text (block elements parted by a line break,
    white space collapsed, references decoded), and then, in source order, hidden text, link
    targets, alternative texts, titles, comments and other attributes that carry text. Links are
    decoded until nothing changes; a URL that stands in the text is read twice, in place and as a
    link. Time and memory are linear in the length of the part.
    """
    if part.kind is PartKind.HTML:
        return ReadPart(part, tuple(_HtmlReader(part).read()))
    writer = Writer()
    writer.copy(part.text, 0)
    text, offsets = writer.done(len(part.text))
    plain = Region(RegionKind.PLAIN, text, offsets)
    return ReadPart(part, (plain, *_links_in(text, offsets)))


def _links_in(text: str, offsets: Offsets) -> Iterator[Region]:
    """Yield a link region for each URL that stands in *text*."""
    for match in _URL.finditer(text):
        yield _link_at(text, offsets, match.start(), _url_end(match))


def _url_end(match: re.Match[str]) -> int:
    return match.start() + len(match[0].rstrip(_URL_TAIL))


def _link_at(text: str, offsets: Offsets, start: int, end: int) -> Region:
    """Return `text[start:end]` as a link region."""
    writer = Writer()
    writer.take(text, offsets, start, end)
    return Region(RegionKind.LINK, *decode_link(*writer.done(offsets.stop(end - 1))))


class _Flow:
    """Text as a client lays it out: white space collapsed, one line break between blocks."""

    def __init__(self) -> None:
        self._writer = Writer()
        self._waiting: tuple[str, int] | None = None
        self.start = -1
        self.end = 0

    def __bool__(self) -> bool:
        return bool(self._writer)

    def space(self, source: int) -> None:
        """Note white space at *source*; it is written once a word follows on the same line."""
        if self._waiting is None:
            self._waiting = (" ", source)

    def line_break(self, source: int) -> None:
        """Note the edge of a block at *source*."""
        if self._waiting is None or self._waiting[0] == " ":
            self._waiting = ("\n", source)

    def word(self, text: str, start: int) -> None:
        """Write *text*, which stands at *start* as it is."""
        self._write_waiting()
        self._writer.copy(text, start)
        self._reach(start, start + len(text))

    def reference(self, source: str, start: int, stop: int) -> None:
        """Write the character reference `source[start:stop]`."""
        self._write_waiting()
        write_reference(self._writer, source, start, stop)
        self._reach(start, stop)

    def _write_waiting(self) -> None:
        if self._waiting is not None and self._writer:
            text, source = self._waiting
            self._writer.put(text, source, source + 1)
        self._waiting = None

    def _reach(self, start: int, stop: int) -> None:
        self.start = start if self.start < 0 else self.start
        self.end = stop

    def done(self) -> tuple[str, Offsets]:
        """Return what was written, a no-break space shown as a space."""
        text, offsets = self._writer.done(self.end)
        return text.replace("\xa0", " "), offsets


@dataclass(frozen=True, slots=True)
class _Frame:
    """An open element, and how text inside it looks."""

    name: str
    look: Look


class _HtmlReader:
    """The state of reading one HTML part."""

    def __init__(self, part: Part) -> None:
        self._source = part.text
        self._slots = _slot_spans(part)
        self._visible = _Flow()
        self._hidden: _Flow | None = None
        self._hidden_runs: list[tuple[_Flow, bool]] = []
        self._others: list[tuple[int, Region]] = []
        self._stack: list[_Frame] = []
        self._open: dict[str, int] = {}
        self._look = Look()
        self._rules: dict[str, Mapping[str, str]] = {}
        self._styles: dict[str, Mapping[str, str]] = {}

    def read(self) -> list[Region]:
        self._collect_rules()
        self._tokens(0, len(self._source))
        text, offsets = self._visible.done()
        self._others += [_placed(link) for link in _links_in(text, offsets)]
        first = [*self._hidden_regions(), Region(RegionKind.VISIBLE, text, offsets)]
        self._others.sort(key=_order)
        return first + [region for _, region in self._others]

    def _hidden_regions(self) -> Iterator[Region]:
        """Yield the preheaders; put other hidden text beside what else the source says."""
        for flow, is_first in self._hidden_runs:
            text, offsets = flow.done()
            if not _SEEN.search(text):
                continue
            if is_first:
                yield Region(RegionKind.PREHEADER, text, offsets)
                self._others += [_placed(link) for link in _links_in(text, offsets)]
            else:
                self._add(RegionKind.HIDDEN, text, offsets)

    def _collect_rules(self) -> None:
        """Read the style sheets first: they may stand after what they hide."""
        if "<style" not in self._source.lower():
            return
        for token in tokens(self._source, 0, len(self._source)):
            if isinstance(token, Raw) and token.name == "style":
                for name, style in style_rules(self._source[token.start : token.end]).items():
                    self._rules[name] = {**self._rules.get(name, {}), **style}

    def _tokens(self, start: int, end: int) -> None:
        for token in tokens(self._source, start, end):
            match token:
                case Text():
                    self._text(token.start, token.end)
                case Tag(closing=True):
                    self._end_tag(token)
                case Tag():
                    self._start_tag(token)
                case Raw():
                    self._raw(token)
                case _:
                    self._comment(token)

    # Text

    def _flow(self) -> _Flow:
        """Return the flow that text here belongs to."""
        if not self._look.is_hidden:
            self._hidden = None
            return self._visible
        if self._hidden is None:
            self._hidden = _Flow()
            self._hidden_runs.append((self._hidden, not self._visible))
        return self._hidden

    def _text(self, start: int, end: int) -> None:
        flow = self._hidden or self._visible
        is_chosen, keep = False, self._look.is_pre
        for piece in _PIECE.finditer(self._source, start, end):
            at, is_space = piece.start(), piece[0][0] in _SPACES
            if is_space and not keep:
                flow.space(at)
                continue
            if not is_chosen:
                flow, is_chosen = self._flow(), True
            if piece[0][0] == "&":
                flow.reference(self._source, at, piece.end())
            else:
                flow.word(piece[0], at)

    def _break(self, source: int) -> None:
        self._visible.line_break(source)
        if self._hidden is not None:
            self._hidden.line_break(source)

    # Elements

    def _start_tag(self, tag: Tag) -> None:
        name = tag.name
        self._close_implied(name)
        if name in BLOCKS or name == "br":
            self._break(tag.start)
        look = self._look_inside(tag)
        self._read_attributes(tag)
        if name not in VOID:
            self._stack.append(_Frame(name, self._look))
            self._open[name] = self._open.get(name, 0) + 1
            self._look = look

    def _close_implied(self, name: str) -> None:
        closes = IMPLIED.get(name, frozenset())
        while self._stack and (
            self._stack[-1].name in closes or (self._stack[-1].name == "p" and name in CLOSES_P)
        ):
            self._pop()

    def _end_tag(self, tag: Tag) -> None:
        if tag.name in BLOCKS:
            self._break(tag.start)
        # Ends what was never begun: counted, because looking through the stack each time would
        # take quadratic time.
        if not self._open.get(tag.name):
            return
        while self._stack[-1].name != tag.name:
            self._pop()
        self._pop()

    def _pop(self) -> None:
        frame = self._stack.pop()
        self._open[frame.name] -= 1
        self._look = frame.look

    def _look_inside(self, tag: Tag) -> Look:
        values: dict[str, str] = {}
        for attribute in tag.attributes:
            if attribute.name in _LOOKS:
                values.setdefault(attribute.name, self._value(attribute)[0])
        look = self._look
        if tag.name == "a" and "href" in values:
            look = replace(look, colour=_LINK_COLOUR)
        if tag.name in NEVER_SHOWN or "hidden" in values:
            look = replace(look, gone=True)
        if tag.name == "pre":
            look = replace(look, is_pre=True)
        return look_of(look, self._style(tag.name, values))

    def _style(self, name: str, values: Mapping[str, str]) -> Mapping[str, str]:
        """Join the declarations that hold for an element, the weaker ones first."""
        style: dict[str, str] = {}
        if values.get("background"):
            style["background-image"] = "url"
        if "bgcolor" in values:
            style["background-color"] = values["bgcolor"].strip().lower()
        if name == "font" and "color" in values:
            style["color"] = values["color"].strip().lower()
        if self._rules:
            classes = [f".{one}" for one in values.get("class", "").lower().split()]
            ids = [f"#{values['id'].strip().lower()}"] if "id" in values else []
            for selector in (name, *classes, *(name + one for one in classes), *ids):
                style |= self._rules.get(selector, {})
        if "style" in values:
            style |= self._declarations(values["style"])
        return style

    def _declarations(self, text: str) -> Mapping[str, str]:
        """Read a style attribute; most stand in a part many times."""
        if text not in self._styles:
            self._styles[text] = declarations(text)
        return self._styles[text]

    # What the source says besides

    def _value(self, attribute: Attribute) -> tuple[str, Offsets]:
        return decode_attribute(self._source, attribute.start, attribute.end)

    def _read_attributes(self, tag: Tag) -> None:
        for attribute in tag.attributes:
            if attribute.start < attribute.end:
                self._attribute(attribute)

    def _attribute(self, attribute: Attribute) -> None:
        name = attribute.name
        if name in LINKS:
            self._link(*self._value(attribute))
        elif name == "alt":
            self._add(RegionKind.ALT, *self._value(attribute))
        elif name in TITLES:
            self._add(RegionKind.TITLE, *self._value(attribute))
        elif name not in LAYOUT or self._is_worth_reading(attribute):
            self._add(RegionKind.META, *self._value(attribute))
        if name == "style":
            self._style_links(*self._value(attribute))

    def _is_worth_reading(self, attribute: Attribute) -> bool:
        """Tell whether an attribute of layout may carry personal data all the same."""
        before = bisect_right(self._slots, (attribute.end - 1, len(self._source))) - 1
        if before >= 0 and self._slots[before][1] > attribute.start:
            return True
        return _WORTH.search(self._source, attribute.start, attribute.end) is not None

    def _link(self, text: str, offsets: Offsets) -> None:
        scheme, _, rest = text[:40].strip().lower().partition(":")
        if scheme != "data" or rest.startswith("text/"):
            self._others.append(_placed(Region(RegionKind.LINK, *decode_link(text, offsets))))

    def _style_links(self, text: str, offsets: Offsets) -> None:
        for match in _STYLE_URL.finditer(text):
            writer = Writer()
            writer.take(text, offsets, *match.span(1))
            self._link(*writer.done(offsets.stop(match.end(1) - 1)))

    def _raw(self, token: Raw) -> None:
        start, end = token.start, token.end
        if token.name == "title":
            self._add(RegionKind.TITLE, *decode_attribute(self._source, start, end))
        elif token.name == "style":
            self._style_links(*decode_attribute(self._source, start, end))
        elif token.name == "script":
            self._add(RegionKind.META, *decode_attribute(self._source, start, end))
        elif token.name in {"textarea", "xmp", "plaintext"}:
            self._text(start, end)
        else:
            self._add(RegionKind.HIDDEN, *decode_attribute(self._source, start, end))

    def _comment(self, token: Comment) -> None:
        inside = self._source[token.start : token.end]
        if not _DOCTYPE.match(inside) and _CONDITION.sub("", inside).strip(_COMMENT_MARKS):
            self._add(RegionKind.COMMENT, *decode_attribute(self._source, token.start, token.end))

    def _add(self, kind: RegionKind, text: str, offsets: Offsets) -> None:
        if text and not text.isspace():
            self._others.append(_placed(Region(kind, text, offsets)))
            self._others += [_placed(link) for link in _links_in(text, offsets)]


def _placed(region: Region) -> tuple[int, Region]:
    return region.offsets[0], region


def _order(item: tuple[int, Region]) -> tuple[int, str, str]:
    """Order regions by where they start; the kind and the text only part what starts together."""
    start, region = item
    return start, region.kind.value, region.text


def _slot_spans(part: Part) -> Sequence[tuple[int, int]]:
    """Return where the output of slots stands in the source, ascending."""
    return [
        (start, end) for start, end, chunk in part.spans() if chunk.origin.slots and end > start
    ]
