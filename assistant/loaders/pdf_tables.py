"""Lines of a column -> the rows of its tables, each cell with the name of its column where the first row gives names."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.loaders.pdf_lines import Line, has_leaders, marker_of
from assistant.loaders.pdf_words import Word

_MIN_ROWS = 3  # one fewer of many columns
_MANY_COLUMNS = 4
_CELL_GAP = 0.9  # of the font's size
_EDGE = 3.0  # points that the edges of cells of one column may differ by
_SPREAD = 1.6  # that the widest gap of a justified line has of the narrowest
_EVEN = 1.15  # the same, however wide the gaps are
_MAX_SPREAD_GAP = 2.0  # of the font's size
_MIN_STRIP = 0.5  # of the font's size, without ink from the first row to the last
_MAX_NAME = 60
_MAX_CELL = 300


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its lines, and its cells with the names of their columns, "" where there is none."""

    lines: tuple[Line, ...]
    cells: tuple[tuple[str, tuple[Word, ...]], ...]


def with_rows(lines: Sequence[Line]) -> list[Line | Row]:
    """Returns lines in order, those of tables as rows."""
    made: list[Line | Row] = []
    at = 0
    while at < len(lines):
        end = _table_end(lines, at)
        if end > at:
            made += _rows(lines[at:end])
        else:
            end = at + 1
            made.append(lines[at])
        at = end
    return made


def cells_of(line: Line) -> list[list[Word]]:
    """Returns the words of a line by cell: a wide gap parts two, but not an item's mark from its text."""
    if has_leaders(line):
        return [line.words]
    gaps = [max(b.left - a.right, a.left - b.right) for a, b in zip(line.words, line.words[1:], strict=False)]
    figures = sum(word.text[-1].isdigit() for word in line.words) * 2 > len(line.words)
    if len(gaps) > 1 and not figures:
        widest, least = max(gaps), min(gaps)
        if widest < min(_SPREAD * least, _MAX_SPREAD_GAP * line.size) or widest < _EVEN * least:
            return [line.words]  # of a line that was made to fill its width
    cells = [[line.words[0]]]
    marker = marker_of(line)
    for gap, last, word in zip(gaps, line.words, line.words[1:], strict=False):
        if gap > _CELL_GAP * max(word.size, last.size) and not (marker and last is line.words[0]):
            cells.append([word])
        else:
            cells[-1].append(word)
    return cells


def _table_end(lines: Sequence[Line], first: int) -> int:
    """Returns the end of the table whose first row is a line, which is that line if there is none.

    From the first row to the last there are strips without ink, as words that are spread over a line do not leave.
    """
    widest = cells_of(lines[first])
    if len(widest) < 2:
        return first
    at = first + 1
    spans = _spans(widest)
    n_rows, n_columns = 1, 0
    while at < len(lines):
        line, last = lines[at], lines[at - 1]
        cells = cells_of(line)
        if line.base - last.base > 3.5 * max(line.size, last.size):
            break
        if len(cells) < 2:
            within = _column_of(cells[0], widest)
            hangs = within is not None and (within > 0 or len(widest) > 2) and line.base - last.base < 1.6 * line.size
            # A line in one column alone goes on its cell, if the table goes on after it.
            if not (hangs and at + 1 < len(lines) and len(cells_of(lines[at + 1])) > 1):
                break
        elif not _aligned(cells, widest):
            break
        merged = _merged([*spans, *_spans(cells)], _MIN_STRIP * line.size)
        if len(merged) < max(2, n_columns):
            break
        spans, n_columns = merged, min(2, len(merged))
        n_rows += len(cells) > 1
        widest = max(widest, cells, key=len)
        at += 1
    return at if n_rows >= (_MIN_ROWS - 1 if len(spans) >= _MANY_COLUMNS else _MIN_ROWS) else first


def _spans(cells: Sequence[Sequence[Word]]) -> list[tuple[float, float]]:
    return [(cell[0].left, cell[-1].right) for cell in cells]


def _merged(spans: Sequence[tuple[float, float]], strip: float) -> list[tuple[float, float]]:
    """Returns where there is ink, from the left; gaps narrower than a strip are none."""
    merged: list[tuple[float, float]] = []
    for left, right in sorted(spans):
        if merged and left < merged[-1][1] + strip:
            merged[-1] = (merged[-1][0], max(merged[-1][1], right))
        else:
            merged.append((left, right))
    return merged


