"""A report where it stands in an article, with the one who is meant."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.english.names import may_be_person
from assistant.speech.reports import Report


@dataclass(frozen=True, slots=True)
class Tag:
    """A report in the article: offsets are the article's, `speaker` is resolved."""

    report: Report
    start: int
    end: int
    sentence: int
    speaker: str


def is_body(tag: Tag) -> bool:
    """Returns whether a speaker is an organisation or a publication, which "it" may mean."""
    return bool(tag.speaker) and tag.speaker[0].isupper() and not may_be_person(tag.speaker)
