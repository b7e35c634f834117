"""Articles with questions that were written for training -> examples: `python -m training.written FILE …` checks them.

The form of a file, `training/written/*.txt`:

    == Title of the article
    A paragraph of its text.

    Another paragraph.
    --
    ? A question that the text answers
    = the short answer, word for word as in the sentence below
    > The sentence that answers, word for word.
    ? A question that the text does not answer
    + A sentence that would answer it, if it stood in the text. | short answer
    ? A question that wants yes or no
    > The sentence that settles it.
    < An earlier question | its answer
    ? A follow-up
    = short answer
    > Sentence.

A question may have several `>` (sentences that are needed together) and several `=` (answers that are as good), and several `<` in
front of it, oldest first. One without `>` has no answer in the text. Where several things together are the answer, each stands
behind a `&`; where it is yes or no, that stands behind a `!`.

People ask some things more than texts tell them: the name of somebody, what something costs. So that the wording of a question does
not betray that it has no answer, each such question is asked twice: of the text, and of the text `IN_FULL`, which has
all the sentences behind `+`, each at the end of a paragraph.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from assistant.articles.sentences import split_sentences
from assistant.english.words import content_words
from training.data import Example

SOURCE = "written"
MARKS = "?=&!><+"
_BY_PLACE = re.compile(r"@(\d+)-(\d+)", re.ASCII)
IN_FULL = ", in full"  # behind the name of an article
FOLDER = Path(__file__).parent / "written"
MIN_WORDS, MIN_QUESTIONS = 120, 6


class WrittenError(ValueError):
    """A file is not of the form expected; the message says where and why."""


def written_examples(folder: Path = FOLDER) -> list[Example]:
    """Returns the questions of all files in a folder, in the order of their names."""
    return [example for path in sorted(folder.glob("*.txt")) for example in read_written(path)]


def read_written(path: Path) -> list[Example]:
    """Returns the questions of one file.

    Raises:
        WrittenError: a sentence or an answer does not stand in the text, or a line is of no known form.
    """
    examples: list[Example] = []
    parts = re.split(r"^== +", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    for number, part in enumerate(parts[1:], 1):
        title, _, rest = part.partition("\n")
        text, found, asked = rest.partition("\n--\n")
        if not found:
            raise WrittenError(f"{path.name}, “{title}”: no line “--” between text and questions")
        text = "\n\n".join(" ".join(p.split()) for p in re.split(r"\n\s*\n", text.strip()))
        name, where = title.strip().lower(), f"{path.name}, “{title}”"
        blocks = list(blocks_of(asked, where))
        full = _in_full(text, [rest for block in blocks for mark, rest in block if mark == "+"], where)
        for n, block in enumerate(blocks, 1):
            identity = f"{path.stem}-{number}-{n}"
            examples.append(example_of(identity, SOURCE, name, text, block, where))
            if any(mark == "+" for mark, _ in block):
                answered = [(">", rest.partition(" | ")[0]) if mark == "+" else (mark, rest) for mark, rest in block]
                sentence, _, short = next(rest for mark, rest in block if mark == "+").partition(" | ")
                answered += [] if len(short) >= len(sentence) - 1 else [("=", short)]
                examples.append(example_of(f"{identity}-full", SOURCE, name + IN_FULL, full, answered, where))
    return examples


def blocks_of(asked: str, where: str) -> Iterator[list[tuple[str, str]]]:
    """Yields the (mark, rest) lines of each question.

    Raises:
        WrittenError: a line is of no known form, or a question is missing.
    """
    block: list[tuple[str, str]] = []
    for line in filter(str.strip, asked.splitlines()):
        mark, rest = line[0], " ".join(line[1:].split())
        if mark not in MARKS or not rest:
            raise WrittenError(f"{where}: “{line}” begins with none of {' '.join(MARKS)}, or is empty")
        starts = mark == "<" or (mark == "?" and not (block and block[-1][0] == "<"))
        if starts and any(m == "?" for m, _ in block):
            yield block
            block = []
        block.append((mark, rest))
    if not any(mark == "?" for mark, _ in block):
        raise WrittenError(f"{where}: has no question, or ends with “<”")
    yield block


def _in_full(text: str, added: Sequence[str], where: str) -> str:
    """Returns the text with each of the sentences at the end of a paragraph; headings and rows of tables are none."""
    paragraphs = text.split("\n\n")
    chance = random.Random(text)
    for line in added:
        sentence, separator, short = line.partition(" | ")
        if not separator or short not in sentence:
            raise WrittenError(f"{where}: “{line}” needs “ | ” and an answer that stands in the sentence")
        whole = [
            n for n, paragraph in enumerate(paragraphs) if paragraph.rstrip("”’\"')»]")[-1:] in (".", "!", "?", "…")
        ]
        paragraphs[chance.choice(whole or range(len(paragraphs)))] += f" {sentence}"
    return "\n\n".join(paragraphs)


def example_of(
    identity: str, source: str, article: str, text: str, block: Sequence[tuple[str, str]], where: str
) -> Example:
    """Returns the question of the (mark, rest) lines of one block.

    Raises:
        WrittenError: a sentence or an answer does not stand in the text, or an answer is no yes or no.
    """
    question = next(rest for mark, rest in block if mark == "?")
    where = f"{where}, “{question}”"
    sentences = [rest for mark, rest in block if mark == ">"]
    answers = [rest for mark, rest in block if mark in "=&"]
    kind = _kind(block, where)
    support = tuple(place_of(text, s, where) for s in sentences)
    spans = []
    for answer in answers:
        holding = [(a, b) for a, b in support if answer in text[a:b]]
        if not holding:
            raise WrittenError(f"{where}: the answer “{answer}” stands in none of its sentences")
        start = text.index(answer, holding[0][0])
        spans.append((start, answer))
    turns = [rest.partition(" | ") for mark, rest in block if mark == "<"]
    if any(not separator for _, separator, _ in turns):
        raise WrittenError(f"{where}: an earlier turn needs “ | ” between question and answer")
    return Example(
        id=identity,
        source=source,
        article=article,
        context=text,
        question=question,
        history=tuple((q, a) for q, _, a in turns),
        answers=tuple(spans),
        answerable=bool(support),
        support=tuple(sorted(support)) or None,
        mismatch=() if support else None,
        focus=None if support else _nearest(text, question),
        kind=kind,
    )


def _kind(block: Sequence[tuple[str, str]], where: str) -> str:
    """Returns the kind of answer that a block's marks tell, "" where they tell none."""
    marks = [mark for mark, _ in block]
    said = [rest.lower() for mark, rest in block if mark == "!"]
    if said:
        if said[0] not in ("yes", "no") or len(said) > 1 or "=" in marks or "&" in marks or ">" not in marks:
            raise WrittenError(f"{where}: behind “!” stands yes or no, once, with a sentence and no other answer")
        return said[0]
    if "&" in marks and ("=" in marks or marks.count("&") < 2):
        raise WrittenError(f"{where}: needs two “&” at least, and no “=” beside them")
    return "several" if "&" in marks else ""


