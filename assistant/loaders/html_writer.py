"""Paragraphs, items and tables of a document -> the HTML that `html_blocks` reads, so that all formats share one reader."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

MAX_DEPTH = 9
MAX_CELLS = 200_000
"""Of all tables of a document; what a file may say of rows that repeat is more than anybody reads."""


@dataclass(frozen=True, slots=True)
class HtmlCell:
    """A cell: HTML of what is in it, whether it names others, and how many columns and rows it takes."""

    inner: str
    is_header: bool = False
    columns: int = 1
    rows: int = 1


def written(text: str) -> str:
    """Returns a text as HTML, its line breaks kept."""
    return html.escape(text, quote=False).replace("\n", "<br>")


def raised(text: str) -> str:
    """Returns a text as HTML that stands above the line."""
    return f"<sup>{written(text)}</sup>" if text else ""


def paragraph(inner: str, level: int = 0, tag: str = "p") -> str:
    """Returns a paragraph, or a heading where a level from 1 on is given."""
    return f"<h{min(level, 6)}>{inner}</h{min(level, 6)}>" if level else f"<{tag}>{inner}</{tag}>"


def item(inner: str, marker: str, depth: int) -> str:
    """Returns an item of a list, with what stands before it, "" for a dash, and how many lists it is in, less one."""
    return f'<li data-depth="{max(0, min(depth, MAX_DEPTH))}" data-marker="{html.escape(marker or "-")}">{inner}</li>'


def table(rows: Sequence[Sequence[HtmlCell]], n_head: int = 0) -> str:
    """Returns a table whose first `n_head` rows name the columns; 0 leaves it to be guessed."""
    parts = ["<table>"]
    for n, row in enumerate(rows):
        parts.append("<tr>")
        for cell in row:
            tag = "th" if n < n_head or cell.is_header else "td"
            parts.append(f'<{tag} colspan="{cell.columns}" rowspan="{max(1, cell.rows)}">{cell.inner}</{tag}>')
        parts.append("</tr>")
    return "".join([*parts, "</table>"])
