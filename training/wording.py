"""What makes a question hard by its wording: another number beside the answer, or other words than the text's."""

from __future__ import annotations

from assistant.articles.sentences import split_sentences
from assistant.english.words import content_words
from training.data import Example
from training.near_misses import NAME, NUMBER

REWORDED = 0.34  # of its content words, at most, a reworded question has from the sentence that answers it


def is_contested(example: Example) -> bool:
    """Returns whether the sentence with the answer offers another number or name than the one asked for."""
    before, answer, after = _around_answer(example)
    if NUMBER.search(answer):
        return bool(NUMBER.search(f"{before} , {after}"))
    asked = example.question.lower()
    names = [name.group() for name in NAME.finditer(f"{before} , {after}", 1)]
    return answer[:1].isupper() and any(name.lower() not in asked for name in names)


def is_reworded(example: Example) -> bool:
    """Returns whether the sentence with the answer has little of the question's wording."""
    asked = set(content_words(example.question))
    found = set(content_words(" ".join(_around_answer(example))))
    return bool(example.answers) and len(asked & found) <= REWORDED * len(asked)


def _around_answer(example: Example) -> tuple[str, str, str]:
    """Returns what the sentence with the answer has before it, the answer, and what it has after it."""
    for start, answer in example.answers[:1]:
        end = start + len(answer)
        for sentence in split_sentences(example.context):
            if sentence.start <= start < sentence.end:
                return example.context[sentence.start : start], answer, example.context[end : sentence.end]
    return "", "", ""
