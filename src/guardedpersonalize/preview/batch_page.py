"""A batch as one page: what became of it, why, and a few of its messages. No script, no network."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Any, Final

from guardedpersonalize.check import ReadPart, Region, RegionKind, RuleSet, read_part
from guardedpersonalize.decide import Policy, Rung
from guardedpersonalize.engine import BatchReport
from guardedpersonalize.engine.report import SlotCount
from guardedpersonalize.engine.sample import Sample, Sampled
from guardedpersonalize.minimise import sentence_of
from guardedpersonalize.preview.page import STATIC, environment

__all__ = ["About", "batch_page"]

_SHOWN: Final = frozenset({RegionKind.PLAIN, RegionKind.VISIBLE, RegionKind.PREHEADER})
_KINDS: Final = {
    "send": "Sent in full",
    "reduced": "Sent with less in it",
    "review": "Held for a person to review",
    "block": "Blocked",
}
_RUNGS: Final = {
    Rung.AS_WRITTEN: "as written",
    Rung.OMITTED: "with a slot left out",
    Rung.FALLBACK: "with a fallback instead",
    Rung.GENERIC: "the generic version",
    Rung.REVIEW: "none: held for review",
    Rung.BLOCK: "none: blocked",
}
_CHART: Final = (640, 200, 24)
"""Width and height of the plot of scores, and the room below it for its axis; units of the SVG."""


@dataclass(frozen=True, slots=True)
class About:
    """
    What a page says of the batch itself.

    Args:
        pack: Name and version of the pack.
        template: Name of the template.
        at: The moment that was decided for.
        policy: Its limits are drawn into the plot of scores.
        is_dry: True where nothing was written but the page.
        is_whole: False where the run was interrupted.
    """

    pack: str
    template: str
    at: datetime
    policy: Policy
    is_dry: bool
    is_whole: bool = True


def batch_page(
    about: About, report: BatchReport, sample: Sample, *, show_values: bool = False
) -> str:
    """
    Return the page: HTML in one piece, for a browser without any network.

    Args:
        about: The batch.
        report: Its counts.
        sample: The messages to show.
        show_values: Show what slots hold, and whose message it is. Else the slots' names stand in
            the place of every value.
    """
    css = (STATIC / "batch.css").read_text(encoding="utf-8")
    template = environment().overlay(trim_blocks=True).get_template("batch.html.j2")
    return template.render(
        about=about,
        report=report,
        css=css,
        css_hash=base64.b64encode(hashlib.sha256(css.encode()).digest()).decode(),
        kinds=[(kind, name, report.outcomes[kind]) for kind, name in _KINDS.items()],
        rungs=_bars((_RUNGS[rung], report.rungs[rung.value]) for rung in Rung),
        causes=_ranked(_causes(report)),
        rules=_ranked(_rules(report)),
        rejected=_ranked(report.rejected),
        slots=[_slot(name, count) for name, count in report.slots.items()],
        withheld=_ranked(_withheld(report)),
        doubts=report.doubts(),
        chart=_chart(report.scores, about.policy) if report.scores else None,
        messages=[_message(one, show_values=show_values) for one in sample],
        show_values=show_values,
    )


def _bars(rows: Iterable[tuple[str, int]]) -> list[tuple[str, int, float]]:
    """Return `(name, count, percent of the largest)` of the rows that count anything."""
    counted = [(name, count) for name, count in rows if count]
    most = max((count for _, count in counted), default=1)
    return [(name, count, round(100 * count / most, 2)) for name, count in counted]


def _ranked(counts: Mapping[tuple[str, str], int]) -> list[tuple[str, str, int, float]]:
    """Return `(code, words, count, percent of the largest)`, the commonest first."""
    rows = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    most = rows[0][1] if rows else 1
    return [(*key, count, round(100 * count / most, 2)) for key, count in rows]


def _causes(report: BatchReport) -> Counter[tuple[str, str]]:
    causes: Counter[tuple[str, str]] = Counter()
    for (code, message), count in report.causes.items():
        # Every score has a sentence of its own; together they are one cause.
        causes[code, "the score is too high." if code == "score" else message] += count
    return causes


def _rules(report: BatchReport) -> dict[tuple[str, str], int]:
    words = {rule.id: rule.message for rule in RuleSet.load().rules}
    return {(id_, words.get(id_, "")): count for id_, count in report.rules.items()}


def _withheld(report: BatchReport) -> dict[tuple[str, str], int]:
    """Return how often each reason kept a slot from being filled, and which slots those were."""
    slots: dict[str, Counter[str]] = {}
    for name, count in report.slots.items():
        for code, number in count.reasons.items():
            slots.setdefault(code, Counter())[name] += number
    return {
        (
            code,
            f"{sentence_of(code)} ({', '.join(f'{n} {c:,}' for n, c in counts.most_common())})",
        ): counts.total()
        for code, counts in slots.items()
    }


def _slot(name: str, count: SlotCount) -> dict[str, Any]:
    parts, start = [], 0.0
    for kind in ("filled", "fallback", "empty"):
        share = 100 * getattr(count, kind) / count.rows
        parts.append((kind, round(start, 2), round(share, 2)))
        start += share
    return {"name": name, "count": count, "parts": parts}


def _chart(scores: Counter[int], policy: Policy) -> dict[str, Any]:
    """Return the bars of the plot of scores, and the policy's limits, in units of the SVG."""
    width, height, below = _CHART
    limits = [
        (name, limit)
        for name, limit in (("review", policy.review_score), ("block", policy.block_score))
        if limit is not None
    ]
    last = int(max([*scores, *(limit for _, limit in limits)])) + 1
    step, most = width / (last + 1), max(scores.values())
    every = 1 + last // 12
    return {
        "width": width,
        "height": height + below,
        "floor": height,
        "bars": [
            (round(score * step, 2), round(height * count / most * 0.9, 2), round(step * 0.9, 2))
            for score, count in sorted(scores.items())
        ],
        "limits": [(name, limit, round(limit * step, 2)) for name, limit in limits],
        "ticks": [(score, round(score * step, 2)) for score in range(0, last + 1, every)],
        "rows": sorted(scores.items()),
    }


def _message(one: Sampled, *, show_values: bool) -> dict[str, Any]:
    result, decision = one.result, one.result.decision
    filled = frozenset(slot.spec.name for slot in (result.slots.filled if result.slots else ()))
    return {
        "title": _KINDS[one.kind],
        "version": _RUNGS[decision.rung] if decision.is_reduced else "",
        "person": one.person if show_values else "",
        "score": f"{decision.score.total:g}",
        "causes": decision.causes,
        "findings": decision.findings,
        "parts": [
            (part.name, list(_runs(read_part(part), filled, show_values=show_values)))
            for part in (result.draft.parts if result.draft else ())
        ],
    }


def _runs(
    read: ReadPart, filled: frozenset[str], *, show_values: bool
) -> Iterator[tuple[str, str]]:
    """Yield `(text, slots)` of what a reader sees; the text of a slot is "" where it is masked."""
    for region in read.regions:
        if region.kind not in _SHOWN:
            continue
        behind = partial(_slots_at, read, region, filled)
        for slots, places in groupby(range(len(region.text)), behind):
            run = list(places)
            text = region.text[run[0] : run[-1] + 1]
            yield ("" if slots and not show_values else text), slots
        yield "\n", ""


def _slots_at(read: ReadPart, region: Region, filled: frozenset[str], at: int) -> str:
    """Return the names of the filled slots behind one character."""
    found = {slot for origin in read.origins(region, at, at + 1) for slot in origin.slots}
    return ", ".join(sorted(found & filled))
