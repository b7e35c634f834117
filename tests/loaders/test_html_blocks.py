"""HTML becomes what a reader sees: each visible character once, in blocks of their kind, with numbers and cells."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.articles.article import normalise
from assistant.errors import ArticleError
from assistant.loaders.html_blocks import parse_html, read_html
from assistant.loaders.loaded import Loaded


def told(loaded: Loaded) -> list[tuple[str, str]]:
    """Returns (kind with its level or depth, text) of each block."""
    return [
        (f"h{b.level}" if b.level else b.kind + str(b.depth or ""), loaded.text[b.start : b.end]) for b in loaded.blocks
    ]


# fmt: off
CASES = [
    ("<h1>Bees</h1>They <b>fly</b>.<p>Far", [("h1", "Bees"), ("text", "They fly."), ("text", "Far")]),
    ("<p>One<br>two<br><br>three", [("text", "One\ntwo"), ("text", "three")]),
    ("<ul><li>a<li>b</ul>c", [("item", "- a"), ("item", "- b"), ("text", "c")]),
    ("<ol start=3><li>Boil it<li value=9>Eat<li>Rest</ol>", [("item", "3. Boil it"), ("item", "9. Eat"), ("item", "10. Rest")]),
    ("<ol reversed><li>a<li>b</ol>", [("item", "2. a"), ("item", "1. b")]),
    ("<ol type=a start=26><li>x<li>y</ol><ol type=I><li>p<li>q</ol>", [("item", "z. x"), ("item", "aa. y"), ("item", "I. p"), ("item", "II. q")]),
    ("<ol><li>a<ol><li>b<ul><li>c</ul></ol><li>d</ol>", [("item", "1. a"), ("item1", "1. b"), ("item2", "- c"), ("item", "2. d")]),
    ("<ol><li><p>a</p><p>more</p><li>b</ol>", [("item", "1. a"), ("item", "more"), ("item", "2. b")]),
    ("<ol><li><pre>x = 1</pre></ol>", [("item", "1."), ("code", "x = 1")]),
    ("<ol><li><h3>Mix</h3><p>well</ol>", [("h3", "1. Mix"), ("item", "well")]),
    ("<li>alone</li>", [("item", "- alone")]),
    ("<li data-marker='§ 4'>law</li>", [("item", "§ 4 law")]),
    ("<ul><li><input type=checkbox checked> done<li><input type=checkbox> open</ul>", [("item", "- [x] done"), ("item", "- [ ] open")]),
    ("<dl><dt>Bee<dd>An insect.<dd>A letter.<dt>Why?<dd>So.<dt>Left</dl>",
     [("item", "Bee: An insect."), ("item", "A letter."), ("item", "Why? So."), ("item", "Left")]),
    ("<dl><dt>A<dt>B<dd>both</dl>", [("item", "A, B: both")]),
    ("<blockquote>q<p>r<ul><li>s</ul></blockquote>t", [("quote", "q"), ("quote", "r"), ("item", "- s"), ("text", "t")]),
    ("<p>a<pre>if x:\n\ty = 1\n\n    z &lt; 2\n</pre>b", [("text", "a"), ("code", "if x:"), ("code", "\ty = 1"), ("code", "    z < 2"), ("text", "b")]),
    ("<pre>  first\n    second</pre>", [("code", "first"), ("code", "    second")]),
    ("<pre>a<br>b</pre>", [("code", "a"), ("code", "b")]),
    ("<details><summary>Why</summary>Because.</details>", [("text", "Why"), ("text", "Because.")]),
    ("a<script>no</script>b<style>no</style><p hidden>no<p style='color:red; display : none'>no<!-- no -->", [("text", "ab")]),
    ("<noscript>no</noscript><template>no</template><dialog>no</dialog><dialog open>yes</dialog>", [("text", "yes")]),
    ("<figure><img alt='A bee' src=x><figcaption>In May</figcaption></figure>", [("text", "A bee"), ("text", "In May")]),
    ("10<sup>−6</sup> m<sup>2</sup>, H<sub>2</sub>O<sup><a href=#f>[1]</a></sup> 1<sup>st</sup>", [("text", "10⁻⁶ m², H2O[1] 1st")]),
    ("<q>Yes</q> <ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>", [("text", "“Yes” 漢(かん)")]),
    ("co&shy;op\u200beration &nbsp; e\u0301", [("text", "cooperation é")]),
    ("<p>a</p>---<p>b", [("text", "a"), ("text", "---"), ("text", "b")]),
    ("a<table><tr><td><p>left</p><h2>L</h2><td>right</table>", [("text", "a"), ("text", "left"), ("h2", "L"), ("text", "right")]),
]
TABLES = [
    ("<tr><th>Step<th>Before<th>After<tr><td>Database<td>2 h 50 min<td>40 min<tr><td>Web<td><td>1 min",
     ["Step: Database (Before: 2 h 50 min; After: 40 min).", "Step: Web (After: 1 min)."]),
    ("<caption>Times</caption><thead><tr><td>A<td>B<tbody><tr><td>1<td>2", ["Times", "A: 1 (B: 2)."]),
    ("<tr><th>Country<th colspan=2>Million people<tr><th><th>2000<th>2010<tr><td>Norway<td>4<td>5<tr><td>Chad<td colspan=2>unknown",
     ["Country: Norway (Million people 2000: 4; Million people 2010: 5).", "Country: Chad (Million people 2000 / Million people 2010: unknown)."]),
    ("<tr><th>Team<th>Who<tr><td rowspan=2>Red<td>Ann<tr><td>Bo", ["Team: Red (Who: Ann).", "Team: Red (Who: Bo)."]),
    ("<tr><th>a<th>b<tr><td colspan=2>Europe<tr><td>1<td>2", ["Europe.", "a: 1 (b: 2)."]),
    ("<tr><th>Born<td>1970<tr><th>Died?<td>no", ["Born: 1970.", "Died? no."]),
    ("<tr><th>Born:<td>1970<td>1971", ["Born: 1970 (Born: 1971)."]),
    ("<tr><th><th>Mon<th>Tue<tr><th>Open<td>8<td>9", ["Open; Mon: 8; Tue: 9."]),
    ("<tr><td>Name<td>Ann<tr><td>Job<td>cook", ["Name: Ann.", "Job: cook."]),
    ("<tr><td>Land<td>Area<tr><td>A<td>1<tr><td>B<td>2<tr><td>C<td>3", ["Land: A (Area: 1).", "Land: B (Area: 2).", "Land: C (Area: 3)."]),
    ("<tr><td>Name<td>Job<td>Since<tr><td>Ann<td>cook<td>1999", ["Name: Ann (Job: cook; Since: 1999)."]),
    ("<tr><td>1<td>2<td>3<tr><td>4<td>5<td>6", ["1; 2; 3.", "4; 5; 6."]),
    ("<tr><th>Members<tr><td>Ann<tr><td>Bo", ["Members: Ann.", "Members: Bo."]),
    ("<tr><th>Step<th>Note<tr><td>Mix<td>", ["Step; Note.", "Step: Mix."]),
    ("<tr><th>Step<th>Before<th>After<tr><td><td>1 h<td>2 h", ["Step; Before; After.", "Before: 1 h; After: 2 h."]),
    ("<tr><th>Only<th>Names", ["Only; Names."]),
    ("<tr><th>Who<tr><td><ul><li>Ann<li>Bo</ul><p>Cy.<p>Di<br>Ed", ["Who: Ann, Bo, Cy. Di Ed."]),
    ("<tr><td>a line alone<tr><td>another", ["a line alone", "another"]),
    ("<tr><td><table><tr><th>In<tr><td>1</table><td>out", ["In: 1.", "out"]),
    ("loose<tr><td>a<td>b", ["loose", "a", "b"]),
]
# fmt: on


@pytest.mark.parametrize(("source", "blocks"), CASES)
def test_blocks_are_what_a_reader_sees(source: str, blocks: list[tuple[str, str]]) -> None:
    assert told(read_html(source)) == blocks


@pytest.mark.parametrize(("source", "lines"), TABLES)
def test_each_row_of_a_table_is_a_line_with_the_names_of_its_columns(source: str, lines: list[str]) -> None:
    loaded = read_html(f"<table>{source}</table>")
    assert [loaded.text[b.start : b.end] for b in loaded.blocks] == lines


def test_a_cell_knows_its_column_and_where_its_words_stand() -> None:
    loaded = read_html("<p>é</p><table><tr><th>Before:<th>After<tr><td> 2 h <td>1 h.</table>")
    row = loaded.blocks[1]
    assert (row.kind, loaded.text[row.start : row.end]) == ("row", "Before: 2 h (After: 1 h.).")
    assert [(c.column, loaded.text[c.start : c.end]) for c in row.cells] == [("Before", "2 h"), ("After", "1 h.")]


def test_headings_are_sections_and_the_page_has_a_title() -> None:
    loaded = read_html("<title> A \n page </title><h2>One</h2>a<h3>Two\nlines</h3>b")
    assert loaded.title == "A page"
    assert [(loaded.text[m.start :].split("\n")[0], m.section) for m in loaded.marks] == [
        ("One", "One"),
        ("Two lines", "Two lines"),
    ]
    assert read_html("a<h2>One</h2>").title == "One"


def test_lists_tables_and_code_next_to_one_another_are_apart() -> None:
    assert read_html("<ul><li>a<li>b</ul><ul><li>c</ul>").text == "- a\n- b\n\n- c"
    assert read_html("<table><tr><th>A<tr><td>1<tr><td>2</table>x").text == "A: 1.\nA: 2.\n\nx"
    assert read_html("<pre>a\nb\n\nc</pre><pre>d</pre>").text == "a\nb\n\nc\n\nd"


@pytest.mark.parametrize("source", ["", " ", "<p></p>", "<script>words</script>", "<!-- words -->", "***"])
def test_what_has_no_words_is_refused(source: str) -> None:
    with pytest.raises(ArticleError, match="is empty"):
        read_html(source)


def test_a_tree_is_read_as_its_source_is() -> None:
    source = "<div>a<p>b</p></div>tail"
    assert read_html(parse_html(source)) == read_html(source)
    assert read_html(parse_html(source).find(".//div")).text == "a\n\nb"


def test_what_is_nested_deep_is_read_all_the_same() -> None:
    assert read_html("<p>a" + "<font>b" * 5000 + "<p>end").text.endswith("b\n\nend")
    assert read_html("<div>" * 30_000 + "deep" + "</div>" * 30_000).text == "deep"
    assert read_html("<ul><li>x" * 900).blocks[-1].depth == 899
    with pytest.raises(ArticleError, match="nested more than 2,000 deep"):
        read_html("<ul><li>x" * 5000)


TAGS = (
    "p div ul ol li table tr td th h1 h2 pre blockquote dl dt dd b br details summary caption thead sup q img".split()
)
PIECES = st.one_of(
    st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS]),
    st.text(alphabet="aB1.: \n\t\u00a0é\u0301\u0338>=&;\u2028-\ufeff漢", max_size=6),
    st.sampled_from(["<td colspan=3>", "<td rowspan=2>", "<td rowspan=0>", "<ol start=-1>", "<li value=x>", "&nbsp;", "<!--c-->"]),
)  # fmt: skip


@given(st.lists(PIECES, max_size=40))
def test_the_text_is_normal_and_every_visible_character_is_in_one_block(pieces: list[str]) -> None:
    loaded = read_html(f"start {''.join(pieces)}")
    assert normalise(loaded.text) == loaded.text
    assert "".join(loaded.text[b.start : b.end] for b in loaded.blocks).split() == loaded.text.split() or (
        "".join("".join(loaded.text[b.start : b.end] for b in loaded.blocks).split()) == "".join(loaded.text.split())
    )
    assert all(before.end < after.start for before, after in pairwise(loaded.blocks))
    for block in loaded.blocks:
        assert all(block.start <= c.start < c.end <= block.end for c in block.cells)
        assert "\n\n" not in loaded.text[block.start : block.end]


@given(st.lists(PIECES, max_size=40))
def test_no_visible_letter_is_lost(pieces: list[str]) -> None:
    letters = "abcdefgh"
    source = "".join(f"{piece}{letters[n % 8]}{n} " for n, piece in enumerate(pieces)) + "z"
    text = read_html(source).text
    assert all(f"{letters[n % 8]}{n}" in text for n in range(len(pieces)) if f"{letters[n % 8]}{n} " in source)


@pytest.mark.parametrize(
    "source",
    [
        "<table>" + "<tr><td rowspan=0 colspan=1000>x" * 3000,
        "<table><tr>" + "<td rowspan=65534>x" * 500 + "<tr>" * 20_000,
        "<table><tr>" + "<th>" + "n" * 79 + "<tr><td>x" * 20_000,
        "<p>" * 100_000 + "x",
        "</div>" * 100_000 + "x",
        "<b>" * 2000 + "<i>x</b>" * 20_000,
        "<ol><li>" + "<p>x" * 50_000,
        "x<br>" * 100_000,
        "<table><tr><td>x" * 600,
        "&" * 100_000 + "x",
        "<a " * 50_000 + ">x",
    ],
)
def test_hostile_pages_are_read_in_time(source: str) -> None:
    started = time.monotonic()
    assert "x" in read_html(source).text
    assert time.monotonic() - started < 5
