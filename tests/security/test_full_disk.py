"""A full disk: what is told is true, nothing that was stored is lost, and what only reads goes on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

NO_LIMIT = -1
STORED = "Bees make honey. Wasps do not. The hall opened in 1832."

# Run where the disk is full: adds an article, then reads in every way, and prints the status of each.
_USE = """
import os, resource, sys
library, limit, text = sys.argv[1], int(sys.argv[2]), sys.argv[3]
from assistant.cli import main
import faiss, onnxruntime, rich.progress
if limit >= 0:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
for command in (["add", "--text", text], ["list", "--json"], ["ask", "What do bees make?"], ["retrieve", "What do bees make?"]):
    print(f"=== {command[0]}", flush=True)
    print(f"=== {command[0]}", file=sys.stderr, flush=True)
    status = main([*command, "--library", library])
    print(f"=== status {status}", flush=True)
"""


def article_text(n_sentences: int) -> str:
    return " ".join(f"Room {i} of the hall holds {i * 7} old books about rivers." for i in range(n_sentences))


def make_library(folder: Path) -> None:
    from assistant.cli import main

    assert main(["add", "--library", str(folder), "--text", STORED]) == 0


def use(folder: Path, limit: int, text: str) -> dict[str, tuple[int, str, str]]:
    """Returns (status, standard output, standard error) of each command on a disk with no more room."""
    run = subprocess.run(
        [sys.executable, "-c", _USE, str(folder), str(limit), text], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    outputs, errors = (text.split("=== ")[1:] for text in (run.stdout, run.stderr))
    told = {}
    for output, status, error in zip(outputs[::2], outputs[1::2], errors, strict=True):
        name, _, printed = output.partition("\n")
        told[name] = (int(status.removeprefix("status ")), printed, error.partition("\n")[2])
    return told


def check_truth(told: dict[str, tuple[int, str, str]]) -> bool:
    """Asserts that what was told is true, and returns whether the article was stored."""
    status, output, errors = told["add"]
    listed = {entry["id"] for entry in json.loads(told["list"][1])}
    assert "Traceback" not in errors
    if status == 0:
        assert output.split()[0] in listed
    else:
        assert status == 2
        assert output == ""
        assert len(listed) == 1, "an article that was said not to be stored is there"
        assert "Nothing was changed" in errors
        assert "lost" not in errors
    assert [told[name][0] for name in ("list", "ask", "retrieve")] == [0, 0, 0], told
    assert "Bees make honey." in told["ask"][1]
    assert "Bees make honey." in told["retrieve"][1]
    assert all("Traceback" not in error for _, _, error in told.values())
    return status == 0


def sizes(n: int, few: int) -> list[object]:
    """Returns n cases, of which the first few are no soak."""
    chosen = [round((i + 0.5) * n / few) for i in range(few)] if few else []
    return [pytest.param(i, marks=[] if i in chosen else pytest.mark.soak) for i in range(n)]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("case", sizes(20, 1))
def test_files_that_may_not_grow(tmp_path: Path, case: int) -> None:
    """A limit on the size of files is a full disk that everybody can have: from no writing at all to just enough."""
    folder = tmp_path / "full"
    make_library(folder)
    size = (folder / "library.sqlite3").stat().st_size
    around = [0, 1, 63, 64, 4096, 20_000, 32_767, 32_768, 40_000, size - 1, size, size + 4096]
    limit = around[case] if case < len(around) else size + 4096 * 2 ** (case - 11)
    stored = check_truth(use(folder, limit, article_text(5 if case % 2 else 60)))
    after = use(folder, NO_LIMIT, article_text(70))
    assert after["add"][0] == 0
    assert len(json.loads(after["list"][1])) == 2 + stored


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip("only root can mount a small disk; the tests with a limit on the size of files run for everybody")
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.decode()[:100]}")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def fill(disk: Path, n_free: int) -> None:
    """Fills a disk up to so many bytes."""
    status = os.statvfs(disk)
    (disk / "fill").write_bytes(bytes(max(0, status.f_bavail * status.f_frsize - n_free)))


@pytest.mark.timeout(600)
@pytest.mark.parametrize("case", sizes(20, 0))
def test_a_disk_with_little_room(small_disk: Path, case: int) -> None:
    folder = small_disk / "library"
    make_library(folder)
    fill(small_disk, 16_384 * case)
    stored = check_truth(use(folder, NO_LIMIT, article_text(5 if case % 2 else 60)))
    (small_disk / "fill").unlink()
    after = use(folder, NO_LIMIT, article_text(70))
    assert after["add"][0] == 0
    assert len(json.loads(after["list"][1])) == 2 + stored


# -- the page ---------------------------------------------------------------------------------------------------------

_SERVE = """
import resource, sys, threading, urllib.request
library, limit = sys.argv[1], int(sys.argv[2])
from assistant.settings import Settings
import assistant.server.application  # what is imported later finds no room for temporary files
from assistant.server.running import run
if limit >= 0:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
run(Settings(library=library), "127.0.0.1")
"""


def serve_and_ask(folder: Path, limit: int) -> tuple[str, str]:
    """Starts the server on a library, asks it a question, ends it; returns the answer and what it told on standard error."""
    from gradio_client import Client

    process = subprocess.Popen(
        [sys.executable, "-c", _SERVE, str(folder), str(limit)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "GRADIO_ANALYTICS_ENABLED": "False"},
    )  # fmt: skip
    with process:
        assert process.stdout is not None
        line = process.stdout.readline()
        try:
            address = next(word for word in line.split() if word.startswith("http"))
            client = Client(address, verbose=False, download_files=False)
            answer = client.predict("What do bees make?", api_name="/ask")
            client.close()
        finally:
            process.terminate()
        _, errors = process.communicate(timeout=60)
    return str(answer["text"]), errors


@pytest.mark.soak
@pytest.mark.parametrize("kind", ["files may not grow", "small disk"])
def test_the_page_is_served_from_a_full_disk(tmp_path: Path, kind: str, request: pytest.FixtureRequest) -> None:
    disk = request.getfixturevalue("small_disk") if kind == "small disk" else tmp_path
    make_library(disk / "library")
    if kind == "small disk":
        fill(disk, 0)
    answer, errors = serve_and_ask(disk / "library", 0 if kind != "small disk" else NO_LIMIT)
    assert answer == "Bees make honey."
    assert "conversations are not kept" in errors
    assert "Traceback" not in errors
