"""The page's own files -> one script. No bundler is needed: the files share one function's scope."""

from __future__ import annotations

import json
from pathlib import Path

_STATIC = Path(__file__).parent / "static"

_STYLES = ("colours.css", "layout.css", "conversation.css", "article.css", "article_pages.css", "panels.css")
_SCRIPTS = (
    "elements.js",
    "server.js",
    "dialogs.js",
    "places.js",
    "article.js",
    "article_text.js",
    "article_blocks.js",
    "article_pages.js",
    "highlights.js",
    "sentence_menu.js",
    "answer.js",
    "answer_foot.js",
    "conversation.js",
    "asking.js",
    "welcome.js",
    "composer.js",
    "chats.js",
    "articles.js",
    "add_article.js",
    "add_link.js",
    "settings.js",
    "own_questions.js",
    "main.js",
)


def script() -> str:
    """Returns the JavaScript that builds the page inside `element`, its styles included."""
    styles = json.dumps("\n".join(read(name) for name in _STYLES))
    scripts = "\n".join(read(name) for name in _SCRIPTS)
    # A function of its own, because Gradio's names for the script (server, upload, watch …) are taken.
    return f'(() => {{\n"use strict";\nconst STYLES = {styles};\n{scripts}\nstart(element);\n}})();'


def head() -> str:
    """Returns what stands in the document's head: the page around ours is kept out of sight."""
    return f"<style>{read('page.css')}</style>"


def read(name: str) -> str:
    """Returns the text of one of the page's own files."""
    return (_STATIC / name).read_text(encoding="utf-8")
