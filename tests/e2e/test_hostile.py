"""Forty ways to be more than text: each is shown as text, runs nothing and moves nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conftest import Screen, Server

Open = Callable[..., Screen]

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


def unharmed(screen: Screen) -> bool:
    """Returns whether nothing ran, and no element came from text."""
    return bool(
        screen.page.locator(".shell").evaluate(
            "e => window.hacked === undefined && !e.querySelector('script, img, svg animate, table, h3, b, strong')"
            " && ![...e.querySelectorAll('a')].some(a => !/^#/.test(a.getAttribute('href')))"
            " && [...e.querySelectorAll('h1')].length === 1"
        )
    )


def joined(text: str) -> str:
    """Returns a text with all its blank space made single."""
    return " ".join(text.split())


@pytest.mark.parametrize("payload", CASES)
def test_in_an_article(served: Server, open_page: Open, payload: str) -> None:
    served.call("reset", False)
    served.call("add", f"The keeper wrote {payload} on the lighthouse door.", "Hostile", "")
    screen = open_page(served.url)
    turn = screen.ask("What did the keeper wrote on the lighthouse door?")
    assert turn.locator(".quote").count() >= 1
    screen.page.locator(".margin-marker").evaluate_all("markers => markers.forEach((marker) => marker.remove())")
    shown = "".join(screen.page.locator(".paragraph").all_text_contents())
    assert joined(payload) in joined(shown)
    assert unharmed(screen)


@pytest.mark.parametrize("payload", CASES)
def test_in_a_title(served: Server, open_page: Open, payload: str) -> None:
    served.call("add", "The keeper painted the lighthouse door green.", f"Title {payload}", "")
    screen = open_page(served.url)
    turn = screen.ask("Which lighthouse door was painted green?")
    title = joined(f"Title {payload}")
    assert screen.page.locator(".article-list .row-name").all_text_contents()[1] == title
    assert joined(str(turn.locator(".where").text_content())) == title
    assert joined(str(screen.page.locator(".article-head h2").text_content())) == title
    assert unharmed(screen)


@pytest.mark.parametrize("payload", CASES)
def test_in_a_file_name(served: Server, open_page: Open, payload: str) -> None:
    screen = open_page(served.url)
    page = screen.page
    name = payload.replace("/", "∕")
    page.get_by_role("button", name="Add an article").click()
    page.locator("dialog input[type=file]").set_input_files(
        {"name": f"{name}.txt", "mimeType": "text/plain", "buffer": b"\x00\x00 no text"}
    )
    page.locator(".job.failed").wait_for()
    assert page.locator(".job-name").text_content() == f"{name}.txt"
    assert unharmed(screen)
    page.locator("dialog input[type=file]").set_input_files(
        {"name": f"{name}.txt", "mimeType": "text/plain", "buffer": b"The keeper painted the lighthouse door."}
    )
    page.locator(".notice", has_text="Article added.").wait_for()
    assert unharmed(screen)


@pytest.mark.parametrize("payload", CASES)
def test_in_a_question(served: Server, open_page: Open, payload: str) -> None:
    screen = open_page(served.url)
    turn = screen.ask(payload)
    assert turn.locator(".question p").text_content() == payload
    assert joined(str(screen.page.locator(".bar h1").text_content())).startswith(joined(payload)[:20])
    screen.reload()
    assert screen.page.locator(".question p").text_content() == payload
    assert unharmed(screen)
