"""The encoder and its heads, in torch: used to train and to export, never at run time."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

if TYPE_CHECKING:
    from collections.abc import Mapping

CASES = 6
"""Shapes of a token: see `guardedpersonalize.check.reader.shapes`."""


class _Layer(nn.Module):
    """One layer of BERT (Devlin et al. 2019, arXiv:1810.04805), normalised after each half."""

    def __init__(self, width: int, heads: int, inner: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.mixed = nn.Linear(width, width)
        self.after_attention = nn.LayerNorm(width, eps=1e-12)
        self.up = nn.Linear(width, inner)
        self.down = nn.Linear(inner, width)
        self.after_inner = nn.LayerNorm(width, eps=1e-12)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Read `x` of shape (texts, tokens, width); `mask` is added to the scores."""
        texts, tokens, width = x.shape
        size = width // self.heads

        def split(y: Tensor) -> Tensor:
            return y.view(texts, tokens, self.heads, size).transpose(1, 2)

        scores = split(self.query(x)) @ split(self.key(x)).transpose(-1, -2) / math.sqrt(size)
        weights = self.dropout(torch.softmax(scores + mask, dim=-1))
        seen = (weights @ split(self.value(x))).transpose(1, 2).reshape(texts, tokens, width)
        x = self.after_attention(x + self.dropout(self.mixed(seen)))
        inner = self.down(nn.functional.gelu(self.up(x)))
        return self.after_inner(x + self.dropout(inner))


class ReaderNetwork(nn.Module):
    """
    All that the reader knows.

    Args:
        passages: How many labels a passage has: intrusive or not, then the categories.
        names: How many labels a token has for names and places.
    """

    def __init__(
        self,
        *,
        passages: int,
        names: int,
        words: int = 30522,
        width: int = 384,
        layers: int = 6,
        heads: int = 12,
        inner: int = 1536,
        dropout: float = 0.1,
    ) -> None:
        super().__init__()
        self.words = nn.Embedding(words, width, padding_idx=0)
        self.places = nn.Embedding(512, width)
        self.segments = nn.Embedding(2, width)
        self.cases = nn.Embedding(CASES, width)
        self.after_embedding = nn.LayerNorm(width, eps=1e-12)
        self.dropout = nn.Dropout(dropout)
        self.layers = nn.ModuleList(_Layer(width, heads, inner, dropout) for _ in range(layers))
        self.of_passage = nn.Linear(width, passages)
        self.of_token = nn.Linear(width, 1)
        self.of_name = nn.Linear(width, names)
        nn.init.zeros_(self.cases.weight)

    def forward(self, ids: Tensor, cases: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """
        Return logits for passages (texts, labels), crossing tokens (texts, tokens) and names.

        Args:
            ids: Word pieces, shape (texts, tokens).
            cases: The shape of each token's word.
            mask: 1 for tokens, 0 for padding.
        """
        places = torch.arange(ids.shape[1], device=ids.device)
        x = self.words(ids) + self.places(places) + self.segments.weight[0] + self.cases(cases)
        x = self.dropout(self.after_embedding(x))
        hidden = (1.0 - mask[:, None, None, :].to(x.dtype)) * -1e4
        for layer in self.layers:
            x = layer(x, hidden)
        share = mask[:, :, None].to(x.dtype)
        pooled = (x * share).sum(1) / share.sum(1)
        return self.of_passage(pooled), self.of_token(x).squeeze(-1), self.of_name(x)

    def start_from(self, weights: Mapping[str, Tensor]) -> None:
        """Take over the weights of a BERT with the names of the `transformers` library."""
        own = self.state_dict()
        renamed = {
            "words": "embeddings.word_embeddings",
            "places": "embeddings.position_embeddings",
            "segments": "embeddings.token_type_embeddings",
            "after_embedding": "embeddings.LayerNorm",
        }
        inside = {
            "query": "attention.self.query",
            "key": "attention.self.key",
            "value": "attention.self.value",
            "mixed": "attention.output.dense",
            "after_attention": "attention.output.LayerNorm",
            "up": "intermediate.dense",
            "down": "output.dense",
            "after_inner": "output.LayerNorm",
        }
        for number in range(len(self.layers)):
            for ours, theirs in inside.items():
                renamed[f"layers.{number}.{ours}"] = f"encoder.layer.{number}.{theirs}"
        for ours, theirs in renamed.items():
            for kind in ("weight", "bias"):
                if f"{ours}.{kind}" in own:
                    own[f"{ours}.{kind}"] = weights[f"{theirs}.{kind}"]
        self.load_state_dict(own)
