"""A library's PostgreSQL database: statements, transactions, and the replica that is asked in its place."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from typing import Any

from assistant.database_address import DatabaseAddress
from assistant.errors import StoreError
from assistant.library.postgres_connections import Connections
from assistant.library.postgres_errors import is_lost, psycopg_module, translated
from assistant.library.postgres_schema import CHATS, LOCKS, prepare, search_path

_LOG = logging.getLogger(__name__)
_REPLICA_REST_SECONDS = 10.0

# Source: pgvector's README, "Iterative Index Scans": without one, an index gives `ef_search` rows at most. In strict order it leaves out
# what it finds late and is nearer than what it gave; all is put in order by us.
_OF_SEARCH = {"hnsw.iterative_scan": "relaxed_order", "hnsw.ef_search": "200", "hnsw.max_scan_tuples": "20000"}


class Statements:
    """Runs statements on a connection; values stand as `?`.

    Attributes:
        connection: psycopg's own, for what SQL alone does not do.
    """

    def __init__(self, connection: Any) -> None:
        """Stores the connection."""
        self.connection = connection

    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> Any:
        """Runs one statement and returns its cursor."""
        return self.connection.execute(_translated(sql), [_storable(value) for value in parameters])

    def executemany(self, sql: str, parameters: Sequence[Sequence[Any]], /) -> None:
        """Runs one statement for each of some values."""
        rows = [[_storable(value) for value in row] for row in parameters]
        self.connection.cursor().executemany(_translated(sql), rows)


class PostgresDatabase:
    """Statements and transactions on a library's database; may be shared by threads.

    With a replica, reading goes there as long as it knows all that this process has seen: what it wrote itself, or read from
    the primary. How often the articles were changed, the generation, tells.

    Attributes:
        address: of the primary.
        read_only: whether it can only be read.
    """

    def __init__(
        self, address: DatabaseAddress, timeout_seconds: float = 10.0, replica: DatabaseAddress | None = None
    ) -> None:
        """Connects, and makes the tables where they are missing.

        Raises:
            StoreError: if the server cannot be reached or lets nobody in, pgvector is missing, or the library is newer.
        """
        self.address = address
        self.read_only = False
        self._path = ""
        self._timeout_seconds = timeout_seconds
        self._primary = Connections(address, timeout_seconds, self._ready)
        self._replica = None if replica is None else Connections(replica, 0.0, self._ready)
        self._asks_replica = False
        self._rests_until = 0.0
        self._seen = 0
        with (
            translated(address),
            psycopg_module().connect(
                address.url, autocommit=True, connect_timeout=max(2, round(timeout_seconds))
            ) as connection,
        ):
            self.read_only = prepare(connection, address)
            self._path = search_path(connection)

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._primary.closed

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        """Returns all rows of a query."""
        if self._replica is not None and self._asks_replica:
            with suppress(psycopg_module().Error):
                return self._rows(self._replica, sql, parameters)
            self._leave_replica()
        return self._primary.patiently(lambda: self._rows(self._primary, sql, parameters))

    def readable_rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        """Returns all rows of a query."""
        return self.rows(sql, parameters)

    def row(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        """Returns the first row of a query, None if there is none."""
        found = self.rows(sql, parameters)
        return found[0] if found else None

    def change(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """Runs one statement in a transaction of its own and returns how many rows it changed."""
        with self.transaction() as db:
            return int(db.execute(sql, parameters).rowcount)

    def sound(self, table: str) -> str:  # noqa: ARG002
        """Returns SQL that is true of the rows of a table that are as they were written: the server's pages have checksums."""
        return "true"

    def whole(self, table: str) -> str:
        """Returns what stands in a query for a table without the rows that are not as they were written."""
        return table

    def meta(self, key: str) -> str:
        """Returns what the library notes under a key, "" if nothing."""
        row = self.row("SELECT value FROM meta WHERE key = ?", (key,))
        return str(row[0]) if row else ""

    def generation(self) -> int:
        """Returns how often the articles of the library were changed, and chooses which server is asked next."""
        if self._replica is not None and time.monotonic() >= self._rests_until:
            try:
                told = int(self._rows(self._replica, "SELECT value FROM meta WHERE key = ?", ("generation",))[0][0])
            except (psycopg_module().Error, StoreError):
                self._leave_replica()
            else:
                # Behind what was seen already, it would tell what is no longer so.
                self._asks_replica = told >= self._seen
                if self._asks_replica:
                    self._seen = told
                    return told
        self._asks_replica = False
        self._seen = max(self._seen, int(self.meta("generation") or 0))
        return self._seen

    def damage(self, what: str) -> StoreError:
        """Returns the error that something in the library is not as it was written."""
        return StoreError(
            f"The library {self.address} is damaged: {what} is not as it was written. Restore the database from a backup."
        )

    @contextmanager
    def transaction(self, lock: int = CHATS) -> Iterator[Statements]:
        """Gives what runs statements inside one write transaction, one at a time of each kind: all of it is kept, or nothing."""
        with translated(self.address), self._primary.one() as first:
            connection = self._begun(first, lock)
            try:
                db = Statements(connection)
                yield db
                written = 0 if self._replica is None else _generation(db)
                self._commit(connection)
                self._seen = max(self._seen, written)
                self._asks_replica &= not written
            except BaseException:
                if not connection.closed:
                    with suppress(psycopg_module().Error):
                        connection.execute("ROLLBACK")
                raise
            finally:
                if connection is not first:
                    connection.close()

    @contextmanager
    def connection(self) -> Iterator[Any]:
        """Lends a connection to the primary, in autocommit."""
        with translated(self.address), self._primary.one() as connection:
            yield connection

    def close(self) -> None:
        """Lets go of the connections; closing twice does nothing."""
        self._primary.close()
        if self._replica is not None:
            self._replica.close()

    def _begun(self, connection: Any, lock: int) -> Any:
        """Returns a connection with a transaction begun; another than the one given, where that had died while it waited."""

        def begin() -> Any:
            begun = self._primary.open_one() if connection.closed else connection
            try:
                begun.execute("BEGIN")
                begun.execute("SELECT pg_advisory_xact_lock(%s, %s)", (LOCKS, lock))
            except BaseException:
                if begun.info.transaction_status != psycopg_module().pq.TransactionStatus.IDLE:
                    begun.close()
                raise
            return begun

        return self._primary.patiently(begin)

    def _commit(self, connection: Any) -> None:
        try:
            connection.execute("COMMIT")
        except psycopg_module().Error as error:
            if not is_lost(error):
                raise
            raise StoreError(
                f"The server of the library {self.address} went away while a change was being kept. See with `assistant list` "
                "whether it was."
            ) from None

    def _rows(self, connections: Connections, sql: str, parameters: Sequence[Any]) -> list[Any]:
        with connections.one() as connection:
            found: list[Any] = Statements(connection).execute(sql, parameters).fetchall()
            return found

    def _leave_replica(self) -> None:
        if self._asks_replica or not self._rests_until:
            _LOG.warning("A replica of the library %s cannot be asked: the primary is.", self.address)
        self._asks_replica = False
        self._rests_until = time.monotonic() + _REPLICA_REST_SECONDS
        if self._replica is not None:
            self._replica.forget_idle()

    def _ready(self, connection: Any) -> None:
        """Readies a new connection: where names are looked for, how long others are waited for, how vectors are searched."""
        # A value of this type loads pgvector, without which its settings are but names.
        values = {"search_path": self._path, "lock_timeout": f"{max(1, round(self._timeout_seconds * 1000))}ms"}
        connection.execute(f"SET search_path = {values.pop('search_path')}")
        connection.execute("SELECT '[1]'::vector")
        told = ", ".join(f"set_config('{name}', '{value}', false)" for name, value in (values | _OF_SEARCH).items())
        connection.execute(f"SELECT {told}")
        (scan,) = connection.execute("SELECT current_setting('hnsw.iterative_scan')").fetchone()
        if scan != _OF_SEARCH["hnsw.iterative_scan"]:
            raise StoreError(
                f"The server of the library {self.address} does not scan an index further: upgrade pgvector."
            )


def _generation(db: Statements) -> int:
    return int(db.execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()[0])


@lru_cache(maxsize=500)
def _translated(sql: str) -> str:
    """Returns SQL with psycopg's mark of a value in the place of `?`, which stands for nothing else in our statements."""
    return sql.replace("%", "%%").replace("?", "%s")


def _storable(value: Any) -> Any:
    """Returns a value as PostgreSQL can hold it: text without the character 0, and without halves of characters."""
    if isinstance(value, str):
        text = value.replace("\x00", "")
        return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
    return value
