"""A folder's files are a library's articles: added, replaced and removed as they change, each read once."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from loaders.test_archives import archive

from assistant.assistant import Assistant
from assistant.commands.folder_commands import check_removals
from assistant.errors import ArticleError, AssistantError
from assistant.folders import FileResult, Folder, add_archive
from assistant.library.file_notes import FILES

Quick = Callable[..., Assistant]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two articles, a bad one, and what is none."""
    made = tmp_path / "desk"
    (made / "sub").mkdir(parents=True)
    (made / "bees.txt").write_text("Bees make honey.")
    (made / "sub" / "ants.md").write_text("# Ants\n\nAnts march.")
    (made / "bad.txt").write_bytes(b"text\x00with a nul")
    (made / "photo.png").write_bytes(b"\x89PNG")
    (made / ".secret.txt").write_text("Hidden.")
    return made


def told(results: object) -> dict[str, str]:
    """Returns what came of each file, by its name."""
    assert isinstance(results, list)
    return {Path(r.name).name: r.change for r in results}


def added(quick: Quick, folder: Path) -> tuple[Assistant, list[FileResult]]:
    assistant = quick()
    return assistant, list(Folder(assistant, folder, tags="desk").added())


def test_what_can_be_read_is_added_and_a_bad_file_stops_nothing(quick: Quick, folder: Path) -> None:
    assistant, results = added(quick, folder)
    assert told(results) == {"bad.txt": "failed", "bees.txt": "added", "ants.md": "added"}
    assert "bad.txt is binary" in next(r.error for r in results if r.change == "failed")
    assert [(e.title, e.source, e.tags) for e in assistant.contents()] == [
        ("Bees make honey.", "desk/bees.txt", ("desk",)), ("Ants", "desk/sub/ants.md", ("desk",)),
    ]  # fmt: skip


