"""A spaCy pipeline of one's own beside the shipped reader."""

import pytest
import spacy

from guardedpersonalize.check import CheckContext, Checker
from guardedpersonalize.check.reader import LONGEST_TEXT, SpacyDetector, is_installed
from guardedpersonalize.errors import DetectorError
from guardedpersonalize.render.draft import Draft, PartKind
from guardedpersonalize.vocabulary import Channel


@pytest.fixture(scope="module")
def nlp():
    """Return a pipeline that knows two names and a date."""
    found = spacy.blank("en")
    found.add_pipe("entity_ruler").add_patterns(
        [
            {"label": "PERSON", "pattern": "Zorblax Quim"},
            {"label": "GPE", "pattern": "Ystrad"},
            {"label": "DATE", "pattern": "Monday"},
        ]
    )
    return found


def seen(detector, text, lang="en"):
    """Return kinds and words."""
    found = detector.detect(text, lang=lang, regions=())
    return [(one.entity, text[one.start : one.end]) for one in found]


TEXT = "Zorblax Quim of Ystrad comes on Monday."


def test_its_names_are_named_as_presidio_does(nlp):
    """Dates and the like are left to those who know more of them."""
    assert seen(SpacyDetector(nlp), TEXT) == [("PERSON", "Zorblax Quim"), ("LOCATION", "Ystrad")]


def test_other_languages_are_left_alone(nlp):
    """It reads the one that it is for."""
    assert seen(SpacyDetector(nlp), TEXT, lang="de") == []
    assert seen(SpacyDetector(nlp, lang="de"), TEXT, lang="de-AT") != []


def test_a_model_is_loaded_from_a_folder(nlp, tmp_path):
    """At the first reading; its name and version go into records."""
    nlp.to_disk(tmp_path / "model")
    detector = SpacyDetector(tmp_path / "model")
    assert seen(detector, TEXT)[0] == ("PERSON", "Zorblax Quim")
    assert detector.fingerprint == "en_pipeline-0.0.0"
    assert is_installed(tmp_path / "model")


@pytest.mark.parametrize("name", ["no_such_model_at_all", "no/such/folder", "en-core"])
def test_a_model_that_is_not_there_is_an_error(name):
    """Nothing is downloaded, and nothing is read without it."""
    assert not is_installed(name)
    with pytest.raises(DetectorError, match="GP402"):
        SpacyDetector(name).detect("Hello.", lang="en", regions=())


def test_a_text_that_is_too_long_is_not_read_in_part(nlp):
    """The check makes a finding of it."""
    with pytest.raises(DetectorError, match="GP401"):
        SpacyDetector(nlp).detect("x" * (LONGEST_TEXT + 1), lang="en", regions=())


def test_long_runs_of_marks_take_no_time(nlp):
    """SpaCy's tokenizer is quadratic on them; places stay as they were."""
    assert seen(SpacyDetector(nlp), "=*" * 20_000 + " Zorblax Quim") == [("PERSON", "Zorblax Quim")]


def test_it_adds_to_what_the_shipped_ones_find(nlp):
    """Neither hides what the other saw."""
    context = CheckContext(channel=Channel.EMAIL)
    draft = Draft.of_text(
        [("text", PartKind.TEXT, "Zorblax Quim of Ystrad: ann@example.org")], channel=Channel.EMAIL
    )
    plain = {f.entity for f in Checker().check(draft, context).findings}
    more = {
        f.entity for f in Checker(detectors=[SpacyDetector(nlp)]).check(draft, context).findings
    }
    assert plain <= more
    assert {"EMAIL_ADDRESS", "PERSON"} <= more
