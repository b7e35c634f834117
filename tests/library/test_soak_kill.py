"""A process killed at any moment while it changes articles leaves a library that opens, is whole and answers."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from conftest import SOAKING
from damaged_library import open_store

from assistant.assistant import Assistant
from assistant.library.sqlite_check import check_library
from assistant.settings import Settings

WORDS = "base army treaty river border minister speech harvest engine market signal winter bridge island paper music".split()

# Adds articles of many sizes without end, and removes some; tells when the library is open and after each change.
_ADD = """
import itertools, random, sys
from pathlib import Path
sys.path[:0] = [sys.argv[3], str(Path(sys.argv[3]).parent)]
from test_soak_kill import article_text
from assistant.assistant import Assistant
from assistant.settings import Settings
seed = int(sys.argv[2])
numbers = random.Random(seed)
with Assistant.open(Settings(library=Path(sys.argv[1]), n_threads=1)) as a:
    print("open", flush=True)
    for i in itertools.count():
        added = a.add(article_text(seed, i))
        print(added.id, flush=True)
        if numbers.random() < 0.3:
            a.remove(added.id)
            print("-" + added.id, flush=True)
        if numbers.random() < 0.3:
            a.store.flush()
"""


def article_text(seed: int, number: int) -> str:
    """Returns an article of 1 to 60 sentences that no other number has."""
    numbers = random.Random(1000 * seed + number)
    n = numbers.choice((1, 3, 10, 60))
    lines = [f"Item {seed}-{number}-{i}: the {' '.join(numbers.choices(WORDS, k=8))} stood still." for i in range(n)]
    return "\n".join(lines)


def kill_once(library: Path, seed: int, n_changes: int, delay_seconds: float) -> tuple[set[str], set[str]]:
    """Kills a process that adds articles, some time after so many changes; returns the ids added, and removed."""
    process = subprocess.Popen(
        [sys.executable, "-c", _ADD, str(library), str(seed), str(Path(__file__).parent)],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with process:
        assert process.stdout is not None
        told = [process.stdout.readline() for _ in range(1 + n_changes)]
        assert told[0] == "open\n"
        time.sleep(delay_seconds)
        process.send_signal(signal.SIGKILL)
        ids = [line.strip() for line in (*told[1:], *process.stdout) if line.endswith("\n")]
    assert process.returncode == -signal.SIGKILL
    return {i for i in ids if not i.startswith("-")}, {i[1:] for i in ids if i.startswith("-")}


@pytest.mark.usefixtures("with_sample")
@pytest.mark.timeout(3600)
@pytest.mark.usefixtures("with_sample")
@pytest.mark.parametrize("n_kills", [3, pytest.param(50, marks=pytest.mark.soak)])
def test_a_killed_process_leaves_a_library_that_opens_is_whole_and_answers(library: Path, n_kills: int) -> None:
    if SOAKING and n_kills == 3:
        pytest.skip("the long form runs")
    numbers = random.Random()
    kept: set[str] = set()
    gone: set[str] = set()
    for seed in range(n_kills):
        added, removed = kill_once(library, seed, seed % 6, numbers.uniform(0, 0.5))
        kept |= added
        gone |= removed
        assert "all whole" in check_library(library)
        with Assistant.open(Settings(library=library)) as opened:
            listed = {entry.id for entry in opened.contents()}
            # What was reported is there; what was not may be there whole, or not at all.
            assert kept - gone - listed <= _in_flight(listed, kept, gone)
            assert not gone & listed
            answer = opened.ask("What did Mirzoyan say?")
            assert "has no intention of raising the issue" in answer.text
            for entry in opened.contents()[-3:]:
                article = opened.article(entry.id)
                last = article.sentences[-1].text
                # Not always the first: its sentences are all alike, and none is a question.
                assert last in [found.sentence.text for found in opened.retrieve(last, 3, entry.id)]
        kept &= listed
        leftover = [path.name for path in library.iterdir() if path.suffix == ".tmp"]
        assert len(leftover) <= seed + 1
    assert kept - gone


def _in_flight(listed: set[str], kept: set[str], gone: set[str]) -> set[str]:
    """The one article whose removal was done but not reported any more."""
    missing = kept - gone - listed
    return missing if len(missing) <= 1 else set()


# Forks a process for each line that it reads, a seed, and tells its number: nothing has to be imported again. It tells each
# change before it begins and when it is done.
_CHANGE = """
import os, random, sys
from pathlib import Path
library, tests = Path(sys.argv[1]), Path(sys.argv[2])
sys.path[:0] = [str(tests / "library"), str(tests)]
import faiss
from damaged_library import EMBEDDER, open_store
from test_soak_kill import article_text
from assistant.collection import Collection
from assistant.settings import Settings
def change(seed):
    # A line at once: where Python keeps nothing in a buffer, print writes word by word, and a kill leaves half a line.
    numbers, tell = random.Random(seed), lambda *words: os.write(1, (" ".join(map(str, words)) + "\\n").encode())
    collection = Collection(Settings(library=library), open_store(library), EMBEDDER)
    for i in range(1000):
        ids = [entry.id for entry in collection.contents()]
        kind = numbers.choice(("add", "replace", "replace", "remove", "purge")) if len(ids) > 3 else "add"
        if kind == "add":
            tell("add", seed, i)
            collection.add(article_text(seed, i), source=f"{seed}-{i}")
        else:
            place = numbers.randrange(len(ids))
            tell(kind, place, seed, i)
            if kind == "replace":
                collection.replace(ids[place], article_text(seed, i), f"{seed}-{i}")
            else:
                collection.remove(ids[place], for_good=kind == "purge")
        if numbers.random() < 0.3:
            collection.store.flush()
        tell("done")
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        change(int(line))
    os.write(1, f"child {child}\\n".encode())
    os.waitpid(child, 0)
    os.write(1, b"end\\n")
