from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardedpersonalize.consent import Grant, Reason
from guardedpersonalize.errors import UsageError
from guardedpersonalize.minimise import (
    GENERALISERS,
    Context,
    Plan,
    Slot,
    Slots,
    SlotSpec,
    compile_plan,
    is_unsafe,
    minimise,
)
from guardedpersonalize.minimise import slots as room
from guardedpersonalize.profile import Catalogue, Profile
from guardedpersonalize.vocabulary import LawfulBasis, SlotOutcome, Technique

Sent = Callable[[object], object]

GrantOf = Callable[..., Grant]
Fill = Callable[..., Slot]


@pytest.fixture(scope="session")
def fill(catalogue: Catalogue, context: Context, grant_of: GrantOf) -> Fill:
    """Return a filler of one slot: `fill(field, value, granted level, **spec options)`."""

    def make(
        field: str, value: object, granted: str = "exact", **options: Any
    ) -> Slot:  # of SlotSpec
        spec = SlotSpec("slot", field, **options)
        profile = Profile("r-1", {field: value})
        grant = grant_of({field: granted})
        return minimise(profile, [spec], grant, catalogue=catalogue, context=context)["slot"]

    return make


@pytest.mark.parametrize(
    ("field", "value", "options", "shown"),
    [
        ("first_name", " Ada ", {}, "Ada"),
        ("full_name", "Dr Ada Poe", {}, "Ada"),
        ("birth_date", "1990-05-12", {}, "May"),
        ("birth_date", date(1990, 5, 12), {"level": "exact", "type": "date"}, date(1990, 5, 12)),
        ("birth_date", date(1990, 5, 12), {"level": "exact"}, "12 May 1990"),
        ("points", "40", {"type": "int"}, 40),
        ("points", 40, {}, "40"),
        ("is_member", "yes", {"type": "bool", "max_length": 1}, True),
        ("since", "2001-01-01", {"level": "yes_no", "type": "bool"}, True),
        ("since", "2001-01-01", {}, "a long while"),
        ("spent", "75.20", {}, "£50 to £100"),
        ("spent", Decimal("75.20"), {"level": "exact"}, "75.20"),
        (
            "seen",
            datetime(2026, 5, 4, 8, tzinfo=UTC),
            {"level": "exact", "type": "date"},
            date(2026, 5, 4),
        ),
        ("seen", "2026-05-04T08:00:00Z", {"level": "exact"}, "4 May 2026, 08:00"),
        ("tier", "Oak", {}, "Oak"),
        ("last_order", "T-1", {"level": "exact"}, "Border spade"),
        ("first_name", "x" * 2000, {"max_length": 2000}, "x" * 2000),
        ("link", "https://shop.example/a", {}, "https://shop.example/a"),
        ("email", "ada@example.org", {"level": "mask"}, "a•••@•••"),
        ("interests", ["roses", " ", "roses", "ponds "], {"type": "list"}, ("roses", "ponds")),
        ("orders", ["T-1", "X-9", "T-2", "W-1"], {"type": "list"}, ("hand tools",)),
        ("first_name", "<b>{{ x }}</b>", {}, "<b>{{ x }}</b>"),
    ],
)
def test_slots_are_filled_at_their_type_and_level(
    fill: Fill, field: str, value: object, options: dict[str, Any], shown: object
) -> None:
    """Each type of field fills each type of slot that can hold it, with plain values."""
    slot = fill(field, value, **options)
    assert slot.value == shown
    assert type(slot.value) is type(shown)
    assert slot.is_filled


