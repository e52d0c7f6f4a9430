"""Trains the reader: phrases and names in turn, by one encoder."""

from __future__ import annotations

import random
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, nn

from guardedpersonalize.check.reader.shapes import shapes
from training import data
from training.network import ReaderNetwork

IGNORED = -100
"""A token that says nothing to the loss: padding, or a label that its source does not mark."""


def start_files(package: str) -> Path:
    """Return the folder with the weights to start from."""
    return Path(str(resources.files(package.replace("-", "_")))) / "model"


def tokenizer_of(folder: Path, longest: int) -> Tokenizer:
    """Return the tokenizer of the start weights, cutting at *longest* tokens."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(longest)
    return tokenizer


@dataclass(frozen=True, slots=True)
class Row:
    """A text as numbers; labels are those of one of the two tasks."""

    ids: list[int]
    cases: list[int]
    passage: tuple[float, ...] = ()
    tokens: tuple[int, ...] = ()
    names: tuple[int, ...] = ()
    pair: str = ""


def phrase_row(passage: data.Passage, tokenizer: Tokenizer) -> Row:
    """Return the row of a passage."""
    read = tokenizer.encode(passage.text)
    marks = tuple(
        IGNORED
        if passage.spans is None or a == b
        else int(any(a < end and b > start for start, end in passage.spans))
        for a, b in read.offsets
    )
    labels = (passage.is_intrusive, *(c in passage.categories for c in data.CATEGORIES))
    return Row(
        read.ids,
        shapes(passage.text, read.offsets),
        passage=tuple(map(float, labels)),
        tokens=marks,
        pair=passage.pair,
    )


def name_row(text: data.NamedText, tokenizer: Tokenizer) -> Row:
    """Return the row of a text with names: B at the first token of a name, I in the rest."""
    read = tokenizer.encode(text.text)
    labels = []
    for a, b in read.offsets:
        if a == b:
            labels.append(IGNORED)
            continue
        over = [span for span in text.spans if span[0] < b and span[1] > a]
        if over:
            start, _, label = over[0]
            labels.append(data.NAME_LABELS.index(("B-" if a <= start else "I-") + label))
        else:
            labels.append(0 if len(text.scope) > 1 else IGNORED)
    return Row(read.ids, shapes(text.text, read.offsets), names=tuple(labels))


def padded(rows: Sequence[Row]) -> dict[str, Tensor]:
    """Return the tensors of a batch."""
    longest = max(len(row.ids) for row in rows)

    def fill(values: Sequence[int], blank: int) -> list[int]:
        return [*values, *[blank] * (longest - len(values))]

    batch = {
        "ids": torch.tensor([fill(row.ids, 0) for row in rows]),
        "cases": torch.tensor([fill(row.cases, 0) for row in rows]),
        "mask": torch.tensor([fill([1] * len(row.ids), 0) for row in rows]),
    }
    if rows[0].passage:
        batch["passage"] = torch.tensor([row.passage for row in rows])
        batch["tokens"] = torch.tensor([fill(row.tokens, IGNORED) for row in rows])
    else:
        batch["names"] = torch.tensor([fill(row.names, IGNORED) for row in rows])
    return batch


def _read(network: ReaderNetwork, batch: Mapping[str, Tensor]) -> tuple[Tensor, Tensor, Tensor]:
    """Run the network in bfloat16, which takes half the time where the processor has it."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        verdicts, marks, names = network(batch["ids"], batch["cases"], batch["mask"])
    return verdicts.float(), marks.float(), names.float()


def phrase_loss(
    network: ReaderNetwork, rows: Sequence[Row], weights: Mapping[str, float]
) -> Tensor:
    """Return the loss of a batch of passages: verdict, categories, marked tokens, twins apart."""
    batch = padded(rows)
    verdicts, marks, _ = _read(network, batch)
    wanted = batch["passage"]
    binary = nn.functional.binary_cross_entropy_with_logits
    loss = weights["passage"] * binary(verdicts[:, 0], wanted[:, 0])
    loss = loss + weights["categories"] * binary(verdicts[:, 1:], wanted[:, 1:])
    told = batch["tokens"] != IGNORED
    if told.any():
        loss = loss + weights["tokens"] * binary(marks[told], batch["tokens"][told].float())
    twins = defaultdict(lambda: ([], []))  # type: ignore[var-annotated]
    for number, row in enumerate(rows):
        if row.pair:
            twins[row.pair][int(row.passage[0])].append(number)
    apart = [(b, g) for good, bad in twins.values() for b in bad for g in good]
    if apart:
        bad, good = (torch.tensor(side) for side in zip(*apart, strict=True))
        margin = verdicts[bad, 0] - verdicts[good, 0]
        loss = loss + weights["pairs"] * nn.functional.softplus(2.0 - margin).mean()
    return loss


