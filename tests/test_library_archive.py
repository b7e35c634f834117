"""Articles leave a library as one readable archive, and come into another as they were; nothing else does."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

from assistant.archive.library_archive import export_articles, import_articles
from assistant.articles.article import Article
from assistant.articles.boxes import Box
from assistant.assistant import Assistant
from assistant.cli import parser
from assistant.commands.library_commands import export, import_
from assistant.errors import ArticleError, AssistantError
from assistant.library.store import Original

Quick = Callable[..., Assistant]
FILES = ROOT / "tests" / "loaders" / "files"


@pytest.fixture
def archive(quick: Quick, tmp_path: Path) -> Path:
    """An archive of two small articles."""
    assistant = quick()
    assistant.add(
        "Bees make honey. Wasps do not.", "Bees: a/b <c>", tags="insects", author="Ann Lee", date="2024-02-29"
    )
    assistant.add("Ants march.")
    assert export_articles(assistant, tmp_path / "two.zip") == 2
    return tmp_path / "two.zip"


@pytest.fixture
def other(quick: Quick, tmp_path: Path) -> Assistant:
    """An empty library."""
    return quick(library=tmp_path / "other")


def told(assistant: Assistant, path: Path) -> list[tuple[str, str]]:
    return [(result.change, result.error or result.title) for result in import_articles(assistant, path)]


def changed(path: Path, change: Callable[[str, bytes], tuple[str, bytes] | None]) -> Path:
    """Returns an archive whose files are as `change` gives them by name and content, None for left out."""
    made = path.with_name("changed.zip")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            kept = change(name, source.read(name))
            if kept:
                target.writestr(*kept)
    return made


def with_told(path: Path, **values: Any) -> Path:
    """Returns an archive of whose first article something else is told."""

    def change(name: str, data: bytes) -> tuple[str, bytes]:
        if name.startswith("articles/0001") and name.endswith(".json"):
            data = json.dumps(json.loads(data) | values).encode()
        return name, data

    return changed(path, change)


def placed(article: Article) -> Article:
    """Returns an article as of a web page's PDF: with pages, boxes, an address."""
    boxes = (Box(2, 0.125, 0.25, 0.5, 0.3), Box(3, 0.0, 0.1, 1.0, 0.12))
    sentences = tuple(replace(s, page=2, boxes=boxes, speaker="Ann Lee", section="One") for s in article.sentences)
    fetched = datetime(2024, 3, 1, 12, 30, tzinfo=UTC)
    return replace(
        article, sentences=sentences, url="https://example.org/a.pdf", fetched=fetched, notes=("Page 1 is empty.",)
    )


def test_everything_is_as_it_was_after_its_way_into_an_empty_library(
    quick: Quick, other: Assistant, tmp_path: Path
) -> None:
    assistant = quick()
    for name in ("tables.docx", "film.srt", "reply.eml", "nav.epub", "nested.md"):
        assistant.add_file(FILES / name, tags="desk, files")
    paged = placed(assistant.remove(assistant.add("It rained. It poured. It ended in June.", "Rain").id))
    assistant.restore(paged, Original("rain.PDF", b"%PDF-1.7 and so on"))
    assert export_articles(assistant, tmp_path / "all.zip") == 6
    results = list(import_articles(other, tmp_path / "all.zip"))
    assert [(r.change, r.title, r.n_sentences) for r in results] == [
        ("added", e.title, e.n_sentences) for e in assistant.contents()
    ]
    assert other.articles() == assistant.articles()
    assert other.contents() == assistant.contents()
    assert [other.original(e.id) for e in other.contents()] == [
        *[None] * 5,
        Original("rain.PDF", b"%PDF-1.7 and so on"),
    ]
    assert other.article(paged.id) == replace(paged, added=other.article(paged.id).added)
    (hit,) = other.store.search_dense(other._embedder.embed(["Nobody was hurt."])[0], 1)
    assert other.store.sentences([hit.id])[0].sentence.text == "Nobody was hurt."


