"""One step of one peer, in a process of its own, within limits of time and memory."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from benchmarks import ROOT

LOOKS_PER_SECOND = 10
_BAR = re.compile(r"\d%\s*\|")
QUIET = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "TOKENIZERS_PARALLELISM": "true",
    "PYTHONWARNINGS": "ignore",
}
"""Nothing is fetched or reported while it is measured."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a step may take: seconds, and megabytes of memory."""

    seconds: float
    megabytes: float


@dataclass(slots=True)
class Outcome:
    """What a step told.

    Attributes:
        events: what it told, the last with `event` "done" if it came to its end.
        seconds: when each event was told, since the process began.
        failed: why it did not come to its end, "" if it did.
    """

    events: list[dict[str, Any]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    failed: str = ""

    @property
    def result(self) -> dict[str, Any]:
        """What was told at the end."""
        return self.events[-1]


def run(
    command: Sequence[str | Path], plan: Mapping[str, Any], limits: Limits, environment: Mapping[str, str] | None = None
) -> Outcome:
    """Returns what a peer told of its plan, or why it failed; a process beyond its limits is ended."""
    outcome = Outcome()
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as errors:
        started = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=ROOT,
            env={**_environment(int(plan["threads"])), **(environment or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            encoding="utf-8",
        )
        listener = threading.Thread(target=_listen, args=(process.stdout, outcome, started))
        listener.start()
        try:
            _hand_over(process, plan)
            outcome.failed = _watched(process, started, limits)
        finally:
            process.kill()
            process.wait()
            listener.join()
            if process.stdout is not None:
                process.stdout.close()
        if not outcome.failed and not (outcome.events and outcome.result["event"] == "done"):
            errors.seek(0)
            outcome.failed = last_line(errors.read()) or f"ended with {process.returncode}"
    return outcome


def _environment(threads: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ASSISTANT_")}
    own = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), str(threads))
    return {**kept, **QUIET, **own}


def _hand_over(process: subprocess.Popen[str], plan: Mapping[str, Any]) -> None:
    if process.stdin is None:
        return
    try:
        with process.stdin:
            json.dump(plan, process.stdin)
    except BrokenPipeError:
        return  # it ended before it read; what it printed says why


def _listen(replies: IO[str] | None, outcome: Outcome, started: float) -> None:
    for line in replies or ():
        outcome.seconds.append(time.perf_counter() - started)
        outcome.events.append(json.loads(line))


def _watched(process: subprocess.Popen[str], started: float, limits: Limits) -> str:
    """Waits for the end of a process, and returns which limit it broke, "" if none."""
    while process.poll() is None:
        if time.perf_counter() - started > limits.seconds:
            return f"not done in {limits.seconds:.0f} s"
        if resident_megabytes(process.pid) > limits.megabytes:
            return f"needs more than {limits.megabytes / 1000:g} GB"
        time.sleep(1 / LOOKS_PER_SECOND)
    return ""


def resident_megabytes(pid: int) -> float:
    """Returns the memory that a process holds, 0.0 where the system does not tell."""
    try:
        pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()
    except OSError:
        return 0.0
    return int(pages[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def last_line(text: str) -> str:
    """Returns the last line that says something, shortened: of a traceback, the error. A progress bar says nothing."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not _BAR.search(line)]
    return lines[-1][:200] if lines else ""
