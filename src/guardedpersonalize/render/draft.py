"""A draft: the parts of one message, each a run of chunks that know where they came from."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import FrozenInstanceError, dataclass
from enum import StrEnum
from itertools import accumulate
from operator import attrgetter
from typing import Final, NoReturn, Self

from guardedpersonalize.render.trace import Literal
from guardedpersonalize.vocabulary import Channel, Purpose

__all__ = ["LITERAL", "Chunk", "Draft", "Origin", "Part", "PartKind"]


class PartKind(StrEnum):
    """How a part is read: a header is one line, text is plain, html is markup."""

    HEADER = "header"
    TEXT = "text"
    HTML = "html"


@dataclass(frozen=True, slots=True)
class Origin:
    """
    Where a chunk came from.

    Args:
        slots: Slots whose values may be in the text; empty for the template's own words.
        control: Slots that may decide whether the text is there at all.
        template: Name of the template file, or "" where no template of ours made the text.
        line: Line in that file, from 1; 0 where unknown.
    """

    slots: frozenset[str] = frozenset()
    control: frozenset[str] = frozenset()
    template: str = ""
    line: int = 0


LITERAL: Final = Origin()


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of output with one origin. Its repr shows its length, never its text."""

    text: str
    origin: Origin = LITERAL

    def __repr__(self) -> str:
        return f"Chunk(<{len(self.text)} characters>, slots={sorted(self.origin.slots)})"


class Part:
    """
    One part of a message: subject, preheader, text, html, title, body, headline-1 ...

    It never changes. What is not asked for is not made, and has no value until then: a message that
    is read by its path has no chunks.

    Args:
        name: The part's name, as in the pack's file names.
        kind: How it is read.
        chunks: In order; joined they are the text.

    Attributes:
        name: The same.
        kind: The same.
        text: The whole text.
    """

    __slots__ = (
        "_chunks",
        "_origins",
        "_path",
        "_pieces",
        "_starts",
        "_texts",
        "kind",
        "name",
        "text",
    )

    name: str
    kind: PartKind
    text: str
    _pieces: Sequence[str]
    _origins: Mapping[str, Origin]
    _path: tuple[str, ...]
    _texts: tuple[str, ...]
    _chunks: tuple[Chunk, ...]
    _starts: tuple[int, ...]

    def __init__(self, name: str, kind: PartKind, chunks: Iterable[Chunk]) -> None:
        made = tuple(chunks)
        _fill(self, name, kind, [chunk.text for chunk in made], {})
        _set_path(self, ())
        _set_chunks(self, made)

    @classmethod
    def traced(
        cls, name: str, kind: PartKind, pieces: Sequence[str], origins: Mapping[str, Origin]
    ) -> Self:
        """
        Return a part whose chunks are made when they are asked for.

        Args:
            name: The part's name.
            kind: How it is read.
            pieces: Texts with a `sid`, as templates write them; none is empty.
            origins: Site -> origin. Neither is changed afterwards.
        """
        part = cls.__new__(cls)
        _fill(part, name, kind, pieces, origins)
        return part

    @property
    def path(self) -> tuple[str, ...]:
        """
        The site of each chunk: the way that this rendering took through the templates.

        Parts of one entry with the same path differ at most in what expressions wrote. It is
        empty where no template made the part.
        """
        try:
            return self._path
        except AttributeError:
            _set_path(self, tuple(map(_SID, self._pieces)))
        return self._path

    @property
    def pieces(self) -> Sequence[str]:
        """The same as `texts`, of whichever kinds of text; not to be changed."""
        return self._pieces

    @property
    def written(self) -> tuple[int, ...]:
        """
        The chunks that are no words of the template: parts of one path may differ there only.

        Of a part that was pickled, all of them.
        """
        return tuple(i for i, each in enumerate(self._pieces) if not isinstance(each, Literal))

    @property
    def texts(self) -> tuple[str, ...]:
        """The text of each chunk, in order."""
        try:
            return self._texts
        except AttributeError:
            _set_texts(self, tuple(map(str, self._pieces)))
        return self._texts

    @property
    def chunks(self) -> tuple[Chunk, ...]:
        """The chunks, in order; joined they are the text."""
        try:
            return self._chunks
        except AttributeError:
            origins = [self._origins[site] for site in self.path]
            _set_chunks(self, tuple(map(Chunk, self.texts, origins)))
        return self._chunks

    @property
    def sites(self) -> Mapping[str, Origin]:
        """Site -> origin, of every site of the entry; empty where no template made the part."""
        return self._origins

    @property
    def offsets(self) -> tuple[int, ...]:
        """The start of each chunk, and the end of the last."""
        try:
            return self._starts
        except AttributeError:
            _set_starts(self, (0, *accumulate(map(len, self._pieces))))
        return self._starts

    def spans(self) -> Iterator[tuple[int, int, Chunk]]:
        """Yield `(start, end, chunk)` in order; half-open, in characters of `text`."""
        offsets = self.offsets
        return zip(offsets, offsets[1:], self.chunks, strict=False)

    def origins(self, start: int, end: int) -> tuple[Origin, ...]:
        """Return the origins of the chunks that overlap `[start, end)`, in order."""
        offsets = self.offsets
        first = max(bisect_right(offsets, start) - 1, 0)
        last = bisect_left(offsets, end) if start <= end else 0
        return tuple(chunk.origin for chunk in self.chunks[first:last] if chunk.text)

    def __repr__(self) -> str:
        return f"Part({self.name!r}, {self.kind.value}, <{len(self.text)} characters>)"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Part):
            return NotImplemented
        is_alike = self.name == other.name and self.kind is other.kind
        return is_alike and self.chunks == other.chunks

    def __hash__(self) -> int:
        return hash((self.name, self.kind, self.text))

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> NoReturn:
        raise FrozenInstanceError(f"cannot delete field {name!r}")

    def __reduce__(self) -> tuple[Callable[..., Part], tuple[object, ...]]:
        if not self._origins:
            return Part, (self.name, self.kind, self.chunks)
        origins = {site: self._origins[site] for site in self.path}
        return _rebuilt, (self.name, self.kind, self.texts, self.path, origins)


