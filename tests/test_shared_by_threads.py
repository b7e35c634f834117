"""What threads share keeps nothing of one in the results of another: stems, sentences, speakers, languages, names."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import ROOT

from assistant.adding import with_sentences
from assistant.articles.article import make_article
from assistant.english import words as words_module
from assistant.english.languages import language_of
from assistant.english.names import find_people
from assistant.english.words import stem, words
from assistant.question.intent import intent_of
from assistant.speech.quotations import find_quotations

N_THREADS = 8
TEXTS = [
    paragraph
    for path in sorted((ROOT / "training" / "written").glob("*.txt"))[:3]
    for paragraph in path.read_text(encoding="utf-8").split("\n\n")[:60]
]
WORK: dict[str, Callable[[str], object]] = {
    "words": words,
    "sentences": lambda text: with_sentences(make_article(text or "a")).sentences,
    "quotations": find_quotations,
    "people": find_people,
    "language": language_of,
    "intent": lambda text: intent_of(text[:150]),
}


@pytest.fixture(autouse=True)
def threads_take_turns_often() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.parametrize("name", WORK)
def test_threads_get_what_one_alone_gets(name: str) -> None:
    work = WORK[name]
    alone = [work(text) for text in TEXTS]

    def shuffled(seed: int) -> bool:
        order = list(range(len(TEXTS)))
        random.Random(seed).shuffle(order)
        stem.cache_clear()
        return all(work(TEXTS[n]) == alone[n] for n in order)

    with ThreadPoolExecutor(N_THREADS) as pool:
        assert list(pool.map(shuffled, range(N_THREADS))) == [True] * N_THREADS


def test_no_wrong_stem_is_kept() -> None:
    found = sorted({word for text in TEXTS for word in words_module._WORD.findall(text.lower()) if word.isascii()})
    stem.cache_clear()
    with ThreadPoolExecutor(N_THREADS) as pool:
        list(pool.map(lambda seed: [stem(w) for w in random.Random(seed).sample(found, len(found))], range(N_THREADS)))
    kept = {word: stem(word) for word in found}
    stem.cache_clear()
    assert kept == {word: stem(word) for word in found}
