"""Plain text: UTF-8, UTF-16 and legacy encodings."""

from __future__ import annotations

import codecs

from assistant.articles.article import normalise
from assistant.errors import ArticleError
from assistant.loaders.loaded import Loaded

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAVE_AS_TEXT = "Save it as plain text or Markdown and add that."
_UNPACK = "Unpack it and add its files, or save a document as .docx, .odt, PDF or plain text and add that."
_SAVE_AS_WORD = "Open it in a word processor, save it as .docx, and add that."
# Beginnings of formats that people drop by mistake.
_BINARY = {
    b"%PDF": "a PDF file",
    b"PK\x03\x04": "a zip archive (as .xlsx and .odp files are)",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"\x7fELF": "a program",
    b"SQLite format 3": "a SQLite database",
    b"\x1f\x8b": "a gzip archive",
    b"\xd0\xcf\x11\xe0": "an old Office file",
    b"{\\rtf": "an RTF file",
}
_REMEDIES = {b"PK\x03\x04": _UNPACK, b"\xd0\xcf\x11\xe0": _SAVE_AS_WORD, b"{\\rtf": "Name it .rtf, and add that."}
_SAMPLE_CHARACTERS = 200_000


def load_plain_text(data: bytes, name: str) -> Loaded:
    """Returns the text of a plain text file, normalised.

    Raises:
        ArticleError: if it is empty, or not text.
    """
    return Loaded(normalise(decode(data, name)))


def decode(data: bytes, name: str) -> str:
    """Returns the characters of a text file: byte-order marks first, then UTF-8, then what the bytes look like.

    Raises:
        ArticleError: if the file is empty, binary, or in an encoding that cannot be told.
    """
    if not data.strip():
        raise ArticleError(f"{name} is empty. Give a file with some text.")
    for beginning, kind in _BINARY.items():
        if data.startswith(beginning):
            raise ArticleError(f"{name} is {kind}, not text. {_REMEDIES.get(beginning, _SAVE_AS_TEXT)}")
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data, encoding, name)
    wide = _utf_16_without_mark(data)
    if wide:
        return _strict(data, wide, name)
    if b"\x00" in data:
        raise ArticleError(f"{name} is binary: it holds NUL bytes. Give plain text or Markdown.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _guess(data, name)


def _utf_16_without_mark(data: bytes) -> str:
    """Returns the UTF-16 form that text in a Western script without a byte-order mark has, "" if it has not."""
    sample = data[:4000]
    if len(data) % 2 or len(sample) < 8:
        return ""
    half = len(sample) // 2
    zeros_even, zeros_odd = sample[0::2].count(0) / half, sample[1::2].count(0) / half
    if zeros_odd > 0.6 and zeros_even < 0.02:
        return "utf-16-le"
    return "utf-16-be" if zeros_even > 0.6 and zeros_odd < 0.02 else ""


def _strict(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ArticleError(
            f"{name} says it is {encoding} but byte {error.start} is not. It is damaged or cut off; save it again as UTF-8."
        ) from error


def _guess(data: bytes, name: str) -> str:
    from assistant.loaders.encodings import encoding_of

    encoding = encoding_of(data)
    if not encoding:
        raise ArticleError(f"{name} is not text in any encoding that is known. Save it as UTF-8 and add it again.")
    text = data.decode(encoding, errors="replace")
    head = text[:_SAMPLE_CHARACTERS]
    controls = sum(character < " " and character not in "\t\n\r\f\v" for character in head)
    if controls > len(head) / 200 or text.count("\ufffd") > len(text) / 1000:
        raise ArticleError(f"{name} is binary, not text. Give plain text or Markdown.")
    return text
