"""Markdown -> the text that a reader sees, with its headings as sections."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from assistant.articles.article import normalise
from assistant.loaders.loaded import Loaded, Mark
from assistant.loaders.plain_text import decode

MAX_PART = 100_000
_FENCE = re.compile(r"^ {0,3}(?:```|~~~)", re.MULTILINE)

if TYPE_CHECKING:
    from markdown_it.token import Token


def load_markdown(data: bytes, name: str) -> Loaded:
    """Returns the text of a Markdown file, as `markdown_text` reads it.

    Raises:
        ArticleError: if it is empty, or not text.
    """
    return markdown_text(decode(data, name))


def markdown_text(text: str) -> Loaded:
    """Returns the text without markup: blocks apart by a blank line, list items on lines of their own, dashed.

    The title is the first heading. Links and emphasis keep their words, images their description; raw HTML tags are left out, code stays as it is.
    """
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    parts = list(_parts(normalise(text)))
    env: dict[str, Any] = {}
    if len(parts) > 1:
        for part in parts:  # links refer to what may stand in a later part
            parser.parse(part, env)
    blocks: list[str] = []
    headings: list[tuple[int, str]] = []
    length = 0
    title = ""
    previous = ""
    for block, kind in (found for part in parts for found in _blocks(parser.parse(part, env))):
        separator = "" if not blocks else "\n" if kind == previous == "item" else "\n\n"
        blocks.append(separator + block)
        start = length + len(separator)
        length = start + len(block)
        previous = kind
        if kind == "heading":
            headings.append((start, block))
            title = title or block
    plain = "".join(blocks)
    # Blocks are stripped, of letters and in NFC, so that normalising once more moves nothing.
    return Loaded(normalise(plain), title, tuple(Mark(start, section=section) for start, section in headings))


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


def _blocks(tokens: list[Token]) -> Iterator[tuple[str, str]]:
    """Yields (text, kind) for each block with text; kind is "heading", "item", "row", "code" or "paragraph"."""
    kind = "paragraph"
    row: list[str] = []
    for token in tokens:
        text = ""
        if token.type.endswith("_open") and token.type in _KINDS:
            kind = _KINDS[token.type]
            row = []
        elif token.type == "inline" and kind == "row":
            row.append(_clean(_inline(token)))
        elif token.type == "inline":
            text = _clean(_inline(token))
        elif token.type in ("fence", "code_block"):
            yield from ((code, "code") for code in [_clean(token.content)] if code)
        elif token.type == "tr_close":
            text = " | ".join(cell for cell in row if cell)
        if text:
            yield ("- " + text if kind == "item" else text), kind
        if token.type in _ENDS:
            kind = "paragraph"


_KINDS = {"heading_open": "heading", "list_item_open": "item", "tr_open": "row"}
_ENDS = ("heading_close", "tr_close", "bullet_list_close", "ordered_list_close")


def _clean(text: str) -> str:
    return "\n".join(" ".join(line.split()) for line in text.splitlines()).strip()


def _inline(token: Token) -> str:
    parts = []
    for child in token.children or []:
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type == "image":
            parts.append(_inline(child))
        elif child.type == "softbreak":
            parts.append(" ")
        elif child.type == "hardbreak":
            parts.append("\n")
    return "".join(parts)
