"""What each peer's process speaks: a plan in JSON on its standard input, and a line of JSON for each event on its output.

Runs in environments that have neither the package nor its libraries, so it needs NumPy alone.
"""

from __future__ import annotations

import itertools
import json
import os
import resource
import sys
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
Batches = Iterator[tuple[list[str], Vectors]]
"""Sentences and their unit vectors, shape (n, 384), some at a time."""

NOISE = 0.5  # of a copy's vector, beside a length of 1: its cosine with what it was copied from is 0.89
BLOCK = 100  # sentences that are copied at a time, and of one article
N_WARM = 8  # questions asked before any is measured


class Peer(ABC):
    """A library of sentences that can be searched. Making one opens what its folder holds, or begins a new one there.

    Attributes:
        batch: ready-made vectors that it is best given at once, a multiple of `BLOCK`.
    """

    batch = 10_000

    @abstractmethod
    def add(self, articles: Sequence[dict[str, Any]]) -> None:
        """Embeds and keeps articles; each is its `text` and the `sentences` that it is of."""

    @abstractmethod
    def add_vectors(self, batches: Batches) -> None:
        """Keeps sentences whose vectors are made already, in a new library."""

    @abstractmethod
    def save(self) -> None:
        """Writes the library to its folder."""

    @abstractmethod
    def search(self, question: str, k: int) -> list[str]:
        """Returns the k sentences that are nearest to a question, best first."""


Open = Callable[..., Peer]
"""Makes a peer of the folder of the model, its own folder, the number of threads, and options by name."""
Tell = Callable[[dict[str, Any]], None]


def serve(opened: Open) -> None:
    """Does the step that the plan on standard input asks for, and tells of it on standard output.

    Libraries print what they like: their output goes with the errors.
    """
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as replies:
        os.dup2(2, 1)
        plan = json.load(sys.stdin)
        STEPS[plan["step"]](opened, plan, _teller(replies))


def _teller(replies: IO[str]) -> Tell:
    def tell(event: dict[str, Any]) -> None:
        replies.write(json.dumps(event) + "\n")
        replies.flush()

    return tell


def open_peer(opened: Open, plan: dict[str, Any], folder: str = "folder") -> Peer:
    """Returns the peer on the folder that the plan names."""
    return opened(plan["model"], Path(plan[folder]), int(plan["threads"]), **plan["options"])


def add(opened: Open, plan: dict[str, Any], tell: Tell) -> None:
    """Times adding and saving, after one article that is not counted."""
    peer = open_peer(opened, plan)
    warm, *articles = json.loads(Path(plan["articles"]).read_text(encoding="utf-8"))
    peer.add([warm])
    started = time.perf_counter()
    peer.add(articles)
    peer.save()
    seconds = time.perf_counter() - started
    tell({"event": "done", "seconds": seconds, "n": sum(len(a["sentences"]) for a in articles), **memory()})


def start(opened: Open, plan: dict[str, Any], tell: Tell) -> None:
    """Tells when the library is open, and when a first question has been answered; who listens has the clock."""
    peer = open_peer(opened, plan)
    tell({"event": "opened"})
    found = peer.search(plan["questions"][0], plan["k"])
    tell({"event": "done", "found": len(found)})


def search(opened: Open, plan: dict[str, Any], tell: Tell) -> None:
    """Times questions one after another on the library that was saved."""
    peer = open_peer(opened, plan)
    tell({"event": "done", "ms": _asked(peer, plan), **memory()})


def clients(opened: Open, plan: dict[str, Any], tell: Tell) -> None:
    """Lets so many threads ask at once for some seconds; where that fails, again with one in the library at a time."""
    peer = open_peer(opened, plan)
    for question in plan["questions"][:N_WARM]:
        peer.search(question, plan["k"])
    taken, errors, seconds = _together(peer, plan, None)
    if errors:
        peer = open_peer(opened, plan)
        again, more, seconds = _together(peer, plan, threading.Lock())
        tell({"event": "done", "ms": again, "seconds": seconds, "locked": errors[0], "errors": more, **memory()})
    else:
        tell({"event": "done", "ms": taken, "seconds": seconds, "errors": [], **memory()})


def size(opened: Open, plan: dict[str, Any], tell: Tell) -> None:
    """Times adding ready-made vectors to a new library, and questions to it."""
    peer = open_peer(opened, plan)
    texts = json.loads(Path(plan["texts"]).read_text(encoding="utf-8"))
    making = Stopwatch()
    started = time.perf_counter()
    peer.add_vectors(making.of(copies(plan["n"], texts, np.load(plan["vectors"]), peer.batch)))
    peer.save()
    seconds = time.perf_counter() - started - making.seconds
    tell({"event": "added", "seconds": seconds})
    tell({"event": "done", "adding": seconds, "ms": _asked(peer, plan), **memory()})


