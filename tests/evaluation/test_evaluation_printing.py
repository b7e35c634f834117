"""What the terminal tells of an evaluation: what failed and why, figures by tag, runs beside one another."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import pytest
from evaluation_fakes import ARTICLE, answer, question, refusal, span

from assistant.errors import QuestionSetError
from assistant.evaluation import Question, QuestionSet, Results, read_results
from assistant.evaluation.compare_command import add_compare_arguments, run_compare
from assistant.evaluation.failures import expected, failures, given, one_line, why
from assistant.evaluation.printing import print_results
from assistant.evaluation.questions import RetrievalSet
from assistant.evaluation.report import as_markdown, write_report
from assistant.evaluation.report_html import as_html
from assistant.evaluation.results import summarise, write_json
from assistant.evaluation.rows import Row, judge

ASKED = [
    question(id="1", tags=("names", "easy")),
    question(id="2", text="Wer?", tags=("names",)),
    question(id="3", answerable=False, answers=(), needs=(), tags=("hard|<b>",)),
    question(id="4", answers=(), needs=((span(0),), (span(2), span(3)))),
    question(id="5"),
]
GIVEN = [answer(0), refusal(standalone_question="Wer?"), answer(1, short="1843"), answer(1, short="", text="Ada\x1b[2J wrote."),
         answer(2, short="Charles", standalone_question="Q, in other words?")]  # fmt: skip


def rows(asked: list[Question] = ASKED) -> list[Row]:
    return [judge(q, ARTICLE, a, [], 0.1) for q, a in zip(asked, GIVEN, strict=True)]


def results(system: str = "it", some: list[Row] | None = None) -> Results:
    return summarise("set", "digest", system, 5, rows() if some is None else some, 0.5)


QUESTIONS = QuestionSet("set", tuple(ASKED), {"article": ARTICLE}, "digest")


class TestFailures:
    def test_each_failure_says_why_it_is_wrong_what_was_expected_and_what_was_given(self) -> None:
        articles = QUESTIONS.articles
        found = rows()
        assert [row.id for row in failures(found)] == ["2", "3", "4", "5"]
        assert [why(row) for row in found] == [
            "",
            "refused, though the article says",
            "answered, though the article does not say",
            "support missed: 2 of 2 needed sentences not cited, 1 cited that are not needed",
            "wrong short answer (F1 0.00); 1 of 1 needed sentences not cited",
        ]
        assert [expected(row, articles) for row in found] == [
            "Ada", "Ada", "a refusal", "Ada wrote the first program. … Charles built the engine.", "Ada",
        ]  # fmt: skip
        assert [given(row) for row in found] == ["Ada", "a refusal", "1843", "Ada\x1b[2J wrote.", "Charles"]

    def test_a_line_holds_no_control_and_is_cut_off(self) -> None:
        assert one_line("a\r\n\x1b]0;b\x07  \u202ec\u2028d") == "a ]0;b c d"
        assert one_line("a" * 400) == "a" * 300 + "…"


class TestPrinting:
    def test_the_first_failures_are_printed_as_many_as_are_wanted(self, capsys: pytest.CaptureFixture[str]) -> None:
        print_results(results(), QUESTIONS, 2, None)
        told = capsys.readouterr().out
        assert "4 of 5 questions failed; the first 2 (more with --failures N):" in told
        assert (
            "\n\n2: Wer?\n  expected: Ada\n  answered: a refusal\n  why wrong: refused, though the article says\n"
            in told
        )
        assert "\n3: Q?\n" in told
        assert "\n5: Q?" not in told
        print_results(results(), QUESTIONS, 10, None)
        told = capsys.readouterr().out
        assert "4 of 5 questions failed:\n" in told
        assert "5: Q?\n  understood as: Q, in other words?\n  expected: Ada\n  answered: Charles\n" in told
        assert "answered: Ada [2J wrote.\n" in told
        assert "\x1b" not in told
        print_results(results(), QUESTIONS, 0, None)
        assert "failed" not in capsys.readouterr().out

    def test_figures_by_tag_stand_in_print_json_report_and_summary(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("COLUMNS", "150")
        found = results()
        assert list(found.tags) == ["easy", "hard|<b>", "names"]
        assert (found.tags["names"]["outcome.right"].value, found.tags["names"]["outcome.right"].n) == (0.5, 2)
        assert found.tags["hard|<b>"]["abstention.recall"].value == 0.0
        print_results(found, QUESTIONS, 0, None)
        lines = [line.split() for line in capsys.readouterr().out.splitlines()]
        assert [
            "│",
            "names",
            "│",
            "2",
            "│",
            "0.5000",
            "│",
            "0.5000",
            "│",
            "0.5000",
            "│",
            "–",
            "│",
            "0.5000",
            "│",
        ] in lines
        write_report(found, QUESTIONS, tmp_path)
        kept = json.loads((tmp_path / "results.json").read_text())["tags"]["names"]
        assert (kept["outcome.right"]["value"], kept["abstention.recall"]["value"]) == (0.5, None)
        assert read_results(tmp_path).tags["names"]["outcome.right"].n == 2
        assert "| hard\\|&lt;b> | 0.0% |" in as_markdown(found)
        assert '<th scope="row">hard|&lt;b&gt;</th><td>0.0%</td>' in as_html(found, QUESTIONS)

    def test_results_from_before_there_were_tags_are_read(self, tmp_path: Path) -> None:
        values = results().to_dict()
        del values["tags"]
        for row in values["rows"]:
            del row["tags"]
        write_json(values, tmp_path / "results.json")
        assert read_results(tmp_path).tags == {}

    def test_drafts_are_noted_with_the_figures(self) -> None:
        from assistant.evaluation.run import notes_of

        drafted = replace(QUESTIONS, questions=(replace(ASKED[0], is_draft=True), ASKED[1]))
        (note,) = notes_of(drafted)
        assert note == "1 of the questions are drafts that nobody has looked through: no figure to go by."
        assert notes_of(QUESTIONS) == []


def compare(*paths: Path, as_json: bool = False) -> int:
    parser = argparse.ArgumentParser()
    add_compare_arguments(parser)
    return run_compare(parser.parse_args([*map(str, paths), *(["--json"] if as_json else [])]))


class TestComparing:
    def test_runs_stand_beside_the_first_with_paired_intervals(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("COLUMNS", "150")
        asked = [question(id=str(n)) for n in range(12)]
        right = [judge(q, ARTICLE, answer(0), [], 0.1) for q in asked]
        wrong = [judge(q, ARTICLE, answer(2, short="Charles"), [], 0.1) for q in asked]
        runs = {"a": wrong, "b": right[:10] + wrong[10:], "c": wrong[:11]}
        for name, some in runs.items():
            write_json(results(f"run {name}", some).to_dict(), tmp_path / name / "results.json")
        assert compare(*(tmp_path / name for name in runs)) == 0
        told = capsys.readouterr().out
        assert "A: run a\nB: run b\nC: run c\nset, 11 questions" in told
        assert "better" in told
        assert compare(*(tmp_path / name for name in runs), as_json=True) == 0
        values = json.loads(capsys.readouterr().out)
        assert (values["first"], [run["system"] for run in values["others"]]) == ("run a", ["run b", "run c"])
        (of_b,) = [d for d in values["others"][0]["differences"] if d["name"] == "outcome.right"]
        (of_c,) = [d for d in values["others"][1]["differences"] if d["name"] == "outcome.right"]
        assert (of_b["before"], of_b["after"], of_b["n"], of_b["verdict"]) == (0.0, 10 / 11, 11, "better")
        assert 0 < of_b["low"] < 10 / 11 <= of_b["high"] <= 1
        assert (of_c["after"], of_c["low"], of_c["high"], of_c["p_value"]) == (0.0, 0.0, 0.0, 1.0)
        alone = results("b", runs["b"][:11]).compared_with(results("a", wrong[:11])).differences
        (same,) = [d for d in alone if d.name == "outcome.right"]
        # Corrected for twice as many tests.
        assert of_b["p_value"] > same.p_value > 0

    def test_runs_of_another_set_or_k_are_refused(self, tmp_path: Path) -> None:
        for name, changes in (("a", {}), ("b", {"digest": "other"}), ("c", {"k": 7})):
            write_json({**results().to_dict(), **changes}, tmp_path / name / "results.json")
        for other in ("b", "c"):
            with pytest.raises(QuestionSetError, match="evaluate all on the same one, with the same --k"):
                compare(tmp_path / "a", tmp_path / other)


def test_a_retrieval_set_has_no_failures(capsys: pytest.CaptureFixture[str]) -> None:
    print_results(results(), RetrievalSet("set", {}, {}, {}), 10, Path("there"))
    told = capsys.readouterr().out
    assert "failed" not in told
    assert told.endswith("Report: there/report.html\n")
