"""What is tried of a pack: examples, snapshots, options, the clock."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from guardedpersonalize.errors import UsageError
from guardedpersonalize.testing.examples import ExampleFailed
from guardedpersonalize.testing.snapshots import SnapshotDiffers, accept
from guardedpersonalize.testing.suite import Clock, Options

EXAMPLE = "examples/named.toml"
CLAIM = 'claim = "x"\ntemplate = "ink"\npersona = "ann"\n'


def said_of(open_shop: Any, example: str) -> str:
    """Return how the example fails."""
    with pytest.raises(ExampleFailed) as caught:
        open_shop({EXAMPLE: CLAIM + example}).example("named").run()
    return str(caught.value)


def test_an_example_that_holds_passes(open_shop: Any) -> None:
    """Under the name of its claim."""
    test = open_shop().example("named")
    assert (test.run(), test.name) == ((), "a first name stands in the title :: always")


@pytest.mark.parametrize(
    ("example", "said"),
    [
        ('outcome = "block"', "Expected the outcome block; it came out as send."),
        (
            'outcome = "send"\nrung = "generic"',
            "Expected the rung generic; it came out as_written.",
        ),
        ('outcome = "send"\nfindings = ["INT201"]', "a finding of INT201; found: none."),
        ('outcome = "send"\ncontains = { sms = ["x"] }', "no such part is sent"),
        (
            'outcome = "send"\ncontains = { title = ["Ink is here, Anna"] }',
            "  expected  Ink is here, Anna\n" + 28 * " " + "-\n  came out  Ink is here, Ann\n",
        ),
        (
            'outcome = "send"\nabsent = { title = ["Ann"] }',
            "written by slot first_name at templates/ink/title.j2:1:\n  Ink is here, [[Ann]]",
        ),
        (
            'outcome = "send"\nabsent = { body = ["counter"] }',
            "written by the template's own words",
        ),
        ('outcome = "block"', "city (city): field_not_covered"),
    ],
)
def test_a_failure_says_what_came_out_and_why(open_shop: Any, example: str, said: str) -> None:
    """Expected and found, the difference marked, the slot and the reason."""
    assert said in said_of(open_shop, example)


def test_a_failure_names_the_rule_and_the_cause(open_shop: Any) -> None:
    """Where a message was held back, and by what."""
    body = "We noticed you looked at ink.{{ first_name }}{{ city }}{{ code }}"
    files = {"templates/ink/body.j2": body, "partials/macros.j2": None}
    with pytest.raises(ExampleFailed) as caught:
        open_shop(files).example("named").run()
    assert "Why it is block (block):\n  [INT2" in str(caught.value)
    assert "What the check found:\n  INT2" in str(caught.value)


def test_there_is_a_test_for_each_template_and_law(open_shop: Any) -> None:
    """Or for the laws that are chosen, in the order of all."""
    assert len(list(open_shop().laws())) == len(Options().chosen)
    bench = open_shop(laws=("fits", "reads_well"))
    assert [test.name for test in bench.laws()] == ["ink: reads_well", "ink: fits"]
    assert next(iter(bench.laws())).run() == ("74 versions were looked at",)


@pytest.mark.parametrize("options", [{"laws": ("fit",)}, {"budget_s": 0.0}])
def test_wrong_options_are_refused(options: dict[str, Any]) -> None:
    """Before anything is tried."""
    with pytest.raises(UsageError, match="GP501"):
        Options(**options)


def test_nothing_is_compared_before_anything_is_approved(open_shop: Any) -> None:
    """A pack without snapshots has no test of them."""
    assert list(open_shop().snapshots()) == []


def test_a_changed_sentence_shows_as_a_difference(open_shop: Any) -> None:
    """Approved, compared, changed, approved again."""
    bench = open_shop()
    ((file, _),) = accept(bench.engine, bench.root)
    assert file == "snapshots/ink.txt"
    (test,) = bench.snapshots()
    assert test.run() == ()
    title = "Paper is here{% if first_name %}, {{ first_name }}{% endif %}"
    changed = open_shop({"templates/ink/title.j2": title})
    (test,) = changed.snapshots()
    with pytest.raises(SnapshotDiffers, match=r"-Ink is here, Ann\n\+Paper is here, Ann"):
        test.run()
    assert len(list(accept(changed.engine, changed.root))) == 1
    assert list(accept(changed.engine, changed.root)) == []


def test_a_snapshot_without_a_template_is_told_and_dropped(open_shop: Any) -> None:
    """And a template without one is told too."""
    bench = open_shop({"snapshots/gone.txt": "old"})
    missing, stale = bench.snapshots()
    with pytest.raises(SnapshotDiffers, match="nobody has approved what 'ink' says"):
        missing.run()
    with pytest.raises(SnapshotDiffers, match=r"no template goes with gone\.txt"):
        stale.run()
    assert next(iter(dict(accept(bench.engine, bench.root)))) == "snapshots/gone.txt"
    assert not (bench.root / "snapshots" / "gone.txt").exists()


def test_a_snapshot_that_is_no_text_is_told_and_replaced(open_shop: Any) -> None:
    """Like any other file that cannot be read."""
    bench = open_shop({"snapshots/ink.txt": ""})
    (bench.root / "snapshots" / "ink.txt").write_bytes(b"\xff\xfe")
    (test,) = bench.snapshots()
    with pytest.raises(UsageError, match=r"\[GP502\] the snapshot is not UTF-8. \(snap"):
        test.run()
    ((_, difference),) = accept(bench.engine, bench.root)
    assert difference == "the snapshot is not UTF-8."
    assert test.run() == ()


def test_a_pack_without_personas_is_approved_for_two_invented_people(open_shop: Any) -> None:
    """Somebody who allows everything, and somebody who allows nothing."""
    bench = open_shop({EXAMPLE: None, "personas/ann.toml": None})
    ((_, difference),) = accept(bench.engine, bench.root)
    assert "+=== everything-allowed" in difference
    assert "+=== nothing-allowed" in difference


def test_the_page_of_a_letter_is_approved_as_its_words_and_links(open_shop: Any) -> None:
    """Markup is not what people sign."""
    page = '<p>Ink <a href="https://paper-shop.example/ink">here</a></p>'
    files = {
        "templates/ink/template.toml": (
            'channel = "web"\npurpose = "essential.service.notifications"\n'
        ),
        "templates/ink/title.j2": None,
        "templates/ink/body.j2": None,
        "partials/macros.j2": None,
        "templates/ink/body.html.j2": page,
        EXAMPLE: None,
        "personas/ann.toml": None,
    }
    bench = open_shop(files)
    ((_, difference),) = accept(bench.engine, bench.root)
    assert "+Ink here\n+link: https://paper-shop.example/ink" in difference


def test_a_message_is_rendered_for_a_persona_by_its_id(open_shop: Any) -> None:
    """Of the pack or of the worst cases; an unknown one is told, with the nearest."""
    bench = open_shop()
    assert bench.render("ink", "ann").message["title"] == "Ink is here, Ann"
    assert bench.render("ink", bench.personas["nothing-allowed"]).message is None
    with pytest.raises(UsageError, match="no persona 'an'"):
        bench.render("ink", "an")


def test_the_clock_can_be_stopped(open_shop: Any) -> None:
    """Before the consent was given there is no message."""
    bench = open_shop()
    assert bench.clock.freeze("2026-01-01T00:00:00Z") == datetime(2026, 1, 1, tzinfo=UTC)
    assert bench.render("ink", "ann").message is None
    assert bench.engine.pack.personas["ann"].at > bench.clock()
    assert Clock()().tzinfo is UTC


@pytest.mark.parametrize("at", ["soon", "2026-01-01", datetime(2026, 1, 1)])  # noqa: DTZ001
def test_a_clock_stops_at_moments_only(at: Any) -> None:
    """With a time zone."""
    with pytest.raises(UsageError, match="GP501"):
        Clock().freeze(at)
