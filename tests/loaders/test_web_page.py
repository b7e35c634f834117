"""Web pages: the article whole, with its lists, tables and code, and nothing of what surrounds it."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import ArticleError
from assistant.loaders import Loaded, load_bytes
from assistant.loaders.web_page import FROM_FACTS, TEASER, load_web_page
from benchmarks.page_templates import KINDS, page_of, sources
from benchmarks.web_pages import f1, measured

PROSE = (
    "The bees of the fjord were counted this spring for the first time since 1987. Volunteers found forty colonies on both shores.",
    "“We were surprised,” said Tom Aske, who led the count. The next one will take place in two years, if the money is there.",
    "Each colony has about thirty thousand bees in summer. In winter a few thousand of them keep the queen warm.",
)
MENU = "<nav><ul><li><a href=/>Home</a></li><li><a href=/n>News</a></li></ul></nav>"
FOOT = "<footer>© Norwick Times. All rights reserved.</footer>"


def load(body: str, head: str = "<title>Bees</title>") -> Loaded:
    return load_web_page(f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode(), "page.html")


def prose() -> str:
    return "".join(f"<p>{text}</p>" for text in PROSE)


def ld(**facts: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **facts})}</script>'


def test_of_forty_pages_of_six_kinds_the_articles_are_taken() -> None:
    each = {kind: [] for kind in KINDS}  # type: ignore[var-annotated]
    for source in sources():
        loaded = load_web_page(page_of(source).encode(), "page.html")
        precision, recall = measured(loaded.text, source)
        each[source.kind].append(f1(precision, recall))
        assert recall >= 0.95, source.name
        assert loaded.title == source.title
        if source.kind == "news":
            assert str(loaded.date) == source.date
    assert sum(map(len, each.values())) == 40
    assert sum(sum(values) for values in each.values()) / 40 >= 0.98
    assert min(sum(values) / len(values) for values in each.values()) >= 0.93


def test_menus_notices_related_links_and_comments_are_left_out_and_the_rest_is_whole() -> None:
    loaded = load(
        f"{MENU}<div class=cookie-bar>We use cookies. <button>Accept</button></div><main><article><h1>Bees</h1>{prose()}"
        "<ul><li><span>Twelve colonies live on the north shore of the fjord.</span></li><li><span>Others do not.</span></li></ul>"
        "<h2>What it cost</h2><table><tr><th>Item</th><th>Cost</th></tr><tr><td>Boats</td><td>400 crowns</td></tr>"
        "<tr><td>Paint</td><td>30 crowns</td></tr></table><pre>count = 40\nprint(count)</pre>"
        "<h3>Related stories</h3><ul><li><a href=/a>Wasps of the fjord</a></li><li><a href=/b>Flies of the fjord</a></li></ul>"
        f"</article><section class=comments><h2>Comments</h2><p>I did not like the bees at all, and I say so.</p></section></main>{FOOT}"
    )
    blocks = [loaded.text[block.start : block.end] for block in loaded.blocks]
    rows = [block for block in loaded.blocks if block.kind == "row"]
    assert [[loaded.text[c.start : c.end] for c in row.cells] for row in rows] == [
        ["Boats", "400 crowns"],
        ["Paint", "30 crowns"],
    ]
    assert [text for text, block in zip(blocks, loaded.blocks, strict=True) if block.kind != "row"] == [
        "Bees", *PROSE, "- Twelve colonies live on the north shore of the fjord.", "- Others do not.", "What it cost",
        "count = 40", "print(count)",
    ]  # fmt: skip
    kinds = [(block.kind, block.level) for block in loaded.blocks]
    assert kinds[:4] == [("text", 1), ("text", 0), ("text", 0), ("text", 0)]
    assert {"item", "row", "code"} <= {kind for kind, _ in kinds}
    assert all(loaded.text[mark.start :].startswith(mark.section) for mark in loaded.marks)


@pytest.mark.parametrize(
    "inside",
    [
        "<div><div><div><div><div><div><p>Deep down, the oldest colony of them all lives under the bridge.</p></div></div></div></div></div></div>",
        "<section><h2>The oldest</h2><div><span>The oldest colony of them all lives under the old bridge at Holt.</span></div></section>",
        "<table><tr><th>Who</th><th>What</th></tr><tr><td>Ann</td><td><ul><li>The oldest colony</li></ul></td></tr></table>",
        "<dl><dt>Colony</dt><dd>The oldest colony of them all.</dd></dl>",
        "<ol><li><div><p>The oldest colony comes first.</p></div></li><li>Then the others.</li></ol>",
        "<blockquote>The oldest colony is mine.</blockquote>",
        "<pre><code><span class=hljs-comment># The oldest colony comes first.</span>\nprint(1)</code></pre>",
        "<h2 id=comments>What others say</h2><p>They say that the oldest colony is older still than that.</p>",
    ],
)
def test_what_extractors_drop_inside_an_article_is_kept(inside: str) -> None:
    text = load(
        f"{MENU}<article><h1>Bees</h1>{prose()}{inside}<p>And so they flew into the next summer.</p></article>"
    ).text
    assert "oldest colony" in text
    assert all(sentence in text for sentence in PROSE)


def test_a_saved_text_without_menus_loses_nothing() -> None:
    body = (
        "<h1>Bees</h1><p>One.</p><ul><li>a</li><li><a href=x>b</a></li></ul><p>Short line</p><table><tr><td>c</td><td>1</td></tr>"
        "<tr><td>d</td><td>2</td></tr></table><h2>Empty at the end</h2><p><a href=y>A link alone</a></p><address>Ann Lee</address>"
    )  # fmt: skip
    words = set(load(body).text.replace("-", " ").replace(":", " ").replace(";", " ").split())
    assert {"Bees", "One.", "a", "b", "Short", "c", "d", "Empty", "A", "alone", "Ann", "Lee"} <= words


def test_title_author_and_day_are_those_that_the_page_states() -> None:
    facts = ld(
        headline="The bees &amp; the fjord",
        author=[{"name": "Ann Lee"}, {"name": "Bo Ek"}],
        datePublished="2024-05-01T08:00Z",
    )
    loaded = load(f"{MENU}<article>{prose()}</article>", f"<title>Bees | Times</title>{facts}")
    assert (loaded.title, loaded.author, loaded.date) == ("The bees & the fjord", "Ann Lee, Bo Ek", date(2024, 5, 1))
    assert loaded.text.startswith("The bees & the fjord\n\nThe bees of the fjord were counted")
    assert loaded.blocks[0].level == 1
    assert [loaded.text[b.start : b.end] for b in loaded.blocks][1:] == list(PROSE)
    meta = '<meta property="og:title" content="Bees"><meta name=author content="By Cy Dow"><meta name=date content=2023-02-03>'
    loaded = load(f"{MENU}<article>{prose()}</article>", f"<title>x</title>{meta}")
    assert (loaded.title, loaded.author, loaded.date) == ("Bees", "Cy Dow", date(2023, 2, 3))


@pytest.mark.parametrize(
    "script",
    [
        "{", "[]", "null", '{"@type": 5}', '{"@type": ["NewsArticle", 3], "author": 7, "datePublished": [], "wordCount": "many"}',
        '{"@graph": {"@graph": {"@graph": 1}}}', '{"@type": "NewsArticle", "datePublished": "2024-13-45", "headline": {"a": 1}}',
        "[" * 5000,
    ],
)  # fmt: skip
def test_facts_of_no_known_form_do_no_harm(script: str) -> None:
    loaded = load(
        f"{MENU}<article><h1>Bees</h1>{prose()}</article>", f'<script type="application/ld+json">{script}</script>'
    )
    assert PROSE[0] in loaded.text
    assert (loaded.date, loaded.notes) == (None, ())


@pytest.mark.parametrize(
    ("facts", "notes"),
    [
        ({"isAccessibleForFree": False}, (TEASER,)),
        ({"isAccessibleForFree": "False", "wordCount": 900}, (TEASER,)),
        ({"isAccessibleForFree": False, "wordCount": 70}, ()),
        ({"isAccessibleForFree": False, "articleBody": " ".join(PROSE)}, ()),
        ({"isAccessibleForFree": True}, ()),
        ({"wordCount": 900}, ("The page states that its article is longer than what was found of it: about 900 words.",)),
        ({}, ()),
    ],
)  # fmt: skip
def test_the_beginning_before_a_paywall_is_said_to_be_one(facts: dict[str, object], notes: tuple[str, ...]) -> None:
    loaded = load(f"{MENU}<article><h1>Bees</h1>{prose()}</article>", ld(headline="Bees", **facts))
    assert loaded.notes == notes


def test_a_wall_in_the_page_makes_a_teaser_of_a_short_text() -> None:
    loaded = load(
        f"{MENU}<article><h1>Bees</h1>{prose()}<div class=paywall>Subscribe to go on reading.</div></article>"
    )
    assert loaded.notes == (TEASER,)
    assert "Subscribe" not in loaded.text


def test_a_page_made_by_a_script_gives_what_it_states_for_programs_or_says_so() -> None:
    app = '<div id="root"></div><noscript>You need to enable JavaScript to run this app.</noscript><script src=a.js></script>'
    loaded = load(app, ld(headline="Bees", articleBody=" ".join(PROSE * 2)))
    assert loaded.text == "Bees\n\n" + " ".join(PROSE * 2)
    assert loaded.notes == (FROM_FACTS,)
    for body in (app, MENU, "<iframe src=a.html></iframe>"):
        with pytest.raises(ArticleError, match=r"page\.html holds no article's text; it may be made by a script"):
            load(body)
    with pytest.raises(ArticleError, match="holds no article's text"):
        load_web_page(b"<html><frameset cols=*><frame src=a.html></frameset></html>", "page.html")


@pytest.mark.parametrize(
    ("encoding", "head"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("utf-16", ""),
        ("cp1252", '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">'),
        ("cp1251", "<meta charset='windows-1251'>"),
        ("utf-8", "<meta charset=iso-8859-1>"),
        ("cp1252", "<meta charset=utf-8>"),
        ("cp1252", "<meta charset=no-such>"),
    ],
)
def test_every_usual_encoding_is_read(encoding: str, head: str) -> None:
    text = (
        "Обитатели фьорда насчитали сорок семей пчёл этой весной."
        if encoding == "cp1251"
        else "Die Bienen – „größer“ als je – flögen süß über Äcker und Wälder hinweg."
    )
    page = f"<html><head>{head}<title>T</title></head><body><p>{text}</p><p>{text}</p></body></html>"
    assert text in load_web_page(page.encode(encoding), "page.html").text


def test_a_file_is_read_in_another_process_and_an_unreadable_one_refused() -> None:
    page = f"<html><title>Bees</title><body>{MENU}<article>{prose()}</article></body></html>".encode()
    assert load_bytes(page, "bees.htm") == load_web_page(page, "bees.htm")
    with pytest.raises(ArticleError, match=r"bees\.html is empty"):
        load_bytes(b"  ", "bees.html")


@given(st.lists(st.sampled_from("<p> </p> <div> </div> <ul> <li> </ul> <table> <tr> <td> </table> <nav> </nav> <h2> </h2> <a href=x> </a> word "
    "Words of a sentence that is long enough to be prose, said Ann. <article> </article> <pre> </pre> <br> <!-- x --> &amp; <sup>1</sup>".split(" ")), max_size=60))  # fmt: skip
def test_whatever_the_tags_are_a_page_is_read_or_refused(parts: list[str]) -> None:
    try:
        loaded = load(" ".join(parts))
    except ArticleError:
        return
    assert all(a.end <= b.start for a, b in zip(loaded.blocks, loaded.blocks[1:], strict=False))
    assert all(loaded.text[block.start : block.end].strip() for block in loaded.blocks)
