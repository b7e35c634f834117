"""Markdown is read as a reader sees it: nothing vanishes, lists keep their numbers, code its indentation."""

from __future__ import annotations

import time
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.articles.article import normalise
from assistant.errors import ArticleError
from assistant.loaders import load_bytes, load_text
from assistant.loaders.front_matter import FrontMatter, split_front_matter
from assistant.loaders.loaded import Loaded
from assistant.loaders.markdown import MAX_PART, markdown_text


def told(loaded: Loaded) -> list[tuple[str, str]]:
    return [
        (f"h{b.level}" if b.level else b.kind + str(b.depth or ""), loaded.text[b.start : b.end]) for b in loaded.blocks
    ]


def test_markdown_is_read_as_a_reader_sees_it() -> None:
    source = (
        b"# The *base*\n\nIt stands in [Gyumri](https://example.org) since **1995**.\n\n"
        b"## Facts\n\n- one\n- two `code`\n\n| a | b |\n|---|---|\n| c | d |\n\n```\nx = 1\n```\n\n<b>raw</b>\n"
    )
    loaded = load_bytes(source, "page.md")
    assert loaded.title == "The base"
    assert loaded.text == (
        "The base\n\nIt stands in Gyumri since 1995.\n\nFacts\n\n- one\n- two code\n\na: c (b: d).\n\nx = 1\n\nraw"
    )
    assert [(m.section, loaded.text[m.start :].split("\n")[0]) for m in loaded.marks] == [
        ("The base", "The base"),
        ("Facts", "Facts"),
    ]


# fmt: off
CASES = [
    ("Title\n===\nOther\n---\ntext", [("h1", "Title"), ("h2", "Other"), ("text", "text")]),
    ("3. Boil it\n4. Rest\n\n   a while\n   - deep", [("item", "3. Boil it"), ("item", "4. Rest"), ("item", "a while"), ("item1", "- deep")]),
    ("- [x] done\n- [ ] open", [("item", "- [x] done"), ("item", "- [ ] open")]),
    ("```python\ndef f():\n    return 1\n\n\ty\n```", [("code", "def f():"), ("code", "    return 1"), ("code", "\ty")]),
    ("a\n\n    code\n      more", [("text", "a"), ("code", "code"), ("code", "  more")]),
    ("> q\n> - r\n>\n> s", [("quote", "q"), ("item", "- r"), ("quote", "s")]),
    ("| Step | Time |\n|---|---|\n| Mix | 2 min |\n| Bake | |", [("row", "Step: Mix (Time: 2 min)."), ("row", "Step: Bake.")]),
    ("| | |\n|---|---|\n| Born | 1970 |", [("row", "Born: 1970.")]),
    ("<p>only</p>", [("text", "only")]),
    ("<details><summary>Why</summary>\n\nBecause *so*.\n\n</details>", [("text", "Why"), ("text", "Because so.")]),
    ("<table>\n<tr><th>A</th></tr>\n\n<tr><td>1</td></tr>\n</table>\n\nx", [("row", "A: 1."), ("text", "x")]),
    ("A[^1] b[^note].\n\n[^1]: Word\n[^note]: It is\n    long.\n\n    And more.\n\nEnd",
     [("text", "A[1] b[note]."), ("item", "[1] Word"), ("item", "[note] It is long."), ("text", "And more."), ("text", "End")]),
    ("See [this] and [that][ref].\n\n[this]: /a 'T'\n[ref]: <b>", [("text", "See this and that.")]),
    ("List<String> of <your name>, `a<b>[^1]` and a <b>c</b> <http://x.y/>", [("text", "List<String> of <your name>, a<b>[^1] and a c http://x.y/")]),
    ("~~gone~~ a\\\nb ![A bee](x.png) &amp; &copy;", [("text", "gone a\nb A bee & ©")]),
    ("a <!-- hidden --> b\n\n<script>\nhidden\n</script>\n\n***\n\nc", [("text", "a b"), ("text", "c")]),
    ("1) one\n2) two\n\ntext\n\n3) three", [("item", "1. one"), ("item", "2. two"), ("text", "text"), ("item", "3. three")]),
]
# fmt: on


@pytest.mark.parametrize(("source", "blocks"), CASES)
def test_every_block_is_of_its_kind(source: str, blocks: list[tuple[str, str]]) -> None:
    assert told(markdown_text(source)) == blocks


@pytest.mark.parametrize("deep", [10, 40, 80, 300])
def test_no_depth_is_too_deep(deep: int) -> None:
    lists = markdown_text("\n".join(f"{'  ' * n}- level{n}" for n in range(deep)))
    quotes = markdown_text("\n".join(f"{'>' * n} level{n}\n{'>' * n}" for n in range(1, deep)))
    for n in range(1, deep):
        assert f"level{n}" in lists.text.split()
        assert f"level{n}" in quotes.text.split()
    assert told(lists)[9] == ("item9", "- level9")


