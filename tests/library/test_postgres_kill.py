"""A process, or the server, killed at any moment loses nothing that was reported, and leaves nothing half done."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest
from conftest import SOAKING
from postgres_server import Server, running_server
from test_postgres import EMBEDDER, open_shared
from test_soak_kill import article_text, killed

from assistant.collection import Collection
from assistant.database_address import DatabaseAddress
from assistant.errors import StoreError
from assistant.library.postgres_check import check_address
from assistant.library.postgres_store import PostgresStore
from assistant.settings import Settings

# As in test_soak_kill, on a database.
_CHANGE = """
import os, random, sys
from pathlib import Path
library, tests = sys.argv[1], Path(sys.argv[2])
sys.path[:0] = [str(tests / "library"), str(tests)]
from test_postgres import EMBEDDER, open_shared
from test_soak_kill import article_text
from assistant.collection import Collection
from assistant.database_address import DatabaseAddress
from assistant.settings import Settings
def change(seed):
    # A line at once: where Python keeps nothing in a buffer, print writes word by word, and a kill leaves half a line.
    numbers, tell = random.Random(seed), lambda *words: os.write(1, (" ".join(map(str, words)) + "\\n").encode())
    collection = Collection(Settings(library=library), open_shared(DatabaseAddress(library)), EMBEDDER)
    for i in range(1000):
        ids = [entry.id for entry in collection.contents()]
        kind = numbers.choice(("add", "replace", "replace", "remove")) if len(ids) > 3 else "add"
        if kind == "add":
            tell("add", seed, i)
            collection.add(article_text(seed, i), source=f"{seed}-{i}")
        else:
            place = numbers.randrange(len(ids))
            tell(kind, place, seed, i)
            if kind == "replace":
                collection.replace(ids[place], article_text(seed, i), f"{seed}-{i}")
            else:
                collection.remove(ids[place])
        tell("done")
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        change(int(line))
    os.write(1, f"child {child}\\n".encode())
    os.waitpid(child, 0)
    os.write(1, b"end\\n")
