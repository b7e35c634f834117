"""`assistant add` and `assistant remove`: do what can be done, tell each result as soon as it is known."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from assistant.commands.streams import print_json, read_input, say, tell
from assistant.errors import AssistantError

if TYPE_CHECKING:
    from assistant.articles.article import Article
    from assistant.assistant import Assistant
    from assistant.networks.embeddings import Progress

FAILED = 2


def add(options: argparse.Namespace, assistant: Assistant) -> int:
    """Adds files, web pages, standard input or a text; returns 2 if one of them could not be."""
    if bool(options.path) == (options.text is not None):
        raise AssistantError("Give either files to add, or --text with the article's text.")
    results = _Results(options.json)
    for path in options.path or [None]:
        with results.of("path", path or "text"), _bar(str(path or "text")) as progress:
            article = _added(options, assistant, path, progress)
            n_sentences = len(article.sentences)
            results.done(
                {"id": article.id, "title": article.title, "sentences": n_sentences, "notes": list(article.notes)},
                f"{article.id}  {article.title}  ({n_sentences} sentences)",
            )
            for note in () if options.json else article.notes:
                say(f"    {note}")
    return results.status()


def remove(options: argparse.Namespace, assistant: Assistant) -> int:
    """Removes articles; returns 2 if one of them could not be."""
    results = _Results(options.json)
    for article_id in options.id:
        with results.of("id", article_id):
            article = assistant.remove(article_id)
            results.done({"id": article.id, "title": article.title}, f"removed {article.id}  {article.title}")
    return results.status()


class _Results:
    """What came of each argument: a line at once, or one JSON list of all at the end."""

    def __init__(self, as_json: bool) -> None:
        self._as_json = as_json
        self._all: list[dict[str, Any]] = []
        self._failed = False

    @contextmanager
    def of(self, name: str, given: str) -> Iterator[None]:
        """Notes an error of ours instead of raising it, under what was given; the next argument has its turn."""
        try:
            yield
        except AssistantError as error:
            self._failed = True
            self._all.append({name: given, "error": str(error)})
            tell(str(error))

    def done(self, values: dict[str, Any], line: str) -> None:
        """Notes that something was done."""
        self._all.append(values)
        if not self._as_json:
            say(line)

    def status(self) -> int:
        """Prints the list, if it is asked for, and returns the exit status."""
        if self._as_json:
            print_json(self._all)
        return FAILED if self._failed else 0


def _added(options: argparse.Namespace, assistant: Assistant, path: str | None, progress: Progress) -> Article:
    if path is None:
        return assistant.add(options.text, options.title, progress=progress)
    if path == "-":
        data = read_input(assistant.settings.max_article_megabytes)
        return assistant.add_bytes(data, "standard input", options.title, progress)
    if path.lower().startswith(("http://", "https://")):
        return assistant.add_url(path, options.title, progress)
    return assistant.add_file(path, options.title, progress)


@contextmanager
def _bar(name: str) -> Iterator[Progress]:
    """Yields what advances a bar on standard error, if that is a terminal; it is gone before anything else is printed."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda done, total: None  # noqa: ARG005
        return
    bar = Progress(console=console, transient=True, redirect_stdout=False)
    task = bar.add_task(name, total=None)
    bar.start()

    def advance(done: int, total: int) -> None:
        bar.update(task, completed=done, total=total)
        if done == total:
            bar.stop()

    try:
        yield advance
    finally:
        bar.stop()
