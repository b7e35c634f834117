"""Lets 64 programs ask over REST again and again; prints errors, waits, memory, what REST costs, and how fast it is up.

    python -m benchmarks.api_load [--seconds 60] [--clients 64] [--rounds 3] [--json]

It passes without an error, where no program waits over three times the median on average and the server's memory does
not grow; REST is compared with the Python call on the same questions in turn, and the time until the server is up with an
empty Gradio app that is mounted in FastAPI, plus the time that opening an assistant takes.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, median
from tempfile import TemporaryDirectory

import httpx

from assistant.assistant import Assistant
from assistant.settings import Settings, shipped
from benchmarks import print_machine, verdict
from benchmarks.chat_load import questions
from benchmarks.chat_server import EMPTY_MOUNTED_APP, Running, running

BAR_UNEVEN = 3.0
BAR_MEMORY_GROWTH = 1.1
BAR_REST_MILLISECONDS = 15.0
BAR_SERVER_UP = 1.1
N_COMPARED = 60
N_WARMING_UP = 5
SAMPLE_SECONDS = 0.25
OPEN_ASSISTANT = """
import time
began = time.perf_counter()
from assistant import Assistant
Assistant.open().warm()
print(time.perf_counter() - began)
"""


@dataclass
class Outcome:
    """What one client has seen: how long each answer took, in seconds, and what went wrong."""

    waits: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def main() -> None:
    """Runs all and prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--rounds", type=int, default=3, help="servers started of each kind (default 3)")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    arguments = parser.parse_args()
    with running(n_tokens=arguments.clients) as server:
        figures = rest_beside_python(server)
        figures |= load(server.url, server.tokens, arguments.seconds, server.memory_megabytes)
    figures |= server_up(arguments.rounds)
    if arguments.json:
        print(json.dumps(figures, indent=2))
        return
    print_machine()
    print(f"{figures['answers']:.0f} answers to {arguments.clients} clients in {arguments.seconds:g} s, "
          f"errors {figures['errors']:.0f}: {verdict(figures['errors'], 0, at_most=True)}")  # fmt: skip
    print(f"wait: median {figures['median']:.2f} s, of the client that waits longest {figures['worst_mean']:.2f} s on "
          f"average, {figures['uneven']:.2f} times: {verdict(figures['uneven'], BAR_UNEVEN, at_most=True)}")  # fmt: skip
    print(f"memory: {figures['memory_first']:.0f} MB in the first quarter, {figures['memory_last']:.0f} MB in the last, "
          f"{figures['memory_growth']:.3f} times: {verdict(figures['memory_growth'], BAR_MEMORY_GROWTH, at_most=True)}")  # fmt: skip
    print(f"one answer: {figures['rest']:.1f} ms over REST, {figures['python']:.1f} ms from Python, "
          f"{figures['rest_more']:.1f} ms more: {verdict(figures['rest_more'], BAR_REST_MILLISECONDS, at_most=True)}")  # fmt: skip
    print(f"server up: {figures['up']:.2f} s; an empty mounted app {figures['up_empty']:.2f} s and opening an assistant "
          f"{figures['open']:.2f} s: {figures['up_ratio']:.2f} times: {verdict(figures['up_ratio'], BAR_SERVER_UP, at_most=True)}")  # fmt: skip


def load(url: str, tokens: Sequence[str], seconds: float, memory: Callable[[], float]) -> dict[str, float]:
    """Returns the figures of one run with a client for each token: waits in seconds, memory in megabytes."""
    outcomes = [Outcome() for _ in tokens]
    end = time.monotonic() + seconds
    asked = questions()
    threads = [
        threading.Thread(target=ask_on, args=(url, token, asked[n:] + asked[:n], end, outcome))
        for n, (token, outcome) in enumerate(zip(tokens, outcomes, strict=True))
    ]
    for thread in threads:
        thread.start()
    sizes = []
    while time.monotonic() < end:
        sizes.append(memory())
        time.sleep(SAMPLE_SECONDS)
    for thread in threads:
        thread.join()
    errors = [error for outcome in outcomes for error in outcome.errors]
    for error in sorted(set(errors))[:5]:
        print(f"error: {error}")
    waits = [wait for outcome in outcomes for wait in outcome.waits] or [float("nan")]
    worst = max(mean(outcome.waits or [float("inf")]) for outcome in outcomes)
    quarter = max(1, len(sizes) // 4)
    first, last = median(sizes[:quarter]), median(sizes[-quarter:])
    return {
        "answers": sum(len(outcome.waits) for outcome in outcomes),
        "errors": len(errors),
        "median": median(waits),
        "worst_mean": worst,
        "uneven": worst / median(waits),
        "memory_first": first,
        "memory_last": last,
        "memory_growth": last / first if first else 1.0,
    }


def ask_on(url: str, token: str, asked: Sequence[str], end: float, outcome: Outcome) -> None:
    """Asks one question after the other until the end, and from the first again after the last."""
    with client_of(url, token) as client:
        number = 0
        while time.monotonic() < end:
            began = time.perf_counter()
            try:
                reply = client.post("/api/v1/ask", json={"question": asked[number % len(asked)]})
                reply.raise_for_status()
            except httpx.HTTPError as error:
                outcome.errors.append(f"{type(error).__name__}: {error}")
                time.sleep(SAMPLE_SECONDS)
            else:
                outcome.waits.append(time.perf_counter() - began)
            number += 1


def rest_beside_python(server: Running) -> dict[str, float]:
    """Returns the medians of an answer in milliseconds, over REST and from Python, the same questions in turn."""
    over_rest, from_python = [], []
    with (
        TemporaryDirectory() as folder,
        Assistant.open(Settings(library=Path(folder), n_kept_readings=0)) as assistant,
        client_of(server.url, server.tokens[0]) as client,
    ):
        assistant.add_file(next(shipped("articles").glob("*.txt")))
        for number, question in enumerate(questions()[: N_WARMING_UP + N_COMPARED]):
            began = time.perf_counter()
            client.post("/api/v1/ask", json={"question": question}).raise_for_status()
            between = time.perf_counter()
            assistant.ask(question)
            if number >= N_WARMING_UP:
                over_rest.append((between - began) * 1000)
                from_python.append((time.perf_counter() - between) * 1000)
    rest, python = median(over_rest), median(from_python)
    return {"rest": rest, "python": python, "rest_more": rest - python}


def server_up(rounds: int) -> dict[str, float]:
    """Returns the medians, in seconds, until a server answers: ours, and an empty app plus opening an assistant."""
    up, empty, opened = [], [], []
    for _ in range(rounds):
        with running() as server:
            up.append(server.start_seconds)
        with running(empty=True, empty_app=EMPTY_MOUNTED_APP) as server:
            empty.append(server.start_seconds)
        opened.append(open_seconds())
    expected = median(empty) + median(opened)
    return {
        "up": median(up),
        "up_empty": median(empty),
        "open": median(opened),
        "up_ratio": median(up) / expected if expected else float("nan"),
    }


def open_seconds() -> float:
    """Returns how long a new process takes to import the package and to open an assistant."""
    run = subprocess.run([sys.executable, "-c", OPEN_ASSISTANT], capture_output=True, text=True, check=True)
    return float(run.stdout)


def client_of(url: str, token: str) -> httpx.Client:
    """Returns a program that calls a server with a token."""
    return httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=120)


if __name__ == "__main__":
    main()
