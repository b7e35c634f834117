"""Files -> text: one format a file, chosen by the file's suffix."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from assistant.articles.article import clean, normalise
from assistant.errors import ArticleError
from assistant.loaders import ocr
from assistant.loaders.child_process import Limits, load_in_child
from assistant.loaders.loaded import Loaded, Mark

__all__ = ["FORMATS", "SUFFIXES", "Format", "Loaded", "Mark", "load_bytes", "load_file", "load_text", "read_file"]


@dataclass(frozen=True, slots=True)
class Format:
    """A file format, and what reads it.

    Attributes:
        suffixes: of its files' names.
        loader: "module:function" in this folder, of (content, name) to Loaded; imported when it is first needed.
        in_child_from: from how many bytes on it is read in a process of its own; None for never. What could be hurt by a
            hostile file always is, our own readers are where they would keep others waiting for long.
        seconds_per_megabyte: that this may take besides the first nine, more for what is packed tightly.
        may_be_scanned: whether its text may have to be recognised, which takes longer, where that is installed.
        in_folders: whether such files are articles where they lie in a folder; pictures mostly are none.
    """

    suffixes: tuple[str, ...]
    loader: str
    in_child_from: int | None = None
    seconds_per_megabyte: float = 3.0
    may_be_scanned: bool = False
    in_folders: bool = True


_LARGE = 200_000  # bytes; half a second of Markdown
FORMATS = (
    Format((".txt", ".text"), "plain_text:load_plain_text"),
    Format((".md", ".markdown"), "markdown:load_markdown", _LARGE, 10.0),
    Format((".html", ".htm", ".xhtml"), "web_page:load_web_page", in_child_from=0),
    Format((".csv", ".tsv"), "csv_table:load_csv", _LARGE, 10.0),
    Format((".docx",), "docx:load_docx", in_child_from=0),
    Format((".pptx",), "pptx:load_pptx", in_child_from=0),
    Format((".odt",), "odt:load_odt", in_child_from=0),
    Format((".rtf",), "rtf:load_rtf", in_child_from=0),
    Format((".pdf",), "pdf:load_pdf", in_child_from=0, seconds_per_megabyte=30.0, may_be_scanned=True),
    Format((".epub",), "epub:load_epub", in_child_from=0),
    Format((".eml",), "email_message:load_email", in_child_from=0),
    Format((".srt", ".vtt"), "subtitles:load_subtitles", in_child_from=0),
    Format(
        (".png", ".jpg", ".jpeg", ".tif", ".tiff"),
        "pictures:load_picture",
        in_child_from=0,
        may_be_scanned=True,
        in_folders=False,
    ),
)
_OF_SUFFIX = {suffix: format for format in FORMATS for suffix in format.suffixes}
_FIRST_SECONDS = 9.0
# What a reader may tell of a file, in proportion to it: a small file that unfolds into much is made to hurt.
_FIRST_TOLD_MEGABYTES, _TOLD_FOR_A_MEGABYTE, _MAX_TOLD_MEGABYTES = 50, 40, 400
_TOO_LARGE = "Split it, or raise ASSISTANT_MAX_ARTICLE_MEGABYTES."
SUFFIXES = tuple(suffix for suffix, format in _OF_SUFFIX.items() if format.in_folders)


def load_file(path: str | Path, max_megabytes: float = 30.0) -> Loaded:
    """Returns the text of a file. Raises as `read_file`, and ArticleError if it is of an unknown format, or not text."""
    return load_bytes(read_file(path, max_megabytes), Path(path).name, max_megabytes)


def read_file(path: str | Path, max_megabytes: float = 30.0) -> bytes:
    """Returns the content of a file; `~` is the home. What is no regular file, as a pipe, is read up to the limit.

    Raises:
        ArticleError: if it is missing, a folder, or too large.
    """
    if not isinstance(path, str | Path):
        raise ArticleError(f"The path is {path!r:.80}, expected the name of a file.")
    try:
        path = Path(path).expanduser()
        if path.is_dir():
            raise ArticleError(f"{path} is a folder. Give one file; add several one by one.")
        check_size(path.stat().st_size, max_megabytes, str(path))
        with path.open("rb") as file:
            data = file.read(int(max_megabytes * 1_000_000) + 1)
    except (OSError, RuntimeError, ValueError) as error:
        # Also where there is no such user, or no file system has such a name.
        reason = error.strerror if isinstance(error, OSError) else str(error).rstrip(".")
        raise ArticleError(f"The file {path} cannot be read: {reason}. Check the path and its permissions.") from error
    if len(data) > max_megabytes * 1_000_000:
        raise ArticleError(f"{path} is larger than the limit of {max_megabytes:g} MB. {_TOO_LARGE}", "too_large")
    return data


def load_bytes(data: bytes, name: str, max_megabytes: float = 30.0) -> Loaded:
    """Returns the text of a file's content; `name` tells the format by its suffix.

    Raises:
        ArticleError: if it is too large, of an unknown format, or not text.
    """
    if not isinstance(data, bytes | bytearray | memoryview) or not isinstance(name, str):
        raise ArticleError(f"The file is {type(data).__name__} {name!r:.80}, expected its bytes and its name.")
    data, name = bytes(data), clean(name)
    check_size(len(data), max_megabytes, name)
    if not data:
        raise ArticleError(f"{name} is empty. Give a file with some text.")
    # An unknown suffix on what is plainly text (.log, .rst, "Version 2.0") is read as text.
    format = _OF_SUFFIX.get(Path(name).suffix.lower(), FORMATS[0])
    if format.in_child_from is not None and len(data) >= format.in_child_from:
        megabytes = len(data) / 1_000_000
        seconds = _FIRST_SECONDS + format.seconds_per_megabyte * megabytes
        if format.may_be_scanned and ocr.is_installed():
            seconds += ocr.MAX_SECONDS + ocr.PAGE_SECONDS
        told = min(_MAX_TOLD_MEGABYTES, int(_FIRST_TOLD_MEGABYTES + _TOLD_FOR_A_MEGABYTE * megabytes))
        return load_in_child(format.loader, data, name, Limits(seconds=seconds, output_megabytes=told))
    module, function = format.loader.split(":")
    loaded: Loaded = getattr(import_module(f"assistant.loaders.{module}"), function)(data, name)
    return loaded


def load_text(text: str, max_megabytes: float = 30.0) -> Loaded:
    """Returns a plain text, normalised.

    Raises:
        ArticleError: if it is empty, too large, or not text.
    """
    if not isinstance(text, str):
        raise ArticleError(f"The text is {text!r:.80}, expected a text.")
    # A character is at least a byte; encoding 1 GB just to count it would be a way to hurt.
    check_size(len(text), max_megabytes, "The text")
    return Loaded(normalise(text))


def check_size(n_bytes: int, max_megabytes: float, what: str) -> None:
    """Refuses what is larger than the limit.

    Raises:
        ArticleError: if it is.
    """
    if n_bytes > max_megabytes * 1_000_000:
        raise ArticleError(
            f"{what} is too large: {n_bytes / 1_000_000:.1f} MB, the limit is {max_megabytes:g} MB. {_TOO_LARGE}",
            "too_large",
        )
