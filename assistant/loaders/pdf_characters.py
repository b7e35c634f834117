"""A page of a PDF -> its glyphs, each with its character and the place where it stands on the page as it is shown.

The text that pdfium gives as a whole is not used: its offsets drift from its characters, and a hyphen at a line's end
comes back as something else. Each character is asked for on its own, so that an offset is a place.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

MIN_SIZE = 1.0
"""Of a font, in points on the page: what is smaller cannot be read, and was not meant to be."""

_HYPHENS = (0x02, 0xFFFE, 0xAD)  # what pdfium has for a hyphen at the end of a line, and the soft hyphen
_BULLETS = dict.fromkeys("\uf0b7\uf0a7\uf0d8\uf076\uf0fc\uf0a8\uf06e\uf075", "•")  # as Symbol and Wingdings have them
_INVISIBLE = 3
_FORCE_BOLD = 1 << 18
_NEARLY_WHITE = 245


@dataclass(frozen=True, slots=True)
class Face:
    """What all glyphs of a text object have in common.

    Attributes:
        size: in points, as shown.
        bold: whether its font is.
        turn: quarter turns clockwise that it is read at, 0 to 3; -1 if it stands askew.
        invisible: whether it is drawn with no ink at all, as what OCR lays over a scan.
        white: whether its ink is white or wholly transparent: it may be seen on a dark ground alone.
    """

    size: float
    bold: bool
    turn: int
    invisible: bool
    white: bool


class Glyph(NamedTuple):
    """A character on a page, in points from the upper left corner of the page as it is shown.

    Attributes:
        text: its character, or several where one glyph stands for them; " " for a space; "" for what has none.
        left, top, right, bottom: of its ink.
        x, y: of its origin, which lies on the baseline.
        start, end: from where to where it takes room along its line, its own white space included.
        face: how it is drawn.
        hyphen: whether it is a hyphen that a line was broken at, or may be.
        guessed: whether it is a space that is not in the file, but that pdfium thinks is meant.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    x: float
    y: float
    start: float
    end: float
    face: Face
    hyphen: bool = False
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """From a page's own units to points on the page as it is shown: turned, and cut to what is seen of it.

    Attributes:
        width, height: of the page as shown.
        matrix: (a, b, c, d, e, f): x = a * x + c * y + e, y = b * x + d * y + f.
    """

    width: float
    height: float
    matrix: tuple[float, float, float, float, float, float]

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Returns where a point of the page's own units is seen."""
        a, b, c, d, e, f = self.matrix
        return a * x + c * y + e, b * x + d * y + f


def view_of(page: Any) -> View:
    """Returns how a page of pypdfium2 is shown."""
    import pypdfium2.raw as raw

    width, height = page.get_size()
    fine = 1 << 20  # whole device units are all that is told: many of them

    def seen(x: float, y: float) -> tuple[float, float]:
        across, down = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(page.raw, 0, 0, fine, fine, 0, x, y, across, down)
        return across.value / fine * width, down.value / fine * height

    left, bottom, right, top = page.get_bbox()
    wide, high = max(right - left, 1.0), max(top - bottom, 1.0)
    (e, f), (x1, y1), (x2, y2) = seen(left, bottom), seen(left + wide, bottom), seen(left, bottom + high)
    a, b, c, d = (x1 - e) / wide, (y1 - f) / wide, (x2 - e) / high, (y2 - f) / high
    return View(width, height, (a, b, c, d, e - a * left - c * bottom, f - b * left - d * bottom))


def glyphs_of(text_page: Any, view: View) -> Iterator[Glyph]:
    """Yields the glyphs of a raw text page in the order in which they are drawn.

    Each of a million characters passes here: what is asked for once a text object is kept, and places are worked out in line.
    """
    import pypdfium2.raw as raw

    left, right, bottom, top, x, y = numbers = [ctypes.c_double() for _ in range(6)]
    corners = tuple(ctypes.byref(number) for number in numbers)
    room, (a, b, c, d, e, f) = raw.FS_RECTF(), view.matrix
    last, face, high = None, Face(0, False, 0, False, False), 0
    for at in range(raw.FPDFText_CountChars(text_page)):
        code = raw.FPDFText_GetUnicode(text_page, at)
        if 0xD800 <= code < 0xE000:
            # Half of a character: the first half waits for the second.
            code, high = (0, code) if code < 0xDC00 else (_whole(high, code), 0)
            if high:
                continue
        hyphen = code in _HYPHENS or raw.FPDFText_IsHyphen(text_page, at) == 1
        if not hyphen and raw.FPDFText_IsGenerated(text_page, at) == 1:
            yield Glyph(" ", 0, 0, 0, 0, 0, 0, 0, 0, face, guessed=True)
            continue
        if not raw.FPDFText_GetCharBox(text_page, at, *corners[:4]):
            continue
        raw.FPDFText_GetCharOrigin(text_page, at, *corners[4:])
        drawn_by = raw.FPDFText_GetTextObject(text_page, at)
        address = ctypes.addressof(drawn_by.contents) if drawn_by else None
        if address != last or address is None:
            last, face = address, _face(text_page, at, view)
        p, q, r, s = left.value, right.value, bottom.value, top.value
        x1, x2 = a * p + c * s + e, a * q + c * r + e
        y1, y2 = b * p + d * s + f, b * q + d * r + f
        box = x1 if x1 < x2 else x2, y1 if y1 < y2 else y2, x2 if x1 < x2 else x1, y2 if y1 < y2 else y1
        span = (box[1], box[3]) if face.turn % 2 else (box[0], box[2])
        if raw.FPDFText_GetLooseCharBox(text_page, at, room):
            span = _room(span, face, view.point(room.left, room.top), view.point(room.right, room.bottom))
        p, q = x.value, y.value
        text = "-" if hyphen else _character(code)
        yield Glyph(text, *box, a * p + c * q + e, b * p + d * q + f, *span, face, hyphen or code in (0x2010, 0x2D))


