"""Tables and JUnit files of an evaluation: whole, and safe whatever stands in questions and answers."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from defusedxml import ElementTree
from evaluation_fakes import ARTICLE, answer, question, refusal
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import QuestionSetError
from assistant.evaluation.results import Results, summarise
from assistant.evaluation.row_files import as_csv, as_junit, write_csv, write_junit
from assistant.evaluation.rows import judge

ARTICLES = {"article": ARTICLE}
TRICK = ']]></failure><failure x="&quot;">&lol;<!-- \x00\x1b\ufffe\ud800 "\' -->'


def results(text: str = "Q?", short: str = "Charles", kind: str = "") -> Results:
    asked = [question(id="1", kind=kind, tags=("a", "b")), question(id="2", text=text), question(id=f"3{text}")]
    given_ = [answer(0), refusal(), answer(2, short=short)]
    rows = [judge(q, ARTICLE, a, [], 0.25) for q, a in zip(asked, given_, strict=True)]
    return summarise("set", "digest", "it", 5, rows, 0.5)


PLAIN = results()


def test_a_table_has_a_row_a_question() -> None:
    first, second, third = csv.DictReader(io.StringIO(as_csv(results(kind="name"), ARTICLES)))
    assert (first["id"], first["kind"], first["tags"], first["outcome"], first["right"]) == (
        "1",
        "name",
        "a, b",
        "right",
        "1",
    )
    assert (first["why"], first["expected"], first["answered"], first["f1"]) == ("", "Ada", "Ada", "1.0")
    assert (second["outcome"], second["right"], second["answered"]) == ("wrongly refused", "0", "a refusal")
    assert third["why"] == "wrong short answer (F1 0.00); 1 of 1 needed sentences not cited"
    assert (third["needed"], third["cited_of_needed"], third["cited_wrong"], third["article"]) == ("1", "0", "1", "Ada")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-2+3+cmd|'x'!A", "'-2+3+cmd|'x'!A"),
        ("-5", "-5"),
        ("+1.25", "+1.25"),
        ("a=b, \"c\"\nd", "a=b, \"c\"\nd"),
    ],
)  # fmt: skip
def test_no_spreadsheet_runs_what_stands_in_a_table(text: str, kept: str) -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(results(text, short=text), ARTICLES))))
    assert (rows[1]["question"], rows[2]["answered"]) == (kept, kept)


def test_junit_has_a_test_case_a_question_and_a_failure_with_its_reason(tmp_path: Path) -> None:
    write_junit(results(kind="name"), ARTICLES, tmp_path / "new" / "junit.xml")
    whole = ElementTree.parse(tmp_path / "new" / "junit.xml").getroot()
    (suite,) = whole
    counts = {name: suite.get(name) for name in ("name", "tests", "failures", "errors", "time")}
    assert counts == {"name": "set", "tests": "3", "failures": "2", "errors": "0", "time": "0.750"}
    cases = suite.findall("testcase")
    assert [(c.get("classname"), c.get("name")) for c in cases] == [
        ("set.name", "1: Q?"), ("set", "2: Q?"), ("set", "3Q?: Q?"),
    ]  # fmt: skip
    assert [len(case) for case in cases] == [0, 1, 1]
    failure = cases[1][0]
    assert (failure.get("type"), failure.get("message")) == ("wrongly refused", "refused, though the article says")
    assert failure.text == "expected: Ada\nanswered: a refusal"
    properties = {p.get("name"): p.get("value") for p in suite.iter("property")}
    assert properties["system"] == "it"
    assert properties["outcome.right"] == "0.3333"
    assert "abstention.recall" not in properties  # no question for it


def test_no_text_leaves_its_place_in_the_xml() -> None:
    whole = ElementTree.fromstring(as_junit(results(TRICK, short=TRICK, kind=TRICK), ARTICLES).encode())
    assert [len(case) for case in whole.iter("testcase")] == [0, 1, 1]
    shown = (
        TRICK.replace("\x00", "\ufffd")
        .replace("\x1b", "\ufffd")
        .replace("\ufffe", "\ufffd")
        .replace("\ud800", "\ufffd")
    )
    assert [failure.text for failure in whole.iter("failure")][1] == f"expected: Ada\nanswered: {shown}"


@given(st.text(st.characters()))
def test_any_text_gives_a_file_that_a_parser_reads(text: str) -> None:
    rows = [replace(row, id=text, question=text, short_answer=text) for row in PLAIN.rows]
    whole = ElementTree.fromstring(as_junit(replace(PLAIN, set_name=text, rows=tuple(rows)), ARTICLES).encode())
    assert len(list(whole.iter("failure"))) == 2


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(QuestionSetError, match="cannot be written"):
        write_csv(results(), ARTICLES, tmp_path / "file" / "x.csv")
