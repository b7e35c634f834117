"""Who changes the library on the page stands in the log, as by program; a refusal has an id that the log tells too."""

from __future__ import annotations

import json
import logging

import pytest

from security.conftest import Enter


def test_each_change_on_the_page_is_a_line_without_a_text(enter: Enter, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "assistant.audit")
    ann = enter({"X-Request-ID": "r1"})
    told = ann.stream("add_article", ann.send(b"Bees hum. Wasps do not.").json()["upload"], "Buzz")
    article = json.loads(json.dumps(told[-1]))[0]["article"]
    ann.call("rename_article", article, "Hiss")
    ann.call("describe_article", article, "Lee Orr", "", "bees")
    ann.call("remove_article", article)
    ann.call("restore_article", article)
    ann.call("rename_article", article, " ")
    lines = [record.getMessage() for record in caplog.records if record.name == "assistant.audit"]
    who = lines[0].partition(": ")[0]
    assert who.startswith("browser:")
    assert len(who) == len("browser:") + 9
    assert lines == [
        f"{who}: {what} {article} (request r1)" for what in ("added", "described", "described", "removed", "restored")
    ]
    for text in ("hum", "Buzz", "Hiss", "Lee"):
        assert text not in "\n".join(lines)


def test_what_is_refused_before_the_page_has_an_id_that_the_log_tells(
    enter: Enter, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "assistant.server")
    visitor = enter({"X-Request-ID": "r2"})
    for path, headers, status in (
        ("/api/v1/articles", {"Origin": "http://evil.example"}, 403),
        ("/api/v1/articles", {"Host": "evil.example"}, 403),
        ("/api/v1/nothing", {}, 404),
        ("/api/v1/ask", {}, 405),
        ("/gradio_api/upload", {}, 404),
        ("/", {"Host": "evil.example"}, 403),
    ):
        reply = visitor.http.get(path, headers=headers)
        assert (reply.status_code, reply.headers["x-request-id"]) == (status, "r2")
        if path.startswith("/api"):
            assert reply.json()["request_id"] == "r2"
        assert f"GET {path!r} refused: {status} (request r2)" in caplog.text
    made = enter().http.get("/", headers={"X-Request-ID": "a b"}).headers["x-request-id"]
    assert len(made) == 32
