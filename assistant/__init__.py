"""Answers questions about an article with the article's own sentences, cited; says so when it does not say.

    import assistant

    assistant.ask("What did Mirzoyan say?")                # -> Answer, on the default library
    assistant.retrieve("What did Mirzoyan say?", k=5)      # -> list[Evidence]

Names are imported when they are first used, so that `import assistant` takes no time.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Unpack

    from assistant.answer import Answer, Citation
    from assistant.articles.article import Article
    from assistant.articles.sentences import Sentence
    from assistant.assistant import Assistant
    from assistant.async_assistant import AsyncAssistant
    from assistant.chain import Step
    from assistant.errors import (
        ArticleError,
        AssistantError,
        LanguageModelError,
        ModelError,
        PromptError,
        QuestionSetError,
        StoreError,
    )
    from assistant.evaluation.api import evaluate
    from assistant.finding.search import Evidence
    from assistant.library.filter import FilterOptions
    from assistant.settings import Settings

__version__ = "0.1.0"

_HOMES = {
    "Answer": "answer",
    "Citation": "answer",
    "Article": "articles.article",
    "Assistant": "assistant",
    "AsyncAssistant": "async_assistant",
    "Step": "chain",
    "evaluate": "evaluation.api",
    "Evidence": "finding.search",
    "Sentence": "articles.sentences",
    "Settings": "settings",
    "ArticleError": "errors",
    "AssistantError": "errors",
    "LanguageModelError": "errors",
    "ModelError": "errors",
    "PromptError": "errors",
    "QuestionSetError": "errors",
    "StoreError": "errors",
}

__all__ = [  # noqa: RUF022 - the order a reader meets them in
    "ask", "retrieve", "evaluate", "Assistant", "AsyncAssistant", "Settings", "Answer", "Citation", "Evidence", "Sentence", "Article", "Step",
    "AssistantError", "ArticleError", "ModelError", "StoreError", "PromptError", "LanguageModelError",
    "QuestionSetError", "__version__",
]  # fmt: skip


def ask(
    question: str,
    article: str | Sequence[str] | None = None,
    history: Sequence[tuple[str, str]] = (),
    **only: Unpack[FilterOptions],
) -> Answer:
    """Returns the answer to a question on the default library; see `Assistant.ask`."""
    return _default().ask(question, article, history, **only)


def retrieve(
    question: str,
    k: int | None = None,
    article: str | Sequence[str] | None = None,
    history: Sequence[tuple[str, str]] = (),
    rerank: bool = True,
    **only: Unpack[FilterOptions],
) -> list[Evidence]:
    """Returns up to k sentences of the default library, best first; see `Assistant.retrieve`."""
    return _default().retrieve(question, k, article, history, rerank, **only)


_lock = threading.Lock()
_opened: dict[str, Assistant] = {}


def _default() -> Assistant:
    """Returns the assistant on the default library, opened at first use and closed at exit."""
    import atexit

    from assistant.assistant import Assistant
    from assistant.settings import read_settings

    with _lock:
        settings = read_settings()
        key = settings.model_dump_json()
        if key not in _opened:
            for other in _opened.values():
                other.close()
            _opened.clear()
            _opened[key] = Assistant.open(settings)
            atexit.register(_opened[key].close)
        return _opened[key]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'assistant' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"assistant.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
