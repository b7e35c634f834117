"""HTML -> the text that a reader sees, with its blocks: the one reader of HTML, for web pages, Word and Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistant.articles.blocks import Kind
from assistant.loaders.html_tables import is_data_table, table_rows
from assistant.loaders.html_tree import is_hidden, parse_html, tag_of
from assistant.loaders.list_numbers import marker
from assistant.loaders.loaded import Loaded
from assistant.loaders.text_builder import TextBuilder

if TYPE_CHECKING:
    from lxml.html import HtmlElement

BLOCKS = frozenset(
    "address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav ol p plaintext pre search section "
    "summary table tbody td textarea tfoot th thead tr ul xmp".split()
)
_LISTS = ("ul", "ol", "dl", "menu", "dir")
_CODE = ("pre", "listing", "xmp", "plaintext", "textarea")
_BREAKS = dict.fromkeys(map(ord, "\t\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029"), " ") | dict.fromkeys((0xAD, 0x200B, 0x2060))
_RAISED = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_UNDONE = dict.fromkeys((0xAD, 0x200B, 0x2060))  # hints where a word may be broken: nobody sees them


def read_html(source: str | HtmlElement) -> Loaded:
    """Returns the text of a page, a fragment or a tree of `lxml.html`, as a reader sees it, with all its blocks.

    Its title is that of the page, else its first heading. Nothing that is seen is left out; what is hidden is.

    Raises:
        ArticleError: if it has no text.
    """
    root = parse_html(source) if isinstance(source, str) else source
    builder = TextBuilder()
    add_html(root, builder)
    title = root.find(".//head/title")
    return builder.loaded(title="" if title is None else " ".join((title.text or "").split()))


def add_html(root: HtmlElement, builder: TextBuilder) -> None:
    """Appends the blocks of a tree to what is being put together."""
    from lxml.etree import iterwalk

    reader = _Reader(builder)
    walk = iterwalk(root, events=("start", "end", "comment"))
    for event, element in walk:
        if event == "start":
            if reader.starts(element):
                reader.text(element.text)
            else:
                walk.skip_subtree()
        else:
            if event == "end":
                reader.ends(element)
            if element is not root:
                reader.text(element.tail)
    reader.flush()


class _Reader:
    """Goes through a tree and keeps what surrounds the place where it is."""

    def __init__(self, builder: TextBuilder) -> None:
        self._builder = builder
        self._run: list[str] = []  # the words since the last block ended
        self._around: list[str] = []  # lists and quotes that are open, from outside
        self._numbers: list[int] = []  # of the next item of each open list
        self._lead = ""  # a dash, number or term that the next words stand behind
        self._depth: int | None = None  # of an item that tells its own
        self._level = 0
        self._code = 0
        self._terms = 0
        self._skipped: Any = None

    def text(self, text: str | None) -> None:
        """Takes words in."""
        if text:
            self._run.append(text.translate(_UNDONE) if self._code else text.translate(_BREAKS))

    def starts(self, element: Any) -> bool:
        """Takes the start of an element in; False if what it holds is not to be gone through."""
        tag = tag_of(element)
        if is_hidden(element):
            self._skipped = element
            return False
        if tag in BLOCKS:
            self.flush()
            return self._starts_block(tag, element)
        if tag == "br":
            self._run.append("\n")
        elif tag == "img":
            self._run.append(f" {element.get('alt', '')} ".translate(_BREAKS))
        elif tag == "q":
            self._run.append("“")
        elif tag == "rt":
            self._run.append("(")
        elif tag == "input" and element.get("type", "").lower() == "checkbox":
            self._run.append("[x] " if element.get("checked") is not None else "[ ] ")
        elif tag == "sup" and not len(element) and element.text:
            raised = element.text.strip().translate(_RAISED)
            if not raised.isascii() and all(character in "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ" for character in raised):
                self._run.append(raised)
                self._skipped = element
                return False
        return True

    def ends(self, element: Any) -> None:
        """Takes the end of an element in."""
        if element is self._skipped:
            self._skipped = None
            return
        tag = tag_of(element)
        if tag == "q":
            self._run.append("”")
        elif tag == "rt":
            self._run.append(")")
        if tag not in BLOCKS:
            return
        self.flush()
        if tag in _LISTS or tag == "blockquote":
            if tag == "dl":
                self._say_lead()
            self._around.pop()
            if tag != "blockquote":
                self._numbers.pop()
                self._builder.end_run()
        elif tag in _CODE:
            self._code -= 1
        elif tag == "dt":
            self._terms -= 1
        elif tag in ("li", "dd"):
            self._lead, self._depth = "", None
        elif tag[0] == "h" and tag[1:].isdigit():
            self._level = 0

    def flush(self) -> None:
        """Ends a block: the words since the last one become one, or several where blank lines part them."""
        if not self._run:
            return
        text = "".join(self._run)
        self._run.clear()
        if self._code:
            if text.strip():
                self._say_lead()
                self._builder.add_code(text)
            return
        lines: list[str] = []
        for line in (*text.split("\n"), ""):
            if line.strip():
                lines.append(line)
            elif lines:
                self._add("\n".join(lines))
                lines.clear()

    def _starts_block(self, tag: str, element: Any) -> bool:
        if tag in _LISTS or tag == "blockquote":
            self._around.append(tag)
            if tag != "blockquote":
                self._numbers.append(0)
                if len(self._numbers) == 1:
                    self._builder.end_run()
        elif tag == "li":
            self._lead, number = marker(element, self._numbers[-1] if self._numbers else 0)
            if self._numbers:
                self._numbers[-1] = number
            depth = element.get("data-depth", "")
            self._depth = int(depth) if len(depth) == 1 and depth in "0123456789" else None
        elif tag == "dd" and self._lead and self._lead[-1] != " ":
            self._lead += " " if self._lead[-1] in ".:?!" else ": "
        elif tag in _CODE:
            self._code += 1
        elif tag == "dt":
            self._terms += 1
        elif tag[0] == "h" and tag[1:].isdigit():
            self._level = int(tag[1:])
        elif tag == "table" and is_data_table(element):
            self._say_lead()
            self._add_table(element)
            self._skipped = element
            return False
        return True

    def _add(self, text: str) -> None:
        if self._terms:
            self._lead += (", " if self._lead else "") + " ".join(text.split())
            return
        lead, self._lead = self._lead, ""
        if self._level:
            self._builder.add((lead if lead != "- " else "") + text, level=self._level)
            return
        kind: Kind = "text"
        if self._around or lead:
            kind = "quote" if self._around and self._around[-1] == "blockquote" and not lead else "item"
        self._builder.add(lead + text, kind=kind, depth=self._item_depth() if kind == "item" else 0)

    def _say_lead(self) -> None:
        """A number or term that no words follow stands alone."""
        lead, self._lead = self._lead, ""
        if lead not in ("", "- "):
            self._builder.add(lead, kind="item", depth=self._item_depth())

    def _item_depth(self) -> int:
        return max(0, len(self._numbers) - 1) if self._depth is None else self._depth

    def _add_table(self, table: Any) -> None:
        captions, rows = table_rows(table, cell_text, is_hidden)
        for caption in captions:
            self._builder.add(caption)
        self._builder.end_run()
        for row in rows:
            self._builder.add_row(row)
        self._builder.end_run()


def cell_text(element: Any) -> str:
    """Returns the text of a table's cell in one line: its blocks behind one another, a comma between."""
    if not len(element):
        return " ".join((element.text or "").translate(_BREAKS).split())
    builder = TextBuilder()
    add_html(element, builder)
    parts: list[str] = []
    for text in builder.texts():
        text = " ".join(text.removeprefix("- ").split())
        if parts:
            parts.append(" " if parts[-1][-1] in ".,:;!?" else ", ")
        parts.append(text)
    return "".join(parts)
