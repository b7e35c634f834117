"""Examples -> the passages that the shipped reader reads, for calibration and measurement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from tqdm import tqdm

from assistant.articles.sentences import Sentence, split_sentences
from assistant.networks.reader import OnnxReader, Passage, Prompt, WindowReading
from assistant.networks.token_windows import FAR
from assistant.question.answer_type import expected_of
from training.data import Example

MAX_WORDS = 130  # about 170 tokens, what the assistant gives the reader at a time


def whole_passage(context: str) -> Passage | None:
    """Returns a text as one passage, None if it has no sentence."""
    sentences = split_sentences(context)
    if not sentences:
        return None
    return Passage("", context[sentences[0].start : sentences[-1].end], tuple(sentences))


def passage_around(example: Example, max_words: int = MAX_WORDS) -> Passage | None:
    """Returns the sentences around the answer, the focus, or the middle, at most about `max_words` words of them."""
    sentences = split_sentences(example.context)
    if not sentences:
        return None
    spans = [(start, start + len(text)) for start, text in example.answers[:1]] or list(example.support or ())[-1:]
    spans = spans or [example.focus or (len(example.context) // 2, len(example.context) // 2 + 1)]
    inside = [n for n, s in enumerate(sentences) if any(s.start < b and a < s.end for a, b in spans)]
    low, high = (inside[0], inside[-1]) if inside else (len(sentences) // 2,) * 2
    lengths = [len(s.text.split()) for s in sentences]
    grown = True
    while grown:
        grown = False
        for index in (low - 1, high + 1):
            if 0 <= index < len(sentences) and sum(lengths[min(low, index) : max(high, index) + 1]) <= max_words:
                low, high, grown = min(low, index), max(high, index), True
    chosen: list[Sentence] = sentences[low : high + 1]
    text = example.context[chosen[0].start : chosen[-1].end]
    return Passage("", text, tuple(chosen))


def prompt_of(reader: OnnxReader, example: Example) -> Prompt:
    """Returns what a passage is read with, as the chain reads it."""
    return reader.prompt(example.question, example.history, expected_of(example.question).allows)


def read_all(
    reader: OnnxReader,
    examples: Sequence[Example],
    passage_of: Callable[[Example], Passage | None],
    n_threads: int = 2,
    label: str = "",
) -> list[tuple[Example, Passage, list[WindowReading]]]:
    """Returns each example with its passage and raw window readings; those without a passage are left out."""

    def one(example: Example) -> tuple[Example, Passage, list[WindowReading]] | None:
        passage = passage_of(example)
        if passage is None:
            return None
        return example, passage, reader.window_readings(prompt_of(reader, example), passage)

    with ThreadPoolExecutor(n_threads) as pool:
        rows = list(tqdm(pool.map(one, examples), total=len(examples), desc=label, mininterval=5, leave=False))
    return [row for row in rows if row is not None]


def best_answer(passage: Passage, parts: Sequence[WindowReading]) -> tuple[str, float]:
    """Returns the text and score of the best span over a passage's windows, ("", FAR) if there is none."""
    spans = [part.span for part in parts if part.span is not None]
    if not spans:
        return "", FAR
    best = max(spans, key=lambda span: span.score)
    return passage.text[best.start : best.end], best.score


def supporting(example: Example, passage: Passage) -> set[int]:
    """Returns the numbers of the passage's sentences that support the answer: labelled, else those that hold it."""
    spans = example.support or tuple((start, start + len(text)) for start, text in example.answers)
    return {n for n, s in enumerate(passage.sentences) if any(s.start < b and a < s.end for a, b in spans)}
