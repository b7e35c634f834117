"""A sentence in which somebody speaks -> the words that are theirs."""

from __future__ import annotations

import re

from assistant.quotations import find_quotations
from assistant.reporting import find_reports

MIN_WORDS = 3

_CLOSED_ONLY = re.compile(r"[,.!?…]?(?:[’”»\"]|'')(?=\s|$)")
_THAT = re.compile(r"\bthat\s+")
_EDGE = " \t\n,;:‘’“”\"'«»„`.…"


def statement_span(sentence: str) -> tuple[int, int]:
    """Returns (start, end) of what is said in a sentence whose speaker is known, without quotation marks.

    The longest quotation in it; else what stands before the end of a quotation that began earlier; else what
    follows "that" behind the verb of saying; else all of it. A word or two in quotation marks are no statement.
    """
    quotations = [q for q in find_quotations(sentence) if len(sentence[q.start : q.end].split()) >= MIN_WORDS]
    if quotations:
        longest = max(quotations, key=lambda q: q.end - q.start)
        return _trimmed(sentence, longest.start, longest.end)
    closing = _CLOSED_ONLY.search(sentence)
    if closing and len(sentence[: closing.start()].split()) >= MIN_WORDS and not find_quotations(sentence):
        return _trimmed(sentence, 0, closing.start())
    for report in find_reports(sentence):
        that = _THAT.search(sentence, report.end)
        if that and report.reports and len(sentence[that.end() :].split()) >= MIN_WORDS:
            return _trimmed(sentence, that.end(), len(sentence))
    return _trimmed(sentence, 0, len(sentence))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Returns the span without quotation marks, commas and the full stop at its edges; never empty."""
    first, last = start, end
    while first < last and text[first] in _EDGE:
        first += 1
    while last > first and text[last - 1] in _EDGE:
        last -= 1
    return (first, last) if first < last else (start, end)
