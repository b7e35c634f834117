"""A sentence in which somebody speaks -> the words that are theirs."""

from __future__ import annotations

import re

from assistant.english.speech_verbs import NAMING
from assistant.speech.quotations import find_quotations
from assistant.speech.reports import Report, find_reports
from assistant.speech.transcripts import LABEL

MIN_WORDS = 3

_CLOSED_ONLY = re.compile(r"[,.!?…]?(?:[’”»\"]|'')(?=\s|$)")
_THAT = re.compile(r"\bthat\s+")
_BARE_CLAUSE = re.compile(r"\s+(?:the|a|an|his|her|its|their|he|she|it|they|there|this|these|we|[A-Z])\b")
_EDGE = " \t\n,;:‘’“”\"'«»„`.…"


def statement_span(sentence: str) -> tuple[int, int]:
    """Returns (start, end) of what is said in a sentence whose speaker is known, without quotation marks.

    The longest quotation in it; else what stands before the end of a quotation that began earlier; else what
    is reported behind the verb of saying; else all of it, without the speaker's label in a transcript. A word or two in
    quotation marks are no statement.
    """
    quotations = [q for q in find_quotations(sentence) if len(sentence[q.start : q.end].split()) >= MIN_WORDS]
    if quotations:
        longest = max(quotations, key=lambda q: q.end - q.start)
        return _trimmed(sentence, longest.start, longest.end)
    closing = _CLOSED_ONLY.search(sentence)
    if closing and len(sentence[: closing.start()].split()) >= MIN_WORDS and not find_quotations(sentence):
        return _trimmed(sentence, 0, closing.start())
    for report in (report for report in find_reports(sentence) if report.reports):
        start = _clause(sentence, report)
        if not start:
            break
        if len(sentence[start:].split()) >= MIN_WORDS:
            return _trimmed(sentence, start, len(sentence))
    label = LABEL.match(sentence)
    if label:
        return _trimmed(sentence, label.end(), len(sentence))
    return 0, len(sentence.rstrip(" .")) or len(sentence)


def is_speech(sentence: str) -> bool:
    """Returns whether anything in a sentence shows that somebody speaks: a quotation, or a verb of speech with its subject."""
    return bool(find_quotations(sentence)) or _CLOSED_ONLY.search(sentence) is not None or bool(find_reports(sentence))


def leaves_open(sentence: str) -> bool | None:
    """Returns whether a sentence ends inside a quotation, None where it has no mark that would tell."""
    quotations = find_quotations(sentence)
    if quotations:
        return not quotations[-1].closed
    return False if _CLOSED_ONLY.search(sentence) else None


def _clause(sentence: str, report: Report) -> int:
    """Returns where the reported clause begins: behind "that", "X said" or "According to X, …"; else the end.

    Where "X said" is put into the clause, or X calls something names, that is where the sentence begins.
    """
    inserted = sentence.startswith(",", report.end) and report.verb != "according"  # "The stocks, he added, were low"
    if inserted or report.verb in NAMING:
        return 0
    that = _THAT.search(sentence, report.end)
    if that:
        return that.end()
    if report.verb == "according":
        comma = sentence.find(", ", report.end)
        return comma + 2 if report.start < MIN_WORDS and comma > 0 else 0
    return report.end if _BARE_CLAUSE.match(sentence, report.end) else len(sentence)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Returns the span without quotation marks, commas and the full stop at its edges; never empty."""
    first, last = start, end
    while first < last and text[first] in _EDGE:
        first += 1
    while last > first and text[last - 1] in _EDGE:
        last -= 1
    return (first, last) if first < last else (start, end)
