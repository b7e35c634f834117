"""What to evaluate, in a form that a worker process can open: the assistant with settings, or a baseline."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.answer import Answer
from assistant.articles.article import Article
from assistant.errors import QuestionSetError
from assistant.evaluation.baselines import (
    NAMES,
    AbstainBaseline,
    Answering,
    DenseBaseline,
    FirstBaseline,
    History,
    LexicalBaseline,
)
from assistant.evaluation.chat_model_baseline import open_chat_model_baseline
from assistant.finding.search import Evidence

if TYPE_CHECKING:
    from assistant.answering.inquiry import Inquiry
    from assistant.assistant import Assistant

ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class System:
    """The assistant or a baseline.

    Attributes:
        name: "assistant", the name of a baseline (lexical, dense, first, abstain) or of a chat model.
        settings: changes to the assistant's settings, as JSON types; the library is always a temporary one.
    """

    name: str = ASSISTANT
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The system in words, for reports."""
        if self.name != ASSISTANT:
            return f"baseline {self.name}" if self.name.partition(":")[0] in NAMES else f"chat model {self.name}"
        changes = ", ".join(f"{name}={value}" for name, value in sorted(self.settings.items()))
        return f"assistant {_version()}" + (f" ({changes})" if changes else "")

    @property
    def fingerprint(self) -> str:
        """Changes with whatever may change an answer: version, settings, model weights."""
        from assistant.networks.onnx_model import MODELS

        parts = [self.name, json.dumps(self.settings, sort_keys=True, default=str), _version()]
        manifests = (path for path in sorted(MODELS.glob("*.json")) if path.stem != "tokenizer")
        parts.extend(path.read_text(encoding="utf-8") for path in manifests)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    @contextmanager
    def open(self, n_threads: int = 0) -> Iterator[Answering]:
        """Yields the system with an empty library in a temporary folder, gone afterwards.

        Args:
            n_threads: for its models; 0 for one a core.
        """
        if self.name != ASSISTANT:
            yield open_baseline(self.name, n_threads or 2)
            return
        from assistant.assistant import Assistant
        from assistant.settings import Settings

        with tempfile.TemporaryDirectory(prefix="assistant-evaluation-") as folder:
            threads = {"n_threads": n_threads} if n_threads else {}
            settings = Settings(**{**self.settings, **threads, "library": Path(folder)})
            with Assistant.open(settings) as assistant:
                yield ObservedAssistant(assistant)


class ObservedAssistant:
    """An assistant that remembers what it found for the question it was last asked, so that it need not read twice."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._read = assistant.steps["read"]
        self._last: tuple[object, Inquiry] | None = None
        self._asked: object = None
        assistant.steps["read"] = self._keep

    def add(self, text: str, title: str = "") -> Article:
        """Adds an article and returns it."""
        return self._assistant.add(text, title)

    def remove(self, article_id: str) -> None:
        """Removes an article."""
        self._assistant.remove(article_id)

    def ask(self, question: str, article: str | None = None, history: History = ()) -> Answer:
        """Returns the assistant's answer."""
        self._asked = (question, article, history)
        return self._assistant.ask(question, article, history)

    def retrieve(
        self, question: str, k: int | None = None, article: str | None = None, history: History = ()
    ) -> list[Evidence]:
        """Returns what `retrieve` of the assistant does; at no cost for the question last asked."""
        if self._last is not None and self._last[0] == (question, article, history):
            return self._last[1].evidence()[:k]
        self._asked = None
        return self._assistant.retrieve(question, k, article, history)

    def _keep(self, inquiry: Inquiry) -> Inquiry:
        inquiry = self._read(inquiry)
        self._last = (self._asked, inquiry) if self._asked is not None else None
        return inquiry


def _version() -> str:
    try:
        return metadata.version("article-assistant")
    except metadata.PackageNotFoundError:
        return "0"


def open_baseline(name: str, n_threads: int = 2) -> Answering:
    """Returns a baseline by name: lexical, dense or first, with `:n` for n sentences, abstain, or a chat model's name.

    Raises:
        QuestionSetError: if there is no such baseline.
        LanguageModelError: if the chat model cannot be opened.
    """
    kind, _, number = name.partition(":")
    if kind not in NAMES:
        return open_chat_model_baseline(name)
    if number and (not number.isdecimal() or int(number) < 1):
        raise QuestionSetError(f"baseline {name!r}: expected a number of sentences after the colon, as in {kind}:2")
    n_sentences = int(number or 1)
    if kind == "dense":
        from assistant.networks.embeddings import OnnxEmbedder

        return DenseBaseline(OnnxEmbedder.load(n_threads), n_sentences)
    return {"lexical": LexicalBaseline, "first": FirstBaseline, "abstain": AbstainBaseline}[kind](n_sentences)
