"""Windows <-> compact files: 16-bit token ids, and labels as short as they can be.

Windows are slices of passages that come again and again, so what is alike stands far apart: LZMA with a dictionary as large as
the shard finds it.
"""

from __future__ import annotations

import io
import lzma
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.data import KINDS
from training.windows import IGNORED, Window

UNKNOWN = 2  # a label of support or mismatch that is not known; else 0 or 1


@dataclass(frozen=True, slots=True)
class Shard:
    """Windows as flat arrays, one after another.

    Attributes:
        ids: (tokens,) of 16 bits.
        sentence: (tokens,) of 8 bits, -1 outside the passage.
        mismatch: (tokens,) of 8 bits: 0, 1 or `UNKNOWN`.
        lengths: (windows,) tokens of each.
        support: (sentences,) of 8 bits: 0, 1 or `UNKNOWN`.
        sentences: (windows,) sentences of each.
        places: (windows, 4) of 16 bits: start, end, and of what seems asked for.
        kinds: (windows,) of 8 bits: whether it answers, then a bit for each of `KINDS`.
    """

    ids: NDArray[np.uint16]
    sentence: NDArray[np.int8]
    mismatch: NDArray[np.uint8]
    lengths: NDArray[np.uint16]
    support: NDArray[np.uint8]
    sentences: NDArray[np.uint16]
    places: NDArray[np.int16]
    kinds: NDArray[np.uint8]

    @classmethod
    def of(cls, windows: Sequence[Window]) -> Shard:
        """Returns the windows as arrays.

        Raises:
            OverflowError: if a token id or the number of a sentence does not fit.
        """

        def labels(values: list[int] | list[float]) -> list[int]:
            return [UNKNOWN if value == IGNORED else int(value) for value in values]

        return cls(
            ids=np.array([i for w in windows for i in w.ids], np.uint16),
            sentence=np.array([n for w in windows for n in w.sentence], np.int8),
            mismatch=np.array([n for w in windows for n in labels(w.mismatch)], np.uint8),
            lengths=np.array([len(w.ids) for w in windows], np.uint16),
            support=np.array([n for w in windows for n in labels(w.support)], np.uint8),
            sentences=np.array([len(w.support) for w in windows], np.uint16),
            places=np.array([(w.start, w.end, *w.plausible) for w in windows], np.int16).reshape(-1, 4),
            kinds=np.array([_bits([w.answerable, *w.kinds]) for w in windows], np.uint8),
        )

    @classmethod
    def joined(cls, shards: Sequence[Shard]) -> Shard:
        """Returns the windows of several, in their order."""
        return cls(*(np.concatenate([getattr(shard, name) for shard in shards]) for name in cls.__slots__))

    @classmethod
    def read(cls, path: Path) -> Shard:
        """Returns the windows of a file."""
        with np.load(io.BytesIO(lzma.decompress(path.read_bytes()))) as arrays:
            return cls(*(arrays[name] for name in cls.__slots__))

    def write(self, path: Path) -> None:
        """Writes the file aside and moves it into place."""
        content = io.BytesIO()
        np.savez(content, **{name: getattr(self, name) for name in self.__slots__})
        filters = [{"id": lzma.FILTER_LZMA2, "preset": 6, "dict_size": max(4096, content.tell())}]
        aside = path.with_name(path.name + ".part")
        aside.write_bytes(lzma.compress(content.getvalue(), filters=filters))
        aside.replace(path)

    def __len__(self) -> int:
        return len(self.lengths)

    def windows(self) -> list[Window]:
        """Returns the windows as they were."""
        ends, last = np.cumsum(self.lengths, dtype=np.int64), np.cumsum(self.sentences, dtype=np.int64)
        found = []
        for n in range(len(self)):
            tokens = slice(int(ends[n]) - int(self.lengths[n]), int(ends[n]))
            sentences = slice(int(last[n]) - int(self.sentences[n]), int(last[n]))
            start, end, first, until = (int(place) for place in self.places[n])
            answerable, *kinds = (bool(self.kinds[n] >> bit & 1) for bit in range(1 + len(KINDS)))
            found.append(
                Window(
                    ids=self.ids[tokens].tolist(),
                    start=start,
                    end=end,
                    plausible=(first, until),
                    answerable=answerable,
                    sentence=self.sentence[tokens].tolist(),
                    support=[float(IGNORED if label == UNKNOWN else label) for label in self.support[sentences]],
                    mismatch=[IGNORED if label == UNKNOWN else int(label) for label in self.mismatch[tokens]],
                    kinds=kinds,
                )
            )
        return found


def _bits(flags: Sequence[bool]) -> int:
    return sum(int(flag) << place for place, flag in enumerate(flags))
