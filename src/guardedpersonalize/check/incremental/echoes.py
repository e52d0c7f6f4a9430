"""
Whether a draft can hold an echo at all, told without spelling every value of a profile out.

An echo goes through the output of a slot, and is more than whole outputs of slots: so some spelling
of a withheld value holds a word that a slot wrote, and either not all of that output or the word of
the template beside it. Nearly always no spelling does, and a look at the letters of the withheld
value shows it. What that look cannot exclude is searched for in full.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from guardedpersonalize.check.blocks import MASK
from guardedpersonalize.check.context import KnownValue
from guardedpersonalize.check.incremental.forms import is_figures
from guardedpersonalize.check.incremental.letters import TIME, Letters
from guardedpersonalize.check.incremental.outputs import Output
from guardedpersonalize.check.incremental.plan import UNKNOWN, Beside, Written
from guardedpersonalize.check.spellings import spelt
from guardedpersonalize.render.draft import Part

__all__ = ["EchoGuard"]

_MANY: Final = 8
"""From so many values on they are asked about in groups."""


class EchoGuard:
    """
    The values of one recipient that may not be shown.

    Args:
        withheld: These values.
        lang: Language of the texts.
        regions: ISO 3166 regions whose national phone formats are known.
    """

    def __init__(
        self, withheld: Sequence[KnownValue], *, lang: str, regions: tuple[str, ...]
    ) -> None:
        self._withheld = withheld
        self._lang = lang
        self._regions = regions
        self._spelt: dict[int, list[str]] = {}
        self._all = Letters(withheld, self._texts)
        self._parted: list[tuple[Sequence[KnownValue], Letters]] | None = None
        self._clear: set[str] = set()
        self._asked: dict[tuple[str, Beside], list[KnownValue]] = {}
        self._letters: dict[int, Letters] = {}

    def _texts(self, known: KnownValue) -> list[str]:
        """Return how one of the values may be spelt."""
        texts = self._spelt.get(id(known))
        if texts is None:
            texts = self._spelt[id(known)] = list(
                spelt(known, lang=self._lang, regions=self._regions)
            )
        return texts

    def suspicious(self, written: Iterable[Written], part: Part) -> Iterator[Output]:
        """
        Yield what of *written* cannot be told at a glance to be no part of an echo.

        Args:
            written: What slots wrote.
            part: The part.
        """
        texts = part.pieces
        every, clear = self._all, self._clear
        for chunk, beside, is_masked in written:
            text = MASK * len(texts[chunk]) if is_masked else texts[chunk]
            if text in clear and beside != UNKNOWN:
                continue
            if beside != UNKNOWN and every.misses_wholly(text):
                clear.add(text)
            elif not (text.isalnum() and every.misses(text, beside)):
                yield Output.of(text, part, beside)

    def suspects(self, outputs: Iterable[Output]) -> list[KnownValue]:
        """Return the values of which one of *outputs* could be part of an echo."""
        found = [known for output in outputs for known in self._suspects(output)]
        return [known for known in self._withheld if known in found] if found else found

    def _suspects(self, output: Output) -> list[KnownValue]:
        key = (output.text, output.beside)
        found = self._asked.get(key)
        if found is None:
            found = self._asked[key] = [
                known
                for group, letters in self._groups()
                if letters.may_hold(output)
                for known in group
                if self._may_be(output, known)
            ]
        return found

    def _groups(self) -> list[tuple[Sequence[KnownValue], Letters]]:
        """Return the values in groups, with the letters of each."""
        if self._parted is None:
            groups = _parted(self._withheld)
            self._parted = [
                (group, self._all if len(groups) == 1 else Letters(group, self._texts))
                for group in groups
            ]
        return self._parted

    def _letters_of(self, known: KnownValue) -> Letters:
        letters = self._letters.get(id(known))
        if letters is None:
            letters = self._letters[id(known)] = Letters((known,), self._texts)
        return letters

    def _may_be(self, output: Output, known: KnownValue) -> bool:
        letters, runs = self._letters_of(known), output.runs
        if not letters.may_hold(output):
            return False
        if letters.may_encode(output) or not runs or output.beside == UNKNOWN:
            return True
        if any(map(TIME.search, runs)) or not output.is_as_read:
            return True
        before, after = output.beside
        ends = [] if before == "" else [(before or "") + runs[0]]
        ends += [] if after == "" else [runs[-1] + (after or "")]
        inside = {
            "".join(runs[start:end])
            for start in range(len(runs))
            for end in range(start + 1, len(runs) + 1)
            if end - start < len(runs)
        }
        texts = self._texts(known)
        return not inside.isdisjoint(texts) or any(end in text for text in texts for end in ends)


def _parted(withheld: Sequence[KnownValue]) -> list[Sequence[KnownValue]]:
    """Return *withheld* in groups that share few letters: of many, what is figures only is one."""
    if len(withheld) < _MANY:
        return [withheld]
    groups: tuple[list[KnownValue], list[KnownValue]] = ([], [])
    for known in withheld:
        groups[_is_figures(known.value)].append(known)
    return [group for group in groups if group]


def _is_figures(value: object) -> bool:
    if isinstance(value, str):
        return is_figures(value)
    return isinstance(value, date | int | float | Decimal)
