"""Articles -> one zip archive that a person can read, and back: to move, share or keep them.

    library.json                    what it is, of which version, how many articles
    articles/0001 A title/          one folder for each article
        text.txt                    its text: all offsets count in it
        article.json                what is known of it, and its sentences
        original.pdf                the file that it was read from, where that is kept

Conversations and settings are not in it; `assistant backup` copies a library with all that it has. Vectors are made anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from assistant.archive.article_json import article_from_json, article_to_json
from assistant.articles.article import Article, clean, shorten
from assistant.errors import ArticleError, AssistantError
from assistant.folders import Change, FileResult
from assistant.library.filter import Filter, FilterOptions
from assistant.library.store import Original
from assistant.loaders.archives import MAX_RATIO, read_member

if TYPE_CHECKING:
    from assistant.assistant import Assistant

FORMAT = "articles of article-assistant"
VERSION = 1
MAX_ENTRIES = 300_000
TOLD_TIMES = 10
"""As large as a text may be, so many times may be what is told of it and of its sentences."""
_LIST, _TEXT, _TOLD = "library.json", "text.txt", "article.json"
_NOT_IN_NAMES = re.compile(r"[^\w ,.()-]+")


def export_articles(
    assistant: Assistant,
    path: str | Path,
    article_ids: Sequence[str] | None = None,
    overwrite: bool = False,
    **only: Unpack[FilterOptions],
) -> int:
    """Writes articles into a zip archive, oldest first, and returns how many.

    It is written aside and renamed: `path` is whole, or what it was before.

    Args:
        assistant: whose articles.
        path: the file to be made.
        article_ids: of those that are wanted; None for all.
        overwrite: whether a file of that name may be replaced.
        only: those with tags, since, until, author … as in `contents`.

    Raises:
        ArticleError: if there is no article of an id, or none that is chosen.
        AssistantError: if the file is there already, or cannot be written.
    """
    wanted = None if article_ids is None else {assistant.article(article_id).id for article_id in article_ids}
    entries = [entry for entry in assistant.contents(**only) if wanted is None or entry.id in wanted]
    if not entries:
        raise ArticleError(
            f"{Filter.of(**only).nothing() if any(only.values()) else 'The library is empty.'} Nothing was exported."
        )
    path = Path(path).expanduser()
    if path.is_dir():
        raise AssistantError(
            f"{path} is a folder. Name the file that the archive is to be, such as {path / 'articles.zip'}."
        )
    if path.exists() and not (overwrite and path.is_file()):
        raise AssistantError(f"{path} is there already. Name another file, or overwrite it with --force.")
    try:
        with tempfile.TemporaryDirectory(prefix=f"{path.name}.", dir=path.parent) as folder:
            aside = Path(folder, "articles.zip")
            with zipfile.ZipFile(aside, "w", zipfile.ZIP_DEFLATED) as archive:
                _put(archive, _LIST, _in_json({"format": FORMAT, "version": VERSION, "count": len(entries)}))
                for n, entry in enumerate(entries, start=1):
                    _put_article(archive, n, assistant.article(entry.id), assistant.original(entry.id))
            with aside.open("rb") as file:
                os.fsync(file.fileno())
            aside.replace(path)
    except OSError as error:
        raise AssistantError(
            f"The archive {path} cannot be written: {error.strerror}. Choose a file in a folder that can be written and has room."
        ) from error
    return len(entries)


def import_articles(assistant: Assistant, path: str | Path) -> Iterator[FileResult]:
    """Adds the articles of an archive that `export_articles` made, and yields what comes of each.

    What is in the library already stays as it is there. An article whose text does not have its id, or whose sentences
    do not stand in its text, is refused; the others go on. No name in the archive is written by.

    Raises:
        ArticleError: if the archive cannot be read, or is another one.
    """
    path = Path(path).expanduser()
    try:
        archive = zipfile.ZipFile(path)
    except OSError as error:
        raise ArticleError(f"The archive {path} cannot be read: {error.strerror}. Check the path.") from error
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise ArticleError(f"{path.name} is no zip archive that can be read: it is damaged or cut off.") from error
    with archive:
        listed = archive.infolist()
        if len(listed) > MAX_ENTRIES:
            raise ArticleError(
                f"{path.name} holds {len(listed):,} files, the limit is {MAX_ENTRIES:,}. Export fewer articles."
            )
        entries = _Entries(archive, assistant.settings.max_article_megabytes * 1_000_000)
        count = _count(entries, path.name)
        folders = [name.removesuffix(_TOLD) for name in entries.names if name.endswith("/" + _TOLD)]
        known = {entry.id for entry in assistant.contents()}
        for folder in folders:
            yield _added(assistant, entries, folder, known)
        if len(folders) != count:
            yield FileResult(
                path.name, "failed", error=f"{path.name} should hold {count:,} articles, but holds {len(folders):,}."
            )


class _Entries:
    """The files of an archive by their names; each is read within limits, when it is asked for."""

    def __init__(self, archive: zipfile.ZipFile, most: float) -> None:
        self._archive = archive
        self._most = most
        self._counts = Counter(info.filename for info in archive.infolist())
        self.names = list(self._counts)

    def read(self, name: str, times: int = 1) -> bytes:
        """Returns a file's content. Raises ArticleError if it is not there, damaged, or too large."""
        if self._counts[name] != 1:
            raise ArticleError(f"{clean(name)} is {'missing' if name not in self._counts else 'there twice'}.")
        member = read_member(self._archive, self._archive.getinfo(name), clean(name), self._most * times)
        if member.error:
            raise ArticleError(member.error)
        return member.data

    def json(self, name: str) -> Any:
        """Returns what a file says in JSON. Raises as `read`, and ArticleError if it says nothing."""
        try:
            return json.loads(self.read(name, TOLD_TIMES))
        except (ValueError, RecursionError) as error:
            raise ArticleError(f"{clean(name)} is no JSON: it was changed or is damaged.") from error


