"""Answers made elsewhere: every form is read, what is missing is told, and they are judged as the assistant's are."""

from __future__ import annotations

import argparse
import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from evaluation_fakes import ARTICLE, FakeAssistant, question

from assistant.articles.article import make_article
from assistant.errors import QuestionSetError
from assistant.evaluation import QuestionSet, Results, RetrievalSet, evaluate
from assistant.evaluation.command import add_arguments, run
from assistant.evaluation.predictions import Prediction, read_predictions, score
from assistant.evaluation.questions import ArticleText
from assistant.evaluation.report_html import as_html

ASKED = (
    question(id="a", answers=("Ada Lovelace", "Ada")),
    question(id="b", answers=("1843",)),
    question(id="c", answerable=False, answers=(), needs=()),
    question(id="d", answerable=False, answers=(), needs=()),
    question(id="e", answers=()),
)
QUESTIONS = QuestionSet("set", ASKED, {"article": ARTICLE}, "digest")


def write(folder: Path, content: Any, name: str = "answers.json") -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.json", {"a": "Ada", "b": "", "c": None, "d": "The article does not say."},
         {"a": Prediction("Ada"), "b": Prediction(""), "c": Prediction(""), "d": Prediction("")}),
        ("a.jsonl", '{"id": "a", "answer": "Ada", "confidence": 0.75}\n\n{"id": 2, "answer": "x", "confidence": 1, "abstained": true}\n',
         {"a": Prediction("Ada", 0.75), "2": Prediction("", 1.0)}),
        ("a.json", '{"id": "a", "answer": "Ada"}', {"a": Prediction("Ada")}),
        ("a.csv", "id,answer\na,Ada\nb,\n", {"a": Prediction("Ada"), "b": Prediction("")}),
        ("a.csv", "a;Ada, then\nb;x\n", {"a": Prediction("Ada, then"), "b": Prediction("x")}),
        ("a.tsv", "answer\tconfidence\tid\tabstained\nAda\t0.5\ta\tno\nx\t1\tb\tTrue\n",
         {"a": Prediction("Ada", 0.5), "b": Prediction("", 1.0)}),
    ],
)  # fmt: skip
def test_every_form_is_read(tmp_path: Path, name: str, content: Any, expected: dict[str, Prediction]) -> None:
    assert read_predictions(write(tmp_path, content, name)) == expected


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.json", {"a": 5}, "id 'a': field `answer`: expected a text, got 5"),
        ("a.json", "[1]", "line 1: expected an object, got [1]"),
        ("a.json", "{", "line 1: expected JSON {id: answer} as SQuAD's, JSON lines"),
        ("a.json", "", "it holds no answer; expected JSON {id: answer}"),
        ("a.jsonl", '{"id": "a"}', "line 1: field `answer`: expected a text, got nothing"),
        ("a.jsonl", '{"id": "a", "answer": "x"}\n{"id": "a", "answer": "x"}', "line 2: field `id`: 'a' is there already"),
        ("a.jsonl", '{"id": "a", "answer": "x", "confidence": 1.5}', "line 1: field `confidence`: expected a number from 0 to 1"),
        ("a.jsonl", '{"id": "a", "answer": "x", "abstained": 1}', "field `abstained`: expected true or false, got 1"),
        ("a.jsonl", '{"id": "a", "answer": "x", "confidence": 1}\n{"id": "b", "answer": "x"}', "1 of 2 answers have a `confidence`"),
        ("a.csv", "id,answer,abstained\na,Ada,perhaps\n", "line 2: field `abstained`: expected true or false, got 'perhaps'"),
        ("a.csv", "id,answer,confidence\na,Ada,much\n", "line 2: field `confidence`: expected a number from 0 to 1, got 'much'"),
        ("a.csv", "id,answer\na,Ada,x\n", "line 2: expected 2 columns (id, answer), got 3"),
        ("a.csv", 'id,answer\na,"' + "x" * 200_000, "line 2: expected a table (field larger than field limit"),
        ("a.jsonl", '{"id": "a", "answer": "x", "confidence": 1e999}', "field `confidence`: expected a number from 0 to 1, got inf"),
        ("a.json", '{"a": ' + "[" * 100_000, "line 1: expected JSON {id: answer} as SQuAD's"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(tmp_path: Path, name: str, content: Any, said: str) -> None:
    path = write(tmp_path, content, name)
    with pytest.raises(QuestionSetError) as told:
        read_predictions(path)
    assert said in str(told.value)
    assert str(path) in str(told.value)


class TestScoring:
    def test_missing_ids_are_refusals_and_what_is_not_known_is_not_measured(self, tmp_path: Path) -> None:
        path = write(tmp_path, {"a": "ada", "c": "Babbage", "x": "?"})
        found = score(QUESTIONS, path)
        assert [(row.id, row.outcome) for row in found.rows] == [
            ("a", "right"), ("b", "wrongly refused"), ("c", "should have refused"), ("d", "rightly refused"),
        ]  # fmt: skip
        figures = {name: f.value for name, f in found.figures.items() if not math.isnan(f.value)}
        assert figures["outcome.right"] == 0.5
        assert figures["answers.exact_match"] == 0.5
        assert not [name for name in figures if name.startswith(("support", "citations", "retrieval", "confidence"))]
        assert "abstention.auroc" not in figures
        assert found.digest == "digest"
        assert found.notes[1:] == (
            "They have no confidence, so that its figures are left out.",
            "2 questions have no answer in answers.json and count as refused: b, d.",
            "1 questions have no short answer labelled and are left out: e.",
            "1 answers are to no question of the set and are left out: x.",
        )
        html = as_html(found, QUESTIONS)
        assert "Calibration</h3>" not in html
        assert "Risk and coverage" not in html
        assert "<dt>confidence</dt>" not in html

    def test_with_confidence_its_figures_are_measured(self, tmp_path: Path) -> None:
        lines = [{"id": i, "answer": a, "confidence": c} for i, a, c in
                 (("a", "Ada", 0.9), ("b", "x", 0.3), ("c", "", 0.8), ("d", "y", 0.2))]  # fmt: skip
        found = score(QUESTIONS, write(tmp_path, "\n".join(map(json.dumps, lines)), "a.jsonl"))
        assert found.figures["abstention.auroc"].value == 1.0
        assert found.figures["confidence.ece"].value == pytest.approx((0.1 + 0.3 + 0.2) / 3)
        assert "Risk and coverage" in as_html(found, QUESTIONS)

    def test_answers_of_another_set_or_beside_a_baseline_are_refused(self, tmp_path: Path) -> None:
        path = write(tmp_path, {"x": "Ada"})
        with pytest.raises(QuestionSetError, match="none of its 1 ids is one of the set set, whose first is 'a'"):
            score(QUESTIONS, path)
        with pytest.raises(QuestionSetError, match="nothing else can be evaluated with it"):
            evaluate(QUESTIONS, "first", predictions=path)
        with pytest.raises(QuestionSetError, match="is a BEIR folder"):
            evaluate(RetrievalSet("set", {}, {}, {}), predictions=path)

    def test_they_are_compared_with_a_run_of_the_assistant(self, tmp_path: Path) -> None:
        article = make_article(ARTICLE.text)
        asked = tuple(replace(q, article_id=article.id) for q in ASKED)
        questions = QuestionSet("set", asked, {article.id: ArticleText(article.id, "", article.text)}, "digest")
        before = evaluate(questions, FakeAssistant())
        assert isinstance(before, Results)
        found = evaluate(questions, predictions=write(tmp_path, {"a": "Ada"}), compare=before)
        assert isinstance(found, Results)
        assert {d.name: d.n for d in found.differences} == {"outcome.right": 4, "answers.f1": 4, "abstention.right": 4}


def test_the_command_gives_report_table_junit_and_gate(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "set.csv").write_text("id,question,answer\n1,Who?,Ada\n2,Why?,\n")
    (tmp_path / "article.txt").write_text("Ada wrote it.")
    path = write(tmp_path, {"1": "Ada", "2": "Charles"})
    parser = argparse.ArgumentParser()
    add_arguments(parser)

    def command(*more: str) -> int:
        words = [str(tmp_path / "set.csv"), "--article", str(tmp_path / "article.txt"), "--predictions", str(path)]
        return run(parser.parse_args([*words, *more]))

    floors = str(tmp_path / "floors.json")
    assert command("--floors", floors, "--raise-floors", "--report", str(tmp_path / "report")) == 0
    told = capsys.readouterr().out
    assert "1 of 2 questions failed:\n\n2: Why?\n  expected: a refusal\n  answered: Charles\n" in told
    assert {p.name for p in (tmp_path / "report").iterdir()} == {"report.html", "results.json", "summary.md"}
    write(tmp_path, {"1": "Bob", "2": "Charles"})
    out = [str(tmp_path / name) for name in ("x.csv", "x.xml")]
    assert command("--floors", floors, "--csv", out[0], "--junit", out[1], "--json", "--failures", "1") == 1
    printed = capsys.readouterr()
    assert "Below its floor: outcome.right fell to 0.0000, its floor is 0.5000" in printed.err
    (failure,) = json.loads(printed.out)["failures"]
    assert failure == {"id": "1", "question": "Who?", "outcome": "wrong answer", "expected": "Ada", "answered": "Bob",
                       "why": "wrong short answer (F1 0.00)"}  # fmt: skip
    assert len(Path(out[0]).read_text().splitlines()) == 3
    assert Path(out[1]).read_text().count("<failure") == 2
    with pytest.raises(QuestionSetError, match="--failures is -1, expected 0 or more"):
        command("--failures", "-1")
