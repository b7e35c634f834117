"""Word -> the text that Word shows, with its blocks: headings, numbered lists, tables, footnotes."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

from assistant.errors import ArticleError
from assistant.loaders.docx_numbers import local, read_numbers
from assistant.loaders.docx_paragraphs import MARKED, Styles, prepare
from assistant.loaders.html_blocks import add_html
from assistant.loaders.html_tree import parse_html
from assistant.loaders.loaded import Loaded
from assistant.loaders.properties import office_properties
from assistant.loaders.text_builder import TextBuilder
from assistant.loaders.zip_parts import Packed, read_parts, xml_root

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_WORD = Packed(
    (".xml", ".rels"),
    "is damaged, or no Word document. Save it again as .docx, and add that.",
    "is protected by a password. Save it without one and add that.",
    "Word document",
)
_STYLE_MAP = """
p[style-name='Title'] => h1:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
p[style-name='Quotations'] => blockquote > p:fresh
p[style-name='Block Text'] => blockquote > p:fresh
p[style-name='Source Code'] => pre:separator('\\n')
p[style-name='HTML Preformatted'] => pre:separator('\\n')
p[style-name='Preformatted Text'] => pre:separator('\\n')
p[style-name='Code'] => pre:separator('\\n')
"""


def load_docx(data: bytes, name: str) -> Loaded:
    """Returns the text of a Word file; title, author, date and keywords are those of its properties.

    Footnotes stand at its end. No file that it names is read.

    Raises:
        ArticleError: if it is no Word file, protected, damaged, empty, or much larger unpacked than packed.
    """
    parts = _parts(data, name)
    html = _html(parts, name)
    builder = TextBuilder()
    add_html(_marked(html), builder)
    core = parts.get("docProps/core.xml")
    told = office_properties(xml_root(core, name, _WORD) if core is not None else None)
    return builder.loaded(told.title, told.author, told.date, told.tags)


def _parts(data: bytes, name: str) -> dict[str, bytes]:
    """Returns the parts of XML by name; nothing is unpacked before their sizes are known."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise ArticleError(
            f"{name} is an old Word document (.doc), or protected by a password. Open it in a word processor, "
            "save it as .docx without a password, and add that."
        )
    return read_parts(data, name, _WORD)


def _html(parts: dict[str, bytes], name: str) -> str:
    """Returns mammoth's HTML of a document whose parts have been made ready; pictures have become their descriptions."""
    import mammoth

    roots = {part: xml_root(data, name, _WORD) for part, data in parts.items()}
    folder = next((part.rpartition("/")[0] for part in parts if part.endswith("/document.xml")), "word")
    styles = Styles(roots.get(f"{folder}/styles.xml"))
    numbers = read_numbers(roots.get(f"{folder}/numbering.xml"))
    for root in roots.values():
        if local(root) in ("document", "footnotes", "endnotes"):
            prepare(root, styles, numbers if local(root) == "document" else read_numbers(None))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for part, root in roots.items():
            archive.writestr(part, _written(root))
    packed.seek(0)
    try:
        return str(mammoth.convert_to_html(packed, style_map=_STYLE_MAP, external_file_access=False).value)
    except (OSError, LookupError, ValueError, AttributeError, TypeError, RecursionError) as error:
        raise ArticleError(f"{name} is damaged, or no Word document. Save it again as .docx, and add that.") from error


def _written(root: Any) -> bytes:
    from xml.etree.ElementTree import tostring

    written: bytes = tostring(root, encoding="utf-8")
    return written


def _marked(html: str) -> HtmlElement:
    """Returns the tree of mammoth's HTML with the numbers of paragraphs and footnotes where the reader looks for them."""
    root = parse_html(html)
    for paragraph in list(root.iter("p")):
        found = MARKED.match(paragraph.text or "")
        if found:
            paragraph.tag = "li"
            paragraph.text = paragraph.text[found.end() :]
            paragraph.set("data-depth", found[1])
            paragraph.set("data-marker", found[2] or "-")
    for note in root.iter("li"):
        if note.get("id", "").startswith(("footnote-", "endnote-")):
            before = note.getprevious()
            note.set("data-marker", "[1]" if before is None else f"[{int(before.get('data-marker')[1:-1]) + 1}]")
            for link in list(note.iter("a")):
                if link.get("href", "").startswith(("#footnote-ref", "#endnote-ref")):
                    link.text = None
    return root
