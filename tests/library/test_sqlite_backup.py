"""A backup is one file, made while the library is in use, whole or not there at all."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import damaged_library as damaged
import pytest
from sqlite_folders import MANY, library_of_two, nearest, open_folder, put

from assistant.cli import FAILED, main
from assistant.errors import StoreError
from assistant.library.sqlite_backup import back_up
from assistant.library.sqlite_check import check_library
from assistant.library.sqlite_store import DATABASE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return library_of_two(tmp_path)


def restored(backup: Path, folder: Path) -> Path:
    folder.mkdir()
    shutil.copy(backup, folder / DATABASE)
    return folder


def test_a_backup_is_the_library_again(tmp_path: Path) -> None:
    damaged.build(tmp_path / "library")
    found = back_up(tmp_path / "library", tmp_path / "backup")
    assert (found.n_articles, found.n_sentences) == (2, 23)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup", "library"]
    again = restored(tmp_path / "backup", tmp_path / "again")
    assert damaged.read_all(again) == damaged.read_all(tmp_path / "library")
    assert damaged.found(again) == []
    with closing(sqlite3.connect(again / DATABASE)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",), "readers do not wait for writers again"


def test_a_backup_shows_one_moment_while_others_write(folder: Path, tmp_path: Path) -> None:
    done = threading.Event()

    def write() -> None:
        with closing(open_folder(folder)) as store:
            for article in MANY:
                put(store, article)
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    n_backups = 0
    while not done.is_set():
        found = back_up(folder, tmp_path / f"backup-{n_backups}")
        assert found.n_sentences == 6 + 2 * (found.n_articles - 2)
        n_backups += 1
    writer.join()
    assert n_backups > 1
    assert "42 articles, 86 sentences, all whole" in check_library(folder)
    last = back_up(folder, tmp_path / "last")
    assert last.n_articles == 42
    with closing(open_folder(restored(tmp_path / "last", tmp_path / "again"))) as store:
        assert nearest(store, "topic7") in {s.text for s in MANY[7].sentences}


def test_what_is_there_is_not_overwritten_unless_told(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "backup"
    target.write_text("my notes")
    command = ["backup", "--library", str(folder), str(target)]
    assert main(command) == FAILED
    assert f"{target} is there already. Name another file, or overwrite it with --force." in capsys.readouterr().err
    assert target.read_text() == "my notes"
    assert main([*command, "--force"]) == 0
    assert "2 articles, 6 sentences" in capsys.readouterr().out
    assert "2 articles, 6 sentences" in check_library(restored(target, tmp_path / "again"))


def test_a_target_that_cannot_be_is_named(folder: Path, tmp_path: Path) -> None:
    for target, message in (
        (tmp_path, "is a folder. Name the file"),
        (folder / DATABASE, "is a file of the library itself"),
        (tmp_path / "no" / "such" / "backup", "cannot be written: No such file or directory"),
    ):
        with pytest.raises(StoreError, match=message):
            back_up(folder, target, overwrite=True)
    with pytest.raises(StoreError, match="There is no library in"):
        back_up(tmp_path / "none", tmp_path / "backup")
    assert "all whole" in check_library(folder)


def test_a_damaged_library_gives_no_backup_and_leaves_the_last_one(folder: Path, tmp_path: Path) -> None:
    back_up(folder, tmp_path / "backup")
    good = (tmp_path / "backup").read_bytes()
    with closing(sqlite3.connect(folder / DATABASE)) as connection, connection:
        connection.execute("UPDATE sentences SET speaker = 'Ann' WHERE id = 2")
    with pytest.raises(StoreError, match=r"is damaged: 1 of 3 sentences of 'Base' .*No backup was made"):
        back_up(folder, tmp_path / "backup", overwrite=True)
    assert (tmp_path / "backup").read_bytes() == good


@pytest.mark.skipif(os.name != "posix", reason="names are text on Windows")
def test_names_need_not_be_utf_8(tmp_path: Path) -> None:
    folder = library_of_two(tmp_path / os.fsdecode(b"caf\xe9"))
    target = tmp_path / os.fsdecode(b"b\xe4ckup")
    assert back_up(folder, target).n_articles == 2
    with closing(open_folder(folder)) as store:
        assert nearest(store, "yellow bananas") == "Bananas are yellow."
    assert "all whole" in check_library(folder)
