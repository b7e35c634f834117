"""One question on its way through the chain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.answer import Answer
from assistant.article import clean
from assistant.conversation import History
from assistant.intent import Intent
from assistant.ranking import Ranked
from assistant.reader import Reader, Reading
from assistant.retrieval import Candidate
from assistant.settings import Settings
from assistant.store import Store

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from assistant.embeddings import Embedder


@dataclass(frozen=True)
class Parts:
    """What the steps work with."""

    store: Store
    embedder: Embedder
    reader: Reader
    settings: Settings
    open_language_model: Callable[[], BaseChatModel]


@dataclass(frozen=True)
class Inquiry:
    """One question on its way through the chain; each step adds what it found.

    Attributes:
        parts: store, models and settings.
        question: as asked.
        history: earlier (question, answer) turns, oldest first.
        article_ids: only these articles; None for all.
        standalone: the question as understood.
        intent: what kind of question it is.
        candidates: what search found, best first.
        readings: what the reader made of the best passages.
        by_themselves: what it made of the likeliest sentences, each without those around it.
        ranked: the candidates after reading, best first.
        answer: what will be said.
    """

    parts: Parts
    question: str
    history: History = ()
    article_ids: tuple[str, ...] | None = None
    standalone: str = ""
    intent: Intent = field(default_factory=lambda: Intent("nothing"))
    candidates: tuple[Candidate, ...] = ()
    readings: tuple[Reading, ...] = ()
    by_themselves: tuple[Reading, ...] = ()
    ranked: tuple[Ranked, ...] = ()
    answer: Answer | None = None


def shortened(question: str, max_characters: int) -> str:
    """Returns the question, its middle left out where it is too long: what is asked stands at an end."""
    question = clean(question)
    if len(question) <= max_characters:
        return question
    half = max_characters // 2
    return f"{question[:half]} … {question[-half:]}"
