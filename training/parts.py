"""What is trained on, and the articles that are held back from it for calibration and thresholds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from training.data import Example, read_set, training_sets
from training.written import IN_FULL, written_examples

ONE_IN, ONE_IN_OF_WRITTEN = 25, 8  # articles are held back


def is_held_back(article: str, one_in: int = ONE_IN) -> bool:
    """Returns whether an article is kept out of training, for calibration and thresholds.

    The number in the hash was picked so that enough labelled unanswerable questions are among them.
    """
    return int(hashlib.sha256(f"held back 36:{article}".encode()).hexdigest()[:8], 16) % one_in == 0


def training_part(data_dir: Path, stated_licences_only: bool = False) -> list[Example]:
    """Returns the examples of all train-* files, and of the articles written for it, that are not held back."""
    return [e for e, held in _all(data_dir, stated_licences_only) if not held]


def held_back(data_dir: Path, stated_licences_only: bool = False) -> Iterator[Example]:
    """Yields the held-back examples of all train-* files and written articles, whole passages, as they stand there."""
    return (e for e, held in _all(data_dir, stated_licences_only) if held)


def _all(data_dir: Path, stated_licences_only: bool) -> Iterator[tuple[Example, bool]]:
    for path in training_sets(data_dir, stated_licences_only):
        yield from ((e, is_held_back(e.article)) for e in read_set(path))
    yield from ((e, is_held_back(e.article.removesuffix(IN_FULL), ONE_IN_OF_WRITTEN)) for e in written_examples())