def test_the_archive_can_be_read_by_a_person(archive: Path) -> None:
    with zipfile.ZipFile(archive) as opened:
        assert opened.namelist() == [
            "library.json",
            "articles/0001 Bees a b c/text.txt", "articles/0001 Bees a b c/article.json",
            "articles/0002 Ants march/text.txt", "articles/0002 Ants march/article.json",
        ]  # fmt: skip
        assert json.loads(opened.read("library.json")) == {
            "format": "articles of article-assistant", "version": 1, "count": 2,
        }  # fmt: skip
        assert opened.read("articles/0001 Bees a b c/text.txt") == b"Bees make honey. Wasps do not."
        values = json.loads(opened.read("articles/0001 Bees a b c/article.json"))
    assert (values["title"], values["tags"], values["date"]) == ("Bees: a/b <c>", ["insects"], "2024-02-29")
    assert values["sentences"] == [
        {"text": "Bees make honey.", "start": 0, "end": 16}, {"text": "Wasps do not.", "start": 17, "end": 30},
    ]  # fmt: skip


def test_some_are_chosen_by_id_or_by_what_is_known_of_them(quick: Quick, archive: Path, other: Assistant) -> None:
    assistant = quick()
    path = archive.with_name("some.zip")
    assert export_articles(assistant, path, tags="insects") == 1
    assert told(other, path) == [("added", "Bees: a/b <c>")]
    ants = assistant.contents()[1].id
    with pytest.raises(AssistantError, match="is there already"):
        export_articles(assistant, path, [ants])
    assert export_articles(assistant, path, [ants], overwrite=True) == 1
    assert told(other, path) == [("added", "Ants march.")]
    assert told(other, archive) == [("same", "Bees: a/b <c>"), ("same", "Ants march.")]
    with pytest.raises(ArticleError, match=r"No article is tagged “fish”\. Nothing was exported"):
        export_articles(assistant, path, overwrite=True, tags="fish")
    with pytest.raises(ArticleError, match="There is no article 'x'"):
        export_articles(assistant, path, ["x"], overwrite=True)
    with pytest.raises(AssistantError, match="is a folder"):
        export_articles(assistant, path.parent)


def test_a_text_that_was_changed_is_refused_and_the_others_are_added(archive: Path, other: Assistant) -> None:
    path = changed(archive, lambda name, data: (name, data.replace(b"honey", b"money")))
    (first, second) = told(other, path)
    assert first[0] == "failed"
    assert first[1].startswith("articles/0001 Bees a b c was left out: its text is not the one of the id")
    assert second == ("added", "Ants march.")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"sentences": []}, "its sentences do not stand in its text"),
        ({"sentences": [{"text": "Bees make wax..", "start": 0, "end": 16}]}, "its sentences do not stand in its text"),
        ({"sentences": [{"text": "x", "start": 0, "end": 10**9}]}, "is not of the form"),
        ({"sentences": [{"text": "x", "start": "0", "end": 1}]}, "is not of the form"),
        ({"sentences": 3}, "is not of the form"),
        ({"url": "javascript:alert(1)"}, "is not of the form"),
        ({"added": "2024-01-01"}, "is not of the form"),
        ({"added": None}, "is not of the form"),
        ({"blocks": [{"start": 5, "end": 2, "level": 0, "kind": "text", "depth": 0, "cells": []}]}, "makes no sense"),
        ({"tags": 7}, "makes no sense|is not of the form"),
        ({"original": {"name": "a.pdf"}}, "does not say which file"),
        ({"original": {"name": "a.pdf", "file": "../../x", "sha256": ""}}, "x is missing"),
        ({"original": {"name": "a.pdf", "file": "text.txt", "sha256": ""}}, "is not the file that was exported"),
    ],
)
def test_what_does_not_fit_is_refused_by_the_name_of_its_entry(
    archive: Path, other: Assistant, values: dict[str, Any], message: str
) -> None:
    results = list(import_articles(other, with_told(archive, **values)))
    assert [result.change for result in results] == ["failed", "added"]
    assert "articles/0001 Bees a b c" in results[0].error
    with pytest.raises(AssertionError, match=message):
        raise AssertionError(results[0].error)


def test_boxes_and_pages_that_cannot_be_are_refused(archive: Path, other: Assistant) -> None:
    sentence = {"text": "Bees make honey. Wasps do not.", "start": 0, "end": 30}
    for told_of_it in (
        {"page": -1},
        {"page": "1"},
        {"boxes": [[1, 0, 0, float("nan"), 0]]},
        {"boxes": [[1]]},
        {"speaker": 3},
    ):
        (first, _) = import_articles(other, with_told(archive, sentences=[sentence | told_of_it]))
        assert "is not of the form" in first.error


