"""What is kept as JSON comes back as it was, and what is none is refused by our error."""

from __future__ import annotations

import json
import zlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.articles.blocks import Block, Cell
from assistant.articles.boxes import Box
from assistant.errors import StoreError
from assistant.library.sqlite_values import blocks_of, boxes_of, day_of, from_blocks, from_boxes, json_of, texts_of

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
COUNTS = st.integers(0, 10**9)
SHARES = st.floats(0, 1)
CELLS = st.builds(Cell, TEXTS, COUNTS, COUNTS)
KINDS = st.sampled_from(("text", "item", "row", "code", "quote"))
BLOCKS = st.builds(Block, COUNTS, COUNTS, st.integers(0, 7), KINDS, COUNTS, st.lists(CELLS).map(tuple))
BOXES = st.builds(Box, st.integers(1, 9999), SHARES, SHARES, SHARES, SHARES)


@given(st.lists(TEXTS).map(tuple), st.lists(BLOCKS).map(tuple), st.lists(BOXES).map(tuple), st.dates())
def test_everything_comes_back_as_it_was(
    texts: tuple[str, ...], blocks: tuple[Block, ...], boxes: tuple[Box, ...], day: date
) -> None:
    assert texts_of(json_of(texts)) == texts
    assert blocks_of(from_blocks(blocks)) == blocks
    assert boxes_of(from_boxes(boxes)) == boxes
    assert day_of(day.isoformat()) == day


def test_nothing_is_null() -> None:
    assert (from_blocks(()), from_boxes(())) == (None, None)
    assert (texts_of(None), blocks_of(None), boxes_of(None), day_of(None)) == ((), (), (), None)


def packed(value: object) -> bytes:
    return zlib.compress(json.dumps(value).encode())


@pytest.mark.parametrize("column", ["", "[", "7", "[7]", b"\xff", 7])
def test_what_are_no_texts_is_refused(column: object) -> None:
    with pytest.raises(StoreError, match="is not as it was written"):
        texts_of(column)


@pytest.mark.parametrize(
    "column", [b"", b"[]", packed(7), packed([7]), packed([[1, 2]]), packed([[1, 2, 0, "row", 0, [7]]])]
)
def test_what_are_no_blocks_is_refused(column: object) -> None:
    with pytest.raises(StoreError, match="is not as it was written"):
        blocks_of(column)


@pytest.mark.parametrize("column", ["[7]", "[[1, 0, 0, 1]]", '[[1, 0, 0, "1", 1]]', "[" * 100_000])
def test_what_are_no_boxes_is_refused(column: object) -> None:
    with pytest.raises(StoreError, match="is not as it was written"):
        boxes_of(column)


@pytest.mark.parametrize("column", ["", "2023-02-29", 7])
def test_what_is_no_day_is_refused(column: object) -> None:
    with pytest.raises(StoreError, match="is not as it was written"):
        day_of(column)
