"""The library beside the conversation: showing articles, adding them with progress, renaming, removing, undoing."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import gradio as gr
from gradio.events import api

from assistant.articles.article import Article
from assistant.errors import ArticleError
from assistant.folders import add_archive
from assistant.library.entry_form import entry_form
from assistant.library.store import Original
from assistant.loaders import SUFFIXES
from assistant.loaders.child_process import given_up_by
from assistant.loaders.web import mended
from assistant.ui.article_blocks import drawn_blocks
from assistant.ui.endpoints import Endpoint, Job, Reply, in_background, note, owner_of, replies, serve_quickly, streams
from assistant.ui.listening import Listening
from assistant.ui.suggestions import Suggestions
from assistant.ui.uploads import Uploads
from assistant.ui.web_pages import FetchedPages

if TYPE_CHECKING:
    from assistant.assistant import Assistant

MAX_REMOVED_KEPT = 20
MAX_WATCHING = 20
N_ADDED_AT_ONCE = 2
"""So that one text that takes long to split does not keep all others waiting."""
WORDS_A_MINUTE = 230  # silent reading of non-fiction; Source: Brysbaert 2019, doi.org/10.1016/j.jml.2019.104047


class Library:
    """Endpoints of the article pane and of the list of articles."""

    def __init__(
        self,
        assistant: Assistant,
        suggestions: Suggestions,
        uploads: Uploads,
        listening: Listening | None = None,
        pages: FetchedPages | None = None,
        adding: threading.Semaphore | None = None,
    ) -> None:
        """Stores what the endpoints work on."""
        self._pages = pages or FetchedPages()
        self._assistant = assistant
        self._suggestions = suggestions
        self._uploads = uploads
        self._listening = listening or Listening()
        self._adding = adding or threading.Semaphore(N_ADDED_AT_ONCE)
        self._removed = Removed()

    def register(self, _: int) -> list[Endpoint]:
        """Adds the endpoints to the current Blocks; a few articles are added at a time, the others wait."""
        api(self.add_article, concurrency_limit=MAX_WATCHING, api_visibility="private")
        quick = serve_quickly(
            self.list_articles,
            self.open_article,
            self.rename_article,
            self.describe_article,
            self.remove_article,
            self.restore_article,
            self.suggest,
        )
        return [self.add_article, *quick]

    @replies
    def list_articles(self) -> dict[str, Any]:
        """Returns the articles of the library, oldest first, without their texts."""
        return {"articles": self.entries()}

    def entries(self) -> list[Reply]:
        """Returns what the page shows of every article, oldest first."""
        return [
            entry_form(entry) | {"minutes": max(1, round(entry.n_words / WORDS_A_MINUTE))}
            for entry in self._assistant.contents()
        ]

    @replies
    def open_article(self, article_id: str) -> dict[str, Any]:
        """Returns an article in pieces: the text between sentences and the sentences, in turn, first and last between.

        `blocks` tell which sentences are a paragraph, a heading, an item or a row, in the same order.
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
            "blocks": drawn_blocks(article),
            "speakers": {str(s.position): s.speaker for s in article.sentences if s.speaker},
            "pages": pages if any(pages) else [],
            "author": article.author,
            "date": article.date.isoformat() if article.date else "",
            "url": article.url,
            "fetched": article.fetched.isoformat(timespec="seconds") if article.fetched else "",
            "notes": list(article.notes),
            "has_pages": any(s.boxes for s in article.sentences),
        }

    @streams
    def add_article(self, upload: str, title: str, request: gr.Request, page: str = "") -> Iterator[dict[str, Any]]:
        """Streams `{"done", "total"}` in sentences …, then `{"article": id}`; of a zip archive `{"files_done"}` …, then all `files`.

        The token `upload` was given for the file, or for the text, that this browser has sent; the token `page` for a
        page that was fetched for it, whose text is the one sent where there is one.
        """
        owner = owner_of(request)

        def add(job: Job) -> None:
            def progress(done: int, total: int) -> None:
                job.go_on()
                job.tell({"done": done, "total": total})

            with given_up_by(job.go_on):
                known = {entry.id for entry in self._assistant.contents()}
                name, data = ("", b"") if page and not upload else self._sent(upload, owner)
                if not page and name.lower().endswith(".zip"):
                    told = self._add_archive(name, data, job)
                    added = [file["article"] for file in told["files"]]
                else:
                    told = {"article": self._add(name, data, title, page, owner, progress).id}
                    added = [told["article"]]
                for article_id in dict.fromkeys(added):
                    if article_id and article_id not in known:
                        note(request, "added", article_id)
                job.tell(told)

        last: Reply = {"done": 0, "total": 0}
        wanted = self._listening.is_wanted(request.session_hash)
        for part in in_background(add, self._adding, is_wanted=wanted):
            last = part or last
            yield last

    def _add_archive(self, name: str, data: bytes, job: Job) -> Reply:
        """Returns what came of each file of a zip archive, and the first article of those that could be read."""
        results = []
        for result in add_archive(self._assistant, data, name):
            job.go_on()
            results.append(result)
            job.tell({"files_done": len(results)})
        if not results:
            raise ArticleError(f"There is no file in {name} that can be read: {', '.join(SUFFIXES)}.")
        files = [{"name": r.name, "change": r.change, "error": r.error, "article": r.article_id} for r in results]
        return {"article": next((r.article_id for r in results if r.article_id), ""), "files": files}

    def _add(self, name: str, data: bytes, title: str, page_token: str, owner: str, progress: Any) -> Article:
        page = self._pages.of(page_token, owner) if page_token else None
        if page is not None:
            page = mended(page, data.decode("utf-8", "replace")) if data else page
            article = self._assistant.add_page(page, title, progress)
            self._pages.forget(page_token)
            return article
        if name:
            return self._assistant.add_bytes(data, name, title, progress)
        return self._assistant.add(data.decode("utf-8", "replace"), title, "pasted text", progress)

    def _sent(self, token: str, owner: str) -> tuple[str, bytes]:
        """Returns the name and the content of what was sent; the name is "" for a text."""
        with self._uploads.taken(token, owner) as upload:
            try:
                return upload.name, upload.path.read_bytes()
            except OSError as error:
                name = upload.name or "The text"
                raise ArticleError(f"{name} cannot be read ({error.strerror}). Send it again.") from error

    @replies
    def rename_article(self, article_id: str, title: str, request: gr.Request) -> dict[str, Any]:
        """Returns the articles after giving one another title; an empty title changes nothing."""
        if title.strip():
            self._assistant.rename(article_id, title)
            note(request, "described", article_id)
        return {"articles": self.entries()}

    @replies
    def describe_article(
        self, article_id: str, author: str, date: str, tags: str, request: gr.Request
    ) -> dict[str, Any]:
        """Returns the articles after giving one this author, day and tags, commas between; "" takes away what there was."""
        self._assistant.describe(article_id, author=author, date=date, tags=tags)
        note(request, "described", article_id)
        return {"articles": self.entries()}

    @replies
    def remove_article(self, article_id: str, request: gr.Request) -> dict[str, Any]:
        """Returns the articles without this one; `restore_article` undoes it, for whoever removed it."""
        original = self._assistant.original(article_id)
        self._removed.keep(owner_of(request), self._assistant.remove(article_id), original)
        note(request, "removed", article_id)
        return {"articles": self.entries()}

    @replies
    def restore_article(self, article_id: str, request: gr.Request) -> dict[str, Any]:
        """Returns the articles with one that the caller had removed by mistake."""
        owner = owner_of(request)
        self._assistant.restore(*self._removed.of(owner, article_id))
        self._removed.forget(owner, article_id)
        note(request, "restored", article_id)
        return {"articles": self.entries()}

    def forget_removed(self) -> None:
        """Removes for good what could have been restored."""
        self._removed = Removed()

    @replies
    def suggest(self, articles: list[str]) -> dict[str, Any]:
        """Returns questions that these articles answer, [] for all; `ready` is false while they are looked for."""
        known = [entry.id for entry in self._assistant.contents()]
        questions, ready = self._suggestions.of([i for i in known if not articles or i in articles])
        return {"questions": questions, "ready": ready}


class Removed:
    """Articles that may be brought back by whoever removed them; may be shared by threads."""

    def __init__(self) -> None:
        """Starts with none."""
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, str], tuple[Article, Original | None]] = OrderedDict()

    def keep(self, owner: str, article: Article, original: Original | None = None) -> None:
        """Keeps an article and its file; the oldest ones, of all owners, make room for it."""
        with self._lock:
            self._kept[owner, article.id] = article, original
            while len(self._kept) > MAX_REMOVED_KEPT:
                self._kept.popitem(last=False)

    def of(self, owner: str, article_id: str) -> tuple[Article, Original | None]:
        """Returns an article that this owner removed, and its file.

        Raises:
            ArticleError: if it is not kept any more.
        """
        with self._lock:
            kept = self._kept.get((owner, article_id))
        if kept is None:
            raise ArticleError("This article was removed too long ago to bring it back. Add it again.")
        return kept

    def forget(self, owner: str, article_id: str) -> None:
        """Lets go of an article."""
        with self._lock:
            self._kept.pop((owner, article_id), None)