def name_loss(network: ReaderNetwork, rows: Sequence[Row]) -> Tensor:
    """Return the loss of a batch of texts with names."""
    batch = padded(rows)
    _, _, found = _read(network, batch)
    return nn.functional.cross_entropy(
        found.flatten(0, 1), batch["names"].flatten(), ignore_index=IGNORED
    )


def phrase_batches(rows: Sequence[Row], size: int, chance: random.Random) -> Iterator[list[Row]]:
    """Yield the rows in batches of about *size* and of like length, twins together."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for number, row in enumerate(rows):
        groups[row.pair or f"#{number}"].append(row)
    units = sorted(
        groups.values(),
        key=lambda unit: max(len(row.ids) for row in unit) + chance.random() * 16,
    )
    batches: list[list[Row]] = [[]]
    for unit in units:
        if len(batches[-1]) >= size:
            batches.append([])
        batches[-1] += unit
    chance.shuffle(batches)
    yield from batches


def train(config: Mapping[str, Any], folder: Path, threads: int) -> ReaderNetwork:
    """
    Return the trained network.

    Args:
        config: `config.toml`, read.
        folder: Where the named-entity texts lie.
        threads: How many threads torch may use. Sums differ in their last digits with it.
    """
    torch.set_num_threads(threads)
    torch.manual_seed(config["seed"])
    chance = random.Random(config["seed"])
    how = config["training"]
    start = start_files(config["start"]["package"])
    tokenizer = tokenizer_of(start, how["longest"])
    whole = [p for name in config["phrases"]["train"] for p in data.passages(name)]
    parts = [part for passage in whole for part in data.cut(passage)]
    phrases = [phrase_row(passage, tokenizer) for passage in (*whole, *parts)]
    texts = data.name_texts(config["names"], folder, chance)
    print(f"{len(whole)} passages, {len(parts)} windows of them, {len(texts)} texts with names")

    network = ReaderNetwork(
        passages=1 + len(data.CATEGORIES), names=len(data.NAME_LABELS), dropout=how["dropout"]
    )
    network.start_from(load_file(start / "model.safetensors"))
    network.words.weight.requires_grad_(requires_grad=False)
    heads = [p for name, p in network.named_parameters() if name.startswith(("of_", "cases"))]
    body = [
        p
        for name, p in network.named_parameters()
        if p.requires_grad and not name.startswith(("of_", "cases"))
    ]
    steps = how["epochs"] * sum(1 for _ in phrase_batches(phrases, how["batch"], random.Random(0)))
    warm = how["warmup"] * steps
    optimiser = torch.optim.AdamW(
        [{"params": body, "lr": how["rate"]}, {"params": heads, "lr": how["head_rate"]}],
        weight_decay=how["weight_decay"],
        fused=True,
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / warm, max(0.0, (steps - step) / (steps - warm)))
    )
    name_rows = _endless_names(texts, tokenizer, how, chance)
    began, losses, done = time.monotonic(), [0.0, 0.0], 0
    for epoch in range(how["epochs"]):
        network.train()
        for rows in phrase_batches(phrases, how["batch"], chance):
            optimiser.zero_grad()
            first = phrase_loss(network, rows, how["weights"])
            first.backward()
            second = how["weights"]["names"] * name_loss(network, next(name_rows))
            second.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            done += 1
            losses = [
                0.98 * losses[0] + 0.02 * first.item(),
                0.98 * losses[1] + 0.02 * second.item(),
            ]
            if done % 100 == 0:
                spent = time.monotonic() - began
                print(
                    f"step {done}/{steps}  {spent:.0f} s  "
                    f"phrases {losses[0]:.3f}  names {losses[1]:.3f}",
                    flush=True,
                )
        print(f"epoch {epoch + 1} of {how['epochs']}")
    return network.eval()


def _endless_names(
    texts: Sequence[data.NamedText],
    tokenizer: Tokenizer,
    how: Mapping[str, Any],
    chance: random.Random,
) -> Iterator[list[Row]]:
    """Yield batches of texts with names for ever, some of them without capitals."""
    while True:
        rows = [
            name_row(
                data.NamedText(_lowered(text.text), text.spans, text.scope)
                if chance.random() < how["lower_cased"]
                else text,
                tokenizer,
            )
            for text in texts
        ]
        lengths = [len(row.ids) for row in rows]
        for batch in data.in_batches(lengths, how["names_batch"], chance):
            yield [rows[at] for at in batch]


def _lowered(text: str) -> str:
    """Return *text* without capitals, each character in its place."""
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
