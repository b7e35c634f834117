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
