"""A page of a PDF, or of a picture -> a picture of it, drawn in a process of its own."""

from __future__ import annotations

import json
from typing import Any

from assistant.errors import ArticleError
from assistant.loaders.child_process import Limits, run_in_child
from assistant.loaders.pdf import MAX_PAGES, open_pdf
from assistant.loaders.pictures import draw_picture, is_picture, measure_picture
from assistant.loaders.png import png

MAX_WIDTH = 2000
_MAX_PIXELS = 8_000_000
_LIMITS = Limits(seconds=20.0, megabytes=900, output_megabytes=40)
_NAME = "the article's file"


def render_page(data: bytes, page: int, width: int) -> bytes:
    """Returns a page of a PDF as the bytes of a PNG.

    Args:
        data: the PDF.
        page: from 1.
        width: of the picture in pixels, 1 to MAX_WIDTH; less where the page is very high.

    Raises:
        ArticleError: if there is no such page, or it cannot be drawn.
    """
    wanted = f"{int(page)} {max(1, min(int(width), MAX_WIDTH))}"
    return run_in_child("pdf_pages:draw", data, f"Page {page} of {_NAME}", _LIMITS, wanted)


def page_sizes(data: bytes) -> list[tuple[float, float]]:
    """Returns the width and height of each page as it is shown, in points.

    Raises:
        ArticleError: if the PDF cannot be read.
    """
    try:
        sizes = json.loads(run_in_child("pdf_pages:measure", data, _NAME.capitalize(), _LIMITS))
        return [(float(width), float(height)) for width, height in sizes]
    except (ValueError, TypeError) as error:
        raise ArticleError(f"{_NAME.capitalize()} cannot be shown: its pages have no size.") from error


def draw(data: bytes, wanted: str) -> bytes:
    """Returns the PNG of a page; `wanted` is its number and the width in pixels. For the other process."""
    page, width = map(int, wanted.split())
    if is_picture(data):
        return draw_picture(data, _NAME, page, width)
    document = open_pdf(data, _NAME)
    if not 1 <= page <= len(document):
        raise ArticleError(f"There is no page {page}: the article's file has {len(document):,}.")
    shown = _page(document, page)
    wide, high = shown.get_size()
    scale = min(width / max(wide, 1.0), (_MAX_PIXELS / max(wide * high, 1.0)) ** 0.5)
    # Red first, three bytes a pixel: as a PNG has it.
    bitmap = shown.render(scale=scale, rev_byteorder=True, prefer_bgrx=False)
    return png(bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer))


def measure(data: bytes, _: str) -> bytes:
    """Returns the sizes of all pages as JSON. For the other process."""
    if is_picture(data):
        return json.dumps(measure_picture(data, _NAME)).encode()
    document = open_pdf(data, _NAME)
    sizes = [document.get_page_size(n) for n in range(min(len(document), MAX_PAGES))]
    return json.dumps([[round(width, 2), round(height, 2)] for width, height in sizes]).encode()


def _page(document: Any, number: int) -> Any:
    import pypdfium2

    try:
        return document[number - 1]
    except pypdfium2.PdfiumError as error:
        raise ArticleError(f"Page {number} cannot be drawn: it is damaged.") from error
