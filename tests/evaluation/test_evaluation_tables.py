"""Question sets as tables, tags, drafts, and what is warned of."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import QuestionSetError
from assistant.evaluation import QuestionSet, read_questions

TEXT = "Ada wrote the first program. It ran in 1843.\n\nCharles built the engine. Nobody paid him."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "article.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path


def read(folder: Path, *rows: Any) -> QuestionSet:
    path = folder / "set.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    questions = read_questions(path, paths_below=folder)
    assert isinstance(questions, QuestionSet)
    return questions


class TestTables:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    @pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
    def test_csv_is_read_with_any_delimiter_and_as_spreadsheets_encode_it(
        self, folder: Path, delimiter: str, encoding: str
    ) -> None:
        rows = [["Question", "Answer"], ["When, then – in which year; exactly?", "1843|in 1843"], ["Où naît Zoé?", ""]]
        path = folder / "set.csv"
        with path.open("w", newline="", encoding=encoding) as file:
            csv.writer(file, delimiter=delimiter).writerows(rows)
        questions = read_questions(path, folder / "article.txt")
        assert isinstance(questions, QuestionSet)
        assert [(q.text, q.answers) for q in questions.questions] == [
            ("When, then – in which year; exactly?", ("1843", "in 1843")),
            ("Où naît Zoé?", ()),
        ]

    def test_a_heading_of_a_table_may_name_more_columns_and_excel_its_separator(self, folder: Path) -> None:
        (folder / "set.csv").write_text(
            "sep=;\r\nID;Tags;Question;Answers;Kind;Article\r\na;dates, ada;When?;1843;fact;article.txt\r\n"
            "b;;Why?;;;article.txt\r\nc;x\r\n",
            encoding="utf-8",
            newline="",
        )
        with pytest.raises(QuestionSetError) as caught:
            read_questions(folder / "set.csv", paths_below=folder)
        assert str(caught.value).endswith(
            "set.csv, line 5: expected 6 columns, id, tags, question, answer, kind and article, got 2; "
            "quote a cell that holds the separator"
        )
        whole = (folder / "set.csv").read_bytes().decode().removesuffix("c;x\r\n")
        (folder / "set.csv").write_text(whole, newline="")
        questions = read_questions(folder / "set.csv", paths_below=folder)
        assert isinstance(questions, QuestionSet)
        assert [(q.id, q.kind, q.tags, q.answers) for q in questions.questions] == [
            ("a", "fact", ("dates", "ada"), ("1843",)),
            ("b", "", (), ()),
        ]


class TestTagsAndWarnings:
    def test_tags_are_a_list_or_a_text_with_commas_and_a_note_marks_a_draft(self, folder: Path) -> None:
        row = {"question": "Q?", "answers": ["Ada"], "article": "article.txt"}
        tags: list[Any] = [["a b", "c", "a  b "], "a b, c,", []]
        drafts: list[Any] = [{"draft": True, "by": "me"}, {}, "a word"]
        rows = [{**row, "id": str(n), "tags": t, "note": d} for n, (t, d) in enumerate(zip(tags, drafts, strict=True))]
        questions = read(folder, *rows).questions
        assert [q.tags for q in questions] == [("a b", "c"), ("a b", "c"), ()]
        assert [q.is_draft for q in questions] == [True, False, False]
        for wrong in ({"tags": [1]}, {"tags": 1}, {"note": {"draft": "yes"}}):
            with pytest.raises(QuestionSetError, match=f"line 1: field `{next(iter(wrong))}"):
                read(folder, {**row, **wrong})

    def test_an_accepted_answer_that_stands_nowhere_is_warned_of_with_its_line_and_field(self, folder: Path) -> None:
        row = {"question": "Q?", "article": "article.txt", "support": ["It ran in 1843."]}
        answers: list[Any] = [["1843", "ADA  wrote"], ["1844"], ["Ada; Charles"], ["Ada; Carl"], []]
        rows = [{**row, "id": str(n), "answers": given} for n, given in enumerate(answers)]
        questions = read(folder, *rows, {**row, "answers": [], "accepted": ["eighteen forty-three"]})
        assert [warning.partition("set.jsonl, ")[2] for warning in questions.warnings] == [
            "line 2: field `answers`: '1844' stands nowhere in the article; is it a slip?",
            "line 4: field `answers`: 'Ada; Carl' stands nowhere in the article; is it a slip?",
        ]
        (folder / "set.csv").write_text("Who?,Ada\nWhen?,1844\n")
        table = read_questions(folder / "set.csv", folder / "article.txt")
        assert isinstance(table, QuestionSet)
        assert [warning.partition("set.csv, ")[2] for warning in table.warnings] == [
            "line 2: field `answer`: '1844' stands nowhere in the article; is it a slip?"
        ]

    def test_many_warnings_are_counted_and_not_listed(self, folder: Path) -> None:
        row = {"question": "Q?", "article": "article.txt", "support": ["It ran in 1843."], "answers": ["no"]}
        warnings = read(folder, *({**row, "id": str(n), "answers": [f"n{n}"]} for n in range(25))).warnings
        assert (len(warnings), warnings[-1]) == (21, "… and 5 more warnings")