def test_names_in_the_archive_are_not_written_by(archive: Path, other: Assistant, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    path = changed(archive, lambda name, data: (name.replace("articles/", "../../../articles/"), data))
    assert [change for change, _ in told(other, path)] == ["added", "added"]
    assert [
        p for p in sorted(tmp_path.rglob("*")) if p not in before and p != path and p.parent != tmp_path / "other"
    ] == []


def bomb(archive: Path) -> Path:
    return changed(archive, lambda name, data: (name, b"a" * 40_000_000 if name.endswith("text.txt") else data))


def test_bombs_twice_told_and_missing_files_are_refused(archive: Path, other: Assistant) -> None:
    assert [error.partition(" would")[0] for _, error in told(other, bomb(archive))] == [
        "articles/0001 Bees a b c/text.txt", "articles/0002 Ants march/text.txt",
    ]  # fmt: skip
    missing = changed(archive, lambda name, data: None if name.endswith("text.txt") else (name, data))
    assert told(other, missing)[0] == ("failed", "articles/0001 Bees a b c/text.txt is missing.")
    fewer = changed(archive, lambda name, data: None if "0002" in name else (name, data))
    assert told(other, fewer) == [
        ("added", "Bees: a/b <c>"), ("failed", "changed.zip should hold 2 articles, but holds 1."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("listed", "message"),
    [
        ({"format": "another", "version": 1, "count": 2}, "is no export of articles: its library.json is of another form"),
        ({"format": "articles of article-assistant", "version": 2, "count": 2}, "is of version 2, this program reads up to 1"),
        ([1], "is of another form"),
        (None, "holds no library.json"),
    ],
)  # fmt: skip
def test_another_archive_is_refused(archive: Path, other: Assistant, listed: Any, message: str) -> None:
    path = changed(
        archive,
        lambda name, data: (name, data) if name != "library.json" else listed and (name, json.dumps(listed).encode()),
    )
    with pytest.raises(ArticleError, match=message):
        list(import_articles(other, path))


def test_what_is_no_archive_is_refused(archive: Path, other: Assistant, tmp_path: Path) -> None:
    (tmp_path / "cut.zip").write_bytes(archive.read_bytes()[:300])
    with pytest.raises(ArticleError, match=r"cut\.zip is no zip archive that can be read"):
        list(import_articles(other, tmp_path / "cut.zip"))
    with pytest.raises(ArticleError, match="cannot be read: No such file"):
        list(import_articles(other, tmp_path / "none.zip"))
    whole = archive.read_bytes()
    errors = []
    for at in range(0, len(whole), 97):  # damaged anywhere, it is told or nothing has changed
        (tmp_path / "damaged.zip").write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        try:
            errors += [error for change, error in told(other, tmp_path / "damaged.zip") if change == "failed"]
        except ArticleError as error:
            errors.append(str(error))
    assert len(errors) > 5
    assert [error for error in errors if not error.endswith(".")] == []
    assert {hashlib.sha256(a.text.encode()).hexdigest()[:16] for a in other.articles()} == {
        a.id for a in other.articles()
    }


def test_a_text_that_shrinks_as_a_bomb_does_comes_back(quick: Quick, other: Assistant, tmp_path: Path) -> None:
    assistant = quick()
    article = assistant.add("a" * 1_050_000)
    export_articles(assistant, tmp_path / "ha.zip")
    assert [result.change for result in import_articles(other, tmp_path / "ha.zip")] == ["added"]
    assert other.article(article.id).sentences == article.sentences


def test_the_commands_tell_what_they_did(
    quick: Quick, archive: Path, other: Assistant, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(archive.with_name("by-hand.zip"))
    options = parser().parse_args(["export", path, "--tag", "insects"])
    assert (export(options, quick()), capsys.readouterr().out) == (0, f"{path}: 1 article\n")
    assert import_(parser().parse_args(["import", path]), other) == 0
    assert capsys.readouterr().out == f"{other.contents()[0].id}  Bees: a/b <c>  (2 sentences)\n"
    assert import_(parser().parse_args(["import", str(bomb(archive)), "--json"]), other) == 2
    assert [set(each) for each in json.load(io.StringIO(capsys.readouterr().out))] == [{"path", "error"}] * 2
