"""The reader model as a detector: verdicts on wording, and names."""

from __future__ import annotations

import functools
import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from guardedpersonalize.check.characters import joined
from guardedpersonalize.check.context import VERDICT, Detection
from guardedpersonalize.check.language import base_language
from guardedpersonalize.check.pii.resolve import resolve
from guardedpersonalize.check.reader.model import Mention, ReaderModel, Verdict
from guardedpersonalize.check.reader.windows import windows
from guardedpersonalize.check.reading import RegionKind
from guardedpersonalize.errors import DetectorError
from guardedpersonalize.vocabulary import Severity

__all__ = ["ENTITIES", "LONGEST_TEXT", "PROSE", "Reader", "as_joined"]

LONGEST_TEXT: Final = 100_000
"""Characters of the longest text that is read, some ten seconds; a longer one is a finding."""

ENTITIES: Final = {"PER": "PERSON", "LOC": "LOCATION", "ORG": "ORGANIZATION", "ADDRESS": "LOCATION"}
"""Label of the model -> Presidio's name."""

PROSE: Final = frozenset(
    {
        RegionKind.PLAIN,
        RegionKind.VISIBLE,
        RegionKind.PREHEADER,
        RegionKind.HIDDEN,
        RegionKind.ALT,
        RegionKind.TITLE,
    }
)
"""The kinds of regions that hold prose."""

_LINE: Final = re.compile(r"[^\n]+")
_ADDRESS: Final = re.compile(r"(?s:.+)")
_KEPT: Final = 16_384
_LANGUAGE: Final = "en"


class Reader:
    """
    Reads as a person would: which clauses cross the line, and who is named.

    What it made of a window is kept under a digest of its text, the latest of them only; the text
    itself is not kept. Threads may share one.

    Args:
        model: The model; the shipped one, loaded at the first reading, unless given.
    """

    name = "reader"
    kinds = PROSE
    takes_stand_ins = True
    words = ()

    def __init__(self, model: ReaderModel | None = None) -> None:
        self._given = model
        self._seen: OrderedDict[bytes, tuple[Verdict, tuple[Mention, ...]]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def model(self) -> ReaderModel:
        """The model that it reads with."""
        return self._given or _shipped()

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the model, in hex."""
        return self.model.sha256

    def detect(
        self,
        text: str,
        *,
        lang: str,
        regions: Sequence[str],  # noqa: ARG002  # a detector is given them
    ) -> Sequence[Detection]:
        """
        Return the verdicts that matter, and the names; none in other languages.

        Words are read without the invisible characters inside of them, as a reader sees them.

        Args:
            text: Any text.
            lang: Its language; the model reads English.
            regions: Not used.

        Raises:
            DetectorError: GP401 for a text over `LONGEST_TEXT`; GP402 if there is no model.
        """
        if base_language(lang) != _LANGUAGE:
            return ()
        if len(text) > LONGEST_TEXT:
            raise DetectorError("GP401", "the text is too long for the reader model.")
        return resolve(as_joined(text, self._seen_in))  # windows overlap

    def _seen_in(self, text: str) -> Iterator[Detection]:
        model = self.model
        for start, end in windows(text):
            verdict, names = self.read(text[start:end])
            if verdict.probability >= model.lean:
                yield _verdict(verdict, start, model.severity_of(verdict))
            yield from _mentions(names, text, start)

    def read(self, text: str) -> tuple[Verdict, tuple[Mention, ...]]:
        """
        Return what the model makes of one window.

        Raises:
            DetectorError: GP402 if there is no model.
        """
        # Lone surrogates have no UTF-8, and may come in.
        key = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        with self._lock:
            if key in self._seen:
                self._seen.move_to_end(key)
                return self._seen[key]
        found = self.model.read(text)
        with self._lock:
            self._seen[key] = found
            if len(self._seen) > _KEPT:
                self._seen.popitem(last=False)
        return found


def as_joined(text: str, see: Callable[[str], Iterable[Detection]]) -> list[Detection]:
    """Return what *see* finds once invisible characters are taken out of words, in its place."""
    read, places = joined(text)
    if places is None:
        return list(see(read))
    return [
        replace(one, start=places[one.start], end=places.stop(one.end - 1)) for one in see(read)
    ]


@functools.cache
def _shipped() -> ReaderModel:
    return ReaderModel()


def _verdict(verdict: Verdict, at: int, severity: Severity) -> Detection:
    return Detection(
        VERDICT + verdict.category,
        at + verdict.start,
        at + verdict.end,
        verdict.probability,
        severity,
    )


def _mentions(names: Sequence[Mention], text: str, at: int) -> Iterator[Detection]:
    for name in names:
        # A name ends with its line; an address goes on.
        pieces = _ADDRESS if name.label == "ADDRESS" else _LINE
        for piece in pieces.finditer(text, at + name.start, at + name.end):
            # A name has a letter; what has none is a number, and others know more of numbers.
            if any(map(str.isalpha, piece[0])):
                yield Detection(ENTITIES[name.label], *piece.span(), name.score)
