"""What was read from which file of a folder, noted beside the library."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILES = "files.jsonl"
Stamp = tuple[int, int]


@dataclass(frozen=True, slots=True)
class FileNote:
    """What is known of a file: its time of change in nanoseconds and its size, and the article made of it."""

    stamp: Stamp
    article_id: str


class FileNotes:
    """What was read from which file, one JSON line each; the last line of a file counts. Damage is passed over."""

    def __init__(self, path: Path) -> None:
        """Reads what is there."""
        self._path = path
        self._of: dict[str, FileNote] = {}
        self._read: tuple[int, int] = (0, 0)  # which file, and how many bytes of it
        n_lines = self.catch_up()
        if n_lines > 2 * len(self._of) + 100:
            self._write_anew()

    def catch_up(self) -> int:
        """Takes what other processes have noted since, and returns how many lines that are."""
        try:
            with self._path.open("rb") as file:
                status = os.fstat(file.fileno())
                if status.st_ino != self._read[0] or status.st_size < self._read[1]:
                    self._read = (status.st_ino, 0)
                file.seek(self._read[1])
                new = file.read()
        except OSError:
            return 0
        # A line that is still being written waits for the next time.
        whole = new[: new.rfind(b"\n") + 1]
        self._read = (self._read[0], self._read[1] + len(whole))
        lines = whole.decode("utf-8", "replace").splitlines()
        for line in lines:
            self._take(line)
        return len(lines)

    def of(self, file: str) -> FileNote | None:
        """Returns what is known of a file."""
        return self._of.get(file)

    def all(self) -> list[tuple[str, FileNote]]:
        """Returns every file that something is known of, with what that is."""
        return list(self._of.items())

    def below(self, folder: str) -> list[str]:
        """Returns the files below a folder that something is known of."""
        return [file for file in self._of if file.startswith(folder + os.sep)]

    def files_of(self, article_id: str) -> list[str]:
        """Returns the files that an article was made of."""
        return [file for file, note in self._of.items() if note.article_id == article_id]

    def keep(self, file: str, stamp: Stamp, article_id: str) -> None:
        """Notes what was made of a file. A note that cannot be written costs reading the file again."""
        self._of[file] = FileNote(stamp, article_id)
        self._append({"file": file, "stamp": stamp, "id": article_id})

    def forget(self, file: str) -> None:
        """Notes that a file is gone."""
        if self._of.pop(file, None) is not None:
            self._append({"file": file})

    def _take(self, line: str) -> None:
        try:
            values = json.loads(line)
            file = str(values["file"])
            if "id" in values:
                changed, size = values["stamp"]
                self._of[file] = FileNote((int(changed), int(size)), str(values["id"]))
            else:
                self._of.pop(file, None)
        except (ValueError, KeyError, TypeError, ArithmeticError, RecursionError):
            return

    def _append(self, values: dict[str, Any]) -> None:
        try:
            with self._path.open("a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(json.dumps(values) + "\n")
        except OSError:
            return

    def _write_anew(self) -> None:
        aside = self._path.with_suffix(".tmp")
        rows = [{"file": file, "stamp": note.stamp, "id": note.article_id} for file, note in self._of.items()]
        try:
            aside.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
            aside.replace(self._path)
        except OSError:
            aside.unlink(missing_ok=True)
