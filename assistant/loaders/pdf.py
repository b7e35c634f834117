"""PDF -> its text as it is read, with the place of each word on its page."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

from assistant.articles.article import normalise
from assistant.errors import ArticleError
from assistant.loaders.loaded import Loaded
from assistant.loaders.ocr import DPI, INSTALL, MAX_PIXELS, Recogniser, is_installed
from assistant.loaders.pdf_characters import glyphs_of, view_of
from assistant.loaders.pdf_hidden import without_hidden
from assistant.loaders.pdf_reading import Pages, flow_of, largest_heading, notes_of
from assistant.loaders.pdf_words import Word, words_of
from assistant.loaders.properties import sensible_author, sensible_title

MAX_PAGES = 5000
NOTHING_FOUND = "Its letters could not be recognised either: they are too small or faint, or there are none."
MAX_PAGE_CHARACTERS = 200_000
_PASSWORD = 4  # as pdfium numbers its errors
_MIN_YEAR = 1985
_DATE = re.compile(r"(?:D:)?(\d{4})(\d{2})?(\d{2})?")


def load_pdf(data: bytes, name: str) -> Loaded:
    """Returns the text of a PDF, its blocks, the page of each part and the place of each word.

    Raises:
        ArticleError: if it is damaged, locked by a password, too long, or holds no text.
    """
    document = open_pdf(data, name)
    try:
        if len(document) > MAX_PAGES:
            raise ArticleError(f"{name} has {len(document):,} pages, the limit is {MAX_PAGES:,}. Split it.")
        pages = _read(document, name)
        facts = {key: str(value) for key, value in document.get_metadata_dict().items()}
    finally:
        document.close()
    if not any(pages.pieces):
        _refuse_empty(pages, name)
    paragraphs, flow = flow_of(pages)
    title = sensible_title(facts.get("Title", ""), name)
    return Loaded(
        normalise(flow.text),
        title or largest_heading(paragraphs),
        tuple(flow.marks),
        sensible_author(facts.get("Author", "")),
        _day(facts.get("CreationDate", "")),
        (),
        tuple(notes_of(pages)),
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


def _read(document: Any, name: str) -> Pages:
    """Returns what all pages hold; a page that is damaged counts as one without text."""
    import pypdfium2
    import pypdfium2.raw as raw

    pages = Pages()
    recogniser = None
    for number in range(1, len(document) + 1):
        words: list[Word] = []
        sizes, has_objects, has_picture = (1.0, 1.0), True, False
        try:
            page = document[number - 1]
            view = view_of(page)
            sizes = (view.width, view.height)
            text_page = page.get_textpage()
            has_objects = raw.FPDFPage_CountObjects(page.raw) > 0
            has_picture = next(page.get_objects([raw.FPDF_PAGEOBJ_IMAGE], max_depth=2), None) is not None
            if raw.FPDFText_CountChars(text_page.raw) <= MAX_PAGE_CHARACTERS:
                words, hides = without_hidden(words_of(glyphs_of(text_page.raw, view), view), page)
                if hides:
                    pages.hiding.append(number)
            text_page.close()
            page.close()
        except (pypdfium2.PdfiumError, ValueError):
            words = []
        if not words and has_picture and recogniser is None and is_installed():
            recogniser = Recogniser(name)
        is_scan = not words and has_picture and recogniser is not None and recogniser.may_go_on()
        if is_scan and recogniser is not None:
            words = _recognised(document, number, recogniser)
        pages.add(words, sizes, number, has_objects, recognised=is_scan and bool(words))
    return pages


def _recognised(document: Any, number: int, recogniser: Recogniser) -> list[Word]:
    """Returns the words that are seen on the picture of a page, none where it cannot be drawn."""
    import pypdfium2

    try:
        page = document[number - 1]
        width, height = page.get_size()
        scale = min(DPI / 72, (MAX_PIXELS / max(1.0, width * height)) ** 0.5)
        picture = page.render(scale=scale, grayscale=True).to_pil()
        page.close()
    except (pypdfium2.PdfiumError, ValueError):
        return []
    return recogniser.words(picture, width, height)


def _refuse_empty(pages: Pages, name: str) -> None:
    n = len(pages.pieces)
    if pages.empty:
        raise ArticleError(
            f"{name} has no text on {'its only page' if n == 1 else f'any of its {n:,} pages'}: it is a scan, or made of pictures. "
            + (NOTHING_FOUND if is_installed() else f"To have its text recognised (OCR), install it: {INSTALL}")
        )
    raise ArticleError(f"{name} is empty: there is nothing on its pages. Give a PDF with some text.")


def _day(value: str) -> date | None:
    found = _DATE.match(value)
    if not found:
        return None
    try:
        day = date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        return None
    return day if day.year >= _MIN_YEAR and day <= datetime.now(UTC).date() else None
