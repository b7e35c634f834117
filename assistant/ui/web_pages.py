"""A link that a reader gives: fetched for them, shown, kept for a while until it is added; and how often that may be."""

from __future__ import annotations

import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import gradio as gr
from gradio.events import api

from assistant.errors import ArticleError
from assistant.loaders.addresses import read_address
from assistant.loaders.child_process import given_up_by
from assistant.loaders.web import WebPage
from assistant.ui.endpoints import Endpoint, Job, Reply, in_background, owner_of, streams
from assistant.ui.listening import Listening

if TYPE_CHECKING:
    from assistant.assistant import Assistant

MAX_KEPT = 20
MAX_KEPT_OF_ONE = 3
MAX_AGE_SECONDS = 900.0
MAX_SHOWN = 300_000
"""Characters that are sent to be looked at and mended; a longer text is added as it is."""

N_FETCHED_AT_ONCE = 4
MAX_WATCHING = 20
WINDOW_SECONDS = 300.0
BUSY_SECONDS = 60.0
"""After that a fetch of which no end was heard counts as ended."""
MAX_OF_OWNER = 10
MAX_OF_ADDRESS = 30
MAX_OF_HOST = 20
"""Of one server, whoever asks: nobody uses this one to hammer it."""
MAX_OF_ALL = 60


class FetchBrake:
    """Counts fetches of the last minutes by who asked and what was asked; may be shared by threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Stores the clock, in seconds."""
        self._clock = clock
        self._lock = threading.Lock()
        self._recent: deque[tuple[float, str, str, str]] = deque()
        self._busy: dict[str, float] = {}

    def start(self, owner: str, address: str, host: str) -> None:
        """Counts a fetch that begins; `end` follows.

        Raises:
            ArticleError: if it is one too many.
        """
        with self._lock:
            now = self._clock()
            while self._recent and now - self._recent[0][0] >= WINDOW_SECONDS:
                self._recent.popleft()
            if now - self._busy.get(owner, -BUSY_SECONDS) < BUSY_SECONDS:
                raise ArticleError("A page is being fetched for you already. Wait until it is there.")
            for place, given, most, whose in (
                (1, owner, MAX_OF_OWNER, "you"),
                (2, address, MAX_OF_ADDRESS, "your address"),
                (3, host, MAX_OF_HOST, f"{host}, by all who use this page"),
                (0, None, MAX_OF_ALL, "all who use this page"),
            ):
                times = [entry[0] for entry in self._recent if given is None or entry[place] == given]
                if len(times) >= most:
                    wait = max(1, round((times[-most] + WINDOW_SECONDS - now) / 60))
                    raise ArticleError(
                        f"Enough pages were fetched for {whose} in the last minutes. Try again in {wait} minutes, "
                        "or add the page's text."
                    )
            self._recent.append((now, owner, address, host))
            self._busy[owner] = now

    def end(self, owner: str) -> None:
        """Notes that the fetch of an owner has ended."""
        with self._lock:
            self._busy.pop(owner, None)


@dataclass(frozen=True)
class Kept:
    """A page that was fetched and is not added yet."""

    page: WebPage
    owner: str = field(repr=False)
    at: float


class FetchedPages:
    """Pages by token, each for who had it fetched; may be shared by threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Stores the clock, in seconds."""
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: dict[str, Kept] = {}

    def keep(self, page: WebPage, owner: str) -> str:
        """Returns the token of a page; the owner's oldest, and then the oldest of all, make room for it."""
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._forget_old()
            own = [key for key, kept in self._kept.items() if kept.owner == owner]
            for key in own[: max(0, len(own) - MAX_KEPT_OF_ONE + 1)]:
                del self._kept[key]
            while len(self._kept) >= MAX_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[token] = Kept(page, owner, self._clock())
        return token

    def of(self, token: str, owner: str) -> WebPage:
        """Returns a page to the owner it was fetched for; it stays until `forget`, so that adding can be tried again.

        Raises:
            ArticleError: if the owner has no such page.
        """
        with self._lock:
            self._forget_old()
            kept = self._kept.get(token)
        if kept is None or kept.owner != owner:
            raise ArticleError("This page is not kept any more. Get it again.")
        return kept.page

    def forget(self, token: str) -> None:
        """Lets go of a page."""
        with self._lock:
            self._kept.pop(token, None)

    def _forget_old(self) -> None:
        now = self._clock()
        for token in [token for token, kept in self._kept.items() if now - kept.at > MAX_AGE_SECONDS]:
            del self._kept[token]


class WebPages:
    """The endpoint that fetches."""

    def __init__(
        self,
        assistant: Assistant,
        pages: FetchedPages,
        listening: Listening | None = None,
        brake: FetchBrake | None = None,
    ) -> None:
        """Stores what the endpoint works on."""
        self._assistant = assistant
        self._pages = pages
        self._listening = listening or Listening()
        self._brake = brake or FetchBrake()
        self._fetching = threading.Semaphore(N_FETCHED_AT_ONCE)

    def register(self, _: int) -> list[Endpoint]:
        """Adds the endpoint to the current Blocks; a few pages are fetched at a time, the others wait."""
        api(self.fetch_page, concurrency_limit=MAX_WATCHING, api_visibility="private")
        return [self.fetch_page]

    @streams
    def fetch_page(self, address: str, request: gr.Request) -> Iterator[dict[str, Any]]:
        """Streams `{}` while a page is fetched, then what it gave, with the token that `add_article` takes it by."""
        owner = owner_of(request)
        client = request.client.host if request.client else ""
        host = read_address(address).host
        self._brake.start(owner, client, host)

        def fetch(job: Job) -> None:
            with given_up_by(job.go_on):
                page = self._assistant.fetch_page(address)
            job.go_on()
            job.tell(shown(page) | {"page": self._pages.keep(page, owner)})

        last: Reply = {}
        wanted = self._listening.is_wanted(request.session_hash)
        try:
            for part in in_background(fetch, self._fetching, is_wanted=wanted):
                last = part or last
                yield last
        finally:
            self._brake.end(owner)


def shown(page: WebPage) -> Reply:
    """Returns what a reader sees of a page before it is added; of a very long text the beginning."""
    loaded = page.loaded
    return {
        "title": loaded.title,
        "text": loaded.text[:MAX_SHOWN],
        "is_whole": len(loaded.text) <= MAX_SHOWN,
        "author": loaded.author,
        "date": loaded.date.isoformat() if loaded.date else "",
        "notes": list(loaded.notes),
        "url": page.url,
        "fetched": page.fetched.isoformat(timespec="seconds"),
    }
