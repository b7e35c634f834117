"""One library, several users: read-only ones, processes and threads that come and go."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_folders import BASE, EMBEDDER, MANY, library_of_two, nearest, open_folder, put

from assistant.library.sqlite_check import check_library
from assistant.library.sqlite_store import SqliteStore


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return library_of_two(tmp_path)


_AS_NOBODY = """
import os, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
import faiss
from sqlite_folders import BASE, MANY, nearest, open_folder, put
from assistant.errors import StoreError
os.setgid(65534); os.setuid(65534)
store = open_folder(Path(sys.argv[1]))
print(store.read_only, len(store.contents()), nearest(store, "yellow bananas"))
for refused in (lambda: put(store, MANY[0]), lambda: store.remove(BASE.id)):
    try:
        refused()
        print("changed")
    except StoreError as error:
        print(error)
store.close()
"""


@pytest.fixture
def for_nobody(folder: Path) -> Iterator[Path]:
    """The library in a folder that an unprivileged user may reach and read, but not write."""
    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip("only root can act as another user")
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        copied = Path(shutil.copytree(folder, Path(name) / "library"))
        copied.chmod(0o555)
        yield copied


def _as_nobody(folder: Path) -> list[str]:
    run = subprocess.run(
        [sys.executable, "-c", _AS_NOBODY, str(folder), str(Path(__file__).parents[1])],
        capture_output=True, text=True, check=False, cwd="/",
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()


def test_a_read_only_library_answers_and_refuses_changes(for_nobody: Path) -> None:
    for path in for_nobody.iterdir():
        path.chmod(0o444)
    found, *refusals = _as_nobody(for_nobody)
    assert found == "True 2 Bananas are yellow."
    assert len(refusals) == 2
    assert all("is read-only: questions work, changes do not" in line for line in refusals)


def test_a_read_only_library_shows_what_its_writer_has_committed(for_nobody: Path) -> None:
    """The writer is still open, so that its last changes are in the write-ahead log alone."""
    with closing(open_folder(for_nobody)) as writer:
        put(writer, MANY[3])
        for path in for_nobody.iterdir():
            path.chmod(0o444)
        found, *_ = _as_nobody(for_nobody)
    assert found == "True 3 Bananas are yellow."


_WATCHING = """
import os, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
import faiss
from sqlite_folders import nearest, open_folder
os.setgid(65534); os.setuid(65534)
store = open_folder(Path(sys.argv[1]))
for _ in sys.stdin:
    print(len(store.contents()), nearest(store, "topic3"), flush=True)
"""


def test_a_read_only_library_follows_a_writer_that_comes_and_goes(for_nobody: Path) -> None:
    watcher = subprocess.Popen(
        [sys.executable, "-c", _WATCHING, str(for_nobody), str(Path(__file__).parents[1])],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd="/",
    )  # fmt: skip
    assert watcher.stdin is not None
    assert watcher.stdout is not None

    def seen() -> str:
        watcher.stdin.write("look\n")  # type: ignore[union-attr]
        watcher.stdin.flush()  # type: ignore[union-attr]
        return watcher.stdout.readline()  # type: ignore[union-attr]

    with watcher:
        assert seen().startswith("2 ")
        with closing(open_folder(for_nobody)) as writer:
            put(writer, MANY[3])
            assert seen() == f"3 {MANY[3].sentences[0].text}\n"
            writer.remove(BASE.id)
        assert seen() == f"2 {MANY[3].sentences[0].text}\n"
        watcher.stdin.close()
        assert watcher.wait(30) == 0


# -- several processes ------------------------------------------------------------------------------------------------


def _write_some(folder: Path, part: int, n_parts: int) -> None:
    store = SqliteStore(folder, EMBEDDER.fingerprint, EMBEDDER.dimension, busy_timeout_seconds=30)
    for article in MANY[part::n_parts]:
        put(store, article)
        nearest(store, article.sentences[0].text)
    store.close()


def test_processes_that_open_a_new_library_at_once_share_it(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_write_some, args=(folder, part, 4)) for part in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0] * 4
    assert "40 articles, 80 sentences" in check_library(folder)
    with closing(open_folder(folder)) as store:
        for article in MANY:
            assert nearest(store, article.sentences[0].text) == article.sentences[0].text


def test_threads_that_open_a_new_library_at_once_share_it(tmp_path: Path) -> None:
    for attempt in range(20):
        folder = tmp_path / f"new-{attempt}"
        barrier = threading.Barrier(6)
        failures: list[Exception] = []

        def open_one(folder: Path = folder, barrier: threading.Barrier = barrier, failed: list = failures) -> None:  # type: ignore[type-arg]
            barrier.wait()
            try:
                SqliteStore(folder, EMBEDDER.fingerprint, EMBEDDER.dimension, 10).close()
            except Exception as error:  # noqa: BLE001 - a thread's failure is the test's
                failed.append(error)

        threads = [threading.Thread(target=open_one) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []


def test_threads_that_have_ended_leave_no_connection_open(folder: Path) -> None:
    with closing(open_folder(folder)) as store:
        for _ in range(50):
            thread = threading.Thread(target=store.contents)
            thread.start()
            thread.join()
        assert len(store._file._connections) <= 2
