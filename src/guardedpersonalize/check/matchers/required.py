"""Kind `required`: what a whole message of its channel and purpose has to say."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Literal

from guardedpersonalize.check.expressions import linear
from guardedpersonalize.check.gates import EVERYTHING, Gate, Gates
from guardedpersonalize.check.matchers.base import MatchModel, finding_at
from guardedpersonalize.check.reading import RegionKind
from guardedpersonalize.check.unspaced import is_unspaced
from guardedpersonalize.render.draft import Part, PartKind
from guardedpersonalize.vocabulary import Channel, PurposeClass

if TYPE_CHECKING:
    from guardedpersonalize.check.context import CheckContext
    from guardedpersonalize.check.finding import Finding
    from guardedpersonalize.check.reading import ReadPart, Region
    from guardedpersonalize.check.rules import Rule

__all__ = ["Element", "RequiredMatch", "RequiredMatcher"]

_SHOWN: Final = frozenset({RegionKind.PLAIN, RegionKind.VISIBLE})
_LINKS: Final = frozenset({RegionKind.LINK})
_READ: Final = _SHOWN | _LINKS
_WORDS: Final = re.compile(r"\w+")


class Element(StrEnum):
    """What a message may have to have."""

    OPT_OUT = "opt_out"
    SENDER = "sender"
    POSTAL_ADDRESS = "postal_address"
    STOP_WORD = "stop_word"
    REASON_LINE = "reason_line"
    CONTROL_LINK = "control_link"
    AI_DISCLOSURE = "ai_disclosure"


class RequiredMatch(MatchModel):
    """
    `[match]` of kind `required`.

    The element is there if one of the expressions matches in what the reader sees, one of the
    link expressions in a link target, or one of the sender's own details stands in the text.

    Args:
        element: What has to be there.
        channels: On these channels.
        purposes: For these classes of purpose; a message without a purpose counts as each.
        any: Regular expressions over visible text.
        links: Regular expressions over link targets.
        identity: Which of the sender's details count; none unless given. Where the pack declares
            none of them, the element cannot be there.
        ai_only: True where only text that a language model wrote needs it.
        everywhere: True where each body of the message needs it; a reader sees the text or the
            HTML, not both. False where one place in the message is enough, its headers included.
    """

    kind: Literal["required"]
    element: Element
    channels: tuple[Channel, ...]
    purposes: tuple[PurposeClass, ...] = ()
    any: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    identity: tuple[Literal["name", "postal_addresses"], ...] = ()
    ai_only: bool = False
    everywhere: bool = True

    def is_due(self, context: CheckContext) -> bool:
        """Tell whether a message of this context needs the element."""
        purpose = context.purpose
        return (
            context.channel in self.channels
            and (not self.purposes or purpose is None or purpose.purpose_class in self.purposes)
            and (context.written_by_ai or not self.ai_only)
        )


class RequiredMatcher:
    """
    All rules of required elements of one language.

    Args:
        rules: Rules of required elements.
        is_gated: False to try every expression on every text; what is found is the same.
    """

    def __init__(self, rules: Sequence[Rule], *, is_gated: bool = True) -> None:
        self._rules = [_Prepared(rule) for rule in rules]
        self._is_gated = is_gated
        self._naming = [one for one in self._rules if one.match.identity]
        self._shown = _behind_gates((one.rule.id, one.shown) for one in self._rules)
        self._links = _behind_gates((one.rule.id, one.links) for one in self._rules)

    def find_in_message(
        self, reads: Sequence[ReadPart], context: CheckContext
    ) -> Iterator[Finding]:
        """Yield a finding for each place that lacks what it needs; nothing for a passage."""
        return self.lacking([(read.part, self._in_part(read, context)) for read in reads], context)

    def present(self, region: Region, context: CheckContext) -> frozenset[str]:
        """Return the ids of the rules whose element stands in *region*."""
        if region.is_partial or region.kind not in _READ:
            return frozenset()
        signs = region.signs if self._is_gated else EVERYTHING
        is_link = region.kind in _LINKS
        expressions, gates = self._links if is_link else self._shown
        found = set()
        for place in gates.open(signs):
            rule, regex = expressions[place]
            if rule not in found and regex.search(region.text):
                found.add(rule)
        if not is_link:
            found.update(one.rule.id for one in self._naming if one.names(region.text, context))
        return frozenset(found)

    def lacking(
        self, parts: Sequence[tuple[Part, Collection[str]]], context: CheckContext
    ) -> Iterator[Finding]:
        """
        Yield a finding for each place of a whole message that lacks what it needs.

        Args:
            parts: The parts of the message, each with the ids that `present` has for it.
            context: Its channel and purpose say what is due.
        """
        if not context.complete:
            return
        for prepared in self._rules:
            rule = prepared.rule
            severity = rule.severity_on(context.channel)
            if severity is None or rule.id in context.required_off:
                continue
            if not prepared.match.is_due(context):
                continue
            for part in prepared.lacking(parts):
                yield finding_at(rule, severity, part.name, len(part.text), len(part.text))

    def elements(self, present: Collection[str]) -> frozenset[Element]:
        """Return the elements of the rules whose ids are *present*, needed or not."""
        return frozenset(one.match.element for one in self._rules if one.rule.id in present)

    def _in_part(self, read: ReadPart, context: CheckContext) -> frozenset[str]:
        return frozenset[str]().union(*(self.present(region, context) for region in read.regions))


class _Prepared:
    """A rule with its expressions compiled."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.match = rule.match_as(RequiredMatch)
        self.shown = [linear(source, re.IGNORECASE) for source in self.match.any]
        self.links = [linear(source, re.IGNORECASE) for source in self.match.links]

    def lacking(self, parts: Sequence[tuple[Part, Collection[str]]]) -> list[Part]:
        """Return the parts that should have the element and do not."""
        bodies = [one for one in parts if one[0].kind is not PartKind.HEADER]
        if self.match.everywhere:
            return [part for part, present in bodies if self.rule.id not in present]
        if any(self.rule.id in present for _, present in parts):
            return []
        return [part for part, _ in (bodies or parts)[-1:]]

    def names(self, text: str, context: CheckContext) -> bool:
        """Tell whether *text* has the details of the sender that the rule asks for."""
        who = context.identity
        own: list[str] = []
        if "name" in self.match.identity:
            own += [who.name, *who.brands]
        if "postal_addresses" in self.match.identity:
            own += who.postal_addresses
        if not any(own):
            return False
        said = f" {_plain(text)} "
        # Without blanks, nothing shows where a name ends.
        return any(
            (words if is_unspaced(words) else f" {words} ") in said
            for value in own
            if (words := _own(value))
        )


def _behind_gates(
    rules: Iterable[tuple[str, Sequence[re.Pattern[str]]]],
) -> tuple[Sequence[tuple[str, re.Pattern[str]]], Gates]:
    """Return the expressions of *rules*, each with the id of its rule, and their gates."""
    expressions = [(rule, regex) for rule, each in rules for regex in each]
    return expressions, Gates([Gate.of(regex.pattern, regex.flags) for _, regex in expressions])


@functools.lru_cache(maxsize=1024)
def _own(detail: str) -> str:
    """Return the same of one of the sender's details, of which there are few."""
    return _plain(detail)


def _plain(text: str) -> str:
    """Return the words of *text*, folded, a blank between them."""
    return " ".join(_WORDS.findall(text.casefold()))
