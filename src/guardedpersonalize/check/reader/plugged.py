"""A spaCy pipeline of one's own, beside the shipped reader: it adds names and takes none away."""

from __future__ import annotations

import functools
import re
import threading
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from guardedpersonalize.check.context import Detection
from guardedpersonalize.check.language import base_language
from guardedpersonalize.check.reader.detector import LONGEST_TEXT, PROSE
from guardedpersonalize.errors import DetectorError

if TYPE_CHECKING:
    from spacy.language import Language

__all__ = ["SpacyDetector", "is_installed"]

_ENTITIES: Final = {
    "FAC": "LOCATION",
    "GPE": "LOCATION",
    "LOC": "LOCATION",
    "LOCATION": "LOCATION",
    "ORG": "ORGANIZATION",
    "ORGANIZATION": "ORGANIZATION",
    "PER": "PERSON",
    "PERSON": "PERSON",
}
"""Label of spaCy's models -> Presidio's name; other labels are no personal data."""

_SCORE: Final = 0.85
"""What Presidio gives a name that spaCy found."""

# spaCy's tokenizer takes quadratic time on a long run of marks, in which there is no name.
_MARKS: Final = re.compile(r"[^\w\s]{40,}")


def is_installed(model: str | Path) -> bool:
    """Tell whether *model* is a package that can be imported or a folder; nothing is loaded."""
    if Path(model).is_dir():
        return True
    name = str(model)
    return name.isidentifier() and find_spec(name) is not None


class SpacyDetector:
    """
    Finds names with a spaCy pipeline, as `en_core_web_lg`.

    Nothing is downloaded. Threads may share one.

    Args:
        model: A loaded pipeline; or the name of an installed package or a folder, which is loaded
            at the first reading.
        lang: The language that it reads, ISO 639-1; texts in others are left alone.
    """

    kinds = PROSE

    def __init__(self, model: Language | str | Path, *, lang: str = "en") -> None:
        self.name = f"spacy-{lang}"
        self._model = model
        self._lang = lang
        self._lock = threading.Lock()

    @property
    def fingerprint(self) -> str:
        """Name and version of the pipeline."""
        meta = self._nlp.meta
        return f"{meta.get('lang')}_{meta.get('name')}-{meta.get('version')}"

    @functools.cached_property
    def _nlp(self) -> Language:
        if not isinstance(self._model, (str, Path)):
            return self._model
        import spacy  # noqa: PLC0415  # slow to import

        try:
            with self._lock:
                return spacy.load(self._model)
        except (OSError, ValueError, ImportError) as err:
            message = f"the spaCy model cannot be loaded: {type(err).__name__}."
            remedy = "Install its package, or give the folder of a model; nothing is downloaded."
            raise DetectorError("GP402", message, remedy=remedy) from None

    def detect(
        self,
        text: str,
        *,
        lang: str,
        regions: Sequence[str],  # noqa: ARG002  # a detector is given them
    ) -> Sequence[Detection]:
        """
        Return the names in *text*.

        Args:
            text: Any text.
            lang: Its language.
            regions: Not used.

        Raises:
            DetectorError: GP401 for a text that is too long; GP402 if the model cannot be loaded.
        """
        if base_language(lang) != self._lang:
            return ()
        if len(text) > LONGEST_TEXT:
            raise DetectorError("GP401", "the text is too long for a spaCy model.")
        doc = self._nlp(_MARKS.sub(lambda run: " " * len(run[0]), text))
        return [
            Detection(_ENTITIES[ent.label_], ent.start_char, ent.end_char, _SCORE)
            for ent in doc.ents
            if ent.label_ in _ENTITIES
        ]
