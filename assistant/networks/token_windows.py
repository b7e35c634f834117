"""Passages -> token windows, and token logits -> sentence support and answer spans; numpy alone."""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Logits = NDArray[np.float32]

# Of a section or an item; what stands there is nobody's answer.
_NUMBER = re.compile(r"\(?\d{1,3}(?:\.\d{1,3})*[.)]\s+(?=\S)")

_ENDS = (("<s>", "</s>"), ("[CLS]", "[SEP]"))  # of MPNet's vocabulary, and of BERT's
MAX_SPAN_TOKENS = 30
# Share of a window that the next one repeats, where a sentence is longer than the window.
OVERLAP = 0.25
FAR = -1e4


@dataclass(frozen=True, slots=True)
class TokenisedPassage:
    """A passage as tokens.

    Attributes:
        text: the passage.
        ids: token ids.
        starts, ends: character offsets into `text`, one a token.
        sentence: number of the sentence of each token, -1 between sentences and on the number of an item, as in "5. Rent".
        bounds: (first, last + 1) token of each sentence, such a number left out.
    """

    text: str
    ids: list[int]
    starts: list[int]
    ends: list[int]
    sentence: NDArray[np.int64]
    bounds: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Span:
    """The best answer span of a window.

    Attributes:
        start, end: character offsets into the passage's text, end exclusive.
        score: sum of its start and end logit, minus the same of the first token, which stands for "no answer".
    """

    start: int
    end: int
    score: float


def ends_of(tokenizer: Any) -> tuple[int, int]:
    """Returns the ids of the tokens that stand at the beginning, and after each part, of what a network reads."""
    ids = [(tokenizer.token_to_id(first), tokenizer.token_to_id(last)) for first, last in _ENDS]
    return next(pair for pair in ids if None not in pair)


def tokenise(tokenizer: Any, text: str, sentences: Sequence[tuple[int, int]]) -> TokenisedPassage:
    """Returns a passage as tokens.

    Args:
        tokenizer: of the reader, neither padding nor truncating.
        text: the passage.
        sentences: (start, end) of each sentence in `text`.
    """
    encoded = tokenizer.encode(text, add_special_tokens=False)
    starts = [start for start, _ in encoded.offsets]
    ends = [end for _, end in encoded.offsets]
    bounds = tuple(
        (bisect.bisect_left(starts, _unnumbered(text, a)), bisect.bisect_left(starts, b)) for a, b in sentences
    )
    sentence = np.full(len(starts), -1, dtype=np.int64)
    for number, (first, last) in enumerate(bounds):
        sentence[first:last] = number
    return TokenisedPassage(text, encoded.ids, starts, ends, sentence, bounds)


def _unnumbered(text: str, start: int) -> int:
    """Returns where a sentence begins behind its number, if it has one."""
    number = _NUMBER.match(text, start)
    return number.end() if number else start


def windows(bounds: Sequence[tuple[int, int]], room: int) -> list[tuple[int, int]]:
    """Returns (first, last + 1) tokens of windows of at most `room` tokens that cover every sentence.

    Windows hold whole sentences and start with the last sentence of the one before, which may refer to what stands
    ahead of it. A sentence longer than the window is cut, its parts overlapping by `OVERLAP`.
    """
    filled = [(first, last) for first, last in bounds if last > first]
    found: list[tuple[int, int]] = []
    index = 0
    while index < len(filled):
        first, last = filled[index]
        if last - first > room:
            step = max(1, int(room * (1 - OVERLAP)))
            found.extend((at, min(at + room, last)) for at in range(first, max(first + 1, last - room + step), step))
            index += 1
            continue
        until = index
        while until + 1 < len(filled) and filled[until + 1][1] - first <= room:
            until += 1
        found.append((first, filled[until][1]))
        if until + 1 >= len(filled):
            break
        repeats = until > index and filled[until + 1][1] - filled[until][0] <= room
        index = until if repeats else until + 1
    return found


def sentence_logits(logits: Logits, sentence: NDArray[np.int64], n_sentences: int) -> Logits:
    """Returns for each sentence the log of the mean exponential of its tokens' logits, `FAR` where it has no token.

    A soft maximum, so one telling phrase is enough, that does not grow with the sentence's length.
    """
    pooled = np.full(n_sentences, FAR, dtype=np.float32)
    for number in np.unique(sentence[sentence >= 0]):
        own = logits[sentence == number]
        top = own.max()
        pooled[number] = top + np.log(np.exp(own - top).mean())
    return pooled


def best_spans(
    start: Logits, end: Logits, sentence: NDArray[np.int64], null: float, n: int = 1
) -> list[tuple[int, int, float]]:
    """Returns (first, last token, score) of up to n spans inside one sentence each, best first; they may overlap.

    Args:
        start, end: (tokens,) logits of the passage part of a window.
        sentence: number of the sentence of each token.
        null: sum of the first token's start and end logit.
        n: most spans.
    """
    n_tokens = len(start)
    if not n_tokens or not (sentence >= 0).any():
        return []
    index = np.arange(n_tokens)
    length = index[None, :] - index[:, None]
    allowed = (length >= 0) & (length < MAX_SPAN_TOKENS)
    allowed &= (sentence[:, None] == sentence[None, :]) & (sentence[:, None] >= 0)
    total = np.where(allowed, start[:, None] + end[None, :], np.float32(FAR)).ravel()
    n = min(n, int(allowed.sum()))
    places = np.argpartition(-total, n - 1)[:n] if n > 1 else [total.argmax()]
    found = [(int(at) // n_tokens, int(at) % n_tokens, float(total[at]) - null) for at in places]
    return sorted(found, key=lambda span: (-span[2], span[:2]))


def whole_words(text: str, start: int, end: int, low: int, high: int) -> tuple[int, int]:
    """Returns a span widened to the words that it cuts, within `text[low:high]`."""
    while start > low and text[start].isalnum() and text[start - 1].isalnum():
        start -= 1
    while end < high and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    return start, end
