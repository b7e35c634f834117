"""The file of a vector index: a header, a checksum over everything, and what FAISS writes; read and written in parts."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

MAGIC = b"article-assistant vectors 1\n"

_PART = 1 << 20  # bytes


def write_index_file(path: Path, header: dict[str, Any], put: Callable[[Callable[[bytes], None]], None]) -> None:
    """Writes a file aside, syncs it and renames it over `path`: a reader sees the old file or the new one.

    Args:
        path: the file.
        header: what is told of the index, as JSON types.
        put: hands the index itself, in parts, to the function that it is given.

    Raises:
        OSError: if it cannot be written; the old file is whole.
    """
    descriptor, name = tempfile.mkstemp(prefix=path.name + ".", suffix=".tmp", dir=path.parent)
    try:
        # Whoever may use the folder may read the file, which `mkstemp` makes for its owner alone.
        Path(name).chmod(path.parent.stat().st_mode & 0o666)
        with os.fdopen(descriptor, "wb") as file:
            digest = hashlib.sha256(json.dumps(header, sort_keys=True).encode())
            file.write(MAGIC + _line(header, digest.copy().hexdigest()))

            def write(part: bytes) -> None:
                digest.update(part)
                file.write(part)

            put(write)
            # The checksum is known only now; it is as long as what stood in its place.
            file.seek(0)
            file.write(MAGIC + _line(header, digest.hexdigest()))
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def open_index_file(path: Path) -> tuple[dict[str, Any], BinaryIO] | None:
    """Returns the header of a file, and the file where its index begins; None where it is missing or not as it was written."""
    try:
        if not path.is_file():
            return None  # what is no file may never end
        with ExitStack() as opened:
            file = opened.enter_context(path.open("rb"))
            if file.read(len(MAGIC)) != MAGIC:
                return None
            header = json.loads(file.readline(_PART))
            expected, begin = header.pop("sha256"), file.tell()
            if _digest(header, file) != expected:
                return None
            file.seek(begin)
            opened.pop_all()
            return header, file
    except (OSError, ValueError, KeyError, AttributeError, TypeError, RecursionError):
        return None


def sync_folder(folder: Path) -> None:
    """Brings a rename to the disk: it is there only once its folder is. Windows has no such call."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _line(header: dict[str, Any], digest: str) -> bytes:
    return json.dumps({**header, "sha256": digest}).encode() + b"\n"


def _digest(header: dict[str, Any], file: BinaryIO) -> str:
    digest = hashlib.sha256(json.dumps(header, sort_keys=True).encode())
    while part := file.read(_PART):
        digest.update(part)
    return digest.hexdigest()
