"""Which sentences the whole assistant puts first: search and reader together, as `Assistant.retrieve` gives them."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from assistant.articles.article import Article
from assistant.assistant import Assistant
from assistant.settings import Settings
from training.data import Example


def assistant_order(examples: Sequence[Example], k: int, label: str = "") -> list[tuple[list[int], set[int]]]:
    """Returns for each example the positions of the first k sentences, best first, and those of the supporting ones.

    Every context becomes an article of a library in a temporary folder; a question is asked of its own article.
    """
    found = []
    articles: dict[str, Article] = {}
    with tempfile.TemporaryDirectory() as folder, Assistant.open(Settings(library=Path(folder))) as assistant:
        for example in tqdm(examples, desc=label, mininterval=5, leave=False):
            if example.context not in articles:
                articles[example.context] = assistant.add(example.context)
            article = articles[example.context]
            evidence = assistant.retrieve(example.question, k, article.id, example.history)
            found.append(([e.sentence.position for e in evidence], _supporting(example, article)))
    return found


def _supporting(example: Example, article: Article) -> set[int]:
    # Loading an article tidies its white space, so that offsets into the context no longer hold; the words do.
    spans = [" ".join(example.context[a:b].split()) for a, b in example.support or ()]
    texts = [" ".join(sentence.text.split()) for sentence in article.sentences]
    return {n for n, text in enumerate(texts) if any(text in span or span in text for span in spans)}
