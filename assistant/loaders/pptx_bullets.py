"""What stands before a paragraph of a slide: PowerPoint looks it up in the paragraph, its shape, the layout, the master."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assistant.loaders.docx_numbers import attribute, child, local, whole
from assistant.loaders.list_numbers import written_number

MAX_LEVELS = 9
_BULLETS = ("buNone", "buChar", "buAutoNum", "buBlip")
_KINDS = {"arabic": "1", "alphaLc": "a", "alphaUc": "A", "romanLc": "i", "romanUc": "I"}
_SAME = {"": "body", "obj": "body", "subTitle": "body", "ctrTitle": "title"}


class Bullets:
    """Finds the bullets of a slide's paragraphs, and counts those that are numbers."""

    def __init__(self, layout: Any | None, master: Any | None) -> None:
        """Stores the roots of the slide's layout and of its master, None where there is none."""
        self._pages = [page for page in (layout, master) if page is not None]
        self._master = master

    def labels(self, shape: Any, paragraphs: list[Any]) -> Iterator[tuple[str | None, int]]:
        """Yields what stands before each paragraph of a shape and its level: None for nothing, "" for a dash."""
        counts: list[int | None] = [None] * MAX_LEVELS
        for paragraph in paragraphs:
            properties = child(paragraph, "pPr")
            level = min(whole(attribute(properties, "lvl"), 0), MAX_LEVELS - 1) if properties is not None else 0
            bullet = next(
                (found for found in map(_bullet_in, self._chain(shape, properties, level)) if found is not None), None
            )
            numbered = bullet is not None and local(bullet) == "buAutoNum"
            counts[level + 1 :] = [None] * (MAX_LEVELS - level - 1)
            if not numbered:
                counts[level] = None
                yield (None if bullet is None or local(bullet) == "buNone" else ""), level
                continue
            first = max(1, whole(attribute(bullet, "startAt"), 1))
            before = counts[level]
            has_words = any(local(part) == "t" and (part.text or "").strip() for part in paragraph.iter())
            counts[level] = before if not has_words else first if before is None else before + 1
            yield _numbered(counts[level] or first, attribute(bullet, "type")), level

    def _chain(self, shape: Any, properties: Any | None, level: int) -> Iterator[Any]:
        """Yields the properties that may tell a paragraph's bullet, nearest first."""
        if properties is not None:
            yield properties
        name = f"lvl{level + 1}pPr"
        holder = placeholder(shape)
        for one in (shape, *(self._inherited(page, holder) for page in self._pages if holder is not None)):
            body = child(one, "txBody") if one is not None else None
            styles = child(body, "lstStyle") if body is not None else None
            found = child(styles, name) if styles is not None else None
            if found is not None:
                yield found
        styles = child(self._master, "txStyles") if self._master is not None and holder is not None else None
        kind = "" if holder is None else attribute(holder, "type")
        role = {"title": "titleStyle", "body": "bodyStyle"}.get(_SAME.get(kind, kind), "otherStyle")
        style = child(styles, role) if styles is not None else None
        found = child(style, name) if style is not None else None
        if found is not None:
            yield found

    def _inherited(self, page: Any, holder: Any) -> Any | None:
        """Returns the shape of a layout or master that a placeholder takes its form from."""
        kind, index = attribute(holder, "type"), attribute(holder, "idx")
        by_kind = None
        for shape in page.iter():
            other = placeholder(shape) if local(shape) == "sp" else None
            if other is None:
                continue
            if index and attribute(other, "idx") == index:
                return shape
            same = _SAME.get(attribute(other, "type"), attribute(other, "type")) == _SAME.get(kind, kind)
            by_kind = shape if by_kind is None and same else by_kind
        return by_kind


def placeholder(shape: Any) -> Any | None:
    """Returns what a shape says about being a placeholder, None if it is none."""
    about = next((part for part in shape if local(part).startswith("nv")), None)
    properties = child(about, "nvPr") if about is not None else None
    return child(properties, "ph") if properties is not None else None


def _bullet_in(properties: Any) -> Any | None:
    return next((part for part in properties if local(part) in _BULLETS), None)


def _numbered(number: int, form: str) -> str:
    """Returns a number as a kind of PowerPoint's writes it, such as "alphaLcParenR"."""
    kind = next((kind for start, kind in _KINDS.items() if form.startswith(start)), "1")
    text = written_number(number, kind)
    if form.endswith("ParenBoth"):
        return f"({text})"
    return text + (")" if form.endswith("ParenR") else "" if form.endswith("Plain") else ".")
