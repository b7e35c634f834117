"""What charts and diagrams of slides say in words and numbers -> HTML."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from assistant.loaders.docx_numbers import attribute, child, local, whole
from assistant.loaders.html_writer import HtmlCell, item, paragraph, table, written

MAX_POINTS = 2000
_NO_WORDS = ("pres", "parTrans", "sibTrans")


def chart_html(root: Any) -> str:
    """Returns a chart's title, and a table of its values: a row a category, a column a series."""
    title = next((part for part in root.iter() if local(part) == "title"), None)
    words = "" if title is None else "".join(part.text or "" for part in title.iter() if local(part) == "t")
    series = [part for part in root.iter() if local(part) == "ser"]
    names = [next(iter(_values(one, "tx").values()), "") for one in series]
    columns = [_values(one, "val") or _values(one, "yVal") for one in series]
    categories: dict[int, str] = {}
    for one in series:
        categories.update(_values(one, "cat") or _values(one, "xVal"))
    rows = [[HtmlCell("", True), *(HtmlCell(written(name), True) for name in names)]]
    for at in sorted(set(categories).union(*columns)) if series else ():
        cells = (HtmlCell(written(column.get(at, ""))) for column in columns)
        rows.append([HtmlCell(written(categories.get(at, "")), True), *cells])
    return paragraph(written(words)) + (table(rows) if len(rows) > 1 else "")


def diagram_html(root: Any, inline: Callable[[Any], str]) -> str:
    """Returns the words of a diagram (SmartArt) as items, in the order of its outline."""
    points = next((part for part in root.iter() if local(part) == "ptLst"), ())
    parts: list[str] = []
    for point in points:
        words = child(point, "t")
        if words is not None and attribute(point, "type") not in _NO_WORDS:
            parts += [item(inline(part), "", 0) for part in words if local(part) == "p"]
    return "".join(parts)


def _values(series: Any, name: str) -> dict[int, str]:
    """Returns the values that a chart keeps of the cells that a part of a series is made from, by their place."""
    found = child(series, name)
    return dict(_points(found)) if found is not None else {}


def _points(part: Any) -> Iterator[tuple[int, str]]:
    for point in part.iter():
        value = child(point, "v") if local(point) == "pt" else None
        at = whole(attribute(point, "idx"), MAX_POINTS)
        if value is not None and at < MAX_POINTS:
            yield at, _short(value.text or "")


def _short(value: str) -> str:
    """Returns a number without the digits that only a computer adds: 4.300000000000001 is 4.3."""
    try:
        number = float(value)
    except ValueError:
        return value
    return f"{number:.10g}" if "." in value and len(value) > 10 else value
