"""Kind `phrase`: expressions over the text, and which of them are refused."""

import pytest

from guardedpersonalize.check.context import CheckContext
from guardedpersonalize.check.expressions import linear
from guardedpersonalize.check.reading import RegionKind
from guardedpersonalize.check.rules import RuleSet
from guardedpersonalize.errors import ConfigError
from guardedpersonalize.vocabulary import Channel


@pytest.fixture
def find(make_rule, read_as, spans_of):
    """Return a finder: `find(text, any=[...], ...)` with one phrase rule."""

    def run(text, kind=RegionKind.PLAIN, channel=Channel.EMAIL, **match):
        table = {"channels": {"ad": "off"}, "match": {"kind": "phrase", **match}}
        rules = RuleSet([make_rule(**table)], {})
        found = rules.find(read_as(text, kind=kind), CheckContext(channel=channel))
        return [words for _, words in spans_of(found, text)]

    return run


def test_matches_that_overlap_are_one(find):
    """Those that only touch stay two."""
    assert find("aabbcc", any=["aab", "abb", "cc"]) == ["aabb", "cc"]


def test_an_empty_match_is_none(find):
    """An expression may match nothing; that is no finding."""
    assert find("abc", any=["x?"]) == []


def test_case_matters_where_it_is_asked_for(find):
    """It does not otherwise."""
    assert find("Null null", any=["null"]) == ["Null", "null"]
    assert find("Null null", any=["null"], case=True) == ["null"]


def test_a_match_is_excused_where_another_overlaps(find):
    """Elsewhere in the text it is not."""
    assert find("[NAME] and [NAME](link)", any=[r"\[NAME\]"], unless=[r"\]\("]) == ["[NAME]"]


def test_a_text_without_the_needed_string_is_not_searched(find):
    """The expression would match; the text lacks what every match is said to hold."""
    assert find("abc", any=["b"], needs=["{{"]) == []
    assert find("A{{bc", any=["b"], needs=["{{", "a{"]) == ["b"]


def test_channel_and_region_choose(find):
    """A rule that is off, or reads elsewhere, finds nothing."""
    assert find("abc", any=["b"], channel=Channel.AD) == []
    assert find("abc", any=["b"], kind=RegionKind.COMMENT) == []


@pytest.mark.parametrize(
    "source", ["a+b", "(?:ab)+", "(a{1,9})+", r"\{\{[^}]{0,200}\}\}", "(?=a+)b", "[a-z]+|x*"]
)
def test_an_expression_that_repeats_once_is_taken(source):
    """One unbounded repetition at a place is fine."""
    assert linear(source).pattern == source


@pytest.mark.parametrize(
    "source",
    [
        "(a+)+",
        "(?:a*b)*",
        "(a|b+)*",
        "(?:(?=a+)b)+",
        "(?:x(?:y{0,900}))+",
        "(?(1)a|(b+)+)",
        "a" * 2001,
    ],
)
def test_an_expression_that_may_be_slow_is_refused(source):
    """Repetitions of repetitions, however deep, and what is too long to read."""
    given = f"(z)?{source}" if source.startswith("(?(") else source
    with pytest.raises(ConfigError, match="GP124"):
        linear(given)


def test_an_expression_that_is_none_is_refused():
    """With the reason that `re` gives."""
    with pytest.raises(ConfigError, match=r"GP122.*unterminated"):
        linear("[a")