@pytest.mark.parametrize(
    ("field", "value", "options", "reason"),
    [
        ("first_name", "  ", {}, "missing_value"),
        ("first_name", "N/A", {}, "missing_value"),
        ("points", "forty", {"type": "int"}, "malformed_value"),
        ("first_name", "Ada\r\nBcc: x", {}, "unsafe_value"),
        ("first_name", "\u202eadA", {}, "unsafe_value"),
        ("first_name", "see https://x.example", {}, "unsafe_value"),
        ("full_name", "Ada Poe\u200b", {}, "unsafe_value"),
        ("link", "javascript:alert(1)", {}, "malformed_value"),
        ("first_name", "x" * 61, {}, "too_long"),
        ("first_name", "x" * 1_000_000, {"max_length": 2000}, "too_long"),
        ("points", 1234, {"type": "int", "max_length": 3}, "too_long"),
        ("full_name", "Mrs Poe", {}, "generalised_away"),
        ("last_order", "W-1", {}, "generalised_away"),
        ("last_order", "W-1", {"level": "exact"}, "generalised_away"),
        ("last_order", "X-9", {"level": "exact"}, "generalised_away"),
        ("first_name", "x" * 2001, {"max_length": 2000}, "too_long"),
        ("interests", [], {"type": "list"}, "missing_value"),
        ("interests", ["roses", "a\nb"], {"type": "list"}, "unsafe_value"),
        ("interests", ["roses", "x" * 61], {"type": "list"}, "too_long"),
        ("interests", [f"item {n}" for n in range(21)], {"type": "list"}, "too_long"),
        ("orders", ["X-9"], {"type": "list"}, "generalised_away"),
    ],
)
def test_unfit_values_leave_the_slot(
    fill: Fill, field: str, value: object, options: dict[str, Any], reason: str
) -> None:
    """A value that is missing, unsafe, too long or not to be read leaves the slot empty."""
    slot = fill(field, value, **options)
    assert (slot.outcome, slot.reason, slot.level) == (SlotOutcome.OMIT, reason, "omit")
    assert slot.value == (() if options.get("type") == "list" else "")
    assert slot.technique is Technique.LOCAL_SUPPRESSION


@pytest.mark.parametrize(
    ("options", "value"),
    [
        ({"fallback": "there"}, "there"),
        ({"type": "int", "field": "points", "fallback": "7"}, 7),
        ({"type": "bool", "field": "is_member", "fallback": "false"}, False),
        ({"type": "bool", "field": "is_member", "fallback": "true"}, True),
        ({"type": "list", "field": "interests", "fallback": "our best"}, ("our best",)),
        (
            {"type": "date", "field": "seen", "level": "exact", "fallback": "2026-05-04"},
            date(2026, 5, 4),
        ),
    ],
)
def test_fallbacks_have_the_type_of_the_slot(
    fill: Fill, options: dict[str, Any], value: object
) -> None:
    """What stands in for a value is of its type, and is not counted as filled."""
    slot = fill(**{"field": "first_name", "value": None, **options})
    assert (slot.outcome, slot.value) == (SlotOutcome.FALLBACK, value)
    assert not slot.is_filled


@pytest.mark.parametrize(
    ("asked", "granted", "level", "shown", "technique"),
    [
        ("exact", "exact", "exact", "12 May 1990", Technique.NONE),
        ("exact", "birth_month", "birth_month", "May", Technique.GENERALISATION),
        ("birth_quarter", "exact", "birth_quarter", "April to June", Technique.GENERALISATION),
        (
            "birth_month",
            "birth_quarter",
            "birth_quarter",
            "April to June",
            Technique.GENERALISATION,
        ),
        ("", "exact", "birth_month", "May", Technique.GENERALISATION),
        ("exact", "omit", "omit", "", Technique.LOCAL_SUPPRESSION),
        ("exact", "age_band", "omit", "", Technique.LOCAL_SUPPRESSION),
    ],
)
def test_coarser_of_two_levels_wins(
    *, fill: Fill, asked: str, granted: str, level: str, shown: str, technique: Technique
) -> None:
    """A slot is never finer than it asks for, nor than the grant demands; unknown is omit."""
    slot = fill("birth_date", date(1990, 5, 12), granted, level=asked)
    assert (slot.level, slot.value, slot.technique) == (level, shown, technique)
    outcomes = {"exact": SlotOutcome.ALLOW, "omit": SlotOutcome.OMIT}
    assert slot.outcome is outcomes.get(level, SlotOutcome.TRANSFORM)


