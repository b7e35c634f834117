"""Passages of the public training sets for which questions are to be written: `python -m training.passages_to_ask --data DIR --to FILE`.

One JSON object a line: `id` (`passage_questions.passage_id`), `set`, `title`, `held_back` (labels are checked twice), `text`. The
same sets give the same passages, in the same order. More than a third are news; only sets that state a licence are taken.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from assistant.articles.sentences import split_sentences
from training.data import Example, read_set, training_sets
from training.parts import is_held_back_from_writing
from training.passage_questions import passage_id

# Of a thousand. QAMR's news is from Wikinews, OneStopQA's from the Guardian.
NEWS = {"qamr-news": 270, "onestopqa": 90}
SHARES = NEWS | {
    "qed": 150, "tydiqa": 90, "squadshifts-reddit": 50, "squadshifts-amazon": 40, "squadshifts-wiki": 40, "selqa": 60,
    "fairytaleqa": 50, "squad": 40, "quoref": 30, "doqa": 30, "policyqa": 25, "pubmedqa": 20, "abg-coqa": 15,
}  # fmt: skip
MIN_WORDS, MAX_WORDS, MIN_SENTENCES = 60, 300, 4
OF_ONE_ARTICLE = 3
SEED = 23


def sort_of(example: Example) -> str:
    """Returns under which name of `SHARES` a passage counts, "" if under none."""
    if example.source == "qamr":
        return "qamr-news" if "wikinews" in example.id.lower() else ""
    if example.source == "squadshifts":
        if example.article.startswith("amazon"):
            return "squadshifts-amazon"
        # Comments are a collection, each of which counts as an article of its own.
        return "squadshifts-reddit" if example.context.startswith(example.article) else "squadshifts-wiki"
    return example.source if example.source in SHARES else ""


def chosen(examples: Iterable[Example], n: int) -> list[tuple[str, Example]]:
    """Returns (sort, example with the passage) of so many passages, spread over the sorts by `SHARES` and over articles.

    Where a sort has too few, the largest others give more.
    """
    pools: defaultdict[str, dict[str, Example]] = defaultdict(dict)
    for example in examples:
        sort = sort_of(example)
        if sort and _is_fit(example.context):
            pools[sort].setdefault(example.context, example)
    total = sum(SHARES.values())
    taken: dict[str, list[Example]] = {}
    left: list[tuple[str, Example]] = []
    for sort, share in SHARES.items():
        pool = _spread(
            sorted(pools[sort].values(), key=lambda e: passage_id(e.context)), random.Random(f"{SEED} {sort}")
        )
        wanted = round(n * share / total)
        taken[sort] = pool[:wanted]
        left += [(sort, e) for e in pool[wanted:]]
    found = [(sort, e) for sort, pool in taken.items() for e in pool]
    random.Random(SEED).shuffle(left)
    found += left[: max(0, n - len(found))]
    random.Random(SEED).shuffle(found)
    return found[:n]


def _is_fit(text: str) -> bool:
    return MIN_WORDS <= len(text.split()) <= MAX_WORDS and len(split_sentences(text)) >= MIN_SENTENCES


def _spread(examples: Sequence[Example], rng: random.Random) -> list[Example]:
    """Returns the examples in an order of chance, at most `OF_ONE_ARTICLE` of each article."""
    order = list(examples)
    rng.shuffle(order)
    seen: defaultdict[str, int] = defaultdict(int)
    kept = []
    for example in order:
        seen[example.article] += 1
        if seen[example.article] <= OF_ONE_ARTICLE:
            kept.append(example)
    return kept


def main() -> None:
    """Writes the passages and prints how many of each sort there are."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with train-*.jsonl.gz")
    parser.add_argument("--to", type=Path, required=True, help="file to write")
    parser.add_argument("--passages", type=int, default=1000)
    arguments = parser.parse_args()
    paths = training_sets(arguments.data, stated_licences_only=True)
    found = chosen((e for path in paths for e in read_set(path)), arguments.passages)
    with arguments.to.open("w", encoding="utf-8") as lines:
        for sort, example in found:
            row = {
                "id": passage_id(example.context), "set": sort, "title": example.article,
                "held_back": is_held_back_from_writing(example.article), "text": example.context,
            }  # fmt: skip
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")
    for sort in SHARES:
        print(f"{sort}: {sum(s == sort for s, _ in found)}")


if __name__ == "__main__":
    main()
