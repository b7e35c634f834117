"""Conversations, questions, reports and undo are one's own; articles are shared."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from e2e.fake_assistant import FakeAssistant

from assistant.errors import QuestionSetError
from assistant.evaluation.questions import QuestionSet
from assistant.library.chats import Chats
from assistant.ui.page import Page
from assistant.ui.question_sets import Choice
from assistant.ui.reports import Report
from security.conftest import Enter

QUESTION = "Who said the engine could not be repaired?"
FORMER = {"id": "q1", "question": "When?", "answers": ["March"], "title": "Ferry", "context": "It stopped in March."}


def test_no_call_reads_or_changes_a_conversation_of_another(enter: Enter) -> None:
    ann, eve = enter(), enter()
    chat = ann.chat()
    turn = ann.call("open_chat", chat)["turns"][0]
    before = ann.call("open_chat", chat)
    article = ann.call("list_articles")["articles"][0]["id"]
    assert eve.call("list_chats")["chats"] == []
    for name, arguments in {
        "open_chat": [chat],
        "rename_chat": [chat, "Mine now"],
        "delete_chat": [chat],
        "restore_chat": [chat],
        "choose_articles": [chat, [article]],
        "export_chat": [chat, "json"],
        "rate": [turn["id"], -1],
        "collect_question": [chat, turn["id"], article, "Ida Brandt"],
    }.items():
        reply = eve.call(name, *arguments)
        assert set(reply) == {"error"}, name
        assert QUESTION not in json.dumps(reply)
    streamed = json.dumps(eve.stream("answer", chat, "And then?", [], -1))
    assert "no conversation" in streamed
    assert QUESTION not in streamed
    assert ann.call("open_chat", chat) == before


def test_a_deleted_conversation_comes_back_to_its_owner_alone(enter: Enter) -> None:
    ann, eve = enter(), enter()
    chat = ann.chat()
    ann.call("delete_chat", chat)
    assert set(eve.call("restore_chat", chat)) == {"error"}
    assert eve.call("list_chats")["chats"] == []
    assert ann.call("list_chats")["chats"] == []
    assert ann.call("restore_chat", chat)["chat"]["id"] == chat
    assert [one["id"] for one in ann.call("list_chats")["chats"]] == [chat]


def test_an_article_that_was_removed_is_brought_back_by_who_removed_it(enter: Enter) -> None:
    ann, eve = enter(), enter()
    article = ann.call("list_articles")["articles"][0]["id"]
    ann.call("remove_article", article)
    assert "too long ago" in eve.call("restore_article", article)["error"]
    assert [one["id"] for one in ann.call("restore_article", article)["articles"]] == [article]


def test_own_questions_are_in_nobody_else_s_file_or_evaluation(enter: Enter, page: Page, chats: Chats) -> None:
    ann, eve = enter(), enter()
    chat = ann.chat()
    turn = ann.call("open_chat", chat)["turns"][0]
    article = ann.call("list_articles")["articles"][0]["id"]
    assert ann.call("collect_question", chat, turn["id"], article, "Ida Brandt")["n_questions"] == 1
    assert QUESTION in ann.call("export_questions")["text"]
    assert eve.call("export_questions")["text"] == ""
    assert eve.call("start")["settings"]["n_questions"] == 0
    (owner,) = chats.owners()
    assert page.question_sets.offered(owner)[0] == ("My questions (1)", "own")
    assert "My questions" not in str(page.question_sets.offered("browser:other"))


def test_a_report_is_shown_to_whom_it_was_made_for(enter: Enter, page: Page, chats: Chats) -> None:
    ann, eve = enter(), enter()
    ann.chat()
    (owner,) = chats.owners()
    token = page.reports.keep(owner, Report("<p>Shown</p>", "<p>Saved</p>"))
    shown = ann.http.get(f"/reports/{token}")
    assert (shown.status_code, shown.text) == (200, "<p>Shown</p>")
    assert "sandbox" in shown.headers["content-security-policy"]
    saved = ann.http.get(f"/reports/{token}?save")
    assert (saved.text, "attachment" in saved.headers["content-disposition"]) == ("<p>Saved</p>", True)
    assert eve.http.get(f"/reports/{token}").status_code == 404


def test_delete_everything_leaves_nothing_to_bring_back_or_to_read(enter: Enter, fake: FakeAssistant) -> None:
    ann, bob = enter(), enter()
    former = fake.settings.library / "questions.jsonl"
    chat, other = ann.chat(), bob.chat()
    turn = ann.call("open_chat", chat)["turns"][0]
    article = ann.call("list_articles")["articles"][0]["id"]
    ann.call("collect_question", chat, turn["id"], article, "Ida Brandt")
    bob.call("remove_article", article)
    former.write_text("{}")
    assert ann.call("delete_everything", "delete") == {"articles": [], "chats": []}
    assert "too long ago" in bob.call("restore_article", article)["error"]
    assert set(ann.call("restore_chat", chat)) == {"error"}
    assert ann.call("export_questions")["text"] == ""
    assert not former.exists()
    assert bob.call("open_chat", other)["chat"]["id"] == other, "what is another's stays"


def test_who_sits_at_this_machine_takes_over_what_was_kept_before(
    enter: Enter, fake: FakeAssistant, chats: Chats
) -> None:
    kept = chats.start()
    former = fake.settings.library / "questions.jsonl"
    former.write_text(json.dumps(FORMER) + "\n", encoding="utf-8")
    ann, bob = enter(), enter()
    ann.call("start")
    bob.call("start")
    assert [one["id"] for one in ann.call("list_chats")["chats"]] == [kept.id]
    row = json.loads(ann.call("export_questions")["text"])
    assert (row["question"], row["context"]) == ("When?", "It stopped in March.")
    assert not former.exists()
    assert bob.call("list_chats")["chats"] == []
    assert bob.call("export_questions")["text"] == ""


@pytest.mark.parametrize("text", ["{", "[1]\n", '{"question": "no article"}\n'])
def test_a_former_file_that_cannot_be_read_stays_as_it_is(enter: Enter, fake: FakeAssistant, text: str) -> None:
    former = fake.settings.library / "questions.jsonl"
    former.write_text(text, encoding="utf-8")
    assert enter().call("start")["settings"]["n_questions"] == 0
    assert former.read_text(encoding="utf-8") == text


def test_a_made_up_cookie_is_nobody(enter: Enter) -> None:
    ann = enter()
    ann.chat()
    for cookie in ("x", "../../etc", "a" * 42, "a" * 44):
        eve = enter({"Cookie": f"assistant_browser={cookie}"})
        response = eve.post("list_chats")
        assert response.json()["data"][0]["chats"] == []
        assert "assistant_browser=" in response.headers["set-cookie"]


def test_the_cookie_does_not_stand_in_the_library(enter: Enter, fake: FakeAssistant) -> None:
    ann = enter()
    ann.chat()
    token = ann.http.cookies["assistant_browser"].encode()
    assert len(token) == 43
    for path in fake.settings.library.iterdir():
        assert token not in path.read_bytes()


def test_a_conversation_keeps_the_ids_of_articles_alone(enter: Enter, chats: Chats) -> None:
    ann = enter()
    chat = ann.chat()
    article = ann.call("list_articles")["articles"][0]["id"]
    ann.call("choose_articles", chat, ["x" * 19_000] * 50 + [article, article])
    assert ann.call("open_chat", chat)["chat"]["articles"] == [article]
    (owner,) = chats.owners()
    assert chats.get(chat, owner).articles == (article,)


def test_a_set_from_the_page_names_articles_by_title_and_opens_no_path(
    enter: Enter, page: Page, chats: Chats, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("The password is swordfish. It was set in March.")
    ann = enter()
    ann.chat()
    (owner,) = chats.owners()
    title = ann.call("list_articles")["articles"][0]["title"]

    def read(article: str) -> QuestionSet:
        row = {"question": "When did it stop?", "answers": ["March"], "article": article}
        token = ann.send(json.dumps(row).encode(), "mine.jsonl").json()["upload"]
        return page.question_sets.of(Choice(owner, upload=token))

    assert [question.text for question in read(title).questions] == ["When did it stop?"]
    for path in (str(secret), f"../{secret.name}", secret.as_uri(), "~/secret.txt", "/etc/hostname"):
        with pytest.raises(QuestionSetError) as told:
            read(path)
        assert "swordfish" not in str(told.value)
