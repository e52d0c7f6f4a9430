"""Every draft of some messages read both ways: from what is known of its blocks, and in full."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from guardedpersonalize.check import CheckContext, Checker, KnownValue, MessageReader, Report
from guardedpersonalize.consent import grant_for
from guardedpersonalize.engine import Engine, Recipient
from guardedpersonalize.engine.message import MessageRun, Workshop
from guardedpersonalize.render import Draft

__all__ = ["read_both_ways"]


def read_both_ways(
    engine: Engine, template: str, recipients: Sequence[Recipient], at: datetime
) -> tuple[int, frozenset[str]]:
    """
    Read each draft on the way of each message both ways, remembering the drafts before it.

    Returns:
        How many drafts the incremental reader answered for by itself, and the rules in which it
        differs from the full one; "the score" where only that differs.
    """
    readers = _BothReaders(engine.checker)
    workshop = Workshop(engine.pack, readers, engine.pseudonym_key)  # type: ignore[arg-type]
    chosen = engine.pack.template(template)
    for each in recipients:
        grant = grant_for(
            each.profile,
            each.consent,
            chosen.purpose,
            chosen.channel,
            at,
            catalogue=engine.pack.catalogue,
            offers=chosen.offers,
        )
        MessageRun(workshop, chosen, each.profile, grant).result()
    return readers.answered, frozenset(readers.differing)


class _BothReaders:
    """A checker that reads every draft both ways, and compares."""

    def __init__(self, checker: Checker) -> None:
        self._checker = checker
        self.rules_digest = checker.rules_digest
        self.answered = 0
        self.differing: set[str] = set()

    def reader_of(self, context: CheckContext) -> _BothWays:
        return _BothWays(self, self._checker.reader_of(context))


class _BothWays:
    """Reads the drafts of one context both ways."""

    def __init__(self, readers: _BothReaders, reader: MessageReader) -> None:
        self._readers = readers
        self._reader = reader

    def check(self, draft: Draft, withheld: Sequence[KnownValue]) -> Report:
        full = self._reader.check_fully(draft, withheld)
        quick = self._reader.check_incrementally(draft, withheld)
        if quick is None:
            return full
        self._readers.answered += 1
        if quick != full:
            rules = {one.rule for one in {*quick.findings} ^ {*full.findings}}
            self._readers.differing |= rules or {"the score"}
        return full