def test_a_long_text_is_read_in_parts_that_know_one_anothers_links_and_tags() -> None:
    words = "word " * 30
    source = f"<details>\n\n[a][x] {words}\n\n" + f"{words}\n\n" * (MAX_PART // 100) + "</details>\n\nend\n\n[x]: /y\n"
    loaded = markdown_text(source)
    assert loaded.text.startswith("a word")
    assert loaded.text.endswith("\n\nend")
    assert len(loaded.blocks) == MAX_PART // 100 + 2


def test_markdown_without_words_is_refused() -> None:
    for source in (b"---\n\n***\n", b"---\ntitle: Only this\n---\n", b"<!-- a -->"):
        with pytest.raises(ArticleError, match="is empty"):
            load_bytes(source, "page.md")


# fmt: off
FRONT = [
    ("---\ntitle: A: b\nauthor: Ann Lee\ndate: 2024-05-01\ntags: [Bees, 'Fly, far', \"x\"]\n---\nText.",
     FrontMatter("A: b", "Ann Lee", date(2024, 5, 1), ("bees", "far", "fly", "x"))),
    ("---\nTitle: \"A 'b' # c\"  # remark\nauthors:\n  - Ann Lee\n  - name: Bo Ray\n    email: b@x.y\ntags:\n- Bees\n- fly\ndate: May 1st, 2024\n...\nText.",
     FrontMatter("A 'b' # c", "Ann Lee, Bo Ray", date(2024, 5, 1), ("bees", "fly"))),
    ("---\ntitle: >\n  Long\n  title\n\nnested:\n  title: no\n# remark\nkeywords: a, b\n---\nText.", FrontMatter("Long title", tags=("a", "b"))),
    ("+++\ntitle = 'It is'\nauthors = [\"Ann\", \"Bo\"]\ndate = 2024-05-01T10:00:00Z\ntags = [\n  'a',\n  'b',\n]\n[extra]\ntitle = 'no'\n+++\nText.",
     FrontMatter("It is", "Ann, Bo", date(2024, 5, 1), ("a", "b"))),
    ("---\ndate: 32.13.2024\ntitle:\nauthor: ~\nx: !!python/object/apply:os.system ['echo']\n---\nText.", FrontMatter()),
    ("---\n\nlayout: post\n---\nText.", FrontMatter()),
]
# fmt: on


@pytest.mark.parametrize(("source", "front"), FRONT)
def test_front_matter_tells_and_is_no_text(source: str, front: FrontMatter) -> None:
    assert split_front_matter(source) == (front, "Text.")
    loaded = markdown_text(source)
    assert (loaded.text, loaded.title, loaded.author, loaded.date, loaded.tags) == (
        "Text.", front.title, front.author, front.day, front.tags,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("---\nA heading after a line\n---\nText.", "A heading after a line\n\nText."),
        ("---\ntitle: never closed\n\nText.", "title: never closed\n\nText."),
        ("text\n---\ntitle: x\n---\nText.", "text\n\ntitle: x\n\nText."),
        ("----\ntitle: x\n---\nText.", "title: x\n\nText."),
        ("---\ntitle: x\nThis is a sentence.\n---\nText.", "title: x This is a sentence.\n\nText."),
    ],
)
def test_what_is_no_front_matter_stays(source: str, text: str) -> None:
    assert markdown_text(source).text == text


@given(st.text(alphabet="#*_`[]()<>|-\\ \nab1.>!^:~", max_size=120))
def test_no_markdown_breaks_the_parser_and_marks_stand_in_the_text(source: str) -> None:
    loaded = load_bytes(f"Start 1\n\n{source}".encode(), "page.md")
    assert all(loaded.text[mark.start :].startswith(mark.section.split()[0]) for mark in loaded.marks)
    assert load_text(loaded.text).text == loaded.text == normalise(loaded.text)
    assert "".join("".join(loaded.text[b.start : b.end].split()) for b in loaded.blocks) == "".join(loaded.text.split())
    assert all(before.end < after.start for before, after in pairwise(loaded.blocks))


@pytest.mark.parametrize(
    "source",
    ["[" * 30_000, ">" * 50_000, "![[" * 10_000, "*a_" * 20_000, "- " * 20_000, "[^a]: " * 10_000, "[a](b" * 20_000,
     "\n".join(" " * n + "- x" for n in range(700)), "---\n" + "a: [\n" * 5000 + "---\n", "---\na: " + "[" * 40_000 + "\n---\n"],
    ids=range(10),
)  # fmt: skip
def test_hostile_markdown_is_read_in_time(source: str) -> None:
    started = time.monotonic()
    assert "x" in markdown_text(f"{source}x").text
    assert time.monotonic() - started < 5
