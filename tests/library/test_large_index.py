"""Above a size the vector index has lists: it finds what comparing with all finds, whatever is changed meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from fakes import article_of
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from assistant.articles.article import Article
from assistant.library.sqlite_index import IndexSizes
from assistant.library.sqlite_store import VECTORS, SqliteStore
from assistant.networks.embeddings import Vectors

DIMENSION, EACH = 16, 50
SIZES = IndexSizes(max_flat=400, max_exact=60, behind=500)


def open_large(folder: Path, sizes: IndexSizes = SIZES) -> SqliteStore:
    return SqliteStore(folder, "made", DIMENSION, 5.0, sizes)


def article(number: int) -> Article:
    return article_of(" ".join(f"Sentence {i} of article {number}." for i in range(EACH)))


def vectors_of(number: int) -> Vectors:
    """Returns vectors in bunches, as sentences on one matter are."""
    numbers = np.random.default_rng(number)
    centres = np.random.default_rng(99).normal(size=(20, DIMENSION))
    vectors = centres[numbers.integers(20, size=EACH)] + 0.5 * numbers.normal(size=(EACH, DIMENSION))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def put(store: SqliteStore, *numbers: int) -> None:
    for number in numbers:
        assert store.add(article(number), vectors_of(number))


def everything(store: SqliteStore) -> dict[int, Vectors]:
    return store.vectors(store.first_ids(10_000) or [])


def recall(store: SqliteStore, n: int = 10) -> float:
    """Returns the share of the nearest that is found; every score must be the cosine."""
    kept = everything(store)
    ids, all_vectors = np.array(list(kept)), np.stack(list(kept.values()))
    found = 0
    queries = vectors_of(1000)
    for query in queries:
        hits = store.search_dense(query, n)
        assert [hit.score for hit in hits] == pytest.approx([float(kept[hit.id] @ query) for hit in hits], abs=1e-5)
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
        found += len({hit.id for hit in hits} & set(ids[np.argsort(-(all_vectors @ query))[:n]].tolist()))
    return found / (n * len(queries))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """A library of 2,000 sentences whose index has lists."""
    with closing(open_large(tmp_path / "large")) as opened:
        put(opened, *range(40))
        opened.flush()
        opened.settle()
        yield opened


def test_lists_find_what_is_nearest_with_its_cosine(store: SqliteStore) -> None:
    assert not store.index.is_exact
    assert len(store.index) == 40 * EACH
    assert 1 <= store.index.n_probed < store.index._index.nlist
    assert recall(store) >= 0.98


def test_a_small_library_is_compared_with_whole(tmp_path: Path) -> None:
    with closing(open_large(tmp_path)) as store:
        put(store, *range(8))
        assert recall(store) == 1.0
        store.settle()
        assert store.index.is_exact
        put(store, 8)
        assert recall(store) >= 0.98
        store.settle()
        assert not store.index.is_exact


def test_where_few_are_chosen_each_is_compared_with(store: SqliteStore) -> None:
    query = vectors_of(3)[7]
    for chosen in ([article(5).id], [article(5).id, article(30).id], [article(i).id for i in range(0, 40, 2)]):
        ids = store.first_ids(10_000, chosen) or []
        exact = sorted(((float(v @ query), i) for i, v in store.vectors(ids).items()), reverse=True)[:10]
        hits = store.search_dense(query, 10, chosen)
        assert {hit.id for hit in hits} <= set(ids)
        assert len(hits) == 10
        n_missed = len({i for _, i in exact} - {hit.id for hit in hits})
        assert n_missed <= (0 if len(ids) <= SIZES.max_exact else 1)
    assert store.search_dense(query, 10, []) == []


def test_what_is_removed_is_not_found_and_what_is_replaced_is(store: SqliteStore) -> None:
    gone = set(store.first_ids(100, [article(3).id]) or [])
    store.remove(article(3).id)
    store.replace(article(4).id, article(50), vectors_of(50))
    for query in vectors_of(3):
        assert not gone & {hit.id for hit in store.search_dense(query, 20)}
    new = store.first_ids(100, [article(50).id]) or []
    assert [store.search_dense(query, 1)[0].id for query in vectors_of(50)] == new
    assert len(store.index) == 39 * EACH
    assert recall(store) >= 0.98


@examples(max_examples=5)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 11)), max_size=8))
def test_changes_while_lists_are_made_are_all_in_them(tmp_path: Path, changes: list[tuple[bool, int]]) -> None:
    folder = tmp_path / "-".join(f"{int(add)}{number}" for add, number in changes)
    with closing(open_large(folder)) as store:
        held = set(range(9))
        put(store, *held)
        store.search_dense(vectors_of(0)[0], 1)  # from now on lists are being made
        for add, number in changes:
            if add and number not in held:
                put(store, number)
                held.add(number)
            elif not add and number in held and len(held) > 6:
                store.remove(article(number).id)
                held.remove(number)
            store.search_dense(vectors_of(0)[0], 1)
        store.settle()
        store.flush()
        assert len(store.index) == EACH * len(held)
        assert recall(store) >= 0.98


def test_lists_come_back_and_catch_up(store: SqliteStore) -> None:
    store.flush()
    with closing(open_large(store.folder)) as other:
        assert (other.index.n_trained, other.index.n_probed) == (store.index.n_trained, store.index.n_probed)
        assert len(other.index) == 40 * EACH
        put(store, 60)
        new = other.first_ids(100, [article(60).id]) or []
        assert [other.search_dense(query, 1)[0].id for query in vectors_of(60)] == new


@pytest.mark.parametrize("damage", ["missing", "truncated", "flipped"])
def test_a_damaged_file_of_lists_is_made_anew(store: SqliteStore, damage: str) -> None:
    store.close()
    path = store.folder / VECTORS
    whole = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        middle = len(whole) // 2
        path.write_bytes(
            whole[:middle] + (bytes([whole[middle] ^ 1]) + whole[middle + 1 :] if damage == "flipped" else b"")
        )
    with closing(open_large(store.folder)) as opened:
        assert not opened.index.is_exact
        assert recall(opened) >= 0.98


def test_closing_lets_lists_be_finished(tmp_path: Path) -> None:
    store = open_large(tmp_path)
    put(store, *range(10))
    store.search_dense(vectors_of(0)[0], 1)
    store.close()
    with closing(open_large(tmp_path)) as opened:
        assert not opened.index.is_exact


def test_lists_are_kept_where_nothing_was_changed_but_the_index(tmp_path: Path) -> None:
    with closing(open_large(tmp_path, IndexSizes(max_flat=10_000))) as store:
        put(store, *range(10))
    with closing(open_large(tmp_path)) as store:
        store.search_dense(vectors_of(0)[0], 1)
    assert b'"trained": 500' in (tmp_path / VECTORS).read_bytes()[:400]


def test_a_library_that_shrinks_is_compared_with_whole_again_and_one_that_grows_gets_more_lists(
    store: SqliteStore,
) -> None:
    few = store.index._index.nlist
    with closing(open_large(store.folder, IndexSizes(max_flat=400, growth=1.01))) as grown:
        put(grown, 40, 41)
        grown.flush()
        grown.settle()
        assert grown.index._index.nlist > few
        assert recall(grown) >= 0.98
    for number in range(1, 40):
        store.remove(article(number).id)
    store.flush()
    store.settle()
    assert store.index.is_exact
    assert recall(store) == 1.0


def test_adding_alone_brings_the_index_along(tmp_path: Path) -> None:
    with closing(open_large(tmp_path)) as store:
        put(store, *range(10))
        assert len(store.index) == 10 * EACH
