"""An HTML part: what a mail client shows of it, and what its source says besides."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from guardedpersonalize.check.appearance import Appearance
from guardedpersonalize.check.characters import INVISIBLE
from guardedpersonalize.check.decoding import REFERENCE, decode_attribute, decode_script
from guardedpersonalize.check.elements import (
    ASIDES,
    BLOCKS,
    CLOSES_P,
    IMAGE_LISTS,
    IMPLIED,
    LAYOUT,
    LINKS,
    TITLES,
    VOID,
)
from guardedpersonalize.check.flow import Flow
from guardedpersonalize.check.links import candidates, embedded_markup, links_in, part_of, target
from guardedpersonalize.check.markup import Attribute, Comment, Raw, Tag, Text, tokens
from guardedpersonalize.check.reading import (
    Offsets,
    Region,
    RegionKind,
    Writer,
    in_order,
    overlapping,
)
from guardedpersonalize.check.sheets import said_in_sheet
from guardedpersonalize.check.styling import Look

__all__ = ["read_html", "read_markup"]

_STYLE_URL: Final = re.compile(r"url\(\s{0,9}['\"]?([^'\"()\s]+)", re.IGNORECASE)
# White space, a reference, words that are parted by single spaces and stay as they are, or a sign.
_PIECE: Final = re.compile(
    rf"[ \t\n\r\f]+|{REFERENCE.pattern}|[^ \t\n\r\f&]+(?: [^ \t\n\r\f&]+)*+|&"
)
_SPACES: Final = " \t\n\r\f"
_WORTH: Final = re.compile(r"@|%40|(?<!#)\d{6}")
_SEEN: Final = re.compile(rf"[^\s\u2800\u3164{INVISIBLE}]")

_CONDITION: Final = re.compile(r"\[(?:if [\w\s|&!().]{1,200}|endif)\]", re.IGNORECASE)
_OPENING: Final = re.compile(r"\s{0,9}\[if [\w\s|&!().]{1,200}\]>", re.IGNORECASE)
_CLOSING: Final = re.compile(r"<!\[endif\]\s{0,9}\Z", re.IGNORECASE)
_DOCTYPE: Final = re.compile(r"doctype\b", re.IGNORECASE)
_COMMENT_MARKS: Final = "<>!- \t\n\r\f"
_MJML: Final = re.compile(r"<mj(?:ml|-[a-z-]{1,40})(?=[\s/>])", re.IGNORECASE)
_LATIN: Final = re.compile(r"[A-Za-z0-9]")


def read_html(source: str, slots: Sequence[tuple[int, int]] = ()) -> list[Region]:
    """
    Return the regions of the HTML *source*.

    Args:
        source: The markup.
        slots: Where the output of slots stands in it, ascending.
    """
    return _HtmlReader(source, slots).read()


def read_markup(text: str, offsets: Offsets) -> Iterator[Region]:
    """Yield the regions of markup that stands, decoded, inside another source."""
    for region in _HtmlReader(text, (), is_inner=True).read():
        if region.text and isinstance(region.offsets, Offsets):
            yield replace(
                region,
                offsets=_through(region.text, region.offsets, text, offsets),
                is_partial=True,
            )


def _through(text: str, inner: Offsets, between: str, outer: Offsets) -> Offsets:
    """Follow *inner*, a map into the text *between*, through the map *outer* of that text."""
    writer = Writer()
    for start, end, place, stop in inner.pieces(0, len(text)):
        if stop < 0:
            writer.take(between, outer, place, place + end - start)
        else:
            writer.put(text[start:end], outer[place], outer.stop(stop - 1))
    return writer.done(outer.stop(inner.stop(len(text) - 1) - 1))[1]


@dataclass(frozen=True, slots=True)
class _Frame:
    """An open element, and how text inside it looks."""

    name: str
    look: Look


class _HtmlReader:
    """The state of reading one HTML part."""

    def __init__(
        self, source: str, slots: Sequence[tuple[int, int]], *, is_inner: bool = False
    ) -> None:
        self._source = source
        self._slots = slots
        self._is_inner = is_inner
        self._visible = Flow()
        self._outlook = False
        self._hidden: Flow | None = None
        self._hidden_kind = RegionKind.HIDDEN
        self._hidden_runs: list[tuple[Flow, RegionKind]] = []
        self._turned: Flow | None = None
        self._others: list[Region] = []
        self._stack: list[_Frame] = []
        self._open: dict[str, int] = {}
        self._look = Look()
        self._appearance = Appearance(source)

    def read(self) -> list[Region]:
        self._tokens(0, len(self._source))
        self._turn_back()
        text, offsets = self._visible.done()
        self._others += links_in(text, offsets)
        first = [*self._hidden_regions(), Region(RegionKind.VISIBLE, text, offsets)]
        return first + in_order(self._others)

    def _hidden_regions(self) -> Iterator[Region]:
        """Yield the preheaders; put other hidden text beside what else the source says."""
        for flow, kind in self._hidden_runs:
            text, offsets = flow.done()
            if not _SEEN.search(text):
                continue
            if kind is RegionKind.PREHEADER:
                yield Region(kind, text, offsets)
                self._others += links_in(text, offsets)
            else:
                self._add(kind, text, offsets)

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

    def _flow(self) -> Flow:
        """Return the flow that text here belongs to."""
        aside = None
        if not ASIDES.keys().isdisjoint(self._open):
            aside = next((kind for name, kind in ASIDES.items() if self._open.get(name)), None)
        if not self._look.is_hidden and aside is None:
            self._hidden = None
            return self._visible
        kind = aside or RegionKind.HIDDEN
        if self._hidden is None or self._hidden_kind is not kind:
            self._hidden, self._hidden_kind = Flow(), kind
            is_first = not (aside or self._outlook or self._is_inner or self._visible)
            self._hidden_runs.append((self._hidden, RegionKind.PREHEADER if is_first else kind))
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
            if self._turned is not None:
                self._turned.word(piece[0], at)

    def _break(self, source: int) -> None:
        self._visible.line_break(source)
        if self._hidden is not None:
            self._hidden.line_break(source)

    # Elements

    def _start_tag(self, tag: Tag) -> None:
        name = tag.name
        self._close_implied(name)
        left_over = _MJML.match(self._source, tag.start) if name.startswith("mj") else None
        if left_over:
            self._copied(RegionKind.META, *left_over.span())
        if name in BLOCKS or name == "br" or left_over:
            self._break(tag.start)
        look = self._appearance.inside(tag, self._look)
        if look.is_turned and self._turned is None and name not in VOID:
            self._turned = Flow()
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
        if not self._look.is_turned:
            self._turn_back()

    def _turn_back(self) -> None:
        """Add what was shown from the last to the first character, as it is seen."""
        turned, self._turned = self._turned, None
        if turned is None:
            return
        text, offsets = turned.done()
        if _LATIN.search(text):
            writer = Writer()
            writer.put(text[::-1], offsets[0], offsets.end)
            self._add(RegionKind.VISIBLE, *writer.done(offsets.end), is_partial=True)

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
        elif name in IMAGE_LISTS:
            for one in candidates(*self._value(attribute)):
                self._link(*one)
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
        if overlapping(self._slots, attribute.start, attribute.end):
            return True
        return _WORTH.search(self._source, attribute.start, attribute.end) is not None

    def _link(self, text: str, offsets: Offsets) -> None:
        markup = None if self._is_inner else embedded_markup(text, offsets)
        self._others += target(text, offsets) if markup is None else read_markup(*markup)

    def _style_links(self, text: str, offsets: Offsets) -> None:
        for match in _STYLE_URL.finditer(text):
            self._link(*part_of(text, offsets, *match.span(1)))

    def _raw(self, token: Raw) -> None:
        start, end = token.start, token.end
        if token.name == "title":
            self._add(RegionKind.TITLE, *decode_attribute(self._source, start, end))
        elif token.name == "style":
            self._sheet(start, end)
        elif token.name == "script":
            self._add(RegionKind.META, *decode_script(self._source, start, end))
        elif token.name in {"textarea", "xmp", "plaintext"}:
            self._text(start, end)
        else:
            self._add(RegionKind.HIDDEN, *decode_attribute(self._source, start, end))

    def _sheet(self, start: int, end: int) -> None:
        self._style_links(*decode_attribute(self._source, start, end))
        self._keep(said_in_sheet(self._source, start, end))
        for first, last in overlapping(self._slots, start, end):
            self._copied(RegionKind.META, max(first, start), min(last, end))

    def _comment(self, token: Comment) -> None:
        start, end = token.start, token.end
        opening = _OPENING.match(self._source, start, end)
        if opening and not self._outlook:
            closing = _CLOSING.search(self._source, opening.end(), end)
            self._for_outlook(opening.end(), closing.start() if closing else end)
            return
        inside = self._source[start:end]
        if not _DOCTYPE.match(inside) and _CONDITION.sub("", inside).strip(_COMMENT_MARKS):
            self._add(RegionKind.COMMENT, *decode_attribute(self._source, start, end))

    def _for_outlook(self, start: int, end: int) -> None:
        """
        Read the inside of a conditional comment, which Outlook shows.

        It stands in for what others see, and opens elements that another one closes: the text and
        the elements around are left as they were.
        """
        before = len(self._others)
        kept = self._visible, self._hidden, self._stack, self._open, self._look, self._turned
        self._visible, self._hidden, self._stack, self._open = Flow(), None, [], {}
        self._turned, self._outlook = None, True
        self._tokens(start, end)
        self._turn_back()
        text, offsets = self._visible.done()
        if _SEEN.search(text):
            self._add(RegionKind.VISIBLE, text, offsets)
        self._others[before:] = [replace(one, is_partial=True) for one in self._others[before:]]
        self._visible, self._hidden, self._stack, self._open, self._look, self._turned = kept
        self._outlook = False

    def _copied(self, kind: RegionKind, start: int, end: int) -> None:
        writer = Writer()
        writer.copy(self._source[start:end], start)
        self._add(kind, *writer.done(end))

    def _add(
        self, kind: RegionKind, text: str, offsets: Offsets, *, is_partial: bool = False
    ) -> None:
        self._keep([Region(kind, text, offsets, is_partial=is_partial)])

    def _keep(self, regions: Iterable[Region]) -> None:
        """Keep the regions that say something, and the links in them."""
        for region in regions:
            if region.text and not region.text.isspace() and isinstance(region.offsets, Offsets):
                links = links_in(region.text, region.offsets)
                self._others.append(region)
                self._others += [replace(one, is_partial=region.is_partial) for one in links]
