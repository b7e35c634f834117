"""`assistant add FOLDER`, `assistant add FILE.zip` and `assistant watch FOLDER`: many files, each with its result."""

from __future__ import annotations

import argparse
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.commands.streams import say, tell
from assistant.errors import AssistantError
from assistant.folders import Described, FileResult, Folder, add_archive
from assistant.loaders import SUFFIXES, read_file

if TYPE_CHECKING:
    from assistant.assistant import Assistant

FAILED = 2
MAX_ARCHIVE_MEGABYTES = 500.0
# At the start of `watch`, of what the library has from a folder: a disk that is not mounted is no folder that was emptied.
MAX_REMOVED_AT_START = 5
MAX_SHARE_AT_START = 0.3
SETTLED_SECONDS = 1.0
"""A file that was changed since may still be written."""
MAX_EVERY_SECONDS = 86_400.0
Tell = Callable[[FileResult], None]


def are_many(path: str) -> bool:
    """Returns whether a path names a folder or a zip archive: many articles, not one."""
    return path.lower().endswith(".zip") or _is_folder(path)


def _is_folder(path: str) -> bool:
    try:
        return Path(path).expanduser().is_dir()
    except (OSError, RuntimeError, ValueError):  # no such home, or no name that a file can have: told when it is read
        return False


def add_many(assistant: Assistant, path: str, told: Tell, described: Described) -> None:
    """Adds what a folder or a zip archive holds, telling what came of each file; a bar shows how far it is."""
    counts: Counter[str] = Counter()

    def counted(result: FileResult) -> None:
        counts[result.change] += 1
        told(result)

    if _is_folder(path):
        folder = Folder(assistant, path, **described)
        _tell_all(folder.added(), len(folder.files()), counted)
    else:
        data = read_file(path, MAX_ARCHIVE_MEGABYTES)
        _tell_all(add_archive(assistant, data, Path(path).name, **described), 0, counted)
    if not counts:
        raise AssistantError(f"There is no file in {path} that can be read: {', '.join(SUFFIXES)}.")
    tell(f"{path}: {in_words(counts)}.")
    if counts["same"] and any(described.values()):
        tell("Tags, author and date of those that were there stay as they are. `assistant describe ID` changes them.")


def watch(options: argparse.Namespace, assistant: Assistant) -> int:
    """Follows a folder until it is interrupted: new files are added, changed ones replaced, gone ones removed."""
    from watchfiles import watch as changes

    if not 0.1 <= options.every <= MAX_EVERY_SECONDS:
        raise AssistantError(f"--every is {options.every:g}, expected seconds from 0.1 to {MAX_EVERY_SECONDS:,.0f}.")
    # It has words of its own for Ctrl-C.
    logging.getLogger("watchfiles").setLevel(logging.ERROR)
    folder = Folder(assistant, options.folder, tags=",".join(options.tag or ()))
    counts: Counter[str] = Counter()

    def told(result: FileResult) -> None:
        counts[result.change] += 1
        tell_result(result)

    def look(removes_many: bool = True) -> None:
        _tell_all(folder.added(SETTLED_SECONDS), len(folder.files()), told)
        if not removes_many:
            check_removals(folder)
        for result in folder.removed():
            told(result)
        assistant.store.flush()

    look(removes_many=options.yes)
    say(f"Watching {folder.path}: {in_words(counts)}. Ctrl-C ends.")
    # Polled now and then as well: no system tells of every change, over a network least of all.
    milliseconds, trouble = int(options.every * 1000), ""
    for _ in changes(folder.path, yield_on_timeout=True, rust_timeout=milliseconds, raise_interrupt=False):
        if not folder.path.is_dir():
            tell(f"The folder {folder.path} is gone. Nothing was removed; its articles stay as they are.")
            return FAILED
        try:
            look()
            trouble = ""
        except AssistantError as error:
            # A library that is locked, or a folder that cannot be read: at the next look it may be well again.
            if trouble != (trouble := str(error)):
                tell(trouble)
    return 0


def check_removals(folder: Folder) -> None:
    """Raises AssistantError if all that the library has of a folder would be removed, or much of it.

    So it is where a disk is not mounted, and its place is an empty folder.
    """
    n_gone, n_known = folder.to_remove()
    if n_gone == 0 or (n_gone < n_known and n_gone <= max(MAX_REMOVED_AT_START, MAX_SHARE_AT_START * n_known)):
        return
    files = "the file" if n_known == 1 else f"the files of {n_gone:,} of {n_known:,} articles"
    raise AssistantError(
        f"In {folder.path}, {files} that the library has from there {'is' if n_known == 1 else 'are'} gone. Nothing was removed: "
        "its disk may not be mounted, or the folder may be another one now. If they are to go, `assistant watch` with --yes "
        "removes their articles."
    )


def tell_result(result: FileResult) -> None:
    """Prints a line on what came of a file, unless it is as before."""
    if result.change == "failed":
        tell(result.error)
    elif result.change == "removed":
        say(f"removed {result.article_id}  {result.title}")
    elif result.change != "same":
        change = "replaced " if result.change == "replaced" else ""
        say(f"{change}{result.article_id}  {result.title}  ({result.n_sentences} sentences)")


def add_watch_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of `assistant watch`."""
    parser.add_argument("folder")
    parser.add_argument("--tag", action="append", metavar="TAGS", help="tags of what is added, commas between")
    parser.add_argument("--yes", action="store_true", help="remove what is gone at the start, be it much or all")
    parser.add_argument(
        "--every", type=float, default=5.0, metavar="SECONDS", help="look at least so often (default: 5)"
    )


def in_words(counts: Counter[str]) -> str:
    """Returns a summary: "3 added, 1 failed"; "nothing new" where nothing was to be done.

    >>> in_words(Counter(added=3, same=2, failed=1)), in_words(Counter(same=4))
    ('3 added, 2 as before, 1 failed', '4 as before')
    """
    names = {"added": "added", "replaced": "replaced", "removed": "removed", "same": "as before", "failed": "failed"}
    return ", ".join(f"{counts[change]:,} {name}" for change, name in names.items() if counts[change]) or "no files"


def as_json(result: FileResult) -> dict[str, Any]:
    """Returns what a program is told of a file."""
    if result.change == "failed":
        return {"path": result.name, "error": result.error}
    return {"path": result.name, "change": result.change, "id": result.article_id, "title": result.title}


def _tell_all(results: Iterable[FileResult], n_files: int, told: Tell) -> None:
    with _bar(n_files) as advance:
        for result in results:
            advance()
            told(result)


@contextmanager
def _bar(n_files: int) -> Iterator[Callable[[], None]]:
    """Yields what advances a bar of files on standard error, if that is a terminal and there are several."""
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn

    console = Console(stderr=True)
    if not console.is_terminal or n_files == 1:
        yield lambda: None
        return
    columns = (*Progress.get_default_columns()[:-1], MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, redirect_stdout=False) as bar:
        task = bar.add_task("files", total=n_files or None)
        yield lambda: bar.update(task, advance=1)