_SID: Final = attrgetter("sid")

# The slots' own setters go round the guard against changes.
_set_chunks: Final = Part.__dict__["_chunks"].__set__
_set_kind: Final = Part.__dict__["kind"].__set__
_set_name: Final = Part.__dict__["name"].__set__
_set_origins: Final = Part.__dict__["_origins"].__set__
_set_path: Final = Part.__dict__["_path"].__set__
_set_pieces: Final = Part.__dict__["_pieces"].__set__
_set_starts: Final = Part.__dict__["_starts"].__set__
_set_text: Final = Part.__dict__["text"].__set__
_set_texts: Final = Part.__dict__["_texts"].__set__


def _fill(
    part: Part, name: str, kind: PartKind, pieces: Sequence[str], origins: Mapping[str, Origin]
) -> None:
    """Fill a new part with what is known at once."""
    _set_name(part, name)
    _set_kind(part, kind)
    _set_text(part, "".join(pieces))
    _set_pieces(part, pieces)
    _set_origins(part, origins)


def _rebuilt(
    name: str,
    kind: PartKind,
    texts: tuple[str, ...],
    path: tuple[str, ...],
    origins: Mapping[str, Origin],
) -> Part:
    part = Part.traced(name, kind, texts, origins)
    _set_path(part, path)
    return part


@dataclass(frozen=True, slots=True)
class Draft:
    """
    A rendered message before it has been read.

    Args:
        template: Name of the pack's template, or "" for text that no template of ours made.
        channel: Where it will be read.
        purpose: What it is sent for; None for a bare passage.
        parts: In the order in which a reader meets them.
    """

    template: str
    channel: Channel
    purpose: Purpose | None
    parts: tuple[Part, ...]

    @classmethod
    def of_text(cls, texts: Sequence[tuple[str, PartKind, str]], *, channel: Channel) -> Draft:
        """Make a draft of *(name, kind, text)* triples that no template of ours made."""
        parts = tuple(Part(name, kind, (Chunk(text),)) for name, kind, text in texts)
        return cls("", channel, None, parts)
