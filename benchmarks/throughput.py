"""
What a guarded message costs, beside a bare one of the same template and values.

    python -m benchmarks.throughput              # all tables
    python -m benchmarks.throughput --quick      # fewer rounds and recipients, to try it

Ratios are taken in one run: the ways take turns, on the same recipients, and medians are printed.
"""

from __future__ import annotations

import argparse
import functools
import itertools
import platform
import random
import resource
import shutil
import statistics
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jinja2 import DictLoader
from jinja2.sandbox import SandboxedEnvironment

from guardedpersonalize import Engine
from guardedpersonalize.check import CheckContext, Checker
from guardedpersonalize.check.pii import PatternDetector
from guardedpersonalize.consent import Consent, ConsentRecord
from guardedpersonalize.engine import Recipient
from guardedpersonalize.profile import Profile
from guardedpersonalize.render import Draft, PartKind
from guardedpersonalize.vocabulary import Channel

PACK = Path(__file__).parent / "packs" / "throughput"
AT = datetime(2026, 11, 1, 9, tzinfo=UTC)
SEED = 20261122
PEOPLE = 1_000
ROUNDS = 7
EARLIER = 5
"""Times the people of a round that a template has been rendered for when it counts as warm."""
TEMPLATES = {
    "letter": "text email, 6 slots",
    "digest": "HTML email, 12 slots",
    "nudge": "push, 2 slots",
    "banner": "ad, 3 parts",
}
TYPES = ("user.name.first", "user.contact.address.city", "user.demographic.profile.interest",
         "user.account.loyalty_tier", "user.account.loyalty_points")  # fmt: skip
PURPOSES = (
    "marketing.communications.email",
    "marketing.communications.push",
    "marketing.advertising.first_party.targeted",
)
SYLLABLES = [c + v for c in "bdfgklmn" for v in "aeio"]
SHELVES = ("lighthouses", "cookery", "poetry", "maps", "birds", "crime", "gardens", "ships")


def people(count: int, *, crowd: int = 0) -> list[Recipient]:
    """Return invented recipients, others in each crowd; a tenth have consents of their own."""
    return list(islice(endless_people(crowd), count))


def endless_people(crowd: int) -> Iterator[Recipient]:
    """Yield new people without end, always the same ones of one crowd."""
    chance = random.Random(SEED + crowd)  # noqa: S311 (the same people each time)
    for number in itertools.count():
        yield _person(crowd * 10_000_000 + number, chance)


def _name(chance: random.Random, least: int, most: int) -> str:
    return "".join(chance.choices(SYLLABLES, k=chance.randint(least, most))).capitalize()


def _person(number: int, chance: random.Random) -> Recipient:
    person = f"r-{number}"
    values: dict[str, Any] = {
        "first_name": _name(chance, 1, 4),
        "email": f"{_name(chance, 2, 4).lower()}.{number % 100}@example.org",
        "city": _name(chance, 2, 4),
        "interests": chance.sample(SHELVES, chance.randint(0, 4)),
        "favourite_genre": chance.choice(SHELVES),
        "loyalty_tier": chance.choice(("Leaf", "Page", "Spine")),
        "points": int(chance.lognormvariate(5, 1)),
        "opt_out_token": f"u{chance.getrandbits(64):016x}",
        "offer_code": "PAPER15",
        "offer_ends": "Sunday",
        "offer_percent": 15,
        "event_name": "The evening by the stove",
        "event_day": "Friday",
        "event_is_free": chance.random() < 0.5,
    }
    types = TYPES
    if chance.random() < 0.1:
        types = tuple(chance.sample(TYPES, chance.randint(0, len(TYPES) - 1)))
    record = ConsentRecord.simple(
        record_id=f"c-{number}",
        person=person,
        purposes=PURPOSES,
        given_at=datetime(2026, 5, 1, tzinfo=UTC),
        pii_types=types,
        channels=["email", "push", "ad"],
        channel_permission="opt_in",
    )
    return Recipient(Profile(person, values), Consent(records=(record,), age_group="adult"))


def bare(template: str) -> Callable[[dict[str, Any]], list[str]]:
    """Return a function that renders all parts with Jinja's own sandbox, unguarded."""
    folder = PACK / "templates" / template
    sources = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.j2")}
    environment = SandboxedEnvironment(
        loader=DictLoader(sources), autoescape=lambda name: bool(name) and ".html" in name,
        keep_trailing_newline=False,
    )  # fmt: skip
    parts = [environment.get_template(name) for name in sorted(sources)]
    return lambda values: [part.render(values) for part in parts]


