"""A path from a client is never a path: what was sent is known by a token, to who sent it, once."""

from __future__ import annotations

from pathlib import Path

import pytest
from loaders.test_archives import archive

from assistant.errors import ArticleError
from assistant.ui.page import Page
from assistant.ui.uploads import MAX_AGE_SECONDS, MAX_WAITING, Uploads
from security.conftest import Enter


def files_in(folder: Path) -> set[str]:
    """Returns every file and folder below one, by name."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def test_a_path_given_as_a_token_opens_and_removes_nothing(enter: Enter, page: Page, tmp_path: Path) -> None:
    other = tmp_path / "kept"
    other.mkdir()
    (other / "secret.txt").write_text("The password is swordfish.")
    visitor = enter()
    assert visitor.send(b"The cat sat.", "cat.txt").status_code == 200
    folder = page.uploads.folder
    before = files_in(tmp_path) | files_in(folder)
    for path in (folder, folder.parent, folder / "none", other / "secret.txt", next(folder.iterdir()), "..", "", "/"):
        streamed = str(visitor.stream("add_article", str(path), ""))
        assert "This file is not here any more" in streamed
        assert "swordfish" not in streamed
        assert str(folder) not in streamed
    assert files_in(tmp_path) | files_in(folder) == before


def test_a_file_is_added_once_by_who_sent_it_and_is_then_gone(enter: Enter, page: Page) -> None:
    ann, bob = enter(), enter()
    token = ann.send(b"The cat sat on the mat.", "cat.txt").json()["upload"]
    other = ann.send(b"The dog barked.", "dog.txt").json()["upload"]
    assert "not here any more" in str(bob.stream("add_article", token, ""))
    assert "article" in str(ann.stream("add_article", token, ""))
    assert "not here any more" in str(ann.stream("add_article", token, ""))
    assert len(files_in(page.uploads.folder)) == 1, "the other file stays"
    assert "article" in str(ann.stream("add_article", other, ""))
    assert files_in(page.uploads.folder) == set()
    assert {entry["source"] for entry in ann.call("list_articles")["articles"]} == {"ferry.txt", "cat.txt", "dog.txt"}


def test_an_archive_gives_its_articles_and_the_reason_of_each_that_is_none(enter: Enter, page: Page) -> None:
    ann = enter()
    files = {"a/cat.txt": b"The cat sat.", "../dog.txt": b"The dog barked.", "bad.txt": b"\x00\x00"}
    last = ann.stream("add_article", ann.send(archive(files), "pets.zip").json()["upload"], "")[-1][0]
    told = [(one["name"], one["change"]) for one in last["files"]]
    assert told == [("a/cat.txt", "added"), ("../dog.txt", "added"), ("bad.txt", "failed")]
    assert last["files"][2]["error"].startswith("bad.txt is ")
    assert last["article"] == last["files"][0]["article"]
    assert files_in(page.uploads.folder) == set()
    assert len(ann.call("list_articles")["articles"]) == 3
    nothing = str(ann.stream("add_article", ann.send(archive({"a.png": b"x"}), "pictures.zip").json()["upload"], ""))
    assert "There is no file in pictures.zip that can be read" in nothing
    assert "is no zip archive that can be read" in ann.add(b"PK", "cut.zip")


@pytest.mark.parametrize("name", ["../../etc/passwd", "..\\..\\boot.ini", "/etc/passwd", "a\x00b.txt", "C:\\x.txt"])
def test_a_name_is_shown_and_never_a_path(enter: Enter, page: Page, name: str) -> None:
    from urllib.parse import quote

    visitor = enter()
    visitor.add(b"Lee Orr kept bees.", quote(name))
    assert files_in(page.uploads.folder) == set()
    source = visitor.call("list_articles")["articles"][-1]["source"]
    assert not {"/", "\\", "\x00"} & set(source)


def test_a_file_over_the_limit_is_refused_and_leaves_nothing(enter: Enter, page: Page) -> None:
    page.uploads.max_bytes = 1000
    visitor = enter()
    response = visitor.send(b"x" * 1001, "x.txt")
    assert (response.status_code, "too large" in response.json()["error"]) == (413, True)
    assert files_in(page.uploads.folder) == set()


def test_files_that_nobody_uses_do_not_pile_up() -> None:
    now = [0.0]
    uploads = Uploads(1000, clock=lambda: now[0])

    def send(owner: str, size: int) -> str:
        with uploads.receiving(owner) as (path, _):
            path.write_bytes(b"x" * size)
            return uploads.keep(path, "x.txt", owner)

    tokens = [send("ann", 10) for _ in range(MAX_WAITING)]
    with pytest.raises(ArticleError, match="Too many files"):
        uploads.room_for("ann")
    assert uploads.room_for("bob") == 1000
    send("bob", 900)
    send("bob", 900)
    assert uploads.room_for("bob") == 200
    with uploads.receiving("eve") as (first, room), uploads.receiving("eve"):
        assert room == 1000
        with pytest.raises(ArticleError, match="Too many files were sent"):
            uploads.room_for("eve")  # what comes at once has no more room
        first.write_bytes(b"")
    first.unlink()
    for n in range(8):
        send(f"nobody {n}", 1000)
    with pytest.raises(ArticleError, match="at the moment"):
        uploads.room_for("another nobody")
    now[0] = MAX_AGE_SECONDS + 1
    assert uploads.room_for("ann") == 1000
    assert files_in(uploads.folder) == set()
    with pytest.raises(ArticleError, match="not here any more"), uploads.taken(tokens[0], "ann"):
        pass
    folder = uploads.folder
    uploads.close()
    assert not folder.exists()


def test_a_file_sent_without_the_header_that_pages_elsewhere_cannot_send_is_refused(enter: Enter) -> None:
    response = enter().http.post("/uploads", content=b"text")
    assert (response.status_code, response.json()["error"]) == (400, "The header X-File-Name is missing.")


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/upload", "/gradio_api/file=/etc/hostname", "/file=/etc/hostname", "/gradio_api/proxy=http://127.0.0.1/",
        "/gradio_api/token", "/monitoring", "/monitoring/summary", "/gradio_api/vibe-code", "/gradio_api/vibe-edit",
        "/gradio_api/process_recording", "/gradio_api/component_server", "/gradio_api/runs", "/gradio_api/deep_link",
        "/gradio_api/dev/reload", "/gradio_api/stream/a/b/1/playlist.m3u8", "/custom_component/a/b/c/d", "/docs",
        "/gradio_api/openapi.json", "/static/../../etc/passwd", "/static/%2e%2e/%2e%2e/etc/passwd",
        "/assets/%252e%252e/x", "/gradio_api/reset", "/gradio_api/file/etc/hostname", "/gradio_api/queue/join/..",
    ],
)  # fmt: skip
def test_what_gradio_brings_beyond_the_page_is_not_there(enter: Enter, path: str) -> None:
    visitor = enter()
    assert visitor.http.get(path).status_code == 404
    assert visitor.http.post(path, json={}).status_code in (404, 422)
