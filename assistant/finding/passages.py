"""Candidates -> the passages that the reader reads: few, and chosen well."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.articles.sentences import Sentence
from assistant.finding.search import REACH, Candidate
from assistant.library.store import Store, StoredSentence
from assistant.networks.reader import Passage

# About 150 word pieces: what the reader saw in training, and what it reads in some 40 ms on one core.
MAX_CHARACTERS = 700
MAX_PASSAGES = 4


def passages(store: Store, candidates: Sequence[Candidate], max_passages: int = MAX_PASSAGES) -> list[Passage]:
    """Returns up to `max_passages` passages around the best candidates, best first.

    A passage grows from its candidate by the sentences before and after it, to at most 700 characters unless the
    candidate itself is longer. A candidate that stands inside a passage chosen before it, with a neighbour on both
    sides, gets none of its own.
    """
    chosen: list[Passage] = []
    covered: set[int] = set()
    for candidate in candidates:
        if len(chosen) >= max_passages:
            break
        if candidate.stored.id in covered:
            continue
        window = _window(store, candidate.stored.id)
        if not window:
            continue
        covered |= {s.id for s in window}
        chosen.append(make_passage(candidate.stored.article_id, [s.sentence for s in window]))
    return chosen


def passage_around(store: Store, stored: StoredSentence) -> Passage | None:
    """Returns the passage that grows around one sentence, None if it is gone."""
    window = _window(store, stored.id)
    return make_passage(stored.article_id, [s.sentence for s in window]) if window else None


def _window(store: Store, sentence_id: int) -> list[StoredSentence]:
    return _grow(store.neighbours(sentence_id, REACH, REACH), sentence_id)


def make_passage(article_id: str, sentences: Sequence[Sentence]) -> Passage:
    """Returns the passage of consecutive sentences.

    Between two sentences of an article there is nothing but space, so its text follows from them, to the character.
    """
    parts = []
    end = sentences[0].start
    for sentence in sentences:
        parts.append(" " * (sentence.start - end) + sentence.text)
        end = sentence.end
    return Passage(article_id, "".join(parts), tuple(sentences))


def _grow(around: Sequence[StoredSentence], sentence_id: int) -> list[StoredSentence]:
    """Returns the sentences nearest to one, itself included, within MAX_CHARACTERS: before it first, then after."""
    positions = [s.id for s in around]
    if sentence_id not in positions:
        return []
    first = last = positions.index(sentence_id)
    length = len(around[first].sentence.text)
    turn = 0
    blocked = {-1: False, 1: False}
    while not all(blocked.values()):
        step = -1 if turn % 2 == 0 else 1
        turn += 1
        index = first - 1 if step < 0 else last + 1
        if not 0 <= index < len(around) or length + len(around[index].sentence.text) > MAX_CHARACTERS:
            blocked[step] = True
            continue
        length += len(around[index].sentence.text) + 1
        first, last = (index, last) if step < 0 else (first, index)
    return list(around[first : last + 1])
