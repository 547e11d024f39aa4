"""The encoder of a deployment: the shipped word vectors, or a table of its own; `python -m streams.encoder FOLDER OUT` makes one.

FOLDER holds a model2vec model: `model.safetensors` with a matrix of vectors, and `tokenizer.json` with its vocabulary. wordllama's two
files serve too, under these names. Only whole words are taken over; the first `DIMS` dimensions, which in such models say most.
"""

import sys
from pathlib import Path
from zlib import crc32

import msgspec
import numpy as np

from processors.text.word_vectors import SHIPPED, Table, WordVectors, read, shipped_table
from streams.errors import UserError

DIMS = 64
WORD_STARTS = ("▁", "Ġ")  # how SentencePiece and byte-level vocabularies mark the beginning of a word


def read_encoder(path: str) -> WordVectors:
    """Return the encoder of a table's path, the shipped one for an empty path. Raises `UserError`."""
    if not path:
        return SHIPPED
    try:
        return read(Path(path).read_bytes())
    except OSError as error:
        raise UserError(f"LOTSE_WORD_VECTORS: {path} cannot be read ({error.strerror})") from None
    except (msgspec.DecodeError, ValueError):
        raise UserError(
            f"LOTSE_WORD_VECTORS: {path} is no table of word vectors; make one with python -m streams.encoder FOLDER {path}"
        ) from None


def convert(folder: Path) -> bytes:
    """Return the table of a static model; its words' rarity is the shipped one. Raises `UserError`."""
    try:
        matrix = _matrix((folder / "model.safetensors").read_bytes())
        vocabulary = msgspec.json.decode((folder / "tokenizer.json").read_bytes())["model"]["vocab"]
    except (OSError, KeyError, ValueError, msgspec.DecodeError) as error:
        raise UserError(
            f"{folder}: expected model.safetensors and tokenizer.json of a static model ({error})"
        ) from None
    pairs = (
        vocabulary.items() if isinstance(vocabulary, dict) else ((one[0], row) for row, one in enumerate(vocabulary))
    )
    rows = {crc32(word.encode()): row for token, row in pairs if (word := _word(token)) and row < len(matrix)}
    names = sorted(rows)
    vectors = matrix[[rows[name] for name in names], :DIMS]
    whole = np.round(vectors / max(float(np.abs(vectors).max()), 1e-9) * 127).astype(np.int8)
    general = shipped_table()
    table = Table(
        f"{folder.name}-{crc32(whole.tobytes()):08x}",
        vectors.shape[1],
        np.array(names, "<u4").tobytes(),
        whole.tobytes(),
        general.stems,
        general.rarity,
    )
    return msgspec.msgpack.encode(table)


def _word(token: str) -> str:
    """Return the whole word of a token in lower case, empty for a part of one."""
    if token.startswith("##"):
        return ""
    word = token[1:] if token.startswith(WORD_STARTS) else token
    return word if word.isalnum() and word == word.lower() else ""


def _matrix(content: bytes) -> "np.ndarray[tuple[int, ...], np.dtype[np.float32]]":
    """Return the only, or the largest, matrix of a safetensors file (a length, a JSON header, the values)."""
    size = int.from_bytes(content[:8], "little")
    header = msgspec.json.decode(content[8 : 8 + size])
    header.pop("__metadata__", None)
    entry = max(header.values(), key=lambda one: one["data_offsets"][1] - one["data_offsets"][0])
    begin, end = (8 + size + offset for offset in entry["data_offsets"])
    kinds = {"F16": np.float16, "F32": np.float32}
    if entry["dtype"] not in kinds or len(entry["shape"]) != 2:
        raise ValueError(f"a matrix of F16 or F32, not {entry['dtype']} {entry['shape']}")
    return np.frombuffer(content[begin:end], dtype=kinds[entry["dtype"]]).reshape(entry["shape"]).astype(np.float32)


def main() -> None:
    """Convert a model's folder to a table."""
    if len(sys.argv) != 3:
        sys.exit("expected: python -m streams.encoder FOLDER OUT")
    try:
        content = convert(Path(sys.argv[1]))
    except UserError as error:
        sys.exit(str(error))
    Path(sys.argv[2]).write_bytes(content)


if __name__ == "__main__":
    main()
