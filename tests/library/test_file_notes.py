"""What was read from which file: whatever is done to the notes, what can be read of them counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.library.file_notes import FILES, FileNote, FileNotes


def test_notes_do_not_grow_for_ever(tmp_path: Path) -> None:
    notes = FileNotes(tmp_path / FILES)
    for i in range(300):
        notes.keep("a", (i, 1), "x")
    assert FileNotes(tmp_path / FILES).of("a") == FileNote((299, 1), "x")
    assert len((tmp_path / FILES).read_text().splitlines()) == 1


@pytest.mark.parametrize(
    "line",
    [
        "{not json", "[]", "null", "{}", '{"file": "b", "id": "y", "stamp": [Infinity, 1]}',
        '{"file": "b", "id": "y", "stamp": [NaN, 1]}', '{"file": "b", "id": "y", "stamp": 5}', "[" * 100_000,
        '{"file": "b", "id": "y", "stamp": [1' + "0" * 5000 + ", 1]}", "\x00", "\udcff",
    ],
)  # fmt: skip
def test_a_damaged_line_is_passed_over(tmp_path: Path, line: str) -> None:
    path = tmp_path / FILES
    FileNotes(path).keep("a", (1, 2), "x")
    with path.open("a", errors="surrogateescape") as file:
        file.write(line + "\n")
    FileNotes(path).keep("c", (3, 4), "z")
    notes = FileNotes(path)
    assert (notes.of("a"), notes.of("b"), notes.of("c")) == (FileNote((1, 2), "x"), None, FileNote((3, 4), "z"))


def test_what_another_process_notes_is_taken_up(tmp_path: Path) -> None:
    ours, theirs = FileNotes(tmp_path / FILES), FileNotes(tmp_path / FILES)
    theirs.keep("a", (1, 2), "x")
    theirs.keep("b", (1, 2), "x")
    assert (ours.of("a"), ours.catch_up(), ours.files_of("x")) == (None, 2, ["a", "b"])
    ours.forget("a")
    with (tmp_path / FILES).open("a") as file:
        file.write('{"file": "c", "st')
    assert (theirs.catch_up(), theirs.files_of("x")) == (3, ["b"])
    with (tmp_path / FILES).open("a") as file:
        file.write('amp": [5, 6], "id": "x"}\n')
    assert (theirs.catch_up(), theirs.files_of("x")) == (1, ["b", "c"])
