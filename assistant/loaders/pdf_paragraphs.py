"""Lines of a column -> paragraphs, headings and items, told by gaps, indents, line ends and fonts."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Literal

from assistant.loaders.pdf_columns import Column
from assistant.loaders.pdf_lines import Line, has_leaders, marker_of
from assistant.loaders.pdf_tables import Row, with_rows
from assistant.loaders.pdf_words import SUPERSCRIPTS, Word

_SAME_SIZE = 0.07
_WIDE_LEADING = 1.3  # of the usual distance between lines: a paragraph ends
_INDENT = 0.7  # of the font's size
_LARGER = 1.09  # than the body: a heading
_SMALLER = 0.93  # than the body: a footnote
_MAX_HEADING = 200
_NOTE_MARK = re.compile(r"[*†‡§¶]{1,3}|\d{1,3}")
_CAPTION = re.compile(
    r"(?:figure|fig\.|table|tab\.|abbildung|abb\.|tabelle|plate|chart|box) ?[\dIVXA-Z][\d.]{0,5}[.:|–—]", re.IGNORECASE
)

Role = Literal["text", "heading", "item", "row", "note", "aside"]


@dataclass(slots=True, eq=False)
class Paragraph:
    """Lines that belong together.

    Attributes:
        lines: from above to below, over columns and pages once these are joined.
        page: from 1, of the first line.
        role: what it is.
        size, bold: of its font.
        full: whether its last line reaches the end of its column, so that it may go on in the next one.
        indented: whether its first line is.
        last: whether it is the last of its column, notes aside.
        pages: of each line.
        cells: of a row, with the names of their columns.
    """

    lines: list[Line]
    page: int
    role: Role
    size: float
    bold: bool
    full: bool = False
    indented: bool = False
    last: bool = False
    pages: list[int] = field(default_factory=list)
    cells: tuple[tuple[str, tuple[Word, ...]], ...] = ()

    @property
    def text(self) -> str:
        """The words of its lines, hyphens as they stand."""
        return " ".join(line.text for line in self.lines)


def body_size_of(pages: Sequence[Sequence[Line]]) -> float:
    """Returns the size of font that most characters have, in points."""
    counts: Counter[float] = Counter()
    for pieces in pages:
        for piece in pieces:
            counts[round(piece.size * 4) / 4] += len(piece.text)
    return counts.most_common(1)[0][0] if counts else 10.0


def ends_sentence(text: str) -> bool:
    """Returns whether a text ends with a full stop or the like, closing marks aside."""
    tail = text[-8:].rstrip("\"'”’»)]⁰¹²³⁴⁵⁶⁷⁸⁹ ")
    return tail[-1:] in tuple(".!?…:;。！？")


def paragraphs_of(column: Column, page: int, body_size: float) -> list[Paragraph]:
    """Returns the paragraphs of a column's lines, in order."""
    made: list[Paragraph] = []
    plain: list[Line] = []
    for part in [*with_rows(column.lines), None]:
        if isinstance(part, Line):
            plain.append(part)
            continue
        for chunk in _chunks(plain):
            right = _right_edge(chunk)
            made += [_paragraph(lines, page, right, body_size) for lines in _split(chunk, right, body_size)]
        plain = []
        if isinstance(part, Row):
            made.append(_row(part, page))
    _find_notes(made, body_size)
    body = [paragraph for paragraph in made if paragraph.role != "note"]
    if body:
        body[-1].last = True
    return made


def _row(row: Row, page: int) -> Paragraph:
    lines = list(row.lines)
    return Paragraph(lines, page, "row", lines[0].size, lines[0].bold, pages=[page] * len(lines), cells=row.cells)


def _chunks(lines: Sequence[Line]) -> list[list[Line]]:
    """Returns lines of one font that follow one another at one distance."""
    leadings = [
        (b.base - a.base) / max(a.size, b.size)
        for a, b in itertools.pairwise(lines)
        if _alike(a, b) and 0 < b.base - a.base < 2.5 * max(a.size, b.size)
    ]
    usual = min(median(leadings), 1.9) if leadings else 1.3
    chunks: list[list[Line]] = []
    distance = 0.0  # between the lines of the chunk so far
    for line in lines:
        last = chunks[-1][-1] if chunks else None
        gap = line.base - last.base if last else 0.0
        limit = _WIDE_LEADING * (distance or usual * line.size)
        if last and _alike(last, line) and gap <= max(limit, (distance or usual * line.size) + 2) and gap > 0:
            distance = min(distance, gap) if distance else gap if gap <= usual * line.size * _WIDE_LEADING else 0.0
            chunks[-1].append(line)
        else:
            chunks.append([line])
            distance = 0.0
    return chunks


def _alike(one: Line, other: Line) -> bool:
    """Returns whether two lines may be of one paragraph by their fonts."""
    same_size = abs(one.size - other.size) <= _SAME_SIZE * max(one.size, other.size)
    return same_size and not (_all_bold(one) != _all_bold(other) and (_no_bold(one) or _no_bold(other)))


