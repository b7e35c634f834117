"""Prints how often the rules that refuse an answer are wrong: on public questions, by the sentence that answers.

    python -m benchmarks.ruled_out --data DIR

DIR is the folder with the train-*.jsonl.gz files. Of an answerable question the labelled answer and its sentence are looked
at, where no rule should hold; of one that people wrote to be unanswerable, the sentence that shares most words with it.
TimeQA is left out: its questions were made by putting in dates that the text does not have.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from assistant.answering.asked_person import is_asked_person
from assistant.answering.swapped_names import swaps
from assistant.articles.sentences import Sentence, split_sentences
from assistant.english.words import content_words, words
from assistant.question.answer_type import answer_type, expected_of, may_answer
from benchmarks.speaker_quality import interval
from training.data import Example, read_set, training_sets

LEFT_OUT = "train-timeqa"


def main() -> None:
    """Prints for each rule the share of the answerable and of the unanswerable questions that it refuses."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with the train-*.jsonl.gz files")
    arguments = parser.parse_args()
    held: Counter[tuple[str, bool]] = Counter()
    asked: Counter[tuple[str, bool]] = Counter()
    sentences: dict[str, list[Sentence]] = {}
    for path in (p for p in training_sets(arguments.data) if not p.name.startswith(LEFT_OUT)):
        for example in (e for e in read_set(path) if not e.history and (e.answers or not e.answerable)):
            if example.context not in sentences:
                sentences[example.context] = split_sentences(example.context)
            sentence = sentence_of(example, sentences[example.context])
            if sentence is None:
                continue
            asked["replaced", example.answerable] += 1
            held["replaced", example.answerable] += swaps(example.question, sentence.text)
            if not example.answers:
                continue
            texts = [text for _, text in example.answers]
            if kind := answer_type(example.question):
                asked[kind, True] += 1
                held[kind, True] += not any(may_answer(kind, text) for text in texts)
            if kind == "person":
                asked["asked person", True] += 1
                held["asked person", True] += all(
                    is_asked_person(example.question, t, [example.context]) for t in texts
                )
            expected = expected_of(example.question)
            if expected.asked:
                asked["repeated", True] += 1
                held["repeated", True] += all(map(expected.repeats, texts))
    for rule, answerable in sorted(asked):
        share, low, high = interval(held[rule, answerable], asked[rule, answerable])
        questions = "answerable" if answerable else "unanswerable"
        print(
            f"{rule}, {questions}: {held[rule, answerable]} of {asked[rule, answerable]}, {100 * share:.2f} % ({100 * low:.2f}-{100 * high:.2f})"
        )


def sentence_of(example: Example, sentences: list[Sentence]) -> Sentence | None:
    """Returns the sentence with the answer, or of an unanswerable question the one that shares most words with it."""
    if example.answers:
        start = example.answers[0][0]
        return next((s for s in sentences if s.start <= start < s.end), None)
    asked = set(content_words(example.question))
    return max(sentences, key=lambda s: len(asked & set(words(s.text))), default=None)


if __name__ == "__main__":
    main()