def _aligned(cells: Sequence[Sequence[Word]], above: Sequence[Sequence[Word]]) -> bool:
    """Returns whether two rows have two columns in common."""
    n = 0
    for cell in cells:
        left, right = cell[0].left, cell[-1].right
        for other in above:
            one, two = other[0].left, other[-1].right
            if min(abs(left - one), abs(right - two), abs(left + right - one - two) / 2) <= _EDGE:
                n += 1
                break
    return n >= 2


def _column_of(cell: Sequence[Word], row: Sequence[Sequence[Word]]) -> int | None:
    """Returns the number of the only cell of a row that a cell overlaps, None if there is none or are several."""
    found = [n for n, other in enumerate(row) if cell[0].left < other[-1].right and cell[-1].right > other[0].left]
    return found[0] if len(found) == 1 else None


def _rows(lines: Sequence[Line]) -> list[Line | Row]:
    """Returns the rows of a table's lines."""
    spans = _columns(lines)
    gaps = [b.base - a.base for a, b in itertools.pairwise(lines)]
    least = min(gaps)
    grid: list[tuple[list[Line], list[list[Word]]]] = []
    for at, line in enumerate(lines):
        cells: list[list[Word]] = [[] for _ in spans]
        for cell in cells_of(line):
            middle = (cell[0].left + cell[-1].right) / 2
            column = min(range(len(spans)), key=lambda n: max(spans[n][0] - middle, middle - spans[n][1], 0))
            cells[column] += cell
        filled = sum(map(bool, cells))
        goes_on = grid and not cells[0] and filled < len(spans) and gaps[at - 1] <= 1.1 * least
        if goes_on and max(gaps) > 1.2 * least:
            grid[-1][0].append(line)
            for column, words in enumerate(cells):
                grid[-1][1][column] += words
        else:
            grid.append(([line], cells))
    names = _names(grid[0][1], [cells for _, cells in grid[1:]])
    rows = grid[1:] if names else grid
    first: list[Line | Row] = []
    unused = [name for n, name in enumerate(names) if not any(cells[n] for _, cells in rows)]
    if any(unused):  # else each name is told with its cells
        head = grid[0]
        first = [Row(tuple(head[0]), tuple(("", tuple(words)) for words in head[1] if words))]
    return first + [
        Row(tuple(of), tuple((names[n] if names else "", tuple(words)) for n, words in enumerate(cells) if words))
        for of, cells in rows
    ]


def _columns(lines: Sequence[Line]) -> list[tuple[float, float]]:
    """Returns from where to where each column reaches, from the left; a cell over several columns makes none."""
    spans = sorted((cell[0].left, cell[-1].right) for line in lines for cell in cells_of(line))
    rows = [cells_of(line) for line in lines]
    most = max(len(row) for row in rows)
    columns: list[tuple[float, float]] = []
    for left, right in sorted((cell[0].left, cell[-1].right) for row in rows if len(row) == most for cell in row):
        if columns and left < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], right))
        else:
            columns.append((left, right))
    for left, right in spans:
        if all(right < one or left > two for one, two in columns):
            columns.append((left, right))
    return sorted(columns)


def _names(head: Sequence[Sequence[Word]], rows: Sequence[Sequence[Sequence[Word]]]) -> list[str]:
    """Returns the names of columns that a first row gives, [] if it is a row like the others."""
    texts = [" ".join(word.text for word in cell) for cell in head]
    named = [text for text in texts if text]
    if len(named) < len(texts) - 1 or len(set(named)) < len(named) or not rows or len(texts) < 2:
        return []
    if any(len(text) > _MAX_NAME or text[0].isdigit() for text in named):
        return []
    bold = all(word.bold for cell in head for word in cell)
    plain = not any(word.bold for row in rows for cell in row for word in cell)
    below = [" ".join(word.text for word in cell) for row in rows for cell in row[1:] if cell]
    figures = sum(any(character.isdigit() for character in text) for text in below)
    return texts if (bold and plain) or figures * 2 >= len(below) > 0 else []
