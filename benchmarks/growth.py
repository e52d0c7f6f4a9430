"""
How the time of a warm guarded message grows: with slots, words, fields, rules and distinct values.

    python -m benchmarks.growth                    # all tables
    python -m benchmarks.growth --quick --plot growth.svg  # less of all, and five small charts

One thing grows at a time. The points of a table take turns in every round, each on people that its
engine has never seen; the bare render of Jinja gets the same values in the same round.
"""

from __future__ import annotations

import argparse
import math
import platform
import random
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import cycle, islice
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import DictLoader, select_autoescape
from jinja2.sandbox import SandboxedEnvironment

from guardedpersonalize import Engine
from guardedpersonalize.check import Identity
from guardedpersonalize.check.rules import RuleSet
from guardedpersonalize.consent import AgeGroup, Consent, ConsentRecord
from guardedpersonalize.decide import Policy
from guardedpersonalize.engine import Recipient
from guardedpersonalize.minimise import SlotSpec
from guardedpersonalize.profile import Field, FieldType, Profile
from guardedpersonalize.testing import TemplateSource, make_pack
from guardedpersonalize.vocabulary import Provenance, Source, category

AT = datetime(2026, 11, 1, 9, tzinfo=UTC)
SEED, FRESH, ROUNDS = 20261123, 100, 7
CONSONANTS = "bdfgklmnprstvz"
SYLLABLES = [c + v for c in CONSONANTS for v in "aeiou"]
KINDS = {
    "name": "user.name.first", "town": "user.contact.address.city", "token": "system.operations",
    "tier": "user.account.loyalty_tier", "email": "user.contact.email",
}  # fmt: skip
USED, OTHERS, BASE = ("name", "town"), ("tier", "email"), ("name", "town", "token")
GIVEN: dict[str, Any] = {
    "given_at": datetime(2026, 5, 1, tzinfo=UTC), "channel_permission": "opt_in",
    "purposes": ["marketing.communications.email"], "channels": ["email"],
    "pii_types": [KINDS[kind] for kind in USED],
}  # fmt: skip
ADJECTIVES = ("old", "green", "wooden", "quiet", "narrow", "bright")
NOUNS = ("bench", "ladder", "kettle", "lantern", "wall", "pond", "path", "shed", "orchard")
ADDRESS = "3 Quay Street, Port Example PX1 2AB"
FOOTER = f"""You get this letter because you subscribed to it. Unsubscribe or manage preferences:
https://larch.example/preferences/{{{{ token|urlencode }}}}\nLarch Books, {ADDRESS}\n"""
SENDER = Identity("Larch Books", postal_addresses=(ADDRESS,), link_domains=("larch.example",))
UNSCORED = Policy(review_score=None, block_score=None)  # 50 names score too much to be sent
PANEL, LEFT, TOP, WIDE, HIGH = (240, 190), 52, 34, 172, 116  # of a chart, and of its axes
STYLE = (
    "svg:root{color:#333}@media(prefers-color-scheme:dark){svg:root{color:#ccc}}"
    "text{fill:currentColor;font:11px sans-serif}path,polyline{stroke:currentColor;fill:none}"
    ".grid{opacity:.2}.guarded{stroke-width:2}.bare{stroke-dasharray:4 3}"
)
Taken = tuple[float, ...]  # size, microseconds guarded and bare, share sent


class Cast:
    """Invented people; no name or town comes twice, but for the kinds that *pools* counts."""

    def __init__(self, fields: Sequence[str], pools: Mapping[str, int] | None = None) -> None:
        self._chance = random.Random(SEED)  # noqa: S311 (the same people each time)
        self._fields = fields
        self._words: set[str] = set()
        self._pools = {kind: [self._new() for _ in range(n)] for kind, n in (pools or {}).items()}

    def people(self, count: int) -> list[Recipient]:
        """Return people that were not there before."""
        return [self._person(f"r-{self._chance.getrandbits(64)}") for _ in range(count)]

    def _person(self, person: str) -> Recipient:
        record = ConsentRecord.simple(record_id="c-1", person=person, **GIVEN)
        values = {name: self._value(name.partition("_")[0]) for name in self._fields}
        consent = Consent(records=(record,), age_group=AgeGroup.ADULT)
        return Recipient(Profile(person, values), consent)

    def _value(self, kind: str) -> object:
        if kind in self._pools:
            return self._chance.choice(self._pools[kind])
        if kind == "token":
            return f"u{self._chance.getrandbits(64):016x}"
        if kind == "email":
            return f"{self._new().lower()}@example.org"
        return self._new()

    def _new(self) -> str:
        before = len(self._words)
        while len(self._words) == before:
            syllables = self._chance.choices(SYLLABLES, k=self._chance.randint(2, 4))
            word = "".join([*syllables, self._chance.choice(["", *CONSONANTS])]).capitalize()
            self._words.add(word)
        return word


class Point(NamedTuple):
    """One size of what grows: its engine, its people, and the bare render of its template."""

    size: float
    engine: Engine
    cast: Cast
    bare: Callable[[dict[str, Any]], list[str]]


