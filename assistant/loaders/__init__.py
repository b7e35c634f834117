"""Files -> text: one format a file, chosen by the file's suffix."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from assistant.errors import ArticleError
from assistant.loaders.loaded import Loaded, Mark
from assistant.loaders.markdown import load_markdown
from assistant.loaders.plain_text import decode, load_plain_text

__all__ = ["SUFFIXES", "Loaded", "Mark", "load_bytes", "load_file", "load_text"]

_LOADERS: dict[str, Callable[[str], Loaded]] = {
    ".txt": load_plain_text,
    ".text": load_plain_text,
    "": load_plain_text,
    ".md": load_markdown,
    ".markdown": load_markdown,
}
SUFFIXES = tuple(suffix for suffix in _LOADERS if suffix)


def load_file(path: Path, max_megabytes: float = 30.0) -> Loaded:
    """Returns the text of a file.

    Raises:
        ArticleError: if it is missing, a folder, too large, of an unknown format, or not text.
    """
    try:
        if path.is_dir():
            raise ArticleError(f"{path} is a folder. Give one file; add several one by one.")
        size = path.stat().st_size
        check_size(size, max_megabytes, str(path))
        data = path.read_bytes()
    except OSError as error:
        raise ArticleError(
            f"The file {path} cannot be read: {error.strerror}. Check the path and its permissions."
        ) from error
    return load_bytes(data, path.name, max_megabytes)


def load_bytes(data: bytes, name: str, max_megabytes: float = 30.0) -> Loaded:
    """Returns the text of a file's content; `name` tells the format by its suffix.

    Raises:
        ArticleError: if it is too large, of an unknown format, or not text.
    """
    check_size(len(data), max_megabytes, name)
    suffix = Path(name).suffix.lower()
    loader = _LOADERS.get(suffix)
    if loader is None:
        # An unknown suffix on what is plainly text (.log, .rst, "Version 2.0") is read as text.
        loader = load_plain_text
    return loader(decode(data, name))


def load_text(text: str, max_megabytes: float = 30.0) -> Loaded:
    """Returns a plain text, normalised.

    Raises:
        ArticleError: if it is empty, too large, or not text.
    """
    # A character is at least a byte; encoding 1 GB just to count it would be a way to hurt.
    check_size(len(text), max_megabytes, "The text")
    return load_plain_text(text)


def check_size(n_bytes: int, max_megabytes: float, what: str) -> None:
    """Refuses what is larger than the limit.

    Raises:
        ArticleError: if it is.
    """
    if n_bytes > max_megabytes * 1_000_000:
        raise ArticleError(
            f"{what} is too large: {n_bytes / 1_000_000:.1f} MB, the limit is {max_megabytes:g} MB. "
            "Split it, or raise ASSISTANT_MAX_ARTICLE_MEGABYTES."
        )
