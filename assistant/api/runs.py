"""Evaluations that programs have started: how far each is, and what came of it, for whom it is run."""

from __future__ import annotations

import logging
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from assistant.api.problems import ProblemError, problem_of, too_many
from assistant.api.reply_forms import State
from assistant.evaluation.questions import QuestionSet
from assistant.evaluation.results import Results
from assistant.ui.evaluations import SECONDS_TO_END, Asked, Evaluations, Kept
from assistant.ui.reports import MAX_REPORTS, Report

MAX_OF_ONE = 4
MAX_OF_ALL = 20
"""Evaluations that wait or run, one at a time; each holds its questions in memory."""
MAX_KEPT = MAX_REPORTS
"""Evaluations of all callers that have ended: the oldest is forgotten, as its report is."""

_LOG = logging.getLogger("assistant.api")


@dataclass
class Run:
    """One evaluation. What changes is changed by its own thread alone, each field at once.

    Attributes:
        owner: whose it is.
        questions: the name of the set.
        n_questions: in the set.
        compare: what is run beside, "" for nothing.
        id: that it is asked for by.
        started: when it was sent.
        state: "stopped" where somebody, or the end of the server, has stopped it.
        done, total: questions asked, of how many; of both runs where something is run beside.
        results: once it is done.
        report: what its report is kept by, once it is done.
        problem: what went wrong, once it has failed.
        stop: set when nobody wants it any more.
    """

    owner: str
    questions: str
    n_questions: int
    compare: str = ""
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    state: State = "waiting"
    done: int = 0
    total: int = 0
    results: Results | None = None
    report: str = ""
    problem: ProblemError | None = None
    stop: threading.Event = field(default_factory=threading.Event, repr=False)

    @property
    def has_ended(self) -> bool:
        """Whether nothing more comes of it."""
        return self.state not in ("waiting", "running")

    def to_dict(self, whole: bool = False) -> dict[str, Any]:
        """Returns it as JSON types; `whole` with its results, once there are any."""
        told: dict[str, Any] = {
            "id": self.id,
            "questions": self.questions,
            "n_questions": self.n_questions,
            "compare": self.compare,
            "started": self.started.isoformat(timespec="seconds"),
            "state": self.state,
            "done": self.done,
            "total": self.total,
        }
        if self.problem is not None:
            told["problem"] = {"code": self.problem.code, "detail": self.problem.detail}
        if whole and self.results is not None:
            told["results"] = self.results.to_dict()
        return told


class Runs:
    """The evaluations of all callers; may be shared by threads."""

    def __init__(self, evaluations: Evaluations) -> None:
        """Stores what runs them, one at a time, those of the page among them."""
        self._evaluations = evaluations
        self._lock = threading.Lock()
        self._runs: OrderedDict[str, Run] = OrderedDict()
        self._threads: set[threading.Thread] = set()
        self._coming: list[str] = []

    def read(self, data: bytes, name: str, article: str) -> QuestionSet:
        """Returns the questions of a file's bytes. Raises QuestionSetError, as `QuestionSets.of_bytes`."""
        return self._evaluations.sets.of_bytes(data, name, article)

    @contextmanager
    def place_for(self, owner: str) -> Iterator[Callable[[QuestionSet, str], Run]]:
        """Holds a place while the questions come; gives what starts an evaluation of them there.

        Raises:
            ProblemError: 429 if too many wait already.
        """
        with self._lock:
            waiting = [run.owner for run in self._runs.values() if not run.has_ended] + self._coming
            if waiting.count(owner) >= MAX_OF_ONE:
                raise too_many("Too many evaluations of yours wait already. Wait until one has ended.", 30)
            if len(waiting) >= MAX_OF_ALL:
                raise too_many("Too many evaluations wait already, of all who use this server. Try again later.", 60)
            self._coming.append(owner)
        try:
            yield lambda questions, compare: self._start(owner, questions, compare)
        finally:
            with self._lock:
                self._coming.remove(owner)

    def _start(self, owner: str, questions: QuestionSet, compare: str) -> Run:
        run = Run(owner, questions.name, len(questions.questions), compare, total=len(questions.questions))
        thread = threading.Thread(target=self._follow, args=(run, questions), name=f"evaluation {run.id}", daemon=True)
        with self._lock:
            self._runs[run.id] = run
            ended = [run.id for run in self._runs.values() if run.has_ended]
            for run_id in ended[: max(0, len(ended) - MAX_KEPT + 1)]:
                del self._runs[run_id]
            self._threads.add(thread)
        thread.start()
        return run

    def of(self, owner: str) -> list[Run]:
        """Returns the owner's, the last one first."""
        with self._lock:
            return [run for run in reversed(self._runs.values()) if run.owner == owner]

    def get(self, run_id: str, owner: str) -> Run:
        """Returns one of the owner's.

        Raises:
            ProblemError: 404 if they have none of that id.
        """
        with self._lock:
            run = self._runs.get(run_id)
        if run is None or run.owner != owner:
            raise ProblemError(
                404, "There is no such evaluation of yours. It may have been too long ago: start it anew."
            )
        return run

    def report(self, run_id: str, owner: str) -> Report:
        """Returns the report of one that is done.

        Raises:
            ProblemError: 404 if there is none, not yet or not any more.
        """
        run = self.get(run_id, owner)
        report = self._evaluations.reports.of(owner, run.report)
        if report is None:
            raise ProblemError(404, f"This evaluation has no report: it is {run.state}, or its report is too old.")
        return report

    def delete(self, run_id: str, owner: str) -> Run:
        """Ends one of the owner's, after the question at hand, forgets it and returns it. Raises as `get`."""
        run = self.get(run_id, owner)
        run.stop.set()
        with self._lock:
            self._runs.pop(run_id, None)
        return run

    def close(self) -> None:
        """Ends all of them and waits for the question at hand; those of the page as well."""
        self._evaluations.close()
        for thread in list(self._threads):
            thread.join(SECONDS_TO_END)

    def _follow(self, run: Run, questions: QuestionSet) -> None:
        try:
            state = self._ended(run, questions)
        except Exception as error:  # noqa: BLE001 - nobody else would be told, whatever it is
            run.problem = problem_of(error)
            if run.problem.status >= 500:
                _LOG.error("the evaluation %s failed", run.id, exc_info=error)
            state = "failed"
        run.state = state
        with self._lock:
            self._threads.discard(threading.current_thread())

    def _ended(self, run: Run, questions: QuestionSet) -> State:
        """Runs an evaluation to its end, and returns how it ended."""
        parts = self._evaluations.run_on(
            lambda: questions, run.owner, run.compare or None, lambda: not run.stop.is_set()
        )
        for part in parts:
            if isinstance(part, Asked):
                run.state = "running"
                run.done, run.total = part.done, part.total or run.total
            elif isinstance(part, Results):
                run.results = part
            elif isinstance(part, Kept):
                run.report = part.token
                return "done"
        return "stopped"
