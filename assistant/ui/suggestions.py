"""Questions suggested for an article: made from its speakers, names and years, kept where the assistant is sure."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from assistant.articles.article import Article
from assistant.english.names import find_names
from assistant.errors import AssistantError
from assistant.library.chats import Chats
from assistant.networks.onnx_model import models_fingerprint

if TYPE_CHECKING:
    from assistant.assistant import Assistant

MIN_CONFIDENCE = 0.7
MAX_SUGGESTIONS = 4
MAX_TRIED = 10
MAX_SENTENCES_READ = 400

_YEAR = re.compile(r"\b(1[5-9]\d\d|20\d\d)\b")


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


def candidates(article: Article) -> list[str]:
    """Returns questions that the article may answer, the most promising first."""
    sentences = article.sentences[:MAX_SENTENCES_READ]
    speakers = [name for name, _ in Counter(s.speaker for s in sentences if s.speaker).most_common(3)]
    text = "\n".join(sentence.text for sentence in sentences)
    # A single word may be anything: a day, an adjective, the short form of a speaker.
    named = Counter(name.text for name in find_names(text) if " " in name.text and name.text not in speakers)
    names = [name for name, n in named.most_common(6) if n > 1]
    years = [year for year, _ in Counter(_YEAR.findall(text)).most_common(2)]
    return [
        *[f"What did {speaker} say?" for speaker in speakers],
        *[f"What happened in {year}?" for year in years],
        "What is this article about?",
        *[f"What is said about {name}?" for name in names],
    ][:MAX_TRIED]


def verified(assistant: Assistant, article: Article) -> list[str]:
    """Returns the candidates that the assistant answers from the article with high confidence."""
    kept: list[str] = []
    for question in candidates(article):
        answer = assistant.ask(question, article=article.id)
        if answer.citations and not answer.abstained and answer.confidence >= MIN_CONFIDENCE:
            kept.append(question)
        if len(kept) == MAX_SUGGESTIONS:
            break
    return kept


def _take_turns(lists: Sequence[Sequence[str]]) -> list[str]:
    rounds = max((len(questions) for questions in lists), default=0)
    mixed = [questions[i] for i in range(rounds) for questions in lists if i < len(questions)]
    return list(dict.fromkeys(mixed))[:MAX_SUGGESTIONS]
