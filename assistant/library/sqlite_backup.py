"""A copy of a library in one file, made while it is in use."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from assistant.errors import StoreError
from assistant.library.sqlite_check import Condition, look_over
from assistant.library.sqlite_connection import open_to_look, translated
from assistant.library.sqlite_store import DATABASE, VECTORS
from assistant.library.vector_file import sync_folder


def back_up(folder: Path, target: Path, overwrite: bool = False, busy_timeout_seconds: float = 10.0) -> Condition:
    """Copies a library, as of one moment, and returns what the copy holds; every row of it was checked.

    The copy is written aside, synced, checked and renamed: `target` is a whole backup or what it was before.

    Args:
        folder: the library, which others may read and write meanwhile.
        target: the file to be made; put in the place of `library.sqlite3`, it is the library again.
        overwrite: whether a file of that name may be replaced.
        busy_timeout_seconds: how long to wait for a writer.

    Raises:
        StoreError: if there is no library, the target is there already or cannot be written, or the library is damaged.
    """
    source, target = folder / DATABASE, target.expanduser()
    _check_target(source, target, overwrite)
    try:
        with tempfile.TemporaryDirectory(prefix=f"{target.name}.", dir=target.parent) as name:
            copy = Path(name) / DATABASE
            _copy(source, copy, busy_timeout_seconds)
            found = look_over(Path(name))
            if found is None or found.problems:
                raise StoreError(
                    f"The library {folder} is damaged: {'; '.join(found.problems if found else ())}. No backup was made; "
                    "run `assistant doctor --repair` first."
                )
            copy.chmod(source.stat().st_mode & 0o666)
            with copy.open("rb") as file:
                os.fsync(file.fileno())
            copy.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        raise StoreError(
            f"The backup {target} cannot be written: {error.strerror}. Choose a file in a folder that can be written "
            "and has room."
        ) from error
    return found


def _check_target(source: Path, target: Path, overwrite: bool) -> None:
    if not source.is_file():
        raise StoreError(f"There is no library in {source.parent} to back up. Name its folder with --library.")
    if target.is_dir():
        raise StoreError(
            f"{target} is a folder. Name the file that the backup is to be, such as {target / 'library.backup'}."
        )
    beside = [path for path in source.parent.glob("*") if path.name.startswith((source.name, VECTORS))]
    if target.exists() and any(target.samefile(path) for path in beside if path.exists()):
        raise StoreError(f"{target} is a file of the library itself. Name another file.")
    if target.exists() and not target.is_file():
        raise StoreError(f"{target} is no file that a backup could be kept in. Name another.")
    if target.exists() and not overwrite:
        raise StoreError(f"{target} is there already. Name another file, or overwrite it with --force.")


def _copy(source: Path, copy: Path, busy_timeout_seconds: float) -> None:
    """Copies a database in one step, so that it shows one moment."""
    with (
        translated(source),
        closing(open_to_look(source, busy_timeout_seconds)) as connection,
        closing(sqlite3.connect(copy)) as new,
    ):
        connection.backup(new)
        # In one file, and nothing beside it: the copy is complete as it is.
        new.execute("PRAGMA journal_mode = DELETE").fetchone()
