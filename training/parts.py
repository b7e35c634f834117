"""What is trained on, and the articles that are held back from it for calibration and thresholds."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from training.data import Example, read_set, training_sets
from training.passage_questions import passage_questions
from training.pronouns import pronoun_examples
from training.written import IN_FULL, written_examples

ONE_IN, ONE_IN_OF_WRITTEN = 25, 8  # articles are held back
SHARED_WORDS = 12  # in a row, by which two passages are of one text


def is_held_back(article: str, one_in: int = ONE_IN) -> bool:
    """Returns whether an article is kept out of training, for calibration and thresholds.

    The number in the hash was picked so that enough labelled unanswerable questions are among them.
    """
    return int(hashlib.sha256(f"held back 36:{article}".encode()).hexdigest()[:8], 16) % one_in == 0


def is_held_back_from_writing(article: str) -> bool:
    """Returns whether what is written for a passage of a public article is kept out of training."""
    return is_held_back(article) or is_held_back(article, ONE_IN_OF_WRITTEN)


def training_part(data_dir: Path, stated_licences_only: bool = False) -> list[Example]:
    """Returns the examples of all train-* files, and of the articles written for it, that are not held back.

    Several sets ask of the same text, under other titles: what shares `SHARED_WORDS` with a text that is held back is left
    out too.
    """
    both = list(_all(data_dir, stated_licences_only))
    known = {run for context in {e.context for e, held in both if held} for run in _runs(context)}
    contexts = {e.context for e, held in both if not held}
    shared = {context for context in contexts if any(run in known for run in _runs(context))}
    return [e for e, held in both if not held and e.context not in shared]


def held_back(data_dir: Path, stated_licences_only: bool = False) -> Iterator[Example]:
    """Yields the held-back examples of all train-* files and written articles, whole passages, as they stand there."""
    return (e for e, held in _all(data_dir, stated_licences_only) if held)


def _all(data_dir: Path, stated_licences_only: bool) -> Iterator[tuple[Example, bool]]:
    public: list[Example] = []
    for path in training_sets(data_dir, stated_licences_only):
        public += read_set(path, stated_licences_only=stated_licences_only)
    public += pronoun_examples(data_dir)
    yield from ((e, is_held_back(e.article)) for e in public)
    yield from ((e, is_held_back(e.article.removesuffix(IN_FULL), ONE_IN_OF_WRITTEN)) for e in written_examples())
    for example in passage_questions(public):
        yield example, is_held_back_from_writing(example.article)


def _runs(text: str) -> Iterator[int]:
    """Yields a number for each `SHARED_WORDS` words in a row; texts of fewer words give one for all."""
    words: Sequence[str] = re.findall(r"\w+", text.lower())
    for start in range(max(1, len(words) - SHARED_WORDS + 1)):
        yield hash(" ".join(words[start : start + SHARED_WORDS]))
