"""Drafts of questions: what an article answers, and what it does not without the sentences that answer."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from assistant.adding import with_sentences
from assistant.articles.article import make_article
from assistant.errors import ArticleError, QuestionSetError
from assistant.evaluation import QuestionSet, read_questions
from assistant.evaluation.drafts import drafts_of, without
from assistant.evaluation.question_commands import (
    WARNED,
    add_check_arguments,
    add_draft_arguments,
    run_check,
    run_draft,
)

TEXT = """Mill Bridge

The bridge was opened in 1932. Ada Moss, the engineer of Oxton, built it.

“It is a miracle,” said Ada Moss. It was closed in 1960 because of rust. The town has four bridges today.
Four ferries crossed the river before. “It will hold,” Ada Moss said. Nobody knows who paid.
The mayor was glad. The fish were not. A choir sang all day. Rain fell at night. It was warm. The inn was full."""


def article() -> Any:
    return with_sentences(make_article(TEXT))


def by_question(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["question"], []).append(row)
    return found


def test_each_question_is_drafted_with_its_answer_and_without() -> None:
    found = by_question(drafts_of(article()))
    held, cut = found["When was the bridge opened?"]
    assert (held["answers"], held["support"], held["answerable"]) == (
        ["1932"],
        ["The bridge was opened in 1932."],
        True,
    )
    assert held["note"] == {"draft": True}
    assert (cut["answers"], cut["support"], cut["answerable"]) == ([], [], False)
    assert cut["note"] == {"draft": True, "left_out": ["The bridge was opened in 1932."]}
    assert cut["context"] == TEXT.replace("The bridge was opened in 1932. ", "")
    held, cut = found["What did Ada Moss say?"]
    assert held["support"] == ["“It is a miracle,” said Ada Moss.", "“It will hold,” Ada Moss said."]
    assert "hold" not in cut["context"]
    assert "miracle" not in cut["context"]
    assert "Ada Moss, the engineer" in cut["context"]
    held, cut = found["Who is the engineer of Oxton?"]
    assert held["answers"] == ["Ada Moss"]
    assert "Moss" not in cut["context"]
    held, cut = found["How many bridges are there?"]
    # Another sentence tells of four: it goes too, or the answer would still be there to be found.
    assert cut["note"]["left_out"][1:] == ["Four ferries crossed the river before."]
    assert not [question for question in found if question.startswith("What is this")]


def test_a_text_keeps_its_lines_where_a_sentence_goes() -> None:
    whole = article()
    gone = [s for s in whole.sentences if s.text.startswith(("The town has", "Ada Moss, the"))]
    assert without(whole, gone) == TEXT.replace(" The town has four bridges today.", "").replace(
        " Ada Moss, the engineer of Oxton, built it.", ""
    )
    assert without(whole, whole.sentences[:8]) == ""


def command(*words: str) -> int:
    parser = argparse.ArgumentParser()
    add_draft_arguments(parser)
    return run_draft(parser.parse_args(words))


def check(*words: str) -> int:
    parser = argparse.ArgumentParser()
    add_check_arguments(parser)
    return run_check(parser.parse_args(words))


def test_the_file_is_accepted_and_nobody_takes_it_for_labels(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path, to = tmp_path / "bridge.txt", tmp_path / "new" / "drafts.jsonl"
    path.write_text(TEXT, encoding="utf-8")
    assert command(str(path), str(path), "--to", str(to)) == 0
    rows = [json.loads(line) for line in to.read_text(encoding="utf-8").splitlines()]
    n_not = sum(not row["answerable"] for row in rows)
    assert n_not >= 4
    told = f"{to}: {len(rows)} questions drafted, {n_not} of them unanswerable. Look through them"
    assert capsys.readouterr().out.startswith(told)
    questions = read_questions(to)
    assert isinstance(questions, QuestionSet)
    assert all(question.is_draft for question in questions.questions)
    assert questions.warnings == ()
    assert check(str(to), "--strict") == 0
    assert f"No mistake found. {len(rows)} are drafts: look through them" in capsys.readouterr().out
    with pytest.raises(
        QuestionSetError, match=r"is there already; give another with --to, or overwrite it with --force"
    ):
        command(str(path), "--to", str(to))
    assert command(str(path), "--to", str(to), "--force") == 0


def test_what_makes_no_question_or_is_no_article_is_told(tmp_path: Path) -> None:
    path = tmp_path / "short.txt"
    path.write_text("Nothing much.")
    with pytest.raises(QuestionSetError, match="No question could be made from what was given"):
        command(str(path), "--to", str(tmp_path / "x.jsonl"))
    with pytest.raises(ArticleError, match="There is no article 'none'"):
        command("none", "--to", str(tmp_path / "x.jsonl"))
    assert not (tmp_path / "x.jsonl").exists()


def test_a_warning_ends_with_1_only_where_that_is_asked_for(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(
        '{"question": "Who?", "answers": ["Bob\\u001b[2J"], "context": "Ada wrote it.", "support": [[0, 13]]}\n'
    )
    assert check(str(path)) == 0
    told = capsys.readouterr().err
    assert (
        told
        == f"Warning: {path}, line 1: field `answers`: 'Bob\\x1b[2J' stands nowhere in the article; is it a slip?\n"
    )
    assert check(str(path), "--strict") == WARNED == 1
