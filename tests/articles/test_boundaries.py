"""Where the sentences of a paragraph begin: what a general segmenter proposes, and what is put right."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.articles.boundaries import propose, sentence_starts

# fmt: off
PARAGRAPHS: list[tuple[str, list[str]]] = [
    ('It rained. It snowed.', ['It rained.', 'It snowed.']),
    ('Mr. Lee left. He ran.', ['Mr. Lee left.', 'He ran.']),
    ('It is No. 5. It is late.', ['It is No. 5.', 'It is late.']),
    ('See fig. The end.', ['See fig.', 'The end.']),
    ('See fig. 5 there.', ['See fig. 5 there.']),
    ('He left at 5 p.m. The dog ran.', ['He left at 5 p.m.', 'The dog ran.']),
    ('“It rained.” He left.', ['“It rained.”', 'He left.']),
    ('“It rained!” he said. Then he left.', ['“It rained!” he said.', 'Then he left.']),
    ('“It rained?” Ann Lee said. Then he left.', ['“It rained?” Ann Lee said.', 'Then he left.']),
    ('J. R. Lee left. He ran.', ['J. R. Lee left.', 'He ran.']),
    ('It is etc. (so) there.', ['It is etc. (so) there.']),
    ('It rained (it is so. Yes) there.', ['It rained (it is so. Yes) there.']),
    ('It rained. (It is so.) There.', ['It rained.', '(It is so.)', 'There.']),
    ('it rained. it snowed. it thawed.', ['it rained.', 'it snowed.', 'it thawed.']),
    ('It rained. it snowed.', ['It rained. it snowed.']),
    ('It is so! Really? Yes.', ['It is so!', 'Really?', 'Yes.']),
    ('王说：是。他走了。', ['王说：是。', '他走了。']),
    ('It rained.5 Then it snowed.', ['It rained.5', 'Then it snowed.']),
    ('It rained.Then it snowed.', ['It rained.', 'Then it snowed.']),
    ('It is 3.5 m. It is late.', ['It is 3.5 m.', 'It is late.']),
    ('1. One is here.', ['1. One is here.']),
    ('He is of the U.S. He left.', ['He is of the U.S.', 'He left.']),
    ('He is of the U.S. Army now.', ['He is of the U.S. Army now.']),
    ('It rained ... it snowed.', ['It rained ... it snowed.']),
    ('It rained .  " He left . "', ['It rained .', '" He left . "']),
    ('It rained.[1] It snowed.', ['It rained.[1]', 'It snowed.']),
    ('A', ['A']),
    ('It rained.’ It snowed.', ['It rained.’', 'It snowed.']),
]
# fmt: on


@pytest.mark.parametrize(("text", "sentences"), PARAGRAPHS)
def test_sentences_of_a_paragraph(text: str, sentences: list[str]) -> None:
    starts = sentence_starts(text)
    assert [text[a:b].strip() for a, b in zip(starts, [*starts[1:], len(text)], strict=True)] == sentences


def test_what_is_proposed_is_a_beginning_unless_it_cannot_be() -> None:
    text = "One two three. Mr. Lee (four. five) six"

    def everywhere(flat: str) -> list[int]:
        return list(range(len(flat)))

    assert sentence_starts(text, lambda _: []) == [0, 15]
    assert all(text[start:].lstrip()[:1] not in ")," for start in sentence_starts(text, everywhere))
    assert sentence_starts("no stop here", everywhere) == [0]


def test_a_long_run_of_anything_is_not_given_to_the_segmenter() -> None:
    assert propose("It rained. " + "x" * 3000 + " It snowed. It thawed.")
    assert propose("." * 3000) is not None


@given(st.text(alphabet='aA .!?()“”’"1\n', max_size=100))
def test_beginnings_rise_from_the_first_character(text: str) -> None:
    starts = sentence_starts(text)
    assert starts[0] == 0
    assert starts == sorted(set(starts))
    assert all(start < len(text.rstrip()) for start in starts[1:])


@pytest.mark.parametrize(
    "text",
    [
        "Jansen et al. [2004] ‖analysed tides.".replace("‖", ""),
        "At 5 a.m. Anna went to the mill.",
        "On Monday at 7.30 p.m. Lee spoke.",
        "Yahoo! Inc. was bought.",
        "The firm Joy? Ltd is old.",
        'The film "Help! I Am a Fish" opened.',
        "Her novel “Where To? The Long Road” won a prize.",
        "On 1. May the office is shut.",
        "It ran until 24. 12. and then stopped.",
        "See Sect. 4 for children.",
        "The wall is 5 ft. long and old.",
    ],
)
def test_a_stop_inside_a_sentence_ends_none(text: str) -> None:
    assert sentence_starts(text) == [0]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("We have it in size S.", "Fits well."),
        ("We chose plan B.", "Everybody agreed."),
        ("It closed at 5 p.m.", "Anna left."),
        ("Is it theirs? Yes!", "Incidents were few."),
        ("It was found by Jansen et al.", "Tides rise."),
        ("The wall is 5 ft.", "Two men built it."),
        ("It was built in 1868.¹", "Two men built it."),
        ("They called it “bright.”²", "Two men built it."),
        ("The letter ended: “Yours, V.”", "Vera denied it."),
        ("“Is it you?”", "Nobody answered."),
        ("Who asked that? at last she saw.", "It was she."),
    ],
)
def test_a_letter_or_a_time_may_end_one(first: str, second: str) -> None:
    assert sentence_starts(f"{first} {second}")[-1] == len(first) + 1


def test_a_quotation_that_somebody_says_is_no_title() -> None:
    assert len(sentence_starts('He said "Stop! I am here" and left.')) == 2
