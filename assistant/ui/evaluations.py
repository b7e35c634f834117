"""Running evaluations on the server: one at a time, told as it goes, its report kept for whom it was made."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.errors import QuestionSetError
from assistant.evaluation.api import evaluate
from assistant.evaluation.questions import QuestionSet
from assistant.evaluation.report_html import as_html
from assistant.evaluation.results import Results
from assistant.ui.endpoints import Job, in_background
from assistant.ui.question_sets import Choice, QuestionSets
from assistant.ui.reports import Report, Reports

if TYPE_CHECKING:
    from assistant.assistant import Assistant


COMPARED = {"lexical": "lexical search", "dense": "dense search", "abstain": "always refusing"}
"""What may be run beside the assistant, and what a reader knows it as."""

SECONDS_TO_END = 5.0


@dataclass(frozen=True)
class Asked:
    """How far a run is: `done` of `total` questions; 0 of 0 while the questions are read."""

    done: int
    total: int


@dataclass(frozen=True)
class Kept:
    """The report is ready: its owner gets it by this token."""

    token: str


Part = Asked | Results | Kept | None
"""What a run tells; None while there is nothing new, as while another one is running."""


class Evaluations:
    """Runs one evaluation at a time, in a library of its own, and streams how it goes to whom it is for.

    Attributes:
        sets: what can be evaluated.
        reports: what evaluations have given.
    """

    def __init__(
        self, assistant: Assistant, sets: QuestionSets, reports: Reports, evaluated: Callable[..., Any] = evaluate
    ) -> None:
        """Stores what the runs work on; `evaluated` gives the results of a set, as `evaluate` does."""
        self._assistant = assistant
        self.sets = sets
        self.reports = reports
        self._evaluated = evaluated
        self._is_closed = False
        self._place = threading.Semaphore(1)
        self._lock = threading.Lock()
        self._running: dict[str, list[threading.Event]] = {}

    def run(self, choice: Choice, is_wanted: Callable[[], bool] = lambda: True) -> Iterator[Part]:
        """Streams how an evaluation goes; the last part is Kept, unless it was stopped or nobody waits for it.

        Raises:
            AssistantError: if the questions cannot be read or asked.
            OSError: if the report cannot be made.
        """
        yield from self.run_on(lambda: self.sets.of(choice), choice.owner, choice.compare, is_wanted)

    def run_on(
        self, questions: Callable[[], QuestionSet], owner: str, compare: str | None, is_wanted: Callable[[], bool]
    ) -> Iterator[Part]:
        """Streams how an evaluation of these questions goes, which are read when its turn has come; as `run`."""

        def work(job: Job) -> None:
            self._work(questions, owner, compare, job)

        with self._stoppable(owner) as stop:
            yield from in_background(work, self._place, stop, is_wanted=is_wanted)

    def stop(self, owner: str) -> None:
        """Ends the owner's evaluations, after the question at hand."""
        with self._lock:
            for stop in self._running.get(owner, []):
                stop.set()

    def close(self) -> None:
        """Ends all of them and waits for the question at hand; none is begun afterwards."""
        with self._lock:
            if self._is_closed:
                return
            self._is_closed = True
            for stop in [stop for stops in self._running.values() for stop in stops]:
                stop.set()
        self._place.acquire(timeout=SECONDS_TO_END)

    @contextmanager
    def _stoppable(self, owner: str) -> Iterator[threading.Event]:
        stop = threading.Event()
        with self._lock:
            self._running.setdefault(owner, []).append(stop)
            if self._is_closed:
                stop.set()
        try:
            yield stop
        finally:
            with self._lock:
                self._running[owner].remove(stop)
                if not self._running[owner]:
                    del self._running[owner]

    def _work(self, read: Callable[[], QuestionSet], owner: str, compare: str | None, job: Job) -> None:
        def on_progress(done: int, total: int) -> None:
            job.go_on()
            job.tell(Asked(done, total))

        job.tell(Asked(0, 0))
        questions = read()
        settings = self._assistant.settings
        results = self._evaluated(questions, settings, workers=1, compare=compare, on_progress=on_progress)
        if not isinstance(results, Results):
            raise QuestionSetError("A retrieval set was given; evaluate it with `assistant evaluate`.")
        known = {entry.id for entry in self._assistant.contents()}
        report = Report(as_html(results, questions, known), as_html(results, questions))
        job.tell(results)
        job.tell(Kept(self.reports.keep(owner, report)))
