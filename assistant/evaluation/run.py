"""Asks the questions of a set and judges the answers: within each article, on one or more processes."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import ExitStack
from itertools import groupby, islice
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Any

from assistant.errors import QuestionSetError
from assistant.evaluation.baselines import Answering
from assistant.evaluation.journal import Journal
from assistant.evaluation.questions import ArticleText, Question, QuestionSet
from assistant.evaluation.results import Results, summarise, write_json
from assistant.evaluation.rows import Row, judge
from assistant.evaluation.systems import System

DEPTH = 10
"""Sentences retrieved for each question, at least."""

QUESTIONS_A_BATCH = 16
QUESTIONS_FOR_MANY_WORKERS = 300
"""Below this one process is used: a second one would only make the times worse."""

Progress = Callable[[int, int], None]
Batch = tuple[ArticleText, list[Question]]


def evaluate_questions(
    questions: QuestionSet,
    system: System | Answering | None = None,
    k: int = 5,
    workers: int = 0,
    folder: Path | None = None,
    on_progress: Progress | None = None,
) -> Results:
    """Returns how well `system` answers `questions`; the same questions give the same figures, times apart.

    Args:
        questions: the set; each article is added once and asked alone.
        system: what to evaluate; None for the assistant. An object is used as it is, in this process: articles are
            added to it and removed.
        k: of the headline recall.
        workers: processes; 0 for two on a long set, else one.
        folder: keeps what is done, so that the same call goes on after an interruption.
        on_progress: called with (questions done, all questions).

    Raises:
        QuestionSetError: if the folder cannot be written.
    """
    system = system or System()
    workers = workers or (2 if len(questions.questions) >= QUESTIONS_FOR_MANY_WORKERS else 1)
    label, fingerprint = _name_of(system)
    n_questions = len(questions.questions)
    with Journal(folder, f"{questions.digest} {fingerprint} {k}") as journal:
        order = {question.id: place for place, question in enumerate(questions.questions)}
        rows = [Row.from_dict(row) for row in journal.done.values()]
        left = [question for question in questions.questions if question.id not in journal.done]
        start = time.perf_counter()
        if on_progress:
            on_progress(len(rows), n_questions)
        for new in _answer(list(_batches(questions, left)), system, max(k, DEPTH), workers):
            journal.keep(row.to_dict() for row in new)
            rows.extend(new)
            if on_progress:
                on_progress(len(rows), n_questions)
        seconds = time.perf_counter() - start
        rows.sort(key=lambda row: order[row.id])
        # A continued run has only timed its own part.
        seconds *= len(rows) / max(1, len(left)) if left else 1.0
        used = workers if isinstance(system, System) else 1
        results = summarise(questions.name, questions.digest, label, k, rows, seconds, used, notes_of(questions))
        if folder:
            write_json(results.to_dict(), folder / "results.json")
        journal.finish()
        return results


def _name_of(system: System | Answering) -> tuple[str, str]:
    if isinstance(system, System):
        return system.label, system.fingerprint
    name = f"{type(system).__module__}.{type(system).__qualname__}"
    return name, name


def notes_of(questions: QuestionSet) -> list[str]:
    """Returns what a reader of the figures should know about the set."""
    notes = []
    if questions.derived_needs:
        notes.append(
            "Needed sentences are not labelled in this set: those that hold an accepted answer stand for them."
        )
    n_drafts = sum(question.is_draft for question in questions.questions)
    if n_drafts:
        notes.append(f"{n_drafts:,} of the questions are drafts that nobody has looked through: no figure to go by.")
    return notes


def _batches(questions: QuestionSet, left: Iterable[Question]) -> Iterator[Batch]:
    """Yields questions on one article together, at most `QUESTIONS_A_BATCH` of them."""
    places = {article_id: place for place, article_id in enumerate(questions.articles)}
    for article_id, some in groupby(sorted(left, key=lambda q: places[q.article_id]), key=lambda q: q.article_id):
        while batch := list(islice(some, QUESTIONS_A_BATCH)):
            yield questions.articles[article_id], batch


def _answer(batches: Sequence[Batch], system: System | Answering, depth: int, workers: int) -> Iterator[list[Row]]:
    """Yields the rows of each batch as it is done."""
    if isinstance(system, System) and workers > 1 and len(batches) > 1:
        yield from _answer_in_processes(batches, system, depth, min(workers, len(batches)))
        return
    with ExitStack() as stack:
        opened = stack.enter_context(system.open()) if isinstance(system, System) else system
        asking = _Asking(opened, depth)
        stack.callback(asking.close)
        for article, some in batches:
            for question in some:
                yield [asking.row_of(question, article)]


class _Asking:
    """Holds one article at a time in the system, so that memory stays flat."""

    def __init__(self, system: Answering, depth: int) -> None:
        self._system = system
        self._depth = depth
        self._article_id = ""

    def row_of(self, question: Question, article: ArticleText) -> Row:
        """Returns the judged answer to `question`, asked within `article`."""
        if self._article_id != article.id:
            self.close()
            added = self._system.add(article.text, title=article.title).id
            if added != article.id:
                raise QuestionSetError(f"The library gave {added!r} as the article's id, expected {article.id!r}.")
            self._article_id = added
        start = time.perf_counter()
        answer = self._system.ask(question.text, article=article.id, history=question.history)
        seconds = time.perf_counter() - start
        found = self._system.retrieve(question.text, k=self._depth, article=article.id, history=question.history)
        return judge(question, article, answer, found, seconds)

    def close(self) -> None:
        """Removes the article."""
        if self._article_id:
            self._system.remove(self._article_id)
            self._article_id = ""


_of_this_process: dict[str, Any] = {}
"""What a worker process keeps open between batches."""


def _open_worker(system: System, depth: int, n_threads: int) -> None:
    # Ctrl-C goes to the whole group of processes; only the parent is to act on it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # One process a core is all the parallelism there is; FAISS would start a thread a core in each.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    threading.Thread(target=_end_with_parent, daemon=True).start()
    stack = ExitStack()
    _of_this_process["stack"] = stack
    _of_this_process["asking"] = _Asking(stack.enter_context(system.open(n_threads)), depth)
    Finalize(None, stack.close, exitpriority=10)


def _end_with_parent() -> None:
    """Ends this process when its parent is gone: a killed parent does not tell its workers."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _rows_of(batch: Batch) -> list[Row]:
    article, questions = batch
    return [_of_this_process["asking"].row_of(question, article) for question in questions]


def _answer_in_processes(batches: Sequence[Batch], system: System, depth: int, workers: int) -> Iterator[list[Row]]:
    """Yields rows from worker processes, each with one thread; few batches are under way at a time."""
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, context, initializer=_open_worker, initargs=(system, depth, 1))
    waiting = iter(batches)
    running: set[Future[list[Row]]] = {pool.submit(_rows_of, batch) for batch in islice(waiting, workers * 2)}
    try:
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            running |= {pool.submit(_rows_of, batch) for batch in islice(waiting, len(done))}
            for future in done:
                yield future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
