"""The FAISS vector index and its file: derived from the store, never trusted without its checksum."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.library.store import Hit
from assistant.networks.embeddings import Vectors

_MAGIC = b"article-assistant vectors 1\n"

Ids = NDArray[np.int64]
Range = tuple[int, int]


class VectorIndex:
    """Exact inner-product search over unit vectors with the store's sentence ids.

    Attributes:
        fingerprint: of the embedding model that made the vectors.
        dimension: d.
        generation: the store's generation that this index shows.
    """

    def __init__(self, fingerprint: str, dimension: int, generation: int = 0) -> None:
        import faiss

        self.fingerprint = fingerprint
        self.dimension = dimension
        self.generation = generation
        self._index: Any = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Adds vectors, shape (n, d), under ids that are not in the index yet, shape (n,)."""
        if len(ids):
            self._index.add_with_ids(np.ascontiguousarray(vectors, np.float32), np.ascontiguousarray(ids, np.int64))

    def remove(self, first: int, last: int) -> None:
        """Removes the ids from `first` to `last`, both included."""
        import faiss

        self._index.remove_ids(faiss.IDSelectorRange(first, last + 1))

    def reset(self) -> None:
        """Removes every vector."""
        self._index.reset()

    def search(self, vector: Vectors, n: int, ranges: Sequence[Range] | None = None) -> list[Hit]:
        """Returns the n ids with the highest cosine, best first.

        Args:
            vector: unit vector, shape (d,).
            n: at most so many.
            ranges: only ids within one of these (first, last), both included; None for all.
        """
        import faiss

        n = min(n, len(self))
        if n <= 0 or ranges == []:
            return []
        query = np.ascontiguousarray(vector, np.float32).reshape(1, -1)
        if ranges is None:
            scores, ids = self._index.search(query, n)
        else:
            # The selector must outlive the search: the parameters hold no reference to it.
            selector = _selector(ranges)
            parameters: Any = faiss.SearchParameters
            scores, ids = self._index.search(query, n, params=parameters(sel=selector))
        return [Hit(int(i), float(s)) for i, s in zip(ids[0], scores[0], strict=True) if i >= 0]

    def save(self, path: Path) -> None:
        """Writes the index aside, syncs it and renames it over `path`: a reader sees the old file or the new one."""
        import faiss

        payload = faiss.serialize_index(self._index).tobytes()
        header = {"fingerprint": self.fingerprint, "dimension": self.dimension, "generation": self.generation}
        header_line = json.dumps({**header, "sha256": _digest(header, payload)}).encode() + b"\n"
        descriptor, name = tempfile.mkstemp(prefix=path.name + ".", suffix=".tmp", dir=path.parent)
        try:
            # Whoever may use the folder may read the file, which `mkstemp` makes for its owner alone.
            Path(name).chmod(path.parent.stat().st_mode & 0o666)
            with os.fdopen(descriptor, "wb") as file:
                file.writelines((_MAGIC, header_line, payload))
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
        sync_folder(path.parent)

    @classmethod
    def load(cls, path: Path, fingerprint: str, dimension: int) -> VectorIndex | None:
        """Returns the index of a file, None where it is missing, damaged, or of another model."""
        import faiss

        read = _read(path)
        if read is None:
            return None
        header, payload = read
        if header.get("fingerprint") != fingerprint or header.get("dimension") != dimension:
            return None
        index = cls(fingerprint, dimension, int(header["generation"]))
        index._index = faiss.deserialize_index(np.frombuffer(payload, np.uint8))
        return index

    @staticmethod
    def is_sound(path: Path) -> bool:
        """Whether a file is an index as it was written, of whichever model."""
        return _read(path) is not None


def _read(path: Path) -> tuple[dict[str, Any], bytes] | None:
    """Returns header and payload of a file, None where it is missing or damaged."""
    try:
        if not path.is_file():
            return None  # what is no file may never end
        content = path.read_bytes()
    except OSError:
        return None
    magic, rest = content[: len(_MAGIC)], content[len(_MAGIC) :]
    header_line, _, payload = rest.partition(b"\n")
    try:
        header = json.loads(header_line)
        digest = header.pop("sha256")
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
        return None
    return (header, payload) if magic == _MAGIC and digest == _digest(header, payload) else None


def _selector(ranges: Sequence[Range]) -> Any:
    import faiss

    if len(ranges) == 1:
        return faiss.IDSelectorRange(ranges[0][0], ranges[0][1] + 1)
    # A bit an id: the ranges of ten thousand articles are looked up as fast as those of two.
    chosen = np.zeros(max(last for _, last in ranges) + 1, bool)
    for first, last in ranges:
        chosen[first : last + 1] = True
    selector: Any = faiss.IDSelectorBitmap
    return selector(np.packbits(chosen, bitorder="little"))


def _digest(header: dict[str, Any], payload: bytes) -> str:
    digest = hashlib.sha256(json.dumps(header, sort_keys=True).encode())
    digest.update(payload)
    return digest.hexdigest()


def sync_folder(folder: Path) -> None:
    # A rename is on disk only once its folder is; Windows has no such call.
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
