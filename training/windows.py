"""Examples -> token windows with labels, as the reader's encoder is trained on them."""

from __future__ import annotations

import bisect
import random
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from assistant.articles.sentences import split_sentences
from assistant.networks.token_windows import ends_of
from training.data import KINDS, Example

MAX_QUESTION_TOKENS = 64
MAX_HISTORY_TOKENS = 80
MAX_TOKENS = 320  # of a window whose answer stands nowhere in particular, so that it must hold the whole passage
IGNORED = -100


@dataclass(frozen=True, slots=True)
class Window:
    """Token ids of one question and part of its passage, with labels.

    Attributes:
        ids: token ids.
        start, end: token of the answer's first and last word; 0 (the first token) if unanswerable, IGNORED if not known.
        plausible: first and last token of what a near miss seems to ask for; IGNORED twice if not known.
        answerable: whether the window answers.
        sentence: for each token the number of its sentence in the window, -1 outside the passage.
        support: for each sentence 1.0 if it supports the answer, else 0.0; IGNORED if not known which does.
        mismatch: for each token 1 if it is a word of the question that does not fit, 0 if it fits, IGNORED if unknown.
        kinds: for each of `KINDS` whether the answer may be of it, as far as is known.
    """

    ids: list[int]
    start: int
    end: int
    plausible: tuple[int, int]
    answerable: bool
    sentence: list[int]
    support: list[float]
    mismatch: list[int]
    kinds: list[bool]


@dataclass(frozen=True, slots=True)
class _Encoded:
    ids: list[int]
    starts: list[int]
    ends: list[int]
    sentences: list[tuple[int, int, int, int]]  # characters from, to; tokens from, to


