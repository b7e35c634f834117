"""A copy of the repository in which faults are planted, and what the unit tests make of each.

Each trial runs in a process of its own, forked from one that has the libraries loaded, so that a trial costs what its tests
cost. Its time is counted on the processor: a fault that loops for ever ends, however busy the machine is.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import math
import os
import resource
import shutil
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from benchmarks.mutations.faults import Fault

ROOT = Path(__file__).parents[2]
COPIED = ("assistant", "tests", "prompts", "benchmarks", "index/articles", "pyproject.toml")
OUTPUT = "pytest.txt"  # of the last trial, in the copy
_TOLD = "ended.jsonl"  # tests of the last trial, in the copy
_BULKY = shutil.ignore_patterns("*.onnx", "__pycache__", "*.sqlite3*", "*.faiss*", "environments")
_NO_UNIT_TESTS = ("models", "browser", "soak")  # markers
_ROOMS = ("library", "english", "articles", "speech", "question", "finding", "answering")  # as the data goes
_WHOLE = ("tests/test_chain.py", "tests/test_assistant.py")
_SLOW_SECONDS = 0.5  # of processor time: such a test of another module looks for slowness
_LOADED_BEFORE = (
    "numpy", "pydantic_settings", "langchain_core.runnables", "langchain_core.prompts", "langchain_core.language_models",
    "langsmith.run_helpers", "Stemmer", "nupunkt", "faiss", "onnxruntime", "tokenizers", "platformdirs", "sqlite3",
    "hypothesis.strategies", "hypothesis.extra.numpy", "charset_normalizer", "markdown_it", "rich.progress",
)  # fmt: skip
_LOADED_ALREADY = "ignore::pytest.PytestAssertRewriteWarning"
_SECONDS = 10  # of processor time, for one trial, besides three times what its tests take without a fault
_SECONDS_UNKNOWN = 600  # where that is not known yet
_WALL_SECONDS = 900  # for one that waits instead
_MEMORY = 8 * 2**30


class Unit:
    """pytest plugin: leaves out what needs models, a browser or minutes, runs what is quick first, tells how tests end."""

    def __init__(self, told: Path, seconds: Mapping[str, float], at_most: float) -> None:
        self._told = told
        self._seconds = seconds
        self._at_most = at_most
        self._started = 0.0

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keeps the unit tests; a property that fails is not looked at further."""
        import hypothesis

        items[:] = [
            item
            for item in items
            if not any(item.get_closest_marker(marker) for marker in _NO_UNIT_TESTS)
            and self._seconds.get(item.nodeid, 0.0) <= self._at_most
        ]
        items.sort(key=lambda item: self._seconds.get(item.nodeid, 0.0))
        phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
        hypothesis.settings.register_profile("mutations", hypothesis.settings(), phases=phases, database=None)
        hypothesis.settings.load_profile("mutations")

    def pytest_runtest_logstart(self) -> None:
        """Starts the clock of a test."""
        self._started = time.process_time()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Writes a test's name, whether it failed, and the processor time that it took."""
        if report.failed or report.when == "teardown":
            seconds = time.process_time() - self._started
            with self._told.open("a", encoding="utf-8") as told:
                told.write(json.dumps([report.nodeid, report.failed, seconds]) + "\n")


class Copy:
    """A copy of the repository, without weights, in which one fault at a time is planted.

    Attributes:
        folder: where it is.
        seconds: processor time of each test, where it is known.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seconds: dict[str, float] = {}
        self._n_planted = 0
        for name in COPIED:
            source = ROOT / name
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, ignore=_BULKY)
            else:
                shutil.copy2(source, target)
        for module in _LOADED_BEFORE:
            importlib.import_module(module)

    def tests_of(self, path: str) -> list[list[str]]:
        """Returns the tests that may catch a fault in a module, in turns: its own, its room's, those of the rooms after it."""
        room, module = Path(path).parent.name, Path(path).stem
        known: set[str] = set()
        turns = []
        for group in (
            [f"tests/{room}/test_{module}.py", f"tests/{room}/test_{module}_*.py"],
            [f"tests/{room}"],
            [*(f"tests/{later}" for later in _ROOMS[_ROOMS.index(room) + 1 :]), *_WHOLE],
        ):
            turns.append([file for name in group for file in self._files(name) if file not in known])
            known |= set(turns[-1])
        return turns

    def _files(self, name: str) -> list[str]:
        path = self.folder / name
        files = sorted(path.glob("test_*.py") if path.is_dir() else path.parent.glob(path.name))
        return [str(file.relative_to(self.folder)) for file in files]

    def caught_by(self, fault: Fault, n_turns: int = 3) -> str:
        """Returns the test that fails with a fault planted, "" if all of so many turns pass."""
        path = self.folder / fault.path
        known, content = path.stat(), path.read_bytes()
        try:
            path.write_bytes(fault.planted(content))
            # Compiled code is told by its time in seconds and its size: no two faults may have the same.
            self._n_planted += 1
            os.utime(path, (known.st_atime, known.st_mtime + 10 * self._n_planted))
            for number, turn in enumerate(self.tests_of(fault.path)[:n_turns]):
                failed = self.failing(turn, _SLOW_SECONDS if number else math.inf) if turn else ""
                if failed:
                    return failed
            return ""
        finally:
            path.write_bytes(content)
            os.utime(path, (known.st_atime, known.st_mtime))

    def _seconds_for(self, tests: Sequence[str]) -> int:
        """Returns how much processor time some tests may take: a fault that loops for ever ends."""
        if not self.seconds:
            return _SECONDS_UNKNOWN
        files = set(tests)
        return _SECONDS + math.ceil(3 * sum(s for name, s in self.seconds.items() if name.split("::")[0] in files))

    def failing(self, tests: Sequence[str], at_most: float = math.inf) -> str:
        """Returns what ends a run of some tests in the copy, "" if all pass."""
        told = self.folder / _TOLD
        told.write_text("")
        child = os.fork()
        if not child:
            _run(self.folder, tests, Unit(told, self.seconds, at_most), self._seconds_for(tests))
        status = _wait(child)
        ended: list[tuple[str, bool, float]] = [
            json.loads(line) for line in told.read_text(encoding="utf-8").splitlines()
        ]
        for name, failed, seconds in ended:
            if failed:
                return name
            self.seconds.setdefault(name, seconds)
        if os.WIFSIGNALED(status):
            return "it took too long" if os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL) else "it crashed"
        passed = os.WEXITSTATUS(status) in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
        return "" if passed else "it cannot be imported"


def _run(folder: Path, tests: Sequence[str], plugin: Unit, seconds: int) -> None:
    """Runs tests in this process, which ends with them."""
    status = int(pytest.ExitCode.INTERNAL_ERROR)
    try:
        os.setpgid(0, 0)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        output = os.open(folder / OUTPUT, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.chdir(folder)
        for name in [
            name for name in sys.modules if name.split(".")[0] in ("assistant", "benchmarks", "conftest", "fakes")
        ]:
            del sys.modules[name]
        sys.path[:0] = [str(folder), str(folder / "tests")]
        os.environ["PYTHONPATH"] = str(folder)
        arguments = f"-x -q -p no:cacheprovider -p no:langsmith_plugin -W {_LOADED_ALREADY} --rootdir {folder}".split()
        status = int(pytest.main([*arguments, *tests], plugins=[plugin]))
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _wait(child: int) -> int:
    """Returns the exit status of a process and ends it, with all that it started, where it waits for ever."""
    ends = time.monotonic() + _WALL_SECONDS
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            break
        if time.monotonic() > ends:
            os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
            break
        time.sleep(0.02)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    return status