def _count(entries: _Entries, name: str) -> int:
    """Returns how many articles the archive says it has."""
    if _LIST not in entries.names:
        raise ArticleError(
            f"{name} holds no {_LIST}: it is no export of articles. `assistant add` adds the files of another archive."
        )
    told = entries.json(_LIST)
    if not isinstance(told, dict) or told.get("format") != FORMAT or type(told.get("version")) is not int:
        raise ArticleError(f"{name} is no export of articles: its {_LIST} is of another form.")
    if told["version"] > VERSION:
        raise ArticleError(
            f"{name} is of version {told['version']}, this program reads up to {VERSION}. Take a newer one."
        )
    count = told.get("count")
    return count if type(count) is int else -1


def _added(assistant: Assistant, entries: _Entries, folder: str, known: set[str]) -> FileResult:
    name = clean(folder.rstrip("/"))
    try:
        article, original = _read_article(entries, folder, assistant.settings.max_article_sentences)
        change: Change = "same" if article.id in known else "added"
        if change == "added":
            article = assistant.restore(article, original)
    except AssistantError as error:
        return FileResult(name, "failed", error=str(error))
    known.add(article.id)
    return FileResult(name, change, article.id, article.title, n_sentences=len(article.sentences))


def _read_article(entries: _Entries, folder: str, max_sentences: int) -> tuple[Article, Original | None]:
    told = entries.json(folder + _TOLD)
    try:
        text = entries.read(folder + _TEXT).decode("utf-8")
    except UnicodeDecodeError as error:
        raise ArticleError(f"{clean(folder + _TEXT)} is not UTF-8: it was changed or is damaged.") from error
    try:
        article = article_from_json(text, told, max_sentences)
    except ArticleError as error:
        raise ArticleError(f"{clean(folder.rstrip('/'))} was left out: {str(error).rstrip('.')}.") from error
    kept = told.get("original")
    if kept is None:
        return article, None
    try:
        file_name, file, digest = str(kept["name"]), str(kept["file"]), str(kept["sha256"])
    except (TypeError, KeyError) as error:
        raise ArticleError(f"{clean(folder + _TOLD)} does not say which file its article was read from.") from error
    data = entries.read(folder + file)
    if hashlib.sha256(data).hexdigest() != digest:
        raise ArticleError(f"{clean(folder + file)} is not the file that was exported: it was changed or is damaged.")
    return article, Original(shorten(clean(file_name), 200), data)


def _put_article(archive: zipfile.ZipFile, n: int, article: Article, original: Original | None) -> None:
    title = " ".join(_NOT_IN_NAMES.sub(" ", article.title).split())
    folder = f"articles/{n:04} {shorten(title, 60).rstrip(' .…')}".rstrip() + "/"
    told = article_to_json(article)
    if original is not None:
        file = "original" + _NOT_IN_NAMES.sub("", Path(original.name).suffix.lower())[:10]
        told["original"] = {"name": original.name, "file": file, "sha256": hashlib.sha256(original.data).hexdigest()}
        _put(archive, folder + file, original.data)
    _put(archive, folder + _TEXT, article.text.encode("utf-8"))
    _put(archive, folder + _TOLD, _in_json(told))


def _put(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    """Writes a file; as it is where it shrinks so well that it would be taken for a bomb."""
    is_suspect = len(data) > 1_000_000 and len(zlib.compress(data, 6)) * MAX_RATIO < 2 * len(data)
    archive.writestr(name, data, zipfile.ZIP_STORED if is_suspect else zipfile.ZIP_DEFLATED)


def _in_json(values: Any) -> bytes:
    return (json.dumps(values, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
