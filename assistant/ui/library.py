"""The library beside the conversation: showing articles, adding them with progress, renaming, removing, undoing."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from typing import TYPE_CHECKING, Any

from gradio.events import api
from gradio.utils import get_upload_folder

from assistant.article import Article
from assistant.errors import ArticleError, AssistantError
from assistant.ui.endpoints import Reply, replies, serve_quickly, streams
from assistant.ui.suggestions import Suggestions

if TYPE_CHECKING:
    from assistant.assistant import Assistant

MAX_REMOVED_KEPT = 20
WORDS_A_MINUTE = 230  # silent reading of non-fiction; Source: Brysbaert 2019, doi.org/10.1016/j.jml.2019.104047


class Library:
    """Endpoints of the article pane and of the list of articles."""

    def __init__(self, assistant: Assistant, suggestions: Suggestions) -> None:
        """Stores what the endpoints work on."""
        self._assistant = assistant
        self._suggestions = suggestions
        self._removed: dict[str, Article] = {}

    def register(self) -> None:
        """Adds the endpoints to the current Blocks; articles are added one at a time, the others queue."""
        api(self.add_article, concurrency_limit=1, api_visibility="private")
        serve_quickly(
            self.list_articles,
            self.open_article,
            self.rename_article,
            self.remove_article,
            self.restore_article,
            self.suggest,
        )

    @replies
    def list_articles(self) -> dict[str, Any]:
        """Returns the articles of the library, oldest first, without their texts."""
        return {"articles": self.entries()}

    def entries(self) -> list[Reply]:
        """Returns what the page shows of every article, oldest first."""
        return [
            {
                "id": entry.id,
                "title": entry.title,
                "source": shown_source(entry.source),
                "added": entry.added.isoformat(),
                "n_sentences": entry.n_sentences,
                "n_words": entry.n_words,
                "minutes": max(1, round(entry.n_words / WORDS_A_MINUTE)),
            }
            for entry in self._assistant.contents()
        ]

    @replies
    def open_article(self, article_id: str) -> dict[str, Any]:
        """Returns an article in pieces: the text between sentences and the sentences, in turn, first and last between.

        Pieces rather than offsets, because Python counts characters and a browser counts UTF-16 units.
        """
        article = self._assistant.article(article_id)
        pieces, end = [], 0
        for sentence in article.sentences:
            pieces += [article.text[end : sentence.start], sentence.text]
            end = sentence.end
        pieces.append(article.text[end:])
        pages = [sentence.page for sentence in article.sentences]
        return {
            "id": article.id,
            "title": article.title,
            "pieces": pieces,
            "speakers": {str(s.position): s.speaker for s in article.sentences if s.speaker},
            "pages": pages if any(pages) else [],
        }

    @streams
    def add_article(self, path: str, name: str, text: str, title: str) -> Iterator[dict[str, Any]]:
        """Streams `{"done", "total"}` in sentences …, then `{"article": id}`; from an uploaded file, or from `text`."""
        messages: Queue[Reply] = Queue()

        def progress(done: int, total: int) -> None:
            messages.put({"done": done, "total": total})

        def work() -> None:
            try:
                article = self._add(path, name, text, title, progress)
                messages.put({"article": article.id})
            except AssistantError as error:
                messages.put({"error": str(error)})
            except OSError as error:
                messages.put({"error": f"The file {name!r} cannot be read: {error}. Try again, or paste its text."})
            finally:
                messages.put({"end": True})

        threading.Thread(target=work, name="add-article", daemon=True).start()
        while not (message := messages.get()).get("end"):
            yield message

    def _add(self, path: str, name: str, text: str, title: str, progress: Any) -> Article:
        if not path:
            return self._assistant.add(text, title=title, source="pasted text", progress=progress)
        upload = Path(path).resolve()
        if not upload.is_relative_to(Path(get_upload_folder()).resolve()):
            raise ArticleError(f"{name!r} was not uploaded through this page. Drop the file on the page again.")
        try:
            return self._assistant.add_file(upload, title=title, progress=progress)
        finally:
            shutil.rmtree(upload.parent, ignore_errors=True)

    @replies
    def rename_article(self, article_id: str, title: str) -> dict[str, Any]:
        """Returns the articles after giving one another title; an empty title changes nothing."""
        if title.strip():
            self._assistant.rename(article_id, title)
        return {"articles": self.entries()}

    @replies
    def remove_article(self, article_id: str) -> dict[str, Any]:
        """Returns the articles without this one; `restore_article` undoes it."""
        self._removed[article_id] = self._assistant.remove(article_id)
        while len(self._removed) > MAX_REMOVED_KEPT:
            self._removed.pop(next(iter(self._removed)))
        return {"articles": self.entries()}

    @replies
    def restore_article(self, article_id: str) -> dict[str, Any]:
        """Returns the articles with one that had been removed by mistake."""
        article = self._removed.get(article_id)
        if article is None:
            raise ArticleError("This article was removed too long ago to bring it back. Add it again.")
        self._assistant.add(article.text, title=article.title, source=article.source)
        self._removed.pop(article_id, None)
        return {"articles": self.entries()}

    @replies
    def suggest(self, articles: list[str]) -> dict[str, Any]:
        """Returns questions that these articles answer, [] for all; `ready` is false while they are looked for."""
        known = [entry.id for entry in self._assistant.contents()]
        questions, ready = self._suggestions.of([i for i in known if not articles or i in articles])
        return {"questions": questions, "ready": ready}


def shown_source(source: str) -> str:
    """Returns an address as it is, and of a path only the file's name.

    >>> shown_source("/home/ann/bees.txt"), shown_source("https://example.org/bees")
    ('bees.txt', 'https://example.org/bees')
    """
    return source if "://" in source else Path(source).name
