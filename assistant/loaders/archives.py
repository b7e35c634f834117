"""A zip archive -> the files in it, within limits, and without writing any of them anywhere."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from assistant.articles.article import clean
from assistant.errors import ArticleError

MAX_MEMBERS = 10_000
MAX_TOTAL_MEGABYTES = 2_000.0
MAX_RATIO = 200
"""Of what a member holds to what it takes in the archive: text shrinks to a tenth, a bomb to a thousandth."""
_MIN_SUSPECTED = 1_000_000  # bytes; a small member hurts nobody, however well it shrinks
_ENCRYPTED = 0x1


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: its name there, and its content, or why it cannot be had."""

    name: str
    data: bytes = b""
    error: str = ""


def members_of(data: bytes, name: str, max_megabytes: float = 30.0) -> Iterator[Member]:
    """Yields the files of a zip archive in their order; folders, hidden files and what systems add are left out.

    A name is only shown, and tells the format; nothing is written by it.

    Args:
        data: the archive.
        name: of it, for messages.
        max_megabytes: that one file may hold.

    Raises:
        ArticleError: if it is damaged, or has too many files or too much in them.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        listed = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError) as error:
        raise ArticleError(f"{name} is no zip archive that can be read: it is damaged or cut off.") from error
    with archive:
        if len(listed) > MAX_MEMBERS:
            raise ArticleError(f"{name} holds {len(listed):,} files, the limit is {MAX_MEMBERS:,}. Split it.")
        room = MAX_TOTAL_MEGABYTES * 1_000_000
        for info in listed:
            shown = clean(info.filename)
            if info.is_dir() or is_hidden(shown):
                continue
            member = read_member(archive, info, shown, min(max_megabytes * 1_000_000, room))
            room -= len(member.data)
            yield member
            if room <= 0:
                raise ArticleError(f"{name} holds more than {MAX_TOTAL_MEGABYTES:,.0f} MB. Split it.")


def is_hidden(name: str) -> bool:
    """Returns whether a path names a hidden file, or one that a system keeps for itself.

    >>> [is_hidden(name) for name in ("a/b.txt", "a/.b.txt", ".git/c", "__MACOSX/a.txt", "../b.txt")]
    [False, True, True, True, False]
    """
    parts = [part for part in PurePosixPath(name.replace("\\", "/")).parts if part not in ("..", ".", "/")]
    return any(part.startswith(".") or part in ("__MACOSX", "__pycache__") for part in parts)


def read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, most: float) -> Member:
    """Returns a file of an archive under the name that is shown, or why it cannot be had; `most` is in bytes."""
    if stat.S_ISLNK(info.external_attr >> 16):
        return Member(name, error=f"{name} is a link to another file, which is not followed. Put the file itself in.")
    if info.flag_bits & _ENCRYPTED:
        return Member(name, error=f"{name} needs a password. Unpack the archive and add the file.")
    if info.file_size > most or (
        info.file_size > _MIN_SUSPECTED and info.file_size > MAX_RATIO * max(1, info.compress_size)
    ):
        return Member(
            name, error=f"{name} would hold {info.file_size / 1e6:,.0f} MB, which is too much. It was left out."
        )
    try:
        # What it says about its size is not believed.
        with archive.open(info) as file:
            data = file.read(int(most) + 1)
    except Exception as error:  # noqa: BLE001  # zipfile and its decompressors raise many kinds
        return Member(name, error=f"{name} is damaged in the archive ({type(error).__name__}). It was left out.")
    if len(data) > most:
        return Member(name, error=f"{name} holds more than {most / 1e6:,.0f} MB. It was left out.")
    return Member(name, data)
