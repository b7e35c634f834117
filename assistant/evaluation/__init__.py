"""Evaluation: a question set tells how good the assistant is, and why.

Names are imported when they are first used: the command line reads this package for its options alone.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.evaluation.api import evaluate
    from assistant.evaluation.collect import add_question
    from assistant.evaluation.question_files import read_questions
    from assistant.evaluation.questions import Question, QuestionSet, RetrievalSet
    from assistant.evaluation.results import Results, read_results

_HOMES = {
    "evaluate": "api",
    "add_question": "collect",
    "read_questions": "question_files",
    "Question": "questions",
    "QuestionSet": "questions",
    "RetrievalSet": "questions",
    "Results": "results",
    "read_results": "results",
}

__all__ = [
    "Question",
    "QuestionSet",
    "Results",
    "RetrievalSet",
    "add_question",
    "evaluate",
    "read_questions",
    "read_results",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
