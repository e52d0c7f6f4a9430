"""
How well intrusive copy is told from the rest, on lines labelled by authors the model never read.

    python benchmarks/quality/phrases.py                     # the files kept for reporting
    python benchmarks/quality/phrases.py lines.jsonl ...     # other lines of the same shape
    python benchmarks/quality/phrases.py --show 20           # and false alarms and misses
    python benchmarks/quality/phrases.py --plot curve.svg    # precision over recall, drawn
    python benchmarks/quality/phrases.py --store             # keep the figures in phrases.json
    python benchmarks/quality/phrases.py --check             # fail if they have got worse

A line is flagged when any finding of the families `intrusive` and `ads` is a warning or worse;
figures for errors alone stand beside. Rules alone, the model alone and both are told apart.
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from figures import add_options, settle

from guardedpersonalize.check import CheckContext, Detection, Finding, RuleSet, read_part
from guardedpersonalize.check.context import VERDICT
from guardedpersonalize.check.finding import Speaker
from guardedpersonalize.check.reader import Reader as ModelReader
from guardedpersonalize.check.reader import windows
from guardedpersonalize.render.draft import Chunk, Part, PartKind
from guardedpersonalize.vocabulary import Channel, Family, IntrusiveCategory, Severity

HERE = Path(__file__).parent
TRAINING = HERE.parents[1] / "training"
STORED = HERE / "phrases.json"
TOLERANCE = 0.01
"""How far a figure may fall before `--check` fails; retraining moves them by as much."""

STYLES = {"blunt", "clean", "hard", "subtle"}
CHANNELS = {"subject": Channel.EMAIL, "letter": Channel.POST, "inapp": Channel.IN_APP}
COUNTED = {Family.INTRUSIVE, Family.ADS}
READERS = ("rules", "model", "both")
ASKED = (0.9, 0.95, 0.97, 0.99)


def kept_for_reporting() -> list[Path]:
    """Return the files that training only calibrates on or never reads, as its config says."""
    config = tomllib.loads((TRAINING / "config.toml").read_text(encoding="utf-8"))["phrases"]
    names = (*config["calibrate"], *config["report"])
    return [TRAINING / "data" / f"{name}.jsonl" for name in names]


@dataclass(frozen=True, slots=True)
class Line:
    """One labelled line, what each reader found in it, and how sure the model is."""

    id: str
    pair: str
    channel: str
    style: str
    text: str
    is_intrusive: bool
    categories: frozenset[str]
    spans: tuple[tuple[int, int], ...]
    found: dict[str, tuple[Finding, ...]]
    chance: float

    def is_flagged(self, least: Severity = Severity.WARN, reader: str = "both") -> bool:
        """Tell whether *reader* has a finding of *least* or worse."""
        return any(finding.severity.rank >= least.rank for finding in self.found[reader])

    def named(self) -> set[str]:
        """Return the categories of what is found at warning level."""
        return {f.category for f in self.found["both"] if f.severity.rank >= Severity.WARN.rank}


class Check:
    """The check of a passage, taken apart. This is the one place that knows how it is called."""

    def __init__(self) -> None:
        self._rules = RuleSet.load()
        self._reader = ModelReader()

    def read(self, text: str, channel: str) -> tuple[dict[str, tuple[Finding, ...]], float]:
        """Return what rules, model and both find in a passage, and how sure the model is."""
        read = read_part(Part("text", PartKind.TEXT, (Chunk(text),)))
        context = CheckContext(channel=CHANNELS.get(channel) or Channel(channel))
        seen = [
            detection
            for detection in self._reader.detect(text, lang="en", regions=())
            if detection.entity.startswith(VERDICT)
        ]
        together = self._counted(self._rules.find(read, context, _of_region(seen)))
        found = {
            "rules": self._counted(self._rules.find(read, context)),
            "model": tuple(finding for finding in together if finding.speaker is Speaker.MODEL),
            "both": together,
        }
        return found, self._chance(text)

    def _chance(self, text: str) -> float:
        verdicts = (self._reader.read(text[a:b])[0] for a, b in windows(text))
        return max((verdict.probability for verdict in verdicts), default=0.0)

    @staticmethod
    def _counted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
        return tuple(finding for finding in findings if finding.family in COUNTED)


def _of_region(seen: Sequence[Detection]) -> dict[int, Sequence[Detection]]:
    return {0: seen}


def read_lines(path: Path, check: Check) -> list[Line]:
    """Read and check every line of *path*."""
    lines = []
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        style = row["note"].split(":")[0].split()[0].strip(",")
        found, chance = check.read(row["text"], row["channel"])
        lines.append(
            Line(
                id=row["id"],
                pair=row.get("pair") or "",
                channel=row["channel"],
                style=style if style in STYLES else "twin",
                text=row["text"],
                is_intrusive=row["intrusive"],
                categories=frozenset(row["categories"]),
                spans=tuple((a, b) for a, b in row.get("spans") or ()),
                found=found,
                chance=chance,
            )
        )
    return lines


def figures(
    lines: Sequence[Line], least: Severity = Severity.WARN, reader: str = "both"
) -> dict[str, float]:
    """Return precision, recall and the counts behind them."""
    hits = sum(line.is_intrusive and line.is_flagged(least, reader) for line in lines)
    alarms = sum(not line.is_intrusive and line.is_flagged(least, reader) for line in lines)
    wanted = sum(line.is_intrusive for line in lines)
    return {
        "lines": len(lines),
        "intrusive": wanted,
        "hits": hits,
        "false_alarms": alarms,
        "precision": round(hits / (hits + alarms), 4) if hits + alarms else 1.0,
        "recall": round(hits / wanted, 4) if wanted else 1.0,
    }


def pairs_right(lines: Sequence[Line]) -> tuple[int, int]:
    """Return in how many pairs the one is flagged and no twin is, and how many pairs there are."""
    pairs: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        if line.pair:
            pairs[line.pair].append(line)
    whole = [pair for pair in pairs.values() if len({line.is_intrusive for line in pair}) > 1]
    right = sum(all(line.is_flagged() == line.is_intrusive for line in pair) for pair in whole)
    return right, len(whole)


def located(lines: Sequence[Line]) -> tuple[int, int]:
    """Return in how many hits a finding overlaps the marked clause, and how many hits there are."""
    hits = [line for line in lines if line.is_intrusive and line.spans and line.is_flagged()]
    return sum(map(_is_located, hits)), len(hits)


def _is_located(line: Line) -> bool:
    return any(
        finding.start < end and finding.end > start
        for finding in line.found["both"]
        if finding.severity.rank >= Severity.WARN.rank
        for start, end in line.spans
    )


def curve(lines: Sequence[Line]) -> list[tuple[float, float]]:
    """Return (recall, precision) of the model alone, from its surest verdict down."""
    wanted = sum(line.is_intrusive for line in lines)
    hits, points = 0, []
    for count, line in enumerate(sorted(lines, key=lambda line: -line.chance), 1):
        hits += line.is_intrusive
        points.append((hits / wanted, hits / count))
    return points


def area(lines: Sequence[Line]) -> float:
    """Return how often an intrusive line gets the higher verdict of two (ROC AUC)."""
    ranked = sorted(lines, key=lambda line: line.chance)
    good, above = 0, 0
    for line in ranked:
        if line.is_intrusive:
            above += good
        else:
            good += 1
    return above / (good * (len(lines) - good)) if 0 < good < len(lines) else 1.0


def report(name: str, lines: Sequence[Line], show: int) -> dict[str, float]:
    """Print the tables for one file and return the figures that are kept."""
    kept: dict[str, float] = {}
    print(f"\n{name}: {len(lines)} lines, {sum(x.is_intrusive for x in lines)} of them intrusive")
    print("  reader  at     precision  recall   hits  false alarms")
    for reader in READERS:
        for least in (Severity.WARN, Severity.ERROR):
            row = figures(lines, least, reader)
            print(
                f"  {reader:7} {least.value:6} {row['precision']:9.3f}  {row['recall']:6.3f}"
                f"  {row['hits']:5.0f}  {row['false_alarms']:12.0f}"
            )
            for figure in ("precision", "recall"):
                kept[f"{reader} {least.value} {figure}"] = row[figure]
    for title, (right, count) in (
        ("pairs both right", pairs_right(lines)),
        ("hits that overlap the marked clause", located(lines)),
    ):
        if count:
            print(f"  {title}: {right} of {count}, {right / count:.3f}")
            kept[title] = round(right / count, 4)
    points = curve(lines)
    kept["model area under the curve"] = round(area(lines), 4)
    print(f"  model alone: area {area(lines):.3f};", end="")
    for asked in ASKED:
        reached = max((recall for recall, exact in points if exact >= asked), default=0.0)
        print(f" recall {reached:.3f} at precision {asked}", end=";" if asked < ASKED[-1] else "\n")
    _print_categories(lines)
    for title, group in (("channel", _channel), ("style", _style)):
        _print_groups(title, lines, group)
    _show(lines, show)
    return kept


def _print_categories(lines: Sequence[Line]) -> None:
    """
    Print per category how many of its lines are flagged at all, and how well it is named.

    A line may have several categories. `named` is the share of its lines in which that very
    category was found; `precision` the share of lines so named that are intrusive.
    """
    print("  category         lines  flagged  named  precision")
    for category in IntrusiveCategory:
        ours = [line for line in lines if category.value in line.categories]
        named = [line for line in lines if category.value in line.named()]
        print(
            f"  {category.value:16} {len(ours):5}  {_share(x.is_flagged() for x in ours):7.3f}"
            f"  {_share(category.value in x.named() for x in ours):5.3f}"
            f"  {_share(x.is_intrusive for x in named):9.3f}"
        )


def _print_groups(title: str, lines: Sequence[Line], group: Callable[[Line], str]) -> None:
    print(f"  {title:16} lines  precision  recall  false alarms")
    for value in sorted({group(line) for line in lines}):
        row = figures([line for line in lines if group(line) == value])
        recall = f"{row['recall']:6.3f}" if row["intrusive"] else f"{'-':>6}"
        precision = f"{row['precision']:9.3f}" if row["intrusive"] else f"{'-':>9}"
        print(
            f"  {value:16} {row['lines']:5.0f}  {precision}  {recall}  {row['false_alarms']:12.0f}"
        )


def _share(truths: Iterable[bool]) -> float:
    values = list(truths)
    return round(sum(values) / len(values), 4) if values else 1.0


def _channel(line: Line) -> str:
    return line.channel


def _style(line: Line) -> str:
    return line.style


def _show(lines: Sequence[Line], count: int) -> None:
    """Print false alarms, the rules that raise most of them, and misses."""
    alarms = [line for line in lines if not line.is_intrusive and line.is_flagged()]
    misses = [line for line in lines if line.is_intrusive and not line.is_flagged()]
    if not count:
        return
    rules = Counter(rule for line in alarms for rule in sorted(_rules_of(line)))
    print("  false alarms by rule:", ", ".join(f"{rule} {n}" for rule, n in rules.most_common(12)))
    for line in sorted(alarms, key=lambda line: -line.chance)[:count]:
        print(f"  alarm {line.id} {line.chance:.2f} {sorted(_rules_of(line))} {line.text!r}")
    for line in sorted(misses, key=lambda line: line.chance)[:count]:
        print(f"  miss  {line.id} {line.chance:.2f} {sorted(line.categories)} {line.text!r}")


def _rules_of(line: Line) -> set[str]:
    return {f.rule for f in line.found["both"] if f.severity.rank >= Severity.WARN.rank}


def plot(curves: dict[str, list[tuple[float, float]]], path: Path) -> None:
    """Draw precision over recall as SVG; precision from .5 up."""
    width, height, edge = 480, 320, 40
    shades = ("#1b6ca8", "#c4622d", "#3b7a57", "#7a4b94")

    def at(recall: float, precision: float) -> str:
        across = edge + recall * (width - 2 * edge)
        down = height - edge - (precision - 0.5) * 2 * (height - 2 * edge)
        return f"{across:.1f},{min(down, height - edge):.1f}"

    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-size="11">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
    ]
    for precision in (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0):
        left, right = at(0, precision).split(","), at(1, precision).split(",")
        drawn.append(
            f'<path d="M{",".join(left)} L{",".join(right)}" stroke="#ddd"/>'
            f'<text x="8" y="{float(left[1]) + 4:.1f}">{precision:.2f}</text>'
        )
    for recall in (0, 0.25, 0.5, 0.75, 1):
        across = at(recall, 0.5).split(",")[0]
        drawn.append(f'<text x="{across}" y="{height - 22}" text-anchor="middle">{recall}</text>')
    drawn.append(f'<text x="{width / 2}" y="{height - 6}" text-anchor="middle">recall</text>')
    for number, (name, points) in enumerate(curves.items()):
        line = " ".join(at(recall, precision) for recall, precision in points if precision >= 0.5)
        shade = shades[number % len(shades)]
        drawn.append(f'<polyline points="{line}" fill="none" stroke="{shade}" stroke-width="1.5"/>')
        down = height - edge - 10 - 14 * number
        drawn.append(f'<text x="{edge + 8}" y="{down}" fill="{shade}">{name}</text>')
    path.write_text("\n".join([*drawn, "</svg>"]) + "\n", encoding="utf-8")


def main(argv: Sequence[str] | None = None) -> int:
    """Print the tables; return 1 where `--check` finds that something got worse."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N slips each way")
    parser.add_argument("--plot", type=Path, metavar="SVG", help="draw precision over recall")
    add_options(parser)
    options = parser.parse_args(argv)
    check, now, curves = Check(), {}, {}
    for path in options.files or kept_for_reporting():
        lines = read_lines(path, check)
        now[path.name] = report(path.name, lines, options.show)
        curves[path.stem] = curve(lines)
    if options.plot:
        plot(curves, options.plot)
    return settle(options, STORED, now, TOLERANCE)


if __name__ == "__main__":
    sys.exit(main())
