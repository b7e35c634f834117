"""`evaluate` from code: a question set in, results out, reports on disk if asked for."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant.articles.article import Article
from assistant.errors import QuestionSetError
from assistant.evaluation.baselines import Answering
from assistant.evaluation.named_articles import find_in
from assistant.evaluation.predictions import score
from assistant.evaluation.question_files import folder_of, read_questions
from assistant.evaluation.questions import QuestionSet, RetrievalSet
from assistant.evaluation.results import Results, read_results
from assistant.evaluation.retrieval_run import RetrievalResults, evaluate_retrieval
from assistant.evaluation.run import evaluate_questions
from assistant.evaluation.systems import ASSISTANT, System
from assistant.settings import Settings, read_settings

System_ = System | Answering | Settings | str | None


def evaluate(
    questions: QuestionSet | RetrievalSet | Path | str,
    system: System_ = None,
    *,
    k: int = 5,
    article: str | Path = "",
    paths_below: Path | None = None,
    workers: int = 0,
    report: Path | str | None = None,
    compare: Results | Path | str | None = None,
    predictions: Path | str | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> Results | RetrievalResults:
    """Returns how good the assistant is on a question set, figure by figure and question by question.

    Each article of the set is added to a temporary library and asked alone; the user's library is not touched.

    Args:
        questions: a set, or the path of one: JSONL, SQuAD JSON, CSV, or a BEIR folder.
        system: None for the assistant as set in the environment; Settings or an open Assistant for one like that; the
            name of a baseline (lexical, dense, first, abstain) or of a chat model; or any object that answers.
        k: of the headline recall.
        article: of the questions that name none: an id or title, or a Path.
        paths_below: the folder that files named in the set may be in; None for the set's own.
        workers: processes; 0 for two on a long set, else one.
        report: folder for report.html, results.json and summary.md; an interrupted run goes on from there.
        compare: other results on the same set, the Path of their file or folder, or the name of a baseline to run beside.
        predictions: a file of answers made elsewhere, which are judged instead of anything that answers.
        on_progress: called with (done, all).

    Raises:
        QuestionSetError: if the set is wrong: file, line, field and what is expected.

    Example:
        >>> results = evaluate("tests/quality/sample.jsonl", "first")
        >>> results.figures["citations.intact"].value
        1.0
    """
    folder = Path(report) if report is not None else None
    if not isinstance(questions, QuestionSet | RetrievalSet):
        path = Path(questions)
        questions = read_questions(path, article, library_article, paths_below or folder_of(path))
    if predictions is not None:
        _refuse(predictions, questions, system)
    chosen = system_of(system)
    if isinstance(questions, RetrievalSet):
        return evaluate_retrieval(questions, chosen, k, folder, on_progress)
    if predictions is not None:
        results = score(questions, Path(predictions), k)
    else:
        results = evaluate_questions(questions, chosen, k, workers, folder, on_progress)
    if compare is not None:
        results = results.compared_with(_other(compare, questions, k, workers, folder, on_progress))
    if folder is not None:
        from assistant.evaluation.report import write_report

        write_report(results, questions, folder)
    return results


def _refuse(predictions: Path | str, questions: QuestionSet | RetrievalSet, system: System_) -> None:
    if system is not None:
        raise QuestionSetError(
            f"{predictions} holds the answers: nothing else can be evaluated with it; leave one out."
        )
    if isinstance(questions, RetrievalSet):
        raise QuestionSetError(
            f"{questions.name} is a BEIR folder, whose documents are ranked; {predictions} has answers."
        )


def _other(
    compare: Results | Path | str,
    questions: QuestionSet,
    k: int,
    workers: int,
    folder: Path | None,
    on_progress: Callable[[int, int], None] | None,
) -> Results:
    """Returns the results to compare with: as given, read from a file, or of a baseline."""
    if isinstance(compare, Results):
        return compare
    if isinstance(compare, Path):
        return read_results(compare)
    beside = folder / f"compared-{re.sub('[^a-z0-9]+', '-', compare.lower())}" if folder else None
    return evaluate_questions(questions, System(compare), k, workers, beside, on_progress)


def system_of(system: System_) -> System | Answering:
    """Returns what to evaluate; settings and assistants are opened anew, on a library of their own."""
    if system is None:
        system = read_settings()
    elif isinstance(system, str):
        return System(system)
    settings = system if isinstance(system, Settings) else getattr(system, "settings", None)
    if isinstance(settings, Settings):
        return System(ASSISTANT, changes_of(settings))
    return system  # type: ignore[return-value]


def changes_of(settings: Settings) -> dict[str, Any]:
    """Returns the settings that differ from the defaults and may change an answer, as JSON types."""
    chosen = settings.model_dump(mode="json", exclude={"library", "n_threads"})
    return {name: value for name, value in chosen.items() if value != Settings.model_fields[name].default}


def library_article(name: str) -> Article:
    """Returns an article of the user's library by its id or title.

    Raises:
        ArticleError: if it is not there.
    """
    from assistant.assistant import Assistant

    with Assistant.open() as assistant:
        return find_in(assistant)(name)