def _all_bold(line: Line) -> bool:
    return all(word.bold for word in line.words)


def _no_bold(line: Line) -> bool:
    return not any(word.bold for word in line.words)


def _right_edge(chunk: Sequence[Line]) -> float:
    """Returns where lines of a chunk end: where half of them do, else the farthest."""
    rights = Counter(round(line.right) for line in chunk)
    place, n = rights.most_common(1)[0]
    near = n + rights[place - 1] + rights[place + 1]
    return place + 1.0 if near * 2 >= len(chunk) > 2 else max(line.right for line in chunk)


def _split(chunk: Sequence[Line], right: float, body_size: float) -> list[list[Line]]:
    """Returns the lines of each paragraph of a chunk."""
    groups: list[list[Line]] = []
    heading = _is_large(chunk[0], body_size) or _all_bold(chunk[0])
    for at, line in enumerate(chunk):
        after = chunk[at + 1] if at + 1 < len(chunk) else None
        if not groups or _begins(groups[-1], line, after, right, heading):
            groups.append([line])
        else:
            groups[-1].append(line)
    return groups


def _begins(group: Sequence[Line], line: Line, after: Line | None, right: float, heading: bool) -> bool:
    """Returns whether a line begins a new paragraph after those of `group`."""
    last, size = group[-1], line.size
    stopped = ends_sentence(last.text)
    lower = line.text[:1].islower()
    hyphen = last.words[-1].hyphen
    if has_leaders(last):
        return True
    if hyphen and lower:
        return False
    short = last.right + 0.3 * size + (line.words[0].right - line.words[0].left) + 0.4 * size < right
    hanging = after is not None and after.left > line.left + _INDENT * size
    if marker_of(line) == "bullet" and (line.words[0].text not in "*–—-" or short or stopped or hanging):
        return True
    number = marker_of(line) == "number"
    if number and (short or (hanging and (stopped or marker_of(group[0])))):
        return True
    if number and heading and len(line.words) > 1:
        return True
    if heading:
        return False
    if short and (stopped or not lower):
        return True
    item = marker_of(group[0])
    text_left = group[0].words[1].left if item and len(group[0].words) > 1 else group[0].left
    if item and len(group) == 1 and abs(line.left - text_left) < 0.5 * size:
        return False
    indent = line.left - last.left
    if indent > _INDENT * size and not lower and (stopped or short):
        return after is None or after.left < line.left - 0.5 * _INDENT * size
    # Back to the left edge, after lines that hang under the first one.
    return -indent > _INDENT * size and len(group) > 1 and not lower and group[0].left < last.left


def _paragraph(lines: list[Line], page: int, right: float, body_size: float) -> Paragraph:
    first, last = lines[0], lines[-1]
    bold = all(_all_bold(line) for line in lines)
    text = " ".join(line.text for line in lines)
    role: Role = "text"
    letters = any(character.isalpha() for character in text)
    if len(text) <= _MAX_HEADING and letters and _is_heading(lines, text, bold, body_size):
        role = "heading"
    elif marker_of(first) and (letters or len(text) > 3):
        role = "item"
    elif _CAPTION.match(text):
        role = "aside"
    full = last.right > right - 3.5 * last.size or last.words[-1].hyphen
    indented = len(lines) > 1 and first.left > lines[1].left + _INDENT * first.size
    return Paragraph(
        lines, page, role, median(line.size for line in lines), bold, full, indented, pages=[page] * len(lines)
    )


def _is_large(line: Line, body_size: float) -> bool:
    return line.size > _LARGER * body_size


def _is_heading(lines: Sequence[Line], text: str, bold: bool, body_size: float) -> bool:
    """Returns whether lines are a heading: of a larger font, or bold and short without a full stop."""
    if text[-1] in ",;" or text[0].islower() or _CAPTION.match(text):
        return False
    if all(_is_large(line, body_size) for line in lines):
        return len(lines) <= 4
    return bold and len(lines) <= 2 and not text.endswith(".") and lines[0].size >= 0.95 * body_size


def _find_notes(paragraphs: Sequence[Paragraph], body_size: float) -> None:
    """Makes notes of the small paragraphs at the foot of a column, from the first that begins with a mark on."""
    at = len(paragraphs)
    while at and paragraphs[at - 1].size < _SMALLER * body_size and paragraphs[at - 1].role in ("text", "item"):
        at -= 1
    begun = False
    for paragraph in paragraphs[at:]:
        first = paragraph.lines[0].words[0].text
        raised = all(character in SUPERSCRIPTS for character in first)
        begun = begun or (at > 0 and (raised or bool(_NOTE_MARK.fullmatch(first)) or first[0] in "*†‡"))
        if begun:
            paragraph.role = "note"
