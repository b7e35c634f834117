"""Passages become windows of tokens, and logits sentences and spans: on numbers small enough to count by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.networks.token_windows import (
    FAR,
    MAX_SPAN_TOKENS,
    best_spans,
    ends_of,
    sentence_logits,
    tokenise,
    whole_words,
    windows,
)


class Encoded:
    def __init__(self, text: str) -> None:
        places = [(i, i + 1) for i, character in enumerate(text) if character != " "]
        self.offsets = places
        self.ids = [ord(text[start]) for start, _ in places]


class CharacterTokenizer:
    """Each character but a space is a token."""

    def __init__(self, vocabulary: dict[str, int]) -> None:
        self._vocabulary = vocabulary

    def encode(self, text: str, add_special_tokens: bool) -> Encoded:
        assert not add_special_tokens
        return Encoded(text)

    def token_to_id(self, token: str) -> int | None:
        return self._vocabulary.get(token)


@pytest.mark.parametrize(
    ("vocabulary", "ends"),
    [
        ({"<s>": 0, "</s>": 2}, (0, 2)),
        ({"[CLS]": 101, "[SEP]": 102}, (101, 102)),
        ({"<s>": 0, "[CLS]": 1, "[SEP]": 3}, (1, 3)),
    ],
)
def test_the_ends_are_those_of_the_vocabulary(vocabulary: dict[str, int], ends: tuple[int, int]) -> None:
    assert ends_of(CharacterTokenizer(vocabulary)) == ends


def test_a_passage_as_tokens_knows_its_sentences_without_the_number_of_an_item() -> None:
    text = "5. ab (1.2) cd"
    tokenizer: Any = CharacterTokenizer({})
    passage = tokenise(tokenizer, text, [(0, 5), (6, 14)])
    assert passage.text == text
    assert "".join(map(chr, passage.ids)) == "5.ab(1.2)cd"
    assert [text[a:b] for a, b in zip(passage.starts, passage.ends, strict=True)] == list("5.ab(1.2)cd")
    assert passage.bounds == ((2, 4), (9, 11))
    assert passage.sentence.tolist() == [-1, -1, 0, 0, -1, -1, -1, -1, -1, 1, 1]


@pytest.mark.parametrize(
    ("bounds", "room", "expected"),
    [
        ([(0, 4), (4, 8), (8, 12)], 12, [(0, 12)]),
        ([(0, 4), (4, 8), (8, 12)], 8, [(0, 8), (4, 12)]),  # the second begins with the last of the first
        ([(0, 4), (4, 8), (8, 12)], 7, [(0, 4), (4, 8), (8, 12)]),  # no room to repeat one
        ([(0, 4), (5, 8), (8, 16)], 8, [(0, 8), (8, 16)]),
        ([(0, 10)], 4, [(0, 4), (3, 7), (6, 10)]),  # a quarter is read twice
        ([(0, 2), (2, 12), (12, 14)], 4, [(0, 2), (2, 6), (5, 9), (8, 12), (12, 14)]),
        ([(0, 2), (2, 2), (2, 4)], 4, [(0, 4)]),  # an empty one is none
        ([(0, 3)], 1, [(0, 1), (1, 2), (2, 3)]),
        ([], 4, []),
    ],
)
def test_windows_hold_whole_sentences(
    bounds: list[tuple[int, int]], room: int, expected: list[tuple[int, int]]
) -> None:
    assert windows(bounds, room) == expected


@given(st.lists(st.integers(0, 9), max_size=12), st.integers(1, 12))
def test_every_token_of_a_sentence_is_in_a_window_and_none_is_too_long(lengths: list[int], room: int) -> None:
    starts = [sum(lengths[:i]) for i in range(len(lengths))]
    found = windows([(start, start + n) for start, n in zip(starts, lengths, strict=True)], room)
    assert {token for first, last in found for token in range(first, last)} == set(range(sum(lengths)))
    assert all(0 < last - first <= room for first, last in found)


def test_a_sentence_has_the_log_of_the_mean_exponential_of_its_tokens() -> None:
    logits = np.array([0.0, math.log(3), 5.0, 700.0, 700.0], dtype=np.float32)
    pooled = sentence_logits(logits, np.array([0, 0, -1, 2, 2]), 4)
    assert pooled.tolist() == pytest.approx([math.log(2), FAR, 700.0, FAR])


def test_the_best_spans_stand_in_one_sentence_and_are_measured_against_no_answer() -> None:
    start = np.array([1, 5, 0, 9, 0], dtype=np.float32)
    end = np.array([0, 2, 7, 0, 1], dtype=np.float32)
    sentence = np.array([0, 0, 0, -1, 1])
    assert best_spans(start, end, sentence, null=2.0) == [(1, 2, 10.0)]
    assert best_spans(start, end, sentence, 0.0, n=3) == [(1, 2, 12.0), (0, 2, 8.0), (1, 1, 7.0)]
    assert len(best_spans(start, end, sentence, 0.0, n=50)) == 7  # six in the first sentence, one in the second
    assert best_spans(start, end, np.full(5, -1), 0.0) == []
    assert best_spans(start[:0], end[:0], sentence[:0], 0.0) == []


@pytest.mark.parametrize(("n", "length"), [(MAX_SPAN_TOKENS, MAX_SPAN_TOKENS), (MAX_SPAN_TOKENS + 1, None)])
def test_a_span_has_at_most_so_many_tokens(n: int, length: int | None) -> None:
    start, end = np.zeros(n, dtype=np.float32), np.zeros(n, dtype=np.float32)
    start[0] = end[-1] = 5.0
    ((first, last, score),) = best_spans(start, end, np.zeros(n, dtype=np.int64), 0.0)
    assert (score == 10.0) is (length is not None)
    assert last - first < MAX_SPAN_TOKENS


@pytest.mark.parametrize(
    ("span", "low", "high", "words"),
    [
        ((5, 6), 0, 12, "bcdef"),
        ((4, 9), 0, 12, "bcdef"),
        ((5, 6), 5, 7, "cd"),
        ((2, 3), 0, 12, "."),
        ((0, 1), 0, 12, "a1"),
    ],
)
def test_a_span_is_widened_to_the_words_that_it_cuts(span: tuple[int, int], low: int, high: int, words: str) -> None:
    text = "a1. bcdef gh"
    start, end = whole_words(text, *span, low, high)
    assert text[start:end] == words
