"""Evaluation: a question set tells how good the assistant is, and why."""

from __future__ import annotations

from assistant.evaluation.api import evaluate
from assistant.evaluation.question_files import read_questions
from assistant.evaluation.questions import Question, QuestionSet, RetrievalSet
from assistant.evaluation.results import Results, read_results

__all__ = ["Question", "QuestionSet", "Results", "RetrievalSet", "evaluate", "read_questions", "read_results"]
