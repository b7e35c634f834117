"""Files that a reader has sent: kept under a name of our own, given to who sent them, once, and then gone."""

from __future__ import annotations

import re
import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from assistant.errors import ArticleError

MAX_WAITING = 20
MAX_FULL = 10
"""Of all owners' uploads together, in uploads of the largest size: who sends no cookie is a new owner each time."""
MAX_AGE_SECONDS = 900.0
MAX_NAME_BYTES = 200  # file systems take 255

PREFIX = "assistant-uploads-"
LEFT_BEHIND_SECONDS = 24 * 3600

_UNSHOWN = re.compile(r"[\x00-\x1f\x7f/\\\ud800-\udfff]")


@dataclass(frozen=True)
class Upload:
    """One file that has come: where it lies, what its owner calls it, and since when.

    Attributes:
        path: where it lies.
        name: "" for a text that was pasted.
        owner: who sent it.
        at: when, by the clock of the uploads.
        size: in bytes.
    """

    path: Path
    name: str
    owner: str = field(repr=False)
    at: float
    size: int


class Uploads:
    """Keeps uploads by token; may be shared by threads. The folder is made at first use and goes with `close`."""

    def __init__(self, max_bytes: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Stores how many bytes one upload may have; one owner's together may have twice that."""
        self.max_bytes = max_bytes
        self._clock = clock
        self._lock = threading.Lock()
        self._folder: Path | None = None
        self._waiting: dict[str, Upload] = {}
        self._coming: dict[Path, tuple[str, int]] = {}

    @property
    def folder(self) -> Path:
        """Where uploads lie, readable by this user alone."""
        with self._lock:
            if self._folder is None:
                _remove_left_behind()
                self._folder = Path(tempfile.mkdtemp(prefix=PREFIX))
            return self._folder

    def room_for(self, owner: str) -> int:
        """Returns how many bytes the owner may send now.

        Raises:
            ArticleError: if too many of their files, or of all, are waiting.
        """
        self._forget_old()
        with self._lock:
            return self._room_for(owner)

    def _room_for(self, owner: str) -> int:
        kept = [(upload.owner, upload.size) for upload in self._waiting.values()] + list(self._coming.values())
        sizes = [size for whose, size in kept if whose == owner]
        room = min(self.max_bytes, 2 * self.max_bytes - sum(sizes))
        if len(sizes) >= MAX_WAITING or room <= 0:
            raise ArticleError("Too many files were sent and not used. Wait a few minutes, then send them again.")
        if sum(size for _, size in kept) + room > MAX_FULL * self.max_bytes:
            raise ArticleError("Too many files are being sent at the moment. Wait a few minutes, then send them again.")
        return room

    @contextmanager
    def receiving(self, owner: str) -> Iterator[tuple[Path, int]]:
        """Gives a path to write to, and how many bytes; what is there is removed if anything goes wrong.

        The room is taken while the file comes: what is sent at once has no more of it than what is sent in turn.

        Raises:
            ArticleError: as `room_for`.
        """
        self._forget_old()
        path = self.folder / secrets.token_hex(16)
        with self._lock:
            room = self._room_for(owner)
            self._coming[path] = owner, room
        try:
            yield path, room
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        finally:
            with self._lock:
                self._coming.pop(path, None)

    def keep(self, path: Path, name: str, owner: str) -> str:
        """Returns the token of a file that has come whole."""
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._waiting[token] = Upload(path, shown_name(name), owner, self._clock(), path.stat().st_size)
        return token

    @contextmanager
    def taken(self, token: str, owner: str) -> Iterator[Upload]:
        """Gives an upload to the owner who sent it, once, and removes it afterwards.

        Raises:
            ArticleError: if the owner has no such upload waiting.
        """
        self._forget_old()
        with self._lock:
            upload = self._waiting.get(token)
            if upload is None or upload.owner != owner:
                raise ArticleError("This file is not here any more. Send it again.")
            del self._waiting[token]
        try:
            yield upload
        finally:
            upload.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Removes what is left."""
        with self._lock:
            if self._folder is not None:
                shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None
            self._waiting.clear()

    def _forget_old(self) -> None:
        with self._lock:
            now = self._clock()
            for token, upload in list(self._waiting.items()):
                if now - upload.at > MAX_AGE_SECONDS:
                    upload.path.unlink(missing_ok=True)
                    del self._waiting[token]


def shown_name(name: str) -> str:
    """Returns the end of a name, which tells the format, as a name that a file can have."""
    return _UNSHOWN.sub("_", name).encode("utf-8")[-MAX_NAME_BYTES:].decode("utf-8", "ignore")


def _remove_left_behind() -> None:
    """Removes what a server that was killed has left: folders of this user that nothing came into for a day."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > LEFT_BEHIND_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)
