"""The articles of an assistant: what is given, stated and changed, what is chosen, and what is gone."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from damaged_library import described
from fakes import ScriptedReader

from assistant.answer import Answer
from assistant.assistant import Assistant
from assistant.errors import ArticleError, StoreError
from assistant.library.chats import Chats
from assistant.library.sqlite_changes import REMOVED
from assistant.library.sqlite_check import check_library
from assistant.library.store import Original
from assistant.loaders import Loaded

Open = Callable[..., Assistant]
BEES = "Bees make honey. Ann Lee keeps bees."
WASPS = "Wasps hunt flies. Nobody keeps wasps."


def test_what_the_caller_gives_wins_and_tags_are_united(quick: Open) -> None:
    assistant = quick()
    stated = Loaded(BEES, "Bees", author="Bo", date=date(2020, 1, 1), tags=("insects", "Honey"))
    from assistant.collection import described

    told = described(stated, " Bees, honey", "Ann  Lee", "2024-02-29")
    assert (told.author, told.date, told.tags) == ("Ann Lee", date(2024, 2, 29), ("bees", "honey", "insects"))
    assert described(stated, (), "", None).author == "Bo"
    assert described(stated, (), "", None).date == date(2020, 1, 1)
    article = assistant.add(BEES, tags=["Bees"], author="Ann", date=date(2024, 2, 29))
    assert (article.tags, article.author, article.date) == (("bees",), "Ann", date(2024, 2, 29))
    other = assistant.add_bytes(WASPS.encode(), "wasps.txt", tags="wasps", date="2023-05-01")
    assert (other.tags, other.date, other.source) == (("wasps",), date(2023, 5, 1), "wasps.txt")
    for wrong in ({"date": "soon"}, {"tags": "x" * 51}, {"author": 7}):
        with pytest.raises(ArticleError):
            assistant.add("Something else.", **wrong)  # type: ignore[arg-type]
    assert len(assistant.contents()) == 2


def test_what_is_given_of_an_article_is_changed_and_nothing_else(quick: Open) -> None:
    assistant = quick()
    article = assistant.add(BEES, title="Bees", tags="a", author="Ann", date="2024-02-29")
    changed = assistant.describe(article.id, tags=["B"])
    assert (changed.title, changed.author, changed.date, changed.tags) == ("Bees", "Ann", date(2024, 2, 29), ("b",))
    assert assistant.article(article.id) == changed
    cleared = assistant.describe(article.id, title=" Of\nbees ", author="", date="", tags=())
    assert assistant.article(article.id) == cleared
    assert (cleared.title, cleared.author, cleared.date, cleared.tags) == ("Of bees", "", None, ())
    with pytest.raises(ArticleError, match="title is empty"):
        assistant.describe(article.id, title=" ")
    with pytest.raises(ArticleError, match="no article 'none'"):
        assistant.describe("none", title="Bees")


def test_only_what_is_chosen_is_asked(quick: Open) -> None:
    assistant = quick(ScriptedReader("keeps"))
    bees = assistant.add(BEES, tags="bees,kept", date="2024-02-29", author="Ann Lee")
    wasps = assistant.add(WASPS, tags="wasps,kept", date="2025-02-28", source="wasps.txt")
    question = "Who keeps bees and wasps?"

    def asked(**only: object) -> set[str]:
        found = {e.article_id for e in assistant.retrieve(question, 9, **only)}  # type: ignore[arg-type]
        answer = assistant.ask(question, **only)  # type: ignore[arg-type]
        assert {c.article_id for c in answer.citations} <= found
        *_, streamed = assistant.stream(question, **only)  # type: ignore[arg-type]
        assert isinstance(streamed, Answer)
        assert streamed.text == answer.text
        return found

    assert asked(tags="kept") == {bees.id, wasps.id}
    assert asked(tags="Bees") == {bees.id}
    assert asked(since="2025-01-01") == {wasps.id}
    assert asked(until=date(2024, 12, 31)) == {bees.id}
    assert asked(author="lee") == {bees.id}
    assert asked(source="wasps") == {wasps.id}
    assert asked(article=[bees.id], tags="kept") == {bees.id}
    assert asked(article=[bees.id], tags="wasps") == set()
    assert [entry.id for entry in assistant.contents(title="WASPS")] == [wasps.id]
    assert [article.id for article in assistant.articles(tags="kept", author="Ann")] == [bees.id]


def test_where_nothing_is_chosen_the_answer_says_so(quick: Open) -> None:
    assistant = quick(ScriptedReader("honey"))
    assistant.add(BEES, tags="bees")
    answer = assistant.ask("What do bees make?", tags="ants", since="2024-01-01")
    assert answer.text == "No article is tagged “ants” and dated 2024-01-01 or later."
    assert (answer.abstained, answer.decided_by, answer.closest, answer.reason) == (True, "no_article", (), "")
    assert assistant.retrieve("What do bees make?", tags="ants") == []
    assert assistant.contents(tags="ants") == []
    with pytest.raises(TypeError, match="tag"):
        assistant.ask("What do bees make?", tag="ants")  # type: ignore[call-arg]


def test_a_new_text_takes_the_place_of_the_old_and_conversations_show_what_they_cited(
    quick: Open, library: Path, tmp_path: Path
) -> None:
    assistant = quick(ScriptedReader("honey"))
    bees = assistant.add(BEES, source="bees.txt", tags="bees", author="Ann", date="2024-02-29")
    wasps = assistant.add(WASPS)
    with closing(Chats.open(library / "library.sqlite3")) as chats:
        chat = chats.start("ann", [bees.id])
        chats.keep(chat.id, None, "What do bees make?", assistant.ask("What do bees make?").to_dict(), "ann")
        chats.keep_suggestions(bees.id, "models", ["What do bees make?"])
        new = assistant.replace(bees.id, "Bees make wax. Bo keeps bees.")
        assert [entry.id for entry in assistant.contents()] == [new.id, wasps.id]
        assert (new.title, new.source, new.tags) == ("Bees make wax. Bo keeps bees.", "bees.txt", ("bees",))
        assert (new.author, new.date) == ("Ann", date(2024, 2, 29))
        (turn,) = chats.turns(chat.id, "ann")
        assert turn.answer["citations"][0]["text"] == "Bees make honey."
        assert chats.get(chat.id, "ann").articles == (new.id,)
        assert chats.suggestions(bees.id, "models") is None
    assert [e.sentence.text for e in assistant.retrieve("What do bees make?", 1, new.id)] == ["Bees make wax."]
    assert "all whole" in check_library(library)
    assistant.rename(new.id, "My bees")
    path = tmp_path / "later.md"
    path.write_text("Bees make propolis.", encoding="utf-8")
    later = assistant.replace(new.id, path)
    assert (later.title, later.source, later.text) == ("My bees", "later.md", "Bees make propolis.")
    again = assistant.replace(later.id, b"Bees make propolis.", "same.txt")
    assert (again.id, again.source, len(assistant.contents())) == (later.id, "same.txt", 2)
    with pytest.raises(ArticleError, match="in the library already"):
        assistant.replace(again.id, WASPS)
    with pytest.raises(ArticleError, match="no article"):
        assistant.replace(bees.id, "Another text.")
    assert [entry.id for entry in assistant.contents()] == [again.id, wasps.id]


SECRET = "Quillfeather buried zwanzigtausend guilders under the marmalade factory"


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_nothing_is_left_of_what_is_removed_for_good(quick: Open, library: Path) -> None:
    assistant = quick(ScriptedReader("guilders"))
    kept = assistant.add(BEES)
    text = "\n".join(f"{SECRET} in {year}. It was {year} then." for year in range(1700, 1760))
    secret = assistant.add(text, title="Secret")
    others = [assistant.add(f"Note {n} tells of wasps. It is short.") for n in range(20)]
    assistant.store.flush()
    with closing(Chats.open(library / "library.sqlite3")) as chats:
        chat = chats.start("ann")
        asked = assistant.ask("What did Quillfeather bury?").to_dict()
        assert SECRET in str(asked["citations"])
        chats.keep(chat.id, None, "Who was it?", asked, "ann")
        chats.keep(chat.id, None, "What do bees make?", {"text": "Honey.", "citations": []}, "ann")
        chats.questions.add("ann", {"question": "Who was it?"}, secret)
        chats.keep_suggestions(secret.id, "models", [f"Is it true that {SECRET}?"])
        assistant.remove(others[3].id)
        words = [word.encode() for word in (SECRET, "Quillfeather", "zwanzigtausend", "quillfeath", "marmalad")]
        assert all(word in bytes_of(library) for word in words)
        assert assistant.remove(secret.id, for_good=True).text == secret.text
        # While others have it open: the page is never stopped for it.
        assert [word for word in words if word in bytes_of(library)] == []
        assert [(turn.question, turn.answer["text"]) for turn in chats.turns(chat.id, "ann")] == [
            ("Who was it?", REMOVED), ("What do bees make?", "Honey."),
        ]  # fmt: skip
        assert list(chats.questions.rows("ann")) == []
    assert "all whole" in check_library(library)
    assert assistant.retrieve("What do bees make?", 1)[0].article_id == kept.id
    assistant.close()
    assert [word for word in words if word in bytes_of(library)] == []


def test_what_is_being_read_cannot_be_purged_and_says_so(quick: Open, library: Path) -> None:
    import sqlite3

    assistant = quick()
    article = assistant.add(BEES)
    with closing(sqlite3.connect(library / "library.sqlite3", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM articles").fetchone()
        with pytest.raises(StoreError, match=r"being read: what was removed is still in its files.*again later"):
            assistant.remove(article.id, for_good=True)
    assert assistant.contents() == []
    assistant.store.purge()
    assert b"honey" not in bytes_of(library)


def test_what_was_removed_comes_back_with_all_that_was_known_of_it(quick: Open) -> None:
    assistant = quick()
    article = described(assistant.add(BEES))
    assistant.remove(article.id)
    original = Original("bees.pdf", b"%PDF")
    assert assistant.restore(article, original) == article
    assert assistant.original(article.id) == original