def test_coarser_grant_does_not_break_the_type(fill: Fill) -> None:
    """A date slot is left empty where the grant demands words."""
    slot = fill("birth_date", date(1990, 5, 12), "birth_month", level="exact", type="date")
    assert (slot.outcome, slot.reason) == (SlotOutcome.OMIT, "generalised_away")


def test_slots_name_their_ground(fill: Fill, catalogue: Catalogue) -> None:
    """A slot says which record, which event and which basis it rests on."""
    slot = fill("first_name", "Ada")
    assert (slot.record_id, slot.event_index, slot.basis) == ("record-1", 0, LawfulBasis.CONSENT)
    assert (slot.reason, slot.field) == ("allowed", catalogue["first_name"])


class Opened(Exception):  # noqa: N818  # not an error of ours
    """A field was opened that must stay closed."""


@pytest.mark.parametrize("reason", [Reason.WITHDRAWN, Reason.STATUS_UNKNOWN])
def test_denied_fields_are_never_opened(
    catalogue: Catalogue,
    context: Context,
    grant_of: GrantOf,
    monkeypatch: pytest.MonkeyPatch,
    reason: Reason,
) -> None:
    """Denied, unknown and undeclared fields stay closed; only the allowed one is revealed."""
    opened: list[str] = []
    reveal = Profile.reveal

    def spy(profile: Profile, name: str) -> object:
        opened.append(name)
        return reveal(profile, name)

    monkeypatch.setattr(Profile, "reveal", spy)
    names = ("city", "email", "first_name", "full_name", "birth_date")
    specs = [SlotSpec(name, name, fallback="-" if name == "city" else None) for name in names]
    profile = Profile("r-1", dict.fromkeys(names, "canary"))
    grant = grant_of({"full_name": "omit", "first_name": "exact"}, city=reason, email=reason)
    slots = minimise(profile, specs, grant, catalogue=catalogue, context=context)
    assert opened == ["first_name"]
    assert slots["city"].value == "-"
    reasons = [slots[name].reason for name in ("city", "email", "birth_date", "full_name")]
    assert reasons == [reason, reason, "field_not_covered", "generalised_away"]
    assert slots["email"].record_id == "record-2"


@pytest.mark.parametrize(
    ("omit", "fall_back", "outcome", "value", "reason"),
    [
        (True, False, SlotOutcome.OMIT, "", "ladder_omit"),
        (True, True, SlotOutcome.OMIT, "", "ladder_omit"),
        (False, True, SlotOutcome.FALLBACK, "there", "ladder_fallback"),
        (False, False, SlotOutcome.ALLOW, "Ada", "allowed"),
    ],
)
def test_ladder_empties_or_falls_back(
    *,
    catalogue: Catalogue,
    context: Context,
    grant_of: GrantOf,
    omit: bool,
    fall_back: bool,
    outcome: SlotOutcome,
    value: str,
    reason: str,
) -> None:
    """The ladder can empty a slot whatever its fallback, or fall back one that could be filled."""
    spec = SlotSpec("first", "first_name", fallback="there")
    slot = minimise(
        Profile("r-1", {"first_name": "Ada"}),
        [spec],
        grant_of({"first_name": "exact"}),
        catalogue=catalogue,
        context=context,
        omit=frozenset({"first"} if omit else ()),
        fall_back=frozenset({"first"} if fall_back else ()),
    )["first"]
    assert (slot.outcome, slot.value, slot.reason) == (outcome, value, reason)


