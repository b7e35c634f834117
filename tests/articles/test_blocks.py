"""Lines that belong together: paragraphs, headings, items, rows and turns; wrapped lines are told from meant ones."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.articles.blocks import heading_title, split_blocks

# fmt: off
BLOCKS: list[tuple[str, list[tuple[str, int]]]] = [
    ('One.\nTwo.', [('One.', 0), ('Two.', 0)]),
    ('One.\n\nTwo.', [('One.', 0), ('Two.', 0)]),
    ('A title\n\nText is here.', [('A title', 7), ('Text is here.', 0)]),
    ('A title.\n\nText is here.', [('A title.', 0), ('Text is here.', 0)]),
    ('a title\n\nText is here.', [('a title', 0), ('Text is here.', 0)]),
    ('# Title\nText.', [('# Title', 1), ('Text.', 0)]),
    ('### Title ##\n\nText.', [('### Title ##', 3), ('Text.', 0)]),
    ('Title\n=====\nText.', [('Title\n=====', 1), ('Text.', 0)]),
    ('Title\n---\nText.', [('Title\n---', 2), ('Text.', 0)]),
    ('Title\n\n---\nText.', [('Title', 7), ('---', 0), ('Text.', 0)]),
    ('1. one\n2. two', [('1. one', 0), ('2. two', 0)]),
    ('Text.\n1. one', [('Text.', 0), ('1. one', 0)]),
    ('Text of\n1. one', [('Text of', 0), ('1. one', 0)]),
    ('one two\nthree', [('one two', 0), ('three', 0)]),
    ('It is a long line of words that goes on and on\nand then ends here.', [('It is a long line of words that goes on and on\nand then ends here.', 0)]),
    ('It is a long line of words that goes on and on.\nand then ends here.', [('It is a long line of words that goes on and on.\nand then ends here.', 0)]),
    ('It is a long line of words that goes on and on\nAnd then ends here.', [('It is a long line of words that goes on and on', 0), ('And then ends here.', 0)]),
    ('```\n# no title\n```\nText.', [('```', 0), ('# no title', 0), ('```', 0), ('Text.', 0)]),
    ('By Ann Lee\n\nText.', [('By Ann Lee', 0), ('Text.', 0)]),
    ('“A title\n\nText.', [('“A title', 0), ('Text.', 0)]),
    ('12\n\nText.', [('12', 0), ('Text.', 0)]),
    ('Ann Lee: I came.\nBo Ray: I went.', [('Ann Lee: I came.', 0), ('Bo Ray: I went.', 0)]),
    ('A title:\n\nText.', [('A title:', 0), ('Text.', 0)]),
    ('Title', [('Title', 0)]),
    ('a | b\n\nName | Age\n\nText.', [('a | b', 0), ('Name | Age', 0), ('Text.', 0)]),
    ('Name\tAge\n\nOslo   5\n\nText.', [('Name\tAge', 0), ('Oslo   5', 0), ('Text.', 0)]),
    ('Call print(x)\n\nX = 1\n\nIf A {\n\n#include\n\nText.', [('Call print(x)', 0), ('X = 1', 0), ('If A {', 0), ('#include', 0), ('Text.', 0)]),
    ('1. Boil it\n\n2. Rest\n\nText.', [('1. Boil it', 0), ('2. Rest', 0), ('Text.', 0)]),
    ('1. The first part\n\nText.', [('1. The first part', 7), ('Text.', 0)]),
    ('C# and #1 (one)\n\nText.', [('C# and #1 (one)', 7), ('Text.', 0)]),
    ('One\r\n\r\nTwo.', [('One', 7), ('Two.', 0)]),
    (' \n\n ', []),
    ('| a | b |\n| c | d |', [('| a | b |', 0), ('| c | d |', 0)]),
    ('**Bold** is it\n**Bold**', [('**Bold** is it', 0), ('**Bold**', 0)]),
]
# fmt: on
WRAPPED = """The quick brown fox jumps over the lazy dog and
then it goes on to the river where it sits and
drinks of the cold water for a long long while
and sleeps.

Then it wakes. And it goes on to the river of the
cold water and sits there for a long long while,
as foxes do."""


@pytest.mark.parametrize(("text", "blocks"), BLOCKS)
def test_blocks_and_the_levels_of_headings(text: str, blocks: list[tuple[str, int]]) -> None:
    assert [(text[block.start : block.end], block.level) for block in split_blocks(text)] == blocks


def test_lines_that_are_wrapped_at_one_width_are_one_block_each_paragraph() -> None:
    assert [WRAPPED[block.start : block.end] for block in split_blocks(WRAPPED)] == WRAPPED.split("\n\n")


def test_a_heading_is_short() -> None:
    for title, level in (("A" * 80, 7), ("A" * 81, 0), ("A " * 9 + "A", 7), ("A " * 10 + "A", 0)):
        assert next(iter(split_blocks(f"{title}\n\nText is here."))).level == level, title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("## What you need ##", "What you need"),
        ("Title\n=====", "Title"),
        ("# *Bold* _one_", "Bold* _one"),
        ("Title", "Title"),
    ],
)
def test_a_title_has_no_marks(text: str, title: str) -> None:
    assert heading_title(text) == title


@given(st.text(alphabet="aA .\n\t#=-“:1|*`", max_size=120))
def test_every_visible_character_is_in_one_block(text: str) -> None:
    blocks = list(split_blocks(text))
    assert "".join("".join(text[b.start : b.end].split()) for b in blocks) == "".join(text.split())
    assert all(before.end <= after.start for before, after in pairwise(blocks))
    assert all(0 <= block.level <= 7 for block in blocks)


def test_short_wrapped_lines_are_one_block_and_lists_are_not() -> None:
    wrapped = "The quick brown fox jumped over\nthe lazy dog and then ran\naway into the wood."
    assert [(b.start, b.end) for b in split_blocks(wrapped)] == [(0, len(wrapped))]
    for text in ("milk\neggs\nbread and butter", "Ingredients\ntwo cups of flour\none large egg\nsome fine salt"):
        assert len(list(split_blocks(text))) == text.count("\n") + 1
