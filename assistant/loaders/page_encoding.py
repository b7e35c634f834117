"""The characters of a web page: what the server, the page's own head and its bytes tell of its encoding."""

from __future__ import annotations

import codecs
import re

from assistant.loaders.plain_text import decode

_HEAD_BYTES = 4096  # the standard looks at 1,024; pages with long heads state it later
_STATED = re.compile(
    rb"<(?:meta\b[^>]{0,300}?charset|\?xml\b[^>]{0,100}?encoding)\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w.:-]{2,40})", re.I
)
# What pages call an encoding, and the one that browsers read then. Source: the Encoding standard.
_READ_AS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
_WIDE = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "utf-7")


def decode_page(data: bytes, name: str, charset: str = "") -> str:
    """Returns the characters of a web page.

    Args:
        data: its bytes.
        name: for messages.
        charset: that its server states, "" for none.

    Raises:
        ArticleError: if it is empty, binary, or in an encoding that cannot be told.
    """
    if not data.strip() or data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return decode(data, name)
    try:
        # Bytes beyond ASCII that are valid UTF-8 are nothing else, whatever is stated.
        return decode(data, name) if b"\x00" in data else data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    encoding = _known(charset)
    if not encoding:
        stated = _STATED.search(data[:_HEAD_BYTES])
        encoding = _known(stated[1].decode("ascii", "ignore")) if stated else ""
    if encoding and encoding not in _WIDE:
        text = data.decode(encoding, "replace")
        if text.count("\ufffd") <= len(text) / 500:
            return text
    return decode(data, name)


def _known(charset: str) -> str:
    """Returns the name of Python's codec for what a page or server calls an encoding, "" if there is none."""
    try:
        found = codecs.lookup(charset.strip())
    except (LookupError, ValueError, UnicodeError):
        return ""
    if not getattr(found, "_is_text_encoding", True):
        return ""
    return _READ_AS.get(found.name, found.name)
