"""Prints what is found among many paragraphs: each an article of one library, and all of them one long article.

    python -m benchmarks.many --data DIR [--questions 500]

The paragraphs and questions are those of dev-squad2, as many with an answer as without, asked of all paragraphs. A question with an
answer is found if its paragraph is cited, or, of the baselines, holds their first hit; it is right if the short answer is too.
Nothing was fitted on them. Intervals are of 95 %.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from rich.progress import track

from assistant.articles.article import Article, normalise
from assistant.assistant import Assistant
from assistant.english.words import content_words
from assistant.evaluation.answer_measures import RIGHT_F1, token_f1
from assistant.networks.embeddings import Embedder, load_embedder
from assistant.settings import Settings
from benchmarks import print_machine
from benchmarks.speaker_quality import interval

SEED = 17


@dataclass(frozen=True)
class Asked:
    """A question, its paragraph's text, and its accepted answers, none where it has no answer."""

    question: str
    paragraph: str
    accepted: tuple[str, ...]


IsIn = Callable[[str, int, str], bool]
"""Whether a sentence of an article, by its start, stands in a paragraph."""


def main() -> None:
    """Asks both libraries."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=500, help="with an answer, and as many without")
    arguments = parser.parse_args()
    print_machine()
    paragraphs, asked = read(arguments.data / "dev-squad2.jsonl.gz", arguments.questions)
    for name in ("many articles", "one long article"):
        with tempfile.TemporaryDirectory() as folder, Assistant.open(Settings(library=Path(folder))) as assistant:
            is_in = _added(assistant, paragraphs, name == "many articles")
            entries = assistant.contents()
            print(f"\n{name}: {len(entries)} articles, {sum(e.n_sentences for e in entries):,} sentences")
            _measured(assistant, asked, is_in)


def read(path: Path, n: int) -> tuple[list[str], list[Asked]]:
    """Returns the paragraphs, and n questions with an answer and n without, drawn by a seed."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows: list[dict[str, Any]] = [json.loads(line) for line in lines]
    paragraphs = list(dict.fromkeys(normalise(row["context"]) for row in rows))
    asked = [Asked(row["question"], normalise(row["context"]), tuple(a for _, a in row["answers"])) for row in rows]
    draw = random.Random(SEED)
    chosen = [draw.sample([a for a in asked if bool(a.accepted) is wanted], n) for wanted in (True, False)]
    return paragraphs, chosen[0] + chosen[1]


def _added(assistant: Assistant, paragraphs: Sequence[str], apart: bool) -> IsIn:
    """Adds the paragraphs, and returns what tells whether a sentence stands in one."""
    if apart:
        ids = {assistant.add(text).id: text for text in track(paragraphs, "adding", transient=True)}
        return lambda article_id, _, paragraph: ids.get(article_id) == paragraph
    whole: Article = assistant.add("\n\n".join(paragraphs))
    starts = {text: whole.text.index(text) for text in paragraphs}
    return lambda _, start, paragraph: 0 <= start - starts[paragraph] < len(paragraph)


def _measured(assistant: Assistant, asked: Sequence[Asked], is_in: IsIn) -> None:
    started = time.perf_counter()
    answers = [(one, assistant.ask(one.question)) for one in track(asked, "asking", transient=True)]
    seconds = (time.perf_counter() - started) / len(asked)
    answerable = [(one, answer) for one, answer in answers if one.accepted]
    found = [
        any(is_in(c.article_id, c.sentence.start, one.paragraph) for c in answer.citations)
        for one, answer in answerable
    ]
    right = [
        is_found and token_f1(answer.short_answer, one.accepted) >= RIGHT_F1
        for is_found, (one, answer) in zip(found, answerable, strict=True)
    ]
    print(f"  answerable: its paragraph cited {share(found)}, and the short answer right {share(right)}")
    print(f"              answered at all    {share([not answer.abstained for _, answer in answerable])}")
    print(
        f"  the others: refused            {share([answer.abstained for one, answer in answers if not one.accepted])}"
    )
    for name, first in (("lexical", _lexical), ("dense", _dense)):
        hits = [_is_hit(assistant, first(assistant, one.question), one, is_in) for one, _ in answerable]
        print(f"  {name} search alone, first hit   {share(hits)}")
    print(f"  {1000 * seconds:.0f} ms a question")


def _lexical(assistant: Assistant, question: str) -> list[int]:
    return [hit.id for hit in assistant.store.search_lexical(content_words(question), 1)]


def _dense(assistant: Assistant, question: str) -> list[int]:
    vector = embedder().embed([question])[0]
    return [hit.id for hit in assistant.store.search_dense(vector, 1)]


@cache
def embedder() -> Embedder:
    """Returns the shipped embedder, loaded once."""
    return load_embedder()


def _is_hit(assistant: Assistant, ids: Sequence[int], one: Asked, is_in: IsIn) -> bool:
    return any(is_in(s.article_id, s.sentence.start, one.paragraph) for s in assistant.store.sentences(ids))


def share(values: Sequence[bool]) -> str:
    """Returns a share with its interval, as text."""
    middle, low, high = interval(sum(values), len(values))
    return f"{middle:6.1%} [{low:.1%}, {high:.1%}]"


if __name__ == "__main__":
    main()
