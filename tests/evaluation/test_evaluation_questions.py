"""Question sets: every form is read, every mistake is told with its place."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from assistant.articles.article import make_article
from assistant.errors import ArticleError, QuestionSetError
from assistant.evaluation import QuestionSet, RetrievalSet, read_questions
from assistant.evaluation.collect import add_question

TEXT = "Ada wrote the first program. It ran in 1843.\n\nCharles built the engine. Nobody paid him."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "article.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path


def write(folder: Path, *rows: Any) -> Path:
    path = folder / "set.jsonl"
    path.write_text("".join(row if isinstance(row, str) else json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def read(folder: Path, *rows: Any) -> QuestionSet:
    questions = read_questions(write(folder, *rows), paths_below=folder)
    assert isinstance(questions, QuestionSet)
    return questions


def texts(questions: QuestionSet, number: int = 0) -> list[list[str]]:
    """Returns the sentences of each need of a question."""
    question = questions.questions[number]
    text = questions.articles[question.article_id].text
    return [[text[start:end] for start, end in need] for need in question.needs]


class TestOwnForm:
    def test_support_is_found_as_text_or_offsets_and_alternatives_stay_together(self, folder: Path) -> None:
        support = [[0, 28], ["It ran in 1843.", "Nobody paid him."]]
        questions = read(
            folder,
            {
                "question": "Q?",
                "answers": ["Ada"],
                "support": support,
                "also": ["Charles built the engine."],
                "article": "article.txt",
            },
        )
        assert texts(questions) == [["Ada wrote the first program."], ["It ran in 1843.", "Nobody paid him."]]
        assert questions.questions[0].also == ((46, 71),)
        assert not questions.derived_needs

    def test_without_support_the_sentences_that_hold_an_answer_stand_for_it(self, folder: Path) -> None:
        questions = read(folder, {"question": "Q?", "answers": ["1843", "in 1843"], "article": "article.txt"})
        assert texts(questions) == [["It ran in 1843."]]
        assert questions.derived_needs

    def test_an_answer_over_two_sentences_needs_both(self, folder: Path) -> None:
        questions = read(folder, {"question": "Q?", "answers": ["the first program. It ran"], "article": "article.txt"})
        assert texts(questions) == [["Ada wrote the first program."], ["It ran in 1843."]]

    def test_context_answers_with_offsets_and_history_are_read(self, folder: Path) -> None:
        row = {"question": "Q?", "context": "\ufeff" + TEXT, "answers": [[1, "Ada"]], "support": [[1, 29]],
               "title": "T", "history": [["a", "b"]], "accepted": ["Ada L."], "source": "s", "id": "x"}  # fmt: skip
        questions = read(folder, row)
        question = questions.questions[0]
        assert (question.id, question.answers, question.history) == ("x", ("Ada", "Ada L."), (("a", "b"),))
        assert texts(questions) == [["Ada wrote the first program."]]
        assert questions.articles[question.article_id].title == "T"

    def test_a_markdown_article_is_read_as_the_library_reads_it(self, folder: Path) -> None:
        (folder / "notes.md").write_text("# Notes\n\nAda **wrote** the first program.\n", encoding="utf-8")
        questions = read(folder, {"question": "Q?", "support": ["Ada wrote the first program."], "article": "notes.md"})
        assert [article.title for article in questions.articles.values()] == ["Notes"]
        assert texts(questions) == [["Ada wrote the first program."]]

    def test_blanks_in_support_may_differ_from_the_article(self, folder: Path) -> None:
        row = {"question": "Q?", "support": ["It ran in 1843. Charles built"], "article": "article.txt"}
        assert texts(read(folder, row)) == [["It ran in 1843.\n\nCharles built"]]

    def test_the_digest_changes_with_a_label_and_with_the_article(self, folder: Path) -> None:
        row = {"question": "Q?", "answers": ["Ada"], "article": "article.txt"}
        first = read(folder, row).digest
        assert read(folder, row).digest == first
        assert read(folder, {**row, "answers": ["1843"]}).digest != first
        (folder / "article.txt").write_text(TEXT + " More.", encoding="utf-8")
        assert read(folder, row).digest != first

    @pytest.mark.parametrize(
        ("change", "expected"),
        [
            ({"question": 3}, "line 1: field `question`: expected a text, got 3"),
            ({"question": " "}, "field `question`: expected a question, got an empty text"),
            ({"answers": "Ada"}, "field `answers`: expected a list, got 'Ada'"),
            ({"answers": [""]}, "field `answers`: expected an answer, got an empty text"),
            ({"answers": [[0, 1]]}, "field `answers`: expected texts or [start, text]"),
            ({"answers": [], "answerable": True}, "field `answers`: expected accepted answers or `support`"),
            ({"answerable": False}, "field `answers`: expected an empty list, since `answerable` is false"),
            ({"answerable": "yes"}, "field `answerable`: expected true or false, got 'yes'"),
            ({"support": ["Bob slept."]}, "field `support`: 'Bob slept.' does not stand in the article"),
            ({"support": [[5, 5]]}, "field `support`: expected offsets from 0 to"),
            ({"support": [True]}, "field `support`: expected a sentence of the article or [start, end], got True"),
            ({"also": [""]}, "field `also`: expected words of the article"),
            ({"history": [["a"]]}, "field `history`: expected [[question, answer], …], got ['a']"),
            (
                {"article": "missing.txt"},
                "field `article`: 'missing.txt' names no article; expected a file in the folder",
            ),
            ({"article": ""}, "field `article`: missing: name one by title, id or path, or choose one"),
            ({"anwers": []}, "field `anwers`: unknown; the fields are"),
            ({"context": ""}, "field `context`: The article is empty"),
        ],
    )
    def test_a_mistake_is_told_with_file_line_and_field(
        self, folder: Path, change: dict[str, Any], expected: str
    ) -> None:
        row = {"question": "Q?", "answers": ["Ada"], "article": "article.txt", **change}
        with pytest.raises(QuestionSetError) as caught:
            read(folder, row)
        assert str(caught.value).startswith(f"{folder / 'set.jsonl'}, line 1: ")
        assert expected in str(caught.value)

    def test_all_mistakes_are_told_at_once(self, folder: Path) -> None:
        good = {"id": "1", "question": "Q?", "answers": ["Ada"], "article": "article.txt"}
        with pytest.raises(QuestionSetError) as caught:
            read(folder, good, "{\n", good, "[]\n", *({"question": ""} for _ in range(30)))
        lines = str(caught.value).splitlines()
        assert "line 2: expected one JSON object" in lines[0]
        assert "line 3: field `id`: '1' is there already" in lines[1]
        assert "line 4: expected an object, got []" in lines[2]
        assert lines[-1] == "… and 13 more mistakes"

    def test_an_article_of_the_library_is_found_by_its_id(self, folder: Path) -> None:
        article = make_article(TEXT, "Library")

        def find(name: str) -> Any:
            if name != article.id:
                raise ArticleError("no such article")
            return article

        path = write(folder, {"question": "Q?", "answers": ["Ada"], "article": article.id})
        questions = read_questions(path, find_article=find)
        assert isinstance(questions, QuestionSet)
        assert questions.articles[article.id].title == "Library"
        with pytest.raises(QuestionSetError, match="'other' names no article; expected the id or title"):
            read_questions(write(folder, {"question": "Q?", "answers": ["Ada"], "article": "other"}), find_article=find)


class TestFiles:
    def test_squad_paragraphs_become_articles(self, folder: Path) -> None:
        qas = [
            {"id": "a", "question": "When?", "answers": [{"text": "1843", "answer_start": 39}]},
            {"id": "b", "question": "Why?", "is_impossible": True, "answers": []},
        ]
        path = folder / "squad.json"
        path.write_text(json.dumps({"data": [{"title": "Ada_L", "paragraphs": [{"context": TEXT, "qas": qas}]}]}))
        questions = read_questions(path)
        assert isinstance(questions, QuestionSet)
        assert [(q.id, q.answers, q.answerable) for q in questions.questions] == [
            ("a", ("1843",), True),
            ("b", (), False),
        ]
        assert texts(questions) == [["It ran in 1843."]]
        assert [article.title for article in questions.articles.values()] == ["Ada L"]

    @pytest.mark.parametrize(
        ("whole", "expected"),
        [
            ({}, "field `data`: expected a list, got nothing"),
            ({"data": [{"paragraphs": 3}]}, "data[0]: field `paragraphs`: expected a list, got 3"),
            ({"data": [{"paragraphs": [{"context": TEXT, "qas": [{"id": "a", "question": "Q?", "answers": []}]}]}]},
             "data[0].paragraphs[0].qas[0]: field `answers`: expected at least one answer"),
            ({"data": [{"paragraphs": [{"context": TEXT, "qas": [{"id": "a", "question": "Q?",
              "answers": [{"text": "x"}]}]}]}]}, "field `answers.answer_start`: expected a whole number, got nothing"),
        ],
    )  # fmt: skip
    def test_a_mistake_in_squad_is_told_with_its_place(self, folder: Path, whole: Any, expected: str) -> None:
        path = folder / "squad.json"
        path.write_text(json.dumps(whole))
        with pytest.raises(QuestionSetError) as caught:
            read_questions(path)
        assert expected in str(caught.value)

    def test_csv_takes_alternatives_and_empty_answers(self, folder: Path) -> None:
        path = folder / "set.csv"
        with path.open("w", newline="", encoding="utf-8-sig") as file:
            csv.writer(file).writerows([["Question", "Answers"], ["When, then?", "1843 | in 1843"], [], ["Why?", ""]])
        questions = read_questions(path, folder / "article.txt")
        assert isinstance(questions, QuestionSet)
        assert [(q.text, q.answers, q.answerable) for q in questions.questions] == [
            ("When, then?", ("1843", "in 1843"), True),
            ("Why?", (), False),
        ]

    def test_csv_with_another_number_of_columns_is_told_with_its_line(self, folder: Path) -> None:
        (folder / "set.csv").write_text("Who?,Ada\nWhen?,1843,extra\n")
        with pytest.raises(QuestionSetError, match="line 2: expected 2 columns, question and answer, got 3"):
            read_questions(folder / "set.csv", folder / "article.txt")

    def test_a_compressed_file_is_read_and_the_name_loses_its_suffixes(self, folder: Path) -> None:
        path = folder / "mine.jsonl.gz"
        path.write_bytes(
            gzip.compress(json.dumps({"question": "Q?", "answers": ["Ada"], "article": "article.txt"}).encode())
        )
        assert read_questions(path, paths_below=folder).name == "mine"

    @pytest.mark.parametrize(
        ("name", "data", "expected"),
        [
            ("set.jsonl", b"", "it holds no question; give at least one"),
            ("set.jsonl", b"\xe9\n", "line 1: is not UTF-8: byte 0 is 0xe9; save the file as UTF-8"),
            ("set.jsonl.gz", b"not gzip", "cannot be read"),
            ("set.docx", b"x", "its form is not known from the suffix 'docx'; expected JSONL"),
            ("set.json", b"{", "expected the JSON of SQuAD, got something else"),
        ],
    )
    def test_a_file_that_is_no_set_says_what_is_expected(
        self, folder: Path, name: str, data: bytes, expected: str
    ) -> None:
        (folder / name).write_bytes(data)
        with pytest.raises(QuestionSetError) as caught:
            read_questions(folder / name)
        assert expected in str(caught.value)

    def test_a_missing_file_says_so(self, folder: Path) -> None:
        with pytest.raises(QuestionSetError, match="there is no such file"):
            read_questions(folder / "none.jsonl")


class TestBeir:
    @pytest.fixture
    def beir(self, tmp_path: Path) -> Path:
        (tmp_path / "qrels").mkdir()
        (tmp_path / "corpus.jsonl").write_text(
            '{"_id": "d1", "title": "Cats", "text": "Cats purr."}\n{"_id": "d2", "title": "", "text": "Dogs bark."}\n'
        )
        (tmp_path / "queries.jsonl").write_text(
            '{"_id": "q1", "text": "Who purrs?"}\n{"_id": "q2", "text": "unjudged"}\n'
        )
        (tmp_path / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t0\n")
        return tmp_path

    def test_judged_queries_and_all_documents_are_read(self, beir: Path) -> None:
        questions = read_questions(beir)
        assert isinstance(questions, RetrievalSet)
        assert questions.queries == {"q1": "Who purrs?"}
        assert questions.judgements == {"q1": {"d1": 2, "d2": 0}}
        assert questions.documents["d1"].text == "Cats\n\nCats purr."

    def test_a_bad_judgement_and_a_missing_folder_are_told(self, beir: Path) -> None:
        (beir / "qrels" / "test.tsv").write_text("q1\td1\t1\nq1 d2\n")
        with pytest.raises(QuestionSetError, match="line 2: expected query-id, corpus-id, score"):
            read_questions(beir)
        (beir / "qrels" / "test.tsv").unlink()
        with pytest.raises(QuestionSetError, match="expected one of"):
            read_questions(beir)

    def test_a_row_without_text_is_told_with_its_line(self, beir: Path) -> None:
        (beir / "corpus.jsonl").write_text('{"_id": "d1", "text": "Cats."}\n{"_id": "d2"}\n')
        with pytest.raises(QuestionSetError, match=r"corpus.jsonl, line 2, field `text`: expected a text"):
            read_questions(beir)


class TestOwnSet:
    def test_a_question_from_the_chat_can_be_evaluated_at_once(self, folder: Path) -> None:
        path = folder / "mine" / "my-questions.jsonl"
        article = make_article(TEXT, "Ada")
        add_question(path, "When?", article, answers=["1843"], support=["It ran in 1843."], history=[("Who?", "Ada")])
        add_question(path, "Why?", article, answerable=False)
        questions = read_questions(path)
        assert isinstance(questions, QuestionSet)
        assert [(q.text, q.answers, q.answerable) for q in questions.questions] == [
            ("When?", ("1843",), True),
            ("Why?", (), False),
        ]
        assert texts(questions) == [["It ran in 1843."]]
        assert questions.questions[0].history == (("Who?", "Ada"),)

    def test_a_wrong_label_is_refused_and_the_file_stays_as_it_was(self, folder: Path) -> None:
        path = folder / "my-questions.jsonl"
        article = make_article(TEXT, "Ada")
        add_question(path, "When?", article, answers=["1843"])
        before = path.read_bytes()
        with pytest.raises(QuestionSetError, match="does not stand in the article"):
            add_question(path, "Who?", article, answers=["Ada"], support=["Bob slept."])
        with pytest.raises(QuestionSetError, match="expected accepted answers or `support`"):
            add_question(path, "Who?", article)
        assert path.read_bytes() == before
