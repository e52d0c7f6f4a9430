"""Overlapping detections are resolved to one for each place."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from guardedpersonalize.check.context import VERDICT, Detection
from guardedpersonalize.check.pii import ENTITIES, resolve

DETECTIONS = st.builds(
    lambda entity, start, length, score: Detection(entity, start, start + length, score / 4),
    st.sampled_from([*list(ENTITIES)[:4], "PERSON", "URL"]),
    st.integers(0, 20),
    st.integers(0, 8),
    st.integers(0, 4),
)


def test_the_surer_one_is_kept_then_the_longer_one_then_the_more_telling_kind() -> None:
    """Score, length, order of the kinds."""
    sure = Detection("AGE", 2, 4, 0.9)
    assert resolve([Detection("US_SSN", 0, 9, 0.5), sure]) == [sure]
    long = Detection("AGE", 0, 9, 0.5)
    assert resolve([Detection("US_SSN", 0, 4, 0.5), long]) == [long]
    telling = Detection("US_SSN", 0, 4, 0.5)
    assert resolve([Detection("UK_NHS", 0, 4, 0.5), telling]) == [telling]
    known = Detection("AGE", 0, 4, 0.5)
    assert resolve([Detection("A_KIND_OF_OTHERS", 0, 4, 0.5), known]) == [known]


def test_neighbours_do_not_overlap() -> None:
    """Spans are half-open; empty ones are no detections."""
    both = [Detection("AGE", 0, 2, 0.5), Detection("AGE", 2, 4, 0.5)]
    assert resolve([*reversed(both), Detection("AGE", 9, 9, 1.0)]) == both


@given(st.lists(DETECTIONS, max_size=12), st.randoms())
def test_what_is_kept_does_not_overlap_and_what_is_dropped_does(
    detections: list[Detection], random: object
) -> None:
    """In any order of the input; and resolving again changes nothing."""
    kept = resolve(detections)
    assert resolve(reversed(detections)) == kept == resolve(kept)
    assert all(a.end <= b.start for a, b in pairwise(kept))
    for one in detections:
        rivals = [k for k in kept if k.start < one.end and one.start < k.end]
        assert one in kept or one.start == one.end or max(k.score for k in rivals) >= one.score


def test_a_verdict_may_stand_over_an_identifier() -> None:
    """Each says something else of the place; of two verdicts the likelier stays."""
    name = Detection("PERSON", 3, 8, 0.9)
    sure = Detection(f"{VERDICT}relations", 0, 20, 0.8)
    less = Detection(f"{VERDICT}location", 10, 30, 0.7)
    assert resolve([less, name, sure]) == [sure, name]
