"""Texts with their labels, as the network reads them."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from guardedpersonalize.check.reader.windows import windows
from guardedpersonalize.vocabulary import IntrusiveCategory

HERE = Path(__file__).parent
CATEGORIES = tuple(category.value for category in IntrusiveCategory)
NAMES = ("PER", "LOC", "ORG", "ADDRESS")
NAME_LABELS = ("O", *(f"{mark}-{name}" for name in NAMES for mark in "BI"))

_LABELS = {
    "PER": "PER",
    "person": "PER",
    "LOC": "LOC",
    "location": "LOC",
    "ORG": "ORG",
    "corporation": "ORG",
    "group": "ORG",
    "STREET_ADDRESS": "ADDRESS",
}


@dataclass(frozen=True, slots=True)
class Passage:
    """
    A passage as it is labelled.

    Args:
        spans: The clauses that cross the line; None where they are not marked.
        pair: What ties it to its twin; "" for none.
    """

    id: str
    text: str
    is_intrusive: bool
    categories: frozenset[str]
    spans: tuple[tuple[int, int], ...] | None
    pair: str = ""


@dataclass(frozen=True, slots=True)
class NamedText:
    """A text with names: (start, end, label); *scope* has the labels that its source marks."""

    text: str
    spans: tuple[tuple[int, int, str], ...]
    scope: frozenset[str] = field(default=frozenset(NAMES))


def passages(name: str) -> list[Passage]:
    """Return the lines of one phrase file."""
    lines = (HERE / "data" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [_passage(json.loads(line)) for line in lines]


def _passage(row: dict[str, object]) -> Passage:
    spans = row.get("spans")
    return Passage(
        id=str(row["id"]),
        text=str(row["text"]),
        is_intrusive=bool(row["intrusive"]),
        categories=frozenset(map(str, row["categories"])),  # type: ignore[call-overload]
        spans=None if spans is None else tuple((a, b) for a, b in spans),  # type: ignore[attr-defined]
        pair=str(row.get("pair") or ""),
    )


def cut(passage: Passage) -> Iterator[Passage]:
    """
    Yield the windows of a longer passage, each with its own label.

    A window is intrusive when it holds at least half of a marked clause; one that holds less of it
    than that says nothing and is left out.
    """
    found = windows(passage.text)
    if len(found) < 2 or (passage.is_intrusive and not passage.spans):
        return
    for number, (start, end) in enumerate(found):
        inside = [
            (max(a, start) - start, min(b, end) - start, b - a)
            for a, b in passage.spans or ()
            if a < end and b > start
        ]
        whole = tuple((a, b) for a, b, length in inside if (b - a) * 2 >= length)
        if inside and not whole:
            continue
        yield Passage(
            id=f"{passage.id}#{number}",
            text=passage.text[start:end],
            is_intrusive=bool(whole),
            categories=passage.categories if whole else frozenset(),
            spans=whole,
            pair=f"{passage.pair}#{number}" if passage.pair else "",
        )


def named_texts(folder: Path, name: str) -> list[NamedText]:
    """Return the lines of one file of named-entity text."""
    lines = (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    found = []
    for row in map(json.loads, lines):
        spans = tuple(
            (span["start"], span["end"], _LABELS[span["label"]])
            for span in row["spans"]
            if span["label"] in _LABELS
        )
        scope = frozenset(_LABELS[label] for label in row["scope"] if label in _LABELS)
        found.append(NamedText(row["text"], spans, scope))
    return found


def addresses(folder: Path, name: str, *, first: bool) -> list[NamedText]:
    """Return the addresses of the first file of the source, or of its other files."""
    lines = (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row["id"].startswith("labeled.xml") is first]
    scope = frozenset({"ADDRESS"})
    return [NamedText(row["text"], ((0, len(row["text"]), "ADDRESS"),), scope) for row in rows]


_BLANK_BEFORE = re.compile(r" (?=[.,;:!?)\]%](?:\s|$))|(?<=[(\[$#]) | (?=(?:'s|n't|'ll|'re|'ve)\b)")


def respaced(text: NamedText) -> NamedText:
    """Take out the blanks that the makers of the source put before marks."""
    drops = [found.start() for found in _BLANK_BEFORE.finditer(text.text)]
    kept = "".join(c for at, c in enumerate(text.text) if at not in set(drops))

    def moved(at: int) -> int:
        return at - sum(drop < at for drop in drops)

    spans = tuple((moved(a), moved(b), label) for a, b, label in text.spans)
    return NamedText(kept, spans, text.scope)


def framed(text: NamedText, chance: random.Random) -> NamedText:
    """Put an address into a sentence, as it stands in messages."""
    before = chance.choice(
        ("", "Deliver to ", "Visit us at ", "Your address: ", "We are at ", "to ")
    )
    after = chance.choice(("", ".", " is what we have on file.", ", second floor.", "\nThank you"))
    spans = tuple((a + len(before), b + len(before), label) for a, b, label in text.spans)
    return NamedText(before + text.text + after, spans, frozenset(NAMES))


def name_texts(config: Mapping[str, Any], folder: Path, chance: random.Random) -> list[NamedText]:
    """Return all texts with names that are trained on, the made ones too."""
    from training import names  # Faker is needed for these alone

    texts = [text for name in config["train"] for text in named_texts(folder, name)]
    texts = [respaced(text) if chance.random() < 0.7 else text for text in texts]
    texts += [framed(text, chance) for text in addresses(folder, config["addresses"], first=True)]
    made = names.Maker(chance.randrange(2**31)).make(config["synthetic"])
    return texts + [NamedText(text, tuple(spans)) for text, spans in made]


def in_batches(sizes: Sequence[int], size: int, chance: random.Random) -> Iterator[list[int]]:
    """Yield indices in batches of like length, in random order."""
    order = sorted(range(len(sizes)), key=lambda at: sizes[at] + chance.random() * 16)
    batches = [order[at : at + size] for at in range(0, len(order), size)]
    chance.shuffle(batches)
    yield from batches
