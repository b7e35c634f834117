"""A question set is data: it opens no file that it may not, and no content ends in anything but a clear error."""

from __future__ import annotations

import gzip
import json
import time
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from assistant.articles.article import make_article
from assistant.cli import FAILED, main
from assistant.errors import ArticleError, AssistantError, QuestionSetError
from assistant.evaluation import QuestionSet, evaluate, read_questions
from assistant.evaluation.gate import read_floors
from assistant.evaluation.journal import Journal
from assistant.evaluation.named_articles import find_in
from assistant.evaluation.question_text import parse_json, read_text
from assistant.evaluation.results import read_results

SECRET = "The secret word is pelican. Nobody may read it."
ROW = {"question": "What is the word?", "answers": ["word"]}


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "elsewhere" / "secret.txt"
    path.parent.mkdir()
    path.write_text(SECRET, encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path, secret: Path) -> Path:
    """The folder of a set, with an article of its own and links to the secret."""
    folder = tmp_path / "set"
    (folder / "articles").mkdir(parents=True)
    (folder / "articles" / "mine.txt").write_text("The word is heron.", encoding="utf-8")
    (folder / "link.txt").symlink_to(secret)
    (folder / "linked").symlink_to(secret.parent)
    (folder / "loop.txt").symlink_to(folder / "loop.txt")
    return folder


def write(folder: Path, row: dict[str, Any] | str | bytes, name: str = "set.jsonl") -> Path:
    path = folder / name
    data = row if isinstance(row, bytes) else (row if isinstance(row, str) else json.dumps(row)).encode()
    path.write_bytes(data)
    return path


def ways_to(secret: Path) -> list[str]:
    return [
        str(secret), f"/..{secret}", f"..//elsewhere/{secret.name}", "../elsewhere/secret.txt", "link.txt", "linked/secret.txt",
        "articles/../../elsewhere/secret.txt", "./link.txt", f"file://{secret}", "~/secret.txt", "loop.txt", "..", ".", "/",
        "articles/mine.txt\x00", "a" * 5000, "/dev/zero", "/dev/stdin", "/proc/self/environ", "\udcff",
    ]  # fmt: skip


def test_a_set_opens_nothing_outside_its_folder(folder: Path, secret: Path) -> None:
    for name in ways_to(secret):
        for below in (folder, None):
            path = write(folder, {**ROW, "article": name})
            with pytest.raises(QuestionSetError) as told:
                read_questions(path, paths_below=below)
            assert "pelican" not in str(told.value), name
            assert "field `article`" in str(told.value) or "is no character" in str(told.value), name


def test_without_paths_not_even_a_file_of_its_own_folder_is_opened(folder: Path) -> None:
    path = write(folder, {**ROW, "answers": ["word"], "article": "articles/mine.txt"})
    with pytest.raises(QuestionSetError, match="names no article; expected the id or title of an article"):
        read_questions(path)
    with pytest.raises(QuestionSetError, match="names no article"):
        read_questions(write(folder, ROW, "plain.jsonl"), "articles/mine.txt")
    questions = read_questions(path, paths_below=folder)
    assert isinstance(questions, QuestionSet)
    assert [article.text for article in questions.articles.values()] == ["The word is heron."]


def test_whether_a_file_exists_elsewhere_does_not_show(folder: Path) -> None:
    told = []
    for name in ("../elsewhere/secret.txt", "../elsewhere/nothing.txt"):
        with pytest.raises(QuestionSetError) as caught:
            read_questions(write(folder, {**ROW, "article": name}), paths_below=folder)
        told.append(str(caught.value).replace(name, "NAME"))
    assert told[0] == told[1]


