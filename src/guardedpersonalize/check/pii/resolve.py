"""One detection for one place: those that overlap are resolved, also of different kinds."""

from __future__ import annotations

import functools
from bisect import bisect_left, insort
from collections.abc import Iterable

from guardedpersonalize.check.context import VERDICT, Detection
from guardedpersonalize.check.pii.entities import ENTITIES

__all__ = ["resolve"]


@functools.cache
def _ranks() -> dict[str, int]:
    return {key: rank for rank, key in enumerate(ENTITIES)}


def resolve(detections: Iterable[Detection]) -> list[Detection]:
    """
    Return *detections* without overlaps, in the order of the text.

    Of two that share a character the one with the higher score is kept, then the longer one, then
    the one that comes first in `ENTITIES` (kinds of other detectors come last, by name). A verdict
    on wording may stand over an identifier: the two say different things of a place.
    """
    verdicts: list[Detection] = []
    identifiers: list[Detection] = []
    for detection in set(detections):
        is_verdict = detection.entity.startswith(VERDICT)
        (verdicts if is_verdict else identifiers).append(detection)
    return sorted(_apart(verdicts) + _apart(identifiers), key=lambda d: (d.start, d.end))


def _apart(detections: Iterable[Detection]) -> list[Detection]:
    kept: list[tuple[int, int, Detection]] = []
    for detection in sorted(detections, key=_strength):
        start, end = detection.start, detection.end
        place = bisect_left(kept, (start, end), key=_span)
        before_is_free = place == 0 or kept[place - 1][1] <= start
        if end > start and before_is_free and (place == len(kept) or kept[place][0] >= end):
            insort(kept, (start, end, detection), key=_span)
    return [detection for _, _, detection in kept]


def _span(item: tuple[int, int, Detection]) -> tuple[int, int]:
    return item[:2]


def _strength(detection: Detection) -> tuple[float, int, int, str, int]:
    length = detection.end - detection.start
    ranks = _ranks()
    rank = ranks.get(detection.entity, len(ranks))
    return (-detection.score, -length, rank, detection.entity, detection.start)
