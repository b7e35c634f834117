"""What stands on pages besides their text: running heads and feet, and page numbers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.loaders.pdf_lines import Line

_EDGE = 0.12  # of the height that is printed on, above and below
_MARGIN = 0.07  # the same, for a line that is known by its number alone
_MAX_ROWS = 3
_SAME_PLACE = 0.012  # of a page's height
_NEAR_PAGES = 2
_DIGITS = re.compile(r"\d+")
_ROMAN = re.compile(r"[ivxlc]{1,8}")
_PAGE_NUMBER = re.compile(
    r"\W{0,3}(?:page|p\.|seite|s\.)?\s?(\d{1,4}|[ivxlc]{1,8})\s?(?:(?:of|/|von|\|)\s?\d{1,4})?\W{0,3}", re.IGNORECASE
)
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


@dataclass(slots=True, eq=False)
class _Row:
    """What stands on one line at the edge of a page: how far down, and how far from the edge of what is printed on."""

    page: int
    pieces: tuple[Line, ...]
    text: str
    place: float
    depth: float

    @property
    def key(self) -> str:
        return _DIGITS.sub("#", self.text.lower())


def without_furniture(pages: Sequence[list[Line]], heights: Sequence[float]) -> list[list[Line]]:
    """Returns the pieces of each page without its running head, running foot and number.

    From the edge inwards a line is left out if its text is repeated at that place on another page nearby, or on two
    others anywhere; if a number in it counts with the pages; or if it is nothing but the number of the only page.
    """
    left_out: set[int] = set()
    shares = [piece.base / heights[page] for page, pieces in enumerate(pages) for piece in pieces]
    if not shares:
        return [list(pieces) for pieces in pages]
    printed = (min(shares), max(shares))
    sides = [
        [_edge_rows(page, pieces, heights[page], side, printed) for page, pieces in enumerate(pages)]
        for side in (1, -1)
    ]
    found = [_furniture([row for rows in edges for row in rows], len(pages)) for edges in sides]
    counted = found[0][1] | found[1][1]
    for edges, (furniture, _) in zip(sides, found, strict=True):
        for rows in edges:
            for row in rows:
                # The number of a chapter's first page may stand elsewhere than those of the others.
                numbered = _PAGE_NUMBER.fullmatch(row.text) and not counted.isdisjoint(_offsets(row))
                if row not in furniture and not numbered:
                    break
                left_out |= {id(piece) for piece in row.pieces}
    return [[piece for piece in pieces if id(piece) not in left_out] for pieces in pages]


def _edge_rows(page: int, pieces: Sequence[Line], height: float, side: int, printed: tuple[float, float]) -> list[_Row]:
    """Returns the rows at the head (`side` 1) or foot (-1) of a page, the outermost first."""
    rows: list[list[Line]] = []
    first, last = printed

    def depth(piece: Line) -> float:
        share = piece.base / height
        return (share - first if side > 0 else last - share) / max(last - first, 0.1)

    for piece in sorted(pieces, key=lambda p: side * p.base):
        if depth(piece) > _EDGE:
            break
        if rows and abs(piece.base - rows[-1][0].base) < 0.5 * max(piece.size, rows[-1][0].size):
            rows[-1].append(piece)
        elif len(rows) == _MAX_ROWS:
            break
        else:
            rows.append([piece])
    made = []
    for row in rows:
        row.sort(key=lambda p: p.left)
        made.append(_Row(page, tuple(row), " ".join(p.text for p in row), row[0].base / height, depth(row[0])))
    return made


def _offsets(row: _Row) -> set[int]:
    return {number - row.page for number in _numbers(row.text)}


def _furniture(rows: Sequence[_Row], n_pages: int) -> tuple[set[_Row], set[int]]:
    """Returns the rows that are no text of the document, and by how much page numbers differ from the pages' own."""
    by_key: dict[str, list[_Row]] = defaultdict(list)
    counts: dict[tuple[int, int], list[_Row]] = defaultdict(list)
    found: set[_Row] = set()
    for row in rows:
        by_key[row.key].append(row)
        for offset in _offsets(row):
            counts[offset, round(row.place / _SAME_PLACE / 2)].append(row)
        if n_pages == 1 and _PAGE_NUMBER.fullmatch(row.text) and not _MARGIN < row.place < 1 - _MARGIN:
            found.add(row)
    for same in by_key.values():
        for row in same:
            others = {o.page for o in same if o.page != row.page and abs(o.place - row.place) <= _SAME_PLACE}
            if len(others) >= 2 or any(abs(other - row.page) <= _NEAR_PAGES for other in others):
                found.add(row)
    offsets: set[int] = set()
    for (offset, _), counting in counts.items():
        numbered = {row for row in counting if _is_by_number(row)}
        if len({row.page for row in numbered}) >= 2:
            found |= numbered
            offsets.add(offset)
    return found, offsets


def _numbers(text: str) -> Iterator[int]:
    """Yields the numbers that a row begins or ends with: one of them may be the page's."""
    alone = _PAGE_NUMBER.fullmatch(text)
    if alone:
        number = alone[1].lower()
        if number.isdecimal():
            yield int(number)
        elif _ROMAN.fullmatch(number):
            yield 100_000 + _roman(number)
        return
    words = text.split()
    for word in dict.fromkeys((words[0], words[-1])):
        if word.isdecimal() and len(word) <= 4:
            yield int(word)


def _is_by_number(row: _Row) -> bool:
    """Returns whether a row whose number counts is a head or a foot, and no line of a list that happens to count."""
    return bool(_PAGE_NUMBER.fullmatch(row.text)) or len(row.pieces) > 1 or row.depth < _MARGIN


def _roman(number: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in number]
    return sum(-v if v < max(values[at:]) else v for at, v in enumerate(values))
