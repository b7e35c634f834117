"""Questions suggested for an article: those made from it that the assistant answers as they were meant, and surely."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from assistant.answer import Answer
from assistant.articles.article import Article
from assistant.errors import AssistantError
from assistant.evaluation.suggested_questions import Candidate, candidates
from assistant.library.chats import Chats
from assistant.networks.onnx_model import models_fingerprint

if TYPE_CHECKING:
    from assistant.assistant import Assistant

MIN_CONFIDENCE = 0.7
MAX_SUGGESTIONS = 4
MAX_TRIED = 12


class Suggestions:
    """Looks for suggestions in the background, one article at a time, and keeps what it found in the library."""

    def __init__(self, assistant: Assistant, chats: Chats) -> None:
        """Stores what is asked and where the outcome is kept."""
        self._assistant = assistant
        self._chats = chats
        self._models = models_fingerprint()
        self._lock = threading.Lock()
        self._wanted: list[str] = []
        self._working = False

    def of(self, article_ids: Sequence[str]) -> tuple[list[str], bool]:
        """Returns the suggestions for these articles, taking turns, and whether all have been looked for."""
        wanted = article_ids[:MAX_SUGGESTIONS]
        found = {article_id: self._chats.suggestions(article_id, self._models) for article_id in wanted}
        missing = [article_id for article_id, questions in found.items() if questions is None]
        if missing:
            self._look_for(missing)
        return _take_turns([questions or [] for questions in found.values()]), not missing

    def _look_for(self, article_ids: Iterable[str]) -> None:
        with self._lock:
            self._wanted += [article_id for article_id in article_ids if article_id not in self._wanted]
            if self._working:
                return
            self._working = True
        threading.Thread(target=self._work, name="suggestions", daemon=True).start()

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._wanted:
                    self._working = False
                    return
                article_id = self._wanted[0]
            with suppress(AssistantError):  # removed meanwhile, or the library is busy: the page asks again
                questions = verified(self._assistant, self._assistant.article(article_id))
                self._chats.keep_suggestions(article_id, self._models, questions)
            with self._lock:
                self._wanted.remove(article_id)


def verified(assistant: Assistant, article: Article) -> list[str]:
    """Returns the questions that the assistant answers from the article as they were meant, with high confidence.

    One of each kind comes first, so that they differ.
    """
    kept: list[str] = []
    for candidate in candidates(article)[:MAX_TRIED]:
        answer = assistant.ask(candidate.question, article=article.id)
        if _is_as_meant(answer, candidate):
            kept.append(candidate.question)
        if len(kept) == MAX_SUGGESTIONS:
            break
    return kept


def _is_as_meant(answer: Answer, candidate: Candidate) -> bool:
    if answer.abstained or not answer.citations or answer.confidence < MIN_CONFIDENCE:
        return False
    cited = {citation.sentence.position for citation in answer.citations}
    return candidate.answer in answer.short_answer and (candidate.position is None or candidate.position in cited)


def _take_turns(lists: Sequence[Sequence[str]]) -> list[str]:
    rounds = max((len(questions) for questions in lists), default=0)
    mixed = [questions[i] for i in range(rounds) for questions in lists if i < len(questions)]
    return list(dict.fromkeys(mixed))[:MAX_SUGGESTIONS]
