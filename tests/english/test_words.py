"""Stems are what lexical search counts in: the same for all forms of a word, in every script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.english.words import content_words, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Withdrawing bases, withdrawn BASE", ["withdraw", "base", "withdrawn", "base"]),
        ("Russia’s Café", ["russia", "cafe"]),
        ("the 102nd base (2020)", ["the", "102nd", "base", "2020"]),
        ("военная база", ["военная", "база"]),
        ("東京都", ["東京", "京都"]),
        ("水", ["水"]),
        ("c++ a-b 'quoted\" NEAR(x)", ["c", "a", "b", "quot", "near", "x"]),
        ("", []),
        ("?!… —", []),
    ],
)
def test_stems_of_a_text(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_content_words_leave_out_what_has_no_subject_and_come_once() -> None:
    assert content_words("What did the base say about the base in Armenia?") == ["base", "say", "armenia"]


@given(st.text(max_size=100))
def test_stems_are_plain_words_whatever_the_text(text: str) -> None:
    stems = words(text)
    assert all(stem and not set(stem) & set(" \"'*()-:^_\n\x00") for stem in stems)
    assert set(content_words(text)) <= set(stems)