def _nearest(text: str, question: str) -> tuple[int, int]:
    """Returns where the sentence stands that has most words of a question."""
    asked = set(content_words(question))
    start, end, _ = max(_sentences_of(text), key=lambda sentence: len(asked & sentence[2]))
    return start, end


@lru_cache(maxsize=2)
def _sentences_of(text: str) -> list[tuple[int, int, frozenset[str]]]:
    """Returns (start, end, words) of each sentence; the questions on a text come one after another."""
    return [(s.start, s.end, frozenset(content_words(s.text))) for s in split_sentences(text)]


def place_of(text: str, sentence: str, where: str) -> tuple[int, int]:
    """Returns where a sentence stands in a text; it may be named by its place, as `@12-87`.

    Raises:
        WrittenError: it stands there not at all, or twice, or there is no such place.
    """
    place = _BY_PLACE.fullmatch(sentence)
    if place:
        start, end = int(place[1]), int(place[2])
        if not start < end <= len(text):
            raise WrittenError(f"{where}: “{sentence}” is no place in a text of {len(text)} characters")
        return start, end
    if text.count(sentence) != 1:
        how = "twice" if sentence in text else "not, word for word,"
        raise WrittenError(f"{where}: “{sentence}” stands {how} in the text")
    start = text.index(sentence)
    return start, start + len(sentence)


def told_by_wording(examples: Sequence[Example], lacking: float) -> float:
    """Returns the AUROC with which the words of questions, and pairs of them, tell the unanswered of articles left out.

    Args:
        examples: questions.
        lacking: share of the answered ones that are asked of their text less what answers, and so are unanswered too.
    """
    import numpy as np
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import GroupKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline

    given = [e for e in examples if e.answerable]
    asked = [*examples, *(given if lacking else ())]
    labels = np.array([e.answerable for e in examples] + [False] * (len(asked) - len(examples)))
    weights = np.where(labels, 1 - lacking, 1.0)
    weights[len(examples) :] = lacking
    predicted = cross_val_predict(
        make_pipeline(CountVectorizer(ngram_range=(1, 2), min_df=2), LogisticRegression(C=0.1, max_iter=2000)),
        [e.question for e in asked], labels, groups=[e.article.removesuffix(IN_FULL) for e in asked], cv=GroupKFold(5),
        method="decision_function", params={"logisticregression__sample_weight": weights},
    )  # fmt: skip
    return float(roc_auc_score(labels, predicted, sample_weight=weights))


def main() -> None:
    """Checks files and prints what they hold."""
    from training.mixture import LACKING

    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument(
        "--wording", action="store_true", help="also tell how far the wording betrays what is unanswered"
    )
    arguments = parser.parse_args()
    everything: list[Example] = []
    for path in arguments.files:
        read = read_written(path)
        everything += read
        examples = [e for e in read if not e.article.endswith(IN_FULL)]
        texts = {e.article: e.context for e in examples}
        for article, text in texts.items():
            own = [e for e in examples if e.article == article]
            if len(text.split()) < MIN_WORDS or len(own) < MIN_QUESTIONS:
                print(f"{path.name}, “{article}”: {len(text.split())} words, {len(own)} questions: too few")
        missing = sum(not e.answerable for e in examples)
        print(f"{path.name}: {len(texts)} articles, {len(examples)} questions, {missing} without an answer")
    if arguments.wording:
        plain = [e for e in everything if not e.article.endswith(IN_FULL)]
        print(
            f"told by wording: {told_by_wording(plain, 0):.3f} as written, {told_by_wording(everything, LACKING):.3f} as drawn"
        )


if __name__ == "__main__":
    main()
