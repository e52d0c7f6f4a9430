"""Which lesser versions are tried, and why more findings never open a way."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from guardedpersonalize.check.finding import Finding
from guardedpersonalize.decide import Rung
from guardedpersonalize.engine.ladder import below, is_withheld_only, suspects_of
from guardedpersonalize.render.draft import Chunk, Draft, Origin, Part, PartKind
from guardedpersonalize.vocabulary import Channel, Family, Severity

SLOTS = ("city", "first_name", "interest")


def draft(*pieces: tuple[str, set[str], set[str]]) -> Draft:
    chunks = tuple(Chunk(text, Origin(frozenset(s), frozenset(c))) for text, s, c in pieces)
    return Draft("offer", Channel.EMAIL, None, (Part("text", PartKind.TEXT, chunks),))


def finding(start: int, end: int, *, family: Family = Family.INTRUSIVE) -> Finding:
    return Finding("INT201", family, "surveillance", Severity.ERROR, "text", start, end, "watches.")


def rungs(*suspects: str, has_generic: bool = True) -> list[tuple[Rung, set[str]]]:
    found = below(SLOTS, suspects, has_generic=has_generic)
    return [(c.rung, set(c.omit | c.fall_back)) for c in found]


def test_one_culprit_is_left_out_first_then_everything_then_the_generic_version() -> None:
    """The way down keeps as much of the message as it can."""
    everything = set(SLOTS)
    assert rungs("city") == [
        (Rung.OMITTED, {"city"}),
        (Rung.FALLBACK, {"city"}),
        (Rung.OMITTED, everything),
        (Rung.FALLBACK, everything),
        (Rung.GENERIC, set()),
    ]


def test_without_a_culprit_everything_personal_goes() -> None:
    """Where no one slot is to blame, none is spared."""
    assert [rung for rung, _ in rungs()] == [Rung.OMITTED, Rung.FALLBACK, Rung.GENERIC]


def test_without_a_generic_version_the_ladder_ends_above_it() -> None:
    """A template that has none is not given one."""
    assert Rung.GENERIC not in [rung for rung, _ in rungs("city", has_generic=False)]


def test_a_message_without_personal_slots_has_only_its_generic_version_below() -> None:
    """There is nothing to leave out."""
    assert [c.rung for c in below((), (), has_generic=True)] == [Rung.GENERIC]


def test_the_only_personal_slot_is_tried_once() -> None:
    """The same version is not rendered twice."""
    found = list(below(("city",), ("city",), has_generic=False))
    assert [c.rung for c in found] == [Rung.OMITTED, Rung.FALLBACK]


def test_the_slot_in_the_span_is_the_culprit() -> None:
    """A finding on a slot's value blames the slot."""
    made = draft(("Hello ", set(), set()), ("Ada", {"first_name"}, set()))
    assert suspects_of([finding(6, 9)], made, SLOTS) == ("first_name",)


def test_a_slot_that_decides_presence_is_the_culprit() -> None:
    """Words that stand there because of a slot go when the slot goes."""
    made = draft(("We noticed you", set(), {"city"}))
    assert suspects_of([finding(0, 14)], made, SLOTS) == ("city",)


def test_the_templates_own_words_have_no_culprit() -> None:
    """Leaving a slot out would not mend them."""
    made = draft(("We noticed you in ", set(), set()), ("York", {"city"}, set()))
    assert suspects_of([finding(0, 10), finding(18, 22)], made, SLOTS) == ()


def test_two_slots_are_no_sole_culprit() -> None:
    """Two findings on two slots are not mended by one."""
    made = draft(("Ada", {"first_name"}, set()), ("York", {"city"}, set()))
    assert suspects_of([finding(0, 3), finding(3, 7)], made, SLOTS) == ()


def test_where_nothing_was_found_each_slot_is_tried_alone() -> None:
    """A score that is too high, or a template that failed, may be mended by any of them."""
    assert suspects_of([], draft(("Ada", {"first_name"}, set())), SLOTS) == SLOTS
    assert suspects_of([finding(0, 1)], None, SLOTS) == SLOTS


def test_an_echo_is_withheld_and_not_reduced() -> None:
    """A reduced message would show that the value was there."""
    assert is_withheld_only([finding(0, 1), finding(0, 1, family=Family.ECHO)])
    assert not is_withheld_only([finding(0, 1)])


spans = st.tuples(st.integers(0, 11), st.integers(1, 4)).map(lambda s: finding(s[0], s[0] + s[1]))
origins = st.sets(st.sampled_from(SLOTS), max_size=2)


@given(
    st.lists(st.tuples(st.just("four"), origins, origins), min_size=4, max_size=4),
    st.lists(spans),
    spans,
)
def test_more_findings_never_open_another_version(
    pieces: list[tuple[str, set[str], set[str]]], some: list[Finding], extra: Finding
) -> None:
    """Every version tried with more findings was tried with fewer."""
    made = draft(*pieces)
    fewer = set(below(SLOTS, suspects_of(some, made, SLOTS), has_generic=True))
    more = set(below(SLOTS, suspects_of([*some, extra], made, SLOTS), has_generic=True))
    assert more <= fewer
