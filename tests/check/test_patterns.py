import time

import pytest

from guardedpersonalize.check.patterns import Pattern
from guardedpersonalize.check.sentences import SentenceReader, SlotRange
from guardedpersonalize.check.wordlists import WordLists
from guardedpersonalize.errors import ConfigError

LISTS = WordLists(
    lists={"we": ("we", "i"), "saw": ("saw", "noticed", "picked up")},
    common=("we", "you", "a", "the", "have", ",", "."),
    greetings=("hi", "dear"),
    conjunctions=("and", "but"),
)
READER = SentenceReader(LISTS, "en")


def found(source, text, **options):
    """What *source* finds in *text*, as the text has it."""
    pattern = Pattern.parse(source, LISTS, excuses=True)
    spans = [
        sentence.span_of(*match.span())
        for sentence in READER.read(text, **options)
        for match in pattern.finditer(sentence)
    ]
    return [text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("saw you", "We saw you.", ["saw you"]),
        ("saw|heard you", "We heard you.", ["heard you"]),
        ("@we @saw you", "I picked up you", ["I picked up you"]),
        ("@we|they saw", "They saw", ["They saw"]),
        ("two_words you", "Two words you", ["Two words you"]),
        ("walk* you", "Walking you", ["Walking you"]),
        ("*ing you", "Walking you", ["Walking you"]),
        ("spent #", "You spent 4,000.", ["spent 4,000"]),
        ("at ##", "At 58 or at 580", ["At 58"]),
        ("saw * you", "We saw not you", ["saw not you"]),
        ("saw !not you", "We saw not you, saw only you", ["saw only you"]),
        ("saw !@we you", "saw I you", []),
        ("we [have] seen", "We've seen. We seen.", ["We've seen", "We seen"]),
        ("we [have [not]] seen", "We haven't seen", ["We haven't seen"]),
        ("saw ... you", "We saw that it was you", ["saw that it was you"]),
        ("saw ...1 you", "We saw that it was you", []),
        ("saw ... you", "We saw it; you", []),
        ("^ still here", "Hi Ada, still here", ["Hi Ada, still here"]),
        ("^ still here", "Ada, still here", ["Ada, still here"]),
        ("^ still here", "We are still here", []),
        ("~ still here", "Tea, still here and still here", [" still here", " and still here"]),
        ("still here $", "still here?!", ["still here"]),
        ("still here $", "still here now", []),
        ("still here ?", "Still here?", ["Still here?"]),
        ("saw <Name>", "We saw Ada", ["saw Ada"]),
        ("saw <Name>", "We saw ada", []),
        ("saw . $", "We saw.", ["saw."]),
        ("saw #_times", "We saw 12 times", ["saw 12 times"]),
        ("saw Sie", "We saw Sie, we saw sie", ["saw Sie"]),
        ("Sie saw", "Sie saw. Then Sie saw. Then sie saw", ["Sie saw", "Sie saw"]),
        ("saw|saw_that you", "We saw that you", ["saw that you"]),
    ],
)
def test_the_language_means_what_it_says(source, text, expected):
    """Each sign of the language, on a line of its own."""
    assert [part.strip() for part in found(source, text)] == [part.strip() for part in expected]


def test_values_of_slots_can_be_asked_for():
    """A placeholder stands for all the words of the value."""
    text = "You like garden gnomes a lot"
    slots = [SlotRange(9, 22, "observed")]
    assert found("like <observed>", text, slots=slots) == ["like garden gnomes"]
    assert found("like <slot>", text, slots=slots) == ["like garden gnomes"]
    assert found("like <inferred>", text, slots=slots) == []


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("saw [you", "not closed"),
        ("saw you]", "not opened"),
        ("saw || you", "alternative is empty"),
        ("saw|", "alternative is empty"),
        ("saw (you)", "round brackets"),
        ("saw ...x you", "a gap takes"),
        ("saw ...99 you", "a gap takes"),
        ("saw|<Nome>", "no placeholder.*<Name>"),
        ("saw . you", "behind the end"),
        ("we you", "nearly any text"),
        ("[saw] you", "nearly any text"),
        ("", "nearly any text"),
        ("saw|<zzzzzzzzzz>", "no placeholder"),
    ],
)
def test_what_cannot_be_read_is_told(source, why):
    """A slip in a rule is an error of its file, not a rule that never fires."""
    with pytest.raises(ConfigError, match=rf"GP122.*{why}"):
        Pattern.parse(source, LISTS)


def test_an_unknown_list_is_an_error():
    """Lists are looked up when a pattern is read."""
    with pytest.raises(ConfigError, match="GP105"):
        Pattern.parse("@nobody saw", LISTS)


def test_a_guard_may_be_broad():
    """What only excuses may match nearly anything."""
    assert Pattern.parse("you", LISTS, excuses=True).keys == {"you"}


def test_three_common_words_are_enough():
    """A pattern asks for one rarer word or three common ones."""
    assert Pattern.parse("we have you", LISTS).keys
    assert Pattern.parse("^ you a", LISTS).keys
    assert Pattern.parse("walk* a", LISTS).keys


def test_a_pattern_is_looked_up_by_its_rarest_words():
    """Common words make poor keys; the others have to be there as well."""
    pattern = Pattern.parse("we saw|heard the lamp|a_lamp", LISTS)
    assert pattern.keys == {"lamp"}
    assert frozenset({"saw", "heard"}) in pattern.others
    (sentence,) = READER.read("We saw the lamp")
    (other,) = READER.read("We lit the lamp")
    assert pattern.search(sentence)
    assert pattern.search(other) is None
    assert list(pattern.finditer(other)) == []


def test_stars_have_no_key():
    """A word with a star may be any of many, so nothing is asked for."""
    assert Pattern.parse("walk*|run the lamp", LISTS).keys == {"lamp"}
    assert Pattern.parse("*ing", LISTS, excuses=True).keys == frozenset()


def test_without_greetings_and_conjunctions_only_the_start_counts():
    """A language may have neither list."""
    bare = WordLists(lists={})
    pattern = Pattern.parse("^ still here", bare)
    clause = Pattern.parse("~ still here", bare)
    (sentence,) = SentenceReader(bare, "en").read("Hi Ada, still here")
    assert not pattern.search(sentence)
    assert clause.search(sentence)


@pytest.mark.parametrize(
    "source", ["saw ...12 you saw", "^ saw ... ... you", "[saw [saw [saw]]] you"]
)
def test_a_pattern_is_linear_on_a_long_sentence(source):
    """Gaps are bounded: a sentence of 100 KB takes a moment."""
    (sentence,) = READER.read("saw you not " * 8_000)
    pattern = Pattern.parse(source, LISTS, excuses=True)
    start = time.process_time()
    list(pattern.finditer(sentence))
    assert time.process_time() - start < 3
