"""The reader as a detector: verdicts with their places, names, and what it will not read."""

import pytest

from guardedpersonalize.check import CheckContext, Checker
from guardedpersonalize.check.context import VERDICT
from guardedpersonalize.check.reader import LONGEST_TEXT, Reader
from guardedpersonalize.errors import DetectorError
from guardedpersonalize.render.draft import Draft, PartKind
from guardedpersonalize.vocabulary import Channel, Severity

READER = Reader()
BLUNT = "We saw you linger over the blue pram last night."
MAIL = (
    "Hi Ada,\n\nThe spring list is here, with forty kinds of beans. Orders go out on Mondays.\n\n"
    f"{BLUNT} It folds flat.\n\nThe garden opens at ten. Dogs are welcome on leads.\n\nBye."
)


def verdicts(text, lang="en"):
    """Return the verdicts on *text*."""
    found = READER.detect(text, lang=lang, regions=())
    return [one for one in found if one.entity.startswith(VERDICT)]


def test_one_clause_of_a_mail_is_found_where_it_stands():
    """Once, though two windows hold it."""
    (found,) = verdicts(MAIL)
    at = MAIL.index(BLUNT)
    assert found.start < at + len(BLUNT)
    assert found.end > at
    assert found.end - found.start < 2 * len(BLUNT)


@pytest.mark.parametrize("sign", ["\u00ad", "\u200b", "\u2060"])
def test_invisible_characters_inside_words_hide_nothing(sign):
    """The same verdict and the same names, where they stand in the text as it is."""
    text = MAIL.replace("Ada", "Maya Lund")
    plain = READER.detect(text, lang="en", regions=())
    hidden = text.replace("inger", f"in{sign}ger").replace("ay", f"a{sign}y")
    found = READER.detect(hidden, lang="en", regions=())
    assert [(one.entity, one.score) for one in found] == [(one.entity, one.score) for one in plain]
    for one, other in zip(found, plain, strict=True):
        assert hidden[one.start : one.end].replace(sign, "") == text[other.start : other.end]


def test_names_are_detections_by_presidios_names():
    """With a confidence."""
    seen = READER.detect("The talk is by Maya Lund.", lang="en", regions=())
    found = [one for one in seen if not one.entity.startswith(VERDICT)]
    assert [(one.entity, one.start, one.end) for one in found] == [("PERSON", 15, 24)]
    assert 0.5 < found[0].score <= 1


def test_it_reads_english_only():
    """What it cannot read it does not judge."""
    assert READER.detect(BLUNT, lang="de", regions=()) == ()
    assert verdicts(BLUNT, lang="en-GB") == verdicts(BLUNT)


def test_a_text_beyond_all_bounds_is_refused():
    """And so becomes a finding."""
    with pytest.raises(DetectorError):
        READER.detect("a b. " * LONGEST_TEXT, lang="en", regions=())


def test_what_is_kept_is_bounded_and_holds_no_text(monkeypatch):
    """The latest windows only, by digest."""
    monkeypatch.setattr("guardedpersonalize.check.reader.detector._KEPT", 3)
    reader = Reader()
    for number in range(6):
        reader.detect(f"Canary {number} sings.", lang="en", regions=())
    assert len(reader._seen) == 3
    assert "Canary" not in repr(reader._seen)


def draft(text):
    """Return a message of one part."""
    return Draft.of_text([("text", PartKind.TEXT, text)], channel=Channel.EMAIL)


def test_a_failing_model_is_a_finding():
    """The check does not go on as if nothing had been missed."""

    class Broken(Reader):
        def detect(self, text, *, lang, regions):
            raise DetectorError("GP402", "gone.")

    context = CheckContext(channel=Channel.EMAIL)
    report = Checker(shipped=[Broken()]).check(draft("Hello."), context)
    assert [(f.rule, f.severity) for f in report.findings] == [("UNK106", Severity.ERROR)]
