"""What every loader returns."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """From the character `start` of the text on, sentences stand under this section or on this page."""

    start: int
    section: str = ""
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Loaded:
    """A file's text, already normalised, with what its format tells about it.

    Attributes:
        text: normalised text (see `assistant.articles.article.normalise`); offsets of marks count in it.
        title: the title that the format states, "" if none.
        marks: sections and pages, by rising start.
    """

    text: str
    title: str = ""
    marks: tuple[Mark, ...] = ()
