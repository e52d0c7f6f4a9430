"""
Whether a draft can hold an echo at all, told without spelling every value of a profile out.

An echo goes through the output of a slot, and is more than whole outputs of slots: so some spelling
of a withheld value holds a word that a slot wrote, and either not all of that output or the word of
the template beside it. Nearly always no spelling does, and a look at the letters of the withheld
value shows it. What that look cannot exclude is searched for in full.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence

from guardedpersonalize.check.blocks import MASK
from guardedpersonalize.check.context import KnownValue
from guardedpersonalize.check.incremental.letters import TIME, Letters
from guardedpersonalize.check.incremental.outputs import Output, is_as_read, runs_of
from guardedpersonalize.check.incremental.plan import UNKNOWN, Written
from guardedpersonalize.check.spellings import spelt

__all__ = ["EchoGuard"]


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
        self._clear: set[str] = set()

    @functools.cached_property
    def _each(self) -> list[tuple[KnownValue, Letters]]:
        """The letters of each value by itself."""
        return [(known, Letters((known,), self._texts)) for known in self._withheld]

    def _texts(self, known: KnownValue) -> list[str]:
        """Return how one of the values may be spelt."""
        texts = self._spelt.get(id(known))
        if texts is None:
            texts = self._spelt[id(known)] = list(
                spelt(known, lang=self._lang, regions=self._regions)
            )
        return texts

    def suspicious(self, written: Iterable[Written], texts: Sequence[str]) -> Iterator[Output]:
        """
        Yield what of *written* cannot be told at a glance to be no part of an echo.

        Args:
            written: What slots wrote.
            texts: The texts of the part's chunks.
        """
        every, clear = self._all, self._clear
        for chunk, beside, is_masked in written:
            text = MASK * len(texts[chunk]) if is_masked else texts[chunk]
            if text in clear and beside != UNKNOWN:
                continue
            if beside != UNKNOWN and every.misses_wholly(text):
                clear.add(text)
            elif not (text.isalnum() and every.misses(text, beside)):
                yield Output.of(text, texts, beside)

    def suspects(self, outputs: Iterable[Output]) -> list[KnownValue]:
        """Return the values of which one of *outputs* could be part of an echo."""
        likely = [output for output in outputs if self._all.may_hold(output)]
        if not likely:
            return []
        return [
            known
            for known, letters in self._each
            if any(self._may_be(output, known, letters) for output in likely)
        ]

    def _may_be(self, output: Output, known: KnownValue, letters: Letters) -> bool:
        if not letters.may_hold(output):
            return False
        runs = runs_of(output.text)
        if letters.may_encode(output) or not runs or output.beside == UNKNOWN:
            return True
        if any(map(TIME.search, runs)) or not is_as_read(output.text):
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
