"""Ending in order when the system asks for it: a library is closed as if the program had come to its end."""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import NoReturn

# What a shell reports of a process that SIGTERM ended.
TERMINATED = 128 + signal.SIGTERM


def end_in_order() -> None:
    """From now on, SIGTERM ends the program by SystemExit in its main thread, so that every `with` closes what it opened.

    A second SIGTERM ends it at once. Called from another thread, where Python allows no handler, it does nothing.
    """
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _end)


def _end(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001 - what signal handlers are given
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    raise SystemExit(TERMINATED)
