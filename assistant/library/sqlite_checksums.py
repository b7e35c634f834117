"""A checksum on every row: what a disk or another program changed is noticed before it is believed.

SQLite checks the shape of its pages, not what stands in them. Each table therefore has a column `checksum` over the rest of
the row. Connections that write have temporary triggers that keep it: no statement needs to name it, and a change made by
any other way shows. CRC-32 finds every error of up to 32 bits in a row, and all but one in four thousand million others.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

CHECKSUM = "checksum"

# An article's text has its hash for an id.
_CHECKED_OTHERWISE = {("articles", "text")}

# Columns that hold JSON, and the type of it: a row of an older format is believed if it could have been written.
_JSON = {
    ("chats", "articles"): "array",
    ("chat_turns", "answer"): "object",
    ("chat_suggestions", "questions"): "object",
    ("chat_kept_questions", "row"): "object",
}


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose rows have checksums.

    Attributes:
        name: of the table.
        keys: columns of its primary key.
        columns: (name, declared type, whether NULL is not allowed) of what the checksum is over.
    """

    name: str
    keys: tuple[str, ...]
    columns: tuple[tuple[str, str, bool], ...]

    @property
    def has_checksum(self) -> str:
        """SQL that is true of a row that is as it was written."""
        return self.had_checksum()

    def had_checksum(self, row: str = "") -> str:
        """Returns the same SQL of a row that is named, as `OLD.` is in a trigger."""
        return f"{row}{CHECKSUM} IS {self._computed(row)}"

    def _computed(self, row: str = "") -> str:
        types = " || ',' || ".join(f"typeof({row}{name})" for name, *_ in self.columns)
        # As bytes: text that is no UTF-8 any more could not be handed to a function.
        values = ", ".join(f"CAST({row}{name} AS BLOB)" for name, *_ in self.columns)
        return f"row_checksum({types}, {values})"

    def update(self, condition: str) -> str:
        """Returns the statement that writes the checksums of the rows that a condition chooses."""
        return f"UPDATE main.{self.name} SET {CHECKSUM} = {self._computed()} WHERE {condition}"

    def possible(self) -> str:
        """SQL that is true of a row that could have been written: its types, its encoding, its JSON."""
        conditions = []
        for name, declared, not_null in self.columns:
            conditions.append(
                f"(typeof({name}) = '{declared.lower()}' OR {int(not not_null)} AND {name} IS NULL)"
                + (f" AND is_text(CAST({name} AS BLOB))" if declared == "TEXT" else "")
            )
            if (self.name, name) in _JSON:
                conditions.append(
                    f"CASE WHEN json_valid({name}) THEN json_type({name}) = '{_JSON[self.name, name]}' END"
                )
        return " AND ".join(conditions)


def row_checksum(types: str, *values: bytes | None) -> int:
    """Returns the CRC-32 of a row, given the types of its columns and their values as bytes."""
    return zlib.crc32(b"\x1f".join([types.encode(), *(value or b"" for value in values)]))


def add_functions(connection: sqlite3.Connection) -> None:
    """Lets the connection compute checksums."""
    connection.create_function("row_checksum", -1, row_checksum, deterministic=True)
    connection.create_function("is_text", 1, _is_text, deterministic=True)


def table_of(connection: sqlite3.Connection, name: str) -> Table:
    """Returns the table of that name as it stands in the file, whether it has checksums yet or not."""
    rows = connection.execute(f"PRAGMA main.table_info({name})").fetchall()
    left_out = (*_CHECKED_OTHERWISE, (name, CHECKSUM))
    columns = tuple((row[1], row[2], bool(row[3] or row[5])) for row in rows if (name, row[1]) not in left_out)
    return Table(name, tuple(row[1] for row in rows if row[5]), columns)


def columns_of(connection: sqlite3.Connection, name: str) -> frozenset[tuple[str, str, int, int]]:
    """Returns (name, declared type, whether NULL is not allowed, place in the key) of a table's columns."""
    rows = connection.execute(f"PRAGMA main.table_info({name})")
    return frozenset((row[1], row[2], row[3], row[5]) for row in rows)


def chat_tables(connection: sqlite3.Connection) -> list[str]:
    """Returns the tables of conversations in a file, but for the one with their format, which format 2 still had; and of tokens."""
    rows = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'chat_schema' ORDER BY name"
    )
    return [name for (name,) in rows if name in ("chats", "tokens") or name.startswith("chat_")]


def add_checksums(connection: sqlite3.Connection, names: Sequence[str]) -> None:
    """Gives tables that lack it the column, and its value to the rows that could have been written as they are."""
    for name in names:
        if CHECKSUM not in {column for column, *_ in columns_of(connection, name)}:
            connection.execute(f"ALTER TABLE {name} ADD COLUMN {CHECKSUM} INTEGER")
            table = table_of(connection, name)
            connection.execute(table.update(table.possible()))


def keep_checksums(connection: sqlite3.Connection, names: Sequence[str]) -> None:
    """Lets every row that this connection writes from now on have its checksum."""
    for name in names:
        table = table_of(connection, name)
        same_row = " AND ".join(f"{key} IS NEW.{key}" for key in table.keys)
        columns = ", ".join(column for column, *_ in table.columns)
        seal = f"BEGIN {table.update(same_row).replace('main.', '')}; END"
        connection.execute(f"CREATE TEMP TRIGGER IF NOT EXISTS {name}_added AFTER INSERT ON main.{name} {seal}")
        # A damaged row stays one, whatever else is changed in it.
        connection.execute(
            f"CREATE TEMP TRIGGER IF NOT EXISTS {name}_changed AFTER UPDATE OF {columns} ON main.{name} "
            f"WHEN {table.had_checksum('OLD.')} {seal}"
        )


def damaged_rows(connection: sqlite3.Connection, name: str) -> int:
    """Returns how many rows of a table are not as they were written."""
    table = table_of(connection, name)
    (n,) = connection.execute(f"SELECT count(*) FROM main.{name} WHERE NOT ({table.has_checksum})").fetchone()
    return int(n)


def _is_text(value: bytes | None) -> bool:
    try:
        (value or b"").decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
