"""
Trains the shipped reader model, from its data to its thresholds.

    python -m training --names FOLDER [--threads 2] [--work FOLDER]

FOLDER holds the named-entity texts, see training/README.md for where they are published.
"""

from __future__ import annotations

import argparse
import time
import tomllib
from pathlib import Path

import torch

from training.export import ship
from training.network import ReaderNetwork
from training.train import train


def main() -> None:
    """Train, export, calibrate."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__.splitlines()[1])
    parser.add_argument("--names", type=Path, required=True, help="folder of named-entity texts")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--work", type=Path, default=Path("build/training"))
    parser.add_argument("--export-only", action="store_true", help="use the weights kept in --work")
    options = parser.parse_args()
    config = tomllib.loads((Path(__file__).parent / "config.toml").read_text(encoding="utf-8"))
    kept = options.work / "reader.pt"
    began = time.monotonic()
    if options.export_only:
        weights = torch.load(kept)
        network = ReaderNetwork(
            passages=weights["of_passage.bias"].shape[0], names=weights["of_name.bias"].shape[0]
        )
        network.load_state_dict(weights)
        network.eval()
    else:
        network = train(config, options.names, options.threads)
        options.work.mkdir(parents=True, exist_ok=True)
        torch.save(network.state_dict(), kept)
    ship(network, config, options.work)
    print(f"{(time.monotonic() - began) / 60:.0f} minutes")


if __name__ == "__main__":
    main()
