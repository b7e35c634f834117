"""`assistant add`, `list`, `describe`, `replace`, `remove`, `export`, `import`: do what can be done, tell each result once it is known."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.commands.filters import add_description, add_filter, filter_of
from assistant.commands.folder_commands import add_many, are_many
from assistant.commands.results import Results
from assistant.commands.streams import print_json, read_input, say, tell
from assistant.errors import ArticleError, AssistantError

if TYPE_CHECKING:
    from assistant.articles.article import Article
    from assistant.assistant import Assistant
    from assistant.folders import Described
    from assistant.library.store import Entry
    from assistant.networks.embeddings import Progress


def add(options: argparse.Namespace, assistant: Assistant) -> int:
    """Adds files, web pages, standard input or a text; returns 2 if one of them could not be."""
    if bool(options.path) == (options.text is not None):
        raise AssistantError("Give either files to add, or --text with the article's text.")
    results = Results(options.json)
    for path in options.path or [None]:
        if path is not None and are_many(path):
            with results.of("path", path):
                add_many(assistant, path, results.of_file, _told(options))
            continue
        with results.of("path", path or "text"), _bar(str(path or "text")) as progress:
            known = {entry.id for entry in assistant.contents()}
            article = _added(options, assistant, path, progress)
            n_sentences = len(article.sentences)
            results.done(
                {"id": article.id, "title": article.title, "sentences": n_sentences, "notes": list(article.notes)},
                f"{article.id}  {article.title}  ({n_sentences} sentences)",
            )
            for note in () if options.json else article.notes:
                say(f"    {note}")
            if article.id in known:
                tell(
                    f"{article.id} was there already, and stays as it was. `assistant describe ID` changes its title, tags, author or date."
                )
    return results.status()


def show(options: argparse.Namespace, assistant: Assistant) -> int:
    """Lists the articles that are chosen."""
    only = filter_of(options)
    entries = assistant.contents(**only)
    if options.json:
        print_json([_listed(entry) for entry in entries])
        return 0
    for e in entries:
        told = [
            f"{e.n_sentences} sentences",
            f"{e.n_pages} pages" if e.n_pages else "",
            e.author,
            str(e.date or ""),
        ]
        told += [f"#{tag}" for tag in e.tags]
        say(f"{e.id}  {e.title}  ({', '.join(filter(None, told))})")
    if not entries and any(only.values()):
        from assistant.library.filter import Filter

        say(Filter.of(**only).nothing())
    elif not entries:
        say("The library is empty. `assistant add FILE` adds an article.")
    return 0


def describe(options: argparse.Namespace, assistant: Assistant) -> int:
    """Changes what is given of an article."""
    tags = None if options.tag is None else ",".join(options.tag)
    article = assistant.describe(options.id, title=options.title, author=options.author, date=options.date, tags=tags)
    (entry,) = (entry for entry in assistant.contents() if entry.id == article.id)
    if options.json:
        print_json(_listed(entry))
    else:
        say(f"{article.id}  {article.title}")
    return 0


def replace(options: argparse.Namespace, assistant: Assistant) -> int:
    """Puts a file's text in the place of an article's."""
    with _bar(options.path) as progress:
        if options.path == "-":
            data = read_input(assistant.settings.max_article_megabytes)
            article = assistant.replace(options.id, data, "standard input", progress)
        else:
            article = assistant.replace(options.id, Path(options.path), progress=progress)
    if options.json:
        print_json({"id": article.id, "title": article.title, "sentences": len(article.sentences)})
    else:
        say(f"{article.id}  {article.title}  ({len(article.sentences)} sentences)")
    return 0


def remove(options: argparse.Namespace, assistant: Assistant) -> int:
    """Removes articles; returns 2 if one of them could not be."""
    if not options.id and not options.for_good:
        raise AssistantError("Name the articles to remove by their ids: `assistant list` shows them.")
    from assistant.articles.article import clean

    results = Results(options.json)
    for article_id in options.id:
        with results.of("id", article_id):
            # For good: purged once, after all of them.
            article = assistant.store.remove(clean(article_id), options.for_good)
            results.done({"id": article.id, "title": article.title}, f"removed {article.id}  {article.title}")
    if options.for_good:
        assistant.store.purge()
        library = assistant.settings.library
        for path in sorted(library.expanduser().glob("*.damaged-*")) if isinstance(library, Path) else ():
            tell(
                f"{path} is a copy that `assistant doctor --repair` kept, and may hold what was removed: remove it too."
            )
    return results.status()


def export(options: argparse.Namespace, assistant: Assistant) -> int:
    """Writes the articles that are chosen into an archive."""
    from assistant.archive.library_archive import export_articles

    count = export_articles(assistant, options.file, options.article, options.force, **filter_of(options))
    if options.json:
        print_json({"file": options.file, "articles": count})
    else:
        say(f"{options.file}: {count} {'article' if count == 1 else 'articles'}")
    return 0


def import_(options: argparse.Namespace, assistant: Assistant) -> int:
    """Adds the articles of an archive; returns 2 if one of them could not be."""
    from assistant.archive.library_archive import import_articles

    results = Results(options.json)
    for result in import_articles(assistant, options.file):
        results.of_file(result)
    return results.status()


def _listed(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "title": entry.title,
        "source": entry.source,
        "added": entry.added.isoformat(),
        "sentences": entry.n_sentences,
        "author": entry.author,
        "date": entry.date and entry.date.isoformat(),
        "tags": list(entry.tags),
        "url": entry.url,
        "pages": entry.n_pages,
    }


def _filtered(parser: argparse.ArgumentParser) -> None:
    add_filter(parser, with_title=True)


def _described(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id")
    parser.add_argument("--title")
    add_description(parser)


def _replaced(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id")
    parser.add_argument("path", help="the file with the new text; - reads standard input")


def _removed(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", nargs="*")
    text = "leave nothing of them in the library's files, nor in answers that quote them; without ids, of earlier ones"
    parser.add_argument("--for-good", action="store_true", help=text)


def _exported(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", help="the zip archive to be made")
    parser.add_argument("--article", action="append", metavar="ID", help="only this article; may be repeated")
    parser.add_argument("--force", action="store_true", help="overwrite the file if there is one")
    add_filter(parser, with_title=True)


def _imported(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", help="a zip archive that `assistant export` has made")


LIBRARY_COMMANDS = (
    ("list", show, "List the articles of the library.", _filtered),
    ("describe", describe, "Change an article's title, author, date or tags.", _described),
    (
        "replace",
        replace,
        "Put a new text in the place of an article's; conversations keep what they quoted.",
        _replaced,
    ),
    ("remove", remove, "Remove articles by id.", _removed),
    ("export", export, "Write articles, with all that is known of them, into a zip archive.", _exported),
    ("import", import_, "Add the articles of an archive that `export` has made.", _imported),
)
"""Name, function, text and arguments of each command but `add`."""


# "example.org/a", "www.example.org": what a browser takes without https:// in front.
_ADDRESS = re.compile(r"www\.[\w.-]+(?:/\S*)?|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/\S*", re.IGNORECASE)


def _added(options: argparse.Namespace, assistant: Assistant, path: str | None, progress: Progress) -> Article:
    told = _told(options)
    if path is None:
        return assistant.add(options.text, options.title, progress=progress, **told)
    if path == "-":
        data = read_input(assistant.settings.max_article_megabytes)
        return assistant.add_bytes(data, "standard input", options.title, progress, **told)
    if path.lower().startswith(("http://", "https://")):
        return assistant.add_url(path, options.title, progress, **told)
    if _ADDRESS.fullmatch(path) and not Path(path).exists():
        raise ArticleError(f"There is no file {path}. If it is an address of the web, write https://{path}.", "missing")
    return assistant.add_file(path, options.title, progress, **told)


def _told(options: argparse.Namespace) -> Described:
    return {"tags": ",".join(options.tag or ()), "author": options.author or "", "date": options.date}


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
