"""Labelled questions, asked of the assistant: what its steps found, beside what is right."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rich.progress import track

from assistant.answering.inquiry import Inquiry
from assistant.articles.article import Article
from assistant.assistant import Assistant
from assistant.finding.ranking import Ranked, rank
from assistant.library.sqlite_store import SqliteStore
from assistant.networks.embeddings import load_embedder
from assistant.networks.reader import OnnxReader
from assistant.settings import Settings
from training.data import Example
from training.written import IN_FULL

PASSAGES_OF_LONG_ARTICLE = 6


@dataclass(frozen=True, slots=True)
class Asked:
    """One question and what the assistant's steps gave for it.

    Attributes:
        example: the question, its spans counted from the start of the article.
        inquiry: candidates and, if they were read, readings.
    """

    example: Example
    inquiry: Inquiry

    @property
    def group(self) -> str:
        """What questions of one article share."""
        return f"{self.example.source}:{self.example.article.removesuffix(IN_FULL)}"

    @property
    def spans(self) -> list[tuple[int, int]]:
        """Where the evidence stands: the labelled support, else the answers."""
        return list(self.example.support or [(start, start + len(text)) for start, text in self.example.answers])

    def ranked(self) -> list[Ranked]:
        """Returns the candidates ranked by the coefficients as they are now."""
        return rank(self.inquiry.candidates, self.inquiry.readings, self.inquiry.by_themselves)

    def helps(self, ranked: Ranked) -> bool:
        """Returns whether a sentence is part of the evidence."""
        sentence = ranked.candidate.stored.sentence
        return any(sentence.start < end and start < sentence.end for start, end in self.spans)


def ask_all(examples: Sequence[Example], last: str) -> list[Asked]:
    """Returns what the assistant's steps up to `last` give for each question.

    Every passage becomes an article of a library of its own, every third group of passages of one title one long
    article. Questions whose article was changed by normalisation are left out.
    """
    asked: list[Asked] = []
    embedder, reader = load_embedder("", 2), OnnxReader.load(2)
    for group in track(list(_articles(examples)), description="asking"):
        with tempfile.TemporaryDirectory() as folder:
            store = SqliteStore(Path(folder), embedder.fingerprint, embedder.dimension)
            assistant = Assistant(Settings(library=Path(folder)), store, embedder, reader)
            try:
                article, offsets = _add(assistant, [e.context for e in group])
                for example in (_shifted(e, offsets[e.context]) for e in group):
                    if all(article.text[start : start + len(text)] == text for start, text in example.answers):
                        inquiry = assistant.inquire(example.question, history=example.history, last=last)
                        asked.append(Asked(example, inquiry))
            finally:
                assistant.close()
    return asked


def _articles(examples: Sequence[Example]) -> Iterator[list[Example]]:
    """Yields the questions of one article each: one passage, or for every third title several."""
    by_article: dict[str, dict[str, list[Example]]] = defaultdict(lambda: defaultdict(list))
    for example in examples:
        by_article[f"{example.source}:{example.article}"][example.context].append(example)
    for number, passages in enumerate(by_article.values()):
        parts = list(passages.values())
        size = PASSAGES_OF_LONG_ARTICLE if number % 3 == 0 else 1
        for start in range(0, len(parts), size):
            yield [example for part in parts[start : start + size] for example in part]


def _add(assistant: Assistant, contexts: Iterable[str]) -> tuple[Article, dict[str, int]]:
    """Adds the passages as one article; returns it, and where each passage starts in it."""
    offsets: dict[str, int] = {}
    text = ""
    for context in dict.fromkeys(contexts):
        text += "\n\n" if text else ""
        offsets[context] = len(text)
        text += context
    return assistant.add(text), offsets


def _shifted(example: Example, offset: int) -> Example:
    """Returns the example with its spans counted from the start of the article."""
    support = example.support and tuple((start + offset, end + offset) for start, end in example.support)
    return replace(example, answers=tuple((start + offset, text) for start, text in example.answers), support=support)
