"""Switches each rule of `assistant.answering.decision` off in turn, and prints what that mends and breaks.

    python -m benchmarks.rules --data DIR [--limit 60] [--written 10000] [--only written]

DIR is the folder with the train-*.jsonl.gz files. The questions are those of the articles that are held back from
training: of the public sets, at most `--limit` of each, and of the articles written for it, at most `--written`. No rule
was written from them. A question is right as in `assistant evaluate`: answered rightly, or rightly refused. The interval is of the
difference, by a bootstrap over articles (95 %).
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

import numpy as np
from rich.progress import track

from assistant.answer import Answer
from assistant.answering.answers import answer_of
from assistant.answering.decision import READER, RULES, SEARCHING, names_of_rules
from assistant.answering.inquiry import Inquiry
from assistant.answering.weighing import signs_of
from assistant.assistant import Assistant
from assistant.evaluation.jsonl_questions import read_jsonl
from assistant.evaluation.question_builder import QuestionBuilder
from assistant.evaluation.questions import ArticleText, Question, QuestionSet
from assistant.evaluation.rows import judge
from assistant.question.intent import WHOLE_ARTICLE
from assistant.settings import Settings
from training.data import Example
from training.parts import held_back
from training.written import IN_FULL, SOURCE

SEED = 17
N_BOOTSTRAP = 2000
BEFORE_DECIDING = frozenset(SEARCHING) - {"best_sentence", "coordination", "in_a_row", "learned_whole"}
"""Rules that need the question to be searched and read again; the others only to be weighed again."""


@dataclass(frozen=True)
class Outcome:
    """What became of one question.

    Attributes:
        group: its article.
        source: the set that it is from.
        right: with all rules.
        decided_by: the rule that decided, or the reader.
        confidence: as given.
        without: with each rule off, where that changes the answer.
    """

    group: str
    source: str
    right: bool
    decided_by: str
    confidence: float
    without: dict[str, bool]


def chosen(data: Path, limit: int, written: int, only: str) -> list[Example]:
    """Returns the questions to ask: a sample of the written articles, and of each public set."""
    by_source: dict[str, list[Example]] = defaultdict(list)
    for example in held_back(data):
        can_be_judged = example.answers or example.support or not example.answerable
        if can_be_judged and (not only or example.source == only):
            by_source[example.source].append(example)
    numbers = random.Random(SEED)
    found = []
    for source, examples in sorted(by_source.items()):
        n = min(written if source == SOURCE else limit, len(examples))
        found += numbers.sample(examples, n)
    return sorted(found, key=lambda e: (e.source, e.article, e.context))


def question_set(examples: Sequence[Example]) -> QuestionSet:
    """Returns the examples in the form that the evaluation judges."""
    lines = [
        json.dumps({
            "id": str(n),
            "question": e.question,
            "history": [[asked, answered] for asked, answered in e.history],
            "context": e.context,
            "answers": [[start, text] for start, text in e.answers],
            "support": [[start, end] for start, end in e.support or ()],
            "answerable": e.answerable,
        })
        for n, e in enumerate(examples)
    ]  # fmt: skip
    builder = QuestionBuilder("held back", "held back", _no_article)
    read_jsonl(builder, lines)
    return builder.build("\n".join(lines))


def _no_article(name: str) -> NoReturn:
    raise ValueError(f"a question carries its article, and names none, got {name!r}")


def outcomes(assistant: Assistant, examples: Sequence[Example]) -> Iterator[Outcome]:
    """Yields what becomes of each question, with all rules and with each one off."""
    questions = question_set(examples)
    held = ""
    for question, example in track(list(zip(questions.questions, examples, strict=True)), "Asking"):
        article = questions.articles[question.article_id]
        if held != article.id:
            if held:
                assistant.remove(held)
            held = assistant.add(article.text, title=article.title).id
        group = f"{example.source}:{example.article.removesuffix(IN_FULL)}"
        yield _outcome(assistant, question, article, group, example.source)


def _outcome(assistant: Assistant, question: Question, article: ArticleText, group: str, source: str) -> Outcome:
    read = assistant.inquire(question.text, article.id, question.history, last="read")
    answer = _answered(read)
    right = _is_right(question, article, answer)
    without = {}
    for name in names_of_rules():
        if name in BEFORE_DECIDING and not _may_matter(name, read):
            continue
        if name in BEFORE_DECIDING:
            assistant.rules_off = frozenset([name])
            changed = assistant.inquire(question.text, article.id, question.history, last="read")
            assistant.rules_off = frozenset()
            same = (changed.ranked, changed.readings, changed.intent) == (read.ranked, read.readings, read.intent)
            if same and name != "replies":  # which also has its say when the answer is chosen
                continue
        else:
            changed = replace(read, parts=replace(read.parts, off=frozenset([name])))
        is_right = _is_right(question, article, _answered(changed))
        if is_right != right:
            without[name] = is_right
    return Outcome(group, source, right, answer.decided_by, answer.confidence, without)


def _may_matter(name: str, inquiry: Inquiry) -> bool:
    """Returns False where a rule cannot have changed what was found: asking again would only take time."""
    intent = inquiry.intent
    return {
        "follow_ups": bool(inquiry.history),
        "roles": bool(intent.roles),
        "matter": any(candidate.likeness is not None for candidate in inquiry.candidates),
        "span_of_type": intent.kind not in WHOLE_ARTICLE,
        "replies": bool(inquiry.ranked),
    }[name]


def _answered(inquiry: Inquiry) -> Answer:
    return answer_of(replace(inquiry, signs=signs_of(inquiry)))


def _is_right(question: Question, article: ArticleText, answer: Answer) -> bool:
    return judge(question, article, answer, [], 0.0).right


def interval(values: Sequence[float], groups: Sequence[str]) -> tuple[float, float]:
    """Returns the 95 % interval of the mean of some values by a bootstrap over groups."""
    names = sorted(set(groups))
    sums = {name: [0.0, 0] for name in names}
    for value, group in zip(values, groups, strict=True):
        sums[group][0] += value
        sums[group][1] += 1
    table = np.array([sums[name] for name in names])
    drawn = np.random.default_rng(SEED).integers(0, len(names), (N_BOOTSTRAP, len(names)))
    totals = table[drawn].sum(axis=1)
    low, high = np.percentile(totals[:, 0] / totals[:, 1], [2.5, 97.5])
    return float(low), float(high)


def report(found: Sequence[Outcome]) -> None:
    """Prints a line for each rule."""
    sources = {rule.name: rule.source for rule in RULES}
    groups = [outcome.group for outcome in found]
    share = sum(outcome.right for outcome in found) / len(found)
    print(f"{len(found):,} questions on {len(set(groups)):,} articles, {share:.1%} right with all rules")
    print(f"{'without':<18}{'mended':>8}{'broken':>8}{'difference':>12}   95 % interval       its figure is from")
    for name in names_of_rules():
        mended = sum(not outcome.right and outcome.without.get(name, False) for outcome in found)
        broken = sum(outcome.right and not outcome.without.get(name, True) for outcome in found)
        change = [float(outcome.without.get(name, outcome.right)) - float(outcome.right) for outcome in found]
        low, high = interval(change, groups)
        shown = f"{sum(change) / len(found):+.2%}"
        print(f"{name:<18}{mended:>8}{broken:>8}{shown:>12}   {low:+.2%} to {high:+.2%}   {sources.get(name, '')}")
    print(f"{'decided by':<18}{'n':>8}{'right':>8}{'confidence':>12}")
    for name in (READER, *sources):
        decided = [outcome for outcome in found if outcome.decided_by == name]
        if decided:
            n, confidence = len(decided), float(np.mean([outcome.confidence for outcome in decided]))
            print(f"{name:<18}{n:>8}{sum(o.right for o in decided) / n:>8.2f}{confidence:>12.2f}")


def main() -> None:
    """Asks, and prints."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--limit", type=int, default=60, help="questions of each public set")
    options.add_argument("--written", type=int, default=10_000, help="questions of the articles written for training")
    options.add_argument("--only", default="", help="one source, such as written")
    arguments = options.parse_args()
    examples = chosen(arguments.data, arguments.limit, arguments.written, arguments.only)
    with (
        tempfile.TemporaryDirectory() as folder,
        Assistant.open(Settings(library=Path(folder) / "library")) as assistant,
    ):
        found = list(outcomes(assistant, examples))
    report(found)
    for source in sorted({outcome.source for outcome in found}):
        if source == SOURCE:
            print(f"\nOf these, {source}:")
            report([outcome for outcome in found if outcome.source == source])


if __name__ == "__main__":
    main()
