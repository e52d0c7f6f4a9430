from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from guardedpersonalize.errors import CODES, ConfigError
from guardedpersonalize.minimise import SlotSpec, check_spec, compile_plan
from guardedpersonalize.profile import Catalogue

Sent = Callable[[object], object]


@pytest.mark.parametrize(
    "spec",
    [
        SlotSpec("first", "first_name"),
        SlotSpec("first", "first_name", fallback="there"),
        SlotSpec("name", "full_name", level="first_name", required=True),
        SlotSpec("born", "birth_date"),
        SlotSpec("born", "birth_date", level="exact", type="date", fallback="2026-05-04"),
        SlotSpec("born", "birth_date", level="exact"),
        SlotSpec("points", "points", type="int", fallback="0"),
        SlotSpec("points", "points"),
        SlotSpec("long", "since", level="yes_no", type="bool", fallback="false"),
        SlotSpec("member", "is_member", type="bool"),
        SlotSpec("likes", "interests", type="list", fallback="our favourites"),
        SlotSpec("shelves", "orders", type="list"),
        SlotSpec("tool", "last_order", level="exact"),
        SlotSpec("spent", "spent", level="exact"),
        SlotSpec("seen", "seen", level="exact", type="date"),
        SlotSpec("first", "first_name", max_length=2000),
    ],
)
def test_sound_declarations_have_no_problems(spec: SlotSpec, catalogue: Catalogue) -> None:
    """Each kind of slot can be declared."""
    assert check_spec(spec, catalogue) == []
    assert compile_plan([spec], catalogue).slots[0].spec is spec


@pytest.mark.parametrize(
    ("spec", "code", "key", "words"),
    [
        (SlotSpec("First", "first_name"), "GP222", "name", "lower-case"),
        (SlotSpec("loop", "first_name"), "GP222", "name", "no word of"),
        (SlotSpec("", "first_name"), "GP222", "name", "lower-case"),
        (SlotSpec("first", "frist_name"), "GP223", "field", "Did you mean 'first_name'?"),
        (SlotSpec("first", "zzz"), "GP223", "field", ""),
        (SlotSpec("b", "birth_date", level="birth_mnth"), "GP224", "level", "'birth_month'?"),
        (SlotSpec("b", "birth_date", level="omit"), "GP224", "level", "birth_quarter"),
        (SlotSpec("b", "first_name", level="zzz"), "GP224", "level", "Its levels are exact."),
        (SlotSpec("b", "birth_date", type="date"), "GP225", "type", "Use 'text'."),
        (SlotSpec("p", "points", type="date"), "GP225", "type", "Use 'int' or 'text'."),
        (SlotSpec("p", "spent", type="int"), "GP225", "type", "Use 'text'."),
        (SlotSpec("p", "orders"), "GP225", "type", "Use 'list'."),
        (SlotSpec("p", "since", level="yes_no"), "GP225", "type", "Use 'bool'."),
        (SlotSpec("p", "last_order", level="exact", type="int"), "GP225", "type", "Use 'text'."),
        (SlotSpec("p", "points", type="number"), "GP225", "type", ""),  # type: ignore[arg-type]
        (SlotSpec("n", "first_name", max_length=0), "GP226", "max_length", "1 to 2000"),
        (SlotSpec("n", "first_name", max_length=2001), "GP226", "max_length", "1 to 2000"),
        (SlotSpec("n", "first_name", max_length=2, fallback="you"), "GP227", "fallback", ""),
        (SlotSpec("n", "first_name", fallback="you\u202e"), "GP227", "fallback", ""),
        (SlotSpec("n", "points", type="int", fallback="few"), "GP227", "fallback", ""),
        (SlotSpec("n", "is_member", type="bool", fallback="yes"), "GP227", "fallback", ""),
        (
            SlotSpec("n", "seen", level="exact", type="date", fallback="May"),
            "GP227",
            "fallback",
            "",
        ),
        (SlotSpec("n", "first_name", fallback="you", required=True), "GP228", "required", "out"),
    ],
)
def test_problems_are_told_with_a_cure(
    spec: SlotSpec, code: str, key: str, words: str, catalogue: Catalogue
) -> None:
    """Each wrong declaration has its code, the key it is about and a cure."""
    problem = check_spec(spec, catalogue)[0]
    assert (problem.code, problem.key) == (code, key)
    assert words in problem.remedy
    assert code in CODES
    with pytest.raises(ConfigError, match=code):
        compile_plan([spec], catalogue)


def test_all_problems_are_told_at_once(catalogue: Catalogue) -> None:
    """A declaration that is wrong in every key says so in their order."""
    spec = SlotSpec("Bad", "zzz", max_length=0, fallback="x", required=True)
    codes = [problem.code for problem in check_spec(spec, catalogue)]
    assert codes == ["GP222", "GP223", "GP226", "GP227", "GP228"]


def test_two_slots_of_one_name_are_refused(catalogue: Catalogue) -> None:
    """A template could not tell them apart."""
    spec = SlotSpec("first", "first_name")
    with pytest.raises(ConfigError, match="GP222"):
        compile_plan([spec, replace(spec, field="city")], catalogue)


def test_plans_pickle(catalogue: Catalogue, sent: Sent) -> None:
    """A plan goes to other processes."""
    plan = compile_plan([SlotSpec("b", "birth_date"), SlotSpec("f", "first_name")], catalogue)
    assert sent(plan).slots == plan.slots
