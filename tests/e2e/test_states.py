"""What the page shows when things are slow, full, failing, gone, changed or forbidden."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from e2e.browsing import Screen, Server

Open = Callable[..., Screen]
ENGINE = "Who said the engine could not be repaired?"
SLOW = "Who said slowly the engine could not be repaired?"


def test_a_failing_model_is_a_message_and_the_chat_goes_on(served: Server, open_page: Open) -> None:
    screen = open_page(served.url)
    turn = screen.ask("Who said the broken engine could not be repaired?")
    expect(turn.locator(".problem p")).to_have_text("The reader's weights are missing. Install the package again.")
    turn = screen.ask(ENGINE)
    expect(turn.locator(".quote")).to_have_count(1)


def test_the_page_survives_a_lost_connection_and_asks_again(served: Server, open_page: Open) -> None:
    screen = open_page(served.url)
    page = screen.page
    page.context.set_offline(True)
    turn = screen.ask(ENGINE)
    expect(turn.locator(".problem p")).to_contain_text("cannot be reached")
    expect(page.locator(".banner")).to_have_text("The assistant cannot be reached. Connecting again…")
    page.context.set_offline(False)
    page.locator(".quote").wait_for()
    expect(page.locator(".banner")).not_to_be_visible()
    expect(page.locator(".turn")).to_have_count(1)
    # The browser itself reports failed requests in the console; here they are what is tested.
    screen.problems[:] = [problem for problem in screen.problems if "ERR_INTERNET_DISCONNECTED" not in problem]


def test_conversations_survive_the_end_of_the_server(real_server: Server, open_page: Open) -> None:
    screen = open_page(real_server.url)
    page = screen.page
    screen.ask("What did Mirzoyan say?")
    title = str(page.locator(".bar h1").text_content())
    quotes = page.locator(".quote blockquote").all_text_contents()
    real_server.stop()
    screen.ask("When was that?")
    page.locator(".banner").wait_for()
    real_server.start()
    page.locator(".banner").wait_for(state="hidden", timeout=30_000)
    page.locator(".turn").nth(1).locator(".foot").wait_for()
    screen.reload()
    expect(page.locator(".bar h1")).to_have_text(title)
    expect(page.locator(".turn").first.locator(".quote blockquote")).to_have_text(quotes)
    screen.problems[:] = [problem for problem in screen.problems if "ERR_" not in problem]


def test_who_must_wait_sees_how_many_are_before(served: Server, open_page: Open) -> None:
    served.call("set_slow_seconds", 6)
    screens = [open_page(served.url) for _ in range(4)]
    for screen in screens:
        screen.page.get_by_label("Your question").fill(SLOW)
        screen.page.keyboard.press("Enter")
        screen.page.locator(".status").wait_for()
        screen.page.wait_for_timeout(150)
    screens[3].page.locator(".status-text", has_text="Busy: 1 before you").wait_for(timeout=5000)
    served.call("set_slow_seconds", 0)
    for screen in screens:
        screen.page.locator(".quote").wait_for(timeout=30_000)


def test_a_question_cannot_be_longer_than_allowed(served: Server, open_page: Open) -> None:
    screen = open_page(served.url)
    box = screen.page.get_by_label("Your question")
    box.fill("engine " * 500)
    assert len(box.input_value()) <= 2000
    screen.page.keyboard.press("End")
    expect(screen.page.locator(".composer-note")).to_contain_text("left.")


def test_settings_hold_at_once_and_after_loading_again(served: Server, open_page: Open) -> None:
    screen = open_page(served.url)
    page = screen.page
    page.get_by_role("button", name="Settings", exact=True).click()
    page.get_by_label("Refuse more").check()
    page.locator(".notice", has_text="Settings kept.").wait_for()
    page.get_by_label("Dark").check()
    expect(page.locator(".shell")).to_have_attribute("data-theme", "dark")
    page.get_by_label("Let a language model word the answers").check()
    with page.expect_response(lambda response: "ollama:llama3.2" in (response.request.post_data or "")):
        page.get_by_label("Which one").fill("ollama:llama3.2")
        page.get_by_label("Which one").blur()
    page.keyboard.press("Escape")
    assert screen.call("start")["settings"]["carefulness"] == "high"
    assert screen.call("start")["settings"]["language_model"] == "ollama:llama3.2"
    screen.reload()
    expect(page.locator(".shell")).to_have_attribute("data-theme", "dark")
    page.get_by_role("button", name="Settings", exact=True).click()
    expect(page.get_by_label("Refuse more")).to_be_checked()
    expect(page.get_by_label("Which one")).to_have_value("ollama:llama3.2")
    expect(page.locator(".path")).not_to_be_empty()


def test_everything_can_be_deleted_but_not_by_accident(served: Server, open_page: Open) -> None:
    screen = open_page(served.url)
    page = screen.page
    screen.ask(ENGINE)
    page.get_by_role("button", name="Settings", exact=True).click()
    page.get_by_text("Delete everything").first.click()
    page.get_by_role("button", name="Delete everything").click()
    page.locator(".notice", has_text="Type the word delete").wait_for()
    assert len(screen.call("start")["articles"]) == 1
    page.get_by_label("to confirm").fill("delete")
    page.get_by_role("button", name="Delete everything").click()
    page.get_by_role("heading", name="Start with an article").wait_for()
    assert screen.call("start")["articles"] == []
    assert screen.call("start")["chats"] == []


def test_analytics_history_and_monitoring_are_off(served: Server, open_page: Open) -> None:
    screen = open_page(served.url)
    config = screen.page.evaluate("window.gradio_config")
    assert config["analytics_enabled"] is False
    assert not config.get("run_history")
    assert screen.page.request.get(f"{served.url}monitoring/summary").status == 404
    fonts = screen.page.evaluate(
        "performance.getEntriesByType('resource').map(r => r.name).filter(n => /font|woff/.test(n))"
    )
    assert fonts == []


def test_a_password_is_asked_for_where_one_is_set(tmp_path: Path, open_page: Open) -> None:
    script = Path(__file__).parent / "fake_server.py"
    server = Server(tmp_path, script, "{port}", str(tmp_path), ASSISTANT_AUTH="ann:secret")
    server.start()
    try:
        screen = open_page(server.url, wait=False)
        page = screen.page
        page.get_by_label("username", exact=False).wait_for()
        assert page.request.post(f"{server.url}gradio_api/run/start", data={"data": []}).status == 401
        page.get_by_label("username", exact=False).fill("ann")
        page.get_by_label("password", exact=False).fill("secret")
        page.get_by_role("button", name="Login").click()
        page.locator("[data-ready]").wait_for()
        assert page.request.post(f"{server.url}gradio_api/run/start", data={"data": []}).ok
    finally:
        server.stop()
