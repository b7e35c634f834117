"""A table of HTML -> its rows with the names of their columns; a table that only lays things out is none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from assistant.loaders.tables import GridCell, Row, named_rows

_NO_CELLS = ("h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "table", "form", "textarea")
_MAX_CELL = 600
_MAX_ALONE = 100
_MAX_ROWS = 65_534


def is_data_table(table: Any) -> bool:
    """Returns whether a table holds rows of data, and does not just place things side by side."""
    if table.get("role") in ("presentation", "none"):
        return False
    if table.find(".//table") is not None or _has_loose_words(table):
        return False
    if table.find(".//th") is not None or table.find(".//thead") is not None:
        return True
    if any(table.find(f".//{tag}") is not None for tag in _NO_CELLS):
        return False
    rows = [[cell for cell in row if cell.tag == "td"] for row in table.iter("tr")]
    longest = max((sum(map(len, cell.itertext())) for row in rows for cell in row), default=0)
    n_rows = sum(1 for row in rows if row)
    return max(map(len, rows), default=0) > 1 and longest <= (_MAX_CELL if n_rows > 1 else _MAX_ALONE)


def _has_loose_words(table: Any) -> bool:
    """Returns whether words stand in a table outside of its cells, as no table should have them."""
    for part in table.iter("table", "thead", "tbody", "tfoot", "tr"):
        allowed = ("td", "th") if part.tag == "tr" else ("caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr")
        if (part.text or "").strip() or any(
            (child.tail or "").strip() or (child.tag not in allowed and isinstance(child.tag, str)) for child in part
        ):
            return True
    return False


def table_rows(
    table: Any, text_of: Callable[[Any], str], is_hidden: Callable[[Any], bool]
) -> tuple[list[str], list[Row]]:
    """Returns the captions of a table and its rows; `text_of` reads a cell, `is_hidden` tells what nobody sees."""
    captions = [text_of(part) for part in table.iter("caption") if not is_hidden(part)]
    grid: list[list[GridCell]] = []
    n_head = 0
    for row in table.iter("tr"):
        around = row.getparent()
        if is_hidden(row) or is_hidden(around):
            continue
        if around.tag == "thead" and n_head == len(grid):
            n_head += 1
        cells = [cell for cell in row if cell.tag in ("td", "th") and not is_hidden(cell)]
        grid.append([_cell(cell, text_of) for cell in cells])
    return captions, named_rows(grid, n_head or None)


def _cell(cell: Any, text_of: Callable[[Any], str]) -> GridCell:
    return GridCell(
        text_of(cell), cell.tag == "th", _span(cell.get("colspan"), 1000), _span(cell.get("rowspan"), _MAX_ROWS)
    )


def _span(text: str | None, most: int) -> int:
    """Returns how many columns or rows a cell takes; 0 rows are all that are left."""
    try:
        number = int(text or "1")
    except ValueError:
        return 1
    return most if number == 0 and most == _MAX_ROWS else max(1, min(number, most))