def test_denied_slot_is_emptied_where_the_ladder_says_so(
    catalogue: Catalogue, context: Context, grant_of: GrantOf
) -> None:
    """A slot that is denied keeps its reason, but not its fallback."""
    specs = [SlotSpec("first", "first_name", fallback="there"), SlotSpec("town", "city")]
    slots = minimise(
        Profile("r-1", {}),
        specs,
        grant_of({"city": "exact"}, first_name=Reason.REFUSED),
        catalogue=catalogue,
        context=context,
        omit=frozenset({"first"}),
        fall_back=frozenset({"town"}),
    )
    assert [slot.outcome for slot in slots.values()] == [SlotOutcome.OMIT, SlotOutcome.OMIT]
    assert [slot.reason for slot in slots.values()] == ["refused", "ladder_fallback"]


@pytest.fixture
def slots(catalogue: Catalogue, context: Context, grant_of: GrantOf) -> Slots:
    """Return the slots of a small template: four filled, two not."""
    specs = [
        SlotSpec("town", "city"),
        SlotSpec("first", "first_name"),
        SlotSpec("likes", "interests", type="list"),
        SlotSpec("member", "is_member", type="bool"),
        SlotSpec("points", "points", type="int", required=True),
        SlotSpec("spent", "spent", fallback="some"),
    ]
    values = {
        "city": "Canaryville",
        "first_name": "Canary",
        "interests": ["canaries", "seeds"],
        "is_member": True,
    }
    grant = grant_of(dict.fromkeys((*values, "points"), "exact"), spent=Reason.PURPOSE_NOT_COVERED)
    return minimise(Profile("r-1", values), specs, grant, catalogue=catalogue, context=context)


def test_context_is_plain_and_fresh(slots: Slots) -> None:
    """Templates get plain values in the order of declaration, and cannot change the slots."""
    context = slots.context()
    assert list(context.items()) == [
        ("town", "Canaryville"),
        ("first", "Canary"),
        ("likes", ["canaries", "seeds"]),
        ("member", True),
        ("points", ""),
        ("spent", "some"),
    ]
    likes = context["likes"]
    assert isinstance(likes, list)
    likes.append("x")
    assert slots.context()["likes"] == ["canaries", "seeds"]


def test_slots_tell_filled_from_withheld(slots: Slots) -> None:
    """Each slot is filled or withheld; a required one that is withheld is missing."""
    assert [slot.spec.name for slot in slots.filled] == ["town", "first", "likes", "member"]
    assert [slot.spec.name for slot in slots.withheld] == ["points", "spent"]
    assert slots.missing == ("points",)
    assert slots.of("first") is slots["first"]
    assert len(slots) == 6


def test_allowed_values_are_those_of_the_person(slots: Slots) -> None:
    """Only filled slots are opened; truth values say nothing and fallbacks are nobody's."""
    assert slots.allowed_values() == {
        "town": "Canaryville",
        "first": "Canary",
        "likes": "canaries, seeds",
    }


def test_unknown_slot_names_the_nearest(slots: Slots) -> None:
    """Asking for a slot that is not declared is a mistake, and is helped."""
    with pytest.raises(UsageError, match="Did you mean 'first'"):
        slots.of("first_")
    with pytest.raises(UsageError, match="GP230"):
        slots.of("zzz")


def test_slots_do_not_print(slots: Slots) -> None:
    """Neither the slots nor one of them shows a value."""
    shown = f"{slots} {slots!r} {slots.filled} {slots['likes']:}"
    assert "anar" not in shown
    assert "first: allow" in shown


def test_slots_pickle_and_copy(slots: Slots, sent: Sent) -> None:
    """They go to other processes and compare by value."""
    assert sent(slots) == slots
    assert copy.deepcopy(slots) == slots


def test_only_minimise_makes_slots(slots: Slots) -> None:
    """No other code can make slots, not even from slots."""
    with pytest.raises(UsageError, match="GP229"):
        Slots(object(), slots.handled, ["Oslo"] * len(slots), ())
    with pytest.raises(UsageError, match="GP229"):
        type(slots)(None, slots.handled, [], ())
    assert not hasattr(slots, "__dict__")
    assert [name for name in vars(room) if name.startswith("_") and "TOKEN" in name] == ["_TOKEN"]


