"""The grid of a table -> its rows, each cell with the name of its column."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

MAX_COLUMNS = 500
MAX_REPEATED_CELLS = 100_000
_MAX_NAME = 80
_MAX_REPEATED = 120
_NUMBER = re.compile(r"\W{0,3}\d")

Row = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell as its format has it: how many columns and rows it takes, and whether it names others."""

    text: str
    is_header: bool = False
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True, slots=True)
class _Placed:
    cell: GridCell
    first: int
    last: int
    repeats: bool


def named_rows(grid: Sequence[Sequence[GridCell]], n_head: int | None = None) -> list[Row]:
    """Returns the rows as (name of the column, text) of each cell.

    The rows that name the columns are left out, unless a name would then stand nowhere. A cell over several rows stands
    in each of them, if it is short; one over all columns has no name.

    Args:
        grid: the rows as their format has them.
        n_head: how many of them name the columns, None to guess.
    """
    rows = _placed(grid)
    width = max((cell.last + 1 for row in rows for cell in row), default=0)
    if n_head is None:
        n_head = _guessed_head(rows, width)
    head = [[cell.cell.text for cell in row if cell.cell.text and not cell.repeats] for row in rows[:n_head]]
    names_alone = n_head == len(rows)
    if names_alone or any(len(text) > _MAX_NAME for texts in head for text in texts):
        n_head = 0
    names: list[list[str]] = [[] for _ in range(width)]
    for row in rows[:n_head]:
        for placed in row:
            for name in names[placed.first : placed.last + 1]:
                if placed.cell.text and placed.cell.text not in name:
                    name.append(placed.cell.text)
    columns = [" ".join(name) for name in names]
    keyed = not any(columns) and not names_alone and width > 1 and _has_keys(rows[n_head:], width)
    written = [_written(row, columns, keyed) for row in rows[n_head:]]
    used = {column for row in written for column, text in row if text}
    lost = [name for name in columns if name and not any(name in column for column in used)]
    if lost:
        written[:0] = [[("", text) for text in texts] for texts in head[:n_head]]
    return [row for row in written if any(text for _, text in row)]


def guess_head(texts: Sequence[Sequence[str]]) -> int:
    """Returns 1 if the first of some rows of a file names its columns, else 0."""
    if len(texts) < 2 or len(texts[0]) < 1:
        return 0
    first = [text.strip() for text in texts[0]]
    named = all(first) and len({name.lower() for name in first}) == len(first)
    return int(named and all(len(name) <= _MAX_NAME and not _NUMBER.match(name) for name in first))


def _placed(grid: Sequence[Sequence[GridCell]]) -> list[list[_Placed]]:
    """Returns the cells of each row with their columns, those that reach down from rows above among them."""
    rows: list[list[_Placed]] = []
    hanging: list[tuple[_Placed, int]] = []  # cells that reach into rows below, by column, and into how many
    n_repeated = 0
    for given in grid:
        row: list[_Placed] = []
        below: list[tuple[_Placed, int]] = []
        coming = deque(hanging)
        column = 0
        for cell in given:
            while coming and coming[0][0].first <= column:
                column = _hang(*coming.popleft(), row, below)
            if column >= MAX_COLUMNS:
                row.append(_Placed(cell, MAX_COLUMNS - 1, MAX_COLUMNS - 1, False))
                continue
            room = coming[0][0].first if coming else MAX_COLUMNS
            placed = _Placed(cell, column, min(column + cell.columns, room) - 1, False)
            row.append(placed)
            if cell.rows > 1:
                below.append((placed, cell.rows - 1))
            column = placed.last + 1
        while coming:
            _hang(*coming.popleft(), row, below)
        n_repeated += len(hanging)
        hanging = below if n_repeated < MAX_REPEATED_CELLS else []
        rows.append(row)
    return rows


def _hang(above: _Placed, left: int, row: list[_Placed], below: list[tuple[_Placed, int]]) -> int:
    """Puts a cell of a row above into this row, and returns the column behind it."""
    row.append(_Placed(above.cell, above.first, above.last, True))
    if left > 1:
        below.append((above, left - 1))
    return above.last + 1


def _written(row: Sequence[_Placed], columns: Sequence[str], keyed: bool) -> Row:
    """Returns a row's cells with their names; `keyed` takes the first cell as the name of the others."""
    written: Row = []
    key = ""
    for placed in row:
        text = placed.cell.text
        if placed.repeats and len(text) > _MAX_REPEATED:
            continue
        if keyed and text and placed.first == 0 and placed.last + 1 < len(columns) and len(text) <= _MAX_NAME:
            key = text
            continue
        whole = placed.first == 0 and placed.last + 1 == len(columns) and placed.last > 0
        names = [] if whole else list(dict.fromkeys(filter(None, columns[placed.first : placed.last + 1])))
        written.append((key or " / ".join(names), text))
    if key and not any(text for _, text in written):
        written = [("", key)]
    return written if any(not placed.repeats for placed in row) else []


def _guessed_head(rows: Sequence[Sequence[_Placed]], width: int) -> int:
    """Returns how many rows name the columns: those of header cells alone, else a first one that reads like names."""
    n_head = 0
    for row in rows:
        filled = [placed.cell for placed in row if placed.cell.text]
        if not filled or not all(cell.is_header for cell in filled):
            break
        n_head += 1
    if n_head or len(rows) < 2 or width < 2:
        return n_head
    first = [placed.cell.text for placed in rows[0]]
    named = first[1:] if not first[:1] or not first[0] else first
    if len(first) < width or not all(named) or len(set(named)) < len(named):
        return 0
    if any(len(name) > _MAX_NAME // 2 or name[-1] in ".!?:" or _NUMBER.match(name) for name in named):
        return 0
    if width > 2 or not first[0]:
        return 1
    # Two columns may as well be names and values: "Born", "1970".
    values = [placed.cell.text for row in rows[1:] for placed in row if placed.first == 1]
    return int(len(values) > 2 and all(_NUMBER.match(value) for value in values))


def _has_keys(rows: Sequence[Sequence[_Placed]], width: int) -> bool:
    """Returns whether the first cells name what stands beside them."""
    firsts = [row[0].cell for row in rows if row and row[0].first == 0 and row[0].last + 1 < width]
    if not firsts:
        return False
    return all(cell.is_header for cell in firsts) or (
        width == 2 and all(len(cell.text) <= _MAX_NAME for cell in firsts)
    )
