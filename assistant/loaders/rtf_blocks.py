"""The paragraphs and tables of RTF -> HTML: rows of cells are told by words between them, headings by styles."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from assistant.loaders.html_writer import MAX_CELLS, HtmlCell, item, paragraph, raised, table, written
from assistant.loaders.tables import MAX_COLUMNS

_HEADING = "heading "
_QUOTES = ("quote", "intense quote", "quotations", "block text")
_CODE = ("html preformatted", "preformatted text", "source code", "plain text code", "code")
_BULLETS = ("•", "-", "–", "—", "o", "", "*", "·", "◦", "▪")
_TYPED = re.compile(r"\s*([•◦▪–—*·-]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{2,5})[.)])\t")
_PLACES = {"clmgf": "first", "clmrg": "right", "clvmgf": "first", "clvmrg": "below"}


@dataclass(slots=True)
class _Format:
    """What a paragraph's properties tell.

    Attributes:
        style: its number.
        level: of a heading, 0 for none.
        depth: of an item, how many lists it is in, less one.
        in_table: whether it is in a cell.
        left, first: how far it is set in, and its first line besides, in twentieths of a point.
    """

    style: int = 0
    level: int = 0
    depth: int = 0
    in_table: bool = False
    left: int = 0
    first: int = 0


@dataclass(slots=True)
class _Flow:
    """A text or a note: its HTML so far, and the paragraph that is open."""

    parts: list[str] = field(default_factory=list)
    inner: list[str] = field(default_factory=list)
    format: _Format = field(default_factory=_Format)
    marker: list[str] | None = None


class RtfBlocks:
    """Puts the HTML of a file together from its words and characters."""

    def __init__(self) -> None:
        """Starts with nothing."""
        self._main = self._flow = _Flow()
        self._notes: list[str] = []
        self._levels: dict[int, int] = {}
        self._roles: dict[int, str] = {}
        self._style, self._style_level, self._style_name = 0, 0, ""
        self._rows: list[list[HtmlCell]] = []
        self._row: list[str] = []
        self._merged: list[str] = []  # how each cell of the row is merged with others
        self._coming = ""  # said before the edge of its cell
        self._n_head = self._n_cells = 0
        self._is_head = False
        self._above: dict[int, tuple[int, int]] = {}  # by column, the row and place of the cell that reaches down

    def text(self, text: str, above: bool) -> None:
        """Takes in characters."""
        self._flow.inner.append(raised(text) if above else written(text))

    def marker_text(self, text: str) -> None:
        """Takes in characters of what stands before an item."""
        self._flow.marker = [*(self._flow.marker or []), text]

    def word(self, word: str, number: int | None) -> None:
        """Takes in a control word of the text."""
        flow = self._flow
        if word == "par" or word in ("sect", "page", "column"):
            self.end_paragraph()
        elif word == "pard":
            flow.format = _Format()
        elif word == "s":
            flow.format.style = number or 0
            flow.format.level = self._levels.get(number or 0, flow.format.level)
        elif word == "outlinelevel":
            flow.format.level = (number or 0) + 1 if (number or 0) < 9 else 0
        elif word in ("ilvl", "pnlvl"):
            flow.format.depth = number or 0
        elif word == "li":
            flow.format.left = number or 0
        elif word == "fi":
            flow.format.first = number or 0
        elif word == "intbl":
            flow.format.in_table = True
        elif word == "trowd":
            self._merged, self._coming, self._is_head = [], "", False
        elif word == "trhdr":
            self._is_head = True
        elif word in _PLACES:
            self._coming = _PLACES[word]
        elif word == "cellx":
            if len(self._merged) < MAX_COLUMNS:
                self._merged.append(self._coming)
            self._coming = ""
        elif word in ("cell", "nestcell"):
            self._end_cell(word == "nestcell")
        elif word == "row":
            self._end_row()
        elif word == "chftn":
            flow.inner.append(f"[{len(self._notes) + 1}]" if flow is self._main else "")

    def begin_note(self) -> None:
        """A footnote begins; its mark stands in the text already, or is not counted."""
        if self._flow is self._main:
            mark = f"[{len(self._notes) + 1}]"
            # The sign of the mark is written before the note, or only meant.
            if mark not in "".join(self._main.inner[-2:]):
                self._main.inner.append(mark)
            self._flow = _Flow()

    def end_note(self) -> None:
        """The footnote has ended."""
        if self._flow is not self._main:
            self._close(self._flow)
            self._notes.append(item("".join(self._flow.parts), f"[{len(self._notes) + 1}]", 0))
            self._flow = self._main

    def end_paragraph(self) -> None:
        """A paragraph has ended; the next is like it until something else is said."""
        flow = self._flow
        if flow is self._main and flow.format.in_table:
            flow.inner.append("<br><br>")  # inside a cell
            return
        if flow is self._main:
            self._end_table()
        self._close(flow)

    def end(self) -> None:
        """The file has ended."""
        self.end_note()
        if self._row:
            self._end_row()
        self._end_table()
        self._close(self._main)

    def html(self) -> str:
        """Returns the HTML of all, notes at the end."""
        return "".join([*self._main.parts, *self._notes])

    def style_word(self, word: str, number: int | None) -> None:
        """Takes in a word of the table of styles."""
        if word == "s":
            self._style, self._style_level, self._style_name = number or 0, 0, ""
        elif word == "outlinelevel":
            self._style_level = (number or 0) + 1 if (number or 0) < 9 else 0

    def style_name(self, text: str) -> None:
        """Takes in the name of a style, which ends what is told of it."""
        self._style_name += text
        if not text.rstrip().endswith(";"):
            return
        name = self._style_name.strip(" ;\r\n").lower()
        level = name.removeprefix(_HEADING)
        if name.startswith(_HEADING) and level in "123456789" and level:
            self._style_level = int(level)
        if name == "title":
            self._style_level = 1
        if self._style_level:
            self._levels[self._style] = self._style_level
        role = "blockquote" if name in _QUOTES else "pre" if name in _CODE else ""
        if role:
            self._roles[self._style] = role
        self._style, self._style_level, self._style_name = 0, 0, ""

    def _close(self, flow: _Flow) -> None:
        inner, marker = "".join(flow.inner), flow.marker
        flow.inner, flow.marker = [], None
        if not inner.strip():
            return
        label = "".join(marker or []).strip()
        told = flow.format
        typed = _TYPED.match(inner) if marker is None and told.first < 0 and not told.level else None
        if typed:
            # A dash or a number that hangs out before a tab, as programs without lists write them.
            label, inner, marker = typed[1], inner[typed.end() :], []
            told.depth = max(0, round(told.left / -told.first) - 1)
        role = self._roles.get(told.style, "p")
        if told.level:
            flow.parts.append(paragraph(f"{written(label)} {inner}" if label else inner, told.level))
        elif marker is not None:
            flow.parts.append(item(inner, "" if label in _BULLETS else label, told.depth))
        elif role == "pre" and flow.parts and flow.parts[-1].endswith("</pre>"):
            flow.parts[-1] = flow.parts[-1].removesuffix("</pre>")
            flow.parts.append(f"\n{inner.replace('<br>', chr(10))}</pre>")
        else:
            flow.parts.append(paragraph(inner.replace("<br>", "\n") if role == "pre" else inner, tag=role))

    def _end_cell(self, is_nested: bool) -> None:
        if self._flow is not self._main:
            return
        inner = "".join(self._main.inner)
        if is_nested:
            self._main.inner.append("<br><br>")
            return
        self._main.inner, self._main.marker = [], None
        if len(self._row) < MAX_COLUMNS and self._n_cells < MAX_CELLS:
            self._row.append(inner)
            self._n_cells += 1

    def _end_row(self) -> None:
        """Closes a row; where its cells are merged is told before them or behind them."""
        merged = [*self._merged, *[""] * len(self._row)]
        cells: list[HtmlCell] = []
        for column, inner in enumerate(self._row):
            how = merged[column]
            if how == "right" and cells:
                cells[-1] = replace(cells[-1], columns=cells[-1].columns + 1)
            elif how == "below" and column in self._above:
                row, at = self._above[column]
                above = self._rows[row][at]
                self._rows[row][at] = replace(above, rows=above.rows + 1)
            else:
                self._above[column] = (len(self._rows), len(cells))
                cells.append(HtmlCell("".join(paragraph(part) for part in inner.split("<br><br>"))))
        self._n_head += self._is_head and self._n_head == len(self._rows)
        self._rows.append(cells)
        self._row = []

    def _end_table(self) -> None:
        if self._row:
            self._end_row()
        if self._rows:
            self._main.parts.append(table(self._rows, self._n_head))
        self._rows, self._above, self._n_head = [], {}, 0
