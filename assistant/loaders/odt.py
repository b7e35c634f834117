"""OpenDocument text (.odt) -> the text that its word processor shows, with its blocks; footnotes stand at its end.

The XML is read here, with defusedxml. odfpy (Apache-2.0 or GPL) was looked at first: last released in 2020, it reads
entities, unpacks without a limit, and gives the same tree without the numbers of lists and headings, which are most of the
work.
"""

from __future__ import annotations

from typing import Any

from assistant.errors import ArticleError
from assistant.loaders.docx_numbers import attribute, child, local
from assistant.loaders.html_blocks import add_html
from assistant.loaders.html_tree import parse_html
from assistant.loaders.html_writer import HtmlCell, item, paragraph, table
from assistant.loaders.loaded import Loaded
from assistant.loaders.odt_inline import Inline
from assistant.loaders.odt_styles import OdtStyles
from assistant.loaders.odt_tables import rows_of
from assistant.loaders.properties import office_properties, sensible_title
from assistant.loaders.text_builder import TextBuilder
from assistant.loaders.zip_parts import Packed, read_parts, xml_root

_ODT = Packed(
    (".xml",),
    "is damaged, or no OpenDocument text. Save it again as .odt, and add that.",
    "is protected by a password. Save it without one and add that.",
    "OpenDocument text",
    may_declare=True,  # old ones do
)
_MAX_DEPTH = 60  # of lists, sections, tables and frames in one another
_LEFT_OUT = ("tracked-changes", "sequence-decls", "forms", "variable-decls", "user-field-decls", "alphabetical-index")


def load_odt(data: bytes, name: str) -> Loaded:
    """Returns the text of an OpenDocument text; title, author, date and keywords are those of its properties.

    What was deleted with its changes kept, comments and hidden text are left out.

    Raises:
        ArticleError: if it is no such file, protected, damaged, empty, or much larger unpacked than packed.
    """
    parts = read_parts(data, name, _ODT)
    content = parts.get("content.xml")
    if content is None:
        raise ArticleError(f"{name} {_ODT.damaged}")
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise ArticleError(f"{name} {_ODT.protected}")
    root = xml_root(content, name, _ODT)
    body = child(root, "body")
    text = child(body, "text") if body is not None else None
    if text is None:
        raise ArticleError(f"{name} {_ODT.damaged}")
    named = xml_root(parts["styles.xml"], name, _ODT) if "styles.xml" in parts else None
    reader = _Reader(OdtStyles(named, root), name)
    reader.read(text, 0)
    builder = TextBuilder()
    add_html(parse_html("".join([*reader.parts, *reader.notes()])), builder)
    told = office_properties(xml_root(parts["meta.xml"], name, _ODT) if "meta.xml" in parts else None)
    return builder.loaded(sensible_title(told.title, name), told.author, told.date, told.tags)


class _Reader:
    """Goes through a text and writes the HTML of its blocks."""

    def __init__(self, styles: OdtStyles, name: str) -> None:
        self.parts: list[str] = []
        self._styles = styles
        self._name = name
        self._inline = Inline(styles)

    def read(self, parent: Any, depth: int) -> None:
        """Writes what stands in an element, block by block."""
        if depth > _MAX_DEPTH:
            raise ArticleError(f"{self._name} is refused: its parts are nested more than {_MAX_DEPTH} deep.")
        for element in parent:
            name = local(element)
            if name in ("h", "p"):
                self._paragraph(element, depth)
            elif name == "list":
                self._list(element, None, 0, depth)
            elif name == "table":
                self._table(element, depth)
            elif name == "section" and attribute(element, "display") == "none":
                continue
            elif name not in _LEFT_OUT:
                self.read(element, depth + 1)

    def notes(self) -> list[str]:
        """Returns the footnotes and endnotes as items, in the order of their marks."""
        made: list[str] = []
        at = 0
        # A note may hold marks of further ones.
        while at < len(self._inline.notes):
            mark, body = self._inline.notes[at]
            inner = "".join(paragraph(self._inline.html(part)) for part in body.iter() if local(part) in ("p", "h"))
            made.append(item(inner, f"[{mark}]", 0))
            at += 1
        return made

    def _paragraph(self, element: Any, depth: int, marker: str | None = None, level: int = 0) -> None:
        inner = self._inline.html(element)
        style = attribute(element, "style-name")
        heading = self._styles.heading_level(element)
        role = self._styles.role(style)
        if heading:
            number = self._styles.heading_number(element, heading) if marker is None else marker
            self.parts.append(paragraph(f"{number} {inner}" if number else inner, heading))
        elif marker is not None:
            self.parts.append(item(inner, marker, level))
        elif role == "code":
            # Lines of code are paragraphs each; those that follow one another are one block.
            if self.parts and self.parts[-1].endswith("</pre>"):
                self.parts[-1] = self.parts[-1].removesuffix("</pre>")
                self.parts.append(f"\n{self._inline.html(element, keep=True)}</pre>")
            else:
                self.parts.append(paragraph(self._inline.html(element, keep=True), tag="pre"))
        else:
            self.parts.append(paragraph(inner, tag="blockquote" if role == "quote" else "p"))
        for box in self._inline.taken_boxes():
            self.read(box, depth + 1)

    def _list(self, element: Any, style: str | None, level: int, depth: int) -> None:
        if depth > _MAX_DEPTH:
            raise ArticleError(f"{self._name} is refused: its lists are nested more than {_MAX_DEPTH} deep.")
        style = attribute(element, "style-name") or style or ""
        numbers = self._styles.begin_list(element, style, level)
        for entry in element:
            is_first = local(entry) == "list-item"  # a list-header has no number
            for part in entry:
                name = local(part)
                if name == "list":
                    self._list(part, style, level + 1, depth + 1)
                elif name in ("p", "h"):
                    marker = (
                        self._styles.next_number(numbers, attribute(entry, "start-value"), level) if is_first else None
                    )
                    self._paragraph(part, depth, marker, level)
                    is_first = False
                elif name == "table":
                    self._table(part, depth)

    def _table(self, element: Any, depth: int) -> None:
        rows, n_head = rows_of(element, self._cell)
        self.parts.append(table(rows, n_head))
        if depth < _MAX_DEPTH:
            for box in self._inline.taken_boxes():
                self.read(box, depth + 1)

    def _cell(self, cell: Any) -> HtmlCell:
        found = [part for part in cell.iter() if local(part) in ("p", "h")]
        is_head = bool(found) and all(self._styles.role(attribute(part, "style-name")) == "head" for part in found)
        return HtmlCell("".join(paragraph(self._inline.html(part)) for part in found), is_head)
