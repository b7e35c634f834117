"""A table of OpenDocument -> its rows of cells; what is said to repeat is repeated within limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from assistant.loaders.docx_numbers import attribute, local, whole
from assistant.loaders.html_writer import HtmlCell
from assistant.loaders.tables import MAX_COLUMNS

MAX_REPEATED = 5000
"""Cells of a table that stand there only because others are said to repeat."""


def rows_of(table: Any, read: Callable[[Any], HtmlCell]) -> tuple[list[list[HtmlCell]], int]:
    """Returns the rows of a table, and how many of the first name its columns; `read` gives a cell's HTML.

    A row or a cell without words that is said to repeat stands once: spreadsheets fill the rest of a sheet that way.
    """
    rows: list[list[HtmlCell]] = []
    n_head = n_repeated = 0
    for row, is_head in _rows(table, False):
        cells: list[HtmlCell] = []
        for cell in row:
            if local(cell) != "table-cell":
                continue  # one that is covered by another
            made = read(cell)
            spans = (max(1, whole(attribute(cell, f"number-{what}-spanned"), 1)) for what in ("columns", "rows"))
            columns, span = spans
            repeated = _repeated(cell, "columns", made.inner, MAX_COLUMNS)
            cells += [replace(made, columns=columns, rows=span)] * repeated
            if len(cells) > MAX_COLUMNS:
                break
        times = _repeated(row, "rows", "".join(cell.inner for cell in cells), MAX_REPEATED)
        times = max(1, min(times, (MAX_REPEATED - n_repeated) // max(1, len(cells))))
        rows += [cells] * times
        n_repeated += (times - 1) * len(cells)
        n_head += times * is_head
    return rows, n_head


def _repeated(element: Any, what: str, inner: str, most: int) -> int:
    times = whole(attribute(element, f"number-{what}-repeated"), 1)
    return max(1, min(times, most)) if inner.replace("<p>", "").replace("</p>", "").strip() else 1


def _rows(element: Any, is_head: bool, depth: int = 0) -> Iterator[tuple[Any, bool]]:
    for part in element:
        name = local(part)
        if name == "table-row":
            yield part, is_head
        elif name in ("table-header-rows", "table-rows", "table-row-group") and depth < 20:
            yield from _rows(part, is_head or name == "table-header-rows", depth + 1)
