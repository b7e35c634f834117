"""Names and numbers of a question that a sentence puts others in the place of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.swapped_names import swaps

MINISTER = "The position was echoed by Armenian Foreign Minister Ararat Mirzoyan."
AMBASSADOR = "In an interview, Russian Ambassador to Armenia Sergey Kopyrkin spoke."
BASE = "The 102nd military base was opened in 1995, and it is bordered by Turkey, Iran and Georgia."


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Who is the Russian foreign minister?", MINISTER),
        ("Who is Armenia’s ambassador to Russia?", AMBASSADOR),
        ("When was the 101st military base opened?", BASE),
        ("What was opened in 1994?", BASE),
        ("What is bordered by Spain?", BASE),
        ("What did Mayow prove?", "In 1667 Boyle proved that air is needed."),
    ],
)
def test_another_name_or_number_is_noticed(question: str, sentence: str) -> None:
    assert swaps(question, sentence)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Who is the Armenian foreign minister?", MINISTER),
        ("Who is Armenia's foreign minister?", MINISTER),
        ("Who is Russia's ambassador to Armenia?", AMBASSADOR),
        ("When was the 102nd military base opened?", BASE),
        ("What is bordered by Iran?", BASE),
        ("What is bordered by Georgia?", BASE),
        ("What did Kopyrkin say?", AMBASSADOR),
        ("Who is the Russian minister?", "The Armenian Minister flew to Russia."),  # may be either's
        ("What is Godel's theorem?", "In 1931 Gödel’s theorem was new."),
        ("Who leads the 15th army?", "General Moss leads army 15, the 15 army of old."),
        ("Was the base opened in 1994 or 1995?", BASE),
        ("Is it the 101st or the 102nd military base?", BASE),
        ("What opened in 1995?", "What opened in 12 places was closed later."),
        ("who is it", MINISTER),
        ("", BASE),
        ("Who is the Russian foreign minister?", ""),
    ],
)
def test_what_fits_or_stands_nowhere_is_let_be(question: str, sentence: str) -> None:
    assert not swaps(question, sentence)


@given(st.text(max_size=120))
def test_no_text_replaces_what_it_says_itself(text: str) -> None:
    assert not swaps(text, text)
