"""Text is normalised once and for all, named after itself, and refused where it is none."""

from __future__ import annotations

import hashlib
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assistant.articles.article import article_id, make_article, normalise, shorten, title_of
from assistant.errors import ArticleError

# Characters that normalising moves, joins or drops, among ordinary ones.
TRICKY = st.text(
    alphabet=st.one_of(
        st.sampled_from("aé́̈\ufeff\r\n\u2028\u2029\x85\x0b\x0c \t.Å가가\u2000\u1fef"),
        st.characters(exclude_categories=["Cs"], exclude_characters="\x00"),
    ),
    max_size=80,
)


@given(TRICKY)
def test_normalising_twice_is_normalising_once(text: str) -> None:
    assume(any(c.isalnum() for c in unicodedata.normalize("NFC", text)))
    once = normalise(text)
    assert normalise(once) == once
    assert once == once.strip()
    assert not set(once) & set("\r\u2028\u2029\x85\x0b\x0c\ufeff")


def test_line_ends_marks_and_accents_have_one_form() -> None:
    assert normalise("\ufeff  a\r\nb\rc\u2028d e\u0301 \n") == "a\nb\nc\nd é"


@pytest.mark.parametrize("text", ["", " \n\t ", "\ufeff", "... --- !!!", "“”‘’«»\"'", "🙂🙃"])
def test_a_text_without_words_is_refused(text: str) -> None:
    with pytest.raises(ArticleError, match=r"is empty.*Give some text"):
        normalise(text)


def test_nuls_are_refused() -> None:
    with pytest.raises(ArticleError, match="NUL"):
        normalise("one\x00two")


def test_a_lone_surrogate_is_refused_with_its_place() -> None:
    with pytest.raises(ArticleError, match=r"surrogate .* at character 4"):
        normalise("ab c\ud800d")


def test_the_id_is_the_hash_of_the_text_however_it_was_written() -> None:
    expected = hashlib.sha256("Café\nopen".encode()).hexdigest()[:16]
    assert make_article("Cafe\u0301\r\nopen  ", title="x").id == expected == article_id("Café\nopen")
    assert make_article("Café\nclosed").id != expected


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# The base\n\nText.", "The base"),
        ("***\n\n  **Bold start** \nText.", "Bold start"),
        ("One line that is all", "One line that is all"),
        ("…\n—\nThird", "Third"),
    ],
)
def test_the_title_is_the_first_line_with_words(text: str, title: str) -> None:
    assert title_of(text) == title == make_article(text).title


def test_a_paragraph_as_first_line_gives_its_beginning() -> None:
    text = "word " * 100
    title = make_article(text).title
    assert title.startswith("word word")
    assert title.endswith("word…")
    assert len(title) <= 80


def test_a_given_title_is_kept_in_one_line_and_cut_at_200() -> None:
    assert make_article("Text here.", title=" My \n title ").title == "My title"
    assert len(make_article("Text here.", title="x" * 500).title) == 200


@given(st.text(max_size=120), st.integers(min_value=5, max_value=60))
def test_shortening_keeps_to_the_limit_and_to_the_beginning(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert len(short) <= limit
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))