def test_a_wider_folder_is_allowed_by_whoever_calls(
    folder: Path, secret: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(folder, {**ROW, "article": "../elsewhere/secret.txt"})
    questions = read_questions(path, paths_below=folder.parent)
    assert isinstance(questions, QuestionSet)
    assert main(["questions", "check", str(path)]) == FAILED
    assert "--paths-below" in capsys.readouterr().err
    assert main(["questions", "check", str(path), "--paths-below", str(folder.parent)]) == 0
    assert main(["questions", "check", str(write(folder, ROW)), "--article", str(secret)]) == 0


def test_an_article_is_named_by_its_title_where_one_alone_has_it(quick: Any, folder: Path) -> None:
    assistant = quick()
    one = assistant.add(SECRET, title="Birds")
    assistant.add("Another text.", title="Twice")
    twin = assistant.add("A third text.", title="Twice")
    find = find_in(assistant)
    questions = read_questions(write(folder, {**ROW, "article": "Birds"}), find_article=find)
    assert isinstance(questions, QuestionSet)
    assert list(questions.articles) == [one.id]
    assert find(twin.id).title == "Twice"
    with pytest.raises(QuestionSetError, match="2 articles have the title 'Twice'; name one by its id"):
        read_questions(write(folder, {**ROW, "article": "Twice"}), find_article=find)
    with pytest.raises(ArticleError):
        find("Bird")


def test_a_comparison_given_as_a_word_opens_no_file(folder: Path, tmp_path: Path) -> None:
    results = tmp_path / "results.json"
    results.write_text(SECRET, encoding="utf-8")
    questions = read_questions(write(folder, {"question": "Q?", "answers": ["heron"], "context": "The heron."}))
    with pytest.raises(AssistantError) as told:
        evaluate(questions, "first", compare=str(results))
    assert "pelican" not in str(told.value)
    assert "is no baseline (lexical, dense, first, abstain)" in str(told.value)


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv"])
def test_a_folder_of_beir_opens_no_file_elsewhere(folder: Path, secret: Path, name: str) -> None:
    (folder / "qrels").mkdir()
    write(folder, '{"_id": "d", "text": "Cats purr."}\n', "corpus.jsonl")
    write(folder, '{"_id": "q", "text": "Who purrs?"}\n', "queries.jsonl")
    write(folder, "q\td\t1\n", "qrels/test.tsv")
    read_questions(folder)
    (folder / name).unlink()
    (folder / name).symlink_to(secret)
    with pytest.raises(QuestionSetError, match=f"{name}: is no file in") as told:
        read_questions(folder)
    assert "pelican" not in str(told.value)
    with pytest.raises(QuestionSetError, match=r"line 1|found none"):
        read_questions(folder, paths_below=folder.parent)


def deep(n: int) -> str:
    return "[" * n + "]" * n


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.jsonl.gz", gzip.compress(b"{}", mtime=0)[:-6], "cannot be read"),
        ("a.jsonl.gz", gzip.compress(b"x" * 1000, mtime=0)[:20] + b"\xff" * 30, "cannot be read"),
        ("a.jsonl.gz", b"\x1f\x8b\x08\x00" + b"\x00" * 6 + b"\xff" * 40, "cannot be read"),
        ("a.jsonl", deep(200_000).encode(), "line 1: expected one JSON object"),
        ("a.json", deep(200_000).encode(), "nested too deeply"),
        ("a.jsonl", b'{"question": "\\ud800?", "answers": ["a"], "context": "a b"}', r"\\ud800 in .* is no character"),
        ("a.json", b'{"data": ["\\udfff"]}', r"\\udfff in .* is no character"),
        ("a.jsonl", b'{"question": "a\\u0000?", "answers": ["a"], "context": "a b"}', r"\\u0000 in .* is no character"),
        ("a.jsonl", b'\n{"question": "a\x00"}', "line 2: holds a NUL character"),
        ("a.jsonl", "q,é\n".encode("cp1252"), "line 1: is not UTF-8: byte 2 is 0xe9; save the file as UTF-8"),
        ("a.jsonl", b"q,a\n\xff\xfe", "line 2: is not UTF-8"),
        ("a.csv", b"q,a\n\x81\x8d\x8f\x90\x01\x02\x03\x9d", "a.csv is binary, not text"),
        ("a.csv", b"\xff\xfea", "is not valid UTF-16 or UTF-32"),
        ("a.jsonl", b'{"question": "a?", "answers": [[1' + b"0" * 5000 + b', "a"]], "context": "a b"}', "line 1"),
        ("a.jsonl", b'{"question": "a?", "support": [[NaN, 1]], "context": "a b"}', "NaN is no JSON"),
        ("a.jsonl", b'{"question": "a?", "support": [[1e999, 2]], "context": "a b"}', "field `support`"),
        ("a.jsonl", b'{"question": "a?", "id": [1], "answers": ["a"], "context": "a b"}', "field `id`"),
        ("a.jsonl", b'{"question": "a?", "id": {"a": 1}, "answers": ["a"], "context": "a b"}', "field `id`"),
        ("a.csv", b'"' + b"a" * 200_000, "field larger than field limit"),
        ("a.json", b'{"data": [{"title": 5, "paragraphs": []}]}', "field `title`"),
        ("a.json", b'{"data": {}}', "field `data`: expected a list"),
        ("a.json", b"[]", "expected an object"),
    ],
)  # fmt: skip
def test_a_damaged_file_is_told_in_a_line(folder: Path, name: str, data: bytes, said: str) -> None:
    started = time.perf_counter()
    with pytest.raises(QuestionSetError, match=said) as told:
        read_questions(write(folder, data, name))
    assert str(told.value).startswith(str(folder / name))
    assert len(str(told.value)) < 1000
    assert time.perf_counter() - started < 5


