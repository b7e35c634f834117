"""A document that is a zip archive, as Word's and EPUB's are -> its parts; nothing is unpacked before its size is known."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from assistant.errors import ArticleError

MAX_FILES = 10_000
MAX_UNPACKED = 100_000_000  # bytes of what is read
MAX_RATIO = 200
SMALL = 5_000_000  # bytes unpacked that are let be, whatever the ratio


@dataclass(frozen=True, slots=True)
class Packed:
    """A kind of document that is an archive.

    Attributes:
        suffixes: of the parts that are read, in lower case.
        damaged: what is said of one that cannot be opened, behind its name.
        protected: what is said of one that needs a password, behind its name.
        called: what one is called, in the middle of a sentence.
        may_declare: whether its XML may begin with a document type; entities are refused in any.
    """

    suffixes: tuple[str, ...]
    damaged: str
    protected: str
    called: str
    may_declare: bool = False


def read_parts(data: bytes, name: str, kind: Packed) -> dict[str, bytes]:
    """Returns the parts by their names in the archive. A name is only compared; nothing is written by it.

    Raises:
        ArticleError: if it is damaged, protected, or much larger unpacked than packed.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if entry.filename.lower().endswith(kind.suffixes)]
            unpacked = sum(entry.file_size for entry in entries)
            packed = sum(entry.compress_size for entry in entries)
            if len(archive.infolist()) > MAX_FILES or unpacked > MAX_UNPACKED or (
                unpacked > SMALL and unpacked > MAX_RATIO * packed
            ):  # fmt: skip
                raise ArticleError(
                    f"{name} is refused: unpacked it would have {unpacked / 1_000_000:.0f} MB in "
                    f"{len(archive.infolist()):,} parts, far more than a document has."
                )
            if any(entry.flag_bits & 1 for entry in entries):
                raise ArticleError(f"{name} {kind.protected}")
            return {entry.filename: archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, zlib.error) as error:
        raise ArticleError(f"{name} {kind.damaged}") from error


def xml_root(data: bytes, name: str, kind: Packed) -> Any:
    """Returns the root of a part's XML.

    Raises:
        ArticleError: if it is none, or defines entities.
    """
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        return fromstring(data, forbid_dtd=not kind.may_declare)
    except DefusedXmlException as error:
        raise ArticleError(f"{name} is refused: its XML defines entities, as no {kind.called} does.") from error
    except (ParseError, ValueError, LookupError) as error:
        raise ArticleError(f"{name} {kind.damaged}") from error


def path_from(folder: str, address: str) -> str:
    """Returns the path in the archive that an address in a part of a folder means; "" if it is no address."""
    try:
        path = unquote(urlsplit(address).path)
    except ValueError:
        return ""
    return posixpath.normpath(posixpath.join(folder, path)).lstrip("/")
