"""Pages that other programs have made: documentation in HTML that comes with packages of Debian, where it is installed.

Each has its article at a place that its program always uses, and things around it that it always makes; both are told
below as XPath, so that nobody has to mark sentences by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DOCUMENTS = Path("/usr/share/doc")
_TEXINFO = "//div[contains(@class, 'header') or contains(@class, 'nav-panel') or @class='contents' or contains(@class, 'Contents')]"
_DOCBOOK = "//div[@class='toc' or @class='navheader' or @class='navfooter'] | //table[contains(@class, 'navigation') or contains(@summary, 'avigation')]"


@dataclass(frozen=True)
class OtherPage:
    """A page, by its path below the folder of documents.

    Attributes:
        path: of the page.
        made_by: the program that has made it.
        article: XPath of what holds the article.
        around: XPath of what is in there and not of it, "" for nothing.
    """

    path: str
    made_by: str
    article: str = "//body"
    around: str = ""


PAGES = (
    OtherPage("python3/python-policy.html", "Sphinx", "//div[@role='main']", "//*[@class='headerlink']"),
    OtherPage("nodejs/api/addons.html", "doc-kit of Node", "//div[@id='apicontent']", "//*[@class='mark'] | //summary | //button"),
    OtherPage("nodejs/api/debugger.html", "doc-kit of Node", "//div[@id='apicontent']", "//*[@class='mark'] | //summary | //button"),
    OtherPage("valgrind/html/bbv-manual.html", "DocBook XSL", "//body", _DOCBOOK),
    OtherPage("bzip2/manual.html", "DocBook XSL", "//body", _DOCBOOK),
    OtherPage("ninja-build/manual.html", "AsciiDoc", "//body", _DOCBOOK),
    OtherPage("xtrans-dev/xtrans.html", "xmlto", "//body", _DOCBOOK),
    OtherPage("fontconfig/fontconfig-user.html", "DocBook DSSSL"),
    OtherPage("base-passwd/users-and-groups.html", "DebianDoc", "//body", "//div[@class='TOC']"),
    OtherPage("libffi8/html/Closure-Example.html", "Texinfo", "//body", _TEXINFO),
    OtherPage("bc/bc.html", "Texinfo", "//body", f"{_TEXINFO} | //table[@class='menu']"),
    OtherPage("libxslt1-dev/gtk-doc/html/libxslt/libxslt-attributes.html", "gtk-doc", "//body", "//table[@class='navigation' or contains(@class, 'navigation')]"),
    OtherPage("groff-base/html/mom/color.html", "hand", "//body", "//table[.//a[contains(., 'Table of Contents')]] | //div[contains(@class, 'nav')]"),
    OtherPage("groff-base/html/pic-10.html", "grohtml", "//body", "//a[contains('prev next top', .)]"),
    OtherPage("texlive-base/readme-html.dir/readme.de.html", "hand", "//body", "//small"),
    OtherPage("texlive-base/readme-html.dir/readme.cs.html", "hand", "//body", "//small"),
    OtherPage("texlive-doc/texlive/install-tl.html", "pod2html", "//body", "//ul[@id='index']"),
    OtherPage("libexpat1-dev/expat.html/reference.html", "hand", "//body", "//div[@class='footer']"),
    OtherPage("gcc-12-base/NEWS.html", "hand"),
)  # fmt: skip


def other_pages() -> Iterator[tuple[OtherPage, str, str]]:
    """Yields the pages that are installed: what they are, their HTML, and the text of their article."""
    from assistant.loaders.html_blocks import read_html
    from assistant.loaders.html_tree import parse_html
    from assistant.loaders.page_encoding import decode_page

    for page in PAGES:
        path = DOCUMENTS / page.path
        if not path.is_file():
            continue
        source = decode_page(path.read_bytes(), path.name)
        root = parse_html(source)
        for around in root.xpath(page.around) if page.around else []:
            if around.getparent() is not None:
                around.drop_tree()
        yield page, source, read_html(root.xpath(page.article)[0]).text