def test_utf_16_with_a_mark_is_read(folder: Path) -> None:
    path = write(folder, '{"question": "Où?", "answers": ["là"], "context": "C’est là."}'.encode("utf-16"))
    questions = read_questions(path)
    assert isinstance(questions, QuestionSet)
    assert (questions.questions[0].text, questions.questions[0].answers) == ("Où?", ("là",))


def test_a_gzip_bomb_is_not_opened_in_memory(folder: Path) -> None:
    path = folder / "bomb.jsonl.gz"
    with gzip.open(path, "wb", compresslevel=9) as file:
        for _ in range(300):
            file.write(b" " * 1_000_000)
    assert path.stat().st_size < 400_000
    tracemalloc.start()
    with pytest.raises(QuestionSetError, match="is larger than 20 MB, decompressed"):
        read_text(path, "a set", 20)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 60_000_000
    with pytest.raises(QuestionSetError, match="is larger than 200 MB, decompressed"):
        read_questions(path)


def test_a_device_is_read_up_to_the_limit() -> None:
    with pytest.raises(QuestionSetError, match="/dev/zero: is larger than 1 MB"):
        read_text(Path("/dev/zero"), "a set", 1)


def test_two_answers_of_the_same_id_and_many_mistakes_are_kept_short(folder: Path) -> None:
    with pytest.raises(QuestionSetError) as told:
        read_questions(write(folder, "x\n" * 100_000))
    assert len(str(told.value).splitlines()) == 21
    assert str(told.value).endswith("… and 99980 more mistakes")


def test_json_is_what_json_says() -> None:
    assert parse_json('{"a": ["\\ud83d\\ude00", 1, null]}') == {"a": ["😀", 1, None]}
    for text in ("NaN", "[Infinity]", '["\\ud800"]', '{"\\u0000": 1}', deep(100_000), "", "1" * 5000):
        with pytest.raises(ValueError):
            parse_json(text)


@pytest.mark.parametrize("size", [20_000, 80_000])
def test_words_are_looked_for_in_linear_time(folder: Path, size: int) -> None:
    text = "a " * size
    row = {"question": "Q?", "support": ["a " * (size // 2) + "b"], "context": text + "c"}
    started = time.perf_counter()
    with pytest.raises(QuestionSetError, match="does not stand in the article"):
        read_questions(write(folder, row))
    assert time.perf_counter() - started < 3


@pytest.mark.parametrize(
    "text", [deep(100_000), "[]", "5", '{"format": 1}', '{"format": "\\ud800"}', "\x00", "NaN", ""]
)
def test_damaged_results_floors_and_unfinished_runs_are_told(tmp_path: Path, text: str) -> None:
    for name, read in (("results.json", read_results), ("floors.json", read_floors)):
        (tmp_path / name).write_text(text, encoding="utf-8")
        with pytest.raises(QuestionSetError, match=name):
            read(tmp_path / name)
    (tmp_path / "unfinished.jsonl").write_text(f'{{"fingerprint": "f"}}\n{text}\n', encoding="utf-8")
    with Journal(tmp_path, "f") as journal:
        assert journal.done == {}


def test_an_article_of_a_set_is_the_one_of_the_library(folder: Path) -> None:
    questions = read_questions(write(folder, {**ROW, "context": SECRET}))
    assert isinstance(questions, QuestionSet)
    assert list(questions.articles) == [make_article(SECRET).id]