"""


def after(sources: list[str], change: list[str]) -> list[str]:
    """Returns the sources of the articles, in order, after a change that was told."""
    kind, *rest = change
    if kind == "add":
        return [*sources, "-".join(rest)]
    place = int(rest[0])
    return [*sources[:place], *(["-".join(rest[1:])] if kind == "replace" else []), *sources[place + 1 :]]


def killed(process: subprocess.Popen[str], seed: int, sources: list[str], numbers: random.Random) -> list[list[str]]:
    """Kills a process that changes a library; returns which articles may be there then, in order."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{seed}\n")
    process.stdin.flush()
    told: list[str] = []
    child, wanted = 0, numbers.randrange(2, 16)
    while not child or len(told) < wanted:
        line = process.stdout.readline().split()
        assert line not in ([], ["end"]), "it ended by itself"
        if line[0] == "child":
            child = int(line[1])
        else:
            told.append(" ".join(line))
    time.sleep(numbers.uniform(0, 0.03))
    os.kill(child, signal.SIGKILL)
    for line_ in iter(process.stdout.readline, "end\n"):
        told.append(line_.strip())
    possible = [sources]
    for line_ in told:
        possible = possible[-1:] if line_ == "done" else [possible[-1], after(possible[-1], line_.split())]
    return possible


@pytest.mark.timeout(3600)
@pytest.mark.skipif(not hasattr(os, "fork"), reason="only where a process can be forked")
@pytest.mark.parametrize("n_kills", [20, pytest.param(200, marks=pytest.mark.soak)])
def test_a_change_that_was_killed_is_whole_or_not_at_all(library: Path, n_kills: int) -> None:
    if SOAKING and n_kills == 20:
        pytest.skip("the long form runs")
    numbers = random.Random()
    sources: list[str] = []
    in_flight = 0
    command = [sys.executable, "-c", _CHANGE, str(library), str(Path(__file__).parents[1])]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        for seed in range(n_kills):
            possible = killed(process, seed, sources, numbers)
            assert "all whole" in check_library(library)
            with closing(open_store(library)) as store:
                sources = [entry.source for entry in store.contents()]
                assert sources in possible
                in_flight += len(possible) > 1
                for entry in store.contents()[-2:]:
                    seed_, number = map(int, entry.source.split("-"))
                    assert store.article(entry.id).text == article_text(seed_, number)
        assert process.stdin is not None
        process.stdin.close()
    assert sources
    assert in_flight
