"""Pieces of lines -> lines, column by column, in the order in which a page is read.

A gutter is a strip without ink between two runs of prose. What crosses it, as a title or a wide table does, parts the
page into bands: what is above is read first, then the columns from left to right, then what is below.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from assistant.loaders.pdf_lines import Line, in_order

_MIN_LINES = 3  # of a column
_MIN_CHARACTERS, _MIN_WORDS = 12, 2.5  # of a column's lines, in the middle: cells of tables have fewer
_MIN_FILL = 0.5  # of a column's width that its lines have, in the middle
_MIN_GUTTER = 0.6  # of the font's size
_MAX_CANDIDATES = 12
_MAX_DEPTH = 8
_SAME_LINE = 0.3


@dataclass(frozen=True, slots=True)
class Column:
    """Lines from above to below, and where their column begins and ends."""

    lines: list[Line]
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class _Band:
    top: float
    bottom: float
    left: list[Line]
    right: list[Line]


def columns_of(pieces: Sequence[Line], depth: int = 0) -> list[Column]:
    """Returns the columns of a page, or a part of one, in the order in which they are read."""
    if not pieces:
        return []
    band = _widest_band(pieces) if depth < _MAX_DEPTH else None
    if band is None:
        lines = _whole_lines(pieces)
        return [Column(lines, min(line.left for line in lines), max(line.right for line in lines))]
    inside = {id(piece) for piece in (*band.left, *band.right)}
    above = [piece for piece in pieces if id(piece) not in inside and piece.base <= band.top]
    below = [piece for piece in pieces if id(piece) not in inside and piece.base > band.top]
    parts = (above, band.left, band.right, below)
    return [column for part in parts for column in columns_of(part, depth + 1)]


def _widest_band(pieces: Sequence[Line]) -> _Band | None:
    """Returns the two runs of prose beside one another that have the most lines, None if there are none."""
    best, most = None, 0
    for x in _candidates(pieces):
        crossing = [piece for piece in pieces if piece.left < x < piece.right]
        edges = [float("-inf"), *sorted(piece.base for piece in crossing), float("inf")]
        beside = [piece for piece in pieces if not piece.left < x < piece.right]
        at = 0
        for top, bottom in itertools.pairwise(edges):
            first = at
            while at < len(beside) and beside[at].base <= bottom:
                at += 1
            inside = beside[first:at]
            if len(inside) <= most or len(inside) < 2 * _MIN_LINES:
                continue
            band = _Band(top, bottom, [p for p in inside if p.right <= x], [p for p in inside if p.left >= x])
            if _are_columns(band):
                best, most = band, len(inside)
    return best and _without_heading_below(best)


def _candidates(pieces: Sequence[Line]) -> list[float]:
    """Returns where gutters may be: in the middle of gaps between pieces beside one another."""
    gaps: Counter[int] = Counter()
    for at, piece in enumerate(pieces):
        for other in pieces[at + 1 : at + 12]:
            if other.top > piece.bottom:
                continue
            one, two = (piece, other) if piece.left <= other.left else (other, piece)
            if two.left - one.right >= _MIN_GUTTER * min(one.size, two.size):
                gaps[round(two.left) - 2] += 1  # just before what is on the right: its edge is straight
                gaps[round((one.right + two.left) / 2)] += 1
    return [float(x) for x, _ in gaps.most_common(_MAX_CANDIDATES)]


def _are_columns(band: _Band) -> bool:
    """Returns whether both sides are prose, with a gutter between."""
    for side in (band.left, band.right):
        if len(_rows(side)) < _MIN_LINES:
            return False
        width = max(p.right for p in side) - min(p.left for p in side)
        rows = _whole_lines(side)
        if (
            median(len(row.text) for row in rows) < _MIN_CHARACTERS
            or median(len(row.words) for row in rows) < _MIN_WORDS
        ):
            return False
        if median(row.right - row.left for row in rows) < _MIN_FILL * width:
            return False
    gutter = min(p.left for p in band.right) - max(p.right for p in band.left)
    return gutter >= _MIN_GUTTER * median(p.size for p in (*band.left, *band.right))


def _without_heading_below(band: _Band) -> _Band:
    """Returns the band without a short heading at its left foot that belongs to what is below both columns."""
    foot = max(piece.base for piece in band.right)
    rest = list(band.left)
    while band.bottom < float("inf") and len(rest) > 1 and rest[-1].top > foot:
        size = median(piece.size for piece in rest)
        gap, below = rest[-1].base - rest[-2].base, band.bottom - rest[-1].base
        if not (gap > 1.6 * size and below < gap and (rest[-1].bold or rest[-1].size > 1.05 * size)):
            break
        rest.pop()
    return _Band(band.top, rest[-1].base, rest, band.right) if len(rest) < len(band.left) else band


def _rows(pieces: Sequence[Line]) -> list[list[Line]]:
    """Returns pieces by the line they stand in, from above."""
    rows: list[list[Line]] = []
    for piece in sorted(pieces, key=lambda p: p.base):
        if (rows and piece.base - rows[-1][0].base <= _SAME_LINE * max(piece.size, rows[-1][0].size)) or (
            rows and piece.size < 0.88 * rows[-1][-1].size and piece.top < rows[-1][-1].bottom - 0.3 * piece.size
        ):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return rows


def _whole_lines(pieces: Sequence[Line]) -> list[Line]:
    """Returns the lines that pieces make together, from above."""
    return [row[0] if len(row) == 1 else Line(in_order([w for p in row for w in p.words])) for row in _rows(pieces)]
