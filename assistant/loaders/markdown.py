"""Markdown -> the text that a reader sees, with all its blocks; its front matter tells title, author, date and tags."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, Any

from assistant.articles.article import normalise
from assistant.loaders.front_matter import split_front_matter
from assistant.loaders.html_blocks import add_html, parse_html
from assistant.loaders.loaded import Loaded
from assistant.loaders.plain_text import decode
from assistant.loaders.text_builder import TextBuilder

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.token import Token

MAX_PART = 100_000
MAX_NESTING = 100  # of blocks, lists count twice; Python's own limit of calls is near 300
MAX_INLINE_NESTING = 20  # time grows with it
_FENCE = re.compile(r"^ {0,3}(?:```|~~~)", re.MULTILINE)
_NOTE = re.compile(r"\[\^([^\]\s\[]{1,60})\]:")
_NOTE_MARK = re.compile(r"\[\^([^\]\s\[]{1,60})\]")
_TAG = re.compile(r"<(?=/?([A-Za-z][A-Za-z0-9]*)(?=[\s/>]))")
_TAGS_OF_PICTURES = frozenset(
    "svg path g circle ellipse line polygon polyline rect text tspan defs use symbol desc math mi mn mo mrow msup msub "
    "mfrac msqrt mtext mtable mtr mtd semantics annotation".split()
)


def load_markdown(data: bytes, name: str) -> Loaded:
    """Returns the text of a Markdown file, as `markdown_text` reads it.

    Raises:
        ArticleError: if it is empty, or not text.
    """
    return markdown_text(decode(data, name))


def markdown_text(text: str) -> Loaded:
    """Returns the text without markup, with its blocks; raw HTML is read as HTML, code stays as it is.

    The title is that of its front matter, else the first heading. Links and emphasis keep their words, images their
    description. Footnotes stand where they are defined, with their marks in brackets.

    Raises:
        ArticleError: if it has no words.
    """
    front, text = split_front_matter(normalise(text))
    parser = _parser()
    parts = list(_parts(text))
    env: dict[str, Any] = {}
    if len(parts) > 1:
        for part in parts:  # links refer to what may stand in a later part
            parser.parse(part, env)
    builder = TextBuilder()
    add_html(parse_html("".join(parser.render(part, env) for part in parts)), builder)
    return builder.loaded(front.title, front.author, front.day, front.tags)


def _parser() -> MarkdownIt:
    """Returns a parser of Markdown with tables, struck words and footnotes, which loses nothing that is nested deep."""
    from markdown_it import MarkdownIt
    from markdown_it.parser_block import ParserBlock

    class Blocks(ParserBlock):
        def parse(self, src: str, md: MarkdownIt, env: Any, outTokens: list[Token]) -> list[Token] | None:  # noqa: N803
            md.options.maxNesting = MAX_NESTING
            try:
                return super().parse(src, md, env, outTokens)
            finally:
                md.options.maxNesting = MAX_INLINE_NESTING

        def tokenize(self, state: StateBlock, startLine: int, endLine: int) -> None:  # noqa: N803  # upstream's names
            if state.level < MAX_NESTING - 2:
                super().tokenize(state, startLine, endLine)
                return
            # markdown-it leaves out what is nested deeper than its limit.
            state.push("paragraph_open", "p", 1)
            inline = state.push("inline", "", 0)
            inline.content = state.getLines(startLine, endLine, 0, False)
            inline.children = []
            state.push("paragraph_close", "p", -1)
            state.line = endLine

    parser = MarkdownIt()
    parser.block = Blocks()
    parser.configure("commonmark").enable(["table", "strikethrough"])
    parser.block.ruler.before("reference", "footnote", _footnote, {"alt": ["paragraph", "reference"]})
    parser.add_render_rule(
        "text", lambda _, tokens, at, *__: escape(_NOTE_MARK.sub(r"[\1]", tokens[at].content), False)
    )
    for kind in ("html_inline", "html_block"):
        parser.add_render_rule(kind, lambda _, tokens, at, *__: _only_html(tokens[at].content))
    return parser


def _only_html(source: str) -> str:
    """Returns raw HTML in which a tag that HTML has not, as in `List<String>` or `<your name>`, is text."""
    from lxml.html.defs import tags

    known = tags | _TAGS_OF_PICTURES
    return _TAG.sub(lambda found: "<" if found[1].lower() in known else "&lt;", source)


def _footnote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A rule of the parser: `[^1]: words`, and the indented blocks below, are a footnote."""
    first = state.bMarks[start] + state.tShift[start]
    found = None if state.is_code_block(start) else _NOTE.match(state.src, first, state.eMarks[start])
    if found is None or silent:
        return found is not None
    note = state.push("footnote_open", "li", 1)
    note.attrSet("data-marker", f"[{found[1]}]")
    words = found.end()
    while words < state.eMarks[start] and state.src[words] in " \t":
        words += 1
    kept = state.bMarks[start], state.tShift[start], state.sCount[start], state.parentType
    state.bMarks[start], state.tShift[start] = words, 0
    state.sCount[start] = state.blkIndent = state.blkIndent + 4
    state.md.block.tokenize(state, start, end)
    state.blkIndent -= 4
    state.bMarks[start], state.tShift[start], state.sCount[start], state.parentType = kept
    state.push("footnote_close", "li", -1)
    return True


def _parts(text: str) -> Iterator[str]:
    """Yields a text in parts that are parsed one by one, since what the parser makes of a text is much larger than it.

    A part ends before a heading, else at a blank line, else at a line's end, and outside a block of code if it can.
    """
    start = 0
    while len(text) - start > MAX_PART:
        cut = _cut(text, start, start + MAX_PART)
        yield text[start:cut]
        start = cut
    yield text[start:]


def _cut(text: str, start: int, limit: int) -> int:
    fences = [match.start() for match in _FENCE.finditer(text, start, limit)]
    least = start + MAX_PART // 2
    for mark in ("\n\n#", "\n\n", "\n"):
        at = text.rfind(mark, least, limit)
        while at >= 0:
            if bisect_left(fences, at) % 2 == 0:
                return at
            at = text.rfind(mark, least, at)
    return limit
