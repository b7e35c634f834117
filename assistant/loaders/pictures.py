"""Pictures of pages (PNG, JPEG, TIFF) -> their text, where the extra `ocr` is installed; and the pictures as pages."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from assistant.articles.article import normalise
from assistant.errors import ArticleError
from assistant.loaders.loaded import Loaded
from assistant.loaders.ocr import INSTALL, MAX_PAGES, MAX_PIXELS, Recogniser, is_installed
from assistant.loaders.pdf_reading import Pages, flow_of, largest_heading, notes_of
from assistant.loaders.png import png

if TYPE_CHECKING:
    from PIL.Image import Image

_KINDS = ("PNG", "JPEG", "TIFF")
_BEGINNINGS = (b"\x89PNG", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*")
_MAX_GIVEN_PIXELS = 120_000_000  # of a picture before it is made smaller
_DPI = (70, 1200)  # what a picture says of itself is believed within
_PAGE_INCHES = 8.27  # the width that a page without a believable resolution is taken to have


def load_picture(data: bytes, name: str) -> Loaded:
    """Returns the text that is recognised on the pages of a picture, and the place of each word on them.

    Raises:
        ArticleError: if the extra is not installed, it is no picture, too large, or no text is found.
    """
    if not is_installed():
        raise ArticleError(f"{name} is a picture. To have its text recognised (OCR), install it: {INSTALL}")
    recogniser = Recogniser(name)
    pages = Pages()
    for number, picture in enumerate(_frames(data, name), start=1):
        width, height = size_of(picture)
        grey = picture.convert("L")
        if not recogniser.may_go_on():
            pages.add([], (width, height), number, has_objects=True)
            continue
        words = recogniser.words(_reduced(grey), width, height)
        pages.add(words, (width, height), number, has_objects=True, recognised=bool(words))
    if not any(pages.pieces):
        raise ArticleError(
            f"No text was found in {name}: it is no picture of a page, or its letters are too small or faint."
        )
    paragraphs, flow = flow_of(pages)
    return Loaded(
        normalise(flow.text), largest_heading(paragraphs), tuple(flow.marks), notes=tuple(notes_of(pages)),
        blocks=tuple(flow.blocks), words=tuple(flow.words),
    )  # fmt: skip


def is_picture(data: bytes) -> bool:
    """Returns whether a file begins as a picture of a kind that is read does."""
    return data.startswith(_BEGINNINGS)


def draw_picture(data: bytes, name: str, page: int, width: int) -> bytes:
    """Returns a page of a picture as a PNG of a width in pixels. Raises ArticleError as `load_picture`."""
    for number, picture in enumerate(_frames(data, name), start=1):
        if number == page:
            high = max(1, round(picture.height * width / picture.width))
            shown = picture.convert("RGB").resize((width, min(high, 4 * width)))
            return png(shown.width, shown.height, 3 * shown.width, shown.tobytes())
    raise ArticleError(f"There is no page {page} in {name}.")


def measure_picture(data: bytes, name: str) -> list[tuple[float, float]]:
    """Returns the width and height of each page of a picture in points. Raises ArticleError as `load_picture`."""
    return [size_of(picture) for picture in _frames(data, name)]


def size_of(picture: Image) -> tuple[float, float]:
    """Returns the width and height of a picture in points, by the resolution that it tells, if it can be true."""
    told: Any = picture.info.get("dpi")
    try:
        dpi = float(told[0])
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        dpi = 0.0
    if not _DPI[0] < dpi < _DPI[1]:
        dpi = picture.width / _PAGE_INCHES
    return picture.width * 72 / dpi, picture.height * 72 / dpi


def _frames(data: bytes, name: str) -> Iterator[Image]:
    """Yields the pages of a picture, turned as they are seen."""
    from PIL import ImageOps, ImageSequence

    with _opened(data, name) as picture:
        for number, frame in enumerate(ImageSequence.Iterator(picture)):
            if number == MAX_PAGES:
                return
            if frame.width * frame.height > _MAX_GIVEN_PIXELS:
                raise ArticleError(f"{name} is too large: {frame.width:,} by {frame.height:,} pixels. Make it smaller.")
            yield ImageOps.exif_transpose(frame)


@contextmanager
def _opened(data: bytes, name: str) -> Iterator[Image]:
    import warnings

    from PIL import Image, UnidentifiedImageError

    damaged = f"{name} is no PNG, JPEG or TIFF that can be read: it is damaged or cut off."
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of sizes, which are looked at here, and of tags that nobody needs
            with Image.open(io.BytesIO(data), formats=_KINDS) as picture:
                yield picture
    except ArticleError:
        raise
    except (UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise ArticleError(damaged) from error
    except Exception as error:  # Pillow's readers raise many kinds
        raise ArticleError(damaged) from error


def _reduced(picture: Image) -> Image:
    """Returns a picture of at most so many pixels as are recognised."""
    share = (MAX_PIXELS / (picture.width * picture.height)) ** 0.5
    if share >= 1:
        return picture
    return picture.resize((max(1, round(picture.width * share)), max(1, round(picture.height * share))))
