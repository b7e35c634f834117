"""Glyphs -> words.

From here on places are those of a page turned so that its text reads from left to right; where a word stands on the page
as it is shown goes along as its box.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.loaders.pdf_characters import MIN_SIZE, Glyph, View

WORD_GAP = 0.18  # of the font's size: a wider gap parts words where no space is drawn
_TOUCHING = 0.05
_GUESSED_GAP = 0.1  # the same, where pdfium thinks so too
_RAISED = 0.15
SMALLER = 0.88  # of the size of what stands before it: an index or a power
_SUPERSCRIPT = str.maketrans("0123456789+-−=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾")
SUPERSCRIPTS = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾")
_ACCENTS = dict(
    zip("´`ˆ¨˜¸ˇ˚¯˙˘˝", "\u0301\u0300\u0302\u0308\u0303\u0327\u030c\u030a\u0304\u0307\u0306\u030b", strict=True)
)


@dataclass(slots=True, eq=False)
class Word:
    """A word, or what a line has of it.

    Attributes:
        text: in NFC, no white space.
        left, top, right, bottom, base: in points, as the page is read; `base` is the baseline.
        box: left, top, right and bottom in shares of the page as it is shown.
        size: of its largest glyph, in points.
        bold: whether all of it is.
        hyphen: whether it ends with a hyphen that may only mark a broken line.
        hidden: 1 if it is drawn with no ink, 2 if with white ink.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    base: float
    box: tuple[float, float, float, float]
    size: float
    bold: bool
    hyphen: bool = False
    hidden: int = 0
    turn: int = 0


def words_of(glyphs: Iterable[Glyph], view: View) -> list[Word]:
    """Returns the words of a page in the order in which they are drawn, without what lies outside of it or askew."""
    words: list[Word] = []
    seen: dict[str, Word] = {}
    for run in _runs(glyphs):
        for part in _parted(run):
            word = _word(part, view)
            if word is None:
                continue
            # Bold may be made by drawing a word twice.
            twin = seen.get(word.text)
            if twin and abs(twin.left - word.left) < word.size / 4 and abs(twin.base - word.base) < word.size / 4:
                continue
            seen[word.text] = word
            words.append(word)
    return words


def _runs(glyphs: Iterable[Glyph]) -> Iterator[list[Glyph]]:
    """Yields glyphs that follow one another closely, with no space between."""
    run: list[Glyph] = []
    gap = WORD_GAP
    for glyph in glyphs:
        if glyph.guessed:
            gap = _GUESSED_GAP
            continue
        if glyph.text == " ":
            if run:
                yield run
            run = []
            continue
        if not glyph.text or glyph.face.size < MIN_SIZE:
            continue
        if run and not _follows(run[-1], glyph, gap):
            yield run
            run = []
        run.append(glyph)
        gap = WORD_GAP
    if run:
        yield run


def _follows(last: Glyph, glyph: Glyph, gap: float) -> bool:
    size = max(last.face.size, glyph.face.size)
    if last.face.turn != glyph.face.turn or last.face.invisible != glyph.face.invisible:
        return False
    apart = max(glyph.start - last.end, last.start - glyph.end)
    shift = abs(glyph.x - last.x) if glyph.face.turn % 2 else abs(glyph.y - last.y)
    # Touching glyphs may be lowered, as the E of TeX's own name is.
    most = 0.65 if last.face.size != glyph.face.size else 0.35 if apart < _TOUCHING * size else 0.1
    return apart <= gap * size and shift <= most * size


def _parted(run: list[Glyph]) -> Iterator[list[Glyph]]:
    """Yields a run whole, or a raised mark before a word apart from it."""
    if all(glyph.face is run[0].face for glyph in run):
        yield run
        return
    size = max(glyph.face.size for glyph in run)
    at = 0
    while at < len(run) and run[at].face.size < SMALLER * size and not run[at].text.isalpha():
        at += 1
    if 0 < at < len(run) and _height(run[at]) - _height(run[0]) > _RAISED * size:
        yield run[:at]
        run = run[at:]
    yield run


def _height(glyph: Glyph) -> float:
    """Returns how far down the baseline of a glyph lies, as it is read."""
    return (glyph.y, -glyph.x, -glyph.y, glyph.x)[glyph.face.turn]


def _word(run: Sequence[Glyph], view: View) -> Word | None:
    """Returns the word of a run of glyphs, None where it cannot be seen or is no text."""
    main = max(run, key=lambda glyph: glyph.face.size)
    face, base = main.face, _height(main)
    text = _text(run, main)
    left, top = min(g.left for g in run), min(g.top for g in run)
    right, bottom = max(g.right for g in run), max(g.bottom for g in run)
    across, down = (left + right) / 2, (top + bottom) / 2
    if not text or face.turn < 0 or not (0 <= across <= view.width and 0 <= down <= view.height):
        return None
    turned = (
        (left, top, right, bottom),
        (top, -right, bottom, -left),
        (-right, -bottom, -left, -top),
        (-bottom, left, -top, right),
    )[face.turn]
    box = (left / view.width, top / view.height, right / view.width, bottom / view.height)
    shares = tuple(round(min(1.0, max(0.0, share)), 5) for share in box)
    hidden = 1 if face.invisible else 2 if face.white else 0
    bold = all(glyph.face.bold for glyph in run)
    return Word(text, *turned, base, shares, face.size, bold, run[-1].hyphen, hidden, face.turn)  # type: ignore[arg-type]


def _text(run: Sequence[Glyph], main: Glyph) -> str:
    """Returns the characters of a run: powers raised, accents that are drawn apart put on their letters."""
    plain = "".join([glyph.text for glyph in run])
    if plain.isascii() and plain.isalpha() and all(glyph.face is main.face for glyph in run):
        return plain
    parts: list[str] = []
    accent = ""
    for at, glyph in enumerate(run):
        text = glyph.text
        if text in _ACCENTS and len(run) > 1:
            neighbours = [n for n in (at + 1, at - 1) if 0 <= n < len(run) and _covers(run[n], glyph)]
            if neighbours and neighbours[0] > at:
                accent = _ACCENTS[text]
                continue
            if neighbours:
                text = _ACCENTS[text]
        smaller = glyph.face.size < SMALLER * main.face.size
        if (smaller and _height(main) - _height(glyph) > _RAISED * main.face.size) or _is_drawn_raised(glyph):
            text = text.translate(_SUPERSCRIPT)
        parts.append(text + accent)
        accent = ""
    return unicodedata.normalize("NFC", "".join(parts)).lstrip("\u0300\u0301\u0302\u0303\u0308\u0327")


def _is_drawn_raised(glyph: Glyph) -> bool:
    """Returns whether the font itself has a digit raised: its ink ends well above the baseline."""
    return glyph.face.turn == 0 and glyph.text.isdecimal() and glyph.y - glyph.bottom > _RAISED * glyph.face.size


def _covers(letter: Glyph, accent: Glyph) -> bool:
    """Returns whether an accent stands over (or under) a letter."""
    shared = min(letter.right, accent.right) - max(letter.left, accent.left)
    return letter.text.isalpha() and shared > 0.6 * (accent.right - accent.left)