class Windows:
    """Cuts windows; passages are tokenised once and kept.

    Args:
        tokenizer_path: `tokenizer.json` of the encoder.
    """

    def __init__(self, tokenizer_path: Path) -> None:
        from tokenizers import Tokenizer

        self.tokenizer: Any = Tokenizer.from_file(str(tokenizer_path))
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        self._cls, self._sep = ends_of(self.tokenizer)
        self._passage = lru_cache(maxsize=40_000)(self._encode_passage)

    def cut(self, example: Example, max_tokens: int, rng: random.Random, alone: bool = False) -> Window | None:
        """Returns a window of at most `max_tokens`, and the history, that holds the answer; None if it cannot be labelled.

        Whole sentences are taken around the answer, support or focus, as many as fit, with a random share of them
        before it, unless that is to stand `alone`. A sentence longer than the window is cut on both sides. Where an answer
        stands nowhere in particular, the window holds the whole passage.
        """
        question = self.tokenizer.encode(example.question, add_special_tokens=False)
        head, mismatch = self._head(example, question)
        passage = self._passage(example.context)
        if not passage.sentences:
            return None
        answer = rng.choice(example.answers) if example.answers else None
        spans = list(example.support or [])
        if answer:
            spans.append((answer[0], answer[0] + len(answer[1])))
        nowhere = example.answerable and not spans
        if nowhere:
            spans = [(0, len(example.context))]
            max_tokens, alone = MAX_TOKENS, False
        needed = self._sentences_of(passage, spans or ([example.focus] if example.focus else []))
        if not needed:
            needed = [rng.randrange(len(passage.sentences))]
        room = max_tokens + self._history_tokens(example) - len(head) - 1
        low, high = (needed[0], needed[-1]) if alone else self._grow(passage, needed, room, rng)
        first, last = passage.sentences[low][2], passage.sentences[high][3]
        if nowhere and (low, high) != (0, len(passage.sentences) - 1):
            return None
        if last - first > room:
            first, last = self._crop(passage, spans, first, last, room, rng)
        start, end = (IGNORED, IGNORED) if example.answerable else (0, 0)
        plausible = (IGNORED, IGNORED)
        for found in (answer, example.plausible):
            if found is None:
                continue
            token_from = bisect.bisect_right(passage.ends, found[0])
            token_to = bisect.bisect_left(passage.starts, found[0] + len(found[1])) - 1
            if not first <= token_from <= token_to < last:
                return None
            plausible = (token_from - first + len(head), token_to - first + len(head))
            start, end = plausible if example.answerable else (0, 0)
        numbers = self._numbers(passage, low, high, first, last)
        support = [
            float(example.answerable and any(s[0] < b and a < s[1] for a, b in spans))
            for s in passage.sentences[low : high + 1]
        ]
        if nowhere:
            support = [float(IGNORED)] * len(support) if len(support) > 1 else [1.0]
        n_tokens = last - first
        return Window(
            ids=head + passage.ids[first:last] + [self._sep],
            start=start,
            end=end,
            plausible=(IGNORED, IGNORED) if example.answerable else plausible,
            answerable=example.answerable,
            sentence=[-1] * len(head) + numbers + [-1],
            support=support,
            mismatch=mismatch + [IGNORED] * (n_tokens + 1),
            kinds=[kind in example.kinds for kind in KINDS],
        )

    def _history_tokens(self, example: Example) -> int:
        return min(MAX_HISTORY_TOKENS, len(self._history(example))) + 1 if example.history else 0

    def _history(self, example: Example) -> list[int]:
        turns = " ".join(f"{q} {a}" for q, a in example.history)
        ids: list[int] = self.tokenizer.encode(turns, add_special_tokens=False).ids
        return ids

    def _head(self, example: Example, question: Any) -> tuple[list[int], list[int]]:
        head, mismatch = [self._cls], [IGNORED]
        if example.history:
            history = self._history(example)[-MAX_HISTORY_TOKENS:]
            head += [*history, self._sep]
            mismatch += [IGNORED] * (len(history) + 1)
        head += [*question.ids[:MAX_QUESTION_TOKENS], self._sep]
        for start, end in question.offsets[:MAX_QUESTION_TOKENS]:
            if example.mismatch is None:
                mismatch.append(IGNORED)
            else:
                mismatch.append(int(any(start < b and a < end for a, b in example.mismatch)))
        return head, [*mismatch, IGNORED]

    def _encode_passage(self, text: str) -> _Encoded:
        encoded = self.tokenizer.encode(text, add_special_tokens=False)
        starts = [start for start, _ in encoded.offsets]
        ends = [end for _, end in encoded.offsets]
        sentences = []
        for sentence in split_sentences(text):
            token_from, token_to = bisect.bisect_left(starts, sentence.start), bisect.bisect_left(starts, sentence.end)
            if token_to > token_from:
                sentences.append((sentence.start, sentence.end, token_from, token_to))
        return _Encoded(encoded.ids, starts, ends, sentences)

    @staticmethod
    def _sentences_of(passage: _Encoded, spans: list[tuple[int, int]]) -> list[int]:
        return [n for n, s in enumerate(passage.sentences) if any(s[0] < b and a < s[1] for a, b in spans)]

    @staticmethod
    def _grow(passage: _Encoded, needed: list[int], room: int, rng: random.Random) -> tuple[int, int]:
        low, high = needed[0], needed[-1]
        used = passage.sentences[high][3] - passage.sentences[low][2]
        if used > room:  # far-apart support: keep what surrounds its last sentence
            low = high
            used = passage.sentences[high][3] - passage.sentences[low][2]
        before = rng.random()
        sides = {"before", "after"}
        while sides:
            side = "before" if rng.random() < before else "after"
            if side not in sides:
                side = next(iter(sides))
            index = low - 1 if side == "before" else high + 1
            if not 0 <= index < len(passage.sentences):
                sides.discard(side)
                continue
            length = passage.sentences[index][3] - passage.sentences[index][2]
            if used + length > room:
                sides.discard(side)
                continue
            used += length
            low, high = min(low, index), max(high, index)
        return low, high

    @staticmethod
    def _crop(
        passage: _Encoded, spans: list[tuple[int, int]], first: int, last: int, room: int, rng: random.Random
    ) -> tuple[int, int]:
        if spans:
            anchor_from = bisect.bisect_right(passage.ends, spans[-1][0])
            anchor_to = bisect.bisect_left(passage.starts, spans[-1][1])
        else:
            anchor_from = anchor_to = rng.randrange(first, last)
        earliest, latest = max(first, anchor_to - room), min(anchor_from, last - room)
        start = rng.randint(earliest, latest) if earliest <= latest else max(first, min(anchor_from, last - room))
        return start, start + room

    @staticmethod
    def _numbers(passage: _Encoded, low: int, high: int, first: int, last: int) -> list[int]:
        numbers = [-1] * (last - first)
        for n, (_, _, token_from, token_to) in enumerate(passage.sentences[low : high + 1]):
            for token in range(max(token_from, first), min(token_to, last)):
                numbers[token - first] = n
        return numbers
