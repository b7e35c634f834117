"""A folder or an archive -> articles: what is new is added, what changed replaced, what is gone removed.

What was read is noted beside the library (`files.jsonl`), so that a run that was interrupted goes on where it stopped, and a
folder of thousands of files is looked through in a moment. The notes are derived: without them every file is read again.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypedDict, Unpack

from assistant.articles.tags import Day, Tags
from assistant.errors import ArticleError, AssistantError
from assistant.library.file_notes import FileNote, Stamp
from assistant.library.open_library import open_file_notes
from assistant.loaders import SUFFIXES, read_file
from assistant.loaders.archives import is_hidden, members_of

if TYPE_CHECKING:
    from assistant.articles.article import Article
    from assistant.assistant import Assistant

Change = Literal["added", "same", "replaced", "removed", "failed"]


@dataclass(frozen=True, slots=True)
class FileResult:
    """What came of one file.

    Attributes:
        name: its path, or its name in an archive.
        change: what was done; "same" also of what failed at an earlier look and has not changed since.
        article_id: of its article, "" if there is none.
        title: of its article.
        error: why it could not be read, "" if it could.
        n_sentences: of its article.
    """

    name: str
    change: Change
    article_id: str = ""
    title: str = ""
    error: str = ""
    n_sentences: int = 0


class Described(TypedDict, total=False):
    """What is said of each article that is added, as in `Assistant.add`."""

    tags: Tags
    author: str
    date: Day


class Folder:
    """A folder whose files are articles of a library."""

    def __init__(self, assistant: Assistant, folder: str | Path, **described: Unpack[Described]) -> None:
        """Stores what is looked through, what is said of each article in it, and reads what is known of it.

        Raises:
            ArticleError: if it is no folder that can be read.
        """
        self._assistant = assistant
        self._described = described
        self.path = Path(folder).expanduser().resolve()
        if not self.path.is_dir():
            raise ArticleError(f"{folder} is no folder. Give one whose files are to be added.")
        self._notes = open_file_notes(assistant.settings, assistant.store)
        self._device = self.path.stat().st_dev  # another one, once what is mounted here is away
        self._refused: dict[str, tuple[Stamp, str]] = {}

    def files(self) -> list[Path]:
        """Returns the files below the folder that can be articles, in order; hidden ones and links that lead out are not.

        Raises:
            ArticleError: if the folder itself cannot be listed.
        """
        found = []
        try:
            os.scandir(self.path).close()
        except OSError as error:
            raise ArticleError(f"The folder {self.path} cannot be read: {error.strerror}.") from error
        for place, folders, names in os.walk(self.path):
            folders[:] = sorted(name for name in folders if not is_hidden(name))
            found += [path for name in sorted(names) if self.holds(path := Path(place, name))]
        return found

    def holds(self, path: Path) -> bool:
        """Returns whether a path can be an article of this folder."""
        try:
            inside = path.relative_to(self.path)
            is_ours = path.resolve().is_relative_to(self.path) and path.is_file()
        except (ValueError, OSError, RuntimeError):
            return False
        return is_ours and not is_hidden(inside.as_posix()) and path.suffix.lower() in SUFFIXES

    def added(self, settled_seconds: float = 0.0) -> Iterator[FileResult]:
        """Yields what comes of each file: new ones are added, changed ones replaced, known ones passed over.

        Those that changed within the last `settled_seconds` may still be written, and are left for the next look. What
        could not be read is told once, until it changes.
        """
        self._notes.catch_up()
        known = self._known()
        for path in self.files():
            if not settled_seconds or _seconds_since_change(path) >= settled_seconds:
                yield self._taken_in(path, known)

    def removed(self) -> Iterator[FileResult]:
        """Yields what is removed, as its file is gone. Where the folder itself is gone, nothing is.

        An article that was added otherwise stays, though its text stood in a file of the folder as well.
        """
        known = self._known()
        for file, note in self._gone():
            title = self._remove(note.article_id) if self._leaves(file, note, known) else None
            self._notes.forget(file)
            if title is not None:
                yield FileResult(file, "removed", note.article_id, title)

    def to_remove(self) -> tuple[int, int]:
        """Returns how many articles `removed` would remove now, and how many of the library come from the folder."""
        known = self._known()
        leaving = {note.article_id for file, note in self._gone() if self._leaves(file, note, known)}
        notes = (self._notes.of(file) for file in self._notes.below(str(self.path)))
        held = {n.article_id for n in notes if n is not None and _is_of_folder(known.get(n.article_id, ""))}
        return len(leaving), len(held)

    def _gone(self) -> list[tuple[str, FileNote]]:
        """Returns the files that something is known of and that are no longer there."""
        self._notes.catch_up()
        there = {str(path) for path in self.files()}
        noted = [(file, self._notes.of(file)) for file in self._notes.below(str(self.path)) if file not in there]
        return [(file, note) for file, note in noted if note is not None and self._is_gone(Path(file))]

    def _leaves(self, file: str, note: FileNote, known: dict[str, str]) -> bool:
        """Returns whether an article goes with its file: the same text may stand in another, as after it was renamed."""
        return self._notes.files_of(note.article_id) == [file] and _is_of_folder(known.get(note.article_id, ""))

    def _is_gone(self, path: Path) -> bool:
        """Returns whether a file is no longer one of the folder's; of what cannot be looked at, nobody knows."""
        if not self.path.is_dir() or self.path.stat().st_dev != self._device:
            return False
        try:
            path.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return True
        except OSError:
            return False
        return not self.holds(path)

    def _known(self) -> dict[str, str]:
        """Returns the source of each article of the library, by its id."""
        return {entry.id: entry.source for entry in self._assistant.contents()}

    def _taken_in(self, path: Path, known: dict[str, str]) -> FileResult:
        file = str(path)
        note = self._notes.of(file)
        try:
            status = path.stat()
            stamp = (status.st_mtime_ns, status.st_size)
            if note and note.stamp == stamp and note.article_id in known:
                return FileResult(file, "same", note.article_id)
            if self._refused.get(file, ((0, 0), ""))[0] == stamp:
                return FileResult(file, "same", error=self._refused[file][1])
            former = self._former(file, note, known)
            data = read_file(path, self._assistant.settings.max_article_megabytes)
            name = path.relative_to(self.path.parent).as_posix()
            article = self._replaced(former, data, name) if former else self._added(data, name)
        except AssistantError as error:
            if isinstance(error, ArticleError):
                self._refused[file] = (stamp, str(error))
            return FileResult(file, "failed", error=str(error))
        except OSError as error:
            return FileResult(file, "failed", error=f"{path} cannot be read: {error.strerror}.")
        self._notes.keep(file, stamp, article.id)
        self._refused.pop(file, None)
        is_as_before = article.id == former if former else article.id in known
        change: Change = "same" if is_as_before else "replaced" if former else "added"
        known[article.id] = article.source
        return FileResult(file, change, article.id, article.title, n_sentences=len(article.sentences))

    def _added(self, data: bytes, name: str) -> Article:
        return self._assistant.add_bytes(data, name, **self._described)

    def _replaced(self, former: str, data: bytes, name: str) -> Article:
        try:
            return self._assistant.replace(former, data, name)
        except ArticleError:
            # The new text may stand in another file already, and the former be gone; else this says what is wrong.
            article = self._added(data, name)
        self._remove(former)
        return article

    def _former(self, file: str, note: FileNote | None, known: dict[str, str]) -> str:
        """Returns the article in whose place a changed file's comes, "" if there is none that is this file's alone."""
        if note is None or not _is_of_folder(known.get(note.article_id, "")):
            return ""
        return note.article_id if self._notes.files_of(note.article_id) == [file] else ""

    def _remove(self, article_id: str) -> str | None:
        try:
            return self._assistant.remove(article_id).title
        except ArticleError:
            return None


