"""The reader sees few passages, each around a candidate, their text as in the article but for the kind of space."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from assistant.articles.sentences import split_sentences
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
