"""Serves the real page before an assistant without models: `python fake_server.py PORT LIBRARY`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from fake_assistant import FakeAssistant
from gradio.events import api

from assistant.library.chats import Chats
from assistant.loaders import load_bytes
from assistant.server.application import around
from assistant.server.running import accounts_of, listen, serve_on
from assistant.settings import Settings
from assistant.ui.page import Page

ARTICLE = """The ferry to Norwick

The ferry to Norwick stopped sailing in March. Captain Ida Brandt said the engine could not be repaired. \
The harbour office sold the vessel to a museum.

Islanders now travel by seaplane. A seaplane ticket costs forty crowns. “We miss the ferry,” said Tom Aske, a baker."""


class Control:
    """What tests do behind the page's back."""

    def __init__(self, assistant: FakeAssistant, chats: Chats) -> None:
        self._assistant = assistant
        self._chats = chats

    def reset(self, with_article: bool) -> dict[str, Any]:
        """Leaves one short article, or none, and no conversation."""
        for entry in self._assistant.contents():
            self._assistant.remove(entry.id)
        self._assistant.configure(carefulness="normal", language_model="")
        self._assistant.slow_seconds = 3.0
        if with_article:
            self._assistant.add(ARTICLE, source="ferry.txt")
        for owner in self._chats.owners():
            self._chats.clear(owner)
        return {}

    def add(self, text: str, title: str, source: str) -> dict[str, Any]:
        """Adds an article and returns its id."""
        return {"id": self._assistant.add(text, title, source).id}

    def add_markdown(self, text: str) -> dict[str, Any]:
        """Adds an article of Markdown, with its blocks, and returns its id."""
        loaded = load_bytes(text.encode(), "article.md")
        return {"id": self._assistant.add(loaded.text, loaded.title, "article.md", blocks=loaded.blocks).id}

    def add_lines(self, n: int) -> dict[str, Any]:
        """Adds an article of `n` sentences, eight a paragraph."""
        lines = [f"Line {i} speaks of the weather near station {i}." for i in range(n)]
        text = "\n\n".join(" ".join(lines[first : first + 8]) for first in range(0, n, 8))
        return {"id": self._assistant.add(text, "Weather", "").id}

    def fill_chat(self, n: int) -> dict[str, Any]:
        """Keeps a conversation of `n` turns and returns its id."""
        chat = self._chats.start()
        for position in range(n):
            question = f"Question {position}: who said the engine could not be repaired?"
            self._chats.keep(chat.id, position, question, self._assistant.ask(question).to_dict())
        return {"id": chat.id}

    def fetched(self) -> dict[str, Any]:
        """Returns the addresses that were fetched since the last time."""
        urls, self._assistant.fetched = self._assistant.fetched, []
        return {"urls": urls}

    def set_slow_seconds(self, seconds: float) -> dict[str, Any]:
        """Sets how long a question with the word "slowly" takes."""
        self._assistant.slow_seconds = seconds
        return {}


def main() -> None:
    """Serves until the process is ended."""
    port, library = int(sys.argv[1]), Path(sys.argv[2])
    assistant = FakeAssistant(Settings(library=library))
    chats = Chats.open(library / "library.sqlite3")
    page = Page(assistant, chats)  # type: ignore[arg-type]
    control = Control(assistant, chats)
    with page.blocks:
        for function in (
            control.reset,
            control.add,
            control.add_markdown,
            control.add_lines,
            control.fill_chat,
            control.set_slow_seconds,
        ):
            api(function, queue=False)
        api(control.fetched, queue=False)
    accounts = accounts_of(os.environ.get("ASSISTANT_AUTH", ""))
    serve_on(listen("127.0.0.1", port), around(page, assistant.settings, accounts), f"http://127.0.0.1:{port}/")


if __name__ == "__main__":
    main()
