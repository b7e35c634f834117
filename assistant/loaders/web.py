"""An address of the web -> the article that it gives, whatever its format."""

from __future__ import annotations

import codecs
import io
import re
import zipfile
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlsplit

from assistant.articles.article import normalise
from assistant.errors import ArticleError
from assistant.loaders import SUFFIXES, load_bytes
from assistant.loaders.connecting import Limits, Resolve, addresses_of
from assistant.loaders.fetching import Fetched, fetch
from assistant.loaders.loaded import Loaded
from assistant.loaders.page_encoding import decode_page

_HTML = re.compile(
    rb"(?:\s|<!--[^>]{0,2000}-->|<\?xml[^>]{0,300}\?>){0,50}"
    rb"<(?:!doctype\s+html|html|head|body|title|script|meta|link|style|table|article|main|div|h1|p|a|br|iframe)[\s>/]",
    re.I,
)
_FEED = re.compile(
    rb"\s{0,100}(?:<\?xml[^>]{0,300}\?>\s{0,100})?(?:<!--[^>]{0,2000}-->\s{0,100})?<(?:rss|feed|rdf:RDF|urlset|sitemapindex)[\s>]"
)
_PARTS = {
    "word/document.xml": ".docx",
    "ppt/presentation.xml": ".pptx",
    "META-INF/container.xml": ".epub",
    "content.xml": ".odt",
}
_BINARY = (".pdf", ".pptx", ".odt", ".rtf", ".docx", ".epub")
_BY_TYPE = {"text/html": ".html", "application/xhtml+xml": ".html", "text/markdown": ".md", "text/csv": ".csv"}
_WATCHED = ("image/", "audio/", "video/", "font/")


@dataclass(frozen=True, slots=True)
class WebPage:
    """An article as an address gave it.

    Attributes:
        loaded: its text, and what its format tells.
        url: where it was found, after redirects.
        fetched: when, UTC.
        data, name: the file that it was read from, as its loader got it.
    """

    loaded: Loaded
    url: str
    fetched: datetime
    data: bytes = field(default=b"", repr=False)
    name: str = ""


def load_url(
    url: str,
    max_megabytes: float = 30.0,
    allow_private: bool = False,
    resolve: Resolve = addresses_of,
    limits: Limits | None = None,
) -> WebPage:
    """Returns the article that an address gives; arguments as of `fetching.fetch`.

    Raises:
        ArticleError: if the address is not allowed, cannot be fetched, or gives no article.
    """
    fetched = fetch(url, max_megabytes, allow_private, resolve, limits)
    data, name = as_file(fetched)
    loaded = load_bytes(data, name, max_megabytes)
    # The file itself is wanted where its pages can be shown alone.
    return WebPage(loaded, fetched.url, fetched.at, data if loaded.words else b"", name)


def mended(page: WebPage, text: str) -> WebPage:
    """Returns the page with another text, which somebody has mended by hand; blocks and sections are the text's own.

    Raises:
        ArticleError: if it is empty, or not text.
    """
    loaded = page.loaded
    text = normalise(text)
    if text == loaded.text:
        return page
    return replace(page, loaded=Loaded(text, loaded.title, (), loaded.author, loaded.date, loaded.tags, loaded.notes))


def as_file(fetched: Fetched) -> tuple[bytes, str]:
    """Returns what was fetched as the content of a file, in UTF-8 where it is text, and a name that tells its format.

    The bytes tell the format where they can; the server's word counts for the kinds of text, which look alike.

    Raises:
        ArticleError: if it is nothing that has a text.
    """
    host = urlsplit(fetched.url).hostname or fetched.url
    name = fetched.name or host
    if not fetched.data.strip():
        raise ArticleError(f"{fetched.url} gives an empty page. Open it in a browser, and add its text.")
    suffix = _suffix_of(fetched)
    if not suffix:
        kind = fetched.content_type or "data of an unknown kind"
        raise ArticleError(f"{fetched.url} gives {kind}, no article. Give the address of a page, a PDF or a text.")
    data = fetched.data
    if suffix not in _BINARY:
        data = codecs.BOM_UTF8 + decode_page(data, name, fetched.charset).encode("utf-8", "replace")
    return data, name if name.lower().endswith(suffix) else name + suffix


def _suffix_of(fetched: Fetched) -> str:
    """Returns the suffix of the format, "" if it is none that is read."""
    data, stated = fetched.data, fetched.content_type
    if b"%PDF-" in data[:1024]:
        return ".pdf"
    if data.startswith(b"PK\x03\x04"):
        return _suffix_of_zip(data)
    if data.startswith(b"{\\rtf"):
        return ".rtf"
    without_mark = data.removeprefix(codecs.BOM_UTF8)
    if _FEED.match(without_mark):
        raise ArticleError(f"{fetched.url} is a list of pages for programs, no article. Give the address of one page.")
    if _HTML.match(without_mark):
        return ".html"
    if stated.startswith(_WATCHED):
        return ""
    if stated in _BY_TYPE:
        return _BY_TYPE[stated]
    if b"\x00" in data[:1024] and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ""
    of_name = "." + fetched.name.lower().rpartition(".")[2]
    return of_name if of_name in SUFFIXES and of_name not in _BINARY else ".txt"


def _suffix_of_zip(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return ""
    return next((suffix for part, suffix in _PARTS.items() if part in names and suffix in SUFFIXES), "")
