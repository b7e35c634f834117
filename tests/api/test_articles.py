"""Articles by REST: added, read, listed in parts, described, replaced, removed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import httpx
import pytest

from api.conftest import Served, problem
from assistant.api.reply_forms import ArticleReply, ArticlesReply
from assistant.loaders.loaded import Loaded
from assistant.loaders.web import WebPage


def test_an_article_is_added_read_described_replaced_and_removed(served: Served, client: httpx.Client) -> None:
    sent = {
        "text": "Bees hum. Wasps do not.",
        "title": "Bees",
        "tags": "Insects, bees",
        "author": "Ann Lee",
        "date": "2024-02-29",
    }
    added = client.post("/api/v1/articles", json=sent)
    article = ArticleReply.model_validate(added.json())
    assert added.status_code == 201
    assert added.headers["location"] == f"/api/v1/articles/{article.id}"
    assert (article.title, article.tags, article.author, article.date) == (
        "Bees",
        ["bees", "insects"],
        "Ann Lee",
        "2024-02-29",
    )
    again = client.post("/api/v1/articles", json={"text": sent["text"], "title": "Other"})
    assert (again.status_code, again.json()["id"], again.json()["title"]) == (200, article.id, "Bees")
    read = client.get(f"/api/v1/articles/{article.id}?sentences=true").json()
    assert read["text"] == sent["text"]
    assert [(s["text"], s["start"], s["end"], s["position"]) for s in read["sentences"]] == [
        ("Bees hum.", 0, 9, 0), ("Wasps do not.", 10, 23, 1),
    ]  # fmt: skip
    assert "sentences" not in client.get(f"/api/v1/articles/{article.id}").json()
    changed = client.patch(f"/api/v1/articles/{article.id}", json={"author": "", "tags": []}).json()
    assert (changed["title"], changed["author"], changed["date"], changed["tags"]) == ("Bees", "", "2024-02-29", [])
    new = client.put(f"/api/v1/articles/{article.id}", json={"text": "Bees hum. Hornets hum too."})
    assert (new.status_code, new.json()["title"], new.json()["n_sentences"]) == (200, "Bees", 2)
    assert problem(client.get(f"/api/v1/articles/{article.id}")).status == 404
    gone = client.delete(f"/api/v1/articles/{new.json()['id']}")
    assert (gone.status_code, gone.json()["id"]) == (200, new.json()["id"])
    assert [entry.id for entry in served.assistant.contents()] == [served.article_id]


def test_a_file_is_added_and_replaced_by_its_format_and_a_path_is_only_a_name(
    served: Served, client: httpx.Client
) -> None:
    markdown = b"# On bees\n\nBees hum. Wasps do not.\n"
    fields = {"tags": ["bees", "insects"], "author": "Ann Lee"}
    added = client.post("/api/v1/articles", files={"file": ("../../etc/bees.md", markdown)}, data=fields)
    assert (added.status_code, added.json()["title"], added.json()["source"]) == (201, "On bees", "bees.md")
    assert (added.json()["tags"], added.json()["author"]) == (["bees", "insects"], "Ann Lee")
    new = client.put(
        f"/api/v1/articles/{added.json()['id']}", files={"file": ("wasps.md", b"# On wasps\n\nWasps sting.\n")}
    )
    assert (new.status_code, new.json()["title"], new.json()["author"]) == (200, "On wasps", "Ann Lee")
    for files, data, sentence in (
        ({"file": ("a.txt", b"\x00\x01")}, {}, "a.txt"),
        ({"file": ("a.txt", b"x y")}, {"owner": "me"}, "`owner` is not expected here: the fields are file, title"),
        ({"picture": ("a.txt", b"x y")}, {}, "`picture` is not expected here"),
        ({"file": ("a.txt", b"x y")}, {"date": "soon"}, "The date is 'soon', expected a day"),
    ):
        refused = problem(client.post("/api/v1/articles", files=files, data=data))
        assert refused.status == 422
        assert sentence in refused.detail
    assert len(served.assistant.contents()) == 2


def test_the_list_comes_in_parts_that_hold_when_an_article_goes(served: Served, client: httpx.Client) -> None:
    ids = [served.article_id]
    for n in range(6):
        ids.append(
            served.assistant.add(f"Station {n} reports rain.", f"Weather {n}", tags=["rain"] if n % 2 else []).id
        )
    got: list[str] = []
    cursor = ""
    while True:
        part = client.get("/api/v1/articles", params={"limit": 3, "cursor": cursor}).json()
        ArticlesReply.model_validate(part)
        got += [article["id"] for article in part["articles"]]
        if got[-1] == ids[2]:
            served.assistant.remove(ids[2])
        cursor = part["next"]
        if cursor is None:
            break
    assert got == ids
    assert part["articles"][0]["source"] == ""
    assert client.get("/api/v1/articles?limit=1").json()["articles"][0]["source"] == "ferry.txt", (
        "no path of the server"
    )
    rainy = client.get("/api/v1/articles", params={"tag": "rain", "title": "weather"}).json()
    assert ([a["id"] for a in rainy["articles"]], rainy["n_articles"], rainy["next"]) == (
        [ids[4], ids[6]],
        2,
        None,
    )
    assert problem(client.get("/api/v1/articles?cursor=x")).detail.startswith("`cursor`: It is none.")
    assert problem(client.get("/api/v1/articles?limit=0")).status == 422


def test_a_page_is_fetched_under_the_brake_of_all(
    served: Served, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetch(url: str) -> WebPage:
        loaded = Loaded("The bridge opened in 1931.", "The bridge", (), "Ann Lee", date(2024, 5, 1))
        return WebPage(loaded, url, datetime(2026, 11, 27, tzinfo=UTC))

    monkeypatch.setattr(served.assistant, "fetch_page", fetch)
    sent = {"url": "https://example.org/bridge", "author": "Rosa Lind", "tags": ["bridges"]}
    added = client.post("/api/v1/articles", json=sent).json()
    assert (added["title"], added["author"], added["date"], added["tags"], added["url"]) == (
        "The bridge", "Rosa Lind", "2024-05-01", ["bridges"], "https://example.org/bridge",
    )  # fmt: skip
    statuses = [client.post("/api/v1/articles", json=sent).status_code for _ in range(10)]
    assert statuses == [200] * 9 + [429], "ten pages of one caller in five minutes"
    for url in ("http://127.0.0.1/", "file:///etc/passwd", "x"):
        monkeypatch.undo()
        assert problem(client.post("/api/v1/articles", json={"url": url})).status in (422, 429)
    neither = problem(client.post("/api/v1/articles", json={"title": "x"}))
    assert neither.detail == "Send one of `text` and `url`, or over REST, as multipart/form-data, `file`."
