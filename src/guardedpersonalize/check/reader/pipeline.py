"""
The reader model inside spaCy and Presidio, for programs that already work with them.

    nlp = reader_pipeline()
    doc = nlp("Hi Ada, back to the blue pram, then.")
    doc.ents              # Ada, labelled PERSON
    doc.spans["verdicts"] # the clause that crosses the line, labelled with its category

    analyzer = AnalyzerEngine(nlp_engine=presidio_engine(), supported_languages=["en"])

Nothing is downloaded: the pipeline is `spacy.blank("en")` and this component.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from guardedpersonalize.check.context import VERDICT
from guardedpersonalize.check.reader.detector import Reader
from guardedpersonalize.check.reader.windows import sentences

if TYPE_CHECKING:
    from presidio_analyzer.nlp_engine import SpacyNlpEngine
    from spacy.language import Language
    from spacy.tokens import Doc, Span

__all__ = ["COMPONENT", "VERDICTS", "ReaderComponent", "presidio_engine", "reader_pipeline"]

COMPONENT: Final = "guarded_reader"
"""Name of the component."""

VERDICTS: Final = "verdicts"
"""Key of `doc.spans` that holds the clauses that cross the line."""


class ReaderComponent:
    """
    Sets `doc.ents`, `doc.spans["verdicts"]`, sentence starts, and lemmas where there are none.

    Args:
        reader: What reads; one with the shipped model unless given.
    """

    def __init__(self, reader: Reader | None = None) -> None:
        self.reader = reader or Reader()

    def __call__(self, doc: Doc) -> Doc:
        """Return *doc* with what the model sees in it."""
        text = doc.text
        starts = {start for start, _ in sentences(text)}
        for token in doc:
            token.is_sent_start = token.i == 0 or token.idx in starts
            # Presidio compares context words with lemmas, which a blank pipeline leaves empty.
            token.lemma_ = token.lemma_ or token.lower_
        names: list[Span] = []
        verdicts: list[Span] = []
        for seen in self.reader.detect(text, lang=doc.lang_, regions=()):
            is_verdict = seen.entity.startswith(VERDICT)
            label = seen.entity.removeprefix(VERDICT)
            span = doc.char_span(seen.start, seen.end, label=label, alignment_mode="expand")
            if span is not None:
                (verdicts if is_verdict else names).append(span)
        from spacy.util import filter_spans  # noqa: PLC0415  # spaCy is slow to import

        doc.ents = filter_spans(names)
        doc.spans[VERDICTS] = verdicts
        return doc


def reader_pipeline(reader: Reader | None = None) -> Language:
    """
    Return a spaCy pipeline for English that reads as the check does.

    Args:
        reader: What reads; one with the shipped model unless given.
    """
    import spacy  # noqa: PLC0415  # slow to import
    from spacy.language import Language  # noqa: PLC0415

    if not Language.has_factory(COMPONENT):
        Language.factory(COMPONENT, func=lambda nlp, name: ReaderComponent())  # noqa: ARG005
    nlp = spacy.blank("en")
    component = nlp.add_pipe(COMPONENT)
    if reader is not None and isinstance(component, ReaderComponent):
        component.reader = reader
    return nlp


def presidio_engine(reader: Reader | None = None) -> SpacyNlpEngine:
    """
    Return an `NlpEngine` for Presidio that is fed by the reader model.

    Args:
        reader: What reads; one with the shipped model unless given.
    """
    from presidio_analyzer.nlp_engine import (  # noqa: PLC0415  # slow to import
        NerModelConfiguration,
        SpacyNlpEngine,
    )

    kept = {name: name for name in ("PERSON", "LOCATION", "ORGANIZATION")}
    how = NerModelConfiguration(model_to_presidio_entity_mapping=kept, labels_to_ignore=set())
    engine = SpacyNlpEngine(
        models=[{"lang_code": "en", "model_name": COMPONENT}], ner_model_configuration=how
    )
    engine.nlp = {"en": reader_pipeline(reader)}  # type: ignore[assignment]  # typed as None
    return engine
