"""Kind `echo`: withheld values in the text."""

import pytest

from guardedpersonalize.check.context import CheckContext, KnownValue
from guardedpersonalize.check.echo import EchoIndex, find_echoes
from guardedpersonalize.check.reading import RegionKind
from guardedpersonalize.check.rules import RuleSet
from guardedpersonalize.profile import FieldType
from guardedpersonalize.vocabulary import Channel

CITY = KnownValue("city", FieldType.TEXT, "Hebden Bridge")
TEXT = "Events in Hebden Bridge."


@pytest.fixture
def rules(make_rule):
    """One rule about values that are shown as they are."""
    match = {"kind": "echo", "ways": ["whole", "reversed"]}
    return RuleSet(
        [make_rule(id="ECH301", family="echo", category="", match=match, channels={"ad": "off"})],
        {},
    )


def context(**given):
    return CheckContext(**{"channel": Channel.EMAIL, "withheld": (CITY,), **given})


def test_an_echo_names_the_field_and_never_the_value(rules, read_as, spans_of):
    """The finding may be logged."""
    found = rules.find(read_as(TEXT), context())
    assert spans_of(found, TEXT) == [("ECH301", "Hebden Bridge")]
    assert found[0].fields == ("city",)
    assert found[0].entity is None
    assert "Hebden" not in repr(found)


def test_an_echo_of_a_name_turned_round_names_the_entity(rules, read_as):
    """As a detector would."""
    name = KnownValue("name", FieldType.TEXT, "Ada Lovelace")
    found = rules.find(read_as("Dear Lovelace, Ada"), context(withheld=(name,)))
    assert [f.entity for f in found] == ["PERSON"]


@pytest.mark.parametrize(
    ("text", "given"),
    [
        (TEXT, {"withheld": ()}),
        (TEXT, {"channel": Channel.AD}),
        (TEXT, {"kind": RegionKind.LINK}),
        ("Born on 12 May 1990", {"withheld": (KnownValue("born", FieldType.DATE, "1990-05-12"),)}),
    ],
    ids=["nothing", "off", "region", "way"],
)
def test_what_the_rule_is_not_about_is_passed_over(rules, read_as, text, given):
    """No values, a channel, a region, another way to show itself."""
    kind = given.pop("kind", RegionKind.PLAIN)
    assert rules.find(read_as(text, kind=kind), context(**given)) == []


def test_echoes_that_are_known_are_not_looked_for_again(rules, read_as):
    """The checker finds them once a message, with one index."""
    read = read_as(TEXT)
    index = EchoIndex.of((CITY,), allowed=(), lang="en", regions=())
    echoes = find_echoes(read, context(), index=index)
    assert rules.find(read, context(), echoes=echoes) == rules.find(read, context())
    assert rules.find(read, context(), echoes=[]) == []
