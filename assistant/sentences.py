"""Text -> sentences with exact character spans."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sentence:
    """The unit that is indexed and cited: `article.text[s.start:s.end] == s.text`, always.

    Attributes:
        text: the sentence as it stands in the article, no surrounding white space.
        start, end: character offsets into the article's text, end exclusive.
        position: index of the sentence in its article, from 0.
        speaker: who says it, in the fullest form the article has; "" if the article itself speaks.
        page: page number from 1, None where the format has no pages.
        section: heading the sentence stands under, "" if none.
    """

    text: str
    start: int
    end: int
    position: int
    speaker: str = ""
    page: int | None = None
    section: str = ""


def split_sentences(text: str) -> list[Sentence]:
    """Returns the sentences of `text` in order; every non-space character is in exactly one of them."""
    spans = []
    for line in re.finditer(r"[^\n]+", text):
        start = line.start()
        for stop in re.finditer(r"[.!?][’”\"')]*\s+(?=[A-Z‘“\"(])|$", line.group()):
            spans.append((start, line.start() + stop.end()))
            start = line.start() + stop.end()
    sentences: list[Sentence] = []
    for start, end in spans:
        body = text[start:end]
        stripped = body.strip()
        if stripped:
            start += len(body) - len(body.lstrip())
            sentences.append(Sentence(stripped, start, start + len(stripped), len(sentences)))
    return sentences
