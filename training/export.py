"""From torch to the file that is shipped: ONNX, integers of 8 bits, calibration, thresholds."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from onnxruntime.quantization import QuantType, quantize_dynamic

from guardedpersonalize.check.reader.model import MODEL_FOLDER, ReaderModel
from guardedpersonalize.check.reader.windows import windows
from training import data
from training.network import ReaderNetwork
from training.train import padded, phrase_row, start_files, tokenizer_of

OUTPUTS = ("passage", "tokens", "names")


def to_onnx(network: ReaderNetwork, path: Path) -> None:
    """Write *network* to *path*, for texts of any length."""
    example = (
        torch.tensor([[101, 2023, 102]]),
        torch.tensor([[0, 1, 0]]),
        torch.tensor([[1, 1, 1]]),
    )
    torch.onnx.export(
        network,
        example,
        str(path),
        input_names=["ids", "cases", "mask"],
        output_names=list(OUTPUTS),
        dynamic_axes={
            name: {0: "texts", 1: "length"} for name in ("ids", "cases", "mask", "tokens", "names")
        }
        | {"passage": {0: "texts"}},
        opset_version=17,
        dynamo=False,
    )


def to_int8(source: Path, target: Path) -> None:
    """Write the model with weights of 8 bits, each output channel with a scale of its own."""
    quantize_dynamic(
        source, target, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True
    )


def largest_difference(
    network: ReaderNetwork, path: Path, passages: Sequence[data.Passage], longest: int, package: str
) -> float:
    """Return by how much the verdicts of torch and of the file at *path* differ at most."""
    tokenizer = tokenizer_of(start_files(package), longest)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    worst = 0.0
    with torch.no_grad():
        for passage in passages:
            batch = padded([phrase_row(passage, tokenizer)])
            given = {name: batch[name] for name in ("ids", "cases", "mask")}
            wanted = torch.sigmoid(network(**given)[0]).numpy()
            logits = session.run(["passage"], {k: v.numpy() for k, v in given.items()})[0]
            worst = max(worst, float(np.abs(1 / (1 + np.exp(-logits)) - wanted).max()))
    return worst


def highest(model: ReaderModel, passage: data.Passage) -> float:
    """Return the raw verdict on the gravest window of a passage, as the check reads it."""
    spans = windows(passage.text) or [(0, len(passage.text))]
    return max(model.logit(passage.text[a:b]) for a, b in spans)


def calibrated(logits: Sequence[float], truths: Sequence[bool]) -> tuple[float, float]:
    """
    Return slope and shift that make the logits probabilities.

    Source:
        Platt 1999, with his smoothed targets; Newton's method on two parameters.
    """
    x, y = np.array(logits), np.array(truths, dtype=float)
    wanted = np.where(y > 0, (y.sum() + 1) / (y.sum() + 2), 1 / (len(y) - y.sum() + 2))

    def loss(at: NDArray[np.float64]) -> float:
        z = at[0] * x + at[1]
        return float((np.logaddexp(0, z) - wanted * z).sum())

    found = np.array([1.0, 0.0])
    for _ in range(100):
        p = chance(found[0] * x + found[1])
        w = p * (1 - p) + 1e-9
        error = p - wanted
        gradient = np.array([(error * x).sum(), error.sum()])
        second = np.array([[(w * x * x).sum(), (w * x).sum()], [(w * x).sum(), w.sum()]])
        step = np.linalg.solve(second + 1e-6 * np.eye(2), gradient)
        while loss(found - step) > loss(found) and np.abs(step).max() > 1e-9:
            step = step / 2
        found = found - step
    return float(found[0]), float(found[1])


def chance(z: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the logistic function of *z*."""
    return 1 / (1 + np.exp(-np.clip(z, -30, 30)))


def threshold(chances: Sequence[float], precision: float) -> float:
    """
    Return the least probability from which on at least *precision* of the flagged should be right.

    That is what the probabilities say together. To count the few that are wrong would let one line
    of the calibration files move the threshold, and so would training a second time.
    """
    total, best = 0.0, 1.0
    for count, chance in enumerate(sorted(chances, reverse=True), 1):
        total += chance
        if total / count >= precision:
            best = chance
    return best


def ship(network: ReaderNetwork, config: Mapping[str, Any], work: Path) -> None:
    """Write the shipped folder, and print how far each step is from the last."""
    work.mkdir(parents=True, exist_ok=True)
    full, small = work / "reader-32.onnx", MODEL_FOLDER / "reader.onnx"
    MODEL_FOLDER.mkdir(exist_ok=True)
    to_onnx(network, full)
    to_int8(full, small)
    held = [p for name in config["phrases"]["calibrate"] for p in data.passages(name)]
    longest, package = config["training"]["longest"], config["start"]["package"]
    for path in (full, small):
        gap = largest_difference(network, path, held[:200], longest, package)
        print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB, differs from torch by {gap:.5f}")
    shutil.copy(start_files(package) / "tokenizer.json", MODEL_FOLDER / "tokenizer.json")
    told: dict[str, Any] = {
        "longest": longest,
        "sha256": hashlib.sha256(small.read_bytes()).hexdigest(),
        "categories": list(data.CATEGORIES),
        "labels": list(data.NAME_LABELS),
        "calibration": {"slope": 1.0, "shift": 0.0},
        "thresholds": {"lean": 0.3, "warn": 0.5, "sure": 0.9},
    }
    write_toml(told, MODEL_FOLDER / "reader.toml")
    model = ReaderModel()
    logits = [highest(model, passage) for passage in held]
    truths = [passage.is_intrusive for passage in held]
    slope, shift = calibrated(logits, truths)
    chances = chance(slope * np.array(logits) + shift).tolist()
    how = config["export"]
    told["calibration"] = {"slope": round(slope, 4), "shift": round(shift, 4)}
    told["thresholds"] = {
        "lean": how["lean"],
        "warn": round(threshold(chances, how["precision_warn"]), 4),
        "sure": round(threshold(chances, how["precision_sure"]), 4),
    }
    write_toml(told, MODEL_FOLDER / "reader.toml")
    print(told["calibration"], told["thresholds"])


def write_toml(told: Mapping[str, Any], path: Path) -> None:
    """Write what the model says of itself."""
    lines = ["# Made by training/export.py; see docs/explanation/model-card.md."]
    tables = {key: value for key, value in told.items() if isinstance(value, dict)}
    for key, value in told.items():
        if key not in tables:
            lines.append(f"{key} = {_shown(value)}")
    for key, table in tables.items():
        lines += ["", f"[{key}]", *(f"{name} = {_shown(value)}" for name, value in table.items())]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _shown(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(f'"{each}"' for each in value) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value)
