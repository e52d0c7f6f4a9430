"""Kind `tokens`: where a pattern matches, and what excuses it."""

import pytest

from guardedpersonalize.check.context import CheckContext
from guardedpersonalize.check.matchers import TokensMatcher
from guardedpersonalize.check.matchers.base import _MOST_KNOWN
from guardedpersonalize.check.reading import RegionKind
from guardedpersonalize.check.rules import RuleSet
from guardedpersonalize.check.wordlists import WordLists
from guardedpersonalize.render.draft import Chunk, Origin
from guardedpersonalize.vocabulary import Channel, Severity, SlotOutcome

LISTS = WordLists.model_validate(
    {
        "lists": {"watch": ["saw", "spotted"]},
        "guards": {
            "stated": {"reach": "neighbours", "any": ["you asked"]},
            "service": {"reach": "sentence", "any": ["your order"]},
            "generic": {"reach": "before", "any": ["if"]},
        },
        "common": ["you", "we", "the", "a"],
        "conjunctions": ["and"],
    }
)


@pytest.fixture
def find(make_rule, read_as, spans_of):
    """Return a finder: `find(text, any=[...], unless=[...], ...)` with one token rule."""

    def run(text, context=None, kind=RegionKind.PLAIN, chunks=None, **match):
        rule = make_rule(match={"kind": "tokens", **match}, regions=list(RegionKind))
        rules = RuleSet([rule], {"en": LISTS})
        read = read_as(text, kind=kind, chunks=chunks)
        found = rules.find(read, context or CheckContext(channel=Channel.EMAIL))
        return [words for _, words in spans_of(found, text)]

    return run


def test_each_match_is_found_in_its_sentence(find):
    """In reading order, over several sentences."""
    text = "We saw you. Hello! And we spotted\nyou too."
    assert find(text, any=["we @watch you"]) == ["We saw you", "we spotted\nyou"]


def test_matches_that_touch_are_one(find):
    """Two patterns of one rule that find the same place tell it once."""
    assert find("We saw you leave.", any=["we saw you", "saw you leave"]) == ["We saw you leave"]
    assert find("We saw you, we saw you.", any=["we saw you"]) == ["We saw you", "we saw you"]


def test_a_match_in_quotation_marks_is_not_ours(find):
    """Unless the rule wants quoted words too."""
    text = 'Ann says: "They saw you coming!"'
    assert find(text, any=["they saw you"]) == []
    assert find(text, any=["they saw you"], quoted=True) == ["They saw you"]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("We saw you.", 1),
        ("As you asked. We saw you.", 0),
        ("As you asked. Hello. We saw you.", 1),
        ("We saw you. You asked.", 0),
        ("We saw you and your order.", 0),
        ("Your order came. We saw you.", 1),
        ("If we saw you, good.", 0),
        ("We saw you, and if not, good.", 1),
    ],
)
def test_guards_excuse_as_far_as_they_reach(find, text, count):
    """A sentence, its neighbours, or what stands before."""
    assert len(find(text, any=["we saw you"])) == count


def test_a_rule_may_heed_no_guards(find):
    """Then nothing excuses it but its own patterns."""
    assert find("We saw your order, you.", any=["we saw ... you"], guards=[]) != []


def test_unless_excuses_the_sentence_only(find):
    """Its reach is the sentence."""
    given = {"any": ["we saw you"], "unless": ["at the gate"]}
    assert find("We saw you at the gate. We saw you.", **given) == ["We saw you"]


def test_also_has_to_be_in_the_sentence(find):
    """A pattern that needs company."""
    given = {"any": ["we saw you"], "also": ["yesterday", "today"]}
    assert find("We saw you. It was today.", **given) == []
    assert find("Today we saw you.", **given) == ["we saw you"]


def test_a_pattern_without_a_key_is_tried_everywhere(find):
    """Words with stars on both ends have no word to be looked up by."""
    assert find("Rewatching you is nice", any=["*watch* you"]) == ["Rewatching you"]


def test_slots_are_known_by_provenance(find, make_slot):
    """A filled slot's words match the placeholder; one with a fallback is only text."""
    shown = Origin(slots=frozenset({"liked"}))
    text = "Still after garden gnomes?"
    chunks = (Chunk("Still after "), Chunk("garden gnomes", shown), Chunk("?"))

    def run(slot, pattern):
        context = CheckContext(channel=Channel.EMAIL, slots={"liked": slot} if slot else {})
        return find(text, context, chunks=chunks, any=[pattern])

    behaviour = {"category": "user.behavior.purchase_history", "source": "controller"}
    seen = make_slot("liked", provenance="observed", **behaviour)
    unfilled = make_slot("liked", provenance="observed", outcome=SlotOutcome.FALLBACK, **behaviour)
    assert run(seen, "after <observed>") == ["after garden gnomes"]
    assert run(seen, "after <slot>") == ["after garden gnomes"]
    assert run(seen, "after <inferred>") == []
    assert run(unfilled, "after <observed>") == []
    assert run(None, "after <observed>") == []


def test_of_several_slots_the_least_told_counts(find, make_slot):
    """One output may join a name that was told and a guess."""
    text = "Dear Ada Fisher"
    both = Origin(slots=frozenset({"first", "guess", "unknown"}))
    chunks = (Chunk("Dear "), Chunk("Ada Fisher", both))
    slots = {
        "first": make_slot("first"),
        "guess": make_slot("guess", provenance="inferred", source="controller"),
    }
    context = CheckContext(channel=Channel.EMAIL, slots=slots)
    assert find(text, context, chunks=chunks, any=["dear <inferred>"]) == [text]
    assert find(text, context, chunks=chunks, any=["dear <provided>"]) == []


def test_a_line_break_ends_a_sentence_in_blocks_only(find):
    """HTML as read puts one line to a block; plain text wraps its lines."""
    text = "We saw\nyou."
    assert find(text, any=["we saw you"]) == ["We saw\nyou"]
    assert find(text, kind=RegionKind.VISIBLE, any=["we saw you"]) == []


def test_an_empty_region_has_no_words(find):
    """Nothing is read, nothing is found."""
    assert find("", any=["we saw you"]) == []


def test_part_names_of_foreign_text_do_not_fill_the_memory(make_rule, read_as, context):
    """Which rules read a part is remembered for so many names only."""
    matcher = TokensMatcher([make_rule()], LISTS, "en")
    for number in range(_MOST_KNOWN + 9):
        read = read_as("We saw you.", part=f"part-{number}")
        (finding,) = matcher.find(read, context, {})
        assert finding.part == f"part-{number}"
    assert len(matcher._severities._known) == _MOST_KNOWN


def test_a_rule_that_is_off_on_a_channel_finds_nothing_there(make_rule, read_as):
    """Beside one that is not off."""
    loud, off = make_rule(), make_rule(id="INT202", channels={"email": "off"})
    rules = RuleSet([loud, off], {"en": LISTS})
    read = read_as("We saw you.")
    email, sms = (
        [(f.rule, f.severity) for f in rules.find(read, CheckContext(channel=channel))]
        for channel in (Channel.EMAIL, Channel.SMS)
    )
    assert email == [("INT201", Severity.ERROR)]
    assert sms == [("INT201", Severity.ERROR), ("INT202", Severity.ERROR)]
