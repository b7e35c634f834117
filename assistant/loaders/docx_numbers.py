"""The numbers that Word shows before paragraphs, which a document does not hold but tells how to count."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.loaders.list_numbers import written_number

MAX_LEVELS = 9
_PLACE = re.compile(r"%([1-9])")
_KINDS = {"lowerLetter": "a", "upperLetter": "A", "lowerRoman": "i", "upperRoman": "I"}


@dataclass(frozen=True, slots=True)
class Level:
    """How a level of a list is counted: `kind` as Word names it, `form` with %1 … %9 for the numbers of levels."""

    kind: str = "decimal"
    form: str = "%1."
    start: int = 1


@dataclass(slots=True)
class Numbers:
    """Counts the paragraphs of a document's lists; one for a document, asked in the order of its paragraphs."""

    lists: Mapping[str, Mapping[int, Level]]
    counted_with: Mapping[str, str]
    started: dict[tuple[str, int], int] = field(default_factory=dict)
    counts: dict[str, list[int | None]] = field(default_factory=dict)

    def label(self, list_id: str, level: int) -> str | None:
        """Returns what stands before the next paragraph of a list at a level, "" for a dash, None if it has no list."""
        levels = self.lists.get(list_id)
        if levels is None or not 0 <= level < MAX_LEVELS:
            return None
        form = levels.get(level, Level())
        counts = self.counts.setdefault(self.counted_with.get(list_id, list_id), [None] * MAX_LEVELS)
        before = counts[level]
        first_of_list = (list_id, level) in self.started
        if first_of_list:
            before = self.started.pop((list_id, level)) - 1
        counts[level] = form.start if before is None else before + 1
        counts[level + 1 :] = [None] * (MAX_LEVELS - level - 1)
        if form.kind == "bullet":
            return ""
        if form.kind == "none":
            return None

        def number(found: re.Match[str]) -> str:
            at = int(found[1]) - 1
            other = levels.get(at, Level())
            value = counts[at]
            value = other.start if value is None else value
            text = written_number(value, _KINDS.get(other.kind, "1"))
            return f"0{text}" if other.kind == "decimalZero" and value < 10 else text

        return " ".join(_PLACE.sub(number, form.form).split()) or None


def read_numbers(numbering: Any | None) -> Numbers:
    """Returns the lists of a document from the root of its numbering part; none without one."""
    abstract: dict[str, dict[int, Level]] = {}
    lists: dict[str, dict[int, Level]] = {}
    counted_with: dict[str, str] = {}
    started: dict[tuple[str, int], int] = {}
    for part in numbering if numbering is not None else ():
        name = local(part)
        if name == "abstractNum":
            abstract[attribute(part, "abstractNumId")] = _levels(part)
        elif name == "num":
            list_id = attribute(part, "numId")
            abstract_id = value_of(part, "abstractNumId")
            levels = dict(abstract.get(abstract_id, {}))
            counted_with[list_id] = abstract_id
            for override in (child for child in part if local(child) == "lvlOverride"):
                at = whole(attribute(override, "ilvl"), 0)
                levels.update(_levels(override))
                restart = value_of(override, "startOverride")
                if restart:
                    started[list_id, at] = whole(restart, 1)
            lists[list_id] = levels
    return Numbers(lists, counted_with, started)


def _levels(part: Any) -> dict[int, Level]:
    return {
        whole(attribute(level, "ilvl"), 0): Level(
            value_of(level, "numFmt") or "decimal", value_of(level, "lvlText"), whole(value_of(level, "start"), 1)
        )
        for level in part
        if local(level) == "lvl"
    }


def local(element: Any) -> str:
    """Returns an element's name without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Any, name: str) -> str:
    """Returns an attribute of whatever namespace, "" if there is none."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def child(element: Any, name: str) -> Any | None:
    """Returns the first child of a name, None if there is none."""
    return next((part for part in element if local(part) == name), None)


def value_of(element: Any, name: str) -> str:
    """Returns the value of a child such as `<w:start w:val="3"/>`, "" if there is none."""
    found = child(element, name)
    return "" if found is None else attribute(found, "val")


def whole(text: str, otherwise: int) -> int:
    """Returns a whole number as a document gives it, up to a million."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else otherwise
