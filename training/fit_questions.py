"""The questions that probabilities are fitted on: held-back ones, and what is made from them."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from training.data import Example
from training.embedding_neighbours import Neighbours
from training.export_embedder import weights_folder
from training.mixture import Mixture
from training.near_misses import NearMisses
from training.parts import held_back, training_part
from training.passage_questions import SOURCE as ASKED
from training.wording import is_reworded
from training.written import SOURCE

# How the made unanswerable questions are made: see training/mixture.py.
# "removed", the sentence that answers taken out of its passage, is what people meet who ask about an article.
MADE = {"near": 0.3, "removed": 0.35, "elsewhere": 0.25, "silent": 0.1}
# Who asks without having read the text puts it in other words: the share of such questions in QED, which people asked of a
# search engine. In SQuAD, asked by people who saw the passage, it is a fifth.
REWORDED_SHARE = 0.43
FULLY_LABELLED = ("hotpotqa", "qed", SOURCE)  # sets that mark every supporting sentence


def sample(data: Path, n_questions: int, seed: int) -> list[Example]:
    """Returns held-back questions: half answerable, a quarter labelled unanswerable, a quarter made so.

    Labelled ones may be fewer than that; the made ones then fill up. Of what was written for training, articles and questions, as
    many answerable questions are taken as unanswerable ones: where a question comes from must not tell.
    """
    rng = random.Random(seed)
    examples = as_people_ask(list(held_back(data)), rng)
    mixture = mixture_of(examples, seed)
    labelled = [e for e in examples if not e.answerable]
    chosen = rng.sample(labelled, min(len(labelled), n_questions // 4))
    n_made = n_questions // 2 - len(chosen)
    for kind, share in MADE.items():
        chosen += draw(mixture, kind, round(n_made * share))
    for source in (SOURCE, ASKED):
        answered = [e for e in examples if e.source == source and e.answerable]
        chosen += rng.sample(answered, min(len(answered), sum(e.source == source for e in chosen)))
    chosen += draw(mixture, "answerable", n_questions - len(chosen))
    found = list({(e.id, e.question, e.context): e for e in chosen}.values())
    rng.shuffle(found)
    return found


def mixture_of(examples: Sequence[Example], seed: int) -> Mixture:
    """Returns what makes questions from held-back examples, their words as they are."""
    return Mixture(examples, NearMisses(Neighbours.from_encoder(weights_folder())), seed)


def as_people_ask(examples: Sequence[Example], rng: random.Random) -> list[Example]:
    """Returns the examples less some of each set whose questions repeat the text, so that at least `REWORDED_SHARE` do not."""
    kept = [e for e in examples if not e.answers]
    by_source: defaultdict[str, list[Example]] = defaultdict(list)
    for example in examples:
        if example.answers:
            by_source[example.source].append(example)
    for own in by_source.values():
        reworded = [e for e in own if is_reworded(e)]
        repeating = [e for e in own if not is_reworded(e)]
        n_kept = min(len(repeating), round(len(reworded) * (1 - REWORDED_SHARE) / REWORDED_SHARE))
        kept += reworded + rng.sample(repeating, n_kept)
    return kept


def draw(mixture: Mixture, kind: str, n: int) -> list[Example]:
    """Returns up to n different examples of one kind."""
    found: dict[tuple[str, str, str], Example] = {}
    for _ in range(20 * n):
        example = mixture.draw(kind)
        if example is not None and len(found) < n:
            found.setdefault((example.id, example.question, example.context), example)
    return list(found.values())


def fully_labelled(data: Path) -> list[Example]:
    """Returns the held-back questions whose every supporting sentence is labelled, and all of HotpotQA's."""
    examples = [*held_back(data), *(e for e in training_part(data) if e.source == "hotpotqa")]
    return [e for e in examples if e.support and e.source in FULLY_LABELLED]
