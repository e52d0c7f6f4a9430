"""
What a guarded message costs, beside a bare one of the same template and values.

    python -m benchmarks.throughput              # all tables
    python -m benchmarks.throughput --quick      # fewer rounds and recipients, to try it

Ratios are taken in one run: the ways take turns, on the same recipients, and medians are printed.
"""

from __future__ import annotations

import argparse
import platform
import random
import resource
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import DictLoader
from jinja2.sandbox import SandboxedEnvironment

from guardedpersonalize import Engine
from guardedpersonalize.consent import Consent, ConsentRecord
from guardedpersonalize.engine import Recipient
from guardedpersonalize.profile import Profile

PACK = Path(__file__).parent / "packs" / "throughput"
AT = datetime(2026, 11, 1, 9, tzinfo=UTC)
SEED = 20261122
PEOPLE = 1_000
ROUNDS = 7
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


def people(count: int) -> list[Recipient]:
    """Return invented recipients; a tenth have other consents than the rest."""
    chance = random.Random(SEED)  # noqa: S311 (the same people each time)
    return [_person(number, chance) for number in range(count)]


def _name(chance: random.Random, least: int, most: int) -> str:
    return "".join(chance.choices(SYLLABLES, k=chance.randint(least, most))).capitalize()


def _person(number: int, chance: random.Random) -> Recipient:
    person = f"r-{number}"
    values: dict[str, Any] = {
        "first_name": _name(chance, 1, 4),
        "email": f"{_name(chance, 2, 4).lower()}.{number}@example.org",
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


@dataclass(frozen=True, slots=True)
class Way:
    """One way to make a message: seconds for a pass over everybody."""

    name: str
    run: Callable[[], object]


def in_turn(ways: Sequence[Way], rounds: int) -> dict[str, float]:
    """Return the median seconds of each way; they take turns in every round."""
    times: dict[str, list[float]] = {way.name: [] for way in ways}
    for _ in range(rounds):
        for way in ways:
            start = time.perf_counter()
            way.run()
            times[way.name].append(time.perf_counter() - start)
    return {name: statistics.median(taken) for name, taken in times.items()}


def warm(engine: Engine, rows: Sequence[Recipient], rounds: int) -> None:
    """Print what a message costs once its template has been rendered before."""
    print(f"\n1. Warm, {len(rows)} recipients, medians of {rounds} rounds")
    print("  message                 guarded us  bare us  ratio  messages/s")
    for template, label in TEMPLATES.items():
        contexts = [_context(engine, template, row) for row in rows]
        render = bare(template)
        ways = (
            Way("guarded", lambda t=template: [_sent(engine, t, row) for row in rows]),
            Way("bare", lambda r=render, c=contexts: [r(values) for values in c]),
        )
        in_turn(ways, 1)
        found = in_turn(ways, rounds)
        guarded, plain = (found[name] / len(rows) * 1e6 for name in ("guarded", "bare"))
        print(
            f"  {label:22} {guarded:11.1f} {plain:8.1f} {guarded / plain:6.1f}"
            f" {1e6 / guarded:11.0f}"
        )


def _context(engine: Engine, template: str, row: Recipient) -> dict[str, Any]:
    slots = engine.render(template, row.profile, row.consent, at=AT).slots
    return slots.context() if slots else {}


def _sent(engine: Engine, template: str, row: Recipient) -> object:
    return engine.render(template, row.profile, row.consent, at=AT).message


def against_presidio(engine: Engine, rows: Sequence[Recipient], rounds: int) -> None:
    """Print the cost of Jinja and Presidio's defaults, beside a guarded message."""
    import spacy  # noqa: PLC0415
    from presidio_analyzer import AnalyzerEngine  # noqa: PLC0415
    from presidio_analyzer.nlp_engine import SpacyNlpEngine  # noqa: PLC0415

    nlp = SpacyNlpEngine(models=[{"lang_code": "en", "model_name": "blank"}])
    nlp.nlp = {"en": spacy.blank("en")}
    analyzer = AnalyzerEngine(nlp_engine=nlp, supported_languages=["en"])
    print(
        f"\n2. Jinja and Presidio (patterns only) beside a guarded message, {len(rows)} recipients"
    )
    print("  message                 Presidio us  guarded us  ratio")
    for template, label in TEMPLATES.items():
        render = bare(template)
        contexts = [_context(engine, template, row) for row in rows]
        ways = (
            Way("guarded", lambda t=template: [_sent(engine, t, row) for row in rows]),
            Way(
                "presidio",
                lambda r=render, c=contexts: [
                    analyzer.analyze(text, language="en") for values in c for text in r(values)
                ],
            ),
        )
        found = in_turn(ways, rounds)
        guarded, other = (found[name] / len(rows) * 1e6 for name in ("guarded", "presidio"))
        print(f"  {label:22} {other:12.0f} {guarded:11.1f} {other / guarded:6.1f}")


def cold(rows: Sequence[Recipient]) -> None:
    """Print what loading costs, and the first hundred messages beside later ones."""
    start = time.perf_counter()
    engine = Engine.from_pack(PACK)
    loaded = time.perf_counter() - start
    start = time.perf_counter()
    _sent(engine, "letter", rows[0])
    first = time.perf_counter() - start
    print(f"\n3. Cold: pack {loaded:.2f} s; first message, with rules and model, {first:.2f} s")
    for template, label in TEMPLATES.items():
        times = []
        for row, _ in zip(endless(rows), range(400), strict=False):
            start = time.perf_counter()
            _sent(engine, template, row)
            times.append(time.perf_counter() - start)
        early, late = statistics.mean(times[:100]) * 1e6, statistics.mean(times[300:]) * 1e6
        print(f"  {label:22} first 100: {early:.0f} us each, 301 to 400: {late:.0f} us")


def endless(rows: Sequence[Recipient]) -> Iterator[Recipient]:
    """Yield the recipients again and again."""
    while True:
        yield from rows


def long_run(engine: Engine, rows: Sequence[Recipient], count: int) -> None:
    """Print rate and memory over many messages in one process."""
    source = endless(rows)
    start, early = time.perf_counter(), 0.0
    for number, _ in enumerate(engine.render_many("letter", source, at=AT), 1):
        if number == min(10_000, count):
            early = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        if number == count:
            break
    taken = time.perf_counter() - start
    late = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\n5. {count} messages in one process: {count / taken:.0f} a second,")
    print(f"   peak memory {early:.0f} MiB after {min(10_000, count)}, {late:.0f} MiB at the end")


def spread(engine: Engine, rows: Sequence[Recipient], count: int) -> None:
    """Print how much faster two processes are than one, from the first result on."""
    batch = [row for row, _ in zip(endless(rows), range(count), strict=False)]
    taken = {}
    for workers in (1, 2):
        results = engine.render_many("digest", batch, at=AT, workers=workers)
        next(results)
        start = time.perf_counter()
        for _ in results:
            pass
        taken[workers] = time.perf_counter() - start
    print(
        f"\n6. {count} messages by two processes: {taken[1] / taken[2]:.2f} times as fast as by one"
    )


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--quick", action="store_true", help="fewer rounds and recipients")
    parser.add_argument("--messages", type=int, default=1_000_000, help="of the long run")
    options = parser.parse_args()
    rows = people(PEOPLE if not options.quick else 100)
    rounds = ROUNDS if not options.quick else 3
    versions = ", ".join(f"{name} {version(name)}" for name in ("jinja2", "presidio-analyzer"))
    print(f"{platform.machine()}, Python {platform.python_version()}, {versions}")
    cold(rows)
    engine = Engine.from_pack(PACK)
    warm(engine, rows, rounds)
    against_presidio(engine, rows[:100], 3)
    long_run(engine, rows, options.messages if not options.quick else 2_000)
    spread(engine, rows, 4_000 if not options.quick else 1_000)


if __name__ == "__main__":
    main()
