"""A sentence's boxes: one a line of each page, around its words and no others."""

from __future__ import annotations

from assistant.articles.boxes import Box, PlacedWord, boxes_between

#       0123456789012345678901
TEXT = "One two three. Four it"
WORDS = [
    PlacedWord(0, 3, 0, Box(1, 0.1, 0.2, 0.2, 0.22)),
    PlacedWord(4, 7, 0, Box(1, 0.25, 0.19, 0.3, 0.22)),
    PlacedWord(8, 14, 1, Box(1, 0.1, 0.3, 0.2, 0.32)),
    PlacedWord(15, 19, 1, Box(1, 0.3, 0.3, 0.4, 0.32)),
    PlacedWord(20, 22, 0, Box(2, 0.1, 0.1, 0.2, 0.12)),
]


def test_words_of_one_line_share_a_box_and_lines_and_pages_have_their_own() -> None:
    assert boxes_between(WORDS, 0, 14) == (Box(1, 0.1, 0.19, 0.3, 0.22), Box(1, 0.1, 0.3, 0.2, 0.32))
    assert boxes_between(WORDS, 15, 22) == (Box(1, 0.3, 0.3, 0.4, 0.32), Box(2, 0.1, 0.1, 0.2, 0.12))
    assert boxes_between(WORDS, 3, 4) == boxes_between([], 0, 9) == boxes_between(WORDS, 30, 40) == ()
    assert boxes_between(WORDS, 6, 8) == (WORDS[1].box,)