def test_what_is_as_before_is_not_read_again_and_what_changed_is_replaced(quick: Quick, folder: Path) -> None:
    assistant, _ = added(quick, folder)
    assistant.describe(assistant.contents()[0].id, author="Ann")
    (folder / "bees.txt").write_text("Bees make wax.")
    # Unchanged by its time and size: its content is not looked at.
    stamp = (folder / "sub" / "ants.md").stat()
    (folder / "sub" / "ants.md").write_text("# Bugs\n\nBugs march.")
    os.utime(folder / "sub" / "ants.md", ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    results = list(Folder(assistant, folder).added())
    assert told(results) == {"bad.txt": "failed", "bees.txt": "replaced", "ants.md": "same"}
    assert [(a.text, a.author, a.tags) for a in assistant.articles()] == [
        ("Bees make wax.", "Ann", ("desk",)), ("Ants\n\nAnts march.", "", ("desk",)),
    ]  # fmt: skip


def test_what_is_gone_is_removed_and_what_was_renamed_stays(quick: Quick, folder: Path) -> None:
    assistant, _ = added(quick, folder)
    other = assistant.add("Not of this folder.")
    (folder / "bees.txt").rename(folder / "honey.txt")
    (folder / "sub" / "ants.md").unlink()
    followed = Folder(assistant, folder)
    assert told(list(followed.added()))["honey.txt"] == "same"
    assert [(Path(r.name).name, r.change, r.title) for r in followed.removed()] == [("ants.md", "removed", "Ants")]
    assert {a.text for a in assistant.articles()} == {"Bees make honey.", other.text}


def test_nothing_is_removed_where_the_folder_itself_is_gone(quick: Quick, folder: Path) -> None:
    assistant, _ = added(quick, folder)
    followed = Folder(assistant, folder)
    folder.rename(folder.with_name("away"))
    with pytest.raises(ArticleError, match="cannot be read"):
        list(followed.removed())
    assert len(assistant.contents()) == 2


def test_one_text_in_two_files_is_removed_with_the_last(quick: Quick, folder: Path) -> None:
    (folder / "copy.txt").write_text("Bees make honey.")
    assistant, results = added(quick, folder)
    assert told(results)["copy.txt"] == "same"
    (folder / "bees.txt").write_text("Bees sting.")
    followed = Folder(assistant, folder)
    assert told(list(followed.added()))["bees.txt"] == "added"
    assert {a.text for a in assistant.articles()} == {"Bees make honey.", "Ants\n\nAnts march.", "Bees sting."}
    (folder / "copy.txt").unlink()
    assert [r.change for r in followed.removed()] == ["removed"]


def test_what_may_still_be_written_is_left_for_later(quick: Quick, folder: Path) -> None:
    os.utime(folder / "bees.txt", (1, 1))
    results = list(Folder(quick(), folder).added(settled_seconds=60))
    assert told(results) == {"bees.txt": "added"}


def test_damaged_notes_cost_reading_again_and_nothing_else(quick: Quick, folder: Path) -> None:
    assistant, _ = added(quick, folder)
    notes = assistant.settings.library / FILES
    notes.write_text("{not json\n[]\n{}\n" + notes.read_text().replace('"stamp": [', '"stamp": ["x", '))
    assert told(list(Folder(assistant, folder).added())) == {"bad.txt": "failed", "bees.txt": "same", "ants.md": "same"}


def test_a_link_that_leads_out_is_not_followed(quick: Quick, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.txt").write_text("Outside.")
    (folder / "link.txt").symlink_to(tmp_path / "outside.txt")
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    assert sorted(p.name for p in Folder(quick(), folder).files()) == ["ants.md", "bad.txt", "bees.txt"]


def test_what_is_no_folder_is_refused(quick: Quick, tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match=r"nowhere is no folder"):
        Folder(quick(), tmp_path / "nowhere")


def test_an_archive_gives_its_articles(quick: Quick) -> None:
    data = archive(
        {"desk/bees.txt": b"Bees make honey.", "bad.txt": b"\x00\x00", "a.png": b"x", "copy.txt": b"Bees make honey."}
    )
    assistant = quick()
    results = list(add_archive(assistant, data, "desk.zip", tags=("zip",)))
    assert told(results) == {"bees.txt": "added", "bad.txt": "failed", "copy.txt": "same"}
    assert [(e.source, e.tags) for e in assistant.contents()] == [("desk/bees.txt", ("zip",))]


def test_what_cannot_be_looked_at_is_not_taken_for_gone(quick: Quick, folder: Path) -> None:
    assistant, _ = added(quick, folder)
    followed = Folder(assistant, folder)
    # As a disk of the network that is away for a moment: what is below answers with an error, not with "no such file".
    (folder / "sub").rename(folder.with_name("away"))
    (folder / "sub").symlink_to("sub")
    assert list(followed.removed()) == []
    (folder / "sub").unlink()
    assert [r.title for r in followed.removed()] == ["Ants"]


def test_an_article_added_by_hand_stays_when_a_copy_in_the_folder_changes_or_goes(quick: Quick, folder: Path) -> None:
    assistant = quick()
    by_hand = [assistant.add("Wasps sting."), assistant.add_bytes(b"Moths fly.", "moths.txt")]
    for name, article in zip(("wasps.txt", "moths.txt"), by_hand, strict=True):
        (folder / name).write_text(article.text)
    followed = Folder(assistant, folder)
    assert told(list(followed.added()))["wasps.txt"] == "same"
    (folder / "wasps.txt").write_text("Wasps sting twice.")
    (folder / "moths.txt").unlink()
    assert told(list(followed.added()))["wasps.txt"] == "added"
    assert list(followed.removed()) == []
    assert {a.id for a in by_hand} <= {e.id for e in assistant.contents()}


def test_a_file_that_failed_is_told_once_until_it_changes(quick: Quick, folder: Path) -> None:
    assistant = quick()
    followed = Folder(assistant, folder)
    assert told(list(followed.added()))["bad.txt"] == "failed"
    again = {Path(r.name).name: r for r in followed.added()}
    assert (again["bad.txt"].change, "bad.txt is binary" in again["bad.txt"].error) == ("same", True)
    (folder / "bad.txt").write_bytes(b"more\x00bytes than before")
    assert told(list(followed.added()))["bad.txt"] == "failed"
    (folder / "bad.txt").write_text("Mended.")
    assert told(list(followed.added()))["bad.txt"] == "added"


def test_two_who_follow_one_folder_do_not_undo_each_other(quick: Quick, folder: Path) -> None:
    assistant = quick()
    first, second = Folder(assistant, folder), Folder(assistant, folder)
    list(first.added())
    assert told(list(second.added())) == {"bad.txt": "failed", "bees.txt": "same", "ants.md": "same"}
    (folder / "bees.txt").write_text("Bees make wax.")
    assert told(list(first.added()))["bees.txt"] == "replaced"
    assert told(list(second.added()))["bees.txt"] == "same"
    # What one of them has read from a file that only it has seen keeps the article, also for the other.
    (folder / "copy.txt").write_text("Bees make wax.")
    assert told(list(first.added()))["copy.txt"] == "same"
    (folder / "bees.txt").unlink()
    assert list(second.removed()) == []
    (folder / "copy.txt").unlink()
    assert [r.title for r in second.removed()] == ["Bees make wax."]
    assert list(first.removed()) == []


def test_an_article_that_was_removed_in_the_meantime_is_added_from_its_file(quick: Quick, folder: Path) -> None:
    assistant, _ = added(quick, folder)
    followed = Folder(assistant, folder)
    for entry in assistant.contents():
        assistant.remove(entry.id)
    (folder / "sub" / "ants.md").unlink()
    assert told(list(followed.added()))["bees.txt"] == "added"
    assert list(followed.removed()) == []


def test_a_file_that_comes_to_hold_what_another_holds_leaves_nothing_behind(quick: Quick, folder: Path) -> None:
    assistant, _ = added(quick, folder)
    (folder / "bees.txt").write_text("Ants\n\nAnts march.")
    followed = Folder(assistant, folder)
    assert told(list(followed.added())) == {"bad.txt": "failed", "bees.txt": "replaced", "ants.md": "same"}
    assert [a.text for a in assistant.articles()] == ["Ants\n\nAnts march."]
    (folder / "sub" / "ants.md").unlink()
    assert list(followed.removed()) == []
    os.utime(folder / "bees.txt", (5, 5))
    assert told(list(followed.added())) == {"bees.txt": "same", "bad.txt": "same"}


@pytest.mark.parametrize(("n_known", "n_gone", "is_refused"), [(1, 1, True), (6, 6, True), (20, 7, True), (20, 6, False), (6, 5, False), (9, 0, False)])  # fmt: skip
def test_much_that_is_gone_at_the_start_is_not_removed_unasked(
    quick: Quick, tmp_path: Path, n_known: int, n_gone: int, is_refused: bool
) -> None:
    (desk := tmp_path / "desk").mkdir()
    for n in range(n_known):
        (desk / f"{n}.txt").write_text(f"Bee number {n} hums.")
    assistant = quick()
    list(Folder(assistant, desk).added())
    for n in range(n_gone):
        (desk / f"{n}.txt").unlink()
    followed = Folder(assistant, desk)
    assert followed.to_remove() == (n_gone, n_known)
    if is_refused:
        with pytest.raises(AssistantError, match="Nothing was removed"):
            check_removals(followed)
    else:
        check_removals(followed)
    assert len(assistant.contents()) == n_known


def test_what_was_renamed_does_not_count_as_gone(quick: Quick, folder: Path) -> None:
    assistant, _ = added(quick, folder)
    (folder / "bees.txt").rename(folder / "wasps.txt")
    followed = Folder(assistant, folder)
    list(followed.added())
    assert followed.to_remove() == (0, 2)
