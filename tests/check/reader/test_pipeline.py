"""The reader inside spaCy and Presidio."""

import spacy
from presidio_analyzer import AnalyzerEngine

from guardedpersonalize.check.reader import Reader
from guardedpersonalize.check.reader.pipeline import (
    COMPONENT,
    VERDICTS,
    presidio_engine,
    reader_pipeline,
)

TEXT = "Ask Maya Lund. We saw you linger over the blue pram last night."


def test_a_doc_carries_names_verdicts_and_sentences():
    """Where spaCy's own components would put them."""
    doc = reader_pipeline()(TEXT)
    assert [(ent.text, ent.label_) for ent in doc.ents] == [("Maya Lund", "PERSON")]
    assert [span.label_ for span in doc.spans[VERDICTS]] == ["surveillance"]
    assert [sent.text for sent in doc.sents] == [TEXT[:14], TEXT[15:]]
    assert doc[0].lemma_ == "ask"


def test_it_is_a_component_by_name():
    """A pipeline of one's own may have it."""
    reader_pipeline()
    nlp = spacy.blank("en")
    nlp.add_pipe(COMPONENT)
    assert [ent.text for ent in nlp(TEXT).ents] == ["Maya Lund"]


def test_a_reader_of_ones_own_is_used():
    """Its model may be another."""

    class Silent(Reader):
        def detect(self, text, *, lang, regions):
            return ()

    doc = reader_pipeline(Silent())(TEXT)
    assert not doc.ents
    assert not doc.spans[VERDICTS]


def test_presidio_is_fed_by_it():
    """Without a download."""
    analyzer = AnalyzerEngine(nlp_engine=presidio_engine(), supported_languages=["en"])
    found = analyzer.analyze(TEXT, language="en", entities=["PERSON"])
    assert [(one.start, one.end) for one in found] == [(4, 13)]
