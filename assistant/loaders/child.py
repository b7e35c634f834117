"""The other end of `child_process`: reads a file's content from standard input, and tells what it holds."""

from __future__ import annotations

import contextlib
import errno
import importlib
import os
import signal
import sys

from assistant.errors import ArticleError
from assistant.loaders.child_process import OUT_OF_MEMORY, REFUSED, TOO_MUCH_TOLD
from assistant.loaders.loaded import to_json

_PR_SET_PDEATHSIG = 1  # of prctl(2)


def main() -> None:
    """Runs `LOADER NAME MEGABYTES SECONDS OUTPUT_MEGABYTES` of the command line, and ends the process."""
    loader, name, megabytes, seconds, output = sys.argv[1:]
    _limit(int(megabytes), float(seconds), int(output))
    module, function = loader.split(":")
    told = os.fdopen(os.dup(1), "wb")
    # Whatever a library prints is not taken for what was read.
    os.dup2(2, 1)
    try:
        loaded = getattr(importlib.import_module(f"assistant.loaders.{module}"), function)(
            sys.stdin.buffer.read(), name
        )
        told.write(loaded if isinstance(loaded, bytes) else to_json(loaded).encode("utf-8"))
        told.flush()
    except ArticleError as error:
        _end(REFUSED, str(error))
    except MemoryError:
        _end(OUT_OF_MEMORY, "")
    except OSError as error:
        _end(TOO_MUCH_TOLD if error.errno == errno.EFBIG else 1, repr(error))
    except Exception as error:  # noqa: BLE001  # of whatever library: the file is refused, not this process
        _end(1, repr(error))
    _end(0, "")


def _limit(megabytes: int, seconds: float, output_megabytes: int) -> None:
    """Sets what the system ends this process at, where it can."""
    _end_with_parent(int(seconds) + 1)
    try:
        import resource
    except ImportError:
        return
    for what, most in (
        (resource.RLIMIT_AS, megabytes * 1_000_000),
        (resource.RLIMIT_CPU, int(seconds) + 1),
        (resource.RLIMIT_FSIZE, output_megabytes * 1_000_000),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(what, (most, most))


def _end_with_parent(seconds: int) -> None:
    """Has the system end this process when whoever started it is killed, or later than it would, where it can."""
    if hasattr(signal, "alarm"):
        signal.alarm(seconds + 1)
    if sys.platform == "linux":
        import ctypes

        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _end(status: int, message: str) -> None:
    """Ends this process at once: whatever threads a library has started."""
    with contextlib.suppress(OSError):
        os.write(2, message.encode("utf-8", "replace"))
    os._exit(status)
