"""What came of each argument of a command: a line at once, or one JSON list of all at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from assistant.commands.folder_commands import FAILED, as_json, tell_result
from assistant.commands.streams import print_json, say, tell
from assistant.errors import AssistantError

if TYPE_CHECKING:
    from assistant.folders import FileResult


class Results:
    """What came of each argument: a line at once, or one JSON list of all at the end."""

    def __init__(self, as_json: bool) -> None:
        """Starts with nothing; `as_json` says whether a program is told, or a person."""
        self._as_json = as_json
        self._all: list[dict[str, Any]] = []
        self._failed = False

    @contextmanager
    def of(self, name: str, given: str) -> Iterator[None]:
        """Notes an error of ours instead of raising it, under what was given; the next argument has its turn."""
        try:
            yield
        except AssistantError as error:
            self._failed = True
            self._all.append({name: given, "error": str(error)})
            tell(str(error))

    def done(self, values: dict[str, Any], line: str) -> None:
        """Notes that something was done."""
        self._all.append(values)
        if not self._as_json:
            say(line)

    def of_file(self, result: FileResult) -> None:
        """Notes what came of a file of a folder or an archive."""
        self._failed = self._failed or result.change == "failed"
        self._all.append(as_json(result))
        if result.change == "failed" or not self._as_json:
            tell_result(result)

    def status(self) -> int:
        """Prints the list, if it is asked for, and returns the exit status."""
        if self._as_json:
            print_json(self._all)
        return FAILED if self._failed else 0
