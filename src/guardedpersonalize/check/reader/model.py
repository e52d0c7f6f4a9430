"""
The shipped model: what it makes of one window of text.

It is a small transformer, trained by `training/` and stored as integers of 8 bits for ONNX
Runtime. One window is read at a time, so that what is found does not depend on what else is read
with it. See docs/explanation/model-card.md for what it was trained on and how often it is right.
"""

from __future__ import annotations

import functools
import hashlib
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from guardedpersonalize.check.reader.shapes import shapes
from guardedpersonalize.errors import DetectorError
from guardedpersonalize.vocabulary import Severity

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Encoding

__all__ = ["MODEL_FOLDER", "Mention", "ReaderModel", "Verdict"]

MODEL_FOLDER: Final = Path(__file__).parent / "model"
"""Where the shipped model lies."""

_HALVES: Final = re.compile("[\ud800-\udfff]")
_LEAST_MARK: Final = 0.5
_GAP: Final = 2
_OVERLAP: Final = 24


@dataclass(frozen=True, slots=True)
class Verdict:
    """
    How a window reads.

    Args:
        probability: That it is intrusive, calibrated, 0 to 1.
        category: The likeliest of the intrusive categories.
        start: First character of the clause that carries it.
        end: One past its last.
    """

    probability: float
    category: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mention:
    """A name, place, company or address: its label, where it is, and how sure the model is."""

    label: str
    start: int
    end: int
    score: float