def seconds(run: Callable[[], object]) -> float:
    """Return how long *run* takes."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def warm(engine: Engine, shadow: Engine, count: int, rounds: int) -> None:
    """
    Print what a message costs once its template has been rendered before.

    The recipients of each round are new: the engine has seen none of them. What the bare template
    is given comes from *shadow*, an engine of its own.
    """
    before = EARLIER * count
    print(
        f"\n1. Warm (after {before} others), {count} new people a round, medians of {rounds} rounds"
    )
    print("  message                 guarded us  bare us  ratio  with record us  messages/s")
    for template, label in TEMPLATES.items():
        render = bare(template)
        _all_sent(engine, template, people(before))
        times: dict[str, list[float]] = {"guarded": [], "bare": [], "recorded": []}
        for number in range(1, rounds + 1):
            rows, others = people(count, crowd=number), people(count, crowd=100 + number)
            contexts = [_context(shadow, template, row) for row in rows]
            times["guarded"].append(seconds(lambda r=rows, t=template: _all_sent(engine, t, r)))
            times["bare"].append(seconds(lambda c=contexts, b=render: [b(one) for one in c]))
            times["recorded"].append(seconds(lambda r=others, t=template: _recorded(engine, t, r)))
        guarded, plain, recorded = (
            statistics.median(times[name]) / count * 1e6 for name in ("guarded", "bare", "recorded")
        )
        print(
            f"  {label:22} {guarded:11.1f} {plain:8.1f} {guarded / plain:6.1f}"
            f" {recorded:15.1f} {1e6 / guarded:11.0f}"
        )


def _context(engine: Engine, template: str, row: Recipient) -> dict[str, Any]:
    slots = engine.render(template, row.profile, row.consent, at=AT).slots
    return slots.context() if slots else {}


def _sent(engine: Engine, template: str, row: Recipient) -> object:
    return engine.render(template, row.profile, row.consent, at=AT).message


def _all_sent(engine: Engine, template: str, rows: Sequence[Recipient]) -> list[object]:
    return [_sent(engine, template, row) for row in rows]


def _recorded(engine: Engine, template: str, rows: Sequence[Recipient]) -> None:
    for row in rows:
        result = engine.render(template, row.profile, row.consent, at=AT)
        _ = result.message, result.record.to_json(), result.explanation


def presidio() -> Callable[[str], object]:
    """Return Presidio with what it has without a download: its patterns, in English."""
    import spacy  # noqa: PLC0415
    from presidio_analyzer import AnalyzerEngine  # noqa: PLC0415
    from presidio_analyzer.nlp_engine import SpacyNlpEngine  # noqa: PLC0415

    nlp = SpacyNlpEngine(models=[{"lang_code": "en", "model_name": "blank"}])
    nlp.nlp = {"en": spacy.blank("en")}
    analyzer = AnalyzerEngine(nlp_engine=nlp, supported_languages=["en"])
    return lambda text: analyzer.analyze(text, language="en")


def against_presidio(engine: Engine, shadow: Engine, count: int, rounds: int) -> None:
    """Print the cost of Jinja and Presidio's defaults, beside a guarded message."""
    analyze = presidio()
    print(f"\n2. Jinja and Presidio (patterns only) beside a guarded message, {rounds} rounds")
    print("  message                 Presidio us  guarded us  ratio")
    for template, label in TEMPLATES.items():
        render = bare(template)
        times: dict[str, list[float]] = {"guarded": [], "presidio": []}
        for number in range(1, rounds + 1):
            rows = people(count, crowd=200 + number)
            contexts = [_context(shadow, template, row) for row in rows]
            times["guarded"].append(seconds(lambda r=rows, t=template: _all_sent(engine, t, r)))
            times["presidio"].append(
                seconds(lambda c=contexts, b=render: [analyze(x) for one in c for x in b(one)])
            )
        guarded, other = (statistics.median(taken) / count * 1e6 for taken in times.values())
        print(f"  {label:22} {other:12.0f} {guarded:11.1f} {other / guarded:6.1f}")


