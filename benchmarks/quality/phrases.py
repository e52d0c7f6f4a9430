"""
How well the rules tell intrusive copy from the rest: precision and recall on labelled lines.

    python benchmarks/quality/phrases.py                     # the shipped lines
    python benchmarks/quality/phrases.py lines.jsonl ...     # other lines of the same shape
    python benchmarks/quality/phrases.py --show 20           # and the false alarms
    python benchmarks/quality/phrases.py --store             # keep the figures in phrases.json
    python benchmarks/quality/phrases.py --check             # fail if they have got worse

A line is flagged when any finding of the families `intrusive` and `ads` is a warning or worse;
figures for errors alone stand beside.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from guardedpersonalize.check.context import CheckContext
from guardedpersonalize.check.parts import read_part
from guardedpersonalize.check.rules import RuleSet
from guardedpersonalize.render.draft import Chunk, Part, PartKind
from guardedpersonalize.vocabulary import Channel, Family, IntrusiveCategory, Severity

HERE = Path(__file__).parent
SHIPPED = HERE / "data" / "phrases_dev.jsonl"
STORED = HERE / "phrases.json"
TOLERANCE = 0.005
"""How far a figure may fall before `--check` fails; one line in two hundred."""

STYLES = {"blunt", "clean", "hard", "subtle"}
CHANNELS = {"subject": Channel.EMAIL, "letter": Channel.POST}
COUNTED = {Family.INTRUSIVE, Family.ADS}


@dataclass(frozen=True, slots=True)
class Line:
    """One labelled line and what was found in it: (rule, category, severity) of each finding."""

    id: str
    channel: str
    style: str
    text: str
    is_intrusive: bool
    categories: frozenset[str]
    found: tuple[tuple[str, str, Severity], ...]

    def is_flagged(self, least: Severity) -> bool:
        """Tell whether there is a finding of *least* or worse."""
        return any(severity.rank >= least.rank for _, _, severity in self.found)


def findings_of(rules: RuleSet, text: str, channel: str) -> tuple[tuple[str, str, Severity], ...]:
    """
    Return what the check finds in a passage: rule, category and severity of each finding.

    This is the one place that knows how the check is called.
    """
    part = Part("text", PartKind.TEXT, (Chunk(text),))
    context = CheckContext(channel=CHANNELS.get(channel) or Channel(channel))
    return tuple(
        (finding.rule, finding.category, finding.severity)
        for finding in rules.find(read_part(part), context)
        if finding.family in COUNTED
    )


def read_lines(path: Path, rules: RuleSet) -> list[Line]:
    """Read and check every line of *path*."""
    lines = []
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        style = row["note"].split(":")[0]
        lines.append(
            Line(
                id=row["id"],
                channel=row["channel"],
                style=style if style in STYLES else "other",
                text=row["text"],
                is_intrusive=row["intrusive"],
                categories=frozenset(row["categories"]),
                found=findings_of(rules, row["text"], row["channel"]),
            )
        )
    return lines


def figures(lines: Sequence[Line], least: Severity) -> dict[str, float]:
    """Return precision, recall and the counts behind them."""
    hits = sum(line.is_intrusive and line.is_flagged(least) for line in lines)
    alarms = sum(not line.is_intrusive and line.is_flagged(least) for line in lines)
    wanted = sum(line.is_intrusive for line in lines)
    return {
        "lines": len(lines),
        "intrusive": wanted,
        "hits": hits,
        "false_alarms": alarms,
        "precision": round(hits / (hits + alarms), 4) if hits + alarms else 1.0,
        "recall": round(hits / wanted, 4) if wanted else 1.0,
    }


def by_category(lines: Sequence[Line]) -> dict[str, dict[str, float]]:
    """
    Return per category how many of its lines are flagged at all, and how well it is named.

    A line may have several categories. `named` is the share of its lines that a rule of that very
    category found; `precision` the share of lines that such a rule flagged and that are intrusive.
    """
    table = {}
    for category in IntrusiveCategory:
        ours = [line for line in lines if category.value in line.categories]
        named = [line for line in lines if category.value in _categories_found(line)]
        table[category.value] = {
            "lines": len(ours),
            "flagged": _share(line.is_flagged(Severity.WARN) for line in ours),
            "named": _share(category.value in _categories_found(line) for line in ours),
            "precision": _share(line.is_intrusive for line in named),
        }
    return table


def _categories_found(line: Line) -> set[str]:
    return {found for _, found, severity in line.found if severity.rank >= Severity.WARN.rank}


def _share(truths: Iterable[bool]) -> float:
    values = list(truths)
    return round(sum(values) / len(values), 4) if values else 1.0


def by_group(lines: Sequence[Line], group: Callable[[Line], str]) -> dict[str, dict[str, float]]:
    """Return the figures at warning level for each group of lines."""
    names = sorted({group(line) for line in lines})
    return {
        name: figures([line for line in lines if group(line) == name], Severity.WARN)
        for name in names
    }


def report(name: str, lines: Sequence[Line], show: int) -> dict[str, dict[str, float]]:
    """Print the tables for one file and return the figures that are kept."""
    kept = {level.value: figures(lines, level) for level in (Severity.WARN, Severity.ERROR)}
    print(f"\n{name}: {len(lines)} lines, {kept['warn']['intrusive']:.0f} of them intrusive")
    for level, row in kept.items():
        print(
            f"  at {level:5} precision {row['precision']:.3f}  recall {row['recall']:.3f}"
            f"  ({row['hits']:.0f} hits, {row['false_alarms']:.0f} false alarms)"
        )
    print("  category         lines  flagged  named  precision")
    for category, row in by_category(lines).items():
        print(
            f"  {category:16} {row['lines']:5.0f}  {row['flagged']:7.3f}  {row['named']:5.3f}"
            f"  {row['precision']:9.3f}"
        )
    for title, group in (("channel", _channel), ("style", _style)):
        print(f"  {title:16} lines  precision  recall  false alarms")
        for value, row in by_group(lines, group).items():
            recall = f"{row['recall']:6.3f}" if row["intrusive"] else f"{'-':>6}"
            precision = f"{row['precision']:9.3f}" if row["intrusive"] else f"{'-':>9}"
            print(
                f"  {value:16} {row['lines']:5.0f}  {precision}  {recall}"
                f"  {row['false_alarms']:12.0f}"
            )
    _show(lines, show)
    return kept


def _channel(line: Line) -> str:
    return line.channel


def _style(line: Line) -> str:
    return line.style


def _show(lines: Sequence[Line], count: int) -> None:
    """Print false alarms, and the rules that raise most of them."""
    alarms = [line for line in lines if not line.is_intrusive and line.is_flagged(Severity.WARN)]
    if not count or not alarms:
        return
    rules = Counter(rule for line in alarms for rule in sorted({rule for rule, _, _ in line.found}))
    print("  false alarms by rule:", ", ".join(f"{rule} {n}" for rule, n in rules.most_common(10)))
    for line in alarms[:count]:
        print(f"  {line.id} {sorted({rule for rule, _, _ in line.found})} {line.text}")


def worse(stored: dict[str, dict[str, float]], now: dict[str, dict[str, float]]) -> list[str]:
    """Return which figures have fallen by more than the tolerance."""
    return [
        f"{level} {figure}: {stored[level][figure]:.4f} -> {now[level][figure]:.4f}"
        for level in stored
        for figure in ("precision", "recall")
        if now[level][figure] < stored[level][figure] - TOLERANCE
    ]


def main(argv: Sequence[str] | None = None) -> int:
    """Print the tables; return 1 where `--check` finds that something got worse."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("files", nargs="*", type=Path, default=[SHIPPED])
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N false alarms")
    parser.add_argument("--store", action="store_true", help="keep the figures in phrases.json")
    parser.add_argument("--check", action="store_true", help="fail if the figures got worse")
    options = parser.parse_args(argv)
    rules = RuleSet.load()
    stored = json.loads(STORED.read_text(encoding="utf-8")) if STORED.exists() else {}
    failures: list[str] = []
    for path in options.files:
        kept = report(path.name, read_lines(path, rules), options.show)
        if options.check:
            if path.name not in stored:
                failures.append(f"{path.name}: no stored figures")
            failures += [f"{path.name}: {line}" for line in worse(stored.get(path.name, {}), kept)]
        if options.store:
            stored[path.name] = kept
    if options.store:
        STORED.write_text(json.dumps(stored, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    for failure in failures:
        print("worse:", failure)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
