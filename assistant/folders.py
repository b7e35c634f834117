"""A folder or an archive -> articles: what is new is added, what changed replaced, what is gone removed.

What was read is noted beside the library (`files.jsonl`), so that a run that was interrupted goes on where it stopped, and a
folder of thousands of files is looked through in a moment. The notes are derived: without them every file is read again.
"""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypedDict, Unpack

from assistant.articles.tags import Day, Tags
from assistant.errors import ArticleError, AssistantError
from assistant.loaders import SUFFIXES, read_file
from assistant.loaders.archives import is_hidden, members_of

if TYPE_CHECKING:
    from assistant.assistant import Assistant

FILES = "files.jsonl"
Change = Literal["added", "same", "replaced", "removed", "failed"]
Stamp = tuple[int, int]


@dataclass(frozen=True, slots=True)
class FileResult:
    """What came of one file.

    Attributes:
        name: its path, or its name in an archive.
        change: what was done.
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


@dataclass(frozen=True, slots=True)
class _Note:
    """What is known of a file: its time of change in nanoseconds and its size, and the article made of it."""

    stamp: Stamp
    article_id: str


class FileNotes:
    """What was read from which file, one JSON line each; the last line of a file counts. Damage is passed over."""

    def __init__(self, path: Path) -> None:
        """Reads what is there."""
        self._path = path
        self._of: dict[str, _Note] = {}
        try:
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            lines = []
        for line in lines:
            self._take(line)
        if len(lines) > 2 * len(self._of) + 100:
            self._write_anew()

    def of(self, file: str) -> _Note | None:
        """Returns what is known of a file."""
        return self._of.get(file)

    def below(self, folder: str) -> list[str]:
        """Returns the files below a folder that something is known of."""
        return [file for file in self._of if file.startswith(folder + os.sep)]

    def files_of(self, article_id: str) -> list[str]:
        """Returns the files that an article was made of."""
        return [file for file, note in self._of.items() if note.article_id == article_id]

    def keep(self, file: str, stamp: Stamp, article_id: str) -> None:
        """Notes what was made of a file. A note that cannot be written costs reading the file again."""
        self._of[file] = _Note(stamp, article_id)
        self._append({"file": file, "stamp": stamp, "id": article_id})

    def forget(self, file: str) -> None:
        """Notes that a file is gone."""
        if self._of.pop(file, None) is not None:
            self._append({"file": file})

    def _take(self, line: str) -> None:
        try:
            values = json.loads(line)
            file = str(values["file"])
            if "id" in values:
                changed, size = values["stamp"]
                self._of[file] = _Note((int(changed), int(size)), str(values["id"]))
            else:
                self._of.pop(file, None)
        except (ValueError, KeyError, TypeError):
            return

    def _append(self, values: dict[str, Any]) -> None:
        try:
            with self._path.open("a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(json.dumps(values) + "\n")
        except OSError:
            return

    def _write_anew(self) -> None:
        aside = self._path.with_suffix(".tmp")
        rows = [{"file": file, "stamp": note.stamp, "id": note.article_id} for file, note in self._of.items()]
        try:
            aside.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
            aside.replace(self._path)
        except OSError:
            aside.unlink(missing_ok=True)


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
        self._notes = FileNotes(assistant.settings.library / FILES)

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

        Those that changed within the last `settled_seconds` may still be written, and are left for the next look.
        """
        known = {entry.id for entry in self._assistant.contents()}
        for path in self.files():
            if not settled_seconds or _seconds_since_change(path) >= settled_seconds:
                yield self._taken_in(path, known)

    def removed(self) -> Iterator[FileResult]:
        """Yields what is removed, as its file is gone. Where the folder itself is gone, nothing is."""
        there = {str(path) for path in self.files()}
        for file in self._notes.below(str(self.path)):
            if file in there or not self.path.is_dir():
                continue
            note = self._notes.of(file)
            self._notes.forget(file)
            # The same text may stand in another file, as after it was renamed.
            if note and not self._notes.files_of(note.article_id):
                title = self._remove(note.article_id)
                yield FileResult(file, "removed", note.article_id, title)

    def _taken_in(self, path: Path, known: set[str]) -> FileResult:
        file = str(path)
        note = self._notes.of(file)
        try:
            status = path.stat()
            stamp = (status.st_mtime_ns, status.st_size)
            if note and note.stamp == stamp and note.article_id in known:
                return FileResult(file, "same", note.article_id)
            former = note.article_id if note and note.article_id in known else ""
            is_shared = former and self._notes.files_of(former) != [file]
            data = read_file(path, self._assistant.settings.max_article_megabytes)
            name = path.relative_to(self.path.parent).as_posix()
            article = (
                self._assistant.replace(former, data, name)
                if former and not is_shared
                else self._assistant.add_bytes(data, name, **self._described)
            )
        except AssistantError as error:
            return FileResult(file, "failed", error=str(error))
        except OSError as error:
            return FileResult(file, "failed", error=f"{path} cannot be read: {error.strerror}.")
        self._notes.keep(file, stamp, article.id)
        change: Change = "same" if article.id in known else "replaced" if former and not is_shared else "added"
        known.add(article.id)
        return FileResult(file, change, article.id, article.title, n_sentences=len(article.sentences))

    def _remove(self, article_id: str) -> str:
        try:
            return self._assistant.remove(article_id).title
        except ArticleError:
            return ""


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
