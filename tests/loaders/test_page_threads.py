"""Threads: what was said is kept, whoever said it; what the board puts around it is not."""

from __future__ import annotations

from assistant.loaders.web_page import load_web_page
from benchmarks.forum_templates import LAYOUTS
from benchmarks.page_templates import page_of, sources
from benchmarks.web_pages import beside_of, f1, measured, ours

THREADS = [source for source in sources() if source.kind == "forum"]
SAID = (
    "The pump stops after ten minutes, and then it has to cool down for an hour before it runs again.",
    "Clean the filter first, since a pump that draws no water becomes hot within a few minutes.",
)
BETWEEN = "<div class='sorting'><span>Sorted by: newest</span></div>"


def text_of(body: str) -> list[str]:
    page = f"<html><head><title>Pump</title></head><body><nav><a href=/>Home</a> <a href=/f>Forum</a></nav>{body}</body></html>"
    return load_web_page(page.encode(), "a.html").text.split("\n\n")[1:]


def post(n: int, said: str, more: str = "", holder: str = "div") -> str:
    who = (
        f"<div class='who'><b>user{n}</b><dl><dt>Joined</dt><dd>May 201{n}</dd><dt>Posts</dt><dd>1{n}7</dd></dl></div>"
    )
    return f"<div class='post n{n}'>{who}<{holder}><p>{said}</p></{holder}>{more}<p class='acts'>Reply now</p></div>"


def test_threads_of_several_kinds_of_board_are_read() -> None:
    for source in THREADS:
        assert f1(*measured(ours(page_of(source)), source)) > 0.94
        for layout in ("messages", "topic"):
            assert beside_of(ours(LAYOUTS[layout](source)), source) == []
    shares = [measured(ours(LAYOUTS[name](source)), source) for name in ("issue", "nested") for source in THREADS]
    assert {recall for _, recall in shares} == {1.0}


def test_the_writer_the_buttons_and_what_stands_between_posts_go() -> None:
    body = f"<main><div class=thread>{post(1, SAID[0])}{BETWEEN}{post(2, SAID[1])}<div class=end><p>3 guests read this</p></div></div></main>"
    assert text_of(body) == list(SAID)


def test_a_short_reply_is_kept() -> None:
    body = (
        f"<main><div class=thread>{post(1, SAID[0])}{post(2, SAID[1])}{post(3, 'That was it, thank you.')}</div></main>"
    )
    assert text_of(body) == [*SAID, "That was it, thank you."]


def test_a_form_without_fields_is_only_a_frame() -> None:
    body = f"<main><div class=thread>{post(1, SAID[0], holder='form')}{post(2, SAID[1], holder='form')}</div></main>"
    assert text_of(body) == list(SAID)


def test_boxes_of_one_name_that_are_no_posts_keep_their_labels() -> None:
    boxes = "".join(
        f"<div class=hut><h2>Hut {n}</h2><div>Price: 30 euros</div><p>{said}</p></div>" for n, said in enumerate(SAID)
    )
    assert text_of(f"<main>{boxes}</main>").count("Price: 30 euros") == len(SAID)
