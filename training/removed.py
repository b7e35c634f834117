"""Answered questions -> unanswered ones: the passage as it stands, less the sentences that answer."""

from __future__ import annotations

from dataclasses import replace

from assistant.articles.sentences import split_sentences
from training.data import Example

MAX_REMOVED = 3
MIN_LEFT = 2
# In characters: a shorter answer stands everywhere, and what a longer one says may be said again in other words.
MIN_GOLD, MAX_GOLD = 3, 60


def without_answer(example: Example) -> Example | None:
    """Returns the question with its passage less every sentence that supports or names an answer.

    That is what most questions without an answer look like to a reader: the article is about the matter, and the one
    sentence that would say it is not there. None if too much would go, or too little would be left.
    """
    golds = [plain(gold) for gold in example.golds]
    if not (golds or example.wants_yes_or_no) or not all(MIN_GOLD <= len(gold) <= MAX_GOLD for gold in golds):
        return None
    spans = [(start, start + len(text)) for start, text in example.answers] + list(example.support or ())
    sentences = split_sentences(example.context)
    gone = [
        s
        for s in sentences
        if any(s.start < b and a < s.end for a, b in spans) or any(gold in plain(s.text) for gold in golds)
    ]
    if not 0 < len(gone) <= MAX_REMOVED or len(sentences) - len(gone) < MIN_LEFT:
        return None
    text = example.context
    for sentence in reversed(gone):
        text = text[: sentence.start] + text[sentence.end :].lstrip(" ")
    if any(gold in plain(text) for gold in golds):
        return None
    return replace(
        example, id=f"{example.id}#removed", context=text, answers=(), accepted=(), answerable=False, support=None,
        mismatch=None, kind="",
    )  # fmt: skip


def plain(text: str) -> str:
    """Returns a text in small letters, its blanks single."""
    return " ".join(text.lower().split())
