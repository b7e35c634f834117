"""Prints how many cases of each kind are right, on the half set aside or on the half that developers look at.

    python -m benchmarks.kinds [--data DIR] [--half set_aside] [--kind A …] [--errors]

A to E and H: questions on an article, each asked of it alone; right means that all that must be cited is, nothing that must
not, and the short answer is an accepted one; or that what the article does not say is refused. G: texts whose sentences are
all as labelled. F: sentences chosen for questions on the whole article, against two people's choice, beside as many from
the beginning and as many by TextRank. Quotations and reports: whether their speaker is the one labelled, in news of the public train
sets, which stand in DIR. Intervals are of 95 %. The half set aside was written and labelled by somebody who had not seen the code; nothing is tuned on
it, and its errors are not printed.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from assistant.articles.sentences import split_sentences
from assistant.assistant import Assistant
from assistant.settings import Settings
from assistant.speech.speakers import attribute_speakers
from benchmarks import print_machine
from benchmarks.kinds.cases import NAMES, judged
from benchmarks.kinds.texts import chosen, is_split_rightly, paired_interval
from benchmarks.speaker_quality import interval, load, predict, same

HERE = Path(__file__).parent
HALVES = ("seen", "set_aside")


def main() -> None:
    """Prints the figures of one half."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder with the train-*.jsonl.gz files, for quotations")
    parser.add_argument("--half", choices=HALVES, default="set_aside")
    parser.add_argument("--kind", action="append", help="only this kind: A, B, C, D, E, F, G, H or quotations")
    parser.add_argument("--errors", action="store_true", help="print each wrong case of the half that is looked at")
    arguments = parser.parse_args()
    if arguments.errors and arguments.half != "seen":
        parser.error("--errors needs --half seen: the other half is not looked at")
    print_machine()
    wanted = set(arguments.kind or [*NAMES, "F", "G", "quotations"])
    with tempfile.TemporaryDirectory() as folder, Assistant.open(Settings(library=Path(folder))) as assistant:
        _cases(assistant, rows(arguments.half, "cases"), wanted, arguments.errors)
        if "F" in wanted:
            _whole(assistant, rows(arguments.half, "whole"))
    if "G" in wanted:
        _splits(rows(arguments.half, "splits"), arguments.errors)
    if "quotations" in wanted and arguments.data:
        for name in ("quotations", "reported"):
            _speakers(arguments.data, HERE / arguments.half / f"{name}.jsonl", name, arguments.errors)


def rows(half: str, name: str) -> list[dict[str, Any]]:
    """Returns the cases of a file, [] if this half has none."""
    path = HERE / half / f"{name}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def _cases(assistant: Assistant, cases: list[dict[str, Any]], wanted: set[str], errors: bool) -> None:
    verdicts = [(judged(assistant, case), case) for case in cases if case["kind"] in wanted]
    for kind in sorted(wanted & set(NAMES)):
        of_kind = [verdict for verdict, _ in verdicts if verdict.kind == kind]
        if of_kind:
            right = [not verdict.wrong for verdict in of_kind]
            answerable = [not v.wrong for v in of_kind if v.answerable]
            refused = [not v.wrong for v in of_kind if not v.answerable]
            why = Counter(verdict.wrong.split(" '")[0].split(' "')[0] for verdict in of_kind if verdict.wrong)
            print(
                f"{kind} {NAMES[kind]:30} {shares(right)}   answerable {sum(answerable)} of {len(answerable)}, "
                f"others refused {sum(refused)} of {len(refused)}   {dict(why)}"
            )
    for verdict, case in verdicts if errors else []:
        if verdict.wrong:
            print(
                f"\n{verdict.id} {verdict.wrong}\n  {case['question']}\n  support {case['support']}\n{case['article']}"
            )


def _splits(cases: list[dict[str, Any]], errors: bool) -> None:
    right = [is_split_rightly(case) for case in cases]
    if right:
        print(f"G {'where sentences end':30} {shares(right)}")
    for case, is_right in zip(cases, right, strict=True):
        if errors and not is_right:
            print(
                f"\n{case['id']} {case['text']!r}\n  expected {case['sentences']}\n  given    {[s.text for s in split_sentences(case['text'])]}"
            )


def _whole(assistant: Assistant, cases: list[dict[str, Any]]) -> None:
    figures = [chosen(assistant, case) for case in cases]
    if not figures:
        return
    means = [float(np.mean([getattr(one, name) for one in figures])) for name in ("ours", "lead", "textrank")]
    print(f"F {'the article as a whole':30} F1 {means[0]:.3f}, lead {means[1]:.3f}, TextRank {means[2]:.3f}")
    for name in ("lead", "textrank"):
        mean, low, high = paired_interval([one.ours - getattr(one, name) for one in figures])
        print(f"    better than {name} by {mean:+.3f} [{low:+.3f}, {high:+.3f}]")


def _speakers(data: Path, labels: Path, name: str, errors: bool) -> None:
    n_right = n_given = n_labelled = n_found = 0
    for _, text, labelled in load(labels, data):
        sentences = attribute_speakers(text, split_sentences(text))
        for row in labelled:
            if row.get("doubtful") or row.get("repeat"):
                continue
            given, speaker = predict(row["start"], row["end"], sentences), row["speaker"]
            is_right = bool(given and speaker) and same(given, [speaker])
            n_given += bool(given)
            n_labelled += bool(speaker)
            n_right += is_right
            n_found += is_right
            if errors and not is_right and (given or speaker):
                print(f"{speaker!r} <- {given!r}: {text[max(0, row['start'] - 200) : row['end'] + 120]!r}\n")
    precision, recall = interval(n_right, n_given), interval(n_found, n_labelled)
    print(
        f"{name:32} precision {precision[0]:.3f} [{precision[1]:.3f}, {precision[2]:.3f}] of {n_given}, "
        f"recall {recall[0]:.3f} [{recall[1]:.3f}, {recall[2]:.3f}] of {n_labelled}"
    )


def shares(right: list[bool]) -> str:
    """Returns a share with its interval, as text."""
    share, low, high = interval(sum(right), len(right))
    return f"{share:6.1%} [{low:.1%}, {high:.1%}] of {len(right)}"


if __name__ == "__main__":
    main()
