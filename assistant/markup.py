"""HTML from Python: everything that is not markup already is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

EMPTY = frozenset({"input", "br", "rect"})
"""Elements that are written without an end tag, or closed at once."""


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


def tag(name: str, *content: str, **attributes: str | float) -> Html:
    """Returns an element; content that is not Html is escaped, attributes always are.

    An underscore in an attribute's name becomes a hyphen, a trailing one is dropped.

    >>> tag("p", "a < b", class_="note", data_n=3)
    '<p class="note" data-n="3">a &lt; b</p>'
    """
    given = "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"' for key, value in attributes.items())
    return Html(f"<{name}{given}/>" if name in EMPTY else f"<{name}{given}>{join(content)}</{name}>")


def join(parts: Iterable[str]) -> Html:
    """Returns the parts one after another, those that are not Html escaped."""
    return Html("".join(part if isinstance(part, Html) else escape(part) for part in parts))


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], classes: Sequence[str] = ()) -> Html:
    """Returns a table whose first column heads the rows; `classes` are those of the columns."""
    padded = [*classes, *[""] * (len(headings) - len(classes))]

    def cell(place: int, content: str) -> Html:
        if place == 0:
            return tag("th", content, scope="row")
        return tag("td", content, class_=padded[place]) if padded[place] else tag("td", content)

    head = tag("tr", *(tag("th", heading, scope="col") for heading in headings))
    body = [tag("tr", *(cell(place, content) for place, content in enumerate(row))) for row in rows]
    return tag("table", tag("thead", head), tag("tbody", *body))
