"""An article's blocks as the page draws them: what each is, and how many sentences stand in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import groupby
from typing import Any

from assistant.articles.article import Article
from assistant.articles.blocks import Block, split_blocks
from assistant.articles.sentences import Sentence

_ITEM = re.compile(r"(?:[-*+•◦▪●‣·–]|\(?(?:\d{1,3}(?:\.\d{1,3}){0,3}|[A-Za-z])[.)])\s+\S")


def drawn_blocks(article: Article) -> list[dict[str, Any]]:
    """Returns the blocks in order: `n` sentences each, all together those of the article.

    `kind`, `level` and `depth` are a `Block`'s, left out where they are "text" and 0; `cells` are (column, start, end) of a
    row that is one sentence, in characters of that sentence. Where the format tells no blocks, the text does.
    """
    blocks = article.blocks or tuple(_guessed(article.text))
    starts = [block.start for block in blocks]
    drawn: list[dict[str, Any]] = []
    for at, group in groupby(article.sentences, lambda sentence: bisect_right(starts, sentence.start) - 1):
        sentences = list(group)
        drawn.append(_drawn(blocks[at] if at >= 0 else Block(0, 0), sentences))
    return drawn


def _drawn(block: Block, sentences: list[Sentence]) -> dict[str, Any]:
    drawn: dict[str, Any] = {"n": len(sentences)}
    if block.kind != "text":
        drawn["kind"] = block.kind
    if block.level:
        drawn["level"] = block.level
    if block.depth:
        drawn["depth"] = block.depth
    if block.cells and len(sentences) == 1:
        start = sentences[0].start
        drawn["cells"] = [[cell.column, cell.start - start, cell.end - start] for cell in block.cells]
    return drawn


def _guessed(text: str) -> list[Block]:
    """Returns the blocks that the text alone tells; items by what they begin with."""
    return [
        Block(
            block.start,
            block.end,
            block.level,
            "item" if not block.level and _ITEM.match(text, block.start) else "text",
        )
        for block in split_blocks(text)
    ]
