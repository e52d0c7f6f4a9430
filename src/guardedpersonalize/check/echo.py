"""Echoes: values of the recipient that may not be shown, and are, in whatever spelling."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from guardedpersonalize.check.context import CheckContext, KnownValue
from guardedpersonalize.check.folding import Folded, fold
from guardedpersonalize.check.reading import ReadPart, Region
from guardedpersonalize.check.spelling import EchoKind, Spelling
from guardedpersonalize.check.spellings import literals, spellings
from guardedpersonalize.render.draft import Chunk, Part

__all__ = ["Echo", "EchoIndex", "EchoKind", "find_echoes"]

_LONGEST_GAP: Final = 4
"""
Characters that may part the words of one value, as the blank and bracket in "ann [at] example"
(house choice; a line break between the lines of an address is one).
"""
_REACH: Final = 1 + _LONGEST_GAP
"""Characters that a place may have for each folded letter, gaps between all of them included."""
_PREFIX: Final = 2
_YEAR_DIGITS: Final = 4
_RANK: Final = {kind: rank for rank, kind in enumerate(EchoKind)}
_DATES: Final = frozenset({EchoKind.DATE, EchoKind.DAY_AND_MONTH})
_DECIMAL_MARKS: Final = frozenset(".,")


@dataclass(frozen=True, slots=True)
class Echo:
    """
    A withheld value that the text shows: which field and where, never the text.

    Args:
        field: The profile field whose value it is.
        start: First character in the text of the region.
        end: One past the last.
        region: Which region of the part, from 0.
        kind: How the value shows itself.
    """

    field: str
    start: int
    end: int
    region: int
    kind: EchoKind


@dataclass(frozen=True, slots=True)
class _Hit:
    """A spelling of a value at a place of a text."""

    start: int
    end: int
    field: str
    kind: EchoKind


class EchoIndex:
    """
    The spellings of a recipient's values, ready to be looked up. It shows none of them.

    Make it once a recipient with `of`, and give it to `find_echoes` for each part.
    """

    __slots__ = ("_allowed", "_lengths", "_literals", "_spellings", "reach")

    def __init__(
        self,
        named: Iterable[tuple[str, Spelling]],
        encoded: Iterable[tuple[str, str]],
        allowed: frozenset[str],
    ) -> None:
        found: dict[str, dict[tuple[str, Spelling], None]] = {}
        for field, spelling in named:
            found.setdefault(spelling.text, {})[field, spelling] = None
        self._spellings = {text: tuple(group) for text, group in found.items()}
        lengths: dict[str, set[int]] = {}
        for text in found:
            lengths.setdefault(text[:_PREFIX], set()).add(len(text))
        self._lengths = {prefix: sorted(sizes) for prefix, sizes in lengths.items()}
        self._literals = tuple(sorted(set(encoded)))
        self._allowed = allowed
        longest = max(map(len, [*found, *(literal for literal, _ in self._literals)]), default=0)
        self.reach = longest * _REACH

    def __repr__(self) -> str:
        return f"EchoIndex(<{len(self._spellings)} spellings>)"

    def __bool__(self) -> bool:
        return bool(self._spellings)

    @classmethod
    def of(
        cls,
        withheld: Sequence[KnownValue],
        *,
        allowed: Sequence[KnownValue] = (),
        lang: str = "en",
        regions: Sequence[str] = (),
    ) -> EchoIndex:
        """
        Prepare the values of one recipient.

        Args:
            withheld: Values that may not be shown.
            allowed: Values that may: what spells one of them as a whole is no echo.
            lang: Language of the texts, for the names of months; English ones always count.
            regions: ISO 3166 regions whose national phone formats are known.
        """
        where = tuple(regions)
        named = [
            (known.field, spelling)
            for known in withheld
            for spelling in spellings(known, lang=lang, regions=where)
        ]
        encoded = [(literal, known.field) for known in withheld for literal in literals(known)]
        free = frozenset(
            spelling.text
            for known in allowed
            for spelling in spellings(known, lang=lang, regions=where)
            if spelling.kind is not EchoKind.COMPONENT
        )
        return cls(named, encoded, free)

    def is_allowed(self, shown: str) -> bool:
        """Tell whether *shown* spells an allowed value as a whole."""
        return fold(shown).text in self._allowed

    def search(self, text: str, start: int = 0, end: int | None = None) -> Iterator[_Hit]:
        """Yield every place in `text[start:end]` where a value is spelt, in any order."""
        folded = fold(text, start, len(text) if end is None else end)
        for word, is_joined in enumerate(folded.joined):
            if not is_joined:
                yield from self._at(text, folded, word)
        for literal, field in self._literals:
            yield from _literal_hits(text, literal, field, start, end)

    def _at(self, text: str, folded: Folded, word: int) -> Iterator[_Hit]:
        """Yield the hits that start with *word*."""
        at = folded.at[word]
        for size in self._lengths.get(folded.text[at : at + _PREFIX], ()):
            last = bisect_left(folded.at, at + size, word + 1)
            if last == len(folded.at):
                return
            if folded.at[last] != at + size:
                continue
            for field, spelling in self._spellings.get(folded.text[at : at + size], ()):
                if _fits(text, folded, word, last, spelling):
                    yield _Hit(folded.starts[word], folded.ends[last - 1], field, spelling.kind)


def _fits(text: str, folded: Folded, first: int, last: int, spelling: Spelling) -> bool:
    """Tell whether the words `[first, last)` are *spelling*, whole and parted as it wants."""
    goes_on = last < len(folded.joined) and folded.joined[last]
    if goes_on and not _is_time(folded, last, spelling):
        return False
    start, end = folded.starts[first], folded.ends[last - 1]
    match spelling.kind:
        case EchoKind.NUMBER if _goes_on(text, start, end):
            return False
        case EchoKind.DAY_AND_MONTH if _has_year(folded, first, last):
            return False
    if spelling.is_proper and text[start].islower():
        return False
    return _is_parted(folded, first, last, spelling)


def _is_parted(folded: Folded, first: int, last: int, spelling: Spelling) -> bool:
    """Tell whether the words `[first, last)` are parted where *spelling* wants them to be."""
    breaks = set()
    for word in range(first + 1, last):
        gap = folded.gap(word)
        if gap > _LONGEST_GAP:
            return False
        if gap:
            breaks.add(folded.at[word] - folded.at[first])
    is_allowed = spelling.allowed is None or breaks <= spelling.allowed
    return is_allowed and spelling.required <= breaks


def _is_time(folded: Folded, word: int, spelling: Spelling) -> bool:
    """Tell whether *word* is the `T` between a date and a time."""
    is_t = folded.text[folded.at[word] : folded.at[word + 1]] == "t"
    return is_t and spelling.kind in _DATES


def _has_year(folded: Folded, first: int, last: int) -> bool:
    """Tell whether a year stands beside the words `[first, last)`: it makes them another date."""
    before = first > 0 and folded.gap(first) <= _LONGEST_GAP and _is_year(folded, first - 1)
    size = len(folded.joined)
    return before or (last < size and folded.gap(last) <= _LONGEST_GAP and _is_year(folded, last))


def _is_year(folded: Folded, word: int) -> bool:
    text = folded.text[folded.at[word] : folded.at[word + 1]]
    return len(text) == _YEAR_DIGITS and text.isdecimal()


def _goes_on(text: str, start: int, end: int) -> bool:
    """Tell whether the number `text[start:end]` is part of a longer one."""
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    return _is_decimal_mark(after[:1], after[1:]) or _is_decimal_mark(before[1:], before[:1])


def _is_decimal_mark(mark: str, digit: str) -> bool:
    return mark in _DECIMAL_MARKS and digit.isdecimal()


def _literal_hits(
    text: str, literal: str, field: str, start: int, stop: int | None
) -> Iterator[_Hit]:
    at = text.find(literal, start, stop)
    while at >= 0:
        end = at + len(literal)
        is_whole = not (text[max(0, at - 1) : at].isalnum() or text[end : end + 1].isalnum())
        if is_whole:
            yield _Hit(at, end, field, EchoKind.ENCODED)
        at = text.find(literal, end, stop)


def find_echoes(
    read: ReadPart, context: CheckContext, *, index: EchoIndex | None = None
) -> list[Echo]:
    """
    Return where *read* shows a value that may not be shown, in order, the longest of a field first.

    In a draft of our own templates only places count that touch the output of a slot: the
    template's own words cannot depend on a value. A place that is made of whole outputs of slots,
    and of nothing but spaces and marks between them, is what was allowed, and no echo. Text that
    no template of ours made counts everywhere.

    Args:
        read: The part.
        context: Tells the withheld and the allowed values, the language and the phone regions.
        index: Made of that context with `EchoIndex.of`; made here if it is not given.
    """
    chunks = _Chunks(read.part)
    if not chunks.may_echo:
        return []
    if index is None:
        regions = context.identity.phone_regions
        index = EchoIndex.of(
            context.withheld, allowed=context.allowed, lang=context.lang, regions=regions
        )
    if not index:
        return []
    echoes: list[Echo] = []
    for number, region in enumerate(read.regions):
        hits = (
            hit
            for start, end in chunks.stretches(region, index.reach)
            for hit in index.search(region.text, start, end)
        )
        echoes += [
            Echo(hit.field, hit.start, hit.end, number, hit.kind)
            for hit in _longest(hits)
            if chunks.counts(region, hit) and not index.is_allowed(region.text[hit.start : hit.end])
        ]
    return echoes


def _longest(hits: Iterable[_Hit]) -> list[_Hit]:
    """
    Sort *hits*, drop those that lie in another hit of the same field, and join its passages.

    A long text that is shown as a whole is one echo, not one for each four words.
    """
    kept: list[_Hit] = []
    last: dict[str, int] = {}
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end, hit.field, _RANK[hit.kind])):
        before = kept[last[hit.field]] if hit.field in last else None
        if before is not None and hit.end <= before.end:
            continue
        if before is not None and _goes_with(before, hit):
            kept[last[hit.field]] = replace(before, end=hit.end)
            continue
        last[hit.field] = len(kept)
        kept.append(hit)
    return kept


def _goes_with(before: _Hit, hit: _Hit) -> bool:
    """Tell whether two passages of one text are one."""
    return before.kind is hit.kind is EchoKind.PASSAGE and hit.start <= before.end


class _Chunks:
    """The chunks of a part, to ask who wrote a place of it."""

    def __init__(self, part: Part) -> None:
        spans = [(start, end, chunk) for start, end, chunk in part.spans() if end > start]
        self._starts = [start for start, _, _ in spans]
        self._chunks = [chunk for _, _, chunk in spans]
        self._is_foreign = any(map(_is_foreign, self._chunks))
        self._slot_starts = [start for start, _, chunk in spans if chunk.origin.slots]
        self._slot_ends = [end for _, end, chunk in spans if chunk.origin.slots]

    @property
    def may_echo(self) -> bool:
        """True unless a template wrote everything and no slot is in it."""
        return self._is_foreign or bool(self._slot_starts)

    def _number(self, source: int) -> int:
        return bisect_right(self._starts, source) - 1

    def stretches(self, region: Region, reach: int) -> list[tuple[int, int]]:
        """
        Return the stretches of *region* in which an echo may lie, ascending.

        That is all of a text that no template of ours made, else what lies within *reach* of the
        output of a slot.
        """
        size = len(region.text)
        if self._is_foreign:
            return [(0, size)]
        found: list[tuple[int, int]] = []
        for start, end in zip(self._slot_starts, self._slot_ends, strict=True):
            first, last = region.span_of(start, end)
            if first == last:
                continue
            low, high = max(0, first - reach), min(size, last + reach)
            if found and low <= found[-1][1]:
                found[-1] = (found[-1][0], high)
            else:
                found.append((low, high))
        return found

    def counts(self, region: Region, hit: _Hit) -> bool:
        """Tell whether *hit* was written by someone who could have known the value."""
        start, end = region.source_span(hit.start, hit.end)
        touched = self._chunks[self._number(start) : self._number(end - 1) + 1]
        if any(map(_is_foreign, touched)):
            return True
        return any(chunk.origin.slots for chunk in touched) and not self._is_own(region, hit)

    def _is_own(self, region: Region, hit: _Hit) -> bool:
        """Tell whether *hit* is made of whole outputs of slots."""
        text, offsets = region.text, region.offsets
        numbers = [self._number(offsets[i]) for i in range(hit.start, hit.end) if text[i].isalnum()]
        if not all(self._chunks[number].origin.slots for number in numbers):
            return False
        before = range(hit.start - 1, -1, -1)
        after = range(hit.end, len(text))
        return self._is_edge(region, before, numbers[0]) and self._is_edge(
            region, after, numbers[-1]
        )

    def _is_edge(self, region: Region, places: range, number: int) -> bool:
        """Tell whether the chunk has no letter or digit at *places*, which lead away from a hit."""
        for place in places:
            if self._number(region.offsets[place]) != number:
                return True
            if region.text[place].isalnum():
                return False
        return True


def _is_foreign(chunk: Chunk) -> bool:
    """Tell whether no template of ours wrote *chunk*."""
    return not chunk.origin.template and not chunk.origin.slots
