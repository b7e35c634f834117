"""Reads a file in a process of its own, with limits of time, memory and output, so that none can hurt whoever asks.

What parses a hostile file may loop, crash or grow; then this process ends, and the file is refused in a sentence.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import ArticleError
from assistant.loaders.loaded import Loaded, from_json

_CODE = "import sys; sys.path.insert(0, {root!r}); import assistant; sys.path.remove({root!r}); from assistant.loaders.child import main; main()"
_ROOT = str(Path(__file__).parents[2])
REFUSED = 3  # exit status of a reader that tells in a sentence why it refuses the file
OUT_OF_MEMORY = 4
TOO_MUCH_TOLD = 5
_MAX_MESSAGE = 2000
_LOOK_EVERY_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Limits:
    """What a reader may take.

    Attributes:
        seconds: by the clock.
        megabytes: of memory, where the system can tell (not on Windows, not on macOS).
        output_megabytes: of what it tells.
    """

    seconds: float = 60.0
    megabytes: int = 900
    output_megabytes: int = 400


_go_on: ContextVar[Callable[[], object]] = ContextVar("go_on", default=lambda: None)


@contextmanager
def given_up_by(go_on: Callable[[], object]) -> Iterator[None]:
    """Ends what reads a file, in this thread and block, as soon as `go_on` raises: it is called a few times a second."""
    token = _go_on.set(go_on)
    try:
        yield
    finally:
        _go_on.reset(token)


def load_in_child(loader: str, data: bytes, name: str, limits: Limits | None = None) -> Loaded:
    """Returns what a loader makes of a file's content, run in another process.

    Args:
        loader: "module:function" below `assistant.loaders`, of (content, name) to Loaded.
        data: content of the file.
        name: of the file, for messages.
        limits: what it may take; by default in proportion to the content.

    Raises:
        ArticleError: if the file is refused, or a limit was reached.
    """
    return from_json(run_in_child(loader, data, name, limits))


def run_in_child(
    function: str, data: bytes, name: str, limits: Limits | None = None, wanted: str | None = None
) -> bytes:
    """Returns what a function of (content, wanted) makes of a file in another process: bytes, or Loaded as JSON.

    `wanted` is the file's name unless given. Other arguments and errors are those of `load_in_child`.
    """
    limits = limits or Limits(seconds=15 + 3 * len(data) / 1_000_000)
    command = [
        sys.executable,
        "-P",
        "-c",
        _CODE.format(root=_ROOT),
        function,
        name if wanted is None else wanted,
        str(limits.megabytes),
        str(limits.seconds),
    ]
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as told, tempfile.TemporaryFile() as complaint:
        given.write(data)
        given.seek(0)
        # Files, not pipes: what is told is looked at when the process has ended, however much it is.
        try:
            child = subprocess.Popen(
                [*command, str(limits.output_megabytes)], stdin=given, stdout=told, stderr=complaint
            )
        except OSError as error:
            raise ArticleError(
                f"{name} cannot be read: no process could be started for it ({error.strerror})."
            ) from error
        status = _waited_for(child, limits.seconds)
        if status is None:
            raise ArticleError(
                f"{name} takes longer than {limits.seconds:.0f} seconds to read, and was given up. It may be damaged, or made to be slow."
            )
        if status == REFUSED:
            complaint.seek(0)
            raise ArticleError(complaint.read(_MAX_MESSAGE).decode("utf-8", "replace").strip())
        if status == TOO_MUCH_TOLD or told.tell() > limits.output_megabytes * 1_000_000:
            raise ArticleError(f"{name} holds more than {limits.output_megabytes} MB of text, and was given up.")
        if status == OUT_OF_MEMORY:
            raise ArticleError(f"{name} needs more than {limits.megabytes} MB of memory to read, and was given up.")
        if status < 0:
            raise ArticleError(
                f"{name} cannot be read: its reader broke down over it. It is damaged, or too large: save it again, or split it."
            )
        if status:
            raise ArticleError(f"{name} cannot be read: it is damaged, or not of the format that its name tells.")
        told.seek(0)
        return told.read()


def _waited_for(child: subprocess.Popen[bytes], seconds: float) -> int | None:
    """Returns the exit status of a child, None if it took longer than that; it has ended in any case."""
    ends = time.monotonic() + seconds
    try:
        while time.monotonic() < ends:
            _go_on.get()()
            with suppress(subprocess.TimeoutExpired):
                return child.wait(max(0.0, min(_LOOK_EVERY_SECONDS, ends - time.monotonic())))
        return None
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()
