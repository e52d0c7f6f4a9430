"""What a batch tells that no single message does."""

from __future__ import annotations

import pickle

import pytest
from small_pack import ALL, AT, FILES, MakeEngine, ada, yes

from guardedpersonalize.engine import BatchReport, Engine
from guardedpersonalize.profile import Profile

TOWNS = ("Lisbon", "Porto", "Braga")


def people(count: int, **values: object) -> list[Profile]:
    """Return people who differ in name, town and address, but for *values*."""
    return [
        Profile(
            "r-1",
            dict(ada().to_json()["values"])
            | {"first_name": f"Ada{n}", "email": f"ada{n}@example.org", "city": TOWNS[n % 3]}
            | values,
        )
        for n in range(count)
    ]


def report_on(engine: Engine, rows: list[Profile], *types: str) -> BatchReport:
    """Render the rows, and count."""
    report = BatchReport(engine.pack.catalogue)
    for profile in rows:
        report.add(profile, engine.render("note", profile, yes(*types), at=AT))
    return report


def test_outcomes_rungs_rules_and_slots_are_counted(make_engine: MakeEngine) -> None:
    """By the names that the summary prints."""
    report = report_on(make_engine(), people(3), *ALL)
    assert report.outcomes == {"send": 3}
    assert report.rungs == {"as_written": 3}
    assert report.slots["first_name"].filled == 3
    assert report.doubts() == ()


def test_what_is_not_filled_is_counted_with_its_reason(make_engine: MakeEngine) -> None:
    """A fallback is told from an empty slot."""
    report = report_on(make_engine(), people(2))
    assert report.outcomes == {"reduced": 2}
    assert (report.slots["first_name"].fallback, report.slots["city"].empty) == (2, 2)
    assert report.slots["city"].reasons.total() == 2


@pytest.mark.parametrize(
    ("values", "code", "subject"),
    [
        ({"first_name": "Ada"}, "same_value", "first_name"),
        ({"city": ""}, "mostly_empty", "city"),
        ({"email": "Ann@example.org "}, "shared_email", ""),
    ],
)
def test_a_broken_join_is_doubted(
    make_engine: MakeEngine, values: dict[str, object], code: str, subject: str
) -> None:
    """One name for all, a slot that is empty for most, one address for many."""
    report = report_on(make_engine(), people(60, **values), *ALL)
    assert [(doubt.code, doubt.subject, doubt.count) for doubt in report.doubts()] == [
        (code, subject, 60)
    ]


def test_few_rows_raise_no_doubt_of_shares(make_engine: MakeEngine) -> None:
    """Three people may well be called Ada."""
    assert report_on(make_engine(), people(3, first_name="Ada"), *ALL).doubts() == ()


def test_a_value_among_many_is_found_in_fixed_memory(make_engine: MakeEngine) -> None:
    """A name that a third have, beside hundreds that few have."""
    rows = people(900)
    same = people(300, first_name="Ada")
    mixed = [one for n in range(300) for one in (same[n], rows[3 * n], rows[3 * n + 1])]
    report = BatchReport(make_engine().pack.catalogue)
    for one in mixed:
        report._frequent_of("first_name", "name").add(report._digest(one.reveal("first_name")))
    assert 300 >= report._frequent_of("first_name", "name").most >= 290


def test_it_holds_no_value(make_engine: MakeEngine) -> None:
    """Neither in its repr nor in what it says."""
    report = report_on(make_engine(), people(60, first_name="Zorblax"), *ALL)
    held = {name: value for name, value in vars(report).items() if name != "_clock"}
    said = repr(report) + repr(report.doubts()) + str(pickle.dumps(held))
    assert "Zorblax" not in said
    assert "example.org" not in said


def test_two_addresses_of_one_person_are_shared_with_nobody(make_engine: MakeEngine) -> None:
    """A row may name the same address twice."""
    fields = FILES["fields.toml"] + (
        '[fields.other_email]\ntype = "text"\ncategory = "user.contact.email"\n'
        'provenance = "provided"\nsource = "data_subject"\n'
    )
    engine = make_engine({"fields.toml": fields})
    rows = [
        Profile("r-1", dict(one.to_json()["values"]) | {"other_email": one.reveal("email")})
        for one in people(3)
    ]
    assert report_on(engine, rows, *ALL).doubts() == ()


def test_rates_and_rejects_are_told(make_engine: MakeEngine) -> None:
    """By a clock that is given."""
    ticks = iter([0.0, 2.0])
    engine = make_engine()
    report = BatchReport(engine.pack.catalogue, clock=lambda: next(ticks))
    for profile in people(4):
        report.add(profile, engine.render("note", profile, yes(*ALL), at=AT))
    report.reject("GP101", "no JSON.")
    assert report.rows_per_second == 2.0
    assert report.rejected == {("GP101", "no JSON."): 1}
