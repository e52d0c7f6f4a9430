"""Kind `required`: what a whole message of its channel and purpose has to say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Literal

from guardedpersonalize.check.expressions import linear
from guardedpersonalize.check.matchers.base import MatchModel, finding_at
from guardedpersonalize.check.reading import RegionKind
from guardedpersonalize.check.unspaced import is_unspaced
from guardedpersonalize.render.draft import PartKind
from guardedpersonalize.vocabulary import Channel, PurposeClass

if TYPE_CHECKING:
    from guardedpersonalize.check.context import CheckContext
    from guardedpersonalize.check.finding import Finding
    from guardedpersonalize.check.reading import ReadPart
    from guardedpersonalize.check.rules import Rule

__all__ = ["Element", "RequiredMatch", "RequiredMatcher"]

_SHOWN: Final = frozenset({RegionKind.PLAIN, RegionKind.VISIBLE})
_LINKS: Final = frozenset({RegionKind.LINK})
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
    """All rules of required elements of one language."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = [_Prepared(rule) for rule in rules]

    def find_in_message(
        self, reads: Sequence[ReadPart], context: CheckContext
    ) -> Iterator[Finding]:
        """Yield a finding for each place that lacks what it needs; nothing for a passage."""
        if not context.complete:
            return
        for prepared in self._rules:
            rule = prepared.rule
            severity = rule.severity_on(context.channel)
            if severity is None or rule.id in context.required_off:
                continue
            if not prepared.match.is_due(context):
                continue
            for read in prepared.lacking(reads, context):
                end = len(read.part.text)
                yield finding_at(rule, severity, read.part.name, end, end)

    def elements(self, reads: Sequence[ReadPart], context: CheckContext) -> frozenset[Element]:
        """Return which elements a message has, needed or not."""
        return frozenset(
            prepared.match.element
            for prepared in self._rules
            if any(prepared.is_in(read, context) for read in reads)
        )


class _Prepared:
    """A rule with its expressions compiled."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.match = rule.match_as(RequiredMatch)
        self._shown = [linear(source, re.IGNORECASE) for source in self.match.any]
        self._links = [linear(source, re.IGNORECASE) for source in self.match.links]

    def lacking(self, reads: Sequence[ReadPart], context: CheckContext) -> list[ReadPart]:
        """Return the parts that should have the element and do not."""
        bodies = [read for read in reads if read.part.kind is not PartKind.HEADER]
        if self.match.everywhere:
            return [read for read in bodies if not self.is_in(read, context)]
        if any(self.is_in(read, context) for read in reads):
            return []
        return (bodies or list(reads))[-1:]

    def is_in(self, read: ReadPart, context: CheckContext) -> bool:
        """Tell whether *read* has the element."""
        for region in read.regions:
            if region.is_partial:
                continue
            expressions = self._shown if region.kind in _SHOWN else ()
            if region.kind in _LINKS:
                expressions = self._links
            if any(regex.search(region.text) for regex in expressions):
                return True
            if region.kind in _SHOWN and self._names_sender(region.text, context):
                return True
        return False

    def _names_sender(self, text: str, context: CheckContext) -> bool:
        who = context.identity
        own: list[str] = []
        if "name" in self.match.identity:
            own += [who.name, *who.brands]
        if "postal_addresses" in self.match.identity:
            own += who.postal_addresses
        said = f" {_plain(text)} "
        # Without blanks, nothing shows where a name ends.
        return any(
            (words if is_unspaced(words) else f" {words} ") in said
            for value in own
            if (words := _plain(value))
        )


def _plain(text: str) -> str:
    """Return the words of *text*, folded, a blank between them."""
    return " ".join(_WORDS.findall(text.casefold()))
