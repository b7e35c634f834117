"""What the styles of OpenDocument tell: headings, quotes, code, and the numbers of lists, which are counted here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from assistant.loaders.docx_numbers import attribute, child, local, whole
from assistant.loaders.list_numbers import written_number

MAX_LEVELS = 10
_MAX_STYLES = 30  # based on one another
_KEPT_STYLES = {
    "Title": "title", "Quotations": "quote", "Quote": "quote", "BlockText": "quote", "Block_20_Text": "quote",
    "Preformatted_20_Text": "code", "Source_20_Text": "code", "Source_20_Code": "code", "Table_20_Heading": "head",
}  # fmt: skip


@dataclass(slots=True)
class ListNumbers:
    """A list's style, and how far each of its levels has been counted."""

    style: str
    counts: list[int | None] = field(default_factory=lambda: [None] * MAX_LEVELS)


class OdtStyles:
    """The styles of a document by name; counts its lists and headings, asked in the order of the text."""

    def __init__(self, *roots: Any | None) -> None:
        """Stores the styles of parts, those of later ones before those of earlier ones."""
        self._styles: dict[str, Any] = {}
        self._lists: dict[str, list[Any]] = {}
        self._outline: list[Any] = []
        for part in (part for root in roots if root is not None for part in root.iter()):
            name = local(part)
            if name == "style" and attribute(part, "family") in ("paragraph", "text"):
                self._styles[attribute(part, "name")] = part
            elif name == "list-style":
                self._lists[attribute(part, "name")] = list(part)
            elif name == "outline-style":
                self._outline = list(part)
        self._headings = ListNumbers("")
        self._begun: dict[str, ListNumbers] = {}  # by id of the list, and the last of each style

    def role(self, style: str) -> str:
        """Returns "title", "quote", "code" or "head" (of a column) for a paragraph's style, or one that it is based on; else ""."""
        names = (style, *(name for name, _ in self._line(style)))  # its own need not be written down
        return next((_KEPT_STYLES[name] for name in names if name in _KEPT_STYLES), "")

    def heading_level(self, element: Any) -> int:
        """Returns the level of a heading, 0 for any other paragraph."""
        if local(element) == "h":
            return max(1, whole(attribute(element, "outline-level"), 1))
        style = attribute(element, "style-name")
        if self.role(style) == "title":
            return 1
        levels = (attribute(found, "default-outline-level") for _, found in self._line(style))
        return whole(next(filter(None, levels), ""), 0)

    def heading_number(self, element: Any, level: int) -> str:
        """Returns the number of a heading as its document shows it, "" if it has none."""
        if local(element) != "h" or attribute(element, "is-list-header") == "true" or level > MAX_LEVELS:
            return ""
        return self._number(self._outline, self._headings, "", level - 1) or ""

    def is_raised(self, style: str) -> bool:
        """Returns whether a style sets characters above the line."""
        placed = next(filter(None, (self._of_text(found, "text-position") for _, found in self._line(style))), "")
        first = placed.split(" ")[0]
        return first == "super" or (first.endswith("%") and first[:-1].isdecimal() and int(first[:-1][:6]) > 0)

    def is_hidden(self, style: str) -> bool:
        """Returns whether nobody sees what has a style."""
        return any(self._of_text(found, "display") == "none" for _, found in self._line(style))

    def begin_list(self, element: Any, style: str, level: int) -> ListNumbers:
        """Returns the numbers of a list that begins: those of the one that it goes on, or that it stands in, or new ones."""
        if level and (around := self._begun.get(f"style {style}")):
            return around
        goes_on = self._begun.get(attribute(element, "continue-list"))
        if goes_on is None and attribute(element, "continue-numbering") == "true":
            goes_on = self._begun.get(f"style {style}")
        numbers = goes_on or ListNumbers(style)
        self._begun[f"style {style}"] = numbers
        if attribute(element, "id"):
            self._begun[attribute(element, "id")] = numbers
        return numbers

    def next_number(self, numbers: ListNumbers, start: str, level: int) -> str:
        """Returns what stands before the next item of a list at a level, "" for a dash."""
        return self._number(self._lists.get(numbers.style, []), numbers, start, min(level, MAX_LEVELS - 1)) or ""

    def _number(self, levels: list[Any], numbers: ListNumbers, start: str, level: int) -> str | None:
        by_level = {whole(attribute(one, "level"), 0) - 1: one for one in levels}
        own = by_level.get(level)
        counts = numbers.counts
        before = counts[level]
        first = whole(attribute(own, "start-value"), 1) if own is not None else 1
        counts[level] = whole(start, 1) if start else first if before is None else before + 1
        counts[level + 1 :] = [None] * (MAX_LEVELS - level - 1)
        kind = "" if own is None else attribute(own, "num-format")
        if own is None or not kind:
            return None
        shown = max(1, min(whole(attribute(own, "display-levels"), 1), level + 1))
        made = []
        for at in range(level - shown + 1, level + 1):
            one = by_level.get(at)
            form = "" if one is None else attribute(one, "num-format")
            if form:
                made.append(written_number(counts[at] or 1, form))
        return f"{attribute(own, 'num-prefix')}{'.'.join(made)}{attribute(own, 'num-suffix')}".strip()

    def _line(self, style: str) -> Iterator[tuple[str, Any]]:
        """Yields a style and those that it is based on, nearest first."""
        seen = 0
        while style in self._styles and seen < _MAX_STYLES:
            found = self._styles[style]
            yield style, found
            style, seen = attribute(found, "parent-style-name"), seen + 1

    @staticmethod
    def _of_text(style: Any, name: str) -> str:
        properties = child(style, "text-properties")
        return attribute(properties, name) if properties is not None else ""
