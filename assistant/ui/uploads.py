"""Files that a reader has sent: kept under a name of our own, given to who sent them, once, and then gone."""

from __future__ import annotations

import re
import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from assistant.errors import ArticleError

MAX_WAITING = 20
MAX_AGE_SECONDS = 900.0
MAX_NAME_CHARACTERS = 200

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

    @property
    def folder(self) -> Path:
        """Where uploads lie, readable by this user alone."""
        with self._lock:
            if self._folder is None:
                self._folder = Path(tempfile.mkdtemp(prefix="assistant-uploads-"))
            return self._folder

    def room_for(self, owner: str) -> int:
        """Returns how many bytes the owner may send now.

        Raises:
            ArticleError: if too many of their files are waiting.
        """
        self._forget_old()
        with self._lock:
            sizes = [upload.size for upload in self._waiting.values() if upload.owner == owner]
        room = min(self.max_bytes, 2 * self.max_bytes - sum(sizes))
        if len(sizes) >= MAX_WAITING or room <= 0:
            raise ArticleError("Too many files were sent and not used. Wait a few minutes, then send them again.")
        return room

    @contextmanager
    def receiving(self) -> Iterator[Path]:
        """Gives a path to write to; what is there is removed unless `keep` has taken it."""
        path = self.folder / secrets.token_hex(16)
        try:
            yield path
        except BaseException:
            path.unlink(missing_ok=True)
            raise

    def keep(self, path: Path, name: str, owner: str) -> str:
        """Returns the token of a file that has come whole."""
        token = secrets.token_urlsafe(24)
        shown = _UNSHOWN.sub("_", name)[-MAX_NAME_CHARACTERS:]
        with self._lock:
            self._waiting[token] = Upload(path, shown, owner, self._clock(), path.stat().st_size)
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
