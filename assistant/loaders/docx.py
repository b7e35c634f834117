"""Word -> the text that Word shows, with its blocks: headings, numbered lists, tables, footnotes."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

from assistant.errors import ArticleError
from assistant.loaders.docx_numbers import local, read_numbers
from assistant.loaders.docx_paragraphs import MARKED, Styles, prepare
from assistant.loaders.front_matter import written_day
from assistant.loaders.html_blocks import add_html
from assistant.loaders.html_tree import parse_html
from assistant.loaders.loaded import Loaded
from assistant.loaders.text_builder import TextBuilder
from assistant.loaders.zip_parts import Packed, read_parts

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_WORD = Packed(
    (".xml", ".rels"),
    "is damaged, or no Word document. Save it again as .docx, and add that.",
    "is protected by a password. Save it without one and add that.",
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
    properties = _properties(parts.get("docProps/core.xml"), name)
    days = [written_day(properties.get(key, "")) for key in ("created", "modified")]
    keywords = properties.get("keywords", "").replace(";", ",").split(",")
    return builder.loaded(
        properties.get("title", ""),
        ", ".join(filter(None, (" ".join(each.split()) for each in properties.get("creator", "").split(";")))),
        next(filter(None, days), None),
        tuple(sorted({" ".join(keyword.lower().split()) for keyword in keywords} - {""})),
    )


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

    roots = {part: _root(data, name) for part, data in parts.items()}
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


def _root(data: bytes, name: str) -> Any:
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        return fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        raise ArticleError(f"{name} is refused: its XML defines entities, as no Word document does.") from error
    except (ParseError, ValueError, LookupError) as error:
        raise ArticleError(
            f"{name} is damaged: its XML cannot be read. Save it again as .docx, and add that."
        ) from error


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


def _properties(data: bytes | None, name: str) -> dict[str, str]:
    """Returns the core properties by name: title, creator, created, modified, keywords."""
    return {} if data is None else {local(part): " ".join((part.text or "").split()) for part in _root(data, name)}
