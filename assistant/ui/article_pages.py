"""The pages of an article that has some: their sizes, their pictures, and where its sentences stand on them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from assistant.errors import ArticleError
from assistant.loaders.pdf_pages import page_sizes, render_page
from assistant.ui.endpoints import Endpoint, replies, serve_quickly

if TYPE_CHECKING:
    from assistant.assistant import Assistant

WIDTHS = (900, 1600)
"""Of pictures, in pixels: one for a pane on a plain screen, one for a fine screen."""

MAX_KEPT_BYTES = 48_000_000
MAX_KEPT_SIZES = 50
N_DRAWN_AT_ONCE = 2
MAX_WAITING_SECONDS = 20.0


class ArticlePages:
    """Endpoints of the page view, and the pictures behind it; may be shared by threads."""

    def __init__(
        self,
        assistant: Assistant,
        draw: Callable[[bytes, int, int], bytes] = render_page,
        measure: Callable[[bytes], list[tuple[float, float]]] = page_sizes,
    ) -> None:
        """Stores whose articles are shown, and what draws and measures pages."""
        self._assistant = assistant
        self._draw, self._measure = draw, measure
        self._drawing = threading.Semaphore(N_DRAWN_AT_ONCE)
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, int, int], bytes] = OrderedDict()
        self._sizes: OrderedDict[str, list[tuple[float, float]]] = OrderedDict()

    def register(self, _: int) -> list[Endpoint]:
        """Adds the endpoints to the current Blocks."""
        return serve_quickly(self.open_pages, self.place_sentences)

    @replies
    def open_pages(self, article_id: str) -> dict[str, Any]:
        """Returns the width and height of each page of an article's file, in points."""
        self._check_still_there(article_id)
        with self._lock:
            sizes = self._sizes.get(article_id)
        if sizes is None:
            sizes = self._in_turn(lambda: self._measure(self._file(article_id)))
            with self._lock:
                self._sizes[article_id] = sizes
                while len(self._sizes) > MAX_KEPT_SIZES:
                    self._sizes.popitem(last=False)
        return {"sizes": sizes}

    @replies
    def place_sentences(self, article_id: str, positions: list[str]) -> dict[str, Any]:
        """Returns where sentences stand: by position, boxes of [page, left, top, right, bottom] in shares of the page."""
        sentences = self._assistant.article(article_id).sentences
        wanted = [int(one) for one in positions if one.isdecimal() and len(one) < 8]
        return {
            "boxes": {
                str(n): [[b.page, b.left, b.top, b.right, b.bottom] for b in sentences[n].boxes]
                for n in wanted
                if n < len(sentences)
            }
        }

    def picture(self, article_id: str, page: int, width: int) -> bytes:
        """Returns a page as a PNG of one of the WIDTHS: the least that is at least as wide as asked for.

        Raises:
            ArticleError: if there is no such article or page, it has no file, or too many wait.
        """
        width = next((one for one in WIDTHS if one >= width), WIDTHS[-1])
        key = (article_id, page, width)
        self._check_still_there(article_id)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        data = self._file(article_id)
        picture: bytes = self._in_turn(lambda: self._draw(data, page, width))
        with self._lock:
            self._kept[key] = picture
            while sum(map(len, self._kept.values())) > MAX_KEPT_BYTES:
                self._kept.popitem(last=False)
        return picture

    def _check_still_there(self, article_id: str) -> None:
        """Raises ArticleError of an article that was removed, and lets go of its pictures: none is shown any more."""
        if any(entry.id == article_id for entry in self._assistant.contents()):
            return
        with self._lock:
            self._sizes.pop(article_id, None)
            for key in [key for key in self._kept if key[0] == article_id]:
                del self._kept[key]
        self._assistant.article(article_id)  # which says so

    def _file(self, article_id: str) -> bytes:
        original = self._assistant.original(article_id)
        if original is None:
            raise ArticleError(
                "This article has no pages to show: it was not read from a PDF or a picture, or before these were kept."
            )
        return original.data

    def _in_turn(self, work: Callable[[], Any]) -> Any:
        if not self._drawing.acquire(timeout=MAX_WAITING_SECONDS):
            raise ArticleError("Too many pages are being drawn at the moment. Try again in a minute.")
        try:
            return work()
        finally:
            self._drawing.release()
