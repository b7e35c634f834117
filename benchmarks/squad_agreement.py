"""Checks that exact match and F1 equal independent implementations, question by question, to the last digit.

    python -m benchmarks.squad_agreement DATA [--results results.json]

DATA is the folder that holds dev-squad2.jsonl.gz. The predictions are those of an evaluation (`assistant evaluate … --report`)
or, without one, spans drawn around the accepted answers, refusals among them. Answerable questions are held against
torchmetrics; all questions against the logic of the official script evaluate-v2.0, written here a second time.
"""

from __future__ import annotations

import argparse
import random
import re
import string
from collections.abc import Sequence
from pathlib import Path

from assistant.evaluation import QuestionSet, read_questions, read_results
from assistant.evaluation.answer_measures import exact_match, token_f1
from assistant.evaluation.questions import Question

SEED = 7


def main() -> int:
    """Compares all predictions; returns 0 if every figure agrees, else 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder that holds dev-squad2.jsonl.gz")
    parser.add_argument("--results", type=Path, default=None, help="results.json of an evaluation of that set")
    arguments = parser.parse_args()
    questions = read_questions(arguments.data / "dev-squad2.jsonl.gz")
    if not isinstance(questions, QuestionSet):
        raise SystemExit(f"{arguments.data} holds no question set")
    given = predictions_of(arguments.results) if arguments.results else drawn_predictions(questions)
    pairs = [(question, given[question.id]) for question in questions.questions]
    n_wrong = compare_with_script(pairs) + compare_with_torchmetrics(pairs)
    print("all agree" if n_wrong == 0 else f"{n_wrong} disagreements")
    return min(1, n_wrong)


def predictions_of(path: Path) -> dict[str, str]:
    """Returns the short answers of an evaluation by question id, "" for a refusal."""
    return {row.id: "" if row.abstained else row.short_answer or row.text for row in read_results(path).rows}


def drawn_predictions(questions: QuestionSet) -> dict[str, str]:
    """Returns for each question, at random: a refusal, an accepted answer, words around one, or words of the article."""
    chance = random.Random(SEED)
    drawn = {}
    for question in questions.questions:
        words = questions.articles[question.article_id].text.split()
        start = chance.randrange(len(words))
        beside = " ".join(words[start : start + chance.randint(1, 6)])
        answer = chance.choice(question.answers) if question.answers else beside
        drawn[question.id] = chance.choice(["", answer, answer.upper(), f"{beside} {answer}", f"the {answer}.", beside])
    return drawn


def compare_with_script(pairs: Sequence[tuple[Question, str]]) -> int:
    """Prints the totals of both over all questions and returns how many questions differ."""
    ours = [(exact_match(given, q.answers), token_f1(given, q.answers)) for q, given in pairs]
    theirs = [official_scores(given, list(q.answers)) for q, given in pairs]
    return report("evaluate-v2.0, all", ours, theirs)


def official_scores(given: str, golds: list[str]) -> tuple[float, float]:
    """Returns exact match and F1 as the official script has them, written from its description."""
    golds = [gold for gold in golds if official_words(gold)] or [""]
    exact = max(int(official_words(given) == official_words(gold)) for gold in golds)
    best = 0.0
    for gold in golds:
        ours, theirs = official_words(given), official_words(gold)
        if len(ours) == 0 or len(theirs) == 0:
            best = max(best, 1.0 if ours == theirs else 0.0)
            continue
        left = list(theirs)
        same = 0
        for word in ours:
            if word in left:
                left.remove(word)
                same += 1
        if same:
            precision, recall = 1.0 * same / len(ours), 1.0 * same / len(theirs)
            best = max(best, (2 * precision * recall) / (precision + recall))
    return float(exact), best


def official_words(text: str) -> list[str]:
    """Returns the words left after lower case, punctuation and articles."""
    letters = "".join(character for character in text.lower() if character not in set(string.punctuation))
    return re.sub(r"\b(a|an|the)\b", " ", letters, flags=re.UNICODE).split()


def compare_with_torchmetrics(pairs: Sequence[tuple[Question, str]]) -> int:
    """Prints the totals of both over the answerable questions and returns how many questions differ.

    torchmetrics counts in torch's default type, 32 bits: set to 64 here, so that the last digit can be compared. It
    follows the script of SQuAD 1.1, which keeps the three accepted answers "." of this set; that of 2.0 drops them, so
    they are dropped before it sees them.
    """
    import torch
    from torchmetrics.functional.text import squad

    torch.set_default_dtype(torch.float64)

    def theirs_of(given: str, answers: Sequence[str]) -> tuple[float, float]:
        kept = [answer for answer in answers if official_words(answer)]
        target: dict[str, str | dict[str, list[str] | list[int]]] = {
            "answers": {"answer_start": [0] * len(kept), "text": kept},
            "id": "1",
        }
        scores = squad([{"prediction_text": given, "id": "1"}], [target])
        return float(scores["exact_match"]), float(scores["f1"])

    answerable = [(question, given) for question, given in pairs if question.answerable]
    ours = [(100 * exact_match(g, q.answers), 100 * token_f1(g, q.answers)) for q, g in answerable]
    theirs = [theirs_of(given, question.answers) for question, given in answerable]
    return report("torchmetrics, answerable", ours, theirs)


def report(name: str, ours: Sequence[tuple[float, float]], theirs: Sequence[tuple[float, float]]) -> int:
    """Prints means of exact match and F1 of both sides and returns the number of questions that differ."""
    n_different = sum(a != b for a, b in zip(ours, theirs, strict=True))
    for place, measure in enumerate(("exact match", "F1")):
        mean, other = (sum(scores[place] for scores in side) / len(side) for side in (ours, theirs))
        print(f"{name}: {measure} {mean!r} ours, {other!r} theirs, {len(ours)} questions")
    for place in [place for place, (a, b) in enumerate(zip(ours, theirs, strict=True)) if a != b][:5]:
        print(f"{name}: question {place}: {ours[place]} ours, {theirs[place]} theirs")
    print(f"{name}: {n_different} questions differ")
    return n_different


if __name__ == "__main__":
    raise SystemExit(main())
