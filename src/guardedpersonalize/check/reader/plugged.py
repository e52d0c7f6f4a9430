"""A spaCy pipeline of one's own, beside the shipped reader: it adds names and takes none away."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from guardedpersonalize.check.context import Detection
from guardedpersonalize.check.language import base_language
from guardedpersonalize.check.reader.detector import LONGEST_TEXT, PROSE, as_joined
from guardedpersonalize.errors import DetectorError

if TYPE_CHECKING:
    from spacy.language import Language

__all__ = ["SpacyDetector", "is_installed"]

_ENTITIES: Final = {
    "FAC": "LOCATION",
    "GEOGNAME": "LOCATION",
    "GPE": "LOCATION",
    "GPE_LOC": "LOCATION",
    "LC": "LOCATION",
    "LOC": "LOCATION",
    "LOCATION": "LOCATION",
    "OG": "ORGANIZATION",
    "ORG": "ORGANIZATION",
    "ORGANIZATION": "ORGANIZATION",
    "ORGNAME": "ORGANIZATION",
    "PER": "PERSON",
    "PERSNAME": "PERSON",
    "PERSON": "PERSON",
    "PLACENAME": "LOCATION",
    "PRS": "PERSON",
    "PS": "PERSON",
}
"""Labels of spaCy's models, in capitals -> Presidio's name; dates and sums are left out."""

_SCORE: Final = 0.85
"""What Presidio gives a name that spaCy found."""

# spaCy's tokenizer takes quadratic time on a long run without a blank, in which there is no name.
_RUN: Final = re.compile(r"(?:[^\w\s]|_){40,}|[!-~]{1000,}")


def is_installed(model: str | Path) -> bool:
    """Tell whether *model* is the name of an installed package of spaCy, or a model's folder."""
    if isinstance(model, Path):
        return (model / "config.cfg").is_file()
    from spacy.util import is_package  # noqa: PLC0415  # slow to import

    return is_package(model)


class SpacyDetector:
    """
    Finds names with a spaCy pipeline, as `en_core_web_lg`.

    Nothing is downloaded. Threads may share one; they read in turn, and spaCy forgets the words
    after each text.

    Args:
        model: A loaded pipeline; or the name of an installed package or a folder, which is loaded
            when it is first needed.
        lang: The language that it reads, ISO 639-1; texts in others are left alone.
    """

    kinds = PROSE

    def __init__(self, model: Language | str | Path, *, lang: str = "en") -> None:
        self._model = model
        self._lang = base_language(lang)
        self._lock = threading.RLock()
        self._loaded: Language | None = None
        self.name = f"spacy-{self._lang}"

    def __reduce__(self) -> tuple[Callable[..., SpacyDetector], tuple[object, str]]:
        return _made, (self._model, self._lang)

    @property
    def fingerprint(self) -> str:
        """Name and version of the pipeline, and for a folder SHA-256 of its files."""
        meta = self._nlp().meta
        named = f"{meta.get('lang')}_{meta.get('name')}-{meta.get('version')}"
        return f"{named} {_digest(self._model)}" if isinstance(self._model, Path) else named

    def _nlp(self) -> Language:
        with self._lock:
            if self._loaded is None:
                self._loaded = self._checked(self._load())
            return self._loaded

    def _load(self) -> Language:
        if not isinstance(self._model, (str, Path)):
            return self._model
        import spacy  # noqa: PLC0415  # slow to import

        try:
            return spacy.load(self._model)
        except Exception as err:  # noqa: BLE001 (a model is code of others)
            fault = type(err).__name__
        message = f"the spaCy model cannot be loaded: {fault}."
        remedy = "Install its package, or give the folder of a model; nothing is downloaded."
        raise DetectorError("GP402", message, remedy=remedy)

    def _checked(self, nlp: Language) -> Language:
        """Return *nlp* if it can find anybody: one that cannot would be a check in name only."""
        if nlp.lang not in {self._lang, "xx"}:
            message = f"the spaCy model reads {nlp.lang!r} and is to read {self._lang!r}."
            raise DetectorError("GP402", message, remedy="Name the model's own language.")
        labels = {label.upper() for found in nlp.pipe_labels.values() for label in found}
        if labels.isdisjoint(_ENTITIES):
            message = "the spaCy model has no label for people, places or companies."
            raise DetectorError("GP402", message, remedy="Choose one with named entities.")
        return nlp

    def detect(
        self,
        text: str,
        *,
        lang: str,
        regions: Sequence[str],  # noqa: ARG002  # a detector is given them
    ) -> Sequence[Detection]:
        """
        Return the names in *text*, read without the invisible characters inside of words.

        Args:
            text: Any text.
            lang: Its language.
            regions: Not used.

        Raises:
            DetectorError: GP401 for a text that is too long, or that the model fails on; GP402 if
                the model cannot be loaded or has no names to give.
        """
        if base_language(lang) != self._lang:
            return ()
        if len(text) > LONGEST_TEXT:
            raise DetectorError("GP401", "the text is too long for a spaCy model.")
        return as_joined(text, self._seen_in)

    def _seen_in(self, text: str) -> Iterator[Detection]:
        nlp = self._nlp()
        plain = _RUN.sub(lambda run: " " * len(run[0]), text)
        fault = ""
        with self._lock, nlp.memory_zone():
            try:
                found = [(e.label_.upper(), e.start_char, e.end_char) for e in nlp(plain).ents]
            except Exception as err:  # noqa: BLE001 (inside: one that leaves breaks the zone)
                fault = type(err).__name__
        if fault:
            raise DetectorError("GP401", f"the spaCy model failed: {fault}.")
        for label, start, end in found:
            if label in _ENTITIES:
                yield Detection(_ENTITIES[label], start, end, _SCORE)


def _made(model: Language | str | Path, lang: str) -> SpacyDetector:
    return SpacyDetector(model, lang=lang)


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
