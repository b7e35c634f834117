"""What was read from which file of a folder, noted in the database: of each machine its own files."""

from __future__ import annotations

import platform
from contextlib import suppress
from typing import Any

from assistant.errors import StoreError
from assistant.library.database import Database
from assistant.library.file_notes import FileNote, FileNotes


class PostgresFileNotes(FileNotes):
    """File notes in the table `files`."""

    def __init__(self, database: Database, machine: str = "") -> None:
        """Reads what is there of this machine's files."""
        self._database = database
        self._machine = machine or platform.node()
        self._of: dict[str, FileNote] = {}
        self.catch_up()

    def catch_up(self) -> int:
        """Takes what other processes have noted since, and returns how many notes there are."""
        sql = "SELECT file, changed, size, article_id FROM files WHERE machine = ?"
        # In a transaction: a replica may be behind.
        with self._database.transaction() as db:
            rows = db.execute(sql, (self._machine,)).fetchall()
        self._of = {file: FileNote((changed, size), article_id) for file, changed, size, article_id in rows}
        return len(rows)

    def _append(self, values: dict[str, Any]) -> None:
        # A note that cannot be written costs reading the file again.
        with suppress(StoreError):
            if "id" not in values:
                self._database.change(
                    "DELETE FROM files WHERE machine = ? AND file = ?", (self._machine, values["file"])
                )
                return
            self._database.change(
                "INSERT INTO files (machine, file, changed, size, article_id) VALUES (?, ?, ?, ?, ?) ON CONFLICT (machine, file) "
                "DO UPDATE SET changed = excluded.changed, size = excluded.size, article_id = excluded.article_id",
                (self._machine, values["file"], *values["stamp"], values["id"]),
            )