def quality(opened: Open, plan: dict[str, Any], tell: Tell) -> None:
    """Tells what is found for each question, and how long each took."""
    peer = open_peer(opened, plan)
    peer.add(json.loads(Path(plan["articles"]).read_text(encoding="utf-8")))
    peer.save()
    for question in plan["questions"][:N_WARM]:
        peer.search(question, plan["k"])
    found, taken = [], []
    for question in plan["questions"]:
        started = time.perf_counter()
        found.append(peer.search(question, plan["k"]))
        taken.append(1000 * (time.perf_counter() - started))
    tell({"event": "done", "found": found, "ms": taken, **memory()})


STEPS: dict[str, Callable[[Open, dict[str, Any], Tell], None]] = {
    "add": add,
    "start": start,
    "search": search,
    "clients": clients,
    "size": size,
    "quality": quality,
}


class Stopwatch:
    """How long what is looped over took to make, in seconds."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def of(self, batches: Batches) -> Batches:
        """Yields what is given, and counts the time until each."""
        while True:
            started = time.perf_counter()
            batch = next(batches, None)
            self.seconds += time.perf_counter() - started
            if batch is None:
                return
            yield batch


def copies(n: int, texts: Sequence[str], vectors: Vectors, batch: int) -> Batches:
    """Yields n sentences, the same for every size of batch: copies with a number of their own, their vectors with noise."""
    for start in range(0, n, batch):
        blocks = [_block(number, texts, vectors) for number in range(start, min(n, start + batch), BLOCK)]
        wanted = min(n - start, batch)
        lines = list(itertools.chain.from_iterable(lines for lines, _ in blocks))
        yield lines[:wanted], np.concatenate([own for _, own in blocks])[:wanted]


def _block(start: int, texts: Sequence[str], vectors: Vectors) -> tuple[list[str], Vectors]:
    numbers = np.random.default_rng((3, start))
    chosen = numbers.integers(len(texts), size=BLOCK)
    noise = numbers.normal(size=(BLOCK, vectors.shape[1])) / np.sqrt(vectors.shape[1])
    own = vectors[chosen] + NOISE * noise
    lines = [f"{texts[place].rstrip('.')} ({start + at})." for at, place in enumerate(chosen)]
    return lines, np.asarray(own / np.linalg.norm(own, axis=1, keepdims=True), np.float32)


def memory() -> dict[str, float]:
    """Returns the most memory that this process held, and what it holds now, in megabytes.

    `getrusage` counts what the parent held before this program began; Linux tells of the program alone.
    """
    status = Path("/proc/self/status")
    if not status.is_file():
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        peak_megabytes = peak / 1e6 if sys.platform == "darwin" else peak / 1e3
        return {"peak": peak_megabytes, "resident": peak_megabytes}
    lines = dict(line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines() if ":" in line)
    return {"peak": int(lines["VmHWM"].split()[0]) / 1e3, "resident": int(lines["VmRSS"].split()[0]) / 1e3}


def _asked(peer: Peer, plan: dict[str, Any]) -> list[float]:
    """Returns the milliseconds of each question; those that warm up are asked before, and are others.

    Asking ends after `seconds` of the plan, where searching takes long.
    """
    for question in plan["questions"][:N_WARM]:
        peer.search(question, plan["k"])
    taken: list[float] = []
    until = time.perf_counter() + plan["seconds"]
    for question in plan["questions"][N_WARM:]:
        started = time.perf_counter()
        if started > until:
            break
        peer.search(question, plan["k"])
        taken.append(1000 * (time.perf_counter() - started))
    return taken


def _together(peer: Peer, plan: dict[str, Any], lock: threading.Lock | None) -> tuple[list[float], list[str], float]:
    questions, n_clients = plan["questions"], int(plan["clients"])
    taken: list[float] = []
    errors: list[str] = []
    until = time.perf_counter() + plan["seconds"]

    def ask(client: int) -> None:
        own = itertools.islice(itertools.cycle(questions), client * len(questions) // n_clients, None)
        while (started := time.perf_counter()) < until and not (errors and lock is None):
            try:
                if lock is None:
                    peer.search(next(own), plan["k"])
                else:
                    with lock:
                        peer.search(next(own), plan["k"])
            except Exception as error:  # noqa: BLE001 - whatever a library raises when it is asked from threads is the finding
                errors.append(f"{type(error).__name__}: {error}"[:200])
                continue
            taken.append(1000 * (time.perf_counter() - started))

    threads = [threading.Thread(target=ask, args=(client,)) for client in range(n_clients)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken, errors, time.perf_counter() - started
