"""Lets 50 clients ask at once, each waiting for its answer and then a while, and prints errors, latency and memory.

    python -m benchmarks.chat_load [--clients 50] [--seconds 120] [--pause 5 10] [--json]

It passes without an error, where 95 of 100 answers come in time and the server's memory does not grow with the questions.
"""

from __future__ import annotations

import argparse
import json
import random
import threading
import time
from dataclasses import dataclass, field
from itertools import product

from gradio_client import Client

from benchmarks.chat_server import Running, running

BAR_P95_SECONDS = 3.0
BAR_MEMORY_GROWTH = 1.1

_OPENINGS = (
    "What did {} say about {}?",
    "What does {} think of {}?",
    "Why does {} mention {}?",
    "When did {} speak of {}?",
)
_WHO = (
    "Mirzoyan",
    "Kopyrkin",
    "the ambassador",
    "the minister",
    "Yerevan",
    "Moscow",
    "Armenia",
    "Azerbaijan",
    "Turkey",
)
_WHAT = (
    "the base", "bilateral relations", "cooperation", "energy", "defence", "the interview", "the newspaper", "Russia",
    "the war", "2020", "security", "trade", "the region", "the troops", "the agenda", "Iran", "the future", "the border",
    "football", "the weather",
)  # fmt: skip


@dataclass
class Outcome:
    """What all clients have seen, guarded by its lock."""

    latencies: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


def main() -> None:
    """Runs the load and prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--pause", type=float, nargs=2, default=(5.0, 10.0), metavar=("LEAST", "MOST"))
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    arguments = parser.parse_args()
    with running() as server:
        figures = load(server, arguments.clients, arguments.seconds, tuple(arguments.pause))
    if arguments.json:
        print(json.dumps(figures, indent=2))
        return
    print(f"{figures['answers']:.0f} answers to {arguments.clients} clients, {figures['errors']:.0f} errors")
    print(f"median {figures['median']:.2f} s, p95 {figures['p95']:.2f} s (bar {BAR_P95_SECONDS} s)")
    print(
        f"memory {figures['memory_first']:.0f} MB after a quarter, {figures['memory_last']:.0f} MB at the end "
        f"({figures['memory_growth']:.2f} times, bar {BAR_MEMORY_GROWTH})"
    )


def questions() -> list[str]:
    """Returns distinct questions, about 700, in an order that is the same every time."""
    made = [opening.format(who, what) for opening, who, what in product(_OPENINGS, _WHO, _WHAT)]
    random.Random(5).shuffle(made)
    return made


def load(server: Running, n_clients: int, seconds: float, pause: tuple[float, float]) -> dict[str, float]:
    """Returns the figures of one run, latencies in seconds, memory in megabytes."""
    clients = [Client(server.url, verbose=False, analytics_enabled=False) for _ in range(n_clients)]
    outcome = Outcome()
    end = time.monotonic() + seconds
    made = questions()
    threads = [
        threading.Thread(target=ask_on, args=(client, made[n::n_clients], pause, end, outcome, n))
        for n, client in enumerate(clients)
    ]
    for thread in threads:
        thread.start()
    time.sleep(seconds / 4)
    memory_first = server.memory_megabytes()
    for thread in threads:
        thread.join()
    memory_last = server.memory_megabytes()
    for error in sorted(set(outcome.errors))[:5]:
        print(f"error: {error}")
    ordered = sorted(outcome.latencies) or [float("nan")]
    return {
        "answers": len(outcome.latencies),
        "errors": len(outcome.errors),
        "median": ordered[len(ordered) // 2],
        "p95": ordered[int(0.95 * (len(ordered) - 1))],
        "memory_first": memory_first,
        "memory_last": memory_last,
        "memory_growth": memory_last / memory_first if memory_first else 1.0,
    }


def ask_on(
    client: Client, mine: list[str], pause: tuple[float, float], end: float, outcome: Outcome, number: int
) -> None:
    """Asks one question after the other until the end, with pauses; the start is spread over one pause."""
    chance = random.Random(number)
    time.sleep(chance.uniform(0, pause[1]))
    for question in mine:
        if time.monotonic() >= end:
            return
        began = time.perf_counter()
        try:
            client.predict(question, "", [], api_name="/ask")
        except Exception as error:  # noqa: BLE001  whatever a client meets is what is counted here
            with outcome.lock:
                outcome.errors.append(f"{type(error).__name__}: {error}")
        else:
            with outcome.lock:
                outcome.latencies.append(time.perf_counter() - began)
        time.sleep(chance.uniform(*pause))


if __name__ == "__main__":
    main()
