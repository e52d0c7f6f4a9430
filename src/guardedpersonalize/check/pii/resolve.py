"""One finding for one place: overlapping detections, also of different kinds, are resolved."""

from __future__ import annotations

import functools
from bisect import bisect_left, insort
from collections.abc import Iterable

from guardedpersonalize.check.context import Detection
from guardedpersonalize.check.pii.entities import ENTITIES

__all__ = ["resolve"]


@functools.cache
def _ranks() -> dict[str, int]:
    return {key: rank for rank, key in enumerate(ENTITIES)}


def resolve(detections: Iterable[Detection]) -> list[Detection]:
    """
    Return *detections* without overlaps, in the order of the text.

    Of two that share a character the one with the higher score is kept, then the longer one, then
    the one that comes first in `ENTITIES` (kinds of other detectors come last, by name).
    """
    kept: list[tuple[int, int, Detection]] = []
    for detection in sorted(set(detections), key=_strength):
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
