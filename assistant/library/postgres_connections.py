"""Connections to a PostgreSQL server that threads take in turn, and that outlive the server's restart."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from assistant.database_address import DatabaseAddress
from assistant.errors import StoreError
from assistant.library.postgres_errors import is_lost, psycopg_module, translated

MAX_CONNECTIONS = 20
_MAX_IDLE = 8
_PAUSE_SECONDS = 0.05

T = TypeVar("T")


class Connections:
    """Connections in autocommit, made when they are needed and kept for the next one who needs one.

    A connection that broke is thrown away, and all that wait idle with it: after a restart of the server none of them works.
    """

    def __init__(self, address: DatabaseAddress, timeout_seconds: float, prepare: Callable[[Any], None]) -> None:
        """Stores where to connect to, how long to wait for the server or for a connection, and what readies a new one."""
        self.address = address
        self.timeout_seconds = timeout_seconds
        self._prepare = prepare
        self._idle: list[Any] = []
        self._lock = threading.Lock()
        self._free = threading.BoundedSemaphore(MAX_CONNECTIONS)
        self.closed = False

    def open_one(self) -> Any:
        """Returns a new connection that is the caller's own. Raises psycopg's errors."""
        connection = psycopg_module().connect(
            self.address.url, autocommit=True, connect_timeout=max(2, round(self.timeout_seconds)),
            fallback_application_name="article-assistant",
        )  # fmt: skip
        try:
            self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    @contextmanager
    def one(self) -> Iterator[Any]:
        """Lends a connection.

        Raises:
            StoreError: if the library was closed, or all connections are in use for too long.
        """
        if self.closed:
            raise StoreError(f"The library {self.address} was closed. Open it again with Assistant.open().")
        if not self._free.acquire(timeout=max(1.0, self.timeout_seconds)):
            raise StoreError(f"All {MAX_CONNECTIONS} connections to the library {self.address} are in use. Try again.")
        try:
            connection = self._taken()
            try:
                yield connection
            finally:
                self._give_back(connection)
        finally:
            self._free.release()

    def patiently(self, do: Callable[[], T]) -> T:
        """Returns what `do` returns, done anew while the server is away, for as long as one waits for it.

        `do` must be such that it may be done twice. Raises StoreError in the end.
        """
        until = time.monotonic() + self.timeout_seconds
        with translated(self.address):
            while True:
                try:
                    return do()
                except psycopg_module().Error as error:
                    if not is_lost(error) or time.monotonic() > until:
                        raise
                    self.forget_idle()
                    time.sleep(_PAUSE_SECONDS)

    def forget_idle(self) -> None:
        """Closes the connections that nobody uses now."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def close(self) -> None:
        """Closes what is idle now, and what is in use once it is given back; closing twice does nothing."""
        self.closed = True
        self.forget_idle()

    def _taken(self) -> Any:
        with self._lock:
            while self._idle:
                connection = self._idle.pop()
                if not connection.closed:
                    return connection
        return self.open_one()

    def _give_back(self, connection: Any) -> None:
        is_idle = connection.info.transaction_status == psycopg_module().pq.TransactionStatus.IDLE
        with self._lock:
            if is_idle and not connection.closed and not self.closed and len(self._idle) < _MAX_IDLE:
                self._idle.append(connection)
                return
        connection.close()
