"""The questions that want yes or no are as many of each, hold no sentence of their passages, and nothing is trained on them."""

from __future__ import annotations

import re
from collections import Counter

from training import passage_questions, written
from training.written import blocks_of
from training.yes_no_told import FOLDER, Told, _auroc


def test_as_many_are_yes_as_no_and_one_in_five_is_not_settled() -> None:
    counted: Counter[str] = Counter()
    passages = []
    for path in sorted(FOLDER.glob("*.txt")):
        for part in re.split(r"^== +", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            identity, _, asked = part.partition("\n")
            passages.append(identity.strip())
            for block in blocks_of(asked, path.name):
                lines = dict(block)
                counted[lines.get("!", "unsettled")] += 1
                assert ("!" in lines) == (">" in lines)
                assert all(re.fullmatch(r"@\d+-\d+", rest) for mark, rest in block if mark == ">")
    assert counted == {"yes": 682, "no": 682, "unsettled": 341}
    assert len(passages) == len(set(passages)) == 341
    assert all(re.fullmatch(r"[0-9a-f]{16}", identity) for identity in passages)


def test_no_training_reads_them() -> None:
    read = {*passage_questions.FOLDER.glob("*.txt"), *written.FOLDER.glob("*.txt")}
    assert not read & {*FOLDER.glob("*.txt")}
    assert FOLDER not in (passage_questions.FOLDER, written.FOLDER)


def test_the_figure_is_one_where_all_yes_are_above_all_no() -> None:
    told = [Told(i % 2 == 0, True, 1.0 if i % 2 == 0 else -1.0, float(i)) for i in range(40)]
    assert _auroc(told, "among_others") == "1.000 (1.000–1.000)"
    low, high = re.findall(r"\((.*)–(.*)\)", _auroc(told, "by_itself"))[0]
    assert float(low) < 0.5 < float(high)
