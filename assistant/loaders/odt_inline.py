"""What stands in a paragraph of OpenDocument -> HTML; its notes and boxes are kept for later."""

from __future__ import annotations

import re
from typing import Any

from assistant.loaders.docx_numbers import attribute, child, local, whole
from assistant.loaders.docx_paragraphs import formula
from assistant.loaders.html_writer import raised, written
from assistant.loaders.odt_styles import OdtStyles

_SPACE = re.compile(r"[ \t\r\n]+")
_LEFT_OUT = ("annotation", "annotation-end", "hidden-text", "tracked-changes", "event-listeners", "ruby-text", "forms")
_MAX_SPACES = 100
_MAX_DEPTH = 200  # of spans in one another


class Inline:
    """Reads paragraphs, and keeps what they hold apart.

    Attributes:
        notes: (mark, body) of each note so far.
    """

    def __init__(self, styles: OdtStyles) -> None:
        """Starts with nothing kept."""
        self._styles = styles
        self._boxes: list[Any] = []
        self.notes: list[tuple[str, Any]] = []
        self._known: dict[int, str] = {}

    def taken_boxes(self) -> list[Any]:
        """Returns the text boxes of what was read since the last call."""
        boxes, self._boxes = self._boxes, []
        return boxes

    def html(self, element: Any, keep: bool = False) -> str:
        """Returns HTML of what stands in a paragraph; `keep` its blanks, as in code."""
        parts: list[str] = []
        self._read(element, parts, False, 0)
        text = "".join(parts)
        return text.replace("<br>", "\n") if keep else text

    def _read(self, element: Any, parts: list[str], above: bool, depth: int) -> None:
        self._say(element.text, parts, above)
        for part in element:
            self._part(part, parts, above, depth)
            self._say(part.tail, parts, above)

    def _part(self, part: Any, parts: list[str], above: bool, depth: int) -> None:
        name = local(part)
        if name == "s":
            parts.append(" " * min(max(1, whole(attribute(part, "c"), 1)), _MAX_SPACES))
        elif name == "tab":
            parts.append("\t")
        elif name == "line-break":
            parts.append("<br>")
        elif name == "note":
            parts.append(self._note(part))
        elif name == "frame":
            self._frame(part, parts)
        elif name == "ruby":
            base, over = child(part, "ruby-base"), child(part, "ruby-text")
            if base is not None:
                self._deeper(base, parts, above, depth)
            if over is not None and (over.text or "").strip():
                parts.append(f"({written(over.text)})")
        elif name not in _LEFT_OUT:
            style = attribute(part, "style-name") if name == "span" else ""
            if not (style and self._styles.is_hidden(style)):
                self._deeper(part, parts, above or bool(style and self._styles.is_raised(style)), depth)

    def _deeper(self, part: Any, parts: list[str], above: bool, depth: int) -> None:
        if depth < _MAX_DEPTH:
            self._read(part, parts, above, depth + 1)

    def _say(self, text: str | None, parts: list[str], above: bool) -> None:
        if text:
            plain = _SPACE.sub(" ", text)
            parts.append(raised(plain) if above else written(plain))

    def _note(self, note: Any) -> str:
        """Returns the mark of a note, and keeps its body; one that is met again, as in a table, is the same."""
        if id(note) not in self._known:
            body = child(note, "note-body")
            mark = str(len(self.notes) + 1)
            self._known[id(note)] = mark
            if body is not None:
                self.notes.append((mark, body))
        return f"[{self._known[id(note)]}]"

    def _frame(self, frame: Any, parts: list[str]) -> None:
        box, thing = child(frame, "text-box"), child(frame, "object")
        if box is not None:
            self._boxes.append(box)
            return
        maths = next((part for part in thing if local(part) == "math"), None) if thing is not None else None
        if maths is not None:
            parts.append(written(formula(maths)))
            return
        told = [child(frame, name) for name in ("desc", "title")]
        words = next((part.text for part in told if part is not None and part.text), "")
        parts.append(f" {written(words)} " if words else "")
