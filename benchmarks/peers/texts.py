"""The articles and questions that every peer is given."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.articles.article import make_article
from assistant.articles.sentences import split_sentences
from benchmarks.embedding_speed import sentences
from benchmarks.peers.protocol import BLOCK
from training.data import Example, read_set

SEED = 23
SETS = ("squad2", "qed", "multirc", "hotpotqa")  # development sets: nothing of ours was trained or fitted on them
LEADS = (
    "What is known about",
    "When was",
    "Why did they say",
    "Who spoke of",
    "How did it come to",
    "What followed from",
)
PARAGRAPH = 5

PeerArticle = dict[str, Any]
"""The `text` of an article, and the `sentences` that it is of."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and the sentences that support its answer."""

    question: str
    support: tuple[str, ...]


def as_peer_article(text: str) -> PeerArticle:
    """Returns a text with its sentences, as ours splits them: every peer is given the same."""
    made = make_article(text)
    return {"text": made.text, "sentences": [s.text for s in split_sentences(made.text)]}


def made_articles(n: int) -> list[PeerArticle]:
    """Returns a short article to warm up with, and articles of about n sentences together, all of them different."""
    lines = sentences(n + PARAGRAPH, None)
    parts = [lines[:PARAGRAPH], *(lines[at : at + BLOCK] for at in range(PARAGRAPH, n + PARAGRAPH, BLOCK))]
    return [as_peer_article(_paragraphs(part)) for part in parts]


def _paragraphs(lines: Sequence[str]) -> str:
    return "\n\n".join(" ".join(lines[at : at + PARAGRAPH]) for at in range(0, len(lines), PARAGRAPH))


def made_questions(n: int, articles: Sequence[PeerArticle]) -> list[str]:
    """Returns n questions, no two the same, in words of the articles' sentences."""
    numbers = random.Random(SEED)
    lines = [line.split() for article in articles for line in article["sentences"]]
    made: dict[str, None] = {}
    while len(made) < n:
        words = numbers.choice(lines)
        at = numbers.randrange(max(1, len(words) - PARAGRAPH))
        some = " ".join(words[at : at + PARAGRAPH]).strip(" .,;:“”\"'")
        made[f"{numbers.choice(LEADS)} {some}?"] = None
    return list(made)


def public_questions(data: Path, n: int) -> tuple[list[PeerArticle], list[Asked]]:
    """Returns n public questions, as many of each set, and the passages that they are asked of, as one library.

    The sentences of the answer support it where none are labelled.

    Raises:
        FileNotFoundError: a set is not in the folder.
    """
    draw = random.Random(SEED)
    articles: dict[str, PeerArticle] = {}
    asked: list[Asked] = []
    for name in SETS:
        examples = [e for e in read_set(data / f"dev-{name}.jsonl.gz") if e.answerable and not e.history]
        draw.shuffle(examples)
        chosen: list[Asked] = []
        for example in examples:
            if len(chosen) == n // len(SETS):
                break
            support = _support(example)
            if support:
                articles[example.context] = as_peer_article(example.context)
                chosen.append(Asked(example.question, support))
        asked += chosen
    return list(articles.values()), asked


def _support(example: Example) -> tuple[str, ...]:
    if make_article(example.context).text != example.context:
        return ()  # where the text is changed when it is read, the labels' offsets are no more its own
    spans = example.support or [(start, start + len(text)) for start, text in example.answers]
    found = split_sentences(example.context)
    return tuple({plain(s.text): None for s in found if any(a < s.end and s.start < b for a, b in spans)})


def plain(text: str) -> str:
    """Returns a sentence as it is compared: its white space made single spaces."""
    return " ".join(text.split())


def recall(found: Sequence[str], support: Sequence[str]) -> float:
    """Returns the share of the supporting sentences that were found."""
    given = {plain(text) for text in found}
    return sum(text in given for text in support) / len(support)


def write(path: Path, what: object) -> str:
    """Writes JSON, and returns the path as text."""
    path.write_text(json.dumps(what), encoding="utf-8")
    return str(path)