def test_plans_save_the_resolving(
    catalogue: Catalogue, context: Context, grant_of: GrantOf
) -> None:
    """A plan gives the same slots as what it was made of."""
    specs = [SlotSpec("first", "first_name"), SlotSpec("town", "city")]
    plan = compile_plan(specs, catalogue)
    profile = Profile("r-1", {"first_name": "Ada", "city": "Leeds"})
    grant = grant_of({"first_name": "exact"})
    made: list[list[SlotSpec] | Plan] = [specs, plan]
    one, two = (
        minimise(profile, each, grant, catalogue=catalogue, context=context) for each in made
    )
    assert one == two


@given(text=st.text(max_size=80) | st.sampled_from(["\ud800", "x" * 1_000_000, "a\r\nb", "\u202e"]))
def test_values_stay_in_their_slot(text: str, fill: Fill) -> None:
    """Whatever a value holds, what is shown is safe, short and of its type."""
    for field in ("first_name", "full_name", "email"):
        slot = fill(field, text)
        assert type(slot.value) is str
        assert not is_unsafe(slot.value)
        assert len(slot.value) <= 60
    likes = fill("interests", [text, "roses"], type="list")
    assert isinstance(likes.value, tuple)
    assert not any(map(is_unsafe, likes.value))


@given(text=st.text(min_size=1, max_size=30))
def test_nothing_prints_a_value(text: str, fill: Fill) -> None:
    """No repr of a slot changes with its value, as long as it is filled."""
    canary = f"canary{text.encode('utf-8', 'surrogatepass').hex()}"[:60]
    assert repr(fill("city", canary)) == repr(fill("city", "Leeds"))


TEXTS = ("city", "email", "first_name", "full_name")


@given(
    allowed=st.sets(st.sampled_from(TEXTS)),
    one=st.fixed_dictionaries(dict.fromkeys(TEXTS, st.text(max_size=20))),
    two=st.fixed_dictionaries(dict.fromkeys(TEXTS, st.text(max_size=20))),
)
def test_what_is_not_allowed_makes_no_difference(
    *,
    allowed: set[str],
    one: dict[str, str],
    two: dict[str, str],
    catalogue: Catalogue,
    context: Context,
    grant_of: GrantOf,
) -> None:
    """Profiles that agree on what is allowed have the same slots."""
    two |= {name: one[name] for name in allowed}
    denied = dict.fromkeys(sorted(set(TEXTS) - allowed), Reason.WITHDRAWN)
    grant = grant_of(dict.fromkeys(sorted(allowed), "exact"), **denied)
    specs = [SlotSpec(name, name, level="exact", fallback="-") for name in TEXTS]
    first, second = (
        minimise(Profile("r-1", values), specs, grant, catalogue=catalogue, context=context)
        for values in (one, two)
    )
    assert first == second
    assert first.context() == second.context()


@given(data=st.data())
def test_no_slot_is_finer_than_asked_or_granted(
    data: st.DataObject, fill: Fill, catalogue: Catalogue
) -> None:
    """For every generaliser and every pair of levels the coarser one rules."""
    values = {
        "birth_date": date(1990, 5, 12),
        "email": "ada@example.org",
        "full_name": "Ada Poe",
        "last_order": "T-1",
        "seen": datetime(2026, 5, 4, 8, tzinfo=UTC),
        "since": date(2001, 1, 1),
        "spent": Decimal(75),
    }
    field = data.draw(st.sampled_from(sorted(values)))
    levels = GENERALISERS[str(catalogue[field].generaliser)].levels
    asked = data.draw(st.sampled_from(levels[:-1]))
    granted = data.draw(st.sampled_from(levels))
    kind = "bool" if asked == "yes_no" else "text"
    slot = fill(field, values[field], granted, level=asked, type=kind)
    expected = max(asked, granted, key=levels.index)
    fits = kind == "bool" or expected != "yes_no"
    assert slot.level == (expected if fits else "omit")