"""


def idle(address: DatabaseAddress, server: Server) -> None:
    """Waits until the server has noticed that a process is gone: what it was committing may be kept a moment later."""
    name = address.url.split("@/")[1].split("?")[0]
    sql = f"SELECT 1 FROM pg_stat_activity WHERE datname = '{name}' AND backend_type = 'client backend'"
    while server.execute(sql):
        time.sleep(0.01)


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("n_kills", [20, pytest.param(200, marks=pytest.mark.soak)])
def test_a_change_whose_process_was_killed_is_whole_or_not_at_all(
    postgres: DatabaseAddress, postgres_server: Server, n_kills: int
) -> None:
    if SOAKING and n_kills == 20:
        pytest.skip("the long form runs")
    numbers = random.Random()
    sources: list[str] = []
    in_flight = 0
    command = [sys.executable, "-c", _CHANGE, postgres.url, str(Path(__file__).parents[1])]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        for seed in range(n_kills):
            possible = killed(process, seed, sources, numbers)
            idle(postgres, postgres_server)
            if seed % 5 == 4 or seed == n_kills - 1:
                assert "all whole" in check_address(postgres)
            with closing(open_shared(postgres)) as store:
                sources = [entry.source for entry in store.contents()]
                assert sources in possible
                in_flight += len(possible) > 1
                for entry in store.contents()[-2:]:
                    assert store.article(entry.id).text == article_text(*map(int, entry.source.split("-")))
        assert process.stdin is not None
        process.stdin.close()
    assert sources
    assert in_flight


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("n_kills", [2, pytest.param(20, marks=pytest.mark.soak)])
def test_what_was_reported_outlives_the_server(n_kills: int) -> None:
    if SOAKING and n_kills == 2:
        pytest.skip("the long form runs")
    numbers = random.Random()
    with running_server() as server:
        address = DatabaseAddress(server.url(server.new_database()))
        with closing(open_shared(address, busy_timeout_seconds=60)) as store:
            collection = Collection(Settings(library=address), store, EMBEDDER)
            for seed in range(n_kills):
                killing = threading.Thread(target=_kill_and_start, args=(server, numbers.uniform(0.2, 1.0)))
                killing.start()
                _change_until(collection, killing, seed)
            assert "all whole" in check_address(address)
            assert store.contents()


def _kill_and_start(server: Server, delay_seconds: float) -> None:
    time.sleep(delay_seconds)
    server.kill()
    server.start()


def _change_until(collection: Collection, killing: threading.Thread, seed: int) -> None:
    """Changes articles until the server is back; what was reported is there after each failure, and what failed may be."""
    numbers = random.Random(seed)
    known = {entry.id for entry in collection.contents()}
    i = 0
    while killing.is_alive() or i < 5:
        i += 1
        before, after = set(known), set(known)
        with suppress(StoreError):
            if len(known) > 3:
                gone = numbers.choice(sorted(known))
                after.discard(gone)
                if numbers.random() < 0.5:
                    after.add(collection.replace(gone, article_text(seed, i)).id)
                else:
                    collection.remove(gone)
            else:
                after.add(collection.add(article_text(seed, i)).id)
            assert {entry.id for entry in collection.contents()} == after
            known = after
            continue
        known = {entry.id for entry in collection.contents()}
        assert before - known <= before - after
        assert len(known - before) <= 1


def test_a_replica_is_asked_and_never_behind_what_was_seen() -> None:
    with running_server() as server:
        server.execute("SELECT 1")
        name = server.new_database()
        address = DatabaseAddress(server.url(name))
        open_shared(address).close()
        with running_server(server) as follower:
            replica = DatabaseAddress(follower.url(name))
            with closing(open_shared(address, replica=replica)) as store:
                collection = Collection(Settings(library=address), store, EMBEDDER)
                for i in range(5):
                    # At once, though the follower may not have it yet.
                    assert collection.add(article_text(1, i)).text == article_text(1, i)
                _until_asked(store)
                assert store.database.rows("SELECT pg_is_in_recovery()") == [(True,)]
                follower.execute("SELECT pg_wal_replay_pause()")
                collection.add(article_text(1, 9))
                assert len(store.contents()) == 6
                assert store.database.rows("SELECT pg_is_in_recovery()") == [(False,)]
                follower.execute("SELECT pg_wal_replay_resume()")
                _until_asked(store)
                # Its own end is no one's.
                follower.stop("immediate")
                assert len(store.contents()) == 6
                assert store.database.rows("SELECT pg_is_in_recovery()") == [(False,)]


def _until_asked(store: PostgresStore) -> None:
    until = time.monotonic() + 30
    while not store.database.rows("SELECT pg_is_in_recovery()")[0][0]:
        assert time.monotonic() < until
        store.contents()
        time.sleep(0.05)


@pytest.mark.soak
@pytest.mark.timeout(600)
def test_a_replica_that_is_promoted_has_all_that_was_reported() -> None:
    with running_server() as server:
        name = server.new_database()
        server.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
        with running_server(server) as follower:
            server.execute("SELECT pg_reload_conf()")
            address = DatabaseAddress(server.url(name))
            with closing(open_shared(address, busy_timeout_seconds=0.5)) as store:
                collection = Collection(Settings(library=address), store, EMBEDDER)
                ids = [collection.add(article_text(2, i)).id for i in range(40)]
                collection.remove(ids.pop(3))
                server.kill()
            follower.promote()
            follower.execute("ALTER SYSTEM RESET synchronous_standby_names")
            follower.execute("SELECT pg_reload_conf()")
            promoted = DatabaseAddress(follower.url(name))
            assert "all whole" in check_address(promoted)
            with closing(open_shared(promoted)) as store:
                assert [entry.id for entry in store.contents()] == ids
                assert not store.read_only
                store.rename(ids[0], "Written here")
