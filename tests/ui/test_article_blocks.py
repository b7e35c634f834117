"""What the page is told of an article's blocks: their sentences, kinds and cells."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from assistant.adding import with_sentences
from assistant.articles.article import Article, make_article
from assistant.loaders.loaded import Loaded
from assistant.loaders.markdown import markdown_text
from assistant.ui.article_blocks import drawn_blocks


def article_of(loaded: Loaded) -> Article:
    return with_sentences(replace(make_article(loaded.text), blocks=loaded.blocks), loaded.marks)


def test_each_block_has_its_sentences_and_cells() -> None:
    article = article_of(
        markdown_text("# Bees\n\nThey fly. “Far!”\n\n1. one\n   - two\n\n> q\n\n```\nx\n```\n\n|𝄞 A|B|\n|-|-|\n|𝄞|2|")
    )
    assert drawn_blocks(article) == [
        {"n": 1, "level": 1},
        {"n": 2},
        {"n": 1, "kind": "item"},
        {"n": 1, "kind": "item", "depth": 1},
        {"n": 1, "kind": "quote"},
        {"n": 1, "kind": "code"},
        {"n": 1, "kind": "row", "cells": [["𝄞 A", 5, 6], ["B", 11, 12]]},
    ]
    assert article.sentences[-1].text == "𝄞 A: 𝄞 (B: 2)."


def test_a_row_that_is_several_sentences_is_no_row_of_a_table() -> None:
    long = "word " * 400
    assert drawn_blocks(article_of(markdown_text(f"|A|B|\n|-|-|\n|1|{long}|")))[0] == {"n": 2, "kind": "row"}


def test_where_the_format_tells_nothing_the_text_does() -> None:
    text = "A title\n\nWords are here. And here.\n\n- one\n- two\n\n3. three\n\n4. four\n\nx | y"
    assert drawn_blocks(with_sentences(make_article(text))) == [
        {"n": 1, "level": 7},
        {"n": 2},
        {"n": 1, "kind": "item"},
        {"n": 1, "kind": "item"},
        {"n": 1, "kind": "item"},
        {"n": 1, "kind": "item"},
        {"n": 1},
    ]


@given(st.text(alphabet="aB1. \n#-|>`*", max_size=100))
def test_all_sentences_are_told_once(text: str) -> None:
    for loaded in (Loaded(make_article(f"x {text}").text), markdown_text(f"x {text}")):
        article = article_of(loaded)
        assert sum(block["n"] for block in drawn_blocks(article)) == len(article.sentences)
