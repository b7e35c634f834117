"""Standard input, output and error as the command line needs them: open, forgiving, and told of when they fail."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import sys
from typing import Any, TextIO

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_LATE_CONTROLS = re.compile(r"[\x7f-\x9f]")


def prepare_streams() -> None:
    """Opens the standard streams that whoever started the program closed, and lets all of them replace what they lack.

    A closed stream's number is given to the next file that is opened: what a library writes to number 2 must not end up
    in the articles.
    """
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            descriptor = os.open(os.devnull, os.O_RDWR)
            if descriptor != number:
                os.dup2(descriptor, number)
                os.close(descriptor)
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115 - open to the end
        elif isinstance(stream, io.TextIOWrapper):
            # A terminal that lacks a character shows a question mark instead of failing.
            stream.reconfigure(errors="replace")


def read_input(max_megabytes: float) -> bytes:
    """Returns standard input, one byte more than the limit at most, so that what is too long shows."""
    return sys.stdin.buffer.read(int(max_megabytes * 1_000_000) + 1)


def shown(text: str) -> str:
    """Returns a text as a terminal may get it: what others wrote moves no cursor, changes no colour and forges no title.

    >>> shown("a\\x1b[2Jb")
    'a�[2Jb'
    """
    return _CONTROLS.sub("\ufffd", text)


def say(text: str) -> None:
    """Prints a line or more."""
    print(shown(text), flush=True)


def tell(message: str) -> None:
    """Prints a line on standard error, if that can be written."""
    try:
        print(f"assistant: {' '.join(shown(message).splitlines())}", file=sys.stderr, flush=True)
    except (OSError, ValueError):
        _give_up(sys.stderr)


def give_up_output() -> None:
    """Lets what is still to be printed go nowhere, also at shutdown, once the output cannot be written."""
    _give_up(sys.stdout)


def _give_up(stream: TextIO) -> None:
    # What stays in its buffer would fail once more at shutdown, and Python then ends with a status of its own.
    with contextlib.suppress(OSError, ValueError):  # where it has no file behind it
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def print_json(value: Any) -> None:
    """Prints a value as JSON; characters that the output lacks as escapes."""
    in_unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    text = json.dumps(value, ensure_ascii=not in_unicode, indent=2)
    # JSON itself escapes the first 32 control characters alone; a terminal obeys the others as well.
    print(_LATE_CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", text))
