"""The reader sees few passages, each around a candidate, their text as in the article but for the kind of space."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.articles.sentences import Sentence, split_sentences
from assistant.assistant import Assistant
from assistant.finding.passages import MAX_CHARACTERS, MAX_PASSAGES, make_passage, passages

Open = Callable[..., Assistant]


def test_passages_surround_the_best_candidates(quick: Open) -> None:
    assistant = quick()
    lines = [f"Sentence number {i} is about topic{i} and a few more words to fill the line." for i in range(60)]
    article = assistant.add("\n".join(lines))
    candidates = assistant.inquire("What is topic30?").candidates
    chosen = passages(assistant.store, candidates)
    assert 1 <= len(chosen) <= MAX_PASSAGES
    assert "topic30 " in chosen[0].text
    assert [s.position for s in chosen[0].sentences] == list(range(27, 34))
    for passage in chosen:
        first, last = passage.sentences[0], passage.sentences[-1]
        assert len(passage.text) <= MAX_CHARACTERS + 100
        assert passage.text.split() == article.text[first.start : last.end].split()
        assert len(passage.text) == last.end - first.start
    firsts = [passage.sentences[0].position for passage in chosen]
    assert len(set(firsts)) == len(firsts)


def test_a_long_sentence_stands_alone(quick: Open) -> None:
    assistant = quick()
    assistant.add(f"Short one here.\n\n{'very ' * 250}long topic.\n\nShort two here.")
    (passage, *_) = passages(assistant.store, assistant.inquire("What long topic?").candidates)
    assert len(passage.sentences) == 1
    assert "long topic" in passage.text


def test_passages_never_cross_articles(quick: Open) -> None:
    assistant = quick()
    ids = {assistant.add(f"Word{i} is a topic. It is short.").id for i in range(4)}
    for passage in passages(assistant.store, assistant.inquire("What is a topic?").candidates):
        assert passage.article_id in ids
        assert passage.text in {assistant.article(passage.article_id).text}


def test_no_candidates_give_no_passages(quick: Open) -> None:
    assert passages(quick().store, []) == []


@given(st.text(alphabet="ab. \n\t–“”", min_size=1, max_size=120))
def test_offsets_in_a_passage_are_those_of_the_article(text: str) -> None:
    sentences = split_sentences(text)
    if not sentences:
        return
    passage = make_passage("a", sentences)
    origin = sentences[0].start
    for sentence in sentences:
        assert passage.text[sentence.start - origin : sentence.end - origin] == sentence.text


def lines_read(quick: Open, lines: list[str], asked: str) -> list[int]:
    """Returns the positions of the sentences in the passage around the one that holds the word asked for."""
    assistant = quick()
    assistant.add("\n".join(lines))
    candidates = assistant.inquire(f"What is {asked}?").candidates
    best = next(c for c in candidates if asked in c.stored.sentence.text)
    (passage, *_) = passages(assistant.store, [best])
    return [s.position for s in passage.sentences]


@pytest.mark.parametrize(
    ("lengths", "read"),
    [
        ([100] * 9, [1, 2, 3, 4, 5, 6]),  # six fit, with what is between them: before it first, then after
        ([50] * 9, [1, 2, 3, 4, 5, 6, 7]),  # three on each side at most
        ([50, 50, 50, 681, 20, 50, 50, 50, 50], [4, 5, 6, 7]),  # a long one before it ends it there
        ([50, 50, 50, 50, 20, 690, 50, 50, 50], [1, 2, 3, 4]),
        ([690] * 4 + [20] + [690] * 4, [4]),
        ([690] * 4 + [800] + [690] * 4, [4]),
        ([50] * 4 + [648] + [50] * 4, [3, 4]),  # 50 more make 698
        ([50] * 4 + [650] + [50] * 4, [3, 4]),  # and 700
        ([50] * 4 + [651] + [50] * 4, [4]),
    ],
)
def test_a_passage_grows_before_and_after_its_candidate(quick: Open, lengths: list[int], read: list[int]) -> None:
    lines = [f"{'zyzzyva' if i == 4 else 'other'} {i} {'x' * n}"[: n - 1] + "." for i, n in enumerate(lengths)]
    assert [len(line) for line in lines] == lengths
    assert lines_read(quick, lines, "zyzzyva") == read


def test_candidates_inside_a_passage_get_none_and_there_are_four_at_most(quick: Open) -> None:
    assistant = quick()
    assistant.add("\n".join(f"Line {i} speaks of the whale in words {i}." for i in range(80)))
    candidates = assistant.inquire("What of the whale?").candidates
    chosen = passages(assistant.store, candidates)
    assert len(chosen) == MAX_PASSAGES == 4
    assert len(passages(assistant.store, candidates, 2)) == 2
    covered: set[int] = set()
    centres = iter(candidates)
    for passage in chosen:
        centre = next(c for c in centres if c.stored.sentence.position not in covered)
        around = {s.position for s in passage.sentences}
        assert centre.stored.sentence.position in around
        covered |= around
    assert {p.article_id for p in chosen} == {candidates[0].stored.article_id}


def test_a_candidate_that_has_gone_meanwhile_gets_no_passage(quick: Open) -> None:
    assistant = quick()
    article = assistant.add("The whale is here. Tea is hot.")
    candidates = assistant.inquire("What of the whale?").candidates
    assistant.remove(article.id)
    assert passages(assistant.store, candidates) == []


def test_the_text_of_a_passage_has_a_space_for_each_character_between() -> None:
    sentences = [Sentence("One.", 10, 14, 0), Sentence("Two.", 17, 21, 1), Sentence("Three.", 22, 28, 2)]
    passage = make_passage("a1", sentences)
    assert (passage.article_id, passage.text) == ("a1", "One.   Two. Three.")
    assert passage.sentences == tuple(sentences)
