"""Identifiers that a pack declares."""

from __future__ import annotations

import time

import pytest
from pydantic import ValidationError

from guardedpersonalize.check.pii import ENTITIES, DeclaredDetector, Identifier, Shape
from guardedpersonalize.check.pii.entities import DECLARED
from guardedpersonalize.errors import ConfigError

ORDER = Shape(pattern="FB-[0-9]{6}", entity="ORDER_NUMBER")
PLATE = Shape(
    pattern="[A-Z]{2}[0-9]{2} ?[A-Z]{3}", entity="VEHICLE_PLATE", words=("plate", "your car")
)


def found(text: str, *shapes: Shape) -> list[tuple[str, str]]:
    """Return what *shapes* find in *text*, as entity and text."""
    detector = DeclaredDetector([Identifier.of(shape) for shape in shapes])
    hits = detector.detect(text, lang="de", regions=())
    assert all(0.4 <= hit.score <= 1 for hit in hits)
    return [(hit.entity, text[hit.start : hit.end]) for hit in hits]


def test_a_declared_shape_is_found_where_it_stands() -> None:
    """In any case, and not as a part of something longer."""
    text = "Orders FB-004512, fb-000001; not FB-0045123, XFB-004512 or FB-12345."
    assert found(text, ORDER) == [("ORDER_NUMBER", "FB-004512"), ("ORDER_NUMBER", "fb-000001")]


def test_case_counts_where_the_pack_says_so() -> None:
    """For codes that words could spell."""
    assert found("ab-123456", Shape(pattern="AB-[0-9]{6}", case=True)) == []
    assert found("AB-123456", Shape(pattern="AB-[0-9]{6}", case=True)) == [
        ("ACCOUNT_ID", "AB-123456")
    ]


def test_a_shape_with_words_needs_one_beside_it() -> None:
    """A plate is one beside "your car", and a code elsewhere."""
    assert found("Your car AB12 CDE is due.", PLATE) == [("VEHICLE_PLATE", "AB12 CDE")]
    assert found("Use AB12 CDE at the till.", PLATE) == []


def test_look_alikes_of_a_shape_are_found_as_well() -> None:
    """The span is that of the text as written."""
    assert found("order F\u0412-00\u200b4512!", ORDER) == [("ORDER_NUMBER", "F\u0412-00\u200b4512")]


def test_long_texts_are_read_to_the_end() -> None:
    """Across windows, each hit once."""
    text = "word " * 3999 + "FB-00" + "4512 " + "word " * 9000 + "FB-000001"
    assert [shown for _, shown in found(text, ORDER)] == ["FB-004512", "FB-000001"]


@pytest.mark.parametrize(
    ("pattern", "code"),
    [
        ("FB-(", "GP122"),
        ("[0-9]*", "GP122"),
        ("(?:FB)?", "GP122"),
        ("FB-[0-9]+", "GP124"),
        ("(?:a{1,40}b?){1,40}c", "GP124"),
        ("[a-z]{0,90}[a-z]{0,90}[a-z]{0,90}!", "GP124"),
        ("a{1,101}", "GP124"),
        ("(?:a|b|c?d?e?f?g?h?i?j?k?l?m?)n", "GP124"),
    ],
)
def test_a_pattern_that_cannot_work_is_refused(pattern: str, code: str) -> None:
    """One that cannot be read, finds nothing at all, or could be slow; it is not quoted."""
    with pytest.raises(ConfigError, match=code) as caught:
        Identifier.of(Shape(pattern=pattern))
    assert pattern not in str(caught.value)


@pytest.mark.parametrize(
    "pattern",
    [
        "FB-[0-9]{6}",
        "[a-z0-9]{3,20}_[0-9]{1,4}",
        "(?:GC|FB)-?[0-9]{4}(?:/[A-Z]{1,2})?",
        "[0-9]{100}",
    ],
)
def test_a_bounded_pattern_is_fast_on_anything(pattern: str) -> None:
    """A hundred thousand characters take moments."""
    detector = DeclaredDetector([Identifier.of(Shape(pattern=pattern))])
    start = time.process_time()
    for opening in ("a", "1", "a1", "FB-", "FB-1", "a_"):
        detector.detect((opening * 100_000)[:100_000], lang="en", regions=())
    assert time.process_time() - start < 20


@pytest.mark.parametrize(
    "table",
    [
        {},
        {"pattern": ""},
        {"pattern": "x" * 501},
        {"pattern": "x", "entity": "EMAIL_ADDRESS"},
        {"pattern": "x", "words": ("Plate",)},
        {"pattern": "x", "regex": True},
    ],
    ids=["none", "empty", "long", "entity", "capital", "unknown"],
)
def test_a_table_is_read_strictly(table: dict[str, object]) -> None:
    """Unknown keys, other kinds, words that would never match."""
    with pytest.raises(ValidationError):
        Shape.model_validate(table)


def test_what_can_be_declared_are_kinds_that_rules_know() -> None:
    """Each has a group, so a rule reads it."""
    assert set(Shape.model_fields["entity"].annotation.__args__) == set(DECLARED)
    assert {ENTITIES[key].group for key in DECLARED} == {"account", "vehicle"}
