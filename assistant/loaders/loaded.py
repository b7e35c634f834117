"""What every loader returns, and its form between two processes."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from math import isfinite
from typing import Any, get_args

from assistant.articles.article import normalise
from assistant.articles.blocks import Block, Cell, Kind
from assistant.articles.boxes import Box, PlacedWord
from assistant.errors import ArticleError


@dataclass(frozen=True, slots=True)
class Mark:
    """From the character `start` of the text on, sentences stand under this section, on this page, at this place."""

    start: int
    section: str = ""
    page: int | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A file's text, already normalised, with what its format tells about it.

    Attributes:
        text: normalised text (see `assistant.articles.article.normalise`); all offsets count in it.
        title: the title that the format states, "" if none.
        marks: sections, pages and places, by rising start.
        author, date, tags: as the format states them.
        notes: what a reader should know of how it was read, a sentence each.
        blocks: every block of the text in order, where the format tells them; () where the text alone does.
        words: where each word stands on its page, in order; () in what has no pages.
    """

    text: str
    title: str = ""
    marks: tuple[Mark, ...] = ()
    author: str = ""
    date: date | None = None
    tags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    words: tuple[PlacedWord, ...] = ()


def to_json(loaded: Loaded) -> str:
    """Returns what `from_json` reads."""
    values = asdict(loaded)
    values["date"] = loaded.date and loaded.date.isoformat()
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def from_json(text: str | bytes) -> Loaded:
    """Returns what another process has loaded.

    Raises:
        ArticleError: if it is not of this form: the other process read a hostile file, and is not believed.
    """
    try:
        values: dict[str, Any] = json.loads(text)
        words = tuple(PlacedWord(**{**word, "box": Box(**word["box"])}) for word in values.pop("words"))
        blocks = tuple(
            Block(**{**block, "cells": tuple(Cell(**cell) for cell in block["cells"])})
            for block in values.pop("blocks")
        )
        marks = tuple(Mark(**mark) for mark in values.pop("marks"))
        day = values.pop("date")
        tags, notes = tuple(map(str, values.pop("tags"))), tuple(map(str, values.pop("notes")))
        text, title, author = (str(values.pop(name)) for name in ("text", "title", "author"))
        loaded = Loaded(text, title, marks, author, day and date.fromisoformat(day), tags, notes, blocks, words)
        _check(loaded)
    except (ArticleError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ArticleError("The file could not be read: what its reader told makes no sense.") from error
    return loaded


def _check(loaded: Loaded) -> None:
    """Raises ValueError where offsets are not in order, not in the text, or not what they are said to be."""
    text = loaded.text
    _require(normalise(text) == text)
    end = 0
    for block in loaded.blocks:
        _require(
            _whole(block.start, block.end, block.level, block.depth) and end <= block.start < block.end <= len(text)
        )
        _require(not text[end : block.start].strip() and block.level <= 7 and block.kind in get_args(Kind))
        end = block.end
        at = block.start
        for cell in block.cells:
            _require(
                isinstance(cell.column, str) and _whole(cell.start, cell.end) and at <= cell.start < cell.end <= end
            )
            at = cell.end
    _require(not loaded.blocks or not text[end:].strip())
    at = 0
    for mark in loaded.marks:
        _require(_whole(mark.start) and at <= mark.start <= len(text))
        _require(
            isinstance(mark.section, str) and isinstance(mark.place, str) and (mark.page is None or _whole(mark.page))
        )
        at = mark.start
    at = 0
    for word in loaded.words:
        box = word.box
        _require(_whole(word.start, word.end, word.line, box.page) and at <= word.start <= word.end <= len(text))
        _require(
            all(isinstance(side, int | float) and isfinite(side) for side in (box.left, box.top, box.right, box.bottom))
        )
        at = word.end


def _whole(*values: object) -> bool:
    return all(type(value) is int and value >= 0 for value in values)


def _require(holds: bool) -> None:
    if not holds:
        raise ValueError("an offset or a value that cannot be")
