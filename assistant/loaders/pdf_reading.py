"""The words of pages, drawn or recognised -> paragraphs in the order of their reading, and what is told of the pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from assistant.loaders.ocr import PLACE
from assistant.loaders.pdf_columns import columns_of
from assistant.loaders.pdf_flow import Flow, joined
from assistant.loaders.pdf_furniture import without_furniture
from assistant.loaders.pdf_lines import Line, pieces_of
from assistant.loaders.pdf_paragraphs import Paragraph, body_size_of, paragraphs_of
from assistant.loaders.pdf_words import Word

_MAX_NOTED = 8


@dataclass(slots=True)
class Pages:
    """What the pages hold, one entry a page: pieces of lines, heights as they are read, and what stands turned.

    The others are numbers of pages: without text, with hidden text, and with text that was recognised.
    """

    pieces: list[list[Line]] = field(default_factory=list)
    heights: list[float] = field(default_factory=list)
    turned: list[list[Line]] = field(default_factory=list)
    empty: list[int] = field(default_factory=list)
    hiding: list[int] = field(default_factory=list)
    recognised: list[int] = field(default_factory=list)

    def add(
        self,
        words: Sequence[Word],
        sizes: tuple[float, float],
        number: int,
        has_objects: bool,
        recognised: bool = False,
    ) -> None:
        """Takes in the words of the next page, its width and height, and whether anything is drawn on it."""
        turn = Counter({0: 0})
        for word in words:
            turn[word.turn] += len(word.text)
        main = turn.most_common(1)[0][0]
        height = sizes[0] if main % 2 else sizes[1]
        # Turned places may lie left of, or above, nought.
        shift = -height if main in (1, 2) else 0.0
        for word in words:
            if word.turn == main and shift:
                word.top, word.bottom, word.base = word.top - shift, word.bottom - shift, word.base - shift
        self.pieces.append(pieces_of([word for word in words if word.turn == main]))
        self.turned.append([line for t in turn if t != main for line in pieces_of([w for w in words if w.turn == t])])
        self.heights.append(height)
        if not words and has_objects:
            self.empty.append(number)
        if recognised:
            self.recognised.append(number)


def flow_of(pages: Pages) -> tuple[list[Paragraph], Flow]:
    """Returns the paragraphs of all pages, and their text; what was recognised is marked as such."""
    paragraphs = joined(_paragraphs(pages, body_size_of(pages.pieces)))
    flow = Flow(paragraphs)
    flow.marks = [replace(mark, place=PLACE) if mark.page in pages.recognised else mark for mark in flow.marks]
    return paragraphs, flow


def notes_of(pages: Pages) -> Iterator[str]:
    """Yields what a reader should know, a sentence each."""
    if pages.recognised:
        one = len(pages.recognised) == 1
        yield f"{_numbered(pages.recognised)} {'was' if one else 'were'} read by OCR: letters may be wrong."
    if pages.empty:
        one = len(pages.empty) == 1
        yield f"{_numbered(pages.empty)} {'has no text; it may be a scan.' if one else 'have no text; they may be scans.'}"
    if pages.hiding:
        one = len(pages.hiding) == 1
        yield f"{_numbered(pages.hiding)} {'has' if one else 'have'} hidden text, which was left out."


def largest_heading(paragraphs: Sequence[Paragraph]) -> str:
    """Returns the heading in the largest font of the first page, "" if there is none."""
    headings = [p for p in paragraphs if p.role == "heading" and p.page == 1]
    return max(headings, key=lambda p: p.size).text[:300] if headings else ""


def _paragraphs(pages: Pages, body_size: float) -> Iterator[Paragraph]:
    """Yields the paragraphs of all pages in the order in which they are read."""
    stamps = Counter(line.text for lines in pages.turned for line in lines)
    for number, pieces in enumerate(without_furniture(pages.pieces, pages.heights), start=1):
        for column in columns_of(pieces):
            yield from paragraphs_of(column, number, body_size)
        for column in columns_of([line for line in pages.turned[number - 1] if stamps[line.text] < 3]):
            for paragraph in paragraphs_of(column, number, body_size):
                paragraph.role = "aside"
                yield paragraph


def _numbered(pages: Sequence[int]) -> str:
    """Returns "Page 3", "Pages 3, 4 and 7", or "12 pages from page 3 on" where there are many."""
    if len(pages) == 1:
        return f"Page {pages[0]}"
    if len(pages) > _MAX_NOTED:
        return f"{len(pages):,} pages, the first of them page {pages[0]:,},"
    return f"Pages {', '.join(map(str, pages[:-1]))} and {pages[-1]}"
