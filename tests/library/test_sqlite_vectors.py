"""The index beside the database: missing, damaged, behind, foreign or of another model, it is made anew."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from fakes import WordEmbedder
from hypothesis import given
from hypothesis import strategies as st
from sqlite_folders import BASE, FRUIT, MANY, library_of_two, nearest, open_folder, put

from assistant.errors import StoreError
from assistant.library.open_library import open_store
from assistant.library.sqlite_check import check_library
from assistant.library.sqlite_store import DATABASE, VECTORS
from assistant.settings import Settings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return library_of_two(tmp_path)


def test_closing_leaves_one_database_and_one_index(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == [DATABASE, f"{DATABASE}-count", VECTORS]


def test_an_index_that_is_up_to_date_is_not_written_again(folder: Path) -> None:
    before = (folder / VECTORS).stat()
    with closing(open_folder(folder)) as store:
        assert nearest(store, "yellow bananas") == "Bananas are yellow."
    after = (folder / VECTORS).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.mark.parametrize("damage", ["missing", "truncated", "flipped", "foreign"])
def test_a_missing_or_damaged_index_is_rebuilt(folder: Path, damage: str) -> None:
    whole = (folder / VECTORS).read_bytes()
    if damage == "missing":
        (folder / VECTORS).unlink()
    else:
        middle = len(whole) // 2
        content = {
            "truncated": whole[:middle],
            "flipped": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
            "foreign": b"something else",
        }
        (folder / VECTORS).write_bytes(content[damage])
    with closing(open_folder(folder)) as store:
        assert nearest(store, "yellow bananas") == "Bananas are yellow."
        assert len(store.index) == 6
    assert (folder / VECTORS).read_bytes() == whole


@given(st.floats(0, 1, exclude_max=True), st.integers(0, 7))
def test_no_damage_to_the_index_changes_what_is_found(tmp_path: Path, where: float, bit: int) -> None:
    folder = tmp_path / "shared"
    with closing(open_folder(folder)) as store:
        put(store, BASE)
        put(store, FRUIT)
    content = bytearray((folder / VECTORS).read_bytes())
    content[int(where * len(content))] ^= 1 << bit
    (folder / VECTORS).write_bytes(content)
    with closing(open_folder(folder)) as store:
        assert nearest(store, "red apples") == "Apples are red."


def test_an_index_that_is_behind_catches_up(folder: Path) -> None:
    behind = (folder / VECTORS).read_bytes()
    with closing(open_folder(folder)) as store:
        store.remove(BASE.id)
        put(store, MANY[7])
    (folder / VECTORS).write_bytes(behind)
    with closing(open_folder(folder)) as store:
        assert nearest(store, "topic7") in {s.text for s in MANY[7].sentences}
        assert nearest(store, "the base stays") == "The base of a pear is wide."
        assert len(store.index) == 5


def test_an_index_that_is_ahead_of_a_restored_database_is_rebuilt(folder: Path, tmp_path: Path) -> None:
    shutil.copy(folder / DATABASE, tmp_path / "backup")
    with closing(open_folder(folder)) as store:
        store.remove(BASE.id)
    shutil.copy(tmp_path / "backup", folder / DATABASE)
    with closing(open_folder(folder)) as store:
        assert nearest(store, "the base stays") == "The base stays."


def test_an_index_left_by_another_library_is_never_used(folder: Path) -> None:
    """A damaged database is moved away, as its message advises; the new one is killed before it wrote an index."""
    (folder / DATABASE).unlink()
    code = (
        "import os, sys\nfrom pathlib import Path\nsys.path.insert(0, sys.argv[2])\n"
        "from sqlite_folders import MANY, open_folder, put\n"
        "store = open_folder(Path(sys.argv[1]))\nfor article in MANY[:3]: put(store, article)\nos._exit(9)"
    )
    run = subprocess.run([sys.executable, "-c", code, str(folder), str(Path(__file__).parents[1])], check=False)
    assert run.returncode == 9
    with closing(open_folder(folder)) as store:
        for article in MANY[:3]:
            assert nearest(store, article.sentences[0].text) == article.sentences[0].text


def test_a_stale_temporary_file_is_cleared_away_and_a_fresh_one_left(folder: Path) -> None:
    stale, fresh = folder / f"{VECTORS}.old.tmp", folder / f"{VECTORS}.new.tmp"
    stale.write_bytes(b"half")
    fresh.write_bytes(b"half")
    os.utime(stale, (1, 1))
    open_folder(folder).close()
    assert not stale.exists()
    assert fresh.exists()


# -- another embedding model ------------------------------------------------------------------------------------------


def test_another_embedding_model_makes_all_vectors_anew(folder: Path) -> None:
    other = WordEmbedder(dimension=32, name="other")
    settings = Settings(library=folder, busy_timeout_seconds=0.2)
    with closing(open_store(settings, other)) as store:
        assert other.n_texts == 6
        assert nearest(store, "yellow bananas", other) == "Bananas are yellow."
        put(store, MANY[0], other)
    with closing(open_store(settings, other)) as store:
        assert other.n_texts == 6 + 1 + 2
        assert nearest(store, "topic0", other) in {s.text for s in MANY[0].sentences}
    assert "whole" in check_library(folder)


@pytest.mark.parametrize("dimension", [32, 512])
def test_a_process_with_the_old_model_is_told_and_mixes_nothing(folder: Path, dimension: int) -> None:
    other = WordEmbedder(dimension=dimension, name="other")
    with closing(open_folder(folder)) as old:
        nearest(old, "base")
        open_store(Settings(library=folder), other).close()
        with pytest.raises(StoreError, match=r"embedding model.*[Oo]pen"):
            nearest(old, "base")
        with pytest.raises(StoreError, match=r"embedding model.*[Oo]pen"):
            put(old, MANY[0])
    with closing(open_folder(folder, other)) as store:
        assert len(store.contents()) == 2
        assert nearest(store, "yellow bananas", other) == "Bananas are yellow."


def test_an_article_added_while_vectors_are_made_anew_is_not_lost(folder: Path) -> None:
    class Slow(WordEmbedder):
        def embed(self, texts, progress=None):  # type: ignore[no-untyped-def]
            with closing(open_folder(folder)) as meanwhile:
                put(meanwhile, MANY[0])
            return super().embed(texts, progress)

    with pytest.raises(StoreError, match="changed meanwhile"):
        open_store(Settings(library=folder), Slow(32, "slow"))
    assert "3 articles, 8 sentences" in check_library(folder)


# -- the database is damaged, foreign, newer, locked, full, read-only ---------------------------------------------------
