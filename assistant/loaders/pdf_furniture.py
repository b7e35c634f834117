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
_ONE_OF = re.compile(r"(?:page )?(\d{1,4}) ?(?:/|of) ?(\d{1,4})", re.IGNORECASE)
_PRINTED = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4},? \d{1,2}:\d{2}(?: [AP]M)?")
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
    counting = _counting([row for edges in sides for rows in edges for row in rows])
    for edges in sides:
        furniture = counting | _furniture([row for rows in edges for row in rows], len(pages))
        for rows in edges:
            for row in rows:
                if row not in furniture:
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


def _furniture(rows: Sequence[_Row], n_pages: int) -> set[_Row]:
    """Returns the rows of one side that are repeated, or the number of the only page."""
    by_key: dict[str, list[_Row]] = defaultdict(list)
    found: set[_Row] = set()
    for row in rows:
        by_key[row.key].append(row)
        number = _PAGE_NUMBER.fullmatch(row.text) if n_pages == 1 else None
        alone = number and (number[1] == "1" or not _MARGIN < row.place < 1 - _MARGIN)
        if alone or any(_is_of_program(piece.text, row.page + 1, n_pages) for piece in row.pieces):
            found.add(row)
    for same in by_key.values():
        for row in same:
            others = {o.page for o in same if o.page != row.page and abs(o.place - row.place) <= _SAME_PLACE}
            if len(others) >= 2 or any(abs(other - row.page) <= _NEAR_PAGES for other in others):
                found.add(row)
    return found


def _is_of_program(text: str, page: int, n_pages: int) -> bool:
    """Returns whether a piece is what a browser prints at the edges: the time of printing, or "1/3"."""
    of = _ONE_OF.fullmatch(text)
    return bool(_PRINTED.fullmatch(text)) or (of is not None and (int(of[1]), int(of[2])) == (page, n_pages))


def _counting(rows: Sequence[_Row]) -> set[_Row]:
    """Returns the rows of both sides with a number that counts with the pages: on the first page it may stand elsewhere."""
    counts: dict[int, list[_Row]] = defaultdict(list)
    for row in rows:
        for number in set(_numbers(row)):
            counts[number - row.page].append(row)
    return {row for counting in counts.values() if len({row.page for row in counting}) >= 2 for row in counting}


def _numbers(row: _Row) -> Iterator[int]:
    """Yields the numbers of a row that may be its page's: it stands alone, or apart at the end, or in a head at the start."""
    alone = _PAGE_NUMBER.fullmatch(row.text)
    if alone:
        number = alone[1].lower()
        if number.isdecimal():
            yield int(number)
        elif _ROMAN.fullmatch(number):
            yield 100_000 + _roman(number)
    elif len(row.pieces) > 1:
        # A footnote begins with a number too.
        for piece in (row.pieces[-1], row.pieces[0]) if row.place < 0.5 else row.pieces[-1:]:
            if piece.text.isdecimal() and len(piece.text) <= 4:
                yield int(piece.text)


def _roman(number: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in number]
    return sum(-v if v < max(values[at:]) else v for at, v in enumerate(values))
