"""The score: every term, its size and its source."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardedpersonalize.check import score as room
from guardedpersonalize.check.context import CheckContext
from guardedpersonalize.check.finding import Addend, Finding, Score
from guardedpersonalize.check.matchers import Element
from guardedpersonalize.check.score import _weights, score_of
from guardedpersonalize.vocabulary import (
    OMIT,
    Channel,
    Family,
    IntrusiveCategory,
    Provenance,
    Sensitivity,
    Severity,
    SlotOutcome,
    Source,
    ladders,
)

BOUGHT = {
    "category": "user.behavior.purchase_history",
    "provenance": "observed",
    "source": "controller",
}
PLACE = {"category": "user.location.precise", "provenance": "observed", "source": "controller"}
OVERT = {"collected": "overt"}


def message(*slots, channel=Channel.EMAIL):
    return CheckContext(channel=channel, slots={slot.spec.name: slot for slot in slots})


def claim(category="knowledge_claim", slots=(), family=Family.INTRUSIVE):
    return Finding("INT101", family, category, Severity.ERROR, "text", 0, 5, "claims", slots=slots)


def terms(score, subject=None):
    """Return what each term adds, for one subject or for all."""
    return {a.name: a.value for a in score.addends if subject in {None, a.subject}}


def test_a_bare_first_name_scores_one(make_slot):
    """It is provided, and named: the least that is personal."""
    score = score_of(message(make_slot()))
    assert score.total == 1
    assert terms(score) == {"explicitness": 1.0}


def test_a_message_without_anything_personal_scores_nothing(make_slot):
    """Nor does one whose slots are not filled, or are not about a person."""
    unfilled = make_slot(outcome=SlotOutcome.OMIT, level=OMIT)
    shop = make_slot("shop", category="system.operations", source="controller")
    assert not shop.field.category.is_personal
    assert score_of(message()) == Score()
    assert score_of(message(unfilled, shop), elements=[Element.REASON_LINE]) == Score()


def test_a_value_adds_for_what_it_is_and_how_it_is_said(make_slot):
    """Sensitivity, provenance, source, specificity and explicitness."""
    slot = make_slot("place", **{**PLACE, "source": "third_party"}, **OVERT)
    score = score_of(message(slot), [claim(slots=("place",))])
    assert terms(score, "place") == {
        "sensitivity": 4.0,
        "provenance": 1.0,
        "source": 3.0,
        "specificity": 3.0,
        "explicitness": 3.0,
    }
    assert score.total == 14


@pytest.mark.parametrize(
    ("level", "added"), [("exact", 3.0), ("city", None), ("region", None), ("country", None)]
)
def test_the_more_exact_the_more_it_adds(make_slot, level, added):
    """Up to the level that is the default of its ladder it adds nothing."""
    score = score_of(message(make_slot("place", level=level, **PLACE)))
    assert terms(score).get("specificity") == added


def test_finer_than_usual_adds_less_than_exact(make_slot, monkeypatch):
    """No shipped ladder has a level between; one that has is counted so."""
    place = dataclasses.replace(ladders()["place"], default="region")
    monkeypatch.setattr(room, "ladders", lambda: {"place": place})
    score = score_of(message(make_slot("place", level="city", **PLACE)))
    assert terms(score)["specificity"] == 1.0


def test_what_is_shown_says_how_explicit_a_value_is(make_slot):
    """One that only decides adds nothing for it."""
    slot = make_slot("bought", level="category", **BOUGHT, **OVERT)
    assert terms(score_of(message(slot), shown=()), "bought").get("explicitness") is None
    assert terms(score_of(message(slot), shown=["bought"]), "bought")["explicitness"] == 1.0
    assert terms(score_of(message(slot), [claim(slots=("bought",))]))["explicitness"] == 3.0


def test_the_heaviest_counts_in_full_and_the_others_half(make_slot):
    """A second kind of data adds to the first, and less than the first."""
    name = make_slot()
    bought = make_slot("bought", level="category", **BOUGHT, **OVERT)
    alone = score_of(message(bought)).total
    both = score_of(message(name, bought))
    assert both.total == alone + 0.5
    assert terms(both, "first_name") == {"explicitness": 0.5}


def test_a_claim_without_a_slot_is_a_value_of_its_own():
    """Each category once, however often it is claimed."""
    score = score_of(message(), [claim("location"), claim("location"), claim("emotion")])
    assert terms(score, "location") == {"claims": 4.0, "explicitness": 3.0}
    assert terms(score, "emotion") == {"claims": 1.0, "explicitness": 1.5}
    assert score.total == 9.5


def test_a_claim_about_a_slot_that_is_not_filled_is_one_in_words(make_slot):
    """The slot has no value; the words are still there."""
    slot = make_slot(outcome=SlotOutcome.FALLBACK)
    score = score_of(message(slot), [claim(slots=("first_name",))])
    assert terms(score, "knowledge_claim") == {"explicitness": 3.0}


@pytest.mark.parametrize(
    "finding",
    [claim("pressure"), claim("assumption"), claim("knowledge_claim", family=Family.ADS)],
    ids=["pressure", "assumption", "ads"],
)
def test_what_is_no_claim_does_not_count(finding):
    """Pressure is found and judged, but says nothing about what we know."""
    assert score_of(message(), [finding]) == Score()


@pytest.mark.parametrize(
    ("channel", "added"),
    [(Channel.EMAIL, None), (Channel.IN_APP, 1.0), (Channel.PUSH, 2.0), (Channel.SMS, 2.0)],
)
def test_a_channel_that_interrupts_adds(make_slot, channel, added):
    """If something exact or claimed stands there; a first name alone does not."""
    exact = make_slot("place", **PLACE, **OVERT)
    assert terms(score_of(message(exact, channel=channel))).get("obtrusiveness") == added
    claimed = score_of(message(make_slot(), channel=channel), [claim(slots=("first_name",))])
    assert terms(claimed).get("obtrusiveness") == added
    assert terms(score_of(message(make_slot(), channel=channel))).get("obtrusiveness") is None


def test_a_mixture_of_kinds_adds(make_slot):
    """Three kinds of data; two values of one kind are one kind."""
    name, surname = make_slot(), make_slot("surname", category="user.name.last")
    bought = make_slot("bought", level="category", **BOUGHT)
    place = make_slot("place", level="city", **PLACE)
    assert "combination" not in terms(score_of(message(name, surname, bought)))
    assert terms(score_of(message(name, bought, place)))["combination"] == 2.0


@pytest.mark.parametrize(
    ("provenance", "collected", "added"),
    [
        ("provided", "unknown", None),
        ("provided", "overt", None),
        ("provided", "covert", 1.0),
        ("observed", "overt", None),
        ("observed", "unknown", 1.0),
        ("inferred", "covert", 1.0),
    ],
)
def test_what_was_collected_unseen_adds(make_slot, provenance, collected, added):
    """What is not known to have been seen counts, unless the person gave it."""
    slot = make_slot(provenance=provenance, collected=collected)
    assert terms(score_of(message(slot))).get("covert") == added


def test_reasons_and_control_lower_it(make_slot):
    """As does having bought before; other elements do not."""
    slot = make_slot("bought", **BOUGHT)
    plain = score_of(message(slot)).total
    elements = [Element.REASON_LINE, Element.CONTROL_LINK, Element.SENDER]
    score = score_of(message(slot), elements=elements, existing_customer=True)
    assert score.total == plain - 3
    assert [a.subject for a in score.addends if a.name == "mitigators"] == [
        "reason_line",
        "control_link",
        "existing_customer",
    ]


def test_it_is_never_below_zero(make_slot):
    """And its addends still sum up to it."""
    elements = [Element.REASON_LINE, Element.CONTROL_LINK]
    score = score_of(message(make_slot()), elements=elements)
    assert score.total == 0
    assert score.addends[-1] == Addend("floor", 1.0, "", "a score is never below 0")


SLOTS = st.tuples(
    st.sampled_from(["user.name.first", "user.location.precise", "user.behavior.purchase_history"]),
    st.sampled_from(Provenance),
    st.sampled_from(Source),
    st.sampled_from(["exact", "city", "category", "text"]),
)


@given(
    st.lists(SLOTS, max_size=5),
    st.sampled_from(Channel),
    st.lists(st.sampled_from(IntrusiveCategory), max_size=3),
    st.sets(st.sampled_from(Element)),
    st.booleans(),
)
def test_addends_sum_up_and_name_their_source(
    make_slot, values, channel, claims, elements, customer
):
    """Whatever is in the message."""
    slots = [
        make_slot(f"s{i}", category=key, provenance=how, source=who, level=level)
        for i, (key, how, who, level) in enumerate(values)
    ]
    findings = [claim(category.value, ("s0",) if i else ()) for i, category in enumerate(claims)]
    score = score_of(
        message(*slots, channel=channel), findings, elements=elements, existing_customer=customer
    )
    assert score.total == pytest.approx(sum(addend.value for addend in score.addends))
    assert score.total >= 0
    assert all(addend.source and addend.value for addend in score.addends)


def test_every_term_has_weights_for_its_words():
    """A word of the vocabulary without a weight would fail at the first message."""
    weights = _weights()
    assert set(weights["provenance"]) == {*Provenance, "source"}
    assert set(weights["source"]) - {"source"} == set(Source)
    assert set(weights["obtrusiveness"]) - {"source"} == set(Channel)
    assert set(weights["sensitivity"]) - {"source"} == {s.name.lower() for s in Sensitivity}
    assert set(weights["claims"]) - {"source"} <= set(IntrusiveCategory)
    assert all(table["source"] for table in weights.values())
