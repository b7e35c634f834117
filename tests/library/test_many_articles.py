"""Thousands of articles, and thousands of them chosen."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from fakes import ScriptedReader, WordEmbedder, article_of

from assistant.assistant import Assistant
from assistant.english.words import words
from assistant.library.sqlite_store import SqliteStore

EMBEDDER = WordEmbedder()


@pytest.fixture(
    scope="module", params=[2_200, pytest.param(20_000, marks=[pytest.mark.soak, pytest.mark.timeout(3600)])]
)
def folder(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    folder = tmp_path_factory.mktemp("many") / "library"
    texts = [f"Article number{i} is about topic{i}." for i in range(request.param)]
    vectors = EMBEDDER.embed(texts)
    with closing(SqliteStore(folder, EMBEDDER.fingerprint, EMBEDDER.dimension)) as store:
        # One commit an article is what takes time: those of the test are not what is tested.
        for connection in (store._file.connection(),):
            connection.execute("PRAGMA synchronous = OFF")
        for text, vector in zip(texts, vectors, strict=True):
            store.add(article_of(text), vector.reshape(1, -1))
    return folder


@pytest.mark.parametrize("every", [1, 2])
def test_as_many_articles_as_there_are_may_be_chosen(folder: Path, every: int) -> None:
    with closing(SqliteStore(folder, EMBEDDER.fingerprint, EMBEDDER.dimension)) as store:
        entries = store.contents()
        chosen = [entry.id for entry in entries[::every]]
        last = len(entries) - 1 - (len(entries) - 1) % every
        wanted = store.first_ids(10, [entries[last].id])
        started = time.perf_counter()
        assert [hit.id for hit in store.search_lexical(words(f"topic{last}"), 5, chosen)] == wanted
        assert store.search_lexical(words("topic1"), 5, [i for i in chosen if i != entries[1].id]) == []
        inside = store.first_ids(10**6, chosen)
        assert inside is not None
        assert len(inside) == len(chosen)
        dense = store.search_dense(EMBEDDER.embed([f"topic{last}"])[0], len(entries), chosen)
        assert sorted(hit.id for hit in dense) == inside
        assert len(store.sentences(inside)) == len(chosen)
        assert store.search_speaker(["Nobody"], 5, chosen) == []
        assert time.perf_counter() - started < 20


def test_a_question_may_be_asked_of_them_all(folder: Path, quick: Callable[..., Assistant]) -> None:
    assistant = quick(ScriptedReader("topic77."), EMBEDDER, library=folder)
    chosen = [entry.id for entry in assistant.contents()[1::2]]
    answer = assistant.ask("What is told of topic77?", chosen)
    assert [c.sentence.text for c in answer.citations] == ["Article number77 is about topic77."]
    assert not assistant.ask(
        "What is told of topic77?", [i for i in chosen if i != answer.citations[0].article_id]
    ).citations
