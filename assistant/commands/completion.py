"""`assistant completion bash`: a script by which a shell completes commands, options and files."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SHELLS = ("bash", "zsh", "fish")


def script_of(parser: argparse.ArgumentParser, shell: str) -> str:
    """Returns what a shell reads to complete the commands of a parser; nothing of it starts Python."""
    import shtab

    for action in _actions(parser):
        if action.metavar in ("DIR", "PLACE"):
            action.complete = shtab.DIRECTORY
        elif action.type is Path or action.dest in ("path", "file", "set") or action.metavar == "FILE":
            action.complete = shtab.FILE
    return str(shtab.complete(parser, shell))


def _actions(parser: argparse.ArgumentParser) -> Iterator[Any]:
    """Yields the actions of a parser and of its commands."""
    for action in parser._actions:
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for one in dict.fromkeys(action.choices.values()):
                yield from _actions(one)
