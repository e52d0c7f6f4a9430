"""
How well identifiers are found: precision and recall on invented numbers in invented sentences.

    python benchmarks/quality/identifiers.py             # the tables
    python benchmarks/quality/identifiers.py --show 20   # and what was missed or found wrongly
    python benchmarks/quality/identifiers.py --store     # keep the figures in identifiers.json
    python benchmarks/quality/identifiers.py --check     # fail if they have got worse

For each kind: numbers whose check digits are right, beside their name (and by themselves where the
kind is to be found so), have to be found under the kind's own name. Numbers whose check is wrong
beside the name, and numbers of the same shape in orders, parcels and prices, have to be left alone;
among the latter are those that pass the check by chance. Then the same identifiers in disguise,
and lines of ordinary copy full of numbers. The generators share no code with the recognisers.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from figures import add_options, settle
from identifier_disguises import DISGUISES, SPECIMENS
from identifier_numbers import KINDS, Kind

from guardedpersonalize.check.pii import PatternDetector

HERE = Path(__file__).parent
STORED = HERE / "identifiers.json"
SEED = 20261122
TOLERANCE = 0.005
"""How far a figure may fall before `--check` fails."""

GOOD, WRONG, OTHERS, LINES, DISGUISED = 80, 40, 80, 2000, 15
BESIDE = (
    "{label}: {number}",
    "{label} {number}",
    "Your {label} is {number}.",
    "Please check that your {label} is still {number}, and tell us if it is not.",
    "We have {number} on file as your {label}.",
    "{number} ({label})",
    "The {label} that you gave us, {number}, could not be confirmed",
    "- {label}\t{number}\n- Newsletter\tyes",
    "Hello Ada,\n\nyour {label} {number} has been saved.\n\nThe team",
    "<{label}={number}>",
)
LATER = (
    "Dear Ms Roe, the {label} ending your application reads {number}; is that right?",
    "{label} no. {number}",
    "Name: Ada Roe | {label}: {number} | Status: open",
    'profile = {{"{label}": "{number}"}}',
    "Re: your {label} ({number})",
    "As agreed we deleted {number}, the {label} on your old form.",
    "We could not verify the {label}\n{number}\nin our records.",
    "Was ist mit Ihrer {label} {number}?",
    "{label}\u00a0: {number}",
    "Ada's {label}\u2014{number}\u2014is due for renewal",
)
"""Sentences written after the recognisers were done, and not looked at while they were made."""
ALONE = (
    "{number}",
    "Please keep {number} to yourself.",
    "Ada ({number}) signed for it.",
    "We wrote to you about {number} last week.",
    "Hello {number}, welcome back!",
)
OF_THINGS = (
    "Your order {number} is on its way.",
    "Order no. {number}",
    "Tracking number: {number}",
    "Parcel {number} was handed over today.",
    "Invoice {number} of 3 May is attached.",
    "Article {number}, now 20% off",
    "SKU {number} is back in stock.",
    "Use code {number} at the checkout.",
    "Ticket {number} has been answered.",
    "Model {number} comes in green.",
    "Reference {number}",
    "Booking {number} for two",
)
COPY = (
    "Now {p}, was {q}: you save {r}.",
    "Only until {d}, {t} at {s}",
    "Sizes {n} {m} {n} {m}, colour #{x}",
    "Version {a}.{b}.{n} is out, {b}.{a} goes.",
    "Order {o} of {d} was packed at {t}.",
    "Over {big} copies sold since {y}.",
    "Open {t}-{t}, Monday to Friday, from {d} to {d}.",
    "Your {o}-{n} ships with {s} in {n} boxes of {m} x {n} x {m} cm.",
    "You have {big} points, worth {p}.",
    "Track it: https://shop.example/t/{o}?utm_campaign={y}_{n}&id={o}",
    "Rated {a}.{b} by {big} readers, {n}% came back.",
    "Lot {o}/{n}, best before {d}, {m} g, EAN {ean}",
    "ISBN {isbn}, {m} pages, {p}",
    "Call the number on the back of your card before {d}.",
    "Bring your passport and {n} photos to gate {a}{b} by {t}.",
    "Your insurance starts on {d}; the SIN is not on the form.",
    "Pan {n} cm, {p}; wok {m} cm, {q}.",
    "Charge your devices: {n} W, {m} mAh, {a}.{b} h.",
    "Room {n}{m}, floor {a}, code {x} at the door.",
    "Seats {a}{n}, {b}{m}, row {n}, {d} {t}",
)


@dataclass
class Count:
    """What was found of what was there, and what was found that was not."""

    there: int = 0
    found: int = 0
    wrong: int = 0
    negatives: int = 0

    @property
    def recall(self) -> float:
        """Share of what was there."""
        return round(self.found / self.there, 4) if self.there else 1.0

    @property
    def precision(self) -> float:
        """Share of what was found that was there."""
        seen = self.found + self.wrong
        return round(self.found / seen, 4) if seen else 1.0


class Bench:
    """Reads texts, counts, and keeps what went wrong."""

    def __init__(self) -> None:
        self._detector = PatternDetector()
        self.faults: list[str] = []

    def sees(self, text: str, number: str, entity: str) -> bool:
        """Tell whether at least half of *number* in *text* is found as *entity*."""
        start = text.index(number)
        end = start + len(number)
        return any(
            2 * (min(end, hit.end) - max(start, hit.start)) >= end - start
            for hit in self._detector.detect(text, lang="en", regions=("GB", "US"))
            if entity in {hit.entity, ""}
        )

    def any_in(self, text: str) -> list[str]:
        """Return the kinds found in *text*."""
        hits = self._detector.detect(text, lang="en", regions=("GB", "US"))
        return [hit.entity for hit in hits]

    def of_kind(self, kind: Kind) -> Count:
        """Measure one kind."""
        random, count = _seeded(kind.entity), Count()
        for at in range(GOOD):
            number = kind.written(kind.draw(random), random)
            frames = ALONE if kind.alone and at % 4 == 0 else (BESIDE, LATER)[at % 2]
            text = random.choice(frames).format(label=random.choice(kind.labels), number=number)
            seen = self.sees(text, number, kind.entity)
            count.there += 1
            count.found += seen
            self._note(seen, "missed", kind.entity, text)
        for text, number in self._negatives(kind, random):
            seen = self.sees(text, number, kind.entity)
            count.negatives += 1
            count.wrong += seen
            self._note(not seen, "wrong", kind.entity, text)
        return count

    def _negatives(self, kind: Kind, random: Random) -> Iterator[tuple[str, str]]:
        for _ in range(WRONG if kind.is_valid and kind.is_strict else 0):
            number = kind.written(kind.draw(random, good=False), random)
            frame = random.choice((*BESIDE, *LATER))
            text = frame.format(label=random.choice(kind.labels), number=number)
            yield text, number
        # What is one whatever is said beside it, and has no check to fail, has no near miss.
        for _ in range(OTHERS if kind.is_valid or not kind.is_sure else 0):
            drawn = kind.draw(random, good=False) if kind.is_sure else kind.make(random)
            number = kind.written(drawn, random)
            yield random.choice(OF_THINGS).format(number=number), number

    def disguised(self) -> dict[str, Count]:
        """Measure each disguise over all specimens that it fits."""
        table = {}
        for name, disguise in DISGUISES.items():
            random, count = _seeded(name), Count()
            for entity, frame, value in SPECIMENS:
                for _ in range(DISGUISED):
                    shown = disguise(value, random)
                    if shown is None:
                        continue
                    text = frame.format(number=shown)
                    seen = self.sees(text, shown, entity)
                    count.there += 1
                    count.found += seen
                    self._note(seen, f"missed in {name}", entity, text)
            table[name] = count
        return table

    def in_copy(self) -> Count:
        """Count the lines of ordinary copy in which anything is found."""
        random, count = _seeded("copy"), Count()
        for _ in range(LINES):
            text = _copy(random)
            found = self.any_in(text)
            count.negatives += 1
            count.wrong += bool(found)
            self._note(not found, "alarm", " ".join(found), text)
        return count

    def _note(self, is_right: bool, what: str, entity: str, text: str) -> None:  # noqa: FBT001
        if not is_right:
            self.faults.append(f"{what}: {entity}: {text!r}")


def _seeded(name: str) -> Random:
    return Random(f"{SEED}{name}")  # noqa: S311 (the same numbers each time are the point)


def _copy(random: Random) -> str:
    def money() -> str:
        amount = random.choice([random.uniform(1, 99), random.uniform(100, 9999)])
        return random.choice(("£", "$", "€", "CHF ", "Rs ")) + f"{amount:,.2f}"

    def number(low: int, high: int) -> str:
        return str(random.randint(low, high))

    day = f"{number(1, 28)} {random.choice(('May', 'June', 'November'))} 2026"
    body = "978" + "".join(random.choice("0123456789") for _ in range(9))
    check = -sum((1, 3)[i % 2] * int(c) for i, c in enumerate(body)) % 10
    values = {
        **dict.fromkeys("pqr"),
        "n": number(10, 99),
        "m": number(100, 999),
        "a": number(1, 9),
        "b": number(1, 9),
        "o": number(10**6, 10**10),
        "y": number(1990, 2026),
        "s": random.choice(("FedEx", "noon", "DHL", "Exeter")),
        "t": f"{random.randint(0, 23):02}:{random.choice(('00', '15', '30'))}",
        "x": f"{random.getrandbits(24):06x}",
        "big": f"{random.randint(1000, 10**7):,}",
        "d": random.choice((day, f"{number(1, 28)}/{number(1, 12)}/2026", "2026-11-22")),
        "isbn": f"{body[:3]}-{body[3]}-{body[4:7]}-{body[7:]}-{check}",
        "ean": body + str(check),
    }
    values |= {key: money() for key in "pqr"}
    return random.choice(COPY).format(**values)


def report(show: int) -> dict[str, dict[str, dict[str, float]]]:
    """Print the tables and return the figures that are kept."""
    bench = Bench()
    kinds = {kind.entity: bench.of_kind(kind) for kind in KINDS}
    print(
        f"{'kind':28} {'there':>6} {'recall':>7} {'negatives':>10} {'wrong':>6} {'precision':>10}"
    )
    for name, one in kinds.items():
        print(
            f"{name:28} {one.there:6} {one.recall:7.3f} {one.negatives:10} {one.wrong:6}"
            f" {one.precision:10.3f}"
        )
    everything = Count(*(sum(getattr(one, key) for one in kinds.values()) for key in vars(Count())))
    print(f"{'all':28} {everything.there:6} {everything.recall:7.3f} {everything.negatives:10}"
          f" {everything.wrong:6} {everything.precision:10.3f}\n")  # fmt: skip
    disguises = bench.disguised()
    print(f"{'disguise':28} {'there':>6} {'recall':>7}")
    for name, one in disguises.items():
        print(f"{name:28} {one.there:6} {one.recall:7.3f}")
    hidden = Count(
        sum(d.there for d in disguises.values()), sum(d.found for d in disguises.values())
    )
    print(f"{'all':28} {hidden.there:6} {hidden.recall:7.3f}\n")
    copy = bench.in_copy()
    quiet = round(1 - copy.wrong / copy.negatives, 4)
    print(f"ordinary copy: {copy.wrong} of {copy.negatives} lines with a finding")
    for fault in bench.faults[:show]:
        print(" ", fault)
    rows = {**kinds, "all": everything}
    return {
        "kinds": {name: _kept(one) for name, one in rows.items()},
        "disguises": {name: {"recall": one.recall} for name, one in disguises.items()}
        | {"all": {"recall": hidden.recall}},
        "copy": {"lines": {"precision": quiet}},
    }


def _kept(one: Count) -> dict[str, float]:
    return {"precision": one.precision, "recall": one.recall}


def main(argv: Sequence[str] | None = None) -> int:
    """Print the tables; return 1 where `--check` finds that something got worse."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N faults")
    add_options(parser)
    options = parser.parse_args(argv)
    return settle(options, STORED, report(options.show), TOLERANCE)


if __name__ == "__main__":
    sys.exit(main())