def point(
    size: float, body: str, *, fields: Sequence[str] = BASE, slots: Iterable[str] = BASE,
    pools: Mapping[str, int] | None = None, rules: RuleSet | None = None,
) -> Point:  # fmt: skip
    """Return the point of a template with the text *body*."""
    files = {"subject.j2": "News from the club", "body.txt.j2": body}
    source = TemplateSource(files=files, slots=tuple(SlotSpec(name, name) for name in slots))
    kinds = [(name, category(KINDS[name.partition("_")[0]])) for name in fields]
    origin = (Provenance.PROVIDED, Source.DATA_SUBJECT)
    held = [Field(name, FieldType.TEXT, kind, *origin) for name, kind in kinds]
    pack = make_pack(held, {"mail": source}, identity=SENDER, policy=UNSCORED)
    engine = Engine(pack, rules=rules)
    environment = SandboxedEnvironment(loader=DictLoader(files), autoescape=select_autoescape())
    parts = [environment.get_template(name) for name in sorted(files)]
    cast = Cast(fields, pools)
    return Point(size, engine, cast, lambda values: [part.render(values) for part in parts])


def sentences() -> Iterator[str]:
    """Yield plain sentences without end, always the same."""
    chance = random.Random(SEED)  # noqa: S311 (the same words each time)
    while True:
        first, second, one, two, spot = *chance.sample(ADJECTIVES, 2), *chance.sample(NOUNS, 3)
        yield f"The {first} {one} stands by the {spot}, and the {two} beside it is {second}."


