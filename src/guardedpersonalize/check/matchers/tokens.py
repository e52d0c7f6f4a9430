"""Kind `tokens`: patterns over the words of a sentence, see `check.patterns`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import Field

from guardedpersonalize.check.characters import joined
from guardedpersonalize.check.matchers.base import (
    Detections,
    MatchModel,
    Severities,
    make_finding,
    slot_ranges,
)
from guardedpersonalize.check.patterns import Pattern
from guardedpersonalize.check.reading import Offsets, RegionKind, Writer
from guardedpersonalize.check.sentences import Sentence, SentenceReader, SlotRange
from guardedpersonalize.check.wordlists import Reach, WordLists
from guardedpersonalize.vocabulary import Provenance

if TYPE_CHECKING:
    from guardedpersonalize.check.context import CheckContext
    from guardedpersonalize.check.finding import Finding
    from guardedpersonalize.check.reading import ReadPart, Region
    from guardedpersonalize.check.rules import Rule
    from guardedpersonalize.vocabulary import Severity

__all__ = ["DEFAULT_GUARDS", "TokensMatch", "TokensMatcher"]

DEFAULT_GUARDS: Final = ("stated", "service", "generic")
"""
Guards of every token rule that names none: what the reader asked for or said, facts of an order,
payment or booking, and copy that is conditional or for anyone. Source: the list of what is not
intrusive in docs/explanation/intrusive-copy.md.
"""

_ORDER: Final = tuple(Provenance)
"""Provided, observed, derived, inferred: from what people told to what was made of it."""

Patterns = Annotated[tuple[str, ...], Field(min_length=1)]


class TokensMatch(MatchModel):
    """
    `[match]` of kind `tokens`.

    Args:
        any: Patterns, one of which has to match.
        unless: Patterns that excuse a match in the same sentence.
        also: Patterns, one of which has to match in the same sentence as well; none by default.
        guards: Guards of the word lists that it heeds.
        quoted: True to match inside quotation marks too; a customer's words are none of ours.
    """

    kind: Literal["tokens"]
    any: Patterns
    unless: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    guards: tuple[str, ...] = DEFAULT_GUARDS
    quoted: bool = False


class _Prepared:
    """A rule with its patterns parsed."""

    def __init__(self, rule: Rule, lists: WordLists) -> None:
        match = rule.match_as(TokensMatch)
        self.rule = rule
        self.patterns = [Pattern.parse(line, lists) for line in match.any]
        self.unless = [Pattern.parse(line, lists, excuses=True) for line in match.unless]
        self.also = [Pattern.parse(line, lists, excuses=True) for line in match.also]
        self.guards = match.guards
        self.quoted = match.quoted


class TokensMatcher:
    """
    All token rules of one language; a region is cut into words once for all of them.

    Args:
        rules: Token rules.
        lists: The word lists of their language.
        lang: Their language.
    """

    def __init__(self, rules: Sequence[Rule], lists: WordLists, lang: str) -> None:
        self._reader = SentenceReader(lists, lang)
        self._rules = [_Prepared(rule, lists) for rule in rules]
        named = sorted({name for prepared in self._rules for name in prepared.guards})
        self._guards = {name: _Guard(name, lists) for name in named}
        self._severities = Severities(rules)
        # All patterns in the order of their rules, and the places of those that a key calls for.
        self._patterns = [
            (i, pattern) for i, each in enumerate(self._rules) for pattern in each.patterns
        ]
        self._index: dict[str, list[int]] = defaultdict(list)
        for place, (_, pattern) in enumerate(self._patterns):
            for key in pattern.keys or {""}:
                self._index[key].append(place)

    def find(
        self, read: ReadPart, context: CheckContext, detections: Detections
    ) -> Iterator[Finding]:
        """Yield what the rules find in *read*; *detections* do not matter here."""
        del detections
        for region in read.regions:
            severities = self._severities.at(context.channel, read.part.name, region.kind)
            if severities and region.text:
                yield from self._find_in(read, region, context, severities)

    def _find_in(
        self,
        read: ReadPart,
        region: Region,
        context: CheckContext,
        severities: Mapping[int, Severity],
    ) -> Iterator[Finding]:
        joint, places = _joined(region)
        sentences = self._reader.read(
            joint.text,
            slots=_provenances(read, joint, context),
            blocks=region.kind is not RegionKind.PLAIN,
        )
        excuses = _Excuses(sentences, self._guards)
        for at, sentence in enumerate(sentences):
            for i, patterns in self._candidates(sentence).items():
                severity = severities.get(i)
                if severity is None:
                    continue
                rule = self._rules[i]
                for found in _spans(rule, patterns, sentence, excuses, at):
                    span = (places[found[0]], places.stop(found[1] - 1)) if places else found
                    yield make_finding(rule.rule, severity, read, region, span, context=context)

    def _candidates(self, sentence: Sentence) -> Mapping[int, Sequence[Pattern]]:
        """Return the patterns, by rule, that have all they ask for in *sentence*."""
        index, patterns, keys = self._index, self._patterns, sentence.keys
        called = set(index.get("", ()))
        for key in keys:
            if key in index:
                called.update(index[key])
        found: dict[int, list[Pattern]] = {}
        likely = []  # as `may_match` has it, without a call for each
        for place in called:
            for asked in patterns[place][1].others:
                if asked.isdisjoint(keys):
                    break
            else:
                likely.append(place)
        for place in sorted(likely):
            i, pattern = patterns[place]
            found.setdefault(i, []).append(pattern)
        return found


class _Guard:
    """A guard with its patterns parsed."""

    def __init__(self, name: str, lists: WordLists) -> None:
        guard = lists.guard(name)
        self.reach = guard.reach
        self._patterns = [Pattern.parse(line, lists, excuses=True) for line in guard.any]

    def first(self, sentence: Sentence) -> int | None:
        """Return where in the line of *sentence* it first matches, or None."""
        return min(
            (found.start() for p in self._patterns if (found := p.search(sentence))), default=None
        )


class _Excuses:
    """What the guards say about one text; each is asked once a sentence at most."""

    def __init__(self, sentences: Sequence[Sentence], guards: Mapping[str, _Guard]) -> None:
        self._sentences = sentences
        self._guards = guards
        self._first: dict[tuple[str, int], int | None] = {}

    def excuse(self, name: str, at: int, start: int) -> bool:
        """Tell whether the guard *name* excuses a match at *start* of sentence *at*."""
        reach = self._guards[name].reach
        if reach is Reach.BEFORE:
            first = self._ask(name, at)
            return first is not None and first <= start
        around = 1 if reach is Reach.NEIGHBOURS else 0
        places = range(max(0, at - around), min(len(self._sentences), at + around + 1))
        return any(self._ask(name, place) is not None for place in places)

    def _ask(self, name: str, at: int) -> int | None:
        if (name, at) not in self._first:
            self._first[name, at] = self._guards[name].first(self._sentences[at])
        return self._first[name, at]


def _spans(
    rule: _Prepared, patterns: Sequence[Pattern], sentence: Sentence, excuses: _Excuses, at: int
) -> list[tuple[int, int]]:
    """Return where *rule* matches in the text, touching matches merged into one."""
    found = sorted([match.span() for each in patterns for match in each.finditer(sentence)])
    if not found or _is_excused(rule, sentence):
        return []
    merged: list[tuple[int, int]] = []
    for start, end in found:
        if not rule.quoted and sentence.is_quoted(start, end):
            continue
        if any(excuses.excuse(name, at, start) for name in rule.guards):
            continue
        span = sentence.span_of(start, end)
        if merged and span[0] <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], span[1]))
        else:
            merged.append(span)
    return merged


def _is_excused(rule: _Prepared, sentence: Sentence) -> bool:
    if any(pattern.search(sentence) for pattern in rule.unless):
        return True
    return bool(rule.also) and not any(pattern.search(sentence) for pattern in rule.also)


def _joined(region: Region) -> tuple[Region, Offsets | None]:
    """Return *region* as its words are seen, and where its characters stand in it."""
    text, places = joined(region.text)
    if places is None:
        return region, None
    writer = Writer()
    for start, end, at, _ in places.pieces(0, len(text)):
        if isinstance(region.offsets, Offsets):
            writer.take(region.text, region.offsets, at, at + end - start)
        else:
            writer.copy(text[start:end], region.offsets[at])
    return replace(region, text=text, offsets=writer.done(region.offsets[-1])[1]), places


def _provenances(read: ReadPart, region: Region, context: CheckContext) -> list[SlotRange]:
    """Return where values of filled slots lie in *region*, and how they came to be."""
    ranges = []
    for start, end, names in slot_ranges(read, region):
        slots = [context.slots[name] for name in sorted(names) if name in context.slots]
        filled = [slot.field.provenance for slot in slots if slot.is_filled]
        # Several slots in one output: what is least the person's own doing counts.
        ranges.append(SlotRange(start, end, max(filled, key=_ORDER.index) if filled else ""))
    return ranges
