"""A spaCy pipeline of one's own beside the shipped reader."""

import pickle
import time

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
    """It reads the one that it is for, however that is written."""
    assert seen(SpacyDetector(nlp), TEXT, lang="de") == []
    assert seen(SpacyDetector(nlp, lang="EN"), TEXT, lang="en-GB") != []


def test_a_model_of_another_language_is_an_error(nlp):
    """It would read the wrong texts, and leave its own alone."""
    with pytest.raises(DetectorError, match="reads 'en'"):
        SpacyDetector(nlp, lang="de").detect(TEXT, lang="de", regions=())


def test_a_model_that_names_nobody_is_an_error():
    """A check that finds nothing whatever comes is none."""
    with pytest.raises(DetectorError, match="no label"):
        SpacyDetector(spacy.blank("en")).detect(TEXT, lang="en", regions=())


def test_a_model_that_fails_is_an_error(nlp):
    """Without what it was reading."""

    class Failing:
        lang, pipe_labels, memory_zone = "en", {"ner": ["PERSON"]}, nlp.memory_zone

        def __call__(self, text):
            raise ValueError(text)

    with pytest.raises(DetectorError, match="failed: ValueError") as caught:
        SpacyDetector(Failing()).detect(TEXT, lang="en", regions=())
    assert "Zorblax" not in str(caught.value)


def test_it_forgets_what_it_read(nlp):
    """SpaCy would keep each word for good."""
    seen(SpacyDetector(nlp), "Canaryname wrote to canary@example.org.")
    assert not [word for word in nlp.vocab.strings if "anary" in word]


def test_it_goes_to_another_process(nlp, tmp_path):
    """By the name or folder of its model."""
    nlp.to_disk(tmp_path / "model")
    copy = pickle.loads(pickle.dumps(SpacyDetector(tmp_path / "model")))  # noqa: S301
    assert seen(copy, TEXT) == seen(SpacyDetector(nlp), TEXT)


def test_invisible_characters_hide_no_name(nlp):
    """They are found where they stand."""
    assert seen(SpacyDetector(nlp), "Ask Zor\u00adblax Quim.") == [("PERSON", "Zor\u00adblax Quim")]


def test_a_model_is_loaded_from_a_folder(nlp, tmp_path):
    """At the first reading; its name and version go into records."""
    nlp.to_disk(tmp_path / "model")
    detector = SpacyDetector(tmp_path / "model")
    assert seen(detector, TEXT)[0] == ("PERSON", "Zorblax Quim")
    before = detector.fingerprint
    assert before.startswith("en_pipeline-0.0.0 ")
    (tmp_path / "model" / "README.md").write_text("changed")
    assert detector.fingerprint != before
    assert is_installed(tmp_path / "model")


@pytest.mark.parametrize("name", ["no_such_model_at_all", "no/such/folder", "json", "tests"])
def test_a_model_that_is_not_there_is_an_error(name):
    """Nothing is downloaded, and nothing is read without it."""
    assert not is_installed(name)
    with pytest.raises(DetectorError, match="GP402"):
        SpacyDetector(name).detect("Hello.", lang="en", regions=())


def test_a_text_that_is_too_long_is_not_read_in_part(nlp):
    """The check makes a finding of it."""
    with pytest.raises(DetectorError, match="GP401"):
        SpacyDetector(nlp).detect("x" * (LONGEST_TEXT + 1), lang="en", regions=())


@pytest.mark.parametrize("run", ["=*" * 45_000, "_" * 90_000, "'s" * 45_000])
def test_long_runs_take_seconds_only(nlp, run):
    """SpaCy's tokenizer is quadratic on them; places stay as they were."""
    start = time.process_time()
    assert seen(SpacyDetector(nlp), run + " Zorblax Quim") == [("PERSON", "Zorblax Quim")]
    assert time.process_time() - start < 5


def test_it_adds_to_what_the_shipped_ones_find(nlp):
    """Neither hides what the other saw."""
    context = CheckContext(channel=Channel.EMAIL)
    nlp.get_pipe("entity_ruler").add_patterns([{"label": "PERSON", "pattern": "zorblax"}])
    text = "the zorblax: ann@example.org"
    draft = Draft.of_text([("text", PartKind.TEXT, text)], channel=Channel.EMAIL)
    plain = {f.entity for f in Checker().check(draft, context).findings}
    both = Checker(detectors=[SpacyDetector(nlp)])
    more = {f.entity for f in both.check(draft, context).findings}
    assert "PERSON" not in plain
    assert more == plain | {"PERSON"}
