"""PDF -> its text as it is read, with the place of each word on its page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from assistant.articles.article import normalise
from assistant.errors import ArticleError
from assistant.loaders.loaded import Loaded
from assistant.loaders.pdf_characters import glyphs_of, view_of
from assistant.loaders.pdf_columns import columns_of
from assistant.loaders.pdf_flow import Flow, joined
from assistant.loaders.pdf_furniture import without_furniture
from assistant.loaders.pdf_hidden import without_hidden
from assistant.loaders.pdf_lines import Line, pieces_of
from assistant.loaders.pdf_paragraphs import Paragraph, body_size_of, paragraphs_of
from assistant.loaders.pdf_words import Word, words_of
from assistant.loaders.properties import sensible_author, sensible_title

MAX_PAGES = 5000
MAX_PAGE_CHARACTERS = 200_000
_PASSWORD = 4  # as pdfium numbers its errors
_MAX_NOTED = 8
_MIN_YEAR = 1985
_DATE = re.compile(r"(?:D:)?(\d{4})(\d{2})?(\d{2})?")


@dataclass(slots=True)
class _Pages:
    """What the pages hold, one entry a page: pieces of lines, heights as they are read, and what stands turned."""

    pieces: list[list[Line]] = field(default_factory=list)
    heights: list[float] = field(default_factory=list)
    turned: list[list[Line]] = field(default_factory=list)
    empty: list[int] = field(default_factory=list)
    hiding: list[int] = field(default_factory=list)


def load_pdf(data: bytes, name: str) -> Loaded:
    """Returns the text of a PDF, its blocks, the page of each part and the place of each word.

    Raises:
        ArticleError: if it is damaged, locked by a password, too long, or holds no text.
    """
    document = open_pdf(data, name)
    try:
        if len(document) > MAX_PAGES:
            raise ArticleError(f"{name} has {len(document):,} pages, the limit is {MAX_PAGES:,}. Split it.")
        pages = _read(document)
        facts = {key: str(value) for key, value in document.get_metadata_dict().items()}
    finally:
        document.close()
    if not any(pages.pieces):
        _refuse_empty(pages, name)
    body_size = body_size_of(pages.pieces)
    paragraphs = joined(_paragraphs(pages, body_size))
    flow = Flow(paragraphs)
    title = sensible_title(facts.get("Title", ""), name)
    return Loaded(
        normalise(flow.text),
        title or _largest_heading(paragraphs),
        tuple(flow.marks),
        sensible_author(facts.get("Author", "")),
        _day(facts.get("CreationDate", "")),
        (),
        tuple(_notes(pages)),
        tuple(flow.blocks),
        tuple(flow.words),
    )


def open_pdf(data: bytes, name: str) -> Any:
    """Returns a document of pypdfium2. Closing it is the caller's.

    Raises:
        ArticleError: if it cannot be opened.
    """
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD:
            text = f"{name} is locked by a password. Save a copy without one, and add that."
        else:
            text = f"{name} is no PDF that can be read: it is damaged or cut off. Open it elsewhere and save it again."
        raise ArticleError(text) from error


def _read(document: Any) -> _Pages:
    """Returns what all pages hold; a page that is damaged counts as one without text."""
    import pypdfium2
    import pypdfium2.raw as raw

    pages = _Pages()
    for number in range(1, len(document) + 1):
        words: list[Word] = []
        height, has_objects = 1.0, True
        try:
            page = document[number - 1]
            view = view_of(page)
            height = view.height
            text_page = page.get_textpage()
            has_objects = raw.FPDFPage_CountObjects(page.raw) > 0
            if raw.FPDFText_CountChars(text_page.raw) <= MAX_PAGE_CHARACTERS:
                words, hides = without_hidden(words_of(glyphs_of(text_page.raw, view), view), page)
                if hides:
                    pages.hiding.append(number)
            text_page.close()
            page.close()
        except (pypdfium2.PdfiumError, ValueError):
            words = []
        turn = Counter({0: 0})
        for word in words:
            turn[word.turn] += len(word.text)
        main = turn.most_common(1)[0][0]
        if main % 2:
            height = view.width
        # Turned places may lie left of, or above, nought.
        shift = -height if main in (1, 2) else 0.0
        for word in words:
            if word.turn == main and shift:
                word.top, word.bottom, word.base = word.top - shift, word.bottom - shift, word.base - shift
        pages.pieces.append(pieces_of([word for word in words if word.turn == main]))
        pages.turned.append([line for t in turn if t != main for line in pieces_of([w for w in words if w.turn == t])])
        pages.heights.append(height)
        if not words and has_objects:
            pages.empty.append(number)
    return pages


def _paragraphs(pages: _Pages, body_size: float) -> Iterator[Paragraph]:
    """Yields the paragraphs of all pages in the order in which they are read."""
    stamps = Counter(line.text for lines in pages.turned for line in lines)
    for number, pieces in enumerate(without_furniture(pages.pieces, pages.heights), start=1):
        for column in columns_of(pieces):
            yield from paragraphs_of(column, number, body_size)
        for column in columns_of([line for line in pages.turned[number - 1] if stamps[line.text] < 3]):
            for paragraph in paragraphs_of(column, number, body_size):
                paragraph.role = "aside"
                yield paragraph


def _refuse_empty(pages: _Pages, name: str) -> None:
    n = len(pages.pieces)
    if pages.empty:
        raise ArticleError(
            f"{name} has no text on {'its only page' if n == 1 else f'any of its {n:,} pages'}: it is a scan, or made of pictures. "
            "Have its text recognised (OCR) and add the file that this gives."
        )
    raise ArticleError(f"{name} is empty: there is nothing on its pages. Give a PDF with some text.")


def _notes(pages: _Pages) -> Iterator[str]:
    """Yields what a reader should know, a sentence each."""
    if pages.empty:
        one = len(pages.empty) == 1
        yield f"{_numbered(pages.empty)} {'has no text; it may be a scan.' if one else 'have no text; they may be scans.'}"
    if pages.hiding:
        one = len(pages.hiding) == 1
        yield f"{_numbered(pages.hiding)} {'has' if one else 'have'} hidden text, which was left out."


def _numbered(pages: Sequence[int]) -> str:
    """Returns "Page 3", "Pages 3, 4 and 7", or "12 pages from page 3 on" where there are many."""
    if len(pages) == 1:
        return f"Page {pages[0]}"
    if len(pages) > _MAX_NOTED:
        return f"{len(pages):,} pages, the first of them page {pages[0]:,},"
    return f"Pages {', '.join(map(str, pages[:-1]))} and {pages[-1]}"


def _day(value: str) -> date | None:
    found = _DATE.match(value)
    if not found:
        return None
    try:
        day = date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        return None
    return day if day.year >= _MIN_YEAR and day <= datetime.now(UTC).date() else None


def _largest_heading(paragraphs: Sequence[Paragraph]) -> str:
    """Returns the heading in the largest font of the first page, "" if there is none."""
    headings = [p for p in paragraphs if p.role == "heading" and p.page == 1]
    return max(headings, key=lambda p: p.size).text[:300] if headings else ""
