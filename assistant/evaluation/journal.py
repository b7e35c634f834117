"""Rows kept on disk while an evaluation runs, so that it can be stopped and go on."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from assistant.errors import QuestionSetError
from assistant.evaluation.question_text import parse_json


class Journal:
    """`unfinished.jsonl` in a report folder: a line that says what is evaluated, then one line a finished question.

    Args:
        folder: the report folder; made if it is not there. None keeps nothing.
        fingerprint: of question set and system; lines of another one are dropped.
    """

    def __init__(self, folder: Path | None, fingerprint: str) -> None:
        self.path = folder / "unfinished.jsonl" if folder else None
        self.done: dict[str, dict[str, Any]] = {}
        if self.path is None:
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            lines = self.path.read_text(encoding="utf-8", errors="replace").split("\n") if self.path.exists() else []
            self.done = _rows_of(lines, fingerprint)
            # Written anew: a line that was cut short by a crash must not swallow the next one.
            kept = [{"fingerprint": fingerprint}, *self.done.values()]
            self.path.write_text("".join(_line(row) for row in kept), encoding="utf-8")
            self._file = self.path.open("a", encoding="utf-8")
        except OSError as error:
            raise QuestionSetError(
                f"The report folder {folder} cannot be written ({error}); choose another with --report"
            ) from error

    def keep(self, rows: Iterable[dict[str, Any]]) -> None:
        """Writes finished rows, each with its `id`."""
        if self.path is not None:
            self._file.writelines(_line(row) for row in rows)
            self._file.flush()

    def finish(self) -> None:
        """Removes the file once the results are written."""
        if self.path is not None:
            self._file.close()
            self.path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        """Returns the journal, open for more rows."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Closes the file; what is in it stays."""
        if self.path is not None:
            self._file.close()


def _line(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False) + "\n"


def _rows_of(lines: list[str], fingerprint: str) -> dict[str, dict[str, Any]]:
    """Returns the whole rows of the same evaluation by id, none if it was another."""
    rows = {}
    for number, line in enumerate(lines):
        try:
            row = parse_json(line)
        except ValueError:
            break
        if not isinstance(row, dict) or (number and not isinstance(row.get("id"), str)):
            break
        if number == 0:
            if row.get("fingerprint") != fingerprint:
                return {}
        else:
            rows[row["id"]] = row
    return rows
