"""Text -> Article: normalised once, so that offsets never move again."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from assistant.errors import ArticleError
from assistant.notebook import card, heading, paragraph, quiet

if TYPE_CHECKING:
    from assistant.articles.blocks import Block
    from assistant.articles.sentences import Sentence

MAX_TITLE_CHARACTERS = 200
MAX_SHOWN_CHARACTERS = 1500

EPOCH = datetime.fromtimestamp(0, UTC)

_LINE_ENDINGS = re.compile(r"\r\n?|[\u2028\u2029\x85\x0b\x0c]")
_MARKUP_AT_EDGES = re.compile(r"^[\s#>*=_~`-]+|(?<![\s#*=_~`])[\s#*=_~`]+$")
_LINE = re.compile(r"[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_WORD = re.compile(r"\S+")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Article:
    """One text under discussion.

    Attributes:
        id: the first 16 hexadecimal digits of the SHA-256 of the text; the same text has the same id.
        title: as given, else the first heading or line.
        text: normalised text that all offsets count in.
        source: where it came from (path, URL), "" if it was given as text.
        added: when it was added, UTC.
        sentences: in order; every non-space character of `text` is in exactly one.
        author: as its file or page states it, "" if it does not.
        date: when it was published or written, as its file or page states it.
        tags: given by whoever added it, sorted, in lower case.
        url: the address that it was fetched from, "" if it was not.
        fetched: when that was, UTC.
        notes: what a reader should know of how it was read: "Page 3 has no text." …
        blocks: what its format tells of headings, items, rows and code; () where the text alone tells.
    """

    id: str
    title: str
    text: str
    source: str = ""
    added: datetime = EPOCH
    sentences: tuple[Sentence, ...] = ()
    author: str = ""
    date: date | None = None
    tags: tuple[str, ...] = ()
    url: str = ""
    fetched: datetime | None = None
    notes: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()

    def _repr_html_(self) -> str:
        """Returns the article for a notebook: its title, what is known of it, and how it begins."""
        known = [self.author, str(self.date or ""), *(f"#{tag}" for tag in self.tags), self.url or self.source]
        size = f"{len(self.sentences):,} sentences" if self.sentences else ""
        beginning = paragraph(shorten(self.text, MAX_SHOWN_CHARACTERS))
        return card(heading(self.title), quiet([*known, size, self.id]), beginning)


def normalise(text: str) -> str:
    """Returns `text` in NFC, with `\\n` line ends, without byte-order mark and outer blank space; idempotent.

    Raises:
        ArticleError: if nothing is left, or it holds NULs or lone surrogates and so is not text.
    """
    if "\x00" in text:
        raise ArticleError(
            "The article is not text: it holds NUL characters, as binary files do. "
            "Give plain text or Markdown; convert other formats first."
        )
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ArticleError(
            f"The article is not valid text: a lone surrogate {text[error.start]!r} at character {error.start}. "
            "Decode the file with its right encoding and add it again."
        ) from error
    text = unicodedata.normalize("NFC", _LINE_ENDINGS.sub("\n", text.replace("\ufeff", ""))).strip()
    if not _LETTER_OR_DIGIT.search(text):
        raise ArticleError("The article is empty: no letter or digit was found in it. Give some text.")
    return text


def clean(text: str) -> str:
    """Returns `text` without what is no text: NULs and lone surrogates."""
    return text.replace("\x00", " ").encode("utf-8", "replace").decode("utf-8")


def article_id(text: str) -> str:
    """Returns the id of a normalised text: 16 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def title_of(text: str) -> str:
    """Returns the first line of `text` that has a letter or digit, without markup, at most 200 characters.

    A first line that is a whole paragraph gives its beginning, cut at a word, with an ellipsis.
    """
    for line in _LINE.finditer(text):
        if _LETTER_OR_DIGIT.search(line.group()):
            title = _beginning(_MARKUP_AT_EDGES.sub("", line.group()))
            return shorten(title, MAX_TITLE_CHARACTERS if len(title) <= MAX_TITLE_CHARACTERS else 80)
    return ""


def _beginning(line: str) -> str:
    """Returns the words of a line, one blank between, as far as a title may need them."""
    words, length = [], 0
    for word in _WORD.finditer(line):
        words.append(word.group()[: MAX_TITLE_CHARACTERS + 1])
        length += len(words[-1]) + 1
        if length > MAX_TITLE_CHARACTERS + 1:
            break
    return " ".join(words)


def shorten(text: str, max_characters: int) -> str:
    """Returns `text`, cut at a word and ended by an ellipsis where it is longer than `max_characters`."""
    if len(text) <= max_characters:
        return text
    head = text[: max_characters - 1]
    return (head[: head.rfind(" ")] if " " in head[max_characters // 2 :] else head).rstrip(" ,;:.") + "…"


def make_article(text: str, title: str = "", source: str = "") -> Article:
    """Returns the article of a text, its sentences not yet split.

    Raises:
        ArticleError: if the text is empty or not text, or the title or source is no text.
    """
    for name, value in (("title", title), ("source", source)):
        if not isinstance(value, str):
            raise ArticleError(f"The article's {name} is {value!r:.80}, expected a text.")
    text = normalise(text)
    title = " ".join(clean(title).split()) or title_of(text)
    return Article(article_id(text), shorten(title, MAX_TITLE_CHARACTERS), text, clean(source), datetime.now(UTC))
