"""Words that nobody sees: laid under a page, or white on white. They are left out, since a reader could not check them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assistant.loaders.pdf_words import Word

_WITHOUT_INK, _WHITE = 1, 2
_SCALE = 1.5  # pixels a point that a page is drawn at to see whether white words show
_LEAST_CONTRAST = 24  # of 255
_MAX_PIXELS = 12_000_000


def without_hidden(words: Sequence[Word], page: Any) -> tuple[list[Word], bool]:
    """Returns the words of a page that can be seen, and whether there were others.

    Words without ink are what OCR lays over the picture of a page: they stay where they are most of its text.
    """
    without_ink = sum(len(word.text) for word in words if word.hidden == _WITHOUT_INK)
    shown = sum(len(word.text) for word in words if word.hidden != _WITHOUT_INK)
    keep_inkless = without_ink > shown
    kept = [word for word in words if word.hidden != _WITHOUT_INK or keep_inkless]
    if any(word.hidden == _WHITE for word in kept):
        shows = _Picture(page)
        kept = [word for word in kept if word.hidden != _WHITE or shows.ink_in(word.box)]
    return kept, len(kept) < len(words)


class _Picture:
    """A page drawn in grey."""

    def __init__(self, page: Any) -> None:
        width, height = page.get_size()
        scale = min(_SCALE, (_MAX_PIXELS / max(1.0, width * height)) ** 0.5)
        bitmap = page.render(scale=scale, grayscale=True)
        self._width, self._height, self._stride = bitmap.width, bitmap.height, bitmap.stride
        self._pixels = bytes(bitmap.buffer)
        bitmap.close()

    def ink_in(self, box: tuple[float, float, float, float]) -> bool:
        """Returns whether anything can be told from the ground inside a box, given in shares of the page."""
        left, right = int(box[0] * self._width), min(self._width, int(box[2] * self._width) + 1)
        top, bottom = int(box[1] * self._height), min(self._height, int(box[3] * self._height) + 1)
        rows = [self._pixels[y * self._stride + left : y * self._stride + right] for y in range(top, bottom)]
        values = b"".join(rows)
        return bool(values) and max(values) - min(values) >= _LEAST_CONTRAST
