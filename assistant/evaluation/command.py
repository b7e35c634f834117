"""The command line of the evaluation: `assistant evaluate`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import QuestionSetError

if TYPE_CHECKING:
    from assistant.evaluation.questions import QuestionSet, RetrievalSet
    from assistant.evaluation.results import Results
    from assistant.evaluation.retrieval_run import RetrievalResults

STOPPED = 130
"""Exit code after Ctrl-C, as shells have it."""

Progress = Callable[[int, int], None]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `assistant evaluate`."""
    parser.add_argument(
        "set", metavar="SET", help="question set: JSONL, SQuAD JSON, CSV (question, answer) or BEIR folder"
    )
    add_article_arguments(parser)
    parser.add_argument("--k", type=_positive, default=5, help="depth of the headline recall (default: 5)")
    parser.add_argument(
        "--baseline", default=None, help="evaluate this instead: lexical, dense, first, abstain, or a chat model's name"
    )
    parser.add_argument("--compare", default=None, help="results.json of another run, or a baseline to run beside")
    parser.add_argument(
        "--report", type=Path, default=None, metavar="DIR", help="write report.html, results.json, summary.md"
    )
    parser.add_argument(
        "--workers", type=int, default=0, choices=range(65), metavar="N", help="processes (default: by length)"
    )
    parser.add_argument(
        "--floors", type=Path, default=None, metavar="FILE", help="exit with 1 if a figure is below its floor"
    )
    either = parser.add_mutually_exclusive_group()
    either.add_argument(
        "--raise-floors", action="store_true", help="raise the floors to what is reached; never lowers one"
    )
    either.add_argument("--lower-floors", action="store_true", help="set the floors anew, lower ones too")
    parser.add_argument("--margin", type=float, default=0.0, metavar="M", help="set floors this much below the figures")
    parser.add_argument(
        "--predictions", type=Path, default=None, metavar="FILE", help="judge these answers instead: JSON, JSONL or CSV"
    )
    parser.add_argument(
        "--failures", type=int, default=10, metavar="N", help="print the first N questions that failed (default: 10)"
    )
    parser.add_argument("--csv", type=Path, default=None, metavar="FILE", help="write a table, a row a question")
    parser.add_argument(
        "--junit", type=Path, default=None, metavar="FILE", help="write JUnit XML, a test case a question"
    )
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")


def add_article_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments that say which articles a set's questions are on."""
    parser.add_argument("--article", default="", help="file, id or title of the article, for questions that name none")
    parser.add_argument(
        "--paths-below",
        type=Path,
        metavar="DIR",
        help="the set may name files in DIR and below it (default: the set's own folder); / for any file",
    )


def run(arguments: argparse.Namespace) -> int:
    """Evaluates and prints; returns 0, 1 if a floor is missed, 130 after Ctrl-C.

    Raises:
        AssistantError: anything that is wrong with set, floors, models.
    """
    if (arguments.raise_floors or arguments.lower_floors) and arguments.floors is None:
        raise QuestionSetError("--raise-floors and --lower-floors change a file: name it with --floors FILE.")
    if not 0 <= arguments.margin < 1:
        raise QuestionSetError(f"--margin is {arguments.margin}, expected a number from 0 to below 1, such as 0.02.")
    if arguments.failures < 0:
        raise QuestionSetError(f"--failures is {arguments.failures}, expected 0 or more.")
    from assistant.evaluation.api import evaluate
    from assistant.evaluation.printing import print_json, print_results

    done = [0, 0]
    try:
        questions = questions_of(arguments)
        with _bar(done) as on_progress:
            results = evaluate(
                questions,
                arguments.baseline,
                k=arguments.k,
                workers=arguments.workers,
                report=arguments.report,
                compare=_path_or_name(arguments.compare),
                predictions=arguments.predictions,
                on_progress=on_progress,
            )
    except KeyboardInterrupt:
        _say_how_to_resume(done, arguments.report)
        return STOPPED
    _write_rows(results, questions, arguments)
    if arguments.json:
        print_json(results, questions, arguments.failures)
    else:
        print_results(results, questions, arguments.failures, arguments.report)
    return _hold_against_floors(results, arguments)


def _write_rows(
    results: Results | RetrievalResults, questions: QuestionSet | RetrievalSet, arguments: argparse.Namespace
) -> None:
    if arguments.csv is None and arguments.junit is None:
        return
    from assistant.evaluation.questions import QuestionSet
    from assistant.evaluation.results import Results
    from assistant.evaluation.row_files import write_csv, write_junit

    if not isinstance(results, Results) or not isinstance(questions, QuestionSet):
        raise QuestionSetError("--csv and --junit tell answers; a BEIR folder has none. Its rows are in results.json.")
    if arguments.csv is not None:
        write_csv(results, questions.articles, arguments.csv)
    if arguments.junit is not None:
        write_junit(results, questions.articles, arguments.junit)


def questions_of(arguments: argparse.Namespace) -> QuestionSet | RetrievalSet:
    """Returns the question set that the arguments name."""
    from assistant.evaluation.api import library_article
    from assistant.evaluation.question_files import folder_of, read_questions

    path = Path(arguments.set)
    below = arguments.paths_below or folder_of(path)
    return read_questions(path, _path_or_name(arguments.article) or "", library_article, below)


def _path_or_name(given: str | None) -> Path | str | None:
    """Returns the path that a word of the command line is, the word itself if there is no such file or folder."""
    try:
        return Path(given) if given and Path(given).exists() else given
    except (OSError, ValueError):
        return given


def _positive(text: str) -> int:
    value = int(text)
    if not 1 <= value <= 100:
        raise argparse.ArgumentTypeError(f"expected a number from 1 to 100, got {text}")
    return value


@contextmanager
def _bar(done: list[int]) -> Iterator[Progress]:
    """Yields what advances a bar with the time left, on standard error."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = [
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    ]
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Asking", total=None)

        def advance(n_done: int, n_all: int) -> None:
            done[:] = n_done, n_all
            progress.update(task, completed=n_done, total=n_all)

        yield advance


def _say_how_to_resume(done: list[int], report: Path | None) -> None:
    print(f"Stopped after {done[0]:,} of {done[1]:,}.", end=" ", file=sys.stderr)
    if report is None:
        print("Nothing is kept: with --report DIR the same command goes on where it stopped.", file=sys.stderr)
    else:
        print(f"What is done is kept in {report}; the same command goes on from there.", file=sys.stderr)


def _hold_against_floors(results: Results | RetrievalResults, arguments: argparse.Namespace) -> int:
    from assistant.evaluation.gate import fallen, pinned, raised, read_floors, write_floors

    path: Path | None = arguments.floors
    if path is None:
        return 0
    digest, k, figures = results.digest, arguments.k, results.figures
    if arguments.lower_floors:
        write_floors(pinned(digest, k, figures, arguments.margin), path)
        print(f"{path}: floors set anew at the figures of this run.", file=sys.stderr)
        return 0
    floors = read_floors(path) if path.exists() or not arguments.raise_floors else None
    lines = fallen(floors, digest, k, figures) if floors is not None else []
    for line in lines:
        print(f"Below its floor: {line}" if " its floor is " in line else f"Gate: {line}", file=sys.stderr)
    if lines:
        return 1
    if arguments.raise_floors:
        write_floors(raised(floors, digest, k, figures, arguments.margin), path)
        print(f"{path}: floors raised to the figures of this run.", file=sys.stderr)
    return 0
