"""What a library needs of the database that it stands in: SQLite's file, or PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from assistant.errors import StoreError


class Cursor(Protocol):
    """What a statement gave."""

    @property
    def rowcount(self) -> int:
        """How many rows it changed."""
        ...

    def fetchone(self) -> Any:
        """Returns the next row, None if there is none."""
        ...

    def fetchall(self) -> list[Any]:
        """Returns the rows that are left."""
        ...


class Transaction(Protocol):
    """Runs statements that are kept together or not at all."""

    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> Cursor:
        """Runs one statement, whose values stand as `?`."""
        ...

    def executemany(self, sql: str, parameters: Sequence[Sequence[Any]], /) -> Any:
        """Runs one statement for each of some values."""
        ...


class Database(Protocol):
    """Runs SQL that SQLite and PostgreSQL both understand; values stand as `?`. May be shared by threads."""

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        ...

    @property
    def read_only(self) -> bool:
        """Whether it can only be read."""
        ...

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        """Returns all rows of a query."""
        ...

    def readable_rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        """Returns the rows of a query as far as they can be read."""
        ...

    def row(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        """Returns the first row of a query, None if there is none."""
        ...

    def change(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """Runs one statement in a transaction of its own and returns how many rows it changed."""
        ...

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Gives what runs statements inside one write transaction: all of it is kept, or nothing."""
        ...

    def whole(self, table: str) -> str:
        """Returns what stands in a query for a table without the rows that are not as they were written."""
        ...

    def close(self) -> None:
        """Lets go of it; closing twice does nothing."""
        ...


class ArticleDatabase(Database, Protocol):
    """A database that holds articles, and tells whether they are as they were written."""

    def sound(self, table: str) -> str:
        """Returns SQL that is true of the rows of a table that are as they were written."""
        ...

    def generation(self) -> int:
        """Returns how often the articles were changed."""
        ...

    def damage(self, what: str) -> StoreError:
        """Returns the error that something in the library is not as it was written."""
        ...