def _is_of_folder(source: str) -> bool:
    """Returns whether a source is a path from a folder on: who adds a file, an address or a text by hand gives none."""
    return "/" in source and "://" not in source


def _seconds_since_change(path: Path) -> float:
    """Returns how long ago a file was changed; a time that is yet to come was long ago. 0 for one that is gone."""
    try:
        seconds = time.time() - path.stat().st_mtime
    except OSError:
        return 0.0
    return seconds if seconds >= 0 else math.inf


def add_archive(assistant: Assistant, data: bytes, name: str, **described: Unpack[Described]) -> Iterator[FileResult]:
    """Yields what comes of each file of a zip archive.

    Raises:
        ArticleError: if the archive cannot be read.
    """
    known = {entry.id for entry in assistant.contents()}
    for member in members_of(data, name, assistant.settings.max_article_megabytes):
        if member.error:
            yield FileResult(member.name, "failed", error=member.error)
            continue
        if Path(member.name).suffix.lower() not in SUFFIXES:
            continue
        try:
            article = assistant.add_bytes(member.data, member.name, **described)
        except AssistantError as error:
            yield FileResult(member.name, "failed", error=str(error))
            continue
        change: Change = "same" if article.id in known else "added"
        known.add(article.id)
        yield FileResult(member.name, change, article.id, article.title, n_sentences=len(article.sentences))
