"""A question file, compressed or not -> its text, as long as it is one and not too long; JSON without surprises."""

from __future__ import annotations

import codecs
import gzip
import io
import json
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.errors import ArticleError, QuestionSetError

MAX_MEGABYTES = 200
"""Of a question file, decompressed: five times the largest SQuAD. Half a megabyte of gzip may be two gigabytes of nothing."""

_CHUNK = 1_000_000
_WIDE = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NOT_TEXT = re.compile("[\x00\ud800-\udfff]")


def read_text(path: Path, expected: str, max_megabytes: float = MAX_MEGABYTES, any_encoding: bool = False) -> str:
    """Returns the text of a file in UTF-8, or in UTF-16 or UTF-32 with a byte-order mark; `.gz` is decompressed.

    Args:
        path: the file. A device or a pipe is read up to the limit.
        expected: what the file should be, for messages.
        max_megabytes: of the text's bytes, decompressed.
        any_encoding: whether an older encoding is told from the bytes, such as Windows-1252, as spreadsheets write it.

    Raises:
        QuestionSetError: if it is missing, damaged, too large, or no text.
    """
    try:
        with _opened(path) as file:
            data = b"".join(_limited(file, path, max_megabytes))
    except FileNotFoundError as error:
        raise QuestionSetError(f"{path}: there is no such file; expected {expected}") from error
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise QuestionSetError(f"{path}: cannot be read ({error}); expected {expected}") from error
    text = _decoded(data, path, any_encoding)
    nul = text.find("\x00")
    if nul >= 0:
        raise QuestionSetError(
            f"{path}, line {text.count(chr(10), 0, nul) + 1}: holds a NUL character, so it is no text; expected {expected}"
        )
    return text


def parse_json(text: str) -> Any:
    """Returns the value of a JSON text.

    Raises:
        ValueError: if it is none, is nested too deeply, or holds NaN, a NUL or half a surrogate pair, which no text has.
    """
    try:
        value = json.loads(text, parse_constant=_no_constant)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if "\\u" in text:  # such characters can only come from escapes
        for part in _strings(value):
            wrong = _NOT_TEXT.search(part)
            if wrong:
                raise ValueError(f"\\u{ord(wrong.group()):04x} in {part[:40]!r} is no character")
    return value


def _opened(path: Path) -> io.BufferedIOBase:
    return gzip.open(path) if path.suffix == ".gz" else path.open("rb")


def _limited(file: io.BufferedIOBase, path: Path, max_megabytes: float) -> Iterator[bytes]:
    """Yields the content piece by piece, as long as it is within the limit."""
    left = int(max_megabytes * 1_000_000)
    while chunk := file.read(_CHUNK):
        left -= len(chunk)
        if left < 0:
            raise QuestionSetError(f"{path}: is larger than {max_megabytes:g} MB, decompressed; split it")
        yield chunk


def _decoded(data: bytes, path: Path, any_encoding: bool) -> str:
    wide = any(data.startswith(mark) for mark in _WIDE)
    encoding = ("utf-32" if data.startswith(_WIDE[:2]) else "utf-16") if wide else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        if any_encoding and not wide:
            return _guessed(data, path)
        line = data.count(b"\n", 0, error.start) + 1
        name = "valid UTF-16 or UTF-32" if wide else "UTF-8"
        raise QuestionSetError(
            f"{path}, line {line}: is not {name}: byte {error.start} is 0x{data[error.start]:02x}; save the file as UTF-8"
        ) from error


def _guessed(data: bytes, path: Path) -> str:
    from assistant.loaders.plain_text import decode

    try:
        return decode(data, str(path))
    except ArticleError as error:
        raise QuestionSetError(str(error)) from error


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _strings(value: Any) -> Iterator[str]:
    """Yields every text in a JSON value, keys too, however deep."""
    left = [value]
    while left:
        item = left.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, list):
            left.extend(item)
        elif isinstance(item, dict):
            left.extend((*item.keys(), *item.values()))
