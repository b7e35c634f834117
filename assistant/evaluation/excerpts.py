"""The part of an article that a question is about, as HTML: needed, cited and answering words marked."""

from __future__ import annotations

from assistant.evaluation.questions import Span
from assistant.evaluation.rows import FREE, RIGHT, Row, same_sentence
from assistant.markup import Html, join, tag

WHOLE_CHARACTERS = 1500
"""Articles up to this length are shown whole."""

AROUND_CHARACTERS = 160

_TITLES = {
    "cited right": "cited, and needed",
    "cited wrong": "cited, but not needed",
    "cited free": "cited; neither right nor wrong",
    "missed": "needed, but not cited",
}


def evidence_html(row: Row, text: str) -> Html:
    """Returns the marked excerpt of `text`, everything from the article escaped."""
    marks = _marks(row)
    if not marks:
        marks = [(start, end, "found") for start, end, _ in row.retrieved[:1]]
    parts: list[str] = []
    for start, end in _windows([(start, end) for start, end, _ in marks], text):
        if parts:
            parts.append("\n\n")
        parts.append("… " if start > 0 else "")
        place = start
        for mark_start, mark_end, style in marks:
            if not start <= mark_start < end:
                continue
            title = _TITLES.get(style, "closest sentence found")
            parts.append(text[place:mark_start])
            parts.append(tag("mark", _answer_marked(row, text[mark_start:mark_end]), class_=style, title=title))
            place = mark_end
        parts.append(text[place:end])
        parts.append(" …" if end < len(text) else "")
    return join(parts)


def _marks(row: Row) -> list[tuple[int, int, str]]:
    """Returns spans that do not overlap, in order: what was cited, and what was needed but missed."""
    styles = {RIGHT: "cited right", FREE: "cited free"}
    marks = [(start, end, styles.get(label, "cited wrong")) for start, end, label in row.citations]
    for index, need in enumerate(row.needs):
        if index not in row.needs_met:
            marks.extend((start, end, "missed") for start, end in need)
    kept: list[tuple[int, int, str]] = []
    for mark in sorted(set(marks)):
        if not kept or mark[0] >= kept[-1][1]:
            kept.append(mark)
        elif not same_sentence(mark[:2], kept[-1][:2]):
            kept.append((kept[-1][1], max(mark[1], kept[-1][1]), mark[2]))
    return [mark for mark in kept if mark[0] < mark[1]]


def _windows(spans: list[Span], text: str) -> list[Span]:
    """Returns the parts of `text` to show around the spans, cut between words, joined where they touch."""
    if len(text) <= WHOLE_CHARACTERS or not spans:
        return [(0, min(len(text), WHOLE_CHARACTERS))]
    windows: list[Span] = []
    for first, last in spans:
        start, end = max(0, first - AROUND_CHARACTERS), min(len(text), last + AROUND_CHARACTERS)
        if start > 0:
            start = first - len(text[start:first].partition(" ")[2])
        if end < len(text):
            end = last + len(text[last:end].rpartition(" ")[0])
        if windows and start <= windows[-1][1]:
            windows[-1] = (windows[-1][0], max(end, windows[-1][1]))
        else:
            windows.append((start, end))
    return windows


def _answer_marked(row: Row, sentence: str) -> Html:
    """Returns the sentence with the short answer that was given in bold."""
    before, answer, after = sentence.partition(row.short_answer) if row.short_answer else (sentence, "", "")
    return join([before, tag("b", answer), after]) if answer else join([sentence])
