"""From results to the reader: the report and the command line."""

from __future__ import annotations

import argparse
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from evaluation_fakes import FakeAssistant, answer, question

from assistant.answer import Citation
from assistant.articles.sentences import Sentence
from assistant.errors import QuestionSetError
from assistant.evaluation import QuestionSet, evaluate, read_results
from assistant.evaluation.command import STOPPED, add_arguments, run
from assistant.evaluation.question_commands import add_check_arguments, run_check
from assistant.evaluation.questions import ArticleText
from assistant.evaluation.report_html import as_html
from assistant.evaluation.results import summarise
from assistant.evaluation.rows import judge

SAMPLE = Path(__file__).parents[1] / "quality" / "sample.jsonl"


class Page(HTMLParser):
    """Collects start tags and what a page would load."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    evaluate(SAMPLE, FakeAssistant(), report=folder, compare="first")
    return folder


class TestReport:
    def test_it_loads_nothing_and_shows_every_question_failures_first(self, folder: Path) -> None:
        html = (folder / "report.html").read_text(encoding="utf-8")
        page = Page(html)
        assert not [attrs for _, attrs in page.tags if "src" in attrs or "href" in attrs]
        assert "url(" not in html
        assert "@import" not in html
        rows = [attrs["data-outcome"] for tag, attrs in page.tags if tag == "details"]
        assert len(rows) == 90
        failures = {"wrong-answer", "should-have-refused", "wrongly-refused"}
        assert [row in failures for row in rows] == sorted((row in failures for row in rows), reverse=True)
        assert sum(tag == "figure" for tag, _ in page.tags) == 4
        assert "Compared with baseline first" in html

    def test_results_are_read_back_as_they_were_written(self, folder: Path) -> None:
        results = read_results(folder)
        assert json.loads(json.dumps(results.to_dict())) == json.loads(
            (folder / "results.json").read_text(encoding="utf-8")
        )
        assert len(results.rows) == 90
        assert results.differences

    def test_the_summary_is_a_table_of_headline_figures(self, folder: Path) -> None:
        summary = (folder / "summary.md").read_text(encoding="utf-8")
        assert re.search(r"^\| Answer F1 \| \d+\.\d% \| \d+\.\d% – \d+\.\d% \| 77 \|$", summary, re.MULTILINE)

    def test_tricks_in_articles_questions_and_answers_are_shown_as_text(self) -> None:
        trick = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'$title"
        text = f"{trick} wrote it. Nobody knows."
        sentence = Sentence(text, 0, len(text), 0)
        article = ArticleText("article", trick, text)
        q = question(id=trick, kind=trick, text=trick, answers=(trick,), history=((trick, trick),), needs=(((0, 20),),))
        given = answer(0, short=trick, text=trick, reason=trick, standalone_question=trick + "!",
                       citations=(Citation(sentence, "article", trick, 0.5, 1),))  # fmt: skip
        row = judge(q, article, given, [], 0.1)
        results = summarise(trick, "digest", trick, 5, [row], 0.1)
        page = Page(as_html(results, QuestionSet(trick, (q,), {"article": article}, "digest")))
        assert [tag for tag, _ in page.tags if tag == "script"] == ["script"]
        assert not [tag for tag, _ in page.tags if tag == "img"]
        assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]

    def test_results_of_another_format_are_refused(self, tmp_path: Path) -> None:
        (tmp_path / "results.json").write_text('{"format": 99}')
        with pytest.raises(QuestionSetError, match="results of format 99, expected 1"):
            read_results(tmp_path)
        (tmp_path / "results.json").write_text("[]")
        with pytest.raises(QuestionSetError, match=r"expected the results.json that `assistant evaluate --report`"):
            read_results(tmp_path)


def parsed(*arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return parser.parse_args(arguments)


class TestCommand:
    def test_figures_are_printed_as_a_table_or_as_json(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(parsed(str(SAMPLE), "--baseline", "first")) == 0
        assert "citations.intact" in capsys.readouterr().out
        assert run(parsed(str(SAMPLE), "--baseline", "first", "--json", "--k", "7")) == 0
        values = json.loads(capsys.readouterr().out)
        assert values["system"] == "baseline first"
        assert "retrieval.recall@7" in values["figures"]
        assert "rows" not in values

    def test_check_tells_what_a_set_holds(self, capsys: pytest.CaptureFixture[str]) -> None:
        parser = argparse.ArgumentParser()
        add_check_arguments(parser)
        assert run_check(parser.parse_args([str(SAMPLE)])) == 0
        told = capsys.readouterr().out
        assert (
            "90 questions on 1 articles, 31 of them unanswerable, 15 follow-ups; supporting sentences labelled" in told
        )

    def test_floors_that_are_to_change_need_a_file(self) -> None:
        with pytest.raises(QuestionSetError, match="name it with --floors FILE"):
            run(parsed(str(SAMPLE), "--raise-floors"))

    def test_ctrl_c_ends_with_130(self) -> None:
        assert STOPPED == 130
