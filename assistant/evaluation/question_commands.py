"""The command line of question sets: `assistant questions check` and `assistant questions draft`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from assistant.errors import QuestionSetError
from assistant.evaluation.command import add_article_arguments, questions_of

WARNED = 1
"""Exit code of `check --strict` where something is likely meant otherwise."""


def add_check_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `assistant questions check`."""
    parser.add_argument(
        "set", metavar="FILE", help="question set: JSONL, SQuAD JSON, CSV (question, answer) or BEIR folder"
    )
    add_article_arguments(parser)
    parser.add_argument("--strict", action="store_true", help="exit with 1 if anything is warned of")


def add_draft_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `assistant questions draft`."""
    parser.add_argument("article", nargs="+", metavar="ARTICLE", help="files, or ids or titles of the library")
    parser.add_argument("--to", type=Path, required=True, metavar="FILE", help="the question set to write, as JSONL")
    parser.add_argument("--force", action="store_true", help="overwrite the file if there is one")


def run_check(arguments: argparse.Namespace) -> int:
    """Reads a question set, says what is in it and warns; returns 0, or 1 after a warning if `--strict`.

    Raises:
        QuestionSetError: every mistake with file, line, field and what is expected.
    """
    from assistant.evaluation.failures import one_line
    from assistant.evaluation.questions import QuestionSet

    questions = questions_of(arguments)
    if not isinstance(questions, QuestionSet):
        n_queries, n_documents = len(questions.queries), len(questions.documents)
        print(f"{arguments.set}: {n_queries} queries, {n_documents} documents. No mistake found.")
        return 0
    for warning in questions.warnings:
        print(f"Warning: {one_line(warning, 1000)}", file=sys.stderr)
    rows = questions.questions
    n_not = sum(not question.answerable for question in rows)
    n_follow_ups = sum(bool(question.history) for question in rows)
    n_drafts = sum(question.is_draft for question in rows)
    derived = "from the answers" if questions.derived_needs else "labelled"
    drafts = f" {n_drafts} are drafts: look through them, mend them, and take `note` away." if n_drafts else ""
    print(
        f"{arguments.set}: {len(rows)} questions on {len(questions.articles)} articles, "
        f"{n_not} of them unanswerable, {n_follow_ups} follow-ups; supporting sentences {derived}. "
        f"No mistake found.{drafts}"
    )
    return WARNED if arguments.strict and questions.warnings else 0


def run_draft(arguments: argparse.Namespace) -> int:
    """Drafts questions on articles, for a person to look through; returns 0.

    Raises:
        AssistantError: if an article cannot be read, none makes a question, or the file cannot be written.
    """
    from assistant.evaluation.drafts import drafts_of, opened, written

    if arguments.to.exists() and not arguments.force:
        raise QuestionSetError(
            f"{arguments.to} is there already; give another with --to, or overwrite it with --force."
        )
    articles = {article.id: article for article in map(opened, arguments.article)}
    rows = [row for article in articles.values() for row in drafts_of(article)]
    if not rows:
        raise QuestionSetError("No question could be made from what was given; longer articles make more.")
    written(rows, arguments.to)
    n_not = sum(not row["answerable"] for row in rows)
    print(
        f"{arguments.to}: {len(rows)} questions drafted, {n_not} of them unanswerable. "
        "Look through them: mend or remove what is wrong, and take `note` away where a question is right."
    )
    return 0