class ReaderModel:
    """
    The model, loaded. Threads may share it; it keeps nothing of what it reads.

    Args:
        folder: With `reader.onnx`, `tokenizer.json` and `reader.toml`; the shipped one unless
            given.

    Raises:
        DetectorError: GP402, if a file is missing, damaged, or not the one that `reader.toml`
            describes.
    """

    def __init__(self, folder: Path = MODEL_FOLDER) -> None:
        try:
            self._load(folder)
        except Exception as err:
            raise DetectorError(
                "GP402",
                "the reader model cannot be loaded.",
                where=folder.name,
                remedy="Install the package again, or name the folder of a whole model.",
            ) from err

    def _load(self, folder: Path) -> None:
        import onnxruntime  # noqa: PLC0415  # slow to import
        from tokenizers import Tokenizer  # noqa: PLC0415  # slow to import

        told = tomllib.loads((folder / "reader.toml").read_text(encoding="utf-8"))
        weights = (folder / "reader.onnx").read_bytes()
        if hashlib.sha256(weights).hexdigest() != told["sha256"]:
            raise ValueError("the weights are not those that reader.toml describes")
        self.sha256: str = told["sha256"]
        self.lean: float = told["thresholds"]["lean"]
        self.warn: float = told["thresholds"]["warn"]
        self.sure: float = told["thresholds"]["sure"]
        self._slope: float = told["calibration"]["slope"]
        self._shift: float = told["calibration"]["shift"]
        self._categories: tuple[str, ...] = tuple(told["categories"])
        self._labels: tuple[str, ...] = tuple(told["labels"])
        self._longest: int = told["longest"]
        options = onnxruntime.SessionOptions()
        # One thread: sums in another order are other sums, and short texts gain nothing.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            weights, options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self.read("Ready.")

    def read(self, text: str) -> tuple[Verdict, tuple[Mention, ...]]:
        """
        Return the verdict on *text*, one window, and the names in it.

        A window of too many tokens is read in pieces that overlap; the gravest verdict is its.
        """
        encoded = self._encode(text)
        ids, offsets = encoded.ids, encoded.offsets
        cases = shapes(text, offsets)
        verdicts: list[Verdict] = []
        mentions: list[Mention] = []
        for first, last in self._pieces(len(ids)):
            piece = slice(first, last)
            verdict, found = self._read(ids[piece], cases[piece], offsets[piece], text)
            verdicts.append(verdict)
            seen = mentions[-1].end if mentions else 0
            mentions += [mention for mention in found if mention.start >= seen]
        return max(verdicts, key=lambda verdict: verdict.probability), tuple(mentions)

    def severity_of(self, verdict: Verdict) -> Severity:
        """Return how strong a verdict at or above `lean` is, see `Detection.severity`."""
        if verdict.probability >= self.sure:
            return Severity.ERROR
        return Severity.WARN if verdict.probability >= self.warn else Severity.INFO

    def logit(self, text: str) -> float:
        """Return the raw verdict on *text*, before calibration."""
        encoded = self._encode(text)
        cases = shapes(text, encoded.offsets)
        start, end = self._marks
        return max(
            float(self._run([start, *encoded.ids[a:b], end], [0, *cases[a:b], 0])[0][0])
            for a, b in self._pieces(len(encoded.ids))
        )

    def _encode(self, text: str) -> Encoding:
        # Half a character has no UTF-8; another sign in its place moves no offset.
        return self._tokenizer.encode(_HALVES.sub("\ufffd", text), add_special_tokens=False)

    def _pieces(self, count: int) -> Iterator[tuple[int, int]]:
        size = self._longest - 2
        first = 0
        while first + size < count:
            yield first, first + size
            first += size - _OVERLAP
        yield first, count

    def _read(
        self,
        ids: Sequence[int],
        cases: Sequence[int],
        offsets: Sequence[tuple[int, int]],
        text: str,
    ) -> tuple[Verdict, tuple[Mention, ...]]:
        start, end = self._marks
        passage, tokens, names = self._run([start, *ids, end], [0, *cases, 0])
        clause = _clause(_sigmoid(tokens[1:-1]), offsets) or (0, len(text))
        chances = _sigmoid(passage[1:])
        verdict = Verdict(
            probability=float(_sigmoid(self._slope * passage[:1] + self._shift)[0]),
            category=self._categories[int(chances.argmax())],
            start=clause[0],
            end=clause[1],
        )
        return verdict, tuple(self._mentions(names[1:-1], offsets, text))

    @functools.cached_property
    def _marks(self) -> tuple[int, int]:
        """The ids of the tokens that open and close a text."""
        opening, closing = map(self._tokenizer.token_to_id, ("[CLS]", "[SEP]"))
        return int(opening or 0), int(closing or 0)

    def _run(
        self, ids: Sequence[int], cases: Sequence[int]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        import numpy as np  # noqa: PLC0415  # comes with ONNX Runtime

        given: dict[str, Any] = {
            "ids": np.array([ids], dtype=np.int64),
            "cases": np.array([cases], dtype=np.int64),
            "mask": np.ones((1, len(ids)), dtype=np.int64),
        }
        passage, tokens, names = self._session.run(None, given)
        return passage[0], tokens[0], names[0]

    def _mentions(
        self, names: NDArray[np.float32], offsets: Sequence[tuple[int, int]], text: str
    ) -> Iterator[Mention]:
        """Yield the names that the labels of the tokens spell; words are never cut."""
        chances = _softmax(names)
        best = chances.argmax(axis=1)
        label, start, end, scores = "", 0, 0, [0.0]
        for number, (a, b) in enumerate(offsets):
            mark, _, found = self._labels[int(best[number])].partition("-")
            is_inside_word = a == end and a > 0 and text[a - 1].isalnum() and text[a].isalnum()
            score = float(chances[number].max())
            if label and is_inside_word:
                end = b
            elif label and found == label and mark == "I":
                end = b
                scores.append(score)
            else:
                if label:
                    yield Mention(label, start, end, sum(scores) / len(scores))
                label, start, end, scores = found, a, b, [score]
        if label:
            yield Mention(label, start, end, sum(scores) / len(scores))


def _clause(
    marks: NDArray[np.float32], offsets: Sequence[tuple[int, int]]
) -> tuple[int, int] | None:
    """Return the run of marked tokens that weighs most; small gaps are part of it."""
    best: tuple[float, int, int] = (0.0, 0, 0)
    first, last, weight = -1, -1, 0.0
    for number, mark in enumerate(marks):
        if mark < _LEAST_MARK:
            continue
        if first < 0 or number - last > _GAP + 1:
            first, weight = number, 0.0
        last = number
        weight += float(mark)
        best = max(best, (weight, first, last))
    weight, first, last = best
    return (offsets[first][0], offsets[last][1]) if weight else None


def _sigmoid(x: NDArray[np.float32]) -> NDArray[np.float32]:
    import numpy as np  # noqa: PLC0415  # comes with ONNX Runtime

    return np.divide(1.0, 1.0 + np.exp(-np.clip(x, -30, 30)), dtype=np.float32)


def _softmax(x: NDArray[np.float32]) -> NDArray[np.float32]:
    import numpy as np  # noqa: PLC0415  # comes with ONNX Runtime

    shifted = np.exp(x - x.max(axis=-1, keepdims=True))
    chances: NDArray[np.float32] = shifted / shifted.sum(axis=-1, keepdims=True)
    return chances
