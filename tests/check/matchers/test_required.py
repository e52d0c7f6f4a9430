"""Kind `required`: what a whole message lacks."""

import pytest

from guardedpersonalize.check.context import CheckContext, Identity
from guardedpersonalize.check.matchers import Element
from guardedpersonalize.check.reading import ReadPart, Region, RegionKind
from guardedpersonalize.check.rules import RuleSet
from guardedpersonalize.render.draft import Chunk, Part, PartKind
from guardedpersonalize.vocabulary import Channel, purpose

MATCH = {
    "kind": "required",
    "element": "opt_out",
    "channels": ["email"],
    "purposes": ["marketing"],
    "any": ["unsubscribe"],
    "links": ["/leave$"],
}
ADVERT = purpose("marketing.communications.email")
NOTICE = purpose("essential.service.notifications.email")


def part(text, name="text", kind=PartKind.TEXT, link=""):
    """Make a part as read, with a link target where one is given."""
    regions = (Region(RegionKind.PLAIN, text, range(len(text) + 1)),)
    if link:
        regions += (Region(RegionKind.LINK, link, range(len(link) + 1)),)
    return ReadPart(Part(name, kind, (Chunk(text),)), regions)


@pytest.fixture
def find(make_rule):
    """Return a finder: the parts that lack what one rule requires."""

    def run(*reads, match=None, **given):
        table = {
            "id": "REQ301",
            "family": "required",
            "category": "",
            "channels": {"web": "off"},
            "match": {**MATCH, **(match or {})},
        }
        context = CheckContext(
            **{"channel": Channel.EMAIL, "purpose": ADVERT, "complete": True, **given}
        )
        rules = RuleSet([make_rule(**table)], {})
        return [(f.part, f.start, f.end) for f in rules.find_in_message(reads, context)]

    return run


def test_what_is_missing_is_missing_at_the_end(find):
    """The finding has no length: there is nothing to point at."""
    assert find(part("Teas!")) == [("text", 5, 5)]


@pytest.mark.parametrize(
    "given",
    [
        {"complete": False},
        {"channel": Channel.SMS},
        {"channel": Channel.WEB, "match": {"channels": ["web"]}},
        {"purpose": NOTICE},
        {"required_off": frozenset({"REQ301"})},
        {"match": {"ai_only": True}},
    ],
    ids=["passage", "channel", "severity", "purpose", "switched-off", "human"],
)
def test_a_message_that_needs_nothing_lacks_nothing(find, given):
    """A passage, another channel or purpose, or a template that says why not."""
    assert find(part("Teas!"), **given) == []


def test_a_message_without_a_purpose_needs_it(find):
    """Not knowing what it is for, we ask for more."""
    assert find(part("Teas!"), purpose=None) != []


def test_what_a_model_wrote_needs_more(find):
    """The element is asked of such text only."""
    assert find(part("Teas!"), match={"ai_only": True}, written_by_ai=True) != []


def test_each_body_needs_it(find):
    """A reader sees one of them; headers need nothing."""
    subject = part("Teas!", "subject", PartKind.HEADER)
    text, html = part("Unsubscribe"), part("Teas!", "html", PartKind.HTML)
    assert find(subject, text, html) == [("html", 5, 5)]
    assert find(subject, text) == []


def test_one_place_may_be_enough(find):
    """The headers count then; where it is missing, the last body is named."""
    once = {"everywhere": False}
    subject = part("Unsubscribe", "subject", PartKind.HEADER)
    empty = part("Teas!", "title", PartKind.HEADER)
    assert find(subject, part("Teas!"), match=once) == []
    assert find(empty, part("Teas"), part("Tea", "html", PartKind.HTML), match=once) == [
        ("html", 3, 3)
    ]
    assert find(empty, match=once) == [("title", 5, 5)]
    assert find(match=once) == []


def test_a_link_counts_and_a_word_in_a_link_does_not(find):
    """Link targets have expressions of their own."""
    assert find(part("Teas!", link="https://tea.example/leave")) == []
    assert find(part("Teas!", link="https://tea.example/unsubscribe-not")) != []


@pytest.mark.parametrize(
    ("text", "is_there"),
    [
        ("From harbour  TEAS, with love.", True),
        ("From the Tea Shed.", True),
        ("From Harbour Teasel.", False),
        ("1 Quay\nLeith", True),
        ("11 Quay, Leith", False),
        ("", False),
    ],
)
def test_the_senders_details_are_found_as_words(find, text, is_there):
    """Case and marks between the words do not matter; parts of longer words are none."""
    match = {"identity": ["name", "postal_addresses"], "any": [], "links": []}
    who = Identity(
        name="Harbour Teas", brands=("Tea Shed", ""), postal_addresses=("1 Quay, Leith",)
    )
    assert (find(part(text), match=match, identity=who) == []) is is_there


def test_a_name_without_blanks_around_it_is_found(find):
    """Japanese has none, so nothing shows where a name ends."""
    match = {"identity": ["name"], "any": [], "links": []}
    who = Identity(name="茶の間")
    assert find(part("茶の間から新茶のお知らせ"), match=match, identity=who) == []
    assert find(part("茶屋から新茶のお知らせ"), match=match, identity=who) != []


def test_only_the_details_that_are_asked_for_count(find):
    """A name is no address."""
    match = {"identity": ["postal_addresses"], "any": [], "links": []}
    assert find(part("Harbour Teas"), match=match, identity=Identity(name="Harbour Teas")) != []


def test_elements_are_known_even_where_they_are_not_due(make_rule):
    """The score asks for what is there."""
    rule = make_rule(id="REQ301", family="required", category="", match=MATCH)
    rules = RuleSet([rule], {})
    letter = CheckContext(channel=Channel.POST)
    for text, expected in (("Unsubscribe", {Element.OPT_OUT}), ("Teas!", set())):
        (region,) = part(text).regions
        assert rules.elements(rules.present(region, letter), letter) == expected
