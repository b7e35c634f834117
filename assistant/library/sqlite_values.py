"""What stands in a column as JSON or compressed: tags, notes, blocks, boxes. Both ways."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from assistant.articles.blocks import Block, Cell
from assistant.articles.boxes import Box
from assistant.errors import StoreError


def json_of(values: Sequence[Any]) -> str:
    """Returns a list as JSON without blank space."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def texts_of(column: object) -> tuple[str, ...]:
    """Returns the texts of a JSON list; () of NULL. Raises StoreError if it is none."""
    texts: tuple[str, ...] = _read(column, lambda text: tuple(_text(value) for value in json.loads(text)))
    return texts


def day_of(column: object) -> date | None:
    """Returns the day of an ISO text; None of NULL. Raises StoreError if it is none."""
    return _read(column, date.fromisoformat) or None


def from_boxes(boxes: Sequence[Box]) -> str | None:
    """Returns boxes as JSON, [page, left, top, right, bottom] each; None for none."""
    return json_of([[box.page, box.left, box.top, box.right, box.bottom] for box in boxes]) if boxes else None


def boxes_of(column: object) -> tuple[Box, ...]:
    """Returns what `from_boxes` made into a text. Raises StoreError if it is damaged."""
    boxes: tuple[Box, ...] = _read(column, lambda text: tuple(Box(*map(_number, row)) for row in json.loads(text)))
    return boxes


def from_blocks(blocks: Sequence[Block]) -> bytes | None:
    """Returns blocks as compressed JSON, [start, end, level, kind, depth, [[column, start, end] …]] each; None for none."""
    if not blocks:
        return None
    rows = [
        [b.start, b.end, b.level, b.kind, b.depth, [[cell.column, cell.start, cell.end] for cell in b.cells]]
        for b in blocks
    ]
    return zlib.compress(json_of(rows).encode())


def blocks_of(column: object) -> tuple[Block, ...]:
    """Returns what `from_blocks` compressed. Raises StoreError if it is damaged."""
    blocks: tuple[Block, ...] = _read(column, lambda data: tuple(map(_block, json.loads(zlib.decompress(data)))))
    return blocks


def _block(row: list[Any]) -> Block:
    start, end, level, kind, depth, cells = row
    return Block(start, end, level, kind, depth, tuple(Cell(*cell) for cell in cells))


def _read(column: object, read: Callable[[Any], Any]) -> Any:
    if column is None:
        return ()
    try:
        return read(column)
    except (ValueError, TypeError, RecursionError, zlib.error) as error:
        raise StoreError(
            f"The library is damaged: {column!r:.80} is not as it was written. Run `assistant doctor --repair`, or restore "
            "the library from a backup."
        ) from error


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r:.80} is no text")
    return value


def _number(value: object) -> Any:
    if not isinstance(value, int | float):
        raise TypeError(f"{value!r:.80} is no number")
    return value