def cold(count: int) -> None:
    """Print what loading costs, and the first hundred messages beside later ones."""
    with TemporaryDirectory() as folder:
        pack = Path(folder) / "pack"
        shutil.copytree(PACK, pack)
        names = list(itertools.islice(itertools.cycle(TEMPLATES), 10 - len(TEMPLATES)))
        for number, name in enumerate(names):
            shutil.copytree(PACK / "templates" / name, pack / "templates" / f"{name}-{number}")
        start = time.perf_counter()
        Engine.from_pack(pack).warm_up()
        loaded = time.perf_counter() - start
    print(f"\n3. Cold: a pack of 10 templates, rules and model loaded in {loaded:.2f} s")
    engine = Engine.from_pack(PACK)
    for template, label in TEMPLATES.items():
        rows = people(count + 100, crowd=300)
        early = seconds(lambda r=rows, t=template: _all_sent(engine, t, r[:100])) / 100 * 1e6
        _all_sent(engine, template, rows[100:-100])
        late = seconds(lambda r=rows, t=template: _all_sent(engine, t, r[-100:])) / 100 * 1e6
        print(
            f"  {label:22} first 100: {early:.0f} us each, last 100 of {count + 100}: {late:.0f} us"
        )


def long_run(engine: Engine, count: int) -> None:
    """Print rate and memory over many messages, each to somebody new, in one process."""
    start, early = time.perf_counter(), 0.0
    first = min(10_000, count)
    results = engine.render_many("letter", islice(endless_people(400), count), at=AT)
    for number, _ in enumerate(results, 1):
        if number == first:
            early = _memory()
    taken = time.perf_counter() - start
    print(f"\n5. {count} messages to new people in one process: {count / taken:.0f} a second,")
    print("   people made up on the way;")
    print(f"   memory {early:.0f} MiB after {first}, {_memory():.0f} MiB at the end")


def _memory() -> float:
    """Return the memory of this process, MiB."""
    with Path("/proc/self/statm").open(encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 2**20


def spread(engine: Engine, count: int) -> None:
    """Print how much faster two processes are than one, from the first result on."""
    taken = {}
    for workers in (1, 2):
        results = engine.render_many("letter", people(count, crowd=500), at=AT, workers=workers)
        next(results)
        taken[workers] = seconds(functools.partial(deque, results, maxlen=0))
    times = taken[1] / taken[2]
    print(f"\n6. {count} messages by two processes: {times:.2f} times as fast as by one")


def reader(rounds: int) -> None:
    """Print the cost of reading any text in full, beside Presidio on the same text."""
    analyze = presidio()
    rules, everything = Checker(shipped=(PatternDetector(),)), Checker()
    context = CheckContext(channel=Channel.EMAIL)
    print(f"\n7. Any text, read in full, beside Presidio (patterns only), {rounds} rounds")
    print("  characters  Presidio ms  rules ms  ratio  with model ms  ratio")
    for size in (100, 500, 2_000):
        times: dict[str, list[float]] = {"presidio": [], "rules": [], "model": []}
        for number in range(rounds + 1):
            text = _text(size, number)
            draft = Draft.of_text([("text", PartKind.TEXT, text)], channel=Channel.EMAIL)
            times["presidio"].append(seconds(lambda t=text: analyze(t)))
            times["rules"].append(seconds(lambda d=draft: rules.check(d, context)))
            times["model"].append(seconds(lambda d=draft: everything.check(d, context)))
        other, plain, model = (statistics.median(taken[1:]) * 1e3 for taken in times.values())
        print(
            f"  {size:10} {other:12.2f} {plain:9.2f} {plain / other:6.2f} {model:14.2f}"
            f" {model / other:6.2f}"
        )


def _text(size: int, number: int) -> str:
    """Return a letter of *size* characters, another one for each *number*."""
    letters = (bare("letter")(_values(row))[0] for row in endless_people(600 + number))
    text = ""
    while len(text) < size:
        text += next(letters) + "\n\n"
    return text[:size]


def _values(row: Recipient) -> dict[str, Any]:
    return {name: row.profile.reveal(name) for name in row.profile.fields}


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--quick", action="store_true", help="fewer rounds and recipients")
    parser.add_argument("--messages", type=int, default=1_000_000, help="of the long run")
    options = parser.parse_args()
    count, rounds = (PEOPLE, ROUNDS) if not options.quick else (200, 3)
    versions = ", ".join(f"{name} {version(name)}" for name in ("jinja2", "presidio-analyzer"))
    print(f"{platform.machine()}, Python {platform.python_version()}, {versions}")
    cold(count)
    engine, shadow = Engine.from_pack(PACK), Engine.from_pack(PACK)
    warm(engine, shadow, count, rounds)
    against_presidio(engine, shadow, count // 10, rounds)
    long_run(engine, options.messages if not options.quick else 2_000)
    spread(engine, 20_000 if not options.quick else 1_000)
    reader(rounds)


if __name__ == "__main__":
    main()
