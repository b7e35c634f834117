"""The vector store: documents as they were added, passages with exact offsets, filters, scores, sync and async."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import ScriptedReader, WordEmbedder
from langchain_core.documents import Document

from assistant.articles.article import article_id
from assistant.assistant import Assistant
from assistant.errors import ArticleError, AssistantError
from assistant.langchain import LibraryVectorStore
from assistant.settings import Settings

Open = Callable[..., Assistant]
BEES = "Bees hum in May. The hive is old. Ann keeps nine hives. Honey is sold in June. Rain keeps them in."
PEARS = "Pears are green."


@pytest.fixture
def assistant(quick: Open) -> Assistant:
    return quick(ScriptedReader("hum"))


@pytest.fixture
def store(assistant: Assistant) -> LibraryVectorStore:
    return assistant.as_vector_store()


def test_metadata_comes_back_as_it_was_given_and_describes_the_article(
    store: LibraryVectorStore, assistant: Assistant
) -> None:
    given = {"title": "On bees", "author": "Ann", "date": "2024-02-29", "tags": ["Work"], "page": 3, "x": {"y": [None]}}
    (added,) = store.add_texts([BEES], [given], ids=["b"])
    (document,) = store.similarity_search("bees hum")
    assert (added, document.id, document.page_content, document.metadata) == ("b", "b", BEES, given)
    (entry,) = assistant.contents()
    assert (entry.title, entry.author, entry.date, entry.tags) == ("On bees", "Ann", date(2024, 2, 29), ("work",))
    assert assistant.ask("When do bees hum?", tags="work").text == "Bees hum in May."


def test_articles_that_were_added_otherwise_are_documents_too(store: LibraryVectorStore, assistant: Assistant) -> None:
    article = assistant.add(BEES, title="On bees", source="bees.txt", tags="work", date="2024-02-29")
    known = {"title": "On bees", "source": "bees.txt", "date": "2024-02-29", "tags": ["work"]}
    assert store.get_by_ids([article.id]) == [Document(id=article.id, page_content=BEES, metadata=known)]
    assert store.add_texts([BEES]) == [article.id]
    assert assistant.article(article.id).source == "bees.txt"
    # Another document of that text stands beside it, and is gone without it.
    assert store.add_texts([BEES], [{"n": 1}]) == [f"{article.id}-2"]
    assert [d.id for d in store.similarity_search("bees")] == [article.id, f"{article.id}-2"]
    store.delete([f"{article.id}-2"])
    assert store.get_by_ids([article.id]) == [Document(id=article.id, page_content=BEES, metadata=known)]
    store.delete([article.id])
    assert assistant.contents() == []


def test_documents_of_one_text_keep_their_own_metadata(store: LibraryVectorStore, assistant: Assistant) -> None:
    ids = store.add_documents([Document(page_content=PEARS, metadata={"page": n}) for n in (1, 2, 1)])
    one = article_id(PEARS)
    assert ids == [one, f"{one}-2", one]
    assert [(d.id, d.metadata) for d in store.get_by_ids([ids[1], ids[0]])] == [
        (ids[1], {"page": 2}),
        (one, {"page": 1}),
    ]
    assert len(assistant.contents()) == 1
    sentence = assistant.retrieve("pears", 1)[0].sentence
    assert sentence.text == PEARS
    assert assistant.article(one).sentences == (sentence,)


def test_a_document_may_move_to_another_text(store: LibraryVectorStore, assistant: Assistant) -> None:
    store.add_texts([BEES, PEARS], ids=["1", "2"])
    store.add_texts([PEARS], [{"moved": True}], ids=["1"])
    assert [entry.id for entry in assistant.contents()] == [article_id(PEARS)]
    documents = store.get_by_ids(["2", "1"])
    assert [(d.id, d.page_content, d.metadata) for d in documents] == [("2", PEARS, {}), ("1", PEARS, {"moved": True})]


def test_deleting_all_leaves_what_was_added_otherwise(store: LibraryVectorStore, assistant: Assistant) -> None:
    kept = assistant.add(BEES)
    store.add_texts([PEARS, "Plums are blue."])
    assert store.delete() is True
    assert [entry.id for entry in assistant.contents()] == [kept.id]


def test_passages_stand_at_their_offsets_and_do_not_overlap(assistant: Assistant) -> None:
    store = assistant.as_vector_store(passages=True)
    store.add_texts([BEES], [{"page": 3}], ids=["b"])
    first, *others = store.similarity_search_with_score("Ann keeps nine hives", k=5)
    document, score = first
    text = assistant.article(article_id(BEES)).text
    where = document.metadata
    assert document.page_content == "The hive is old. Ann keeps nine hives. Honey is sold in June."
    assert text[where["start"] : where["end"]] == document.page_content
    assert text[where["sentence_start"] : where["sentence_end"]] == "Ann keeps nine hives."
    assert (where["page"], where["article_id"]) == (3, article_id(BEES))
    assert score == pytest.approx(1, abs=1e-6)
    # Only sentences that stand in no passage yet begin another.
    assert [d.metadata["sentence_start"] for d, _ in others] == [BEES.index("Rain"), 0]


def test_scores_are_those_of_all_vectors_compared_one_by_one(store: LibraryVectorStore, assistant: Assistant) -> None:
    texts = [BEES, PEARS, "Old pears hum. Rain falls.", "Green hives."]
    store.add_texts(texts, ids=list("abcd"))
    embedder = WordEmbedder()
    query = embedder.embed(["old green pears hum"])[0]
    expected = {
        i: max(float(v @ query) for v in embedder.embed([s.text for s in assistant.article(article_id(t)).sentences]))
        for i, t in zip("abcd", texts, strict=True)
    }
    found = store.similarity_search_with_score("old green pears hum", k=10)
    assert {d.id: s for d, s in found} == pytest.approx(expected, abs=1e-5)
    scores = [score for _, score in found]
    assert scores == sorted(scores, reverse=True)
    assert store.similarity_search_by_vector(query.tolist(), k=2) == [d for d, _ in found[:2]]
    assert store.similarity_search_by_vector((7 * query).tolist(), k=2) == [d for d, _ in found[:2]]
    relevant = store.similarity_search_with_relevance_scores("old green pears hum", k=10)
    assert [score for _, score in relevant] == [max(0.0, min(1.0, score)) for score in scores]
    assert len(store.similarity_search_with_relevance_scores("green pears", k=10, score_threshold=0.6)) == 1


def test_many_sentences_of_one_article_do_not_hide_the_others(store: LibraryVectorStore) -> None:
    store.add_texts([" ".join(f"Bees number {n} hum." for n in range(200)), PEARS], ids=["many", "few"])
    assert [d.id for d in store.similarity_search("bees hum", k=2)] == ["many", "few"]
    assert store.similarity_search("bees", k=0) == []


def test_filters_are_those_of_ask_or_a_function(store: LibraryVectorStore, assistant: Assistant) -> None:
    store.add_texts(
        [BEES, PEARS, "Plums are blue."],
        [
            {"tags": "a", "date": "2020-01-01", "n": 1},
            {"author": "Ann Lee", "tags": ["a", "b"], "n": 2},
            {"source": "x.txt"},
        ],
        ids=list("123"),
    )

    def found(**choice: Any) -> set[str | None]:
        return {d.id for d in store.similarity_search("bees", k=9, filter=choice)}

    assert found(tags="a") == {"1", "2"}
    assert found(tags="a", until="2020-12-31") == {"1"}
    assert found(author="lee") == {"2"}
    assert found(source="x.txt") == {"3"}
    assert found(title="plums") == {"3"}
    assert found(article=article_id(PEARS)) == found(article=[article_id(PEARS)], tags="b") == {"2"}
    assert {d.id for d in store.similarity_search("bees", k=1, filter=lambda d: d.metadata.get("n") == 2)} == {"2"}
    assert [d.id for d in store.as_retriever(search_kwargs={"k": 9, "filter": {"tags": "b"}}).invoke("bees")] == ["2"]
    with pytest.raises(AssistantError, match="cannot be chosen by 'page'"):
        found(page=3)
    with pytest.raises(ArticleError, match="There is no article 'none'"):
        found(article="none")
    with pytest.raises(AssistantError, match="The filter is 'a', expected a dict"):
        store.similarity_search("bees", filter="a")  # type: ignore[arg-type]
    assert len(assistant.contents()) == 3


def test_what_is_near_may_also_have_to_differ(store: LibraryVectorStore) -> None:
    store.add_texts(["Bees hum.", "Bees hum bees hum.", "Bees sleep."], ids=list("123"))
    assert [d.id for d in store.similarity_search("bees hum", k=2)] == ["1", "2"]
    assert [d.id for d in store.max_marginal_relevance_search("bees hum", k=2, lambda_mult=0.3)] == ["1", "3"]
    vector = store.embeddings.embed_query("bees hum")
    assert [d.id for d in store.max_marginal_relevance_search_by_vector(vector, k=2, lambda_mult=1)] == ["1", "2"]
    assert store.max_marginal_relevance_search("bees", filter={"tags": "none"}) == []


@pytest.mark.parametrize(
    ("metadata", "said"),
    [
        ({"day": date(2024, 1, 1)}, r"The metadata 'day' of a document is datetime\.date"),
        ({"pair": (1, 2)}, r"The metadata 'pair' of a document is \(1, 2\)"),
        ({3: "x"}, "The metadata 3 of a document"),
        ({"x": float("nan")}, "The metadata 'x' of a document is nan"),
        ("bees", "A document's metadata is 'bees'"),
    ],
)
def test_metadata_that_would_not_come_back_is_refused_before_anything_is_added(
    store: LibraryVectorStore, assistant: Assistant, metadata: Any, said: str
) -> None:
    with pytest.raises(AssistantError, match=said):
        store.add_texts([PEARS, BEES], [{}, metadata])
    with pytest.raises(ArticleError, match="empty"):
        store.add_texts([PEARS, " "])
    with pytest.raises(ValueError, match="There are 2 texts and 1 ids"):
        store.add_texts([PEARS, BEES], ids=["1"])
    assert assistant.contents() == []


def test_a_vector_of_another_length_is_refused(store: LibraryVectorStore) -> None:
    with pytest.raises(AssistantError, match=r"has shape \(3,\), expected 64 numbers"):
        store.similarity_search_by_vector([1.0, 2.0, 3.0])


def test_what_is_in_the_place_of_a_source_but_no_list_of_documents_is_a_source(
    store: LibraryVectorStore, assistant: Assistant
) -> None:
    for n, damaged in enumerate(("langchain:", "langchain:[[1, {}]]", "langchain:[]", 'langchain:{"a": 1}')):
        article = assistant.add(f"Bees of kind {n} hum.", source=damaged)
        (document,) = store.get_by_ids([article.id])
        assert document.metadata["source"] == damaged


def test_documents_outlast_the_process_and_a_backup(quick: Open, tmp_path: Path) -> None:
    first = quick()
    first.as_vector_store().add_texts([BEES], [{"page": 3}], ids=["b"])
    first.close()
    again = quick()
    assert again.as_vector_store().get_by_ids(["b"])[0].metadata == {"page": 3}
    from assistant.archive.library_archive import export_articles, import_articles

    export_articles(again, str(tmp_path / "x.zip"))
    other = quick(library=tmp_path / "other")
    assert [result.change for result in import_articles(other, str(tmp_path / "x.zip"))] == ["added"]
    assert other.as_vector_store().get_by_ids(["b"])[0].metadata == {"page": 3}


def test_all_of_it_may_be_awaited(store: LibraryVectorStore) -> None:
    async def run() -> None:
        assert await store.aadd_texts([BEES, PEARS], [{"n": 1}, {"n": 2}], ids=["1", "2"]) == ["1", "2"]
        assert await store.asimilarity_search("bees hum") == store.similarity_search("bees hum")
        assert await store.asimilarity_search_with_score("pears") == store.similarity_search_with_score("pears")
        vector = store.embeddings.embed_query("pears")
        assert await store.asimilarity_search_by_vector(vector) == store.similarity_search_by_vector(vector)
        assert await store.amax_marginal_relevance_search("pears") == store.max_marginal_relevance_search("pears")
        scored = await store.asimilarity_search_with_relevance_scores("pears")
        assert scored == store.similarity_search_with_relevance_scores("pears")
        retriever = store.as_retriever(search_kwargs={"k": 1})
        assert await retriever.ainvoke("pears") == retriever.invoke("pears")
        assert await retriever.abatch(["pears", "bees"]) == retriever.batch(["pears", "bees"])
        await store.adelete(["1"])
        assert [d.id for d in await store.aget_by_ids(["1", "2"])] == ["2"]

    asyncio.run(run())


def test_from_texts_opens_a_library_that_ask_uses_too(library: Path, quick: Open) -> None:
    settings = Settings(library=library)
    with LibraryVectorStore.from_texts([BEES], WordEmbedder(), [{"n": 1}], settings=settings) as store:
        assert [d.metadata for d in store.similarity_search("bees")] == [{"n": 1}]
    assert quick(ScriptedReader("hum")).ask("When do bees hum?").text == "Bees hum in May."
    with pytest.raises(ArticleError):
        LibraryVectorStore.from_texts(["\0"], WordEmbedder(), settings=settings)
    with LibraryVectorStore.from_documents([], WordEmbedder(), settings=settings) as store:
        assert len(store.collection.contents()) == 1


def test_threads_may_add_to_one_vector_store(store: LibraryVectorStore, assistant: Assistant) -> None:
    def add(n: int) -> None:
        store.add_texts([f"Bees of hive {n} hum.", PEARS], [{"n": n}, {"n": n}], ids=[f"bees{n}", f"pears{n}"])

    threads = [threading.Thread(target=add, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ids = [f"{what}{n}" for n in range(8) for what in ("bees", "pears")]
    assert [(d.id, d.metadata) for d in store.get_by_ids(ids)] == [(i, {"n": int(i[-1])}) for i in ids]
    assert len(assistant.contents()) == 9
    assert np.isfinite([score for _, score in store.similarity_search_with_score("bees", k=99)]).all()
