"""A program that is asked to end by the system closes its library first."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from pathlib import Path

import damaged_library as damaged
import pytest

from assistant.library.sqlite_check import check_library
from assistant.library.sqlite_store import DATABASE, VECTORS
from assistant.server.termination import TERMINATED, end_in_order

_WORK = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from contextlib import closing
from assistant.server.termination import end_in_order
from damaged_library import open_store, put
end_in_order()
with closing(open_store(Path(sys.argv[1]))) as store:
    for number in range(10_000):
        put(store, f"Hall number {number} was built. Nobody came.", "", ())
        print(number, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM")
def test_a_library_is_closed_when_the_system_ends_the_program(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    process = subprocess.Popen(
        [sys.executable, "-c", _WORK, str(folder), str(Path(__file__).parents[1])], stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        for _ in range(5):
            process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        n_told = 5 + len(process.stdout.readlines())
    assert process.returncode == TERMINATED
    assert sorted(path.name for path in folder.iterdir()) == [DATABASE, f"{DATABASE}-count", VECTORS]
    told = damaged.read_all(folder)
    assert len(told["contents"]) in (n_told, n_told + 1)
    assert "all whole; index file there" in check_library(folder)


def test_another_thread_may_ask_for_it_in_vain() -> None:
    before = signal.getsignal(signal.SIGTERM)
    thread = threading.Thread(target=end_in_order)
    thread.start()
    thread.join()
    assert signal.getsignal(signal.SIGTERM) is before
