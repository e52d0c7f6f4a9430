"""Kind `slot`: where a shown value came from."""

import pytest

from guardedpersonalize.check.context import CheckContext
from guardedpersonalize.check.reading import RegionKind
from guardedpersonalize.check.rules import RuleSet
from guardedpersonalize.render.draft import Chunk, Origin
from guardedpersonalize.vocabulary import Channel, SlotOutcome, purpose

WENT = {"category": "user.behavior.purchase_history", "source": "controller"}
WHERE = {"category": "user.location.precise", "source": "controller"}
HEALTH = "user.health_and_medical"


@pytest.fixture
def find(make_rule, read_as, spans_of):
    """Return a finder: the outputs of one slot that one rule is about."""

    def run(slot, kind=RegionKind.PLAIN, **given):
        rule = make_rule(match={"kind": "slot", **given.pop("match")}, channels={"ad": "off"})
        text = "See the gnomes now"
        origins = Origin(slots=frozenset({"it", "other"})), Origin(slots=frozenset({"other"}))
        chunks = (Chunk("See "), Chunk("the gnomes", origins[0]), Chunk(" now", origins[1]))
        slots = {"it": slot} if slot else {}
        context = CheckContext(**{"channel": Channel.EMAIL, "slots": slots, **given})
        found = RuleSet([rule], {}).find(read_as(text, kind=kind, chunks=chunks), context)
        assert {f.slots for f in found} <= {("it", "other")}
        return [words for _, words in spans_of(found, text)]

    return run


@pytest.mark.parametrize(
    ("given", "match", "is_found"),
    [
        ({**WENT, "provenance": "observed"}, {"provenance": ["observed"]}, True),
        ({**WENT, "provenance": "inferred"}, {"provenance": ["observed"]}, False),
        ({**WENT, "outcome": SlotOutcome.FALLBACK}, {}, False),
        ({**WENT, "source": "third_party"}, {"source": ["third_party", "public"]}, True),
        (WENT, {"source": ["third_party"]}, False),
        (WENT, {"categories": ["user.behavior"]}, True),
        (WENT, {"categories": ["user.location"]}, False),
        ({}, {"sensitivity": 2}, False),
        ({"category": HEALTH}, {"sensitivity": 3}, True),
        ({"category": HEALTH}, {"special": True}, True),
        (WENT, {"special": True}, False),
        (WHERE, {"raw": True}, True),
        ({**WHERE, "level": "city"}, {"raw": True}, False),
        ({"generaliser": "text"}, {"raw": True}, False),
        (WENT, {"raw": True, "provenance": ["derived"]}, False),
    ],
)
def test_everything_that_is_given_has_to_hold(find, make_slot, given, match, is_found):
    """Provenance, source, category, tier, special categories, precision."""
    given = {"provenance": "observed", **given} if given.get("source") else given
    assert bool(find(make_slot("it", **given), match=match)) is is_found


def test_the_whole_output_is_found(find, make_slot):
    """Not the template's words around it, nor the output of slots that are not known."""
    assert find(make_slot("it"), match={}) == ["the gnomes"]


@pytest.mark.parametrize(
    "given",
    [{"channel": Channel.AD}, {"kind": RegionKind.COMMENT}, {"slots": {}}],
    ids=["off", "region", "none"],
)
def test_channel_region_and_slots_choose(find, make_slot, given):
    """A rule that is off, or reads elsewhere, or has nothing to judge."""
    assert find(make_slot("it"), match={}, **given) == []


@pytest.mark.parametrize(
    ("what", "is_found"),
    [
        ("marketing.communications.email", True),
        ("essential.service.notifications.email", False),
        (None, True),
    ],
)
def test_a_rule_may_be_for_a_class_of_purpose(find, make_slot, what, is_found):
    """A message without a purpose counts as each."""
    aim = purpose(what) if what else None
    found = find(make_slot("it"), match={"purposes": ["marketing"]}, purpose=aim)
    assert bool(found) is is_found
