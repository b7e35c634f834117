"""HTML -> its tree, and which of its elements nobody sees."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from assistant.errors import ArticleError

if TYPE_CHECKING:
    from lxml.html import HtmlElement

HIDDEN = frozenset(
    "script style template noscript head title iframe object embed applet audio video canvas datalist select rp param "
    "meta link base area map frame frameset noframes annotation annotation-xml defs desc".split()
)
_SHALLOW = re.compile(r"</?(?:a|abbr|b|big|code|em|font|i|mark|s|small|span|strike|strong|tt|u)(?:\s[^<>]*)?>", re.I)
_NESTING = re.compile(r"</?(?:article|center|div|p|section)(?:\s[^<>]*)?>", re.I)


def parse_html(source: str) -> HtmlElement:
    """Returns the tree of a page or a fragment; whatever is wrong in it is mended.

    Raises:
        ArticleError: if its elements are nested too deep to be read.
    """
    import lxml.html
    from lxml import etree

    source = source.replace("\x00", " ")
    for text in (source, _SHALLOW.sub(" ", _NESTING.sub("<p>", source))):
        data = b"<!DOCTYPE html>" + text.encode("utf-8", "replace")
        parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True, remove_pis=True)
        root = etree.fromstring(data, parser=parser)
        if root is None:  # nothing but comments
            return cast("HtmlElement", lxml.html.Element("p"))
        # What lies deeper than 2,048 elements is cut off: old pages have as many <font> that they never close.
        if not any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log):
            return cast("HtmlElement", root)
    raise ArticleError("The page's elements are nested more than 2,000 deep, and cannot be read. Save it as text.")


def is_hidden(element: Any) -> bool:
    """Returns whether an element is of a kind that nobody sees, or says so."""
    if (
        tag_of(element) in HIDDEN
        or element.get("hidden") is not None
        or (tag_of(element) == "dialog" and element.get("open") is None)
    ):
        return True
    if tag_of(element) == "input":
        return bool(element.get("type", "").lower() == "hidden")
    style = element.get("style")
    if not style:
        return False
    style = "".join(style.lower().split())
    return "display:none" in style or "visibility:hidden" in style


def tag_of(element: Any) -> str:
    """Returns the name of an element in lower case, without a namespace; "" for a comment."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""