def _whole(high: int, low: int) -> int:
    """Returns the character of two surrogates, 0 where the first is missing."""
    return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00) if high else 0


def _room(
    ink: tuple[float, float], face: Face, one: tuple[float, float], other: tuple[float, float]
) -> tuple[float, float]:
    """Returns what room a glyph takes along its line; that of its ink where what the font tells makes no sense."""
    start, end = sorted((one[face.turn % 2], other[face.turn % 2]))
    far = face.size
    return (start, end) if ink[0] - far < start <= ink[0] + far / 4 and ink[1] - far / 4 <= end < ink[1] + far else ink


def _face(text_page: Any, at: int, view: View) -> Face:
    """Returns how a glyph is drawn."""
    import pypdfium2.raw as raw

    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(text_page, at, matrix)
    a, b, c, d = view.matrix[:4]
    along = (matrix.a * a + matrix.b * c, matrix.a * b + matrix.b * d)
    across = (matrix.c * a + matrix.d * c, matrix.c * b + matrix.d * d)
    size = raw.FPDFText_GetFontSize(text_page, at) * math.hypot(*across)
    degrees = math.degrees(math.atan2(along[1], along[0])) % 360
    turn = round(degrees / 90) % 4 if abs((degrees + 45) % 90 - 45) < 5 else -1
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    raw.FPDFText_GetFillColor(text_page, at, red, green, blue, alpha)
    drawn_by = raw.FPDFText_GetTextObject(text_page, at)
    mode = raw.FPDFTextObj_GetTextRenderMode(drawn_by) if drawn_by else 0
    white = min(red.value, green.value, blue.value) >= _NEARLY_WHITE or alpha.value <= 255 - _NEARLY_WHITE
    return Face(abs(size), _is_bold(text_page, at), turn, mode == _INVISIBLE, white and mode in (0, 4))


def _is_bold(text_page: Any, at: int) -> bool:
    import pypdfium2.raw as raw

    buffer, flags = ctypes.create_string_buffer(128), ctypes.c_int()
    length = raw.FPDFText_GetFontInfo(text_page, at, buffer, 128, flags)
    name = buffer.raw[: max(0, min(length, 128) - 1)].decode("utf-8", "replace")
    # The weight that pdfium tells is made from the width of stems, and is 600 for many a regular font.
    return bool(flags.value & _FORCE_BOLD) or _named_bold(name)


@lru_cache(maxsize=1000)
def _named_bold(name: str) -> bool:
    """Returns whether a font's name says that it is bold; "BX" is what TeX calls it."""
    name = name.rpartition("+")[2].lower()
    return any(word in name for word in ("bold", "black", "heavy", "demi")) or name.startswith(
        ("cmbx", "sfbx", "ecbx", "cmssbx", "lmbx", "nimbusromno9l-medi")
    )


@lru_cache(maxsize=10_000)
def _character(code: int) -> str:
    """Returns the text of a character: " " for every space, two letters for a ligature, "" for what is no text."""
    if not code or code > 0x10FFFF or 0xD800 <= code < 0xE000:
        return ""
    character = chr(code)
    if character.isspace():
        return " "
    if 0xFB00 <= code <= 0xFB06:
        return unicodedata.normalize("NFKC", character)
    category = unicodedata.category(character)
    if category in ("Cc", "Cf", "Co", "Cn", "Cs"):
        # Joiners matter inside words of some scripts; all else of this kind cannot be seen.
        return _BULLETS.get(character, character if code in (0x200C, 0x200D) else "")
    return character
