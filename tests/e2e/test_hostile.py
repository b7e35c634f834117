"""Forty ways to be more than text: each is shown as text, runs nothing and moves nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from e2e.browsing import Contexts, Screen, Server, one_page

PAYLOADS = {
    "script": "<script>window.hacked=1</script>",
    "image": "<img src=x onerror='window.hacked=1'>",
    "svg": "<svg onload='window.hacked=1'><animate onbegin=alert(1)>",
    "closing": "</div></textarea></style></script><h1>Owned</h1>",
    "markdown link": "[click](javascript:window.hacked=1) ![x](https://example.org/x.png)",
    "markdown block": "**bold** `code` # no heading | table | ~~gone~~",
    "template": "${window.hacked=1} {{constructor.constructor('window.hacked=1')()}} #{7*7}",
    "entity": "&lt;b&gt; &#60;script&#62; &amp;nbsp;",
    "bidi": "user\u202egnp.exe \u2066isolate\u2069 \u200fmark",
    "attribute": '" autofocus onfocus="window.hacked=1" x="\' onclick=\'window.hacked=1',
}
CASES = [pytest.param(payload, id=name) for name, payload in PAYLOADS.items()]
# An article shows all of them; elsewhere, where the same code writes the text, the others belong to the long runs.
SOME = [
    pytest.param(payload, id=name, marks=[] if n % 3 == 0 else pytest.mark.soak)
    for n, (name, payload) in enumerate(PAYLOADS.items())
]


def unharmed(screen: Screen) -> bool:
    """Returns whether nothing ran, and no element came from text."""
    return bool(
        screen.page.locator(".shell").evaluate(
            "e => window.hacked === undefined && !e.querySelector('script, img, svg animate, table, h3, b, strong')"
            " && ![...e.querySelectorAll('a')].some(a => !/^#|^\\.\\/evaluate$/.test(a.getAttribute('href')))"
            " && [...e.querySelectorAll('h1')].length === 1"
        )
    )


def joined(text: str) -> str:
    """Returns a text with all its blank space made single."""
    return " ".join(text.split())


@pytest.fixture(scope="module")
def screen(fake_server: Server, contexts: Contexts) -> Iterator[Screen]:
    """One page for all cases: what one leaves behind must not harm the next either."""
    fake_server.call("reset", True)
    with one_page(fake_server, contexts) as opened:
        yield opened


@pytest.fixture(autouse=True)
def fresh(screen: Screen, fake_server: Server) -> Iterator[None]:
    fake_server.call("reset", False)
    screen.page.get_by_role("button", name="New conversation").click()
    screen.page.locator(".welcome").wait_for()
    yield
    assert unharmed(screen)
    assert screen.problems == []


def add_text(screen: Screen, text: str, title: str = "") -> None:
    """Adds an article as a reader does."""
    page = screen.page
    page.get_by_role("button", name="Add an article", exact=True).first.click()
    dialog = page.locator("dialog")
    dialog.get_by_label("Or paste text").fill(text)
    dialog.get_by_label("Title", exact=True).fill(title)
    dialog.get_by_role("button", name="Add text").click()
    page.locator("dialog").wait_for(state="detached")


@pytest.mark.parametrize("payload", CASES)
def test_in_an_article(screen: Screen, payload: str) -> None:
    add_text(screen, f"The keeper wrote {payload} on the lighthouse door.", "Hostile")
    turn = screen.ask("What did the keeper wrote on the lighthouse door?")
    assert turn.locator(".quote").count() >= 1
    screen.page.locator(".margin-marker").evaluate_all("markers => markers.forEach((marker) => marker.remove())")
    shown = "".join(screen.page.locator(".paragraph").all_text_contents())
    assert joined(payload) in joined(shown)


@pytest.mark.parametrize("payload", SOME)
def test_in_a_title(screen: Screen, payload: str) -> None:
    add_text(screen, "The ferry stopped.", "Other")
    add_text(screen, "The keeper painted the lighthouse door green.", f"Title {payload}")
    turn = screen.ask("Which lighthouse door was painted green?")
    title = joined(f"Title {payload}")
    assert screen.page.locator(".article-list .row-name").all_text_contents()[1] == title
    assert joined(str(turn.locator(".where").text_content())) == title
    assert joined(str(screen.page.locator(".article-head h2").text_content())) == title


@pytest.mark.parametrize("payload", SOME)
def test_in_a_file_name(screen: Screen, payload: str) -> None:
    page = screen.page
    name = payload.replace("/", "∕")
    page.get_by_role("button", name="Add an article", exact=True).first.click()
    files = page.locator("dialog input[type=file]")
    files.set_input_files({"name": f"{name}.txt", "mimeType": "text/plain", "buffer": b"\x00\x00 no text"})
    page.locator(".job.failed").wait_for()
    assert page.locator(".job-name").text_content() == f"{name}.txt"
    assert unharmed(screen)
    text = f"The keeper painted the lighthouse door, says {len(name)}.".encode()
    files.set_input_files({"name": f"{name}.txt", "mimeType": "text/plain", "buffer": text})
    page.locator("dialog").wait_for(state="detached")
    assert page.locator(".about").text_content() is not None


@pytest.mark.parametrize("payload", SOME)
def test_in_a_question(screen: Screen, payload: str) -> None:
    add_text(screen, "The keeper painted the lighthouse door green.")
    page = screen.page
    assert screen.ask(payload).locator(".question p").text_content() == payload
    assert joined(str(page.locator(".bar h1").text_content())).startswith(joined(payload)[:20])
    page.get_by_role("button", name="New conversation").click()
    page.locator(".chat-list .row-name").first.click()
    page.locator(".question").wait_for()
    assert page.locator(".question p").text_content() == payload