def letter(kb: float = 1) -> str:
    """Return a text of *kb* KB of prose, a greeting, a line with a town and a footer."""
    source, words, size = sentences(), "", kb * 1_000
    while len(words) < size:
        words += " ".join(islice(source, min(3, 1 + int(size - len(words)) // 80))) + "\n\n"
    return f"Hello {{{{ name }}}},\n\n{words}Parcels to {{{{ town }}}} go out daily.\n\n{FOOTER}"


def by_slots(size: float) -> Point:
    """Return a letter of 50 places, some of them slots; fields and words stay the same."""
    fields = [f"{kind}_{n}" for n, kind in zip(range(50), cycle(USED), strict=False)]
    slots = fields[: int(size)]
    shown = [f"{{{{ {name} }}}}" if name in slots else "everybody" for name in fields]
    lines = [f"{words} The table is laid for {one}.\n\n" for words, one in zip(sentences(), shown)]  # noqa: B905
    return point(size, "".join(lines) + FOOTER, fields=[*fields, "token"], slots=[*slots, "token"])


def by_fields(size: float) -> Point:
    """Return a letter to people of whom *size* fields are held: what it shows, and others."""
    others = [f"{kind}_{n}" for n, kind in zip(range(int(size) - 3), cycle(OTHERS), strict=False)]
    return point(size, letter(), fields=[*BASE, *others])


def by_rules(size: float) -> Point:
    """Return a letter read with *size* rules: some of the English ones, or with copies of them."""
    shipped, count = RuleSet.load(("en",)), int(size)
    rules, most = shipped.rules, len(shipped.rules)
    chosen = [rules[n * most // min(count, most)] for n in range(min(count, most))]
    again = cycle(rule for rule in rules if rule.match.kind != "unknown")
    for n, rule in enumerate(islice(again, max(count - most, 0))):
        chosen.append(rule.model_copy(update={"id": f"{rule.id[:3]}{90_000 + n}"}))
    return point(size, letter(), rules=RuleSet(chosen, shipped.lists, is_proven=True))


def by_values(size: float) -> Point:
    """Return a letter to people of *size* different first names, in 50 towns."""
    return point(size, letter(), pools={"name": int(size), "town": 50})


class Axis(NamedTuple):
    """Something that grows: its name, a note on it, its sizes, and how a point is made."""

    unit: str
    note: str
    sizes: tuple[float, ...]
    make: Callable[[float], Point]


def axes() -> tuple[Axis, ...]:
    """Return what grows, in the order of the tables."""
    shipped = len(RuleSet.load(("en",)).rules)
    rules = tuple(sorted({50, 100, 250, shipped, 1_000}))
    return (
        Axis("slots", "of 50 places, beside the token", (1, 2, 5, 10, 20, 50), by_slots),
        Axis("KB of prose", "own", (0.1, 1, 5, 20, 50), lambda kb: point(kb, letter(kb))),
        Axis("fields held", "3 shown, others withheld", (10, 50, 100, 250, 500), by_fields),
        Axis("rules", f"{shipped} English ones shipped; more are copies", rules, by_rules),
        Axis("first names", "different ones", (10, 100, 1_000, 10_000), by_values),
    )


def one_pass(each: Point, count: int) -> tuple[float, float, float]:
    """Return microseconds a message to new people, guarded and bare, and the share sent."""
    rows, results = each.cast.people(count), []
    start = time.perf_counter()
    for row in rows:
        result = each.engine.render("mail", row.profile, row.consent, at=AT)
        results.append((result, result.message))
    guarded = time.perf_counter() - start
    contexts = [result.slots.context() if result.slots else {} for result, _ in results]
    start = time.perf_counter()
    for values in contexts:
        each.bare(values)
    bare = time.perf_counter() - start
    sent = sum(message is not None for _, message in results)
    return guarded / count * 1e6, bare / count * 1e6, sent / count


def measure(points: Sequence[Point], rounds: int, count: int) -> list[Taken]:
    """Warm all points, let them take turns in every round, and return the medians."""
    for each in points:
        one_pass(each, 3 * count)
    passes = [[one_pass(each, count) for each in points] for _ in range(rounds)]
    columns = [zip(*its, strict=True) for its in zip(*passes, strict=True)]
    return [(p.size, *map(statistics.median, its)) for p, its in zip(points, columns, strict=True)]


def table(number: int, axis: Axis, taken: Sequence[Taken]) -> None:
    """Print what was measured, and the growth from the first size to the last."""
    print(f"\n{number}. {axis.unit}: {axis.note}")
    print(f"  {axis.unit:>12}  guarded us  bare us  ratio   sent")
    for size, guarded, bare, sent in taken:
        ratio = guarded / bare
        print(f"  {size:12,g}  {guarded:10.1f} {bare:8.1f} {ratio:6.1f} {sent:6.0%}", flush=True)
    size, guarded, bare, _ = (last / first for first, last in zip(taken[0], taken[-1], strict=True))
    print(f"  {axis.unit} x {size:,g}: guarded x {guarded:.2f}, bare x {bare:.2f}")


def chart(axis: Axis, taken: Sequence[Taken]) -> Iterator[str]:
    """Yield the SVG of one chart."""
    most = max(guarded for _, guarded, *_ in taken)
    unit = 10.0 ** math.floor(math.log10(most))
    top = next(step * unit for step in (1, 2, 4, 6, 8, 10) if step * unit >= most)
    logs = [math.log(row[0] / taken[0][0]) for row in taken]
    across = [LEFT + WIDE * log / logs[-1] for log in logs]
    yield f'<text x="{LEFT}" y="16">{axis.unit}</text><path d="M{LEFT} {TOP}v{HIGH}h{WIDE}"/>'
    for share in (0, 0.5, 1):
        y, label = TOP + (1 - share) * HIGH, f"{share * top:,.0f}"
        yield f'<path class="grid" d="M{LEFT} {y}h{WIDE}"/>'
        yield f'<text x="{LEFT - 5}" y="{y + 4}" text-anchor="end">{label}</text>'
    for x, row in zip(across, taken, strict=True):
        yield f'<path d="M{x:.1f} {TOP + HIGH}v4"/>'
        yield f'<text x="{x:.1f}" y="{TOP + HIGH + 16}" text-anchor="middle">{row[0]:g}</text>'
    for column, name in ((1, "guarded"), (2, "bare")):
        down = [TOP + (1 - row[column] / top) * HIGH for row in taken]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across, down, strict=True))
        yield f'<polyline class="{name}" points="{line}"/>'


def plot(found: Sequence[tuple[Axis, Sequence[Taken]]]) -> str:
    """Return an SVG of small charts, three in a row."""
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {3 * PANEL[0]} {2 * PANEL[1]}">',
        f"<title>Microseconds a warm message</title><style>{STYLE}</style>",
    ]
    for number, (axis, taken) in enumerate(found):
        x, y = number % 3 * PANEL[0], number // 3 * PANEL[1]
        lines += [f'<g transform="translate({x} {y})">', *chart(axis, taken), "</g>"]
    x, y = 2 * PANEL[0] + LEFT, PANEL[1] + TOP
    for at, name in ((y, "guarded"), (y + 20, "bare")):
        lines.append(f'<path class="{name}" d="M{x} {at}h30"/>')
        lines.append(f'<text x="{x + 38}" y="{at + 4}">{name}, microseconds</text>')
    return "\n".join([*lines, "</svg>\n"])


def main() -> None:
    """Print the tables, and draw them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--quick", action="store_true", help="fewer rounds, points and people")
    parser.add_argument("--plot", type=Path, metavar="FILE.svg", help="draw the tables there")
    options = parser.parse_args()
    rounds, count = (ROUNDS, FRESH) if not options.quick else (3, FRESH // 5)
    versions = ", ".join(f"{name} {version(name)}" for name in ("jinja2", "presidio-analyzer"))
    print(f"{platform.machine()}, Python {platform.python_version()}, {versions}")
    print(f"Warm, {count} new people a round, medians of {rounds} rounds")
    found = []
    for number, axis in enumerate(axes(), 1):
        few = (axis.sizes[0], axis.sizes[len(axis.sizes) // 2], axis.sizes[-1])
        points = [axis.make(size) for size in (few if options.quick else axis.sizes)]
        found.append((axis, measure(points, rounds, count)))
        table(number, *found[-1])
    if options.plot:
        options.plot.write_text(plot(found), encoding="utf-8")


if __name__ == "__main__":
    main()
